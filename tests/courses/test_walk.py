"""Every course of the repository, in each of its languages, from its first page to its certificate: every question of every
pool right and wrong, every choice and every end of every story."""

import os
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from random import Random, SystemRandom
from types import SimpleNamespace

import pytest

from lms.certificates import keys
from lms.certificates.keys import Issuer
from lms.certificates.verify import verify_pdf
from lms.config import Settings
from lms.content.course import load
from lms.content.model import Course
from lms.services.certifying import certify, issuing
from lms.services.common.record import Pen
from lms.services.running.rebuild import differences
from lms.services.studying import testing
from lms.services.studying.desk import Desk
from lms.storage import certificates, stores
from lms.storage.database import Database
from lms.storage.releases import Catalogue
from lms.storage.tables import metadata
from tests.conftest import NOW
from tests.courses.walker import Walker
from tests.services.conftest import add_person, publish

COURSES = Path(__file__).parents[2] / "courses_content"
EDITIONS = sorted(path.parent for path in COURSES.glob("*/*/course.md"))
SEEDS = [SystemRandom().randrange(10**9) for _ in range(5)] if os.environ.get("LMS_REQUIRE_AUDIT") else [1]
DRAWN = EDITIONS if os.environ.get("LMS_REQUIRE_AUDIT") else EDITIONS[:1]
"""The editions whose certificates are drawn, signed and verified."""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path_factory.mktemp('courses') / 'test.sqlite'}")
    metadata.create_all(made.engine)
    yield made
    made.close()


@pytest.fixture(scope="module")
def pen(database: Database) -> Pen:
    with database.writing() as tx:
        return Pen(store=stores.create(tx, now=NOW), sign=lambda raw: b"signed:" + raw[:8])


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(instance=tmp_path_factory.mktemp("instance"))


@pytest.fixture(scope="module")
def desk(pen: Pen, settings: Settings) -> Desk:
    return Desk(Catalogue(), pen, partial(certify.request, settings=settings))


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Issuer:
    folder = tmp_path_factory.mktemp("keys")
    keys.create(folder, issuer_code="E2", organisation="Vereda", now=NOW)
    return keys.load_issuer(folder)


@pytest.fixture(scope="module")
def open_course(database: Database) -> Callable[[Path], Course]:
    """The course of that folder, published; read once for all its languages."""

    @cache
    def opened(folder: Path) -> Course:
        course, findings = load(folder)
        assert course, [(each.file, each.line, each.sentence(str)) for each in findings if each.severity == "error"]
        publish(database, course)
        return course

    return opened


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_course_can_be_walked_to_its_certificate(
    edition: Path,
    open_course: Callable[[Path], Course],
    database: Database,
    desk: Desk,
    pen: Pen,
    settings: Settings,
    issuer: Issuer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    course = open_course(edition.parent)
    assert edition.name in course.editions
    for seed in SEEDS:
        random = Random(seed)
        monkeypatch.setattr(testing, "secrets", SimpleNamespace(token_hex=lambda n, r=random: r.randbytes(n).hex()))
        ana = add_person(database, pen, f"{edition.parent.name[:12]}-{edition.name}-{seed}")
        walker = Walker(database, desk, ana, course, edition.name, random, NOW)
        try:
            walker.walk()
            assert walker.view().standing.complete
            with database.reading() as tx:
                (certificate,) = certificates.of_learner(tx, ana.id)
            assert certificate.credential.language == edition.name
            assert certificate.credential.under_review == course.is_draft
            if edition in DRAWN:
                issuing.finish(database, pen, issuer, settings, number=certificate.number, now=NOW)
                with database.reading() as tx:
                    drawn = certificates.file(tx, certificate.number, "pdf")
                found = verify_pdf(drawn or b"", [issuer.root])
                assert (found.outcome, found.number) == ("valid", certificate.number)
        except Exception as error:
            error.add_note(f"in a walk with the seed {seed}")
            raise
    with database.reading() as tx:
        assert differences(tx, Catalogue()) == []
