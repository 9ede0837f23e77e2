"""Sheets of paper entered by the staff: marked as on a screen, once, and told in the audit."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from lms.content.model import Course
from lms.learning.paper import paper_key
from lms.services.common.record import Pen
from lms.services.people import consent
from lms.services.running.rebuild import differences
from lms.services.studying import entering, study
from lms.services.studying.desk import Desk
from lms.services.studying.entering import (
    EnteredBefore,
    HasWithdrawn,
    NoneLeft,
    NothingEntered,
    OldSheet,
    OwnSheet,
    Paper,
)
from lms.services.studying.looking import NotEnrolled, UnknownPage
from lms.services.studying.paper import NoSuchSheet, NothingToAsk
from lms.storage import people, projection
from lms.storage.database import Database
from lms.storage.people import Person
from lms.storage.releases import Catalogue
from lms.storage.tables import audit, events
from tests.answers import sheet_form
from tests.conftest import NOW
from tests.services.conftest import Asked, add_person, at, publish
from tests.services.test_testing import TEST, begin, send, with_rules

LESSON = "m-uno"


@pytest.fixture
def carla(database: Database, pen: Pen) -> Person:
    """Somebody of the staff."""
    person = add_person(database, pen, "carla")
    with database.writing() as tx:
        people.set_roles(tx, person.id, ["coordinator"])
    return replace(person, roles=frozenset({"coordinator"}))


def sheet(database: Database, desk: Desk, carla: Person, module: str = TEST, typed: str = "3F7K") -> Paper:
    with database.reading() as tx:
        return entering.find_paper(
            tx, desk.catalogue, staff=carla, course="demo-course", module=module, typed=typed, language="es"
        )


def right(found: Paper) -> dict[str, list[str]]:
    return sheet_form(paper_key(found.module, found.sheet.order))


def enter(
    database: Database,
    desk: Desk,
    found: Paper,
    carla: Person,
    learner: Person,
    form: dict[str, list[str]],
    **more: bool,
) -> None:
    with database.writing() as tx:
        said = {"ended": False, **more}
        entering.keep(tx, desk, found, staff=carla, learner=learner.id, form=form, now=NOW, **said)


def progress(database: Database, who: Person) -> projection.Progress:
    with database.reading() as tx:
        return projection.of_course(tx, who.id, "demo-course")


def log(database: Database) -> int:
    with database.reading() as tx:
        return len(tx.execute(select(events.c.id)).all())


def same_as_the_log(database: Database) -> bool:
    with database.writing() as tx:
        return not differences(tx, Catalogue())


def test_a_test_on_paper_is_worth_what_was_shown_and_completes_the_course(
    database: Database, desk: Desk, ana: Person, carla: Person, asked: Asked
) -> None:
    lesson, test = sheet(database, desk, carla, LESSON), sheet(database, desk, carla)
    enter(database, desk, lesson, carla, ana, right(lesson), ended=True)
    with database.writing() as tx:
        study.end_module(tx, desk, at(ana, "m-dos"), now=NOW)
    assert asked == []
    worth = entering.worth(test, test.read(right(test)).answers)
    enter(database, desk, test, carla, ana, right(test))
    found = progress(database, ana)
    (attempt,) = found.attempts.values()
    assert attempt.marked and (attempt.marked.share, attempt.marked.passed) == (worth.share, worth.reached) == (1, True)
    assert asked == [ana.id] and found.completed
    assert same_as_the_log(database)
    with database.reading() as tx:
        (opened,) = projection.attempts_of(tx, ana.id, "demo-course")
        said = tx.execute(select(audit.c.actor, audit.c.subject, audit.c.act)).all()
    assert (opened.seed, list(opened.drawn)) == ("sheet/3F7K", [each.id for each in test.asked])
    assert [tuple(each) for each in said] == [(carla.id, ana.id, "paper-entered")] * 2


def test_what_is_wrong_is_wrong_and_counts_as_an_attempt(
    database: Database, desk: Desk, ana: Person, carla: Person
) -> None:
    found = sheet(database, desk, carla)
    form = dict(list(right(found).items())[:1])
    worth = entering.worth(found, found.read(form).answers)
    enter(database, desk, found, carla, ana, form)
    (attempt,) = progress(database, ana).attempts.values()
    assert attempt.marked and attempt.marked.share == worth.share < 1
    assert (attempt.marked.passed, worth.reached) == (False, False)


@pytest.mark.parametrize("module", [LESSON, TEST])
def test_a_sheet_is_entered_once_for_each_person(
    database: Database, desk: Desk, pen: Pen, ana: Person, carla: Person, module: str
) -> None:
    found, beto = sheet(database, desk, carla, module), add_person(database, pen, "beto")
    form = right(found)
    enter(database, desk, found, carla, ana, form)
    before = log(database)
    enter(database, desk, found, carla, ana, form)
    assert log(database) == before
    other = dict(list(form.items())[1:])
    with pytest.raises(EnteredBefore):
        enter(database, desk, found, carla, ana, other)
    if module == LESSON:
        with pytest.raises(EnteredBefore):
            enter(database, desk, found, carla, ana, form, ended=True)
    assert log(database) == before
    enter(database, desk, found, carla, beto, other)
    another = sheet(database, desk, carla, module, "7ABC")
    enter(database, desk, another, carla, ana, right(another))
    assert same_as_the_log(database)


def test_the_attempts_that_there_are_hold_for_paper_too(
    database: Database, desk: Desk, ana: Person, carla: Person, sample: Course
) -> None:
    publish(database, with_rules(sample, attempts=1))
    send(database, desk, ana, begin(database, desk, ana), right=False)
    found, before = sheet(database, desk, carla), log(database)
    with pytest.raises(NoneLeft):
        enter(database, desk, found, carla, ana, right(found))
    assert log(database) == before


def test_the_tries_of_a_quiz_hold_for_paper_too(
    database: Database, desk: Desk, ana: Person, carla: Person, sample: Course
) -> None:
    edition = sample.editions["es"]
    limited = replace(edition.modules[LESSON], quiz_attempts=1)
    publish(database, replace(sample, editions={"es": replace(edition, modules={**edition.modules, LESSON: limited})}))
    for code in ("3F7K", "7ABC"):
        found = sheet(database, desk, carla, LESSON, code)
        if code == "3F7K":
            enter(database, desk, found, carla, ana, right(found))
        else:
            with pytest.raises(NoneLeft):
                enter(database, desk, found, carla, ana, right(found))
            enter(database, desk, found, carla, ana, {}, ended=True)


def test_a_sheet_printed_before_the_course_was_edited_counts_within_its_edition(
    database: Database, desk: Desk, ana: Person, carla: Person, sample: Course
) -> None:
    old = sheet(database, desk, carla)
    publish(database, replace(sample, version="1.1"))
    found = sheet(database, desk, carla, typed=old.sheet.code)
    assert found.sheet.release.digest == old.sheet.release.digest != found.live.digest
    enter(database, desk, found, carla, ana, right(found))
    with database.reading() as tx:
        record = desk.catalogue.today(tx, progress(database, ana), found.live)
    assert [each.marked and each.marked.passed for each in record.attempts.values()] == [True]
    publish(database, replace(sample, version="2.0", major=2))
    with pytest.raises(OldSheet):
        sheet(database, desk, carla, typed=old.sheet.code)


def test_what_can_not_be_entered_is_refused(
    database: Database, desk: Desk, pen: Pen, ana: Person, carla: Person, sample: Course
) -> None:
    found = sheet(database, desk, carla)
    with pytest.raises(NothingEntered):
        enter(database, desk, found, carla, ana, {}, ended=True)
    with pytest.raises(UnknownPage):
        enter(database, desk, found, carla, replace(ana, id="nobody"), right(found))
    with pytest.raises(OwnSheet):
        enter(database, desk, found, carla, carla, right(found))
    with pytest.raises(NoSuchSheet):
        sheet(database, desk, carla, typed="3F7K-9999")
    with pytest.raises(NothingToAsk):
        sheet(database, desk, carla, "m-dos")
    with database.writing() as tx:
        consent.withdraw(tx, pen, person=ana.id, now=NOW)
    before = log(database)
    with pytest.raises(HasWithdrawn):
        enter(database, desk, found, carla, ana, right(found))
    publish(database, replace(sample, access="enrolled"))
    beto, closed = add_person(database, pen, "beto"), sheet(database, desk, carla)
    with pytest.raises(NotEnrolled):
        enter(database, desk, closed, carla, beto, right(closed))
    assert log(database) == before + 1
