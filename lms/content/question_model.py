"""Questions as their authors wrote them (see `lms.content.model`)."""

from dataclasses import dataclass
from typing import Literal

Scoring = Literal["partial", "all"]
Matching = Literal["exact", "loose"]
"""`exact`: capitals and spaces make no difference. `loose`: accents make none either (ñ stays ñ)."""
WRITTEN = 220
"""Characters that one written answer may take when it is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What every question has. `vignette` stands before the `prompt`, which is the legend; `hints` may be opened before
    answering, the `explanation` is told after it."""

    line: int
    id: str
    title: str
    vignette: str
    prompt: str
    points: int
    pool: str
    scoring: Scoring
    hints: tuple[str, ...] = ()
    explanation: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An option of a choice question; `key` is the author's `{key}` or its 1-based position at first release."""

    line: int
    key: str
    html: str
    right: bool
    feedback: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceQuestion(Asked):
    """Single, multiple or true/false."""

    kind: Literal["single", "multiple", "true-false"]
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What items are matched to."""

    key: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """An item and the key of the target it belongs to."""

    line: int
    key: str
    html: str
    target: str
    feedback: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchQuestion(Asked):
    """Items to targets, or to the categories that they belong to; several items may share a target, and a target may
    be a distractor."""

    kind: Literal["match", "classify"]
    pairs: tuple[Pair, ...]
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to put in order."""

    line: int
    key: str
    html: str
    feedback: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderQuestion(Asked):
    """Items in their right order."""

    kind: Literal["order"]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """An answer that is foreseen, right or a common mistake. A number's `text` is `18`, `17.5..18.5`, with a decimal
    point and without spaces."""

    line: int
    key: str
    text: str
    right: bool
    feedback: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextQuestion(Asked):
    """Something to write: a few words (compared as `match` says) or a number."""

    kind: Literal["short", "numeric"]
    match: Matching
    expected: tuple[Expected, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GapOption:
    """A word to choose for a gap."""

    key: str
    text: str
    right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A gap in a text: to be chosen from `options`, or, without any, to be written as one of `accepted`."""

    key: str
    accepted: tuple[str, ...]
    options: tuple[GapOption, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BlanksQuestion(Asked):
    """A text with gaps: HTML, gap, HTML, gap … HTML (`texts` has one more than `gaps`; only together are they whole)."""

    kind: Literal["blanks"]
    match: Matching
    texts: tuple[str, ...]
    gaps: tuple[Gap, ...]


Question = ChoiceQuestion | MatchQuestion | OrderQuestion | TextQuestion | BlanksQuestion


def shown_texts(question: Question) -> list[str]:
    """The HTML of a question that its form shows: not its reasons, its explanation or what is right."""
    texts = [question.vignette, question.prompt, *question.hints]
    match question:
        case ChoiceQuestion():
            texts += [option.html for option in question.options]
        case MatchQuestion():
            texts += [pair.html for pair in question.pairs] + [target.html for target in question.targets]
        case OrderQuestion():
            texts += [item.html for item in question.items]
        case BlanksQuestion():
            texts += question.texts
    return texts


def answer_size(question: Question) -> int:
    """About how many characters the longest answer takes when it is kept."""
    match question:
        case ChoiceQuestion():
            parts = [len(option.key) + 4 for option in question.options]
        case MatchQuestion():
            parts = [len(pair.key) + len(pair.target) + 8 for pair in question.pairs]
        case OrderQuestion():
            parts = [len(item.key) + 4 for item in question.items]
        case BlanksQuestion():
            parts = [len(gap.key) + (24 if gap.options else WRITTEN) for gap in question.gaps]
        case TextQuestion():
            parts = [WRITTEN]
    return len(question.id) + 6 + sum(parts)
