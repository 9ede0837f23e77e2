"""Marks of answers in plain texts: titles, captions, words to choose. (`markdown.Leaves` looks at everything else.)"""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from lms.content.model import Edition
from lms.content.report import Report
from lms.i18n import N_

PLAIN = frozenset(
    "title summary audience objectives reviewed translators alt caption low high text accepted term".split()
)
_MARK = re.compile(r"\[\s{0,3}[xX✓✔]?\s{0,3}\]|\[\[")


def check(edition: Edition, report: Report, within: str) -> None:
    """Reports each plain text of the edition that learners would see with a mark in it, at the line of its block."""
    pages: list[tuple[str, Any]] = [("course.md", [edition.title, edition.summary, edition.audience, edition.about])]
    pages += [(module.file, [module]) for module in edition.modules.values()]
    if edition.knowledge:
        pages.append((edition.knowledge.file, [edition.knowledge]))
    pages.append(("glossary.md", list(edition.glossary.values())))
    for file, content in pages:
        for line, text in _texts(content, 1, plain=True):
            mark = _MARK.search(text)
            if mark:
                message = N_(
                    "“%(mark)s” would be shown as it is. An answer opens its line inside a question: “- [x] …”."
                )
                report.within(f"{within}/{file}").error(line, "answer-outside", message, mark=mark[0])


def _texts(value: Any, line: int, *, plain: bool) -> Iterator[tuple[int, str]]:
    """Each plain text within the value, with the line of what it belongs to."""
    if isinstance(value, str):
        if plain:
            yield line, value
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _texts(each, line, plain=plain)
    elif is_dataclass(value):
        own = getattr(value, "line", line)
        for each in fields(value):
            yield from _texts(getattr(value, each.name), own, plain=each.name in PLAIN)
