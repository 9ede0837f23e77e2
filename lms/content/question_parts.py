"""A question as whoever reviews it reads it: each option, item, gap or foreseen answer with what is right and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from lms.content.question_model import (
    BlanksQuestion,
    ChoiceQuestion,
    MatchQuestion,
    OrderQuestion,
    Question,
    TextQuestion,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part. `kind` is `right`, `wrong`, `item` (with what it `leads` to), `text` (with its gaps filled), `hint`,
    `explanation`; beside questions `option` and a story's `choice`, whose `score` says how good it is. All but `kind` and
    `score` is HTML."""

    kind: str
    html: str
    leads: str = ""
    score: int = 0
    reason: str = ""


def parts_of(question: Question) -> tuple[Part, ...]:
    """The question's parts in its author's order, then its hints and explanation."""
    hints = [Part(kind="hint", html=html) for html in question.hints]
    told = [Part(kind="explanation", html=question.explanation)] if question.explanation else []
    return (*_parts(question), *hints, *told)


def _parts(question: Question) -> Iterator[Part]:
    match question:
        case ChoiceQuestion():
            for option in question.options:
                yield Part(kind=_kind(option.right), html=option.html, reason=option.feedback)
        case MatchQuestion():
            named = {target.key: target.html for target in question.targets}
            for pair in question.pairs:
                yield Part(kind="item", html=pair.html, leads=named[pair.target], reason=pair.feedback)
            used = {pair.target for pair in question.pairs}
            yield from (Part(kind="wrong", html=html) for key, html in named.items() if key not in used)
        case OrderQuestion():
            for item in question.items:
                yield Part(kind="item", html=item.html, reason=item.feedback)
        case TextQuestion():
            for each in question.expected:
                yield Part(kind=_kind(each.right), html=escape(each.text), reason=each.feedback)
        case BlanksQuestion():
            yield Part(kind="text", html=_filled(question))
            for gap in question.gaps:
                yield from (Part(kind="wrong", html=escape(each.text)) for each in gap.options if not each.right)


def _kind(right: bool) -> str:
    return "right" if right else "wrong"


def _filled(question: BlanksQuestion) -> str:
    """The text with what is right in each gap."""
    rights = [gap.accepted or tuple(option.text for option in gap.options if option.right) for gap in question.gaps]
    filled = [f"<strong>[{escape(' / '.join(words))}]</strong>" for words in rights]
    return "".join(text + gap for text, gap in zip(question.texts, [*filled, ""], strict=True))
