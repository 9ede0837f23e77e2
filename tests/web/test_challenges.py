"""A challenge: this installation's, good for five minutes, and nothing else is."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from lms.certificates.signed import base64url, raw
from lms.web.device.challenges import is_good, make
from tests.conftest import NOW

SECRET, OTHER = b"s" * 32, b"t" * 32


@given(seconds=st.integers(-600, 900), parts=st.floats(0, 0.999))
def test_it_is_good_for_five_minutes(seconds: int, parts: float) -> None:
    made = make(SECRET, NOW + timedelta(seconds=parts))
    assert is_good(made, SECRET, NOW + timedelta(seconds=seconds)) == (0 <= seconds <= 300)
    assert not is_good(made, OTHER, NOW)


@given(place=st.integers(0, 55), bit=st.integers(0, 7))
def test_no_flipped_bit_is_good(place: int, bit: int) -> None:
    changed = bytearray(raw(make(SECRET, NOW)))
    changed[place] ^= 1 << bit
    assert not is_good(base64url(bytes(changed)), SECRET, NOW)


@given(st.one_of(st.none(), st.integers(), st.text(max_size=90), st.binary(max_size=70).map(base64url)))
def test_nothing_else_is_good(text: object) -> None:
    assert not is_good(text, SECRET, NOW)


def test_no_two_are_alike() -> None:
    assert len({make(SECRET, NOW) for _ in range(50)}) == 50
