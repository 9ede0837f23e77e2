"""From a posted form to answers, and from a draft back to the form.

Field names: a choice `<question>` (once for each option chosen); a match or an order `<question>.<item>`, its value the
target's wire key or the item's place from 1. A draft keeps author's keys and may be half-filled; an order's draft is
`{item: place}`, its answer the list of items.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lms.content.model import ChoiceQuestion, MatchQuestion, OrderQuestion, Question
from lms.learning.attempts import Wiring
from lms.learning.grading import Answer, UnknownAnswer

Form = Mapping[str, Sequence[str]]
"""Field name -> values, as posted."""
Draft = Mapping[str, Any]
"""Question id -> what was filled in, by author's keys."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A posted form: the draft as it is, the answers that can be graded, and questions that need mending first."""

    draft: Draft
    answers: Mapping[str, Answer]
    unordered: frozenset[str]
    """Ordering questions begun but without a different place for each item."""


def read(questions: Iterable[Question], wiring: Wiring, form: Form) -> Filled:
    """What the form says. Raises UnknownAnswer for a field or a value that the page did not have."""
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
    """The form's fields for a draft: what to show as chosen."""
    values: dict[str, list[str]] = {}
    for question in questions:
        value = draft.get(question.id)
        if not value:
            continue
        name = wiring.question(question)
        choices = {shown.key: shown.wire for shown in wiring.choices(question)}
        targets = {shown.key: shown.wire for shown in wiring.targets(question)}
        if isinstance(value, Mapping):
            for key, given in value.items():
                if key in choices:
                    values[f"{name}.{choices[key]}"] = [targets.get(given, str(given))]
        elif isinstance(question, OrderQuestion):
            for place, key in enumerate(value, start=1):
                if key in choices:
                    values[f"{name}.{choices[key]}"] = [str(place)]
        else:
            values[name] = [choices[key] for key in value if key in choices]
    return values


def _read(question: Question, name: str, wiring: Wiring, form: Form) -> Any:
    choices = {shown.wire: shown.key for shown in wiring.choices(question)}
    if isinstance(question, ChoiceQuestion):
        return [_known(choices, wire) for wire in form.get(name, ())]
    if isinstance(question, MatchQuestion):
        values = {shown.wire: shown.key for shown in wiring.targets(question)}
    else:
        values = {str(place): str(place) for place in range(1, len(question.items) + 1)}
    given = {key: form.get(f"{name}.{wire}", ("",))[0] for wire, key in choices.items()}
    return {key: _known(values, value) for key, value in given.items() if value}


def _known(values: Mapping[str, str], wire: str) -> str:
    if wire not in values:
        raise UnknownAnswer
    return values[wire]


def _filled(questions: Sequence[Question], draft: Draft) -> Filled:
    answers: dict[str, Answer] = {}
    unordered: set[str] = set()
    for question in questions:
        value = draft.get(question.id)
        if not value:
            continue
        if isinstance(question, OrderQuestion):
            if len(set(value.values())) == len(question.items):
                answers[question.id] = _in_order(value)
            else:
                unordered.add(question.id)
        else:
            answers[question.id] = value
    return Filled(draft=draft, answers=answers, unordered=frozenset(unordered))


def _in_order(places: Mapping[str, str]) -> list[str]:
    return sorted(places, key=lambda key: int(places[key]))
