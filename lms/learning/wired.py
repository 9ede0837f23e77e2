"""A test's sheet as a phone sends it: the form as it was filled in, under the random keys of its ticket (docs/decisions/0041)."""

from collections.abc import Iterable, Mapping
from typing import Any

from lms.content.question_model import Question
from lms.learning.attempts import AttemptWiring
from lms.learning.forms import Form, read
from lms.learning.grading import Answer
from lms.refusals import Refusal


def answers(data: Mapping[str, Any], questions: Iterable[Question], seed: str) -> Mapping[str, Answer]:
    """The answers in an event's `data.wires`, by author's keys; what does not read answers nothing."""
    form = _form(data.get("wires"))
    try:
        return read(questions, AttemptWiring(seed), form).answers
    except Refusal:
        return {}


def _form(wires: Any) -> Form:
    if not isinstance(wires, dict):
        return {}
    if not all(isinstance(values, list) and all(isinstance(each, str) for each in values) for values in wires.values()):
        return {}
    return {name: values for name, values in wires.items() if values}
