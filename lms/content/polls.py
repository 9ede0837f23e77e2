"""Polls and scales: questions without a right answer."""

from typing import TYPE_CHECKING, Any

from lms.content import asked
from lms.content.blocks import Directive
from lms.content.entries import Entries, keys_of, no_twins, read_entries
from lms.content.model import Poll
from lms.content.plain import plain_text
from lms.content.question_model import Target
from lms.i18n import N_

if TYPE_CHECKING:
    from lms.content.body import Builder

MAX_OPTIONS = 20
LEAST, MOST = 2, 10


def read(found: Directive, builder: "Builder") -> Poll:
    """The poll or scale of a directive; whatever is wrong with it is reported at its line."""
    parts = read_entries(found, builder.report)
    for child in found.children:
        if isinstance(child, Directive):
            message = N_("A question holds only text: put this block outside it.")
            builder.report.error(child.line, "block-in-question", message)
    words = asked.prompt(found, builder, parts.prompt)
    prefix = "p" if found.kind.name == "poll" else "s"
    shared: dict[str, Any] = {**words, "line": found.line, "title": found.title}
    shared["id"] = builder.id(found, prefix, plain_text(words["prompt"]))
    if found.kind.name == "poll":
        return Poll(**shared, kind="poll", options=_options(found, builder, parts))
    return _scale(found, builder, parts, shared)


def _options(found: Directive, builder: "Builder", parts: Entries) -> tuple[Target, ...]:
    entries, report = parts.entries, builder.report
    if not 2 <= len(entries) <= MAX_OPTIONS:
        message = N_("A poll has two to twenty options: lines “- what may be chosen”.")
        report.error(found.line, "few-options", message)
    for entry in entries:
        if entry.feedback:
            message = N_("No answer to a poll is right or wrong: take the reason away.")
            report.error(entry.feedback_line, "poll-reason", message)
    htmls = [builder.inline_or_empty(entry.text, entry.line) for entry in entries]
    no_twins(entries, htmls, report)
    return tuple(Target(key=key, html=html) for key, html in zip(keys_of(entries, report), htmls, strict=True))


def _scale(found: Directive, builder: "Builder", parts: Entries, shared: dict[str, Any]) -> Poll:
    steps, report = found.options.get("steps", "5"), builder.report
    if not steps.isdecimal() or not LEAST <= int(steps) <= MOST:
        report.error(found.line, "steps", N_("“steps” is a whole number from 2 to 10."))
        steps = "5"
    low, high = (found.options.get(name, "").strip() for name in ("low", "high"))
    if not low or not high:
        message = N_('A scale says what its ends mean: low="Not at all" high="Very much".')
        report.error(found.line, "ends", message)
    for entry in parts.entries:
        message = N_("A scale has no options: its steps are numbers. Take the list away, or write “::: poll”.")
        report.error(entry.line, "scale-options", message)
    options = tuple(Target(key=str(step), html=str(step)) for step in range(1, int(steps) + 1))
    return Poll(**shared, kind="scale", options=options, low=low, high=high)
