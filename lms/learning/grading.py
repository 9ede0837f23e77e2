"""Answers and what each is worth.

By author's keys: a choice `["b"]`, an order `["2", "1", "3"]`, a match or classification `{"1": "t2"}`, something written
`"Palermo"` or `"18,5"`, gaps `{"1": "consentimiento", "2": "1"}` (what was written, or the key of the word chosen).
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from lms.content.numbers import read_number, read_range
from lms.content.question_model import (
    BlanksQuestion,
    ChoiceQuestion,
    Expected,
    Gap,
    MatchQuestion,
    OrderQuestion,
    Question,
    TextQuestion,
)
from lms.content.written import fold
from lms.i18n import N_
from lms.refusals import Refusal

Answer = str | Sequence[str] | Mapping[str, str]
NOTHING, WHOLE = Fraction(0), Fraction(1)
MAX_WRITTEN = 200  # characters of one written answer


class UnknownAnswer(Refusal):
    """An answer names a question or an option that is not there."""

    message = N_("This answer does not belong to this page. Open the page again and answer there.")


class AnswerTooLong(Refusal):
    """More than any honest answer needs."""

    message = N_("This answer is too long to be kept. Make it shorter and send it again.")
    status = 413


def grade(question: Question, answer: Any) -> Fraction:
    """The share of the question's points that the answer earns, 0 to 1; anything malformed earns 0."""
    return earned(question, answer) or NOTHING


def earned(question: Question, answer: Any) -> Fraction | None:
    """The same share; None where the answer does not fit the question."""
    if not fits(question, answer):
        return None
    match question:
        case ChoiceQuestion():
            return _grade_choice(question, answer)
        case TextQuestion():
            found = foreseen(question, answer)
            return WHOLE if found and found.right else NOTHING
    pieces = right_pieces(question, answer)
    if question.scoring == "all":
        return WHOLE if all(pieces) else NOTHING
    return Fraction(sum(pieces), len(pieces))


def check(question: Question, answer: Any) -> None:
    """Nothing, when the answer has the question's shape and names only its keys. Raises UnknownAnswer, AnswerTooLong."""
    match question:
        case ChoiceQuestion():
            _check_list(answer, {option.key for option in question.options})
            if question.kind != "multiple" and len(answer) > 1:
                raise UnknownAnswer
        case OrderQuestion():
            _check_list(answer, {item.key for item in question.items})
            if len(answer) != len(question.items):
                raise UnknownAnswer
        case MatchQuestion():
            _check_mapping(answer, {pair.key for pair in question.pairs})
            if not set(answer.values()) <= {target.key for target in question.targets}:
                raise UnknownAnswer
        case BlanksQuestion():
            _check_mapping(answer, {gap.key for gap in question.gaps})
            for gap in question.gaps:
                _check_gap(gap, answer.get(gap.key, ""))
        case TextQuestion():
            _check_written(answer)


def fits(question: Question, answer: Any) -> bool:
    """Whether the answer has the question's shape and names only its keys."""
    try:
        check(question, answer)
    except Refusal:
        return False
    return True


def right_answer(question: Question) -> Answer:
    """An answer that earns everything."""
    match question:
        case ChoiceQuestion():
            return [option.key for option in question.options if option.right]
        case OrderQuestion():
            return [item.key for item in question.items]
        case MatchQuestion():
            return {pair.key: pair.target for pair in question.pairs}
        case BlanksQuestion():
            return {gap.key: right_word(gap)[0] for gap in question.gaps}
        case TextQuestion():
            first = next(each.text for each in question.expected if each.right)
            return first.partition("..")[0] if question.kind == "numeric" else first


def foreseen(question: TextQuestion, answer: str) -> Expected | None:
    """What the author foresaw that the answer is, right answers before mistakes."""
    ordered = sorted(question.expected, key=lambda each: not each.right)
    return next((each for each in ordered if _is(question, each, answer)), None)


def right_pieces(question: MatchQuestion | OrderQuestion | BlanksQuestion, answer: Any) -> list[bool]:
    """For each pair, item or gap whether the answer has it right."""
    match question:
        case MatchQuestion():
            return [answer.get(pair.key) == pair.target for pair in question.pairs]
        case OrderQuestion():
            return [item.key == given for item, given in zip(question.items, answer, strict=True)]
        case BlanksQuestion():
            return [_fills(question, gap, answer.get(gap.key, "")) for gap in question.gaps]


def right_word(gap: Gap) -> tuple[str, str]:
    """What fills a gap: the answer, and how it reads."""
    if gap.options:
        return next((option.key, option.text) for option in gap.options if option.right)
    return gap.accepted[0], gap.accepted[0]


def _is(question: TextQuestion, expected: Expected, answer: str) -> bool:
    if question.kind == "short":
        return bool(answer.strip()) and fold(expected.text, question.match) == fold(answer, question.match)
    number, numbers = read_number(answer), read_range(expected.text)
    return number is not None and numbers is not None and numbers[0] <= number <= numbers[1]


def _fills(question: BlanksQuestion, gap: Gap, given: str) -> bool:
    if gap.options:
        return given == right_word(gap)[0]
    return bool(given.strip()) and fold(given, question.match) in [fold(each, question.match) for each in gap.accepted]


def _grade_choice(question: ChoiceQuestion, answer: Sequence[str]) -> Fraction:
    right = {option.key for option in question.options if option.right}
    chosen = set(answer)
    if question.kind != "multiple" or question.scoring == "all":
        return WHOLE if chosen == right else NOTHING
    return max(NOTHING, Fraction(len(chosen & right) - len(chosen - right), len(right)))


def _check_list(answer: Any, keys: set[str]) -> None:
    if not isinstance(answer, list | tuple) or len(_texts(answer)) != len(answer) or not set(answer) <= keys:
        raise UnknownAnswer


def _check_mapping(answer: Any, keys: set[str]) -> None:
    if not isinstance(answer, Mapping) or not answer.keys() <= keys:
        raise UnknownAnswer
    _texts(answer.values())


def _check_gap(gap: Gap, given: str) -> None:
    if gap.options and given and given not in {option.key for option in gap.options}:
        raise UnknownAnswer
    _check_written(given)


def _check_written(answer: Any) -> None:
    if not isinstance(answer, str):
        raise UnknownAnswer
    if len(answer) > MAX_WRITTEN:
        raise AnswerTooLong


def _texts(values: Iterable[Any]) -> set[str]:
    texts = set()
    for value in values:
        if not isinstance(value, str):
            raise UnknownAnswer
        texts.add(value)
    return texts
