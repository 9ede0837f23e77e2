"""What every question and poll has: its text, its points and pool, its hints and explanation."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from lms.content.blocks import Directive
from lms.content.names import MATCHES, SCORES, WITHIN_QUESTIONS, folded
from lms.content.question_model import Matching
from lms.content.source import Line
from lms.i18n import N_

if TYPE_CHECKING:
    from lms.content.body import Builder


def shared(found: Directive, builder: "Builder") -> dict[str, Any]:
    """What the opening line and the blocks within say, by the fields of `model.Asked`."""
    hints, explanation = _asides(found, builder)
    return {
        "line": found.line,
        "title": found.title,
        "points": _points(found, builder),
        "pool": _pool(found, builder),
        "scoring": _word(
            found,
            builder,
            ("score", SCORES, "partial"),
            N_("“score” is “all” (everything right or nothing) or “partial”."),
        ),
        "hints": hints,
        "explanation": explanation,
    }


def matching(found: Directive, builder: "Builder", default: Matching) -> Matching:
    """How what is written is compared."""
    message = N_("“match” is “loose” (accents make no difference) or “exact”.")
    return cast(Matching, _word(found, builder, ("match", MATCHES, default), message))


def prompt(found: Directive, builder: "Builder", lines: Sequence[Line]) -> dict[str, str]:
    """The `prompt`, which is the last paragraph, and the `vignette` before it."""
    parts = paragraphs(lines)
    if not parts:
        message = N_("The question has no text. Write what you ask before the options.")
        builder.report.error(found.line, "no-prompt", message)
        return {"vignette": "", "prompt": ""}
    *before, last = parts
    asked = builder.leaves.inline("\n".join(line.text for line in last), last[0].number)
    if not before:
        return {"vignette": "", "prompt": asked}
    text = "\n".join(line.text for line in lines[: lines.index(last[0])])
    return {"vignette": builder.leaves.block(text.strip("\n"), before[0][0].number), "prompt": asked}


def paragraphs(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines in runs, without the empty lines between them."""
    runs: list[list[Line]] = [[]]
    for line in lines:
        if line.text.strip():
            runs[-1].append(line)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _asides(found: Directive, builder: "Builder") -> tuple[tuple[str, ...], str]:
    """The hints and the explanation within a question; any other block there is reported."""
    hints: list[str] = []
    explanation = ""
    for child in found.children:
        if isinstance(child, Line):
            continue
        if child.kind.name not in WITHIN_QUESTIONS:
            message = N_("A question holds only text: put this block outside it.")
            builder.report.error(child.line, "block-in-question", message)
        elif child.kind.name == "hint":
            hints.append(_aside(child, builder))
        elif explanation:
            message = N_("A question has one explanation. Put both texts in one block.")
            builder.report.error(child.line, "two-explanations", message)
        else:
            explanation = _aside(child, builder)
    return tuple(hints), explanation


def _aside(found: Directive, builder: "Builder") -> str:
    for child in found.children:
        if isinstance(child, Directive):
            message = N_("A hint or an explanation holds only text: put this block outside the question.")
            builder.report.error(child.line, "block-in-question", message)
    lines = [child for child in found.children if isinstance(child, Line)]
    if not paragraphs(lines):
        builder.report.error(found.line, "empty-block", N_("This block is empty. Write its text before “:::”."))
        return ""
    text = "\n".join(line.text for line in lines).strip("\n")
    return builder.leaves.block(text, paragraphs(lines)[0][0].number)


def _points(found: Directive, builder: "Builder") -> int:
    text = found.options.get("points", "1")
    if not re.fullmatch(r"[1-9]\d?", text):
        builder.report.error(found.line, "points", N_("“points” is a whole number from 1 to 99."))
        return 1
    return int(text)


def _pool(found: Directive, builder: "Builder") -> str:
    pool = found.options.get("pool", "")
    if pool and not re.fullmatch(r"[a-z0-9-]{1,64}", pool):
        message = N_("“%(name)s” is no pool: write small letters, digits and hyphens.")
        builder.report.error(found.line, "pool", message, name=pool)
    return pool


def _word(found: Directive, builder: "Builder", option: tuple[str, Mapping[str, str], str], message: str) -> str:
    """The option's value among the words it may have; another one is reported with that message."""
    name, words, default = option
    text = folded(found.options.get(name, default))
    if text not in words:
        builder.report.error(found.line, name, message)
    return words.get(text, default)
