"""Answers and what each is worth.

By author's keys: a choice `["b"]`, an order `["2", "1", "3"]`, a match `{"1": "t2"}`.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lms.content.model import ChoiceQuestion, MatchQuestion, OrderQuestion, Question
from lms.i18n import N_
from lms.refusals import Refusal

Answer = Sequence[str] | Mapping[str, str]
NOTHING, WHOLE = Fraction(0), Fraction(1)


class UnknownAnswer(Refusal):
    """An answer names a question or an option that is not there."""

    message = N_("This answer does not belong to this page. Open the page again and answer there.")


def grade(question: Question, answer: Any) -> Fraction:
    """The share of the question's points that the answer earns, 0 to 1; anything malformed earns 0."""
    try:
        check(question, answer)
    except UnknownAnswer:
        return NOTHING
    if isinstance(question, ChoiceQuestion):
        return _grade_choice(question, answer)
    pieces = _match_pieces(question, answer) if isinstance(question, MatchQuestion) else _order_pieces(question, answer)
    if question.scoring == "all":
        return WHOLE if all(pieces) else NOTHING
    return Fraction(sum(pieces), len(pieces))


def check(question: Question, answer: Any) -> None:
    """Nothing, when the answer has the question's shape and names only its keys. Raises UnknownAnswer."""
    if isinstance(question, MatchQuestion):
        keys = {pair.key for pair in question.pairs}
        targets = {target.key for target in question.targets}
        if not isinstance(answer, Mapping) or not answer.keys() <= keys or not _texts(answer.values()) <= targets:
            raise UnknownAnswer
        return
    if not isinstance(answer, list | tuple) or len(_texts(answer)) != len(answer):
        raise UnknownAnswer
    if isinstance(question, OrderQuestion):
        if set(answer) != {item.key for item in question.items}:
            raise UnknownAnswer
    elif not set(answer) <= {option.key for option in question.options} or _too_many(question, answer):
        raise UnknownAnswer


def right_answer(question: Question) -> Answer:
    """The answer that earns everything."""
    if isinstance(question, ChoiceQuestion):
        return [option.key for option in question.options if option.right]
    if isinstance(question, MatchQuestion):
        return {pair.key: pair.target for pair in question.pairs}
    return [item.key for item in question.items]


def _texts(values: Any) -> set[str]:
    if not all(isinstance(value, str) for value in values):
        raise UnknownAnswer
    return set(values)


def _too_many(question: ChoiceQuestion, answer: Sequence[str]) -> bool:
    return question.kind != "multiple" and len(answer) > 1


def _grade_choice(question: ChoiceQuestion, answer: Sequence[str]) -> Fraction:
    right = {option.key for option in question.options if option.right}
    chosen = set(answer)
    if question.kind != "multiple" or question.scoring == "all":
        return WHOLE if chosen == right else NOTHING
    return max(NOTHING, Fraction(len(chosen & right) - len(chosen - right), len(right)))


def _match_pieces(question: MatchQuestion, answer: Mapping[str, str]) -> list[bool]:
    return [answer.get(pair.key) == pair.target for pair in question.pairs]


def _order_pieces(question: OrderQuestion, answer: Sequence[str]) -> list[bool]:
    return [item.key == given for item, given in zip(question.items, answer, strict=True)]
