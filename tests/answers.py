"""Answers to any question, by author's keys."""

from collections.abc import Iterable
from html import unescape
from typing import Any

from lms.content.question_model import (
    BlanksQuestion,
    ChoiceQuestion,
    MatchQuestion,
    OrderQuestion,
    Question,
    TextQuestion,
)
from lms.learning.paper import Keyed


def wrong_answer(question: Question) -> Any:
    """An answer of which nothing is right."""
    match question:
        case ChoiceQuestion():
            return [option.key for option in question.options if not option.right][:1]
        case MatchQuestion():
            targets = [target.key for target in question.targets]
            return {pair.key: next(key for key in targets if key != pair.target) for pair in question.pairs}
        case OrderQuestion():
            keys = [item.key for item in question.items]
            return [*keys[1:], keys[0]]
        case BlanksQuestion():
            return {
                gap.key: next((option.key for option in gap.options if not option.right), "zzz")
                for gap in question.gaps
            }
        case TextQuestion():
            return "99999" if question.kind == "numeric" else "zzz"


def sheet_form(keyed: Iterable[Keyed]) -> dict[str, list[str]]:
    """What somebody enters for a sheet of paper on which everything is right, by its key."""
    form: dict[str, list[str]] = {}
    for each in keyed:
        name = each.asked.id
        if each.asked.kind in ("single", "multiple", "true-false"):
            form[name] = [_number(part.mark) for part in each.parts if part.right]
        elif each.asked.kind in ("short", "numeric"):
            form[name] = [unescape(next(part.html for part in each.parts if part.right)).partition("..")[0]]
        else:
            place = "p" if each.asked.kind == "order" else ""
            said = {part.mark: _number(part.letter) if part.letter else unescape(part.wanted[0]) for part in each.parts}
            form |= {f"{name}.{place}{mark}": [value] for mark, value in said.items()}
    return form


def _number(letter: str) -> str:
    return str(ord(letter) - ord("A") + 1)
