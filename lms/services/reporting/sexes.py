"""The sex of those who complete a course, for a donor who needs it: asked once a year, kept only as counters of nobody in
particular, shown only in tables for publication (docs/decisions/0032).

`Woman` and `man` are counted; everything else is not, so that not even the counters tell who said nothing. The tables of
a year are made once it is over: from then on they never change, and no two of them differ by one person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from lms.learning.grading import UnknownAnswer
from lms.learning.indicators import DIMENSIONS, Dimension, Quarter
from lms.learning.suppression import Cells, Published, publish_all
from lms.storage import indicators, polls

ANSWERS = ("untold", "woman", "man", "other")
"""How it may be answered, in the order in which the form has it."""
COUNTED = ("woman", "man")
POLL = "sex"


@dataclass(frozen=True, slots=True)
class Year:
    """What may be published of a year that is over: the total of each answer, and each table in which nobody can be found."""

    year: int
    total: Cells
    tables: Mapping[Dimension, Published]


def is_asked(tx: Connection, *, learner: str, today: date) -> bool:
    """Whether she has not been asked this year."""
    return _poll(today.year) not in polls.answered(tx, course="", learner=learner)


def count(tx: Connection, *, learner: str, course: str, answer: str, today: date) -> None:
    """Her answer is counted, unless she has been asked before this year. Raises UnknownAnswer.

    Each counter is written, also those that grow by nothing, so that the database does not know what was said, nor
    whether anything was.
    """
    if answer not in ANSWERS:
        raise UnknownAnswer
    if not polls.take(tx, course="", poll=_poll(today.year), learner=learner):
        return
    country, kind = indicators.place_of(tx, learner)
    quarter = Quarter.of(today).number
    keys: dict[Dimension, str] = {"quarter": str(quarter), "course": course, "country": country, "type": kind}
    places = [_place(today.year, dimension, key) for dimension, key in keys.items()]
    polls.add_all(tx, {(*place, each): int(each == answer) for place in places for each in COUNTED})


def published(tx: Connection, *, today: date) -> list[Year]:
    """What may be published of each year that is over, the newest first."""
    years: dict[int, dict[Dimension, dict[str, dict[str, int]]]] = {}
    for (course, poll), options in polls.beginning(tx, f"{POLL}:").items():
        _, year, dimension, key = _parts(course, poll)
        if int(year) < today.year:
            years.setdefault(int(year), {each: {} for each in DIMENSIONS})[dimension][key] = options
    found = (
        (year, publish_all({name: _rows(keys) for name, keys in tables.items()})) for year, tables in years.items()
    )
    return [Year(year, *made) for year, made in sorted(found, reverse=True) if made]  # type: ignore[arg-type]


def _poll(year: int) -> str:
    return f"{POLL}:{year}"


def _place(year: int, dimension: Dimension, key: str) -> tuple[str, str]:
    """The course and the poll that a counter stands under."""
    return (key, f"{_poll(year)}:course:") if dimension == "course" else ("", f"{_poll(year)}:{dimension}:{key}")


def _parts(course: str, poll: str) -> tuple[str, str, Dimension, str]:
    word, year, dimension, key = poll.split(":", 3)
    name = next(each for each in DIMENSIONS if each == dimension)
    return word, year, name, course if name == "course" else key


def _rows(keys: Mapping[str, Mapping[str, int]]) -> dict[str, Cells]:
    return {key: tuple(options.get(each, 0) for each in COUNTED) for key, options in keys.items()}
