"""The walk itself finds what is wrong with a course."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest

from lms.config import Settings
from lms.content.course import load
from lms.content.model import Course, Quiz, Scenario
from lms.content.question_model import ChoiceQuestion
from lms.services.certifying import certify
from lms.services.common.record import Pen
from lms.services.studying.desk import Desk
from lms.storage import stores
from lms.storage.database import Database
from lms.storage.releases import Catalogue
from tests.conftest import NOW
from tests.courses.walker import Walker
from tests.services.conftest import add_person, publish

FAULTLESS = Path(__file__).parents[2] / "courses_content/trata-de-personas"
Walk = Callable[[Course], None]


@pytest.fixture(scope="module")
def course() -> Course:
    """A course that `test_walk.py` finds nothing wrong with."""
    made, findings = load(FAULTLESS)
    assert made, findings
    return made


@pytest.fixture
def walk(sqlite_database: Database, tmp_path: Path) -> Walk:
    """Walks through a course that is published as it is given."""
    with sqlite_database.writing() as tx:
        pen = Pen(store=stores.create(tx, now=NOW), sign=lambda raw: b"signed:" + raw[:8])
    desk = Desk(Catalogue(), pen, partial(certify.request, settings=Settings(instance=tmp_path)))
    ana = add_person(sqlite_database, pen, "ana")

    def walked(made: Course) -> None:
        publish(sqlite_database, made)
        Walker(sqlite_database, desk, ana, made, made.source, Random(1), NOW).walk()

    return walked


def changed(course: Course, kind: type, change: Callable[[Any], Any]) -> Course:
    """The course with each block of that kind in it changed."""
    edition = course.editions[course.source]
    modules = {
        name: replace(module, body=tuple(change(each) if isinstance(each, kind) else each for each in module.body))
        for name, module in edition.modules.items()
    }
    return replace(course, editions={**course.editions, course.source: replace(edition, modules=modules)})


def test_an_option_without_its_reason_is_found(walk: Walk, course: Course) -> None:
    def change(quiz: Quiz) -> Quiz:
        first = quiz.questions[0]
        if not isinstance(first, ChoiceQuestion):
            return quiz
        bare = replace(first, options=(replace(first.options[0], feedback=""), *first.options[1:]))
        return replace(quiz, questions=(bare, *quiz.questions[1:]))

    with pytest.raises(AssertionError, match="no reason"):
        walk(changed(course, Quiz, change))


def test_a_choice_without_a_consequence_is_found(walk: Walk, course: Course) -> None:
    def change(scenario: Scenario) -> Scenario:
        first = scenario.steps[0]
        bare = replace(first, ways=(*first.ways[:-1], replace(first.ways[-1], consequence="")))
        return replace(scenario, steps=(bare, *scenario.steps[1:]))

    with pytest.raises(AssertionError, match="no consequence"):
        walk(changed(course, Scenario, change))


def test_an_end_that_no_choice_leads_to_is_found(walk: Walk, course: Course) -> None:
    def change(scenario: Scenario) -> Scenario:
        end = next(step for step in scenario.steps if step.outcome)
        return replace(scenario, steps=(*scenario.steps, replace(end, id="lost")))

    with pytest.raises(AssertionError, match="out of reach"):
        walk(changed(course, Scenario, change))
