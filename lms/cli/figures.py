"""The table of `lms check --figures`: what each course comes to in each language."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict

from lms.content.wording.ease import formula
from lms.content.wording.figures import Figures
from lms.i18n import N_

HEADINGS = (
    N_("Course"),
    N_("Language"),
    N_("Words"),
    N_("Minutes"),
    N_("Questions"),
    N_("Kinds"),
    N_("Reading ease"),
    N_("Long sentences"),
)
NUMBERS = 2
"""The columns from here on are numbers, which end under each other."""


def table(rows: Sequence[Figures], gettext: Callable[[str], str]) -> str:
    """The figures as lines of aligned columns, headings first."""
    lines = [[gettext(each) for each in HEADINGS], *(_cells(each) for each in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place < NUMBERS else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def as_json(rows: Sequence[Figures]) -> str:
    """The figures as a list of objects; `ease` is null where there is none, `scale` names its formula."""
    made = [{**asdict(each), "scale": _scale(each.language)} for each in rows]
    return json.dumps(made, ensure_ascii=False, indent=1)


def _cells(row: Figures) -> list[str]:
    ease = "–" if row.ease is None else f"{_scale(row.language)} {row.ease}"
    numbers = (row.words, row.minutes, row.questions, len(row.kinds))
    return [row.course, row.language, *map(str, numbers), ease, str(row.long_sentences)]


def _scale(language: str) -> str | None:
    rule = formula(language)
    return rule.name if rule else None
