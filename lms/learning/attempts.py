"""Drawing a test, and showing questions so that nothing on the page tells what is right.

Orders are by SHA-256 of `seed/…`, so that another language can give the same ones. A test page carries random wire keys
for questions, options, items and targets alike, all of one length; a practice page carries the positions shown.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from lms.content.model import ChoiceQuestion, MatchQuestion, Module, Question

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
        """The options or items, in the order shown."""

    def targets(self, question: Question) -> list[Shown]:
        """What items are matched to, in the order shown."""


@dataclass(frozen=True, slots=True)
class PracticeWiring:
    """Practice: an order for each learner and question, and the positions shown as keys."""

    learner: str

    def question(self, question: Question) -> str:
        """The question's own id: practice hides nothing of it."""
        return question.id

    def choices(self, question: Question) -> list[Shown]:
        """The options or items by position, from 1."""
        if isinstance(question, ChoiceQuestion) and question.kind == "true-false":
            return _by_position(choices_of(question))
        return _by_position(shuffled(choices_of(question), self.learner, question.id, "choice"))

    def targets(self, question: Question) -> list[Shown]:
        """The targets by position, from 1."""
        return _by_position(shuffled(targets_of(question), self.learner, question.id, "target"))


@dataclass(frozen=True, slots=True)
class AttemptWiring:
    """A test: everything under a random key that only the attempt's seed explains."""

    seed: str

    def question(self, question: Question) -> str:
        """A wire key."""
        return self._wire(question.id)

    def choices(self, question: Question) -> list[Shown]:
        """The options or items under wire keys."""
        return self._shown(choices_of(question), question.id, "choice")

    def targets(self, question: Question) -> list[Shown]:
        """The targets under wire keys."""
        return self._shown(targets_of(question), question.id, "target")

    def _shown(self, things: Sequence[tuple[str, str]], question: str, part: str) -> list[Shown]:
        return [Shown(self._wire(question, part, key), key, html) for key, html in self._order(things, question, part)]

    def _order(self, things: Sequence[tuple[str, str]], question: str, part: str) -> list[tuple[str, str]]:
        return shuffled(things, self.seed, question, part)

    def _wire(self, *parts: str) -> str:
        return "w" + hmac.new(self.seed.encode(), "/".join(parts).encode(), hashlib.sha256).hexdigest()[:12]


def choices_of(question: Question) -> list[tuple[str, str]]:
    """(author's key, HTML) of each thing that a learner chooses, matches or orders."""
    if isinstance(question, ChoiceQuestion):
        return [(option.key, option.html) for option in question.options]
    if isinstance(question, MatchQuestion):
        return [(pair.key, pair.html) for pair in question.pairs]
    return [(item.key, item.html) for item in question.items]


def targets_of(question: Question) -> list[tuple[str, str]]:
    """(author's key, HTML) of each target of a match; nothing for other kinds."""
    return [(target.key, target.html) for target in question.targets] if isinstance(question, MatchQuestion) else []


def drawn_questions(test: Module, drawn: Iterable[str]) -> list[Question]:
    """The questions with these ids, in this order."""
    by_id = {question.id: question for question in test.questions()}
    return [by_id[name] for name in drawn]


def _by_position(things: Sequence[tuple[str, str]]) -> list[Shown]:
    return [Shown(str(place), key, html) for place, (key, html) in enumerate(things, start=1)]
