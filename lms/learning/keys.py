"""What grading needs of a release: its questions by id, its lessons and tests, its major."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

from lms.content.model import Course, Module
from lms.content.question_model import Question
from lms.learning.grading import NOTHING, grade
from lms.learning.written import with_words_of


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """The questions of one release. Those of a test are apart: a practice answer never reaches them."""

    practice: Mapping[str, Question]
    lessons: Mapping[str, Module]
    tests: Mapping[str, Module]
    major: int

    def test_question(self, module: str, question: str) -> Question | None:
        """A question of that test, if it has it."""
        test = self.tests.get(module)
        found = (each for each in test.questions() if each.id == question) if test else iter(())
        return next(found, None)


def answer_key(course: Course) -> AnswerKey:
    """The key of a release. The languages of a course agree in structure, so its source edition speaks for all; what is
    written counts in each of them, since an answer may be begun in one and sent in another."""
    said = [edition for edition in course.editions.values() if edition.language != course.source]
    modules = [
        with_words_of(module, [edition.modules[module.id] for edition in said if module.id in edition.modules])
        for module in course.edition(course.source).modules.values()
    ]
    lessons = [module for module in modules if module.kind == "module"]
    return AnswerKey(
        practice={question.id: question for module in lessons for question in module.questions()},
        lessons={module.id: module for module in lessons},
        tests={module.id: module for module in modules if module.kind == "test"},
        major=course.major,
    )


def weighted_share(questions: Iterable[Question], shares: Mapping[str, Fraction]) -> Fraction:
    """The points earned over the points there are, 0 to 1; a question without a share earned nothing."""
    weighed = [(question.points, shares.get(question.id, NOTHING)) for question in questions]
    total = sum(points for points, _ in weighed)
    parts = lcm(*(share.denominator for _, share in weighed))  # whole numbers add up ten times as fast as fractions
    earned = sum(points * share.numerator * (parts // share.denominator) for points, share in weighed)
    return Fraction(earned, total * parts) if total else NOTHING


def graded(questions: Iterable[Question], answers: Mapping[str, Any]) -> dict[str, Fraction]:
    """Each question's share for these answers; one without an answer earns nothing."""
    return {question.id: grade(question, answers.get(question.id)) for question in questions}
