"""What a programme counts of itself: people trained and certificates, by quarter, course, country and kind of institution
(docs/decisions/0032 defines each)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

Measure = Literal["people", "certificates"]
Dimension = Literal["quarter", "course", "country", "type"]
MEASURES: tuple[Measure, ...] = get_args(Measure)
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
NOT_SAID = "none"
"""The key of those of whom a country or a kind of institution is not known."""
LONGEST = 40
"""Quarters between the first and the last one that are shown with nothing in them; a clock that was wrong makes more."""


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three months of a year."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter that the day is in."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def parse(cls, key: str) -> "Quarter":
        """The quarter with that key. Raises ValueError."""
        year, _, number = key.partition("-")
        return cls(int(year), int(number))

    @property
    def key(self) -> str:
        """`2026-4`."""
        return f"{self.year}-{self.number}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> "Quarter":
        """The one after it."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)


@dataclass(frozen=True, slots=True)
class Cell:
    """A number as the database counts it: of those who share these keys. None stands for what they were not told apart by:
    the same person may be in several cells that differ in that."""

    measure: Measure
    n: int
    course: str | None = None
    quarter: str | None = None
    country: str | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """Those with this key; the total's is empty. Each person counts once in each row that she belongs to, so that the rows
    of a table may add up to more than its total."""

    key: str
    people: int = 0
    certificates: int = 0


@dataclass(frozen=True, slots=True)
class Indicators:
    """The figures: in all, and the table of each dimension."""

    total: Row
    tables: Mapping[Dimension, tuple[Row, ...]]


def indicators(cells: Iterable[Cell]) -> Indicators:
    """The figures that these cells add up to: quarters in their order without gaps, everything else the most people first
    and what is not known last. The total is added up from the cells of countries, where each person is once."""
    found: dict[Dimension, dict[str, Counter[Measure]]] = {each: {} for each in DIMENSIONS}
    for cell in cells:
        for dimension, keys in found.items():
            key = getattr(cell, dimension)
            if key is not None:
                keys.setdefault(key or NOT_SAID, Counter())[cell.measure] += cell.n
    rows = {each: [_row(key, numbers) for key, numbers in keys.items()] for each, keys in found.items()}
    total: Counter[Measure] = sum(found["country"].values(), Counter())
    tables = {each: _in_time(rows[each]) if each == "quarter" else _by_size(rows[each]) for each in DIMENSIONS}
    return Indicators(_row("", total), tables)


def quarters(first: date, last: date) -> list[Quarter]:
    """Every quarter from that of one day to that of the other."""
    found, end = [Quarter.of(first)], Quarter.of(last)
    while found[-1] < end:
        found.append(found[-1].next)
    return found


def _row(key: str, numbers: Counter[Measure]) -> Row:
    return Row(key, numbers["people"], numbers["certificates"])


def _by_size(rows: list[Row]) -> tuple[Row, ...]:
    seen = [each for each in rows if each.people or each.certificates]
    return tuple(sorted(seen, key=lambda row: (row.key == NOT_SAID, -row.people, -row.certificates, row.key)))


def _in_time(rows: list[Row]) -> tuple[Row, ...]:
    known = {Quarter.parse(row.key): row for row in rows if row.people or row.certificates}
    if not known:
        return ()
    every = quarters(min(known).first, max(known).first)
    shown = every if len(every) <= LONGEST else sorted(known)
    return tuple(known.get(each) or Row(each.key) for each in shown)
