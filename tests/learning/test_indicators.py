"""Tables from what was counted."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.learning.indicators import NOT_SAID, Cell, Quarter, Row, indicators, quarters


@pytest.mark.parametrize(
    ("day", "key", "first", "last"),
    [
        (date(2026, 1, 1), "2026-1", date(2026, 1, 1), date(2026, 3, 31)),
        (date(2024, 3, 31), "2024-1", date(2024, 1, 1), date(2024, 3, 31)),
        (date(2026, 12, 31), "2026-4", date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_a_quarter_is_three_months(day: date, key: str, first: date, last: date) -> None:
    quarter = Quarter.of(day)
    assert (quarter.key, quarter.first, quarter.last) == (key, first, last)
    assert Quarter.parse(key) == quarter


@given(st.dates(date(1970, 1, 1), date(2100, 1, 1)), st.integers(0, 3000))
def test_quarters_follow_each_other_and_hold_every_day(first: date, days: int) -> None:
    last = date.fromordinal(first.toordinal() + days)
    found = quarters(first, last)
    assert found[0].first <= first and last <= found[-1].last
    for one, other in pairwise(found):
        assert one.next == other and one.last.toordinal() + 1 == other.first.toordinal()


def test_cells_are_added_up_into_tables() -> None:
    found = indicators(
        [
            Cell("people", 3, country="GT", type="health"),
            Cell("people", 2, country="", type="health"),
            Cell("people", 4, course="a"),
            Cell("people", 3, course="b"),
            Cell("people", 5, quarter="2026-1"),
            Cell("people", 1, quarter="2026-3"),
            Cell("certificates", 4, course="a", quarter="2026-1", country="GT", type="health"),
            Cell("certificates", 1, course="b", quarter="2026-3", country="", type=""),
        ]
    )
    assert found.total == Row("", 5, 5)
    assert found.tables == {
        "quarter": (Row("2026-1", 5, 4), Row("2026-2"), Row("2026-3", 1, 1)),
        "course": (Row("a", 4, 4), Row("b", 3, 1)),
        "country": (Row("GT", 3, 4), Row(NOT_SAID, 2, 1)),
        "type": (Row("health", 5, 4), Row(NOT_SAID, 0, 1)),
    }


def test_nothing_counted_is_a_zero() -> None:
    found = indicators([])
    assert found.total == Row("") and not any(found.tables.values())


def test_a_clock_that_was_wrong_makes_no_page_of_empty_quarters() -> None:
    cells = [Cell("people", 1, quarter="1970-1"), Cell("people", 9, quarter="2026-4")]
    assert [row.key for row in indicators(cells).tables["quarter"]] == ["1970-1", "2026-4"]
