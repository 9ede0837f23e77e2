"""What to tell a learner about an answer: for each option, item or gap whether it was right, and the author's reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import Any

from lms.content.question_model import (
    BlanksQuestion,
    ChoiceQuestion,
    MatchQuestion,
    OrderQuestion,
    Question,
    TextQuestion,
)
from lms.learning.grading import fits, foreseen, grade, right_pieces, right_word

WRITTEN = "written"
"""The key of the one part of an answer that is written."""


_NONE: Mapping[type, Any] = {
    ChoiceQuestion: (),
    MatchQuestion: {},
    OrderQuestion: (),
    TextQuestion: "",
    BlanksQuestion: {},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """About one option, item or gap, by the author's key. `given` and `wanted` are HTML: of a match's targets, of places,
    of what was written (a number's `wanted` is as `Expected` keeps it: `17.5..18.5`)."""

    key: str
    chosen: bool
    right: bool
    """An option: whether it is a right one. Else: whether what was given is right."""
    feedback: str = ""
    given: str = ""
    wanted: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """About one answer: the share it earned and what to say of each part."""

    share: Fraction
    parts: Mapping[str, Told]


def feedback(question: Question, answer: Any) -> Feedback:
    """What to tell about this answer; one that does not fit the question counts as none."""
    answer = answer if fits(question, answer) else _NONE[type(question)]
    match question:
        case ChoiceQuestion():
            told = _choice(question, answer)
        case MatchQuestion():
            told = _match(question, answer)
        case OrderQuestion():
            told = _order(question, answer)
        case TextQuestion():
            told = [_written(question, answer)]
        case BlanksQuestion():
            told = _gaps(question, answer)
    return Feedback(share=grade(question, answer), parts={part.key: part for part in told})


def _choice(question: ChoiceQuestion, answer: Sequence[str]) -> list[Told]:
    return [
        Told(key=option.key, chosen=option.key in answer, right=option.right, feedback=option.feedback)
        for option in question.options
    ]


def _match(question: MatchQuestion, answer: Mapping[str, str]) -> list[Told]:
    html = {target.key: target.html for target in question.targets}
    return [
        Told(
            key=pair.key,
            chosen=pair.key in answer,
            right=right,
            feedback=pair.feedback,
            given=html.get(answer.get(pair.key, ""), ""),
            wanted=html[pair.target],
        )
        for pair, right in zip(question.pairs, right_pieces(question, answer), strict=True)
    ]


def _order(question: OrderQuestion, answer: Sequence[str]) -> list[Told]:
    places = {key: str(place) for place, key in enumerate(answer, start=1)}
    return [
        Told(
            key=item.key,
            chosen=item.key in places,
            right=places.get(item.key) == str(place),
            feedback=item.feedback,
            given=places.get(item.key, ""),
            wanted=str(place),
        )
        for place, item in enumerate(question.items, start=1)
    ]


def _written(question: TextQuestion, answer: str) -> Told:
    """Another form of the right answer has the reason of the first, unless it has its own."""
    found = foreseen(question, answer)
    wanted = next(each for each in question.expected if each.right)
    right = found is not None and found.right
    reason = found.feedback if found else ""
    return Told(
        key=WRITTEN,
        chosen=bool(answer),
        right=right,
        feedback=reason or (wanted.feedback if right else ""),
        given=escape(answer),
        wanted=escape(wanted.text),
    )


def _gaps(question: BlanksQuestion, answer: Mapping[str, str]) -> list[Told]:
    told = []
    for gap, right in zip(question.gaps, right_pieces(question, answer), strict=True):
        given = answer.get(gap.key, "")
        words = {option.key: option.text for option in gap.options}
        part = Told(
            key=gap.key,
            chosen=bool(given),
            right=right,
            given=escape(words.get(given, given)),
            wanted=escape(right_word(gap)[1]),
        )
        told.append(part)
    return told
