"""Going over what was missed: it takes a question off the list and touches nothing else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from lms.content.model import Course
from lms.content.question_model import OrderQuestion, Question
from lms.ids import uuid7
from lms.learning.attempts import PracticeWiring
from lms.learning.forms import Filled, fields
from lms.learning.grading import Answer, UnknownAnswer, right_answer
from lms.services.studying import looking, reviewing, study
from lms.services.studying.desk import Desk
from lms.services.studying.looking import NotEnrolled, UnknownPage, View
from lms.services.studying.reviewing import FEW
from lms.services.studying.study import NothingAnswered
from lms.storage.database import Database
from lms.storage.people import Person
from tests.answers import wrong_answer
from tests.conftest import NOW
from tests.services.conftest import at, publish
from tests.services.test_study import count, rows_agree
from tests.services.test_tries import left, limited

REVIEWED = "learner.practice_answered"
Give = Callable[..., Filled]


def questions(sample: Course) -> dict[str, Question]:
    return {question.id: question for question in sample.editions["es"].modules["m-uno"].questions()}


@pytest.fixture
def see(database: Database, desk: Desk, ana: Person) -> Callable[[], View]:
    def seen() -> View:
        with database.reading() as tx:
            return looking.look(tx, desk.catalogue, learner=ana.id, course="demo-course", language="es")

    return seen


@pytest.fixture
def missed(database: Database, desk: Desk, ana: Person, sample: Course) -> None:
    """Ana has every question of the lesson wrong."""
    known = questions(sample)
    for quiz, names in (("q-a", ["q-a", "q-b", "q-c"]), ("q-d", ["q-d", "q-e"])):
        form = fields([known[n] for n in names], PracticeWiring(ana.id), {n: wrong_answer(known[n]) for n in names})
        with database.writing() as tx:
            study.answer_quiz(tx, desk, at(ana, "m-uno"), quiz=quiz, form=form, now=NOW)


@pytest.fixture
def review(database: Database, desk: Desk, ana: Person, sample: Course) -> Give:
    known = questions(sample)

    def given(
        *names: str, how: Callable[[Question], Answer] = right_answer, seconds: int = 1, event: str | None = None
    ) -> Filled:
        form = fields([known[n] for n in names], PracticeWiring(ana.id), {n: how(known[n]) for n in names})
        with database.writing() as tx:
            where, now = at(ana, "", event=event), NOW + timedelta(seconds=seconds)
            return reviewing.answer(tx, desk, where, questions=names, form=form, now=now)

    return given


def asked(view: View) -> list[str]:
    return [each.question.id for each in reviewing.next_few(view)]


@pytest.mark.usefixtures("missed")
def test_what_she_got_right_leaves_the_list_and_her_results_stay(
    database: Database, see: Callable[[], View], review: Give
) -> None:
    before = see()
    assert asked(before) == ["q-a", "q-b", "q-c", "q-d"][:FEW]
    assert before.missed.open == ("q-a", "q-b", "q-c", "q-d", "q-e")
    review("q-a", "q-b")
    after = see()
    assert after.missed.open == ("q-c", "q-d", "q-e")
    assert after.standing == before.standing
    assert after.progress.results == before.progress.results
    assert after.progress.results["q-a"].best < Fraction(1)
    assert (count(database, REVIEWED), count(database, "learner.attempt_submitted")) == (1, 2)
    assert rows_agree(database)


@pytest.mark.usefixtures("missed")
def test_a_review_uses_up_no_try(
    database: Database, desk: Desk, ana: Person, sample: Course, see: Callable[[], View], review: Give
) -> None:
    publish(database, limited(sample, 2))
    for _ in range(3):
        review("q-a", how=wrong_answer)
    assert left(database, desk, ana) == {"q-a": 1, "q-d": 1}
    assert "q-a" in see().missed.open
    assert rows_agree(database)


@pytest.mark.usefixtures("missed")
def test_what_was_not_reviewed_comes_before_what_was_reviewed_longest_ago(
    see: Callable[[], View], review: Give
) -> None:
    review("q-b", "q-a", how=wrong_answer, seconds=2)
    review("q-c", how=wrong_answer, seconds=1)
    assert asked(see()) == ["q-d", "q-e", "q-c", "q-a"]


@pytest.mark.usefixtures("missed")
def test_she_is_told_of_what_she_checked_last_with_the_section_it_is_from(
    see: Callable[[], View], review: Give
) -> None:
    assert reviewing.told(see()) == []
    review("q-a", seconds=1)
    review("q-e", "q-b", how=wrong_answer, seconds=2)
    told = reviewing.told(see())
    assert [(each.asked.question.id, each.feedback.share < 1) for each in told] == [("q-b", True), ("q-e", True)]
    assert [each.asked.section.anchor for each in told if each.asked.section] == ["primera", "segunda"]
    assert all(each.asked.module.id == "m-uno" and each.asked.question.language == "es" for each in told)
    assert next(part.feedback for part in told[0].feedback.parts.values())


@pytest.mark.usefixtures("missed")
def test_after_an_edit_nothing_is_told_of_older_answers(
    database: Database, sample: Course, see: Callable[[], View], review: Give
) -> None:
    review("q-a", how=wrong_answer)
    publish(database, replace(sample, version="2"))
    assert reviewing.told(see()) == []
    assert "q-a" in asked(see()) + list(see().missed.open)
    assert rows_agree(database)


@pytest.mark.usefixtures("missed")
def test_a_question_that_asks_for_something_else_is_not_reviewed(
    database: Database, sample: Course, see: Callable[[], View]
) -> None:
    edition = sample.editions["es"]
    module = edition.modules["m-uno"]
    turned = [
        replace(block, questions=tuple(_turned(each) if each.id == "q-e" else each for each in block.questions))
        if hasattr(block, "questions")
        else block
        for block in module.body
    ]
    modules = {**edition.modules, "m-uno": replace(module, body=tuple(turned))}
    publish(database, replace(sample, version="2", editions={"es": replace(edition, modules=modules)}))
    assert see().missed.open == ("q-a", "q-b", "q-c", "q-d")
    assert [each.question.id for each in reviewing.changed(see())] == ["q-e"]


def _turned(question: Question) -> Question:
    assert isinstance(question, OrderQuestion)
    first, *rest = question.items
    return replace(question, items=(*rest, first))


@pytest.mark.usefixtures("missed")
def test_a_double_click_is_one_answer(database: Database, review: Give) -> None:
    event = uuid7()
    for _ in range(3):
        review("q-a", event=event)
    assert count(database, REVIEWED) == 1
    assert rows_agree(database)


@pytest.mark.usefixtures("missed")
def test_a_form_that_has_to_be_mended_or_is_empty_is_not_kept(
    database: Database, desk: Desk, ana: Person, sample: Course
) -> None:
    wires = [shown.wire for shown in PracticeWiring(ana.id).choices(questions(sample)["q-e"])]
    with database.writing() as tx:
        form = {f"q-e.{wire}": ["1"] for wire in wires}
        filled = reviewing.answer(tx, desk, at(ana, ""), questions=["q-a", "q-e"], form=form, now=NOW)
    assert filled.unfinished == {"q-e"}
    with pytest.raises(NothingAnswered), database.writing() as tx:
        reviewing.answer(tx, desk, at(ana, ""), questions=["q-a"], form={}, now=NOW)
    assert count(database, REVIEWED) == 0


def test_no_answer_is_told_to_a_question_that_she_never_answered(
    database: Database, desk: Desk, ana: Person, sample: Course, review: Give
) -> None:
    with pytest.raises(UnknownAnswer):
        review("q-a")
    assert count(database, REVIEWED) == 0


@pytest.mark.usefixtures("missed")
def test_only_a_few_questions_of_the_lessons_are_taken(database: Database, desk: Desk, ana: Person) -> None:
    for names in (["q-t11"], ["q-zz"], ["q-a", "q-b", "q-c", "q-d", "q-e"]):
        with pytest.raises(UnknownAnswer), database.writing() as tx:
            reviewing.answer(tx, desk, at(ana, ""), questions=names, form={names[0]: ["1"]}, now=NOW)
    with pytest.raises(UnknownAnswer), database.writing() as tx:
        reviewing.answer(tx, desk, at(ana, ""), questions=["q-a"], form={"q-b": ["1"]}, now=NOW)


def test_a_course_for_the_enrolled_is_reviewed_by_the_enrolled(
    database: Database, desk: Desk, ana: Person, sample: Course, review: Give
) -> None:
    publish(database, replace(sample, access="enrolled"))
    with pytest.raises(NotEnrolled):
        review("q-a")
    with pytest.raises(UnknownPage), database.writing() as tx:
        where = replace(at(ana, ""), course="no-hay")
        reviewing.answer(tx, desk, where, questions=["q-a"], form={}, now=NOW)
