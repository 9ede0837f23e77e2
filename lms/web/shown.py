"""Questions as a page shows them: the form with what was filled in, or the feedback."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lms.content.markdown import plain_text
from lms.content.model import Question, Quiz
from lms.learning.attempts import PracticeWiring, Shown, Wiring
from lms.learning.feedback import Feedback, Told, feedback
from lms.learning.forms import Draft, answers_of, fields
from lms.learning.grading import UnknownAnswer, check
from lms.learning.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionShown:
    """One question: how its form names things, what is filled in, and what is told of the last answer, if anything."""

    question: Question
    name: str
    choices: Sequence[Shown]
    targets: Sequence[tuple[str, str]]
    """(wire key, plain text) of what items are matched to: a `select` holds no HTML."""
    values: Mapping[str, Sequence[str]]
    unordered: bool
    told: Feedback | None

    def chosen(self, wire: str) -> bool:
        """Whether that option is filled in."""
        return wire in self.values.get(self.name, ())

    def value(self, wire: str) -> str:
        """What is filled in for that item."""
        return next(iter(self.values.get(f"{self.name}.{wire}", ())), "")

    def told_of(self, key: str) -> Told | None:
        """What is told of the option or item with that key."""
        return self.told.parts.get(key) if self.told else None

    @property
    def places(self) -> Sequence[tuple[str, str]]:
        """What an ordering question's items may be given: 1, 2, 3…"""
        return [(str(place), str(place)) for place in range(1, len(self.choices) + 1)]

    @property
    def result(self) -> str:
        """`right`, `partly` or `wrong`, once it is told."""
        if self.told is None:
            return ""
        return "right" if self.told.share == 1 else "partly" if self.told.share > 0 else "wrong"

    @property
    def answered(self) -> bool:
        """Whether anything is filled in."""
        return bool(self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizShown:
    """A quiz: its form, or (`told`) the feedback to what was answered last."""

    id: str
    questions: Sequence[QuestionShown]
    told: bool
    saved: bool
    """Whether the form holds a draft."""


def quiz_shown(quiz: Quiz, *, learner: str, progress: Progress, draft: Draft, again: bool) -> QuizShown:
    """The quiz for that learner: a draft comes before feedback; `again` asks for an empty form."""
    wiring = PracticeWiring(learner)
    told = {} if draft or again else _told(quiz.questions, progress)
    shown = [question_shown(each, wiring, draft, told.get(each.id)) for each in quiz.questions]
    return QuizShown(id=quiz.id, questions=shown, told=bool(told), saved=bool(draft))


def question_shown(question: Question, wiring: Wiring, draft: Draft, told: Feedback | None) -> QuestionShown:
    """The question under that wiring, with its part of the draft."""
    mine = {question.id: draft[question.id]} if question.id in draft else {}
    return QuestionShown(
        question=question,
        name=wiring.question(question),
        choices=wiring.choices(question),
        targets=[(shown.wire, plain_text(shown.html)) for shown in wiring.targets(question)],
        values=fields([question], wiring, mine),
        unordered=question.id in answers_of([question], mine).unordered,
        told=told,
    )


def _told(questions: Iterable[Question], progress: Progress) -> dict[str, Feedback]:
    told: dict[str, Feedback] = {}
    for question in questions:
        result = progress.results.get(question.id)
        if result and _fits(question, result.last.answer):
            told[question.id] = feedback(question, result.last.answer)
    return told


def _fits(question: Question, answer: object) -> bool:
    try:
        check(question, answer)
    except UnknownAnswer:
        return False
    return True
