"""What many people's results before and after a course come to."""

import uuid
from fractions import Fraction
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lms.learning.gain import ENOUGH, WHOLE, Gain, Sums, first_form, gain, other_form, points, released

PAIRS = some.lists(some.tuples(some.integers(0, WHOLE), some.integers(0, WHOLE)), max_size=60)


def shown_after(pairs: list[tuple[int, int]]) -> list[Sums]:
    """What is shown after each of them."""
    shown, waiting, states = Sums(), Sums(), [Sums()]
    for before, after in pairs:
        waiting += Sums(1, before, after)
        out = released(waiting)
        shown, waiting = shown + out, (Sums() if out.people else waiting)
        states.append(shown)
        assert waiting.people < ENOUGH
    assert shown + waiting == Sums(len(pairs), sum(one for one, _ in pairs), sum(other for _, other in pairs))
    return states


@given(PAIRS)
def test_no_two_states_of_what_is_shown_differ_by_fewer_than_ten_people(pairs: list[tuple[int, int]]) -> None:
    states = shown_after(pairs)
    for one, other in pairwise(states):
        assert one == other or other.people - one.people >= ENOUGH


@given(PAIRS)
def test_means_are_exact_and_a_gain_is_what_hake_says(pairs: list[tuple[int, int]]) -> None:
    shown = shown_after(pairs)[-1]
    found, counted = gain(shown), pairs[: shown.people]
    if not counted:
        assert found is None
        return
    assert found is not None
    before, after = (Fraction(sum(each), WHOLE * len(counted)) for each in zip(*counted, strict=True))
    assert (found.people, found.before, found.after) == (len(counted), before, after)
    if before == 1:
        assert found.normalized is None
    else:
        assert found.normalized is not None and found.normalized <= 1
        assert found.before + found.normalized * (1 - found.before) == found.after


@pytest.mark.parametrize(
    ("before", "after", "normalized"),
    [
        (Fraction(2, 5), Fraction(7, 10), Fraction(1, 2)),
        (Fraction(1, 2), Fraction(1, 2), 0),
        (0, 1, 1),
        (Fraction(1, 2), 0, -1),
        (1, 1, None),
    ],
)
def test_examples(before: Fraction, after: Fraction, normalized: Fraction | None) -> None:
    assert Gain(10, Fraction(before), Fraction(after)).normalized == normalized


def test_half_are_given_each_form_first_and_everybody_always_the_same() -> None:
    random = Random(7)
    people = [str(uuid.UUID(int=random.getrandbits(128), version=4)) for _ in range(4000)]
    first = [first_form(learner=each, course="c", major=1) for each in people]
    assert abs(first.count("a") - 2000) < 5 * 4000**0.5 / 2
    assert first == [first_form(learner=each, course="c", major=1) for each in people]
    elsewhere = [first_form(learner=each, course="d", major=1) for each in people]
    again = [first_form(learner=each, course="c", major=2) for each in people]
    for other in (elsewhere, again):
        same = sum(one == another for one, another in zip(first, other, strict=True))
        assert abs(same - 2000) < 5 * 4000**0.5 / 2, "one toss says nothing of another"
    assert {other_form(each) for each in first} == {"a", "b"} and other_form("a") == "b"


@given(some.fractions(0, 1))
def test_points_are_whole_and_near(share: Fraction) -> None:
    assert abs(Fraction(points(share), WHOLE) - share) <= Fraction(1, 2 * WHOLE)
    assert (points(Fraction(0)), points(Fraction(1))) == (0, WHOLE)


def test_counters_that_are_not_there_are_nothing() -> None:
    assert Sums.read({"people": 3, "other": 9}) == Sums(3, 0, 0)
