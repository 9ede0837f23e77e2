"""A quiz that may be checked so many times."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from lms.content.model import Course
from lms.ids import uuid7
from lms.services.studying import looking, study, tries
from lms.services.studying.desk import Desk
from lms.services.studying.study import Answered
from lms.services.studying.tries import NoTriesLeft
from lms.storage import drafts
from lms.storage.database import Database
from lms.storage.people import Person
from tests.conftest import NOW
from tests.services.conftest import at, publish
from tests.services.test_study import count, right_form, rows_agree

SUBMITTED = "learner.attempt_submitted"


def limited(course: Course, n: int, **changes: object) -> Course:
    edition = course.editions["es"]
    modules = {**edition.modules, "m-uno": replace(edition.modules["m-uno"], quiz_attempts=n)}
    return replace(course, editions={"es": replace(edition, modules=modules)}, **changes)  # type: ignore[arg-type]


@pytest.fixture
def check(database: Database, desk: Desk, ana: Person, sample: Course) -> Callable[..., Answered]:
    def checked(*, quiz: str = "q-a", event: str | None = None, release: str = "", **form: list[str]) -> Answered:
        filled = form or right_form(sample, ana, quiz)
        with database.writing() as tx:
            where = at(ana, "m-uno", event=event, release=release)
            return study.answer_quiz(tx, desk, where, quiz=quiz, form=filled, now=NOW)

    return checked


def left(database: Database, desk: Desk, ana: Person) -> dict[str, int]:
    with database.reading() as tx:
        view = looking.look(tx, desk.catalogue, learner=ana.id, course="demo-course", language="es")
        module = view.module("m-uno")
        return tries.left(tx, learner=ana.id, course="demo-course", module=module, lineage=view.lineage)


def test_after_the_last_try_a_quiz_is_refused(
    database: Database, desk: Desk, ana: Person, sample: Course, check: Callable[..., Answered]
) -> None:
    publish(database, limited(sample, 2))
    assert left(database, desk, ana) == {"q-a": 2, "q-d": 2}
    check()
    check(quiz="q-d")
    check()
    assert left(database, desk, ana) == {"q-a": 0, "q-d": 1}
    with pytest.raises(NoTriesLeft):
        check()
    check(quiz="q-d")
    assert count(database, SUBMITTED) == 4
    assert rows_agree(database)


def test_without_a_limit_nothing_is_counted(
    database: Database, desk: Desk, ana: Person, check: Callable[..., Answered]
) -> None:
    for _ in range(5):
        check()
    assert left(database, desk, ana) == {}


def test_a_double_click_is_one_try(
    database: Database, desk: Desk, ana: Person, sample: Course, check: Callable[..., Answered]
) -> None:
    publish(database, limited(sample, 1))
    event = uuid7()
    for _ in range(3):
        check(event=event)
    assert count(database, SUBMITTED) == 1
    other = {
        name: values[::-1] if len(values) > 1 else ["2"] for name, values in right_form(sample, ana, "q-a").items()
    }
    with pytest.raises(NoTriesLeft):
        check(event=event, **other)
    assert count(database, SUBMITTED) == 1


def test_a_form_that_has_to_be_mended_is_no_try_and_keeps_everything(
    database: Database, desk: Desk, ana: Person, sample: Course, check: Callable[..., Answered]
) -> None:
    publish(database, limited(sample, 1))
    form = right_form(sample, ana, "q-d")
    form |= {name: ["1"] for name in form if name.startswith("q-e")}
    assert check(quiz="q-d", **form).unfinished == {"q-e"}
    assert left(database, desk, ana)["q-d"] == 1
    with database.reading() as tx:
        (kept,) = drafts.load(tx, ana.id, "demo-course/").values()
    assert set(kept) == {"q-d", "q-e"}


def test_an_older_page_is_held_to_the_limit_of_now(
    database: Database, desk: Desk, ana: Person, sample: Course, check: Callable[..., Answered]
) -> None:
    with database.reading() as tx:
        old = desk.catalogue.live(tx, "demo-course")
    assert old
    publish(database, limited(sample, 1))
    check(release=old.digest)
    with pytest.raises(NoTriesLeft):
        check(release=old.digest)


def test_a_new_major_counts_anew(
    database: Database, desk: Desk, ana: Person, sample: Course, check: Callable[..., Answered]
) -> None:
    publish(database, limited(sample, 1))
    check()
    publish(database, limited(sample, 1, major=2))
    assert left(database, desk, ana)["q-a"] == 1
    check()
    with pytest.raises(NoTriesLeft):
        check()
