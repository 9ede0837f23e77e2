"""Tails of chance are exact."""

from itertools import product
from math import comb, prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.content.wording.chance import at_least


@given(st.integers(0, 14), st.floats(0, 1))
def test_with_equal_chances_it_is_the_binomial_tail(n: int, p: float) -> None:
    for count in range(n + 2):
        tail = sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(count, n + 1))
        assert at_least(count, [p] * n) == pytest.approx(tail, abs=1e-12)


@given(st.lists(st.sampled_from([0.0, 0.2, 0.25, 1 / 3, 0.5, 1.0]), max_size=6), st.integers(0, 7))
def test_with_any_chances_it_is_what_counting_every_case_gives(chances: list[float], count: int) -> None:
    cases = product([0, 1], repeat=len(chances))
    every = (
        prod(p if hit else 1 - p for p, hit in zip(chances, case, strict=True)) for case in cases if sum(case) >= count
    )
    assert at_least(count, chances) == pytest.approx(sum(every), abs=1e-12)
