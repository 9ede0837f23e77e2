"""Tables for publication in which nobody can be found: cells that are too small are put together with others, so that
neither a cell nor a sum or difference of cells tells of fewer than K people (docs/decisions/0032)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

K = 10
"""The fewest people that a published cell may stand for."""
Cells = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """A table as it may be seen: rows as they are, by key, and the sum of those that are told only together (none where
    every row is told). All of them add up to the table's total."""

    rows: Mapping[str, Cells]
    together: Cells | None


def publish(rows: Mapping[str, Cells], *, k: int = K) -> Published | None:
    """The table as it may be seen; None where no row of it can be.

    A row is shown if each of its cells has k people or none of its rows had to be hidden for another's sake. The hidden
    ones are two at least, and together have k people in each cell, so that each of their cells may be anything from 0 to
    that sum. Rows in which nobody is are left out: they say nothing of anybody.
    """
    there = {key: cells for key, cells in rows.items() if sum(cells)}
    shown = {key: cells for key, cells in there.items() if min(cells) >= k}
    hidden = {key: cells for key, cells in there.items() if key not in shown}
    smallest_last = sorted(shown, key=lambda key: (sum(shown[key]), key), reverse=True)
    while hidden and shown and not _hide_each_other(list(hidden.values()), k):
        key = smallest_last.pop()
        hidden[key] = shown.pop(key)
    if not shown:
        return None
    return Published(shown, added(list(hidden.values())) if hidden else None)


def publish_all(tables: Mapping[str, Mapping[str, Cells]], *, k: int = K) -> tuple[Cells, dict[str, Published]] | None:
    """The total and each table that may be seen; None where the total itself can't be.

    Each table divides the same people by something else, so that they share their total and nothing more: what one says
    narrows no cell of another. Raises ValueError for tables whose totals differ.
    """
    totals = {added(list(rows.values())) for rows in tables.values()}
    if len(totals) > 1:
        raise ValueError(f"tables of different people: {sorted(totals)}")
    total = totals.pop() if totals else ()
    if not total or min(total) < k:
        return None
    found = {name: publish(rows, k=k) for name, rows in tables.items()}
    return total, {name: table for name, table in found.items() if table}


def added(rows: Sequence[Cells]) -> Cells:
    """The sum of the rows, cell by cell."""
    return tuple(map(sum, zip(*rows, strict=True)))


def _hide_each_other(rows: Sequence[Cells], k: int) -> bool:
    return len(rows) >= 2 and min(added(rows)) >= k
