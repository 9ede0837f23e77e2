"""Questions as a page shows them: the form with what was filled in, or the feedback."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from lms.content.model import Quiz
from lms.content.plain import plain_words
from lms.content.question_model import BlanksQuestion, MatchQuestion, OrderQuestion, Question
from lms.learning.attempts import PracticeWiring, Shown, Wiring
from lms.learning.feedback import Feedback, Told, feedback
from lms.learning.forms import Draft, answers_of, fields
from lms.learning.grading import fits
from lms.services.studying.looking import View


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionShown:
    """One question: how its form names things, what is filled in, and what is told of the last answer, if anything."""

    question: Question
    name: str
    choices: Sequence[Shown]
    offered: Mapping[str, Sequence[Shown]]
    """What may be chosen for each part, by the part's key: targets, places, words; nothing where it is to be written."""
    values: Mapping[str, Sequence[str]]
    unfinished: bool
    told: Feedback | None
    changed: bool = False
    """Whether it was another question when she answered it: then there is nothing to tell of her answer."""
    place: str = ""
    """Where it is said which of how many it is in its quiz: nothing but in a pattern (`lms.web.learner.patterns`)."""
    seam: str = ""
    """What stands before and after each of its parts, and `stitch` within; likewise."""
    stitch: str = ""

    def checked(self, choice: Shown) -> str:
        """`checked` where that option is filled in."""
        return "checked" if choice.wire in self.values.get(self.name, ()) else ""

    def selected(self, choice: Shown, option: Shown) -> str:
        """`selected` where that is chosen for that part."""
        return "selected" if self.value(choice) == option.wire else ""

    def value(self, choice: Shown) -> str:
        """What is filled in for that part."""
        return next(iter(self.values.get(f"{self.name}.{choice.wire}", ())), "")

    @property
    def written(self) -> str:
        """What is filled in where something is to be written."""
        return next(iter(self.values.get(self.name, ())), "")

    def told_of(self, key: str) -> Told | None:
        """What is told of the option or item with that key."""
        return self.told.parts.get(key) if self.told else None

    @property
    def result(self) -> str:
        """`right`, `partly` or `wrong`, once it is told."""
        if self.told is None:
            return ""
        return "right" if self.told.share == 1 else "partly" if self.told.share > 0 else "wrong"

    @property
    def has_reason(self) -> bool:
        """Whether something that is told says why."""
        parts = self.told.parts.values() if self.told else ()
        return bool(self.question.explanation) or any(part.feedback for part in parts)

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

    @property
    def right(self) -> int:
        """How many of its questions were answered right."""
        return sum(each.result == "right" for each in self.questions)


def quiz_shown(
    quiz: Quiz, *, learner: str, view: View, draft: Draft, again: bool = False, left: int | None = None
) -> QuizShown:
    """The quiz for that learner: a draft comes before feedback; `again` asks for an empty form. With no try left there
    is no form."""
    wiring = PracticeWiring(learner)
    changed = {question.id for question in quiz.questions if view.changed(question.id)}
    told = {} if (draft or again) and left != 0 else _told(quiz.questions, view, changed)
    return QuizShown(
        id=quiz.id,
        questions=[
            question_shown(each, wiring, draft, told.get(each.id), changed=each.id in changed)
            for each in quiz.questions
        ],
        told=bool(told) or left == 0,
        saved=bool(draft),
        left=left,
    )


def question_shown(
    question: Question, wiring: Wiring, draft: Draft, told: Feedback | None, *, changed: bool = False
) -> QuestionShown:
    """The question under that wiring, with its part of the draft."""
    mine = {question.id: draft[question.id]} if question.id in draft else {}
    unfinished = bool(mine) and question.id in answers_of([question], mine).unfinished
    return QuestionShown(
        question=question,
        name=wiring.question(question),
        choices=_in_place(question, wiring.choices(question), told),
        offered=_offered(question, wiring),
        values=fields([question], wiring, mine) if mine else {},
        unfinished=unfinished,
        told=told,
        changed=changed,
    )


def _in_place(question: Question, choices: Sequence[Shown], told: Feedback | None) -> Sequence[Shown]:
    """The parts as they are shown; once it is told, what was to be ordered stands in its order."""
    if not told or not isinstance(question, OrderQuestion):
        return choices
    order = [item.key for item in question.items]
    return sorted(choices, key=lambda each: order.index(each.key))


def _offered(question: Question, wiring: Wiring) -> dict[str, Sequence[Shown]]:
    """What each part's field offers, in plain text: a `select` holds no HTML."""
    match question:
        case MatchQuestion():
            targets = [replace(each, html=_words(each.html)) for each in wiring.targets(question)]
            return {pair.key: targets for pair in question.pairs}
        case OrderQuestion():
            places = [Shown(place, place, place) for place in map(str, range(1, len(question.items) + 1))]
            return {item.key: places for item in question.items}
        case BlanksQuestion():
            return {gap.key: wiring.words(question, gap) for gap in question.gaps}
    return {}


_words = lru_cache(maxsize=4096)(plain_words)


def _told(questions: Iterable[Question], view: View, changed: Container[str]) -> dict[str, Feedback]:
    told: dict[str, Feedback] = {}
    for question in questions:
        result = view.progress.results.get(question.id)
        if result and question.id not in changed and fits(question, result.last.answer):
            told[question.id] = feedback(question, result.last.answer)
    return told
