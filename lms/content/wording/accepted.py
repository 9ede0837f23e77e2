"""What an author means as it is: findings that course.yml accepts, each with its reason."""

from collections.abc import Iterable
from dataclasses import dataclass

from lms.content.fields import Fields
from lms.content.written import fold
from lms.i18n import N_

CODES = (
    "answer-position",
    "hard-to-read",
    "long-sentence",
    "mark-differs",
    "no-notice",
    "no-source",
    "no-sources",
    "option-length",
    "option-lengths",
    "repeated-stem",
    "same-answers",
    "term",
    "verify-left",
)
"""The codes of what is advised: these may be accepted, and nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """An entry of `accepted`: a code, the unit where it is found (see `lms.content.units`), and, where there are
    several, words of what it is about. It holds in every language, and stays true when lines move."""

    line: int
    code: str
    unit: str
    text: str = ""

    def accepts(self, code: str, unit: str, words: str) -> bool:
        """Whether it is meant for a finding with that code, in that unit, about those words."""
        return (self.code, self.unit) == (code, unit) and fold(self.text, "exact") in fold(words, "exact")


def read_accepted(rows: Iterable[Fields]) -> tuple[Acceptance, ...]:
    """The entries under `accepted` in course.yml; whatever is wrong with one is reported."""
    made = []
    for row in rows:
        code, unit, text = row.text("code", required=True), row.text("unit", required=True), row.text("text")
        row.text("why", required=True)
        row.end()
        if code in CODES and unit:
            made.append(Acceptance(line=row.line, code=code, unit=unit, text=text))
        elif code and code not in CODES:
            row.report.unknown(
                row.line_of("code"),
                "unknown-code",
                code,
                CODES,
                plain=N_("“%(name)s” is no advice: only what is advised about the wording can be accepted."),
                guess=N_("“%(name)s” is no advice. Did you mean “%(guess)s”?"),
            )
    return tuple(made)
