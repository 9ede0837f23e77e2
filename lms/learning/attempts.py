"""Drawing a test, and showing questions so that nothing on the page tells what is right.

Orders are by SHA-256 of `seed/…`, so that another language can give the same ones. A test page carries random wire keys
for questions, options, items and targets alike, all of one length; a practice page carries the positions shown.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from lms.content.model import Module
from lms.content.question_model import (
    BlanksQuestion,
    ChoiceQuestion,
    Gap,
    MatchQuestion,
    OrderQuestion,
    Question,
    TextQuestion,
)

Thing = TypeVar("Thing")


def shuffled(things: Sequence[Thing], *seed: str) -> list[Thing]:
    """The things in an order that the seed alone decides."""
    return [things[place] for place in order("/".join(seed), len(things))]


def order(seed: str, n: int) -> list[int]:
    """A permutation of 0…n-1 that the seed alone decides."""
    return sorted(range(n), key=lambda place: hashlib.sha256(f"{seed}/{place}".encode()).digest())


def draw(test: Module, seed: str) -> list[str]:
    """The ids of the questions of one attempt: so many from each pool, in a seeded order."""
    if test.test is None:
        raise ValueError(f"{test.id} is not a test")
    drawn: list[str] = []
    for pool, count in test.test.draw.items():
        ids = [question.id for question in test.questions() if question.pool == pool]
        drawn += shuffled(ids, seed, "pool", pool)[:count]
    return shuffled(drawn, seed, "questions") if test.test.shuffle else drawn


@dataclass(frozen=True, slots=True)
class Shown:
    """A thing to choose, match or order: the key that the page carries for it, the author's, and its HTML."""

    wire: str
    key: str
    html: str


class Wiring(Protocol):
    """How a page names a question and its parts."""

    def question(self, question: Question) -> str:
        """The name that the page's form has for the question."""

    def choices(self, question: Question) -> list[Shown]:
        """The options, items or gaps, in the order shown."""

    def targets(self, question: Question) -> list[Shown]:
        """What items are matched to, in the order shown."""

    def words(self, question: Question, gap: Gap) -> list[Shown]:
        """What may be chosen for a gap, in the order shown; nothing where it is to be written."""


@dataclass(frozen=True, slots=True)
class PracticeWiring:
    """Practice: an order for each learner and question, and the positions shown as keys."""

    learner: str

    def question(self, question: Question) -> str:
        """The question's own id: practice hides nothing of it."""
        return question.id

    def choices(self, question: Question) -> list[Shown]:
        """The options, items or gaps by position, from 1."""
        if _has_own_order(question):
            return _by_position(choices_of(question))
        return _by_position(shuffled(choices_of(question), self.learner, question.id, "choice"))

    def targets(self, question: Question) -> list[Shown]:
        """The targets by position, from 1."""
        return _by_position(shuffled(targets_of(question), self.learner, question.id, "target"))

    def words(self, question: Question, gap: Gap) -> list[Shown]:
        """The words by position, from 1."""
        return _by_position(shuffled(words_of(gap), self.learner, question.id, "gap", gap.key))


@dataclass(frozen=True, slots=True)
class PlainWiring:
    """Practice that is taken along on a phone: everything by its position in the author's order, which the phone shuffles."""

    def question(self, question: Question) -> str:
        """The question's own id."""
        return question.id

    def choices(self, question: Question) -> list[Shown]:
        """The options, items or gaps by position, from 1."""
        return _by_position(choices_of(question))

    def targets(self, question: Question) -> list[Shown]:
        """The targets by position, from 1."""
        return _by_position(targets_of(question))

    def words(self, question: Question, gap: Gap) -> list[Shown]:
        """The words by position, from 1."""
        return _by_position(words_of(gap))


@dataclass(frozen=True, slots=True)
class AttemptWiring:
    """A test: everything under a random key that only the attempt's seed explains."""

    seed: str

    def question(self, question: Question) -> str:
        """A wire key."""
        return self._wire(question.id)

    def choices(self, question: Question) -> list[Shown]:
        """The options, items or gaps under wire keys."""
        things = choices_of(question)
        if not isinstance(question, BlanksQuestion):
            things = shuffled(things, self.seed, question.id, "choice")
        return self._shown(things, question.id, "choice")

    def targets(self, question: Question) -> list[Shown]:
        """The targets under wire keys."""
        return self._shown(shuffled(targets_of(question), self.seed, question.id, "target"), question.id, "target")

    def words(self, question: Question, gap: Gap) -> list[Shown]:
        """The words under wire keys."""
        parts = (question.id, "gap", gap.key)
        return self._shown(shuffled(words_of(gap), self.seed, *parts), *parts)

    def _shown(self, things: Sequence[tuple[str, str]], *parts: str) -> list[Shown]:
        return [Shown(self._wire(*parts, key), key, html) for key, html in things]

    def _wire(self, *parts: str) -> str:
        return "w" + hmac.new(self.seed.encode(), "/".join(parts).encode(), hashlib.sha256).hexdigest()[:12]


def choices_of(question: Question) -> list[tuple[str, str]]:
    """(author's key, HTML) of each thing to choose, match or order, or of each gap; nothing where something is written."""
    match question:
        case ChoiceQuestion():
            return [(option.key, option.html) for option in question.options]
        case MatchQuestion():
            return [(pair.key, pair.html) for pair in question.pairs]
        case OrderQuestion():
            return [(item.key, item.html) for item in question.items]
        case BlanksQuestion():
            return [(gap.key, "") for gap in question.gaps]
        case TextQuestion():
            return []


def targets_of(question: Question) -> list[tuple[str, str]]:
    """(author's key, HTML) of each target of a match; nothing for other kinds."""
    return [(target.key, target.html) for target in question.targets] if isinstance(question, MatchQuestion) else []


def words_of(gap: Gap) -> list[tuple[str, str]]:
    """(author's key, text) of each word that may be chosen for a gap."""
    return [(option.key, option.text) for option in gap.options]


def drawn_questions(test: Module, drawn: Iterable[str]) -> list[Question]:
    """The questions with these ids, in this order."""
    by_id = {question.id: question for question in test.questions()}
    return [by_id[name] for name in drawn]


def _has_own_order(question: Question) -> bool:
    """Whether practice shows its parts as the author wrote them: true before false, gaps along their text."""
    return isinstance(question, BlanksQuestion) or (
        isinstance(question, ChoiceQuestion) and question.kind == "true-false"
    )


def _by_position(things: Sequence[tuple[str, str]]) -> list[Shown]:
    return [Shown(str(place), key, html) for place, (key, html) in enumerate(things, start=1)]
