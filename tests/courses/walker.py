"""A learner who tries everything in a course, in an order of her own, until she has its certificate."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any

from lms.content.model import Course, Module, Quiz, Scenario
from lms.content.plain import plain_words
from lms.content.question_model import BlanksQuestion, ChoiceQuestion, OrderQuestion, Question, TextQuestion
from lms.learning.attempts import PracticeWiring, Wiring
from lms.learning.feedback import WRITTEN, feedback
from lms.learning.forms import fields
from lms.learning.grading import right_answer
from lms.services.studying import looking, polls, study, testing
from lms.services.studying.desk import Desk, Where
from lms.services.studying.looking import View
from lms.storage.database import Database
from lms.storage.people import Person
from tests.answers import wrong_answer

MOST = 2000
"""Choices after which a part of a story counts as out of reach."""
SHEETS = 300
"""Attempts after which a question of a pool counts as never drawn."""


class Walker:
    """One learner in one course, in one language. Whatever she finds wrong is an AssertionError."""

    def __init__(
        self,
        database: Database,
        desk: Desk,
        person: Person,
        course: Course,
        language: str,
        random: Random,
        now: datetime,
    ) -> None:
        self.database, self.desk, self.person, self.random, self.now = database, desk, person, random, now
        self.course, self.language = course, language
        self.modules = course.edition(language).modules

    def walk(self) -> None:
        """Everything that the course asks for, and everything that it offers."""
        lessons = [module for module in self.modules.values() if module.kind == "module"]
        for module in self.random.sample(lessons, len(lessons)):
            self.lesson(module)
        for module in self.modules.values():
            if module.kind == "test":
                self.test(module)

    def later(self) -> datetime:
        """The moment of her next act: of two in one moment nobody could tell which was the last."""
        self.now += timedelta(seconds=1)
        return self.now

    def view(self) -> View:
        """The course as she sees it now."""
        with self.database.reading() as tx:
            return looking.enter(
                tx, self.desk.catalogue, learner=self.person.id, course=self.course.id, language=self.language
            )

    def lesson(self, module: Module) -> None:
        """A module: every quiz wrong and right, every story to its every end, every poll; then it is done."""
        for block in module.body:
            if isinstance(block, Quiz):
                self.quiz(module, block)
        for scenario in module.scenarios():
            self.story(module, scenario)
        for poll in module.polls():
            with self.database.writing() as tx:
                option = self.random.choice(poll.options).key
                polls.choose(tx, self.desk, self.at(module), poll=poll.id, option=option)
        with self.database.writing() as tx:
            study.end_module(tx, self.desk, self.at(module), now=self.later())
        view = self.view()
        assert view.standing.of(module.id).done, module.id
        for scenario in module.scenarios():
            endings = {step.outcome for step in scenario.steps if step.outcome}
            assert view.progress.scenarios[scenario.id] == endings, scenario.id

    def quiz(self, module: Module, quiz: Quiz) -> None:
        """Its questions answered wrong, where that may be put right again, then right."""
        wiring = PracticeWiring(self.person.id)
        for question in quiz.questions:
            has_reasons(question)
        for right in (False, True) if module.quiz_attempts != 1 else (True,):
            form = filled(quiz.questions, wiring, right)
            with self.database.writing() as tx:
                done = study.answer_quiz(tx, self.desk, self.at(module), quiz=quiz.id, form=form, now=self.later())
            assert not done.unfinished, done.unfinished
            (work,) = done.progress.work.values()
            for question in quiz.questions:
                assert work.results[question.id].last.share == Fraction(right), (question.id, right)

    def story(self, module: Module, scenario: Scenario) -> None:
        """Told again and again, until every choice was taken and every end reached."""
        steps = {step.id: step for step in scenario.steps}
        untaken = {(step.id, place) for step in scenario.steps for place, _ in enumerate(step.ways)}
        unreached = {step.id for step in scenario.steps if step.outcome}
        step = scenario.steps[0]
        for _ in range(MOST):
            if step.outcome:
                if step.id in unreached:
                    where = self.at(module)
                    with self.database.writing() as tx:
                        study.end_scenario(tx, self.desk, where, scenario=scenario.id, ending=step.id, now=self.later())
                unreached.discard(step.id)
                if not untaken and not unreached:
                    return
                step = scenario.steps[0]
                continue
            fresh = [place for place, _ in enumerate(step.ways) if (step.id, place) in untaken]
            place = self.random.choice(fresh or range(len(step.ways)))
            untaken.discard((step.id, place))
            way = step.ways[place]
            assert plain_words(way.consequence), (scenario.id, step.id, place, "no consequence")
            step = steps[way.target]
        raise AssertionError((scenario.id, "out of reach", untaken, unreached))

    def test(self, module: Module) -> None:
        """A test failed, then passed, so often that every question of every pool was drawn both ways."""
        assert module.test
        for question in module.questions():
            has_reasons(question)
        everything = {question.id for question in module.questions()}
        limit = module.test.attempts
        for right in (False, True) if limit != 1 else (True,):
            undrawn = set(everything)
            for _ in range(SHEETS):
                undrawn -= self.sheet(module, right=right)
                if not undrawn or limit:
                    break
            assert limit or not undrawn, undrawn
        assert self.view().standing.of(module.id).done

    def sheet(self, module: Module, *, right: bool) -> set[str]:
        """One attempt, all of it right or all of it wrong: the ids of its questions."""
        assert module.test
        self.now += timedelta(minutes=module.test.wait)
        with self.database.writing() as tx:
            attempt = testing.open_attempt(tx, self.desk, self.at(module), now=self.later())
            seat = testing.sitting(tx, self.desk, learner=self.person.id, attempt=attempt, language=self.language)
            form = filled(seat.questions, seat.wiring, right)
            done = testing.send_sheet(tx, self.desk, self.at(module), attempt=attempt, form=form, now=self.later())
            assert not done.unfinished, done.unfinished
            seat = testing.sitting(tx, self.desk, learner=self.person.id, attempt=attempt, language=self.language)
            told = testing.reasons(tx, seat)
        drawn = {question.id for question in seat.questions}
        assert len(drawn) == sum(module.test.draw.values())
        assert seat.marked
        assert (seat.marked.passed, seat.marked.share) == (right, Fraction(right)), attempt
        assert set(seat.marked.missed) == (set() if right else set(module.test.draw))
        assert set(told) == (drawn if right else set())
        return drawn

    def at(self, module: Module) -> Where:
        """Where she acts."""
        return Where(
            learner=self.person.id,
            course=self.course.id,
            module=module.id,
            release="",
            event=None,
            language=self.language,
        )


def filled(questions: Iterable[Question], wiring: Wiring, right: bool) -> dict[str, list[str]]:
    """The form with every answer right, or with none."""
    asked = list(questions)
    return fields(
        asked, wiring, {each.id: _drafted(each, (right_answer if right else wrong_answer)(each)) for each in asked}
    )


def has_reasons(question: Question) -> None:
    """Nothing, when whoever answers the question is told why, whatever of it she chooses, or writes of what is foreseen.
    Raises AssertionError."""
    for what, reason in _reasons(question):
        assert plain_words(reason), (question.id, what, "no reason")


def _reasons(question: Question) -> Iterator[tuple[str, str]]:
    """What is told about each answer, or of each part of one, by what it is."""
    match question:
        case ChoiceQuestion():
            for option in question.options:
                yield option.key, feedback(question, [option.key]).parts[option.key].feedback
        case TextQuestion():
            for each in question.expected:
                told = feedback(question, each.text.partition("..")[0]).parts[WRITTEN].feedback
                yield each.text, told or question.explanation
        case BlanksQuestion():
            yield "the gaps", question.explanation
        case _:
            for answer in (right_answer(question), wrong_answer(question)):
                for key, part in feedback(question, answer).parts.items():
                    yield key, part.feedback or question.explanation


def _drafted(question: Question, answer: Any) -> Any:
    """An answer as a form has it: an order as the place of each item."""
    return {key: str(place) for place, key in enumerate(answer, 1)} if isinstance(question, OrderQuestion) else answer
