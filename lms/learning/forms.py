"""From a posted form to answers, and from a draft back to the form.

Field names: a choice `<question>` (once for each option chosen), something written `<question>`; a match, an order or a
gap `<question>.<part>`, its value the target's wire key, the item's place from 1, the word's wire key or what was written.
A draft keeps author's keys and may be half-filled; an order's draft is `{item: place}`, its answer the list of items.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lms.content.numbers import read_number
from lms.content.question_model import (
    BlanksQuestion,
    ChoiceQuestion,
    MatchQuestion,
    OrderQuestion,
    Question,
    TextQuestion,
)
from lms.learning.attempts import Wiring
from lms.learning.grading import MAX_WRITTEN, Answer, AnswerTooLong, UnknownAnswer

Form = Mapping[str, Sequence[str]]
"""Field name -> values, as posted."""
Draft = Mapping[str, Any]
"""Question id -> what was filled in, by author's keys."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A posted form: the draft as it is, the answers that can be graded, and questions that need mending first."""

    draft: Draft
    answers: Mapping[str, Answer]
    unfinished: frozenset[str]
    """An order begun but without a different place for each item; something that is no number where one is asked for."""


def read(questions: Iterable[Question], wiring: Wiring, form: Form) -> Filled:
    """What the form says. Raises UnknownAnswer for a field or a value that the page did not have, AnswerTooLong."""
    draft: dict[str, Any] = {}
    expected: set[str] = set()
    for question in questions:
        name = wiring.question(question)
        expected |= {name} | {f"{name}.{shown.wire}" for shown in wiring.choices(question)}
        value = _read(question, name, wiring, form)
        if value:
            draft[question.id] = value
    if not form.keys() <= expected:
        raise UnknownAnswer
    return _filled(list(questions), draft)


def answers_of(questions: Iterable[Question], draft: Draft) -> Filled:
    """The same for a draft that was kept; what no longer fits the questions is left out."""
    known = {question.id for question in questions}
    return _filled(list(questions), {name: value for name, value in draft.items() if name in known})


def fields(questions: Iterable[Question], wiring: Wiring, draft: Draft) -> dict[str, list[str]]:
    """The form's fields for a draft: what to show as filled in. What the question no longer has is left out."""
    values: dict[str, list[str]] = {}
    for question in questions:
        value = _shaped(question, draft.get(question.id))
        if not value:
            continue
        name = wiring.question(question)
        wires = {shown.key: shown.wire for shown in wiring.choices(question)}
        if isinstance(question, TextQuestion):
            values[name] = [value]
        elif isinstance(question, ChoiceQuestion):
            values[name] = [wires[key] for key in value if key in wires]
        else:
            parts = {key: given for key, given in value.items() if key in wires}
            values |= {f"{name}.{wires[key]}": [_shown(question, key, given, wiring)] for key, given in parts.items()}
    return values


def _read(question: Question, name: str, wiring: Wiring, form: Form) -> Any:
    wires = {shown.wire: shown.key for shown in wiring.choices(question)}
    match question:
        case ChoiceQuestion():
            return [_known(wires, wire) for wire in form.get(name, ())]
        case TextQuestion():
            return _written(form.get(name, ("",))[0])
    given = {key: form.get(f"{name}.{wire}", ("",))[0] for wire, key in wires.items()}
    return {key: _part(question, key, value, wiring) for key, value in given.items() if value.strip()}


def _part(question: MatchQuestion | OrderQuestion | BlanksQuestion, key: str, value: str, wiring: Wiring) -> str:
    match question:
        case MatchQuestion():
            return _known({shown.wire: shown.key for shown in wiring.targets(question)}, value)
        case OrderQuestion():
            return _known({str(place): str(place) for place in range(1, len(question.items) + 1)}, value)
        case BlanksQuestion():
            gap = next(gap for gap in question.gaps if gap.key == key)
            words = {shown.wire: shown.key for shown in wiring.words(question, gap)}
            return _known(words, value) if gap.options else _written(value)


def _shown(question: Question, key: str, given: str, wiring: Wiring) -> str:
    """What the field of a part holds for what the draft says: a wire key where there is one, else the text itself."""
    wires = {shown.key: shown.wire for shown in wiring.targets(question)}
    for gap in question.gaps if isinstance(question, BlanksQuestion) else ():
        if gap.key == key:
            wires = {shown.key: shown.wire for shown in wiring.words(question, gap)}
    return wires.get(given, str(given))


def _known(values: Mapping[str, str], wire: str) -> str:
    if wire not in values:
        raise UnknownAnswer
    return values[wire]


def _written(text: str) -> str:
    if len(text) > MAX_WRITTEN:
        raise AnswerTooLong
    return " ".join(text.split())


def _filled(questions: Sequence[Question], draft: Draft) -> Filled:
    answers: dict[str, Answer] = {}
    unfinished: set[str] = set()
    for question in questions:
        value = _shaped(question, draft.get(question.id))
        if not value:
            continue
        answer = _answer(question, value)
        if answer is None:
            unfinished.add(question.id)
        else:
            answers[question.id] = answer
    return Filled(draft=draft, answers=answers, unfinished=frozenset(unfinished))


def _shaped(question: Question, value: Any) -> Any:
    """The value where it has the shape of the question's drafts; nothing where the question was of another kind then."""
    match question:
        case ChoiceQuestion():
            return value if isinstance(value, list | tuple) else None
        case TextQuestion():
            return value if isinstance(value, str) else None
        case OrderQuestion() if isinstance(value, list | tuple):
            return {key: str(place) for place, key in enumerate(value, start=1)}
    return value if isinstance(value, Mapping) else None


def _answer(question: Question, value: Any) -> Answer | None:
    """The answer that the draft's value is, or None while it needs mending."""
    if isinstance(question, OrderQuestion):
        whole = len(set(value.values())) == len(question.items)
        return sorted(value, key=lambda key: int(value[key])) if whole else None
    if isinstance(question, TextQuestion) and question.kind == "numeric" and read_number(value) is None:
        return None
    answer: Answer = value
    return answer
