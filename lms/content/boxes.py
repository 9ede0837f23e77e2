"""Boxes, accordions, cards and prompts: what stands out from the text."""

import re
from typing import TYPE_CHECKING, cast

from lms.content.arrows import sides
from lms.content.blocks import Directive
from lms.content.model import Callout, CalloutKind, Card, Cards, Details, Reflection
from lms.content.plain import plain_text
from lms.content.source import Line
from lms.i18n import N_

if TYPE_CHECKING:
    from lms.content.body import Builder

_ITEM = re.compile(r"\s*[-*+•–]\s+(?P<text>.*)$")


def callout(found: Directive, builder: "Builder") -> Callout:
    """A box."""
    title = builder.inline_or_empty(found.title, found.line)
    return Callout(line=found.line, kind=cast(CalloutKind, found.kind.name), title=title, body=builder.body(found))


def details(found: Directive, builder: "Builder") -> Details:
    """An accordion."""
    if not found.title:
        message = N_("This block needs a title: “::: details What opens it”.")
        builder.report.error(found.line, "no-title", message)
    title = builder.inline_or_empty(found.title, found.line)
    return Details(line=found.line, title=title, body=builder.body(found))


def reflection(found: Directive, builder: "Builder") -> Reflection:
    """A prompt to think about."""
    words = next((each.text for each in found.children if isinstance(each, Line) and each.text.strip()), "")
    name = builder.id(found, "r", words)
    return Reflection(line=found.line, id=name, title=found.title, body=builder.body(found))


def cards(found: Directive, builder: "Builder") -> Cards:
    """Cards that turn."""
    for child in found.children:
        if isinstance(child, Directive):
            builder.report.error(child.line, "block-in-cards", N_("Cards hold only text: put this block outside."))
    made = [card for line in found.children if isinstance(line, Line) and (card := _card(line, builder))]
    if not made and not builder.report.failed:
        builder.report.error(found.line, "empty-block", N_("This block is empty. Write its text before “:::”."))
    words = found.title or (plain_text(made[0].front) if made else "")
    return Cards(line=found.line, id=builder.id(found, "fc", words), title=found.title, cards=tuple(made))


def misplaced(found: Directive, builder: "Builder") -> None:
    """Nothing: the block belongs in a question."""
    message = N_("“::: %(name)s” belongs inside a question, before the line “:::” that closes it.")
    builder.report.error(found.line, "outside-question", message, name=found.word)


def _card(line: Line, builder: "Builder") -> Card | None:
    if not line.text.strip():
        return None
    item = _ITEM.match(line.text)
    written = sides(item["text"]) if item else None
    if written is None or not written[0]:
        builder.report.error(line.number, "card", N_("A card is one line: “- front -> back”."))
        return None
    front, back = (builder.leaves.inline(side, line.number) for side in written)
    return Card(line=line.number, front=front, back=back)
