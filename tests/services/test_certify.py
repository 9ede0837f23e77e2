"""Certificates: asked for in the learner's transaction, made once, whatever happens in between."""

import hashlib
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest
from sqlalchemy import func, select

from lms.certificates import keys
from lms.certificates.keys import Issuer
from lms.certificates.protection import OPEN
from lms.certificates.verify import verify_pdf
from lms.cli import worker
from lms.cli.worker import Later
from lms.config import Settings
from lms.content.model import Course
from lms.content.release import digest, encode
from lms.learning.keys import answer_key
from lms.services.certifying import certify, custody, issuing
from lms.services.common import clock
from lms.services.common.record import Pen
from lms.services.people import accounts
from lms.storage import certificates, people
from lms.storage.certificates import Kind
from lms.storage.database import Database
from lms.storage.people import Person
from lms.storage.releases import Release
from lms.storage.tables import events
from tests.conftest import NOW
from tests.services.conftest import add_person


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Issuer:
    folder = tmp_path_factory.mktemp("keys")
    keys.create(folder, issuer_code="E2", organisation="Vereda", now=NOW)
    return keys.load_issuer(folder)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(instance=tmp_path)


@pytest.fixture
def release(sample: Course) -> Release:
    return Release(digest(encode(sample)), sample, answer_key(sample))


def ask(database: Database, pen: Pen, who: Person, release: Release, settings: Settings) -> str | None:
    with database.writing() as tx:
        return certify.request(tx, pen, learner=who.id, release=release, language="es", now=NOW, settings=settings)


def issued(database: Database) -> int:
    query = select(func.count()).select_from(events).where(events.c.type == "store.credential_issued")
    with database.reading() as tx:
        return int(tx.execute(query).scalar_one())


@pytest.fixture
def number(database: Database, pen: Pen, ana: Person, release: Release, settings: Settings) -> str:
    found = ask(database, pen, ana, release, settings)
    assert found
    return found


def finish(database: Database, pen: Pen, issuer: Issuer, settings: Settings, number: str, **later: float) -> object:
    return issuing.finish(database, pen, issuer, settings, number=number, now=NOW + timedelta(**later))


def test_a_certificate_is_asked_for_once(
    database: Database, pen: Pen, ana: Person, release: Release, settings: Settings, number: str
) -> None:
    assert ask(database, pen, ana, release, settings) is None
    second = replace(release, course=replace(release.course, major=2))
    assert ask(database, pen, ana, second, settings) not in (None, number)


def test_somebody_unknown_here_gets_none(
    database: Database, pen: Pen, ana: Person, release: Release, settings: Settings
) -> None:
    stranger = replace(ana, id="00000000-0000-7000-8000-000000000000")
    assert ask(database, pen, stranger, release, settings) is None


def test_what_it_says_is_frozen(
    database: Database, pen: Pen, ana: Person, issuer: Issuer, settings: Settings, number: str
) -> None:
    with database.writing() as tx:
        accounts.change_profile(tx, pen, person=ana, display_name="Otra", language="en", now=NOW)
    made = finish(database, pen, issuer, settings, number)
    assert made
    with database.reading() as tx:
        kept = certificates.by_number(tx, number)
    assert kept
    assert (kept.credential.name, kept.credential.title, kept.issued) == ("Ana", "Curso de muestra", True)


def test_a_sensitive_course_shows_its_outward_title(
    database: Database, pen: Pen, ana: Person, release: Release, settings: Settings
) -> None:
    course = replace(release.course, sensitive=True, public_title={"es": "Curso 2"})
    number = ask(database, pen, ana, replace(release, course=course), settings)
    with database.reading() as tx:
        kept = certificates.by_number(tx, number or "")
    assert kept
    assert kept.credential.title == "Curso 2"


def test_one_in_a_language_that_the_program_does_not_speak_is_made_in_the_default_one(
    database: Database, pen: Pen, ana: Person, issuer: Issuer, settings: Settings, release: Release
) -> None:
    course = release.course
    edition = replace(course.editions["es"], language="mam", title="Tnejel")
    course = replace(course, languages=("es", "mam"), editions={**course.editions, "mam": edition})
    with database.writing() as tx:
        number = certify.request(
            tx, pen, learner=ana.id, release=replace(release, course=course), language="mam", now=NOW, settings=settings
        )
    assert finish(database, pen, issuer, settings, number or "")


def test_it_is_made_once(
    database: Database, pen: Pen, ana: Person, issuer: Issuer, settings: Settings, number: str
) -> None:
    assert finish(database, pen, issuer, settings, number)
    assert finish(database, pen, issuer, settings, number) is None
    assert finish(database, pen, issuer, settings, "no such number") is None
    with database.reading() as tx:
        (mine,) = certificates.of_learner(tx, ana.id)
        kept = {kind: certificates.file(tx, number, kind) or b"" for kind in get_args(Kind)}
        for each in kept.values():
            assert certificates.by_sha256(tx, hashlib.sha256(each).hexdigest()) == mine
        assert certificates.kinds(tx, [number]) == {number: set(kept)}
    for each in ("pdf", "paper"):
        found = verify_pdf(kept[each], [issuer.root])
        assert (found.outcome, found.number) == ("valid", number)
    assert kept["badge"] not in kept["paper"]
    assert issued(database) == 1


def test_two_workers_make_one(database: Database, pen: Pen, issuer: Issuer, settings: Settings, number: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: finish(database, pen, issuer, settings, number), range(4)))
    assert sum(each is not None for each in made) == 1
    assert issued(database) == 1


def test_a_worker_that_died_before_keeping_is_made_up_for(
    database: Database, pen: Pen, issuer: Issuer, settings: Settings, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(certificates, "keep", die)
        finish(database, pen, issuer, settings, number)
    assert issued(database) == 0
    assert finish(database, pen, issuer, settings, number)
    assert issued(database) == 1


def test_a_clock_that_is_behind_makes_nothing(
    database: Database, pen: Pen, issuer: Issuer, settings: Settings, number: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert finish(database, pen, issuer, settings, number, minutes=-11) is None
    assert finish(database, pen, issuer, settings, number, days=-400) is None
    assert "clock" in caplog.text
    assert finish(database, pen, issuer, settings, number, minutes=-5)


def test_a_clock_that_was_ahead_and_is_set_right_can_be_confirmed(
    database: Database, pen: Pen, ana: Person, issuer: Issuer, settings: Settings, number: str
) -> None:
    with database.writing() as tx:
        ahead = NOW.replace(year=2099)
        accounts.change_profile(tx, pen, person=ana, display_name="Otra", language="es", now=ahead)
    assert finish(database, pen, issuer, settings, number) is None
    with database.writing() as tx:
        clock.confirm(tx, pen, now=NOW)
        assert clock.floor(tx) == NOW
    assert finish(database, pen, issuer, settings, number, minutes=-11) is None
    assert finish(database, pen, issuer, settings, number)


def test_a_key_past_its_time_makes_nothing(
    database: Database, pen: Pen, issuer: Issuer, settings: Settings, number: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert finish(database, pen, issuer, settings, number, days=500) is None
    assert "time of use" in caplog.text


def test_a_key_that_was_withdrawn_makes_nothing(
    database: Database, pen: Pen, settings: Settings, number: str, caplog: pytest.LogCaptureFixture
) -> None:
    settings.keys.mkdir()
    custody.prepare(settings, OPEN, code="E2", now=NOW)
    issuer = keys.load_issuer(settings.keys)
    custody.revoke(
        settings, issuer.kid.hex(), OPEN, root_folder=settings.keys, reason="retired", on=NOW.date(), now=NOW
    )
    assert finish(database, pen, issuer, settings, number) is None
    assert "withdrawn" in caplog.text


def test_what_does_not_verify_is_not_kept(
    database: Database, pen: Pen, issuer: Issuer, settings: Settings, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuing.pades, "sign", lambda pdf, *_args, **_kw: pdf)
    with pytest.raises(issuing.Unverifiable):
        finish(database, pen, issuer, settings, number)
    assert issued(database) == 0


def test_one_that_fails_does_not_keep_the_others(
    database: Database, pen: Pen, ana: Person, issuer: Issuer, settings: Settings, release: Release, number: str,
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    beto = add_person(database, pen, "beto")
    other = ask(database, pen, beto, release, settings)
    real = issuing.finish

    def finish_or_fail(*args: object, number: str, **values: object) -> object:
        if number == other:
            raise RuntimeError("broken")
        return real(*args, number=number, **values)  # type: ignore[arg-type]

    monkeypatch.setattr(issuing, "finish", finish_or_fail)
    monkeypatch.setattr(worker, "now", lambda: NOW)
    with caplog.at_level(logging.ERROR):
        assert worker.make_pending(database, pen, issuer, settings, Later()) == 1
    assert other and other in caplog.text
    with database.reading() as tx:
        assert certificates.pending(tx) == [other]
        assert people.by_id(tx, ana.id)


class Stopwatch:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_twenty_that_fail_do_not_keep_a_good_one_back_and_are_left_alone_for_a_while(
    database: Database, pen: Pen, issuer: Issuer, settings: Settings, release: Release,
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    bad = [ask(database, pen, add_person(database, pen, f"persona{n}"), release, settings) for n in range(20)]
    good = ask(database, pen, add_person(database, pen, "beto"), release, settings)
    tried: list[str] = []

    def finish_or_fail(*_: object, number: str, **__: object) -> object:
        tried.append(number)
        if number in bad:
            raise RuntimeError("broken")
        return True

    monkeypatch.setattr(issuing, "finish", finish_or_fail)
    watch = Stopwatch()
    later = Later(watch)
    for _ in range(3):
        worker.make_pending(database, pen, issuer, settings, later)
        watch.seconds += 0.5
    assert good in tried
    assert [tried.count(each or "") for each in bad] == [1] * 20
    assert len(caplog.records) == 20


def test_one_that_fails_is_tried_again_ever_less_often_and_for_ever() -> None:
    watch, tries = Stopwatch(), []
    later = Later(watch)
    for second in range(3600):
        watch.seconds = second
        if later.due(["a"]):
            tries.append(second)
            later.failed("a")
    assert tries[:5] == [0, 2, 6, 14, 30]
    assert tries[-1] - tries[-2] == 300
    later.keep(["b"])
    assert later.due(["a"]) == ["a"]


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.ERROR)
    yield
