"""Questions as a page shows them: the form with what was filled in, or the feedback."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lms.content.model import Quiz
from lms.content.plain import plain_text
from lms.content.question_model import BlanksQuestion, Question
from lms.learning.attempts import PracticeWiring, Shown, Wiring
from lms.learning.feedback import Feedback, Told, feedback
from lms.learning.forms import Draft, answers_of, fields
from lms.learning.grading import fits
from lms.services.study import View


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionShown:
    """One question: how its form names things, what is filled in, and what is told of the last answer, if anything."""

    question: Question
    name: str
    choices: Sequence[Shown]
    targets: Sequence[tuple[str, str]]
    """(wire key, plain text) of what items are matched to: a `select` holds no HTML."""
    gap_words: Mapping[str, Sequence[tuple[str, str]]]
    values: Mapping[str, Sequence[str]]
    unfinished: bool
    told: Feedback | None
    changed: bool = False
    """Whether it was another question when she answered it: then there is nothing to tell of her answer."""

    def chosen(self, wire: str) -> bool:
        """Whether that option is filled in."""
        return wire in self.values.get(self.name, ())

    def value(self, wire: str) -> str:
        """What is filled in for that item."""
        return next(iter(self.values.get(f"{self.name}.{wire}", ())), "")

    @property
    def written(self) -> str:
        """What is filled in where something is to be written."""
        return next(iter(self.values.get(self.name, ())), "")

    def words(self, wire: str) -> Sequence[tuple[str, str]]:
        """(wire key, text) of what may be chosen for that gap; nothing where it is to be written."""
        return self.gap_words.get(wire, ())

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
    left: int | None
    """How many tries are left; None without a limit."""


def quiz_shown(
    quiz: Quiz, *, learner: str, view: View, draft: Draft, again: bool = False, left: int | None = None
) -> QuizShown:
    """The quiz for that learner: a draft comes before feedback; `again` asks for an empty form. With no try left there
    is no form."""
    wiring = PracticeWiring(learner)
    changed = {question.id for question in quiz.questions if view.changed(question.id)}
    told = {} if (draft or again) and left != 0 else _told(quiz.questions, view, changed)
    shown = [question_shown(each, wiring, draft, told.get(each.id)) for each in quiz.questions]
    return QuizShown(
        id=quiz.id,
        questions=[replace(each, changed=each.question.id in changed) for each in shown],
        told=bool(told) or left == 0,
        saved=bool(draft),
        left=left,
    )


def question_shown(question: Question, wiring: Wiring, draft: Draft, told: Feedback | None) -> QuestionShown:
    """The question under that wiring, with its part of the draft."""
    mine = {question.id: draft[question.id]} if question.id in draft else {}
    return QuestionShown(
        question=question,
        name=wiring.question(question),
        choices=wiring.choices(question),
        targets=[(shown.wire, plain_text(shown.html)) for shown in wiring.targets(question)],
        gap_words=_gap_words(question, wiring),
        values=fields([question], wiring, mine),
        unfinished=question.id in answers_of([question], mine).unfinished,
        told=told,
    )


def _gap_words(question: Question, wiring: Wiring) -> dict[str, list[tuple[str, str]]]:
    if not isinstance(question, BlanksQuestion):
        return {}
    wires = {shown.key: shown.wire for shown in wiring.choices(question)}
    return {
        wires[gap.key]: [(shown.wire, shown.html) for shown in wiring.words(question, gap)] for gap in question.gaps
    }


def _told(questions: Iterable[Question], view: View, changed: Container[str]) -> dict[str, Feedback]:
    told: dict[str, Feedback] = {}
    for question in questions:
        result = view.progress.results.get(question.id)
        if result and question.id not in changed and fits(question, result.last.answer):
            told[question.id] = feedback(question, result.last.answer)
    return told
