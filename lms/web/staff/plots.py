"""Bars drawn by the server: where each part of a plot stands. Templates draw it (macros/plot.html); its numbers are in a
table beside it, and every bar has its own written at its end."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 340
"""Of the drawing, in its own units: a narrow phone's width, so that letters are never smaller than there."""
LONGEST_LINE = 44
"""Of a name, in characters; a longer one takes two lines, and what does not fit in those is left out."""
LINE = 15
MOST_COLUMNS = 8
"""So many quarters stand beside each other; more are listed as bars."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: which of the series it belongs to, its place and size, and the number at its end."""

    series: int
    x: float
    y: float
    width: float
    height: float
    number: int


@dataclass(frozen=True, slots=True)
class Group:
    """The bars of one row with its name, in the lines that it takes."""

    name: str
    lines: tuple[str, ...]
    x: float
    y: float
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing of that size; `standing`: whether its bars stand up, as they do for time."""

    groups: tuple[Group, ...]
    height: float
    standing: bool = False
    width: int = WIDTH
    percent: bool = False
    """Whether its numbers are hundredths."""


def lying(rows: Sequence[tuple[str, Sequence[int]]], *, percent: bool = False) -> Plot:
    """A bar for each number of each row, below the row's name, all to one scale: that of the greatest, or of a hundred."""
    greatest = 100 if percent else max((number for _, numbers in rows for number in numbers), default=0) or 1
    room, thick, between = WIDTH - 52, 13, 15
    groups, y = [], 0.0
    for name, numbers in rows:
        lines = wrapped(name)
        below = y + 5 + LINE * len(lines)
        bars = tuple(
            Bar(n, 0, below + n * between, round(room * number / greatest, 1), thick, number)
            for n, number in enumerate(numbers)
        )
        groups.append(Group(name, lines, 0, y + 14, bars))
        y = below + between * len(numbers) + 8
    return Plot(tuple(groups), y, percent=percent)


def in_time(rows: Sequence[tuple[str, Sequence[int]]]) -> Plot:
    """Bars that stand beside each other in their order, all to one scale; lying ones where they are too many."""
    if not 1 < len(rows) <= MOST_COLUMNS:
        return lying(rows)
    greatest = max((number for _, numbers in rows for number in numbers), default=0) or 1
    top, floor, step = 18, 150, WIDTH / len(rows)
    thick = min(26.0, (step - 10) / 2)
    groups = []
    for place, (name, numbers) in enumerate(rows):
        middle = step * (place + 0.5)
        bars = []
        for n, number in enumerate(numbers):
            height = round((floor - top) * number / greatest, 1)
            x = middle - thick * len(numbers) / 2 + n * thick
            bars.append(Bar(n, round(x, 1), floor - height, round(thick - 2, 1), height, number))
        groups.append(Group(name, (name,), round(middle, 1), floor + 16, tuple(bars)))
    return Plot(tuple(groups), floor + 38, standing=True)


def wrapped(name: str) -> tuple[str, ...]:
    """The name in one line or two, as much of it as there is room for."""
    first, *rest = textwrap.wrap(name, LONGEST_LINE) or [""]
    return (first, textwrap.shorten(" ".join(rest), LONGEST_LINE, placeholder="…")) if rest else (first,)
