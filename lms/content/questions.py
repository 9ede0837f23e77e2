"""A question block: each kind of question by its reader."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from lms.content import asked, closed_questions, open_questions
from lms.content.blocks import Directive
from lms.content.entries import Entries, read_entries
from lms.content.plain import plain_text
from lms.content.question_model import Question
from lms.i18n import N_

if TYPE_CHECKING:
    from lms.content.body import Builder

MAX_OPTIONS = 20
Read = Callable[[Directive, "Builder", Entries, dict[str, Any]], Question]
READERS: Mapping[str, Read] = {
    "single": closed_questions.choice,
    "multiple": closed_questions.choice,
    "true-false": closed_questions.choice,
    "match": closed_questions.match,
    "classify": closed_questions.match,
    "order": closed_questions.order,
    "short": open_questions.text,
    "numeric": open_questions.text,
    "blanks": open_questions.blanks,
}


def read(found: Directive, builder: "Builder") -> Question:
    """The question of a directive; whatever is wrong with it is reported at its line."""
    parts = read_entries(found, builder.report)
    if len(parts.entries) > MAX_OPTIONS:
        builder.report.error(found.line, "too-many", N_("A question has 20 options at most. Make two of it."))
    shared = asked.shared(found, builder)
    if found.kind.name == "blanks":
        parts.prompt, parts.gapped = open_questions.split(parts.prompt)
    if parts.prompt or found.kind.name != "blanks":
        shared |= asked.prompt(found, builder, parts.prompt)
    else:
        shared |= {"vignette": "", "prompt": ""}
    words = plain_text(shared["prompt"]) or " ".join(line.text for line in parts.gapped)
    shared["id"] = builder.id(found, "q", words)
    return READERS[found.kind.name](found, builder, parts, shared)
