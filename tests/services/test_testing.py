"""The final test: opened and limited by the store, sent once, its key never told before it is passed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.content.model import Course
from lms.ids import uuid7
from lms.learning.grading import UnknownAnswer, right_answer
from lms.services.common.record import AlreadyRecorded, Pen
from lms.services.running.rebuild import differences, rebuild
from lms.services.studying import looking, study, testing
from lms.services.studying.desk import Desk
from lms.services.studying.looking import UnknownPage
from lms.services.studying.testing import AlreadySent, NoAttemptsLeft, Sitting, TooSoon
from lms.storage.database import Database
from lms.storage.people import Person
from lms.storage.releases import Catalogue
from lms.storage.tables import events
from tests.conftest import NOW
from tests.services.conftest import Asked, add_person, at, publish

TEST = "m-prueba"


def with_rules(course: Course, **changes: object) -> Course:
    edition = course.editions["es"]
    module = edition.modules[TEST]
    assert module.test
    changed = replace(module, test=replace(module.test, **changes))  # type: ignore[arg-type]
    return replace(course, editions={"es": replace(edition, modules={**edition.modules, TEST: changed})})


def begin(database: Database, desk: Desk, person: Person, *, now: object = NOW) -> str:
    with database.writing() as tx:
        return testing.open_attempt(tx, desk, at(person, TEST), now=now)  # type: ignore[arg-type]


def seat(database: Database, desk: Desk, person: Person, attempt: str) -> Sitting:
    with database.reading() as tx:
        return testing.sitting(tx, desk, learner=person.id, attempt=attempt, language="es")


def form_of(sitting: Sitting, *, right: bool = True) -> dict[str, list[str]]:
    form = {}
    for question in sitting.questions:
        keys = set(right_answer(question))
        form[sitting.wiring.question(question)] = [
            shown.wire for shown in sitting.wiring.choices(question) if (shown.key in keys) == right
        ][:1]
    return form


def send(
    database: Database, desk: Desk, person: Person, attempt: str, *, right: bool = True, event: str | None = None
) -> testing.Answered:
    form = form_of(seat(database, desk, person, attempt), right=right)
    with database.writing() as tx:
        return testing.send_sheet(tx, desk, at(person, TEST, event=event), attempt=attempt, form=form, now=NOW)


def finish_modules(
    database: Database, desk: Desk, person: Person, answer: Callable[..., dict[str, list[str]]], sample: Course
) -> None:
    with database.writing() as tx:
        for quiz in ("q-a", "q-d"):
            study.answer_quiz(tx, desk, at(person, "m-uno"), quiz=quiz, form=answer(sample, person, quiz), now=NOW)
        for module in ("m-uno", "m-dos"):
            study.end_module(tx, desk, at(person, module), now=NOW)


def events_of(database: Database, kind: str) -> int:
    with database.reading() as tx:
        return int(tx.execute(select(func.count()).select_from(events).where(events.c.type == kind)).scalar_one())


def test_two_questions_of_each_pool_are_drawn(database: Database, desk: Desk, ana: Person) -> None:
    drawn = seat(database, desk, ana, begin(database, desk, ana)).questions
    assert sorted(question.pool for question in drawn) == ["p1", "p1", "p2", "p2"]


def test_an_attempt_that_is_open_is_gone_on_with(database: Database, desk: Desk, ana: Person) -> None:
    assert begin(database, desk, ana) == begin(database, desk, ana)
    assert events_of(database, "store.attempt_opened") == 1


def test_twenty_clicks_at_once_open_one_attempt(database: Database, desk: Desk, ana: Person) -> None:
    with ThreadPoolExecutor(8) as pool:
        opened = set(pool.map(lambda _: begin(database, desk, ana), range(20)))
    assert len(opened) == 1
    assert events_of(database, "store.attempt_opened") == 1


def test_passing_completes_the_course_and_asks_for_one_certificate(
    database: Database, desk: Desk, ana: Person, sample: Course, asked: Asked
) -> None:
    from tests.services.test_study import right_form

    finish_modules(database, desk, ana, right_form, sample)
    assert asked == []
    attempt = begin(database, desk, ana)
    done = send(database, desk, ana, attempt)
    assert set(done.progress.completed) == {1}
    assert asked == [ana.id]
    assert events_of(database, "store.course_completed") == 1
    again = begin(database, desk, ana)
    send(database, desk, ana, again)
    assert asked == [ana.id]
    with database.reading() as tx:
        assert differences(tx, Catalogue()) == []


def test_a_failed_sheet_tells_what_to_review_and_no_key(database: Database, desk: Desk, ana: Person) -> None:
    attempt = begin(database, desk, ana)
    send(database, desk, ana, attempt, right=False)
    sitting = seat(database, desk, ana, attempt)
    assert sitting.marked
    assert not sitting.marked.passed
    assert sitting.marked.missed == ("p1", "p2")
    with database.reading() as tx:
        assert testing.reasons(tx, sitting) == {}


def test_a_passed_sheet_tells_its_reasons(database: Database, desk: Desk, ana: Person) -> None:
    attempt = begin(database, desk, ana)
    send(database, desk, ana, attempt)
    sitting = seat(database, desk, ana, attempt)
    with database.reading() as tx:
        reasons = testing.reasons(tx, sitting)
    assert set(reasons) == {question.id for question in sitting.questions}
    assert all(each.share == 1 for each in reasons.values())


def test_a_sheet_is_sent_once(database: Database, desk: Desk, ana: Person) -> None:
    attempt, event = begin(database, desk, ana), uuid7()
    send(database, desk, ana, attempt, right=False, event=event)
    send(database, desk, ana, attempt, right=False, event=event)  # the double click
    assert events_of(database, "learner.attempt_submitted") == 1
    for name, right in ((event, True), (uuid7(), True), (uuid7(), False)):
        with pytest.raises(AlreadySent):
            send(database, desk, ana, attempt, right=right, event=name)
    with pytest.raises(AlreadySent), database.writing() as tx:
        testing.save_sheet(tx, desk, at(ana, TEST), attempt=attempt, form={}, now=NOW)
    sitting = seat(database, desk, ana, attempt)
    assert sitting.marked
    assert sitting.marked.share == 0


def test_a_form_that_sent_one_attempt_sends_another_too(database: Database, desk: Desk, ana: Person) -> None:
    event = uuid7()
    send(database, desk, ana, begin(database, desk, ana), right=False, event=event)
    second = begin(database, desk, ana)
    send(database, desk, ana, second, right=True, event=event)
    marked = seat(database, desk, ana, second).marked
    assert marked
    assert marked.passed


def test_a_form_that_was_something_else_sends_no_sheet(
    database: Database, desk: Desk, ana: Person, sample: Course
) -> None:
    event, attempt = uuid7(), begin(database, desk, ana)
    with database.writing() as tx:
        study.end_module(tx, desk, at(ana, "m-dos", event=event), now=NOW)
    with pytest.raises(AlreadyRecorded):
        send(database, desk, ana, attempt, event=event)
    assert not seat(database, desk, ana, attempt).sent


def test_a_half_filled_sheet_is_kept(database: Database, desk: Desk, ana: Person) -> None:
    attempt = begin(database, desk, ana)
    form = form_of(seat(database, desk, ana, attempt))
    half = dict(list(form.items())[:2])
    with database.writing() as tx:
        testing.save_sheet(tx, desk, at(ana, TEST), attempt=attempt, form=half, now=NOW)
    assert len(seat(database, desk, ana, attempt).draft) == 2


def test_only_the_sheets_own_keys_are_taken(database: Database, desk: Desk, ana: Person) -> None:
    attempt = begin(database, desk, ana)
    name = next(iter(form_of(seat(database, desk, ana, attempt))))
    for form in ({name: ["1"]}, {"q-t11": ["1"]}, {name: ["w000000000000"]}):
        with pytest.raises(UnknownAnswer), database.writing() as tx:
            testing.send_sheet(tx, desk, at(ana, TEST), attempt=attempt, form=form, now=NOW)


def test_an_attempt_is_its_learners_own(database: Database, desk: Desk, ana: Person, pen: Pen) -> None:
    attempt = begin(database, desk, ana)
    beto = add_person(database, pen, "beto")
    with pytest.raises(UnknownPage):
        seat(database, desk, beto, attempt)
    with pytest.raises(UnknownPage):
        seat(database, desk, ana, uuid7())


def test_attempts_are_counted_by_the_store(database: Database, desk: Desk, ana: Person, sample: Course) -> None:
    publish(database, with_rules(sample, attempts=2))
    for _ in range(2):
        send(database, desk, ana, begin(database, desk, ana), right=False)
    with pytest.raises(NoAttemptsLeft):
        begin(database, desk, ana)
    with database.reading() as tx:
        view = looking.look(tx, desk.catalogue, learner=ana.id, course="demo-course", language="es")
        assert testing.chances(tx, view, learner=ana.id, module=view.module(TEST), now=NOW).left == 0


def test_a_wait_between_attempts_is_kept(database: Database, desk: Desk, ana: Person, sample: Course) -> None:
    publish(database, with_rules(sample, wait=30))
    send(database, desk, ana, begin(database, desk, ana), right=False)
    with pytest.raises(TooSoon, match="30 minutes"):
        begin(database, desk, ana)
    assert begin(database, desk, ana, now=NOW + timedelta(minutes=31))


def test_a_module_is_no_test(database: Database, desk: Desk, ana: Person) -> None:
    with pytest.raises(UnknownPage), database.writing() as tx:
        testing.open_attempt(tx, desk, at(ana, "m-uno"), now=NOW)


def test_an_attempt_opened_before_a_new_release_is_marked_by_its_own(
    database: Database, desk: Desk, ana: Person, sample: Course
) -> None:
    attempt = begin(database, desk, ana)
    publish(database, with_rules(sample, pass_mark=100))
    send(database, desk, ana, attempt)
    sitting = seat(database, desk, ana, attempt)
    assert sitting.marked
    assert sitting.marked.passed
    with database.writing() as tx:
        rebuild(tx, Catalogue())
    with database.reading() as tx:
        assert differences(tx, Catalogue()) == []
