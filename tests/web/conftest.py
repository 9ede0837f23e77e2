"""The whole program on an installation of its own, with the sample course published."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from lms.certificates import keys
from lms.certificates.keys import load_issuer
from lms.cli import worker
from lms.config import Settings
from lms.services.common.registers import shelve
from lms.services.groups import cohorts as groups
from lms.services.people import accounts, consent
from lms.services.running.publish import publish
from lms.storage import cohorts, preferences, schema, stores
from lms.storage.cohorts import Cohort
from lms.storage.database import Database
from lms.storage.people import Person, Secrets
from lms.web.app import create_app
from lms.web.frame.site import Site
from tests.conftest import NOW
from tests.web.client import Client

ROOT = Path(__file__).parents[2]
LIBRARY = (ROOT / "courses_content/trata-de-personas", ROOT / "docs/muestrario")
SAMPLE = Path(__file__).parents[1] / "content" / "sample" / "demo-course"


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder to copy."""
    folder = tmp_path_factory.mktemp("web") / "instance"
    folder.mkdir()
    settings = Settings(instance=folder)
    database = Database(settings.url)
    furnish(settings, database)
    database.close()
    return folder


def furnish(settings: Settings, database: Database) -> None:
    """An instance folder with its keys, its database and the sample course."""
    schema.upgrade(database)
    with database.writing() as tx:
        store = stores.create(tx, now=NOW)
    settings.keys.mkdir()
    keys.create(settings.keys, issuer_code=store.id, organisation="Vereda (demo)", now=NOW)
    keys.create_web_secret(settings.keys)
    publish(database, SAMPLE, position=0, now=NOW)


@pytest.fixture
def settings(template: Path, tmp_path: Path) -> Settings:
    return Settings(instance=Path(shutil.copytree(template, tmp_path / "instance")))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make_app(settings: Settings, clock: Clock) -> Iterator[Callable[..., Flask]]:
    made: list[Flask] = []

    def make(**changes: object) -> Flask:
        app = create_app(replace(settings, **changes), clock=clock)  # type: ignore[arg-type]
        made.append(app)
        return app

    yield make
    for app in made:
        site_of(app).database.close()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app()


@pytest.fixture(scope="session")
def library(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The program with the repository's two courses, for tests that change nothing but who is there."""
    folder = Path(shutil.copytree(template, tmp_path_factory.mktemp("library") / "instance"))
    app = create_app(Settings(instance=folder), clock=Clock())
    for position, course in enumerate(LIBRARY, start=1):
        publish(site_of(app).database, course, position=position, now=NOW)
    yield app
    site_of(app).database.close()


@pytest.fixture
def anybody(app: Flask) -> Client:
    """A browser that nobody has signed in with."""
    return Client(app)


@pytest.fixture
def ana(app: Flask) -> Client:
    """Ana, a learner, signed in."""
    return signed_in(app, "ana")


def site_of(app: Flask) -> Site:
    found: Site = app.extensions["lms"]
    return found


def add_person(app: Flask, username: str, *roles: str, must_change: bool = False) -> Person:
    """Somebody with an account whose passphrase nobody needs."""
    site = site_of(app)
    with site.database.writing() as tx:
        person = accounts.add(
            tx,
            site.pen,
            username=username,
            display_name=username.title(),
            secrets=Secrets("no hash", None),
            roles=frozenset(roles),
            must_change=must_change,
            now=site.clock(),
        )
        preferences.change(tx, person.id, consent=consent.VERSION)
    return person


def signed_in(app: Flask, username: str, *roles: str, must_change: bool = False) -> Client:
    """That person, signed in."""
    person = add_person(app, username, *roles, must_change=must_change)
    site = site_of(app)
    client = Client(app, person)
    client.browser.set_cookie("s", site.entrance.open_session(person, now=site.clock()))
    return client


@pytest.fixture
def work(app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """A round of the worker: how many certificates it made."""
    site = site_of(app)
    monkeypatch.setattr(worker, "now", clock)
    issuer = load_issuer(site.settings.keys)
    shelve(site.settings, site.settings.keys)
    told = worker.Told(site.settings, site.database)

    def once() -> int:
        made = worker.make_pending(site.database, site.pen, issuer, site.settings, worker.Later())
        told.keep(issuer)
        return made

    return once


@pytest.fixture
def holder(app: Flask, ana: Client, work: Callable[[], int]) -> Client:
    """Ana, with a certificate."""
    from tests.web import learner  # which needs this module

    learner.complete(app, ana)
    assert work() == 1
    return ana


def join(app: Flask, cohort: Cohort, who: Client) -> None:
    """She is in the group."""
    assert who.person
    site = site_of(app)
    with site.database.writing() as tx:
        groups.join(tx, site.pen, person=who.person.id, code=cohort.code, now=site.clock())


def again(app: Flask, who: Client) -> Client:
    """She signs in again: much time has passed."""
    assert who.person
    who.browser.set_cookie("s", site_of(app).entrance.open_session(who.person, now=site_of(app).clock()))
    return who


@pytest.fixture
def cohort(app: Flask, ana: Client) -> Cohort:
    """A group with Ana in it."""
    site = site_of(app)
    with site.database.writing() as tx:
        made = groups.create(
            tx, site.pen, name="Frontera Sur", courses=["demo-course"], cap=99, days=9, now=site.clock()
        )
    join(app, made, ana)
    return made


@pytest.fixture
def coordinator(app: Flask, cohort: Cohort) -> Client:
    """Carla, who looks after it."""
    found = signed_in(app, "carla", "coordinator")
    assert found.person
    with site_of(app).database.writing() as tx:
        cohorts.assign(tx, cohort.id, found.person.id)
    return found
