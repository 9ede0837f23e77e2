"""The sample course published, Ana with an account, and a cheap hash where its strength is not the point."""

from pathlib import Path

import pytest
from argon2 import PasswordHasher

from lms.content.course import load
from lms.content.model import Course
from lms.content.release import digest, encode
from lms.learning.progress import Progress, Work
from lms.services.common.record import Pen
from lms.services.people import accounts, passphrases
from lms.services.studying.desk import Desk, Where
from lms.storage import releases, stores
from lms.storage.database import Database
from lms.storage.people import Person, Secrets
from lms.storage.releases import Catalogue
from tests.conftest import NOW

SAMPLE = Path(__file__).parents[1] / "content" / "sample" / "demo-course"


@pytest.fixture(autouse=True)
def cheap_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrases, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture(scope="session")
def sample() -> Course:
    course, findings = load(SAMPLE)
    assert course is not None, findings
    return course


def publish(database: Database, course: Course) -> str:
    """The course is live; its release's digest."""
    raw = encode(course)
    with database.writing() as tx:
        releases.keep(tx, digest=digest(raw), course=course, body=raw, files={}, now=NOW)
        releases.make_live(tx, course=course.id, digest=digest(raw), source=digest(raw), position=0)
    return digest(raw)


def add_person(database: Database, pen: Pen, username: str, passphrase: str = "") -> Person:
    """Somebody with an account."""
    secrets = Secrets(passphrases.hash_(passphrase) if passphrase else "none", None)
    with database.writing() as tx:
        return accounts.add(tx, pen, username=username, display_name=username.title(), secrets=secrets, now=NOW)


def pen_of(database: Database) -> Pen:
    """What the store writes with, where only its database is at hand."""
    with database.reading() as tx:
        store = stores.this(tx)
    assert store is not None
    return Pen(store=store, sign=lambda raw: b"signed:" + raw[:8])


class Asked(list[str]):
    """Certificates asked for, instead of the service that makes them."""

    def __call__(self, _tx: object, _pen: object, *, learner: str, **_: object) -> str:
        self.append(learner)
        return "number"


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def desk(database: Database, pen: Pen, sample: Course, asked: Asked) -> Desk:
    publish(database, sample)
    return Desk(Catalogue(), pen, asked)


@pytest.fixture
def ana(database: Database, pen: Pen) -> Person:
    return add_person(database, pen, "ana")


def work(progress: Progress) -> Work:
    """What was done in the only release that anything was done in."""
    (one,) = progress.work.values()
    return one


def at(person: Person, module: str, *, event: str | None = None, release: str = "") -> Where:
    """Where that person acts."""
    return Where(learner=person.id, course="demo-course", module=module, release=release, event=event, language="es")
