"""Studying: each act is one event, and the progress row always says what the events say."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import func, select

from lms.content.model import Course
from lms.ids import uuid7
from lms.learning.attempts import PracticeWiring
from lms.learning.grading import UnknownAnswer, right_answer
from lms.services.common.record import AlreadyRecorded, Pen
from lms.services.running.rebuild import differences, rebuild
from lms.services.studying import looking, study
from lms.services.studying.desk import Desk
from lms.services.studying.looking import NotEnrolled, UnknownPage
from lms.services.studying.study import AnswerTooLong, NothingAnswered
from lms.storage import cohorts, drafts, projection
from lms.storage.database import Database
from lms.storage.people import Person
from lms.storage.releases import Catalogue
from lms.storage.tables import events
from tests.conftest import NOW
from tests.services.conftest import add_person, at, publish, work


def right_form(sample: Course, person: Person, quiz: str) -> dict[str, list[str]]:
    """The form that a person who knows would send."""
    wiring, form = PracticeWiring(person.id), {}
    questions = list(sample.editions["es"].modules["m-uno"].questions())
    names = ["q-a", "q-b", "q-c"] if quiz == "q-a" else ["q-d", "q-e"]
    for question in (each for each in questions if each.id in names):
        answer = right_answer(question)
        wires = {shown.key: shown.wire for shown in wiring.choices(question)}
        targets = {shown.key: shown.wire for shown in wiring.targets(question)}
        if isinstance(answer, dict):
            form |= {f"{question.id}.{wires[key]}": [targets[value]] for key, value in answer.items()}
        elif question.kind == "order":
            form |= {f"{question.id}.{wires[key]}": [str(place)] for place, key in enumerate(answer, start=1)}
        else:
            form[question.id] = [wires[key] for key in answer]
    return form


def count(database: Database, kind: str) -> int:
    with database.reading() as tx:
        return int(tx.execute(select(func.count()).select_from(events).where(events.c.type == kind)).scalar_one())


def rows_agree(database: Database) -> bool:
    with database.reading() as tx:
        return differences(tx, Catalogue()) == []


def test_a_right_quiz_earns_everything(database: Database, desk: Desk, ana: Person, sample: Course) -> None:
    with database.writing() as tx:
        done = study.answer_quiz(tx, desk, at(ana, "m-uno"), quiz="q-a", form=right_form(sample, ana, "q-a"), now=NOW)
    assert {name: result.best for name, result in work(done.progress).results.items()} == dict.fromkeys(
        ["q-a", "q-b", "q-c"], Fraction(1)
    )
    assert done.progress.enrolled
    assert rows_agree(database)


def test_a_double_click_is_one_answer(database: Database, desk: Desk, ana: Person, sample: Course) -> None:
    where, form = at(ana, "m-uno", event=uuid7()), right_form(sample, ana, "q-a")
    for _ in range(3):
        with database.writing() as tx:
            study.answer_quiz(tx, desk, where, quiz="q-a", form=form, now=NOW)
    assert count(database, "learner.attempt_submitted") == 1
    assert rows_agree(database)


def test_a_form_sent_again_with_other_answers_is_another_answer(
    database: Database, desk: Desk, ana: Person, sample: Course
) -> None:
    where, right = at(ana, "m-uno", event=uuid7()), right_form(sample, ana, "q-a")
    wiring = PracticeWiring(ana.id)
    question = next(iter(sample.editions["es"].modules["m-uno"].questions()))
    wrong = {
        "q-a": [next(each.wire for each in wiring.choices(question) if each.key not in set(right_answer(question)))]
    }
    for seconds, form in enumerate((wrong, right, right, wrong)):  # Back and corrected, then a double click
        with database.writing() as tx:
            when = NOW + timedelta(seconds=seconds)
            done = study.answer_quiz(tx, desk, where, quiz="q-a", form=form, now=when)
        best = work(done.progress).results["q-a"].best
        assert best == (0 if seconds == 0 else 1)
    assert work(done.progress).results["q-a"].last.share == 1
    assert count(database, "learner.attempt_submitted") == 2
    assert rows_agree(database)


def test_a_forms_id_serves_one_act_only(database: Database, desk: Desk, ana: Person, sample: Course) -> None:
    where = at(ana, "m-uno", event=uuid7())
    with database.writing() as tx:
        study.answer_quiz(tx, desk, where, quiz="q-a", form=right_form(sample, ana, "q-a"), now=NOW)
    with pytest.raises(AlreadyRecorded), database.writing() as tx:
        study.end_module(tx, desk, where, now=NOW)


def test_a_half_filled_quiz_is_kept_until_it_is_sent(
    database: Database, desk: Desk, ana: Person, sample: Course
) -> None:
    form = right_form(sample, ana, "q-d")
    half = dict(list(form.items())[:2])
    with database.writing() as tx:
        study.save_quiz(tx, desk, at(ana, "m-uno"), quiz="q-d", form=half, now=NOW)
        saved = drafts.load(tx, ana.id, "demo-course/m-uno/")
        assert len(saved["demo-course/m-uno/q-d"]["q-d"]) == 2
        study.answer_quiz(tx, desk, at(ana, "m-uno"), quiz="q-d", form=form, now=NOW)
        assert drafts.load(tx, ana.id, "demo-course/") == {}
        study.save_quiz(tx, desk, at(ana, "m-uno"), quiz="q-d", form={}, now=NOW)
        assert drafts.load(tx, ana.id, "demo-course/") == {}


def test_an_order_with_a_place_given_twice_goes_back(
    database: Database, desk: Desk, ana: Person, sample: Course
) -> None:
    form = right_form(sample, ana, "q-d")
    form |= {name: ["1"] for name in form if name.startswith("q-e")}
    with database.writing() as tx:
        done = study.answer_quiz(tx, desk, at(ana, "m-uno"), quiz="q-d", form=form, now=NOW)
        assert done.unfinished == {"q-e"}
        assert set(work(done.progress).results) == {"q-d"}
        assert "demo-course/m-uno/q-d" in drafts.load(tx, ana.id, "demo-course/")


def test_what_is_not_on_the_page_is_refused(database: Database, desk: Desk, ana: Person) -> None:
    for form in ({"q-zz": ["1"]}, {"q-a": ["99"]}, {"q-a": ["1"], "q-t11": ["1"]}):
        with pytest.raises(UnknownAnswer), database.writing() as tx:
            study.answer_quiz(tx, desk, at(ana, "m-uno"), quiz="q-a", form=form, now=NOW)
    with pytest.raises(NothingAnswered), database.writing() as tx:
        study.answer_quiz(tx, desk, at(ana, "m-uno"), quiz="q-a", form={}, now=NOW)
    assert count(database, "learner.attempt_submitted") == 0


def test_an_endless_answer_is_refused(database: Database, desk: Desk, ana: Person) -> None:
    with pytest.raises(AnswerTooLong), database.writing() as tx:
        study.save_draft(tx, learner=ana.id, item="x", draft={"q": "a" * 20_000}, now=NOW)


def test_a_draft_of_a_quiz_with_the_longest_ids_is_kept(database: Database, ana: Person) -> None:
    where = replace(at(ana, "m" * 64), course="c" * 64)
    with database.writing() as tx:
        study.save_draft(tx, learner=ana.id, item=study.draft_item(where, "q" * 64), draft={"q": ["a"]}, now=NOW)
        assert drafts.load(tx, ana.id, "c" * 64)


def test_unknown_pages_are_refused(database: Database, desk: Desk, ana: Person) -> None:
    tries = [
        lambda tx: study.answer_quiz(tx, desk, at(ana, "m-uno"), quiz="q-zz", form={}, now=NOW),
        lambda tx: study.answer_quiz(tx, desk, at(ana, "m-zz"), quiz="q-a", form={}, now=NOW),
        lambda tx: study.answer_quiz(tx, desk, at(ana, "m-prueba"), quiz="q-t11", form={"q-t11": ["1"]}, now=NOW),
        lambda tx: study.end_module(tx, desk, at(ana, "m-prueba"), now=NOW),
        lambda tx: study.end_module(tx, desk, at(ana, "m-uno", release="f" * 64), now=NOW),
        lambda tx: study.end_module(tx, desk, replace(at(ana, "m-uno"), course="no-hay"), now=NOW),
        lambda tx: looking.look(tx, desk.catalogue, learner=ana.id, course="no-hay", language="es"),
    ]
    for attempt in tries:
        with pytest.raises(UnknownPage), database.writing() as tx:
            attempt(tx)


def test_the_end_of_a_story_is_kept(database: Database, desk: Desk, ana: Person) -> None:
    with database.writing() as tx:
        progress = study.end_scenario(tx, desk, at(ana, "m-dos"), scenario="e-camino", ending="llegada", now=NOW)
    assert work(progress).scenarios == {"e-camino": frozenset({"good"})}
    for scenario, ending in (("e-camino", "cruce"), ("e-nada", "llegada")):
        with pytest.raises(UnknownAnswer), database.writing() as tx:
            study.end_scenario(tx, desk, at(ana, "m-dos"), scenario=scenario, ending=ending, now=NOW)


def test_she_goes_on_where_she_stopped(database: Database, desk: Desk, ana: Person) -> None:
    with database.writing() as tx:
        study.reach_section(tx, desk, at(ana, "m-uno"), section="segunda", now=NOW)
        view = looking.look(tx, desk.catalogue, learner=ana.id, course="demo-course", language="es")
    assert view.standing.of("m-uno").next_anchor == "segunda"
    assert rows_agree(database)


def test_a_place_is_a_heading_of_the_module(database: Database, desk: Desk, ana: Person) -> None:
    for section in ("a" * 101, "", "no-hay", "page-sources", "quiz-q-a"):
        with pytest.raises(UnknownPage), database.writing() as tx:
            study.reach_section(tx, desk, at(ana, "m-uno"), section=section, now=NOW)
    assert count(database, "learner.section_reached") == 0


def test_a_reload_at_the_same_place_is_nothing_new(database: Database, desk: Desk, ana: Person) -> None:
    for minutes, (section, events_) in enumerate([("segunda", 1), ("segunda", 1), ("primera", 2), ("segunda", 3)]):
        with database.writing() as tx:
            now = NOW + timedelta(minutes=minutes)
            progress = study.reach_section(tx, desk, at(ana, "m-uno"), section=section, now=now)
        assert progress.place
        assert progress.place.section == section
        assert count(database, "learner.section_reached") == events_
    assert rows_agree(database)


def test_a_course_edited_meanwhile_changes_nothing_for_an_open_page(
    database: Database, desk: Desk, ana: Person, sample: Course
) -> None:
    edition = sample.editions["es"]
    modules = {name: module for name, module in edition.modules.items() if name != "m-uno"}
    shorter = replace(
        sample, version="2", required=("m-dos", "m-prueba"), editions={"es": replace(edition, modules=modules)}
    )
    with database.reading() as tx:
        old = looking.look(tx, desk.catalogue, learner=None, course="demo-course", language="es").release.digest
    publish(database, shorter)
    with database.writing() as tx:
        done = study.answer_quiz(
            tx, desk, at(ana, "m-uno", release=old), quiz="q-a", form=right_form(sample, ana, "q-a"), now=NOW
        )
    assert len(work(done.progress).results) == 3
    assert rows_agree(database)


def test_a_course_for_the_enrolled_is_for_the_enrolled(
    database: Database, desk: Desk, ana: Person, pen: Pen, sample: Course
) -> None:
    publish(database, replace(sample, access="enrolled"))
    with pytest.raises(NotEnrolled), database.writing() as tx:
        study.end_module(tx, desk, at(ana, "m-dos"), now=NOW)
    with database.writing() as tx:
        cohorts.enrol(tx, person=ana.id, course="demo-course", cohort="", now=NOW)
        study.end_module(tx, desk, at(ana, "m-dos"), now=NOW)
    beto = add_person(database, pen, "beto")
    with database.reading() as tx:
        view = looking.look(tx, desk.catalogue, learner=beto.id, course="demo-course", language="es")
        assert not looking.is_allowed(tx, view.release.course, learner=beto.id)


def test_one_learner_sees_nothing_of_another(database: Database, desk: Desk, ana: Person, pen: Pen) -> None:
    beto = add_person(database, pen, "beto")
    with database.writing() as tx:
        study.end_module(tx, desk, at(ana, "m-dos"), now=NOW)
        views = {who.id: looking.look_at_all(tx, desk.catalogue, learner=who.id, language="es") for who in (ana, beto)}
        nobody = looking.look_at_all(tx, desk.catalogue, learner=None, language="es")
    assert [view.standing.begun for view in views[ana.id]] == [True]
    assert [view.standing.begun for view in views[beto.id]] == [False]
    assert [view.standing.begun for view in nobody] == [False]


def test_a_row_that_lies_is_found_and_mended(database: Database, desk: Desk, ana: Person) -> None:
    with database.writing() as tx:
        before = study.end_module(tx, desk, at(ana, "m-dos"), now=NOW)
        projection.save(tx, ana.id, "demo-course", replace(before, work={}))
    with database.reading() as tx:
        assert [each.table for each in differences(tx, Catalogue())] == ["progress"]
    with database.writing() as tx:
        assert rebuild(tx, Catalogue()) == 1
    assert rows_agree(database)
