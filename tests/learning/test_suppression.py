"""Tables for publication, attacked: whoever has all of them, and knows how they are made, learns of nobody."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.learning.suppression import Cells, Published, added, publish, publish_all

NAMES = ("quarter", "course", "country", "type")
Person = tuple[str, str, str, str, int]
"""Her quarter, course, country and kind of institution, and which of the two answers she gave."""


def tables_of(population: list[Person]) -> dict[str, dict[str, Cells]]:
    made: dict[str, dict[str, Cells]] = {name: {} for name in NAMES}
    for person in population:
        for place, name in enumerate(NAMES):
            cells = list(made[name].get(person[place], (0, 0)))
            cells[person[4]] += 1
            made[name][person[place]] = (cells[0], cells[1])
    return made


@st.composite
def populations(draw: st.DrawFn) -> list[Person]:
    """Up to 400 people, most of them in a few places."""
    chance = random.Random(draw(st.integers(0, 10**9)))
    sizes = [draw(st.integers(1, most)) for most in (4, 6, 9, 12)]
    skew, women = draw(st.floats(0.3, 3)), draw(st.floats(0.02, 0.98))
    return [
        (*(f"{int(size * chance.random() ** skew)}" for size in sizes), int(chance.random() > women))  # type: ignore[misc]
        for _ in range(draw(st.integers(0, 400)))
    ]


def hidden_in(rows: Mapping[str, Cells], table: Published | None) -> list[str]:
    return [key for key, cells in rows.items() if sum(cells) and not (table and key in table.rows)]


@given(populations())
def test_no_cell_is_under_ten_nor_is_any_sum_or_difference(population: list[Person]) -> None:
    tables = tables_of(population)
    made = publish_all(tables)
    if made is None:
        total = added(list(tables["quarter"].values())) if population else (0,)
        assert min(total) < 10
        return
    total, published = made
    assert min(total) >= 10
    for table in published.values():
        rows = [*table.rows.values(), *([table.together] if table.together else [])]
        assert all(cell >= 10 for cells in rows for cell in cells)
        assert added(rows) == total, (
            "what is published adds up: whatever is subtracted from the total is published itself"
        )


@given(populations())
def test_every_hidden_cell_may_be_anything_in_a_wide_interval(population: list[Person]) -> None:
    """For each hidden cell two other populations of which all tables together would say exactly the same."""
    tables = tables_of(population)
    made = publish_all(tables)
    if made is None:
        return
    total, published = made
    for place, name in enumerate(NAMES):
        hidden = hidden_in(tables[name], published.get(name))
        for key in hidden:
            for answer in (0, 1):
                most = [moved(each, place, hidden, key, answer) for each in population]
                least = [moved(each, place, hidden, other_than(key, hidden), answer) for each in population]
                for variant in (most, least):
                    assert_says_the_same(variant, total, published)
                values = [tables_of(each)[name].get(key, (0, 0))[answer] for each in (least, most)]
                assert values[0] == 0 and values[1] >= 10, "from nobody to ten or more"


def moved(person: Person, place: int, hidden: list[str], to: str, answer: int) -> Person:
    """Whoever gave that answer in a hidden row is in another row instead."""
    if person[place] not in hidden or person[4] != answer:
        return person
    changed = list(person)
    changed[place] = to
    return tuple(changed)  # type: ignore[return-value]


def other_than(key: str, hidden: list[str]) -> str:
    return next(each for each in hidden if each != key)


def assert_says_the_same(population: list[Person], total: Cells, published: Mapping[str, Published]) -> None:
    tables = tables_of(population)
    for name in NAMES:
        assert added(list(tables[name].values())) == total
        for key, cells in published[name].rows.items() if name in published else ():
            assert tables[name][key] == cells


@given(populations())
def test_linear_algebra_determines_no_hidden_cell(population: list[Person]) -> None:
    """The equations of all tables together, solved: no unknown has one solution, nor has any difference to the total."""
    tables = tables_of(population)
    made = publish_all(tables)
    if made is None:
        return
    total, published = made
    for answer in (0, 1):
        unknowns = [(name, key) for name in NAMES for key in hidden_in(tables[name], published.get(name))]
        equations = []
        for name in NAMES:
            shown = sum(cells[answer] for cells in published[name].rows.values()) if name in published else 0
            equations.append([*(int(each[0] == name) for each in unknowns), total[answer] - shown])
        for line in reduced([list(map(Fraction, each)) for each in equations]):
            assert sum(1 for each in line[:-1] if each) != 1, "an equation with one unknown"


def reduced(lines: list[list[Fraction]]) -> list[list[Fraction]]:
    """The equations in reduced echelon form."""
    done: list[list[Fraction]] = []
    for column in range(len(lines[0]) - 1):
        pivot = next((line for line in lines if line[column]), None)
        if pivot is None:
            continue
        lines.remove(pivot)
        pivot = [each / pivot[column] for each in pivot]
        lines = [[a - line[column] * b for a, b in zip(line, pivot, strict=True)] for line in lines]
        done = [[a - line[column] * b for a, b in zip(line, pivot, strict=True)] for line in done]
        done.append(pivot)
    return done


@pytest.mark.parametrize(("k", "rows", "most"), [(2, 3, 6), (3, 3, 7), (2, 4, 4), (2, 2, 9)])
def test_knowing_how_tables_are_made_does_not_help(k: int, rows: int, most: int) -> None:
    """Every table that there can be, put together by what is published of it: within each lot a hidden cell has at least
    k + 1 values, from the least to the greatest at least k apart."""
    for total in ((a, b) for a in range(k, most + 1) for b in range(k, most + 1)):
        lots: dict[object, list[tuple[tuple[int, ...], tuple[int, ...]]]] = defaultdict(list)
        for firsts in divided(total[0], rows):
            for seconds in divided(total[1], rows):
                table = publish({str(n): cells for n, cells in enumerate(zip(firsts, seconds, strict=True))}, k=k)
                said = (tuple(sorted(table.rows.items())), table.together) if table else None
                lots[said].append((firsts, seconds))
        for said, possible in lots.items():
            shown = dict(said[0]) if said else {}  # type: ignore[index]
            for row in (n for n in range(rows) if str(n) not in shown):
                for answer in (0, 1):
                    values = {each[answer][row] for each in possible}
                    nobody = all(each[0][row] == each[1][row] == 0 for each in possible)
                    assert nobody or max(values) - min(values) >= k, (said, row, answer)


def divided(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Every way to divide that many among so many."""
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in divided(total - first, parts - 1):
            yield (first, *rest)


def test_one_small_row_takes_another_with_it() -> None:
    made = publish({"a": (40, 40), "b": (11, 12), "c": (3, 20), "d": (0, 0)})
    assert made == Published({"a": (40, 40)}, (14, 32))
    assert publish({"a": (10, 10)}) == Published({"a": (10, 10)}, None)
    assert publish({"a": (9, 100), "b": (9, 9)}) is None
    assert publish({}) is None


def test_a_total_that_is_small_is_no_total() -> None:
    assert publish_all({"course": {"a": (50, 9)}}) is None
    assert publish_all({}) is None
    assert publish_all({"course": {}}) is None


def test_tables_of_different_people_are_refused() -> None:
    with pytest.raises(ValueError, match="different people"):
        publish_all({"course": {"a": (50, 50)}, "type": {"b": (50, 51)}})
