"""Numbers that are typed in by hand."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.certificates.number import ALPHABET, NoSuchNumber, new, parse


def plain(number: str) -> str:
    return number.replace("-", "")


def test_a_number_looks_as_it_is_promised() -> None:
    for _ in range(200):
        number = new("E2")
        assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}E2-[0-9A-HJKMNP-TV-Z]", number)
        assert parse(number) == number


@given(place=st.integers(0, 14), other=st.sampled_from(ALPHABET), seed=st.integers(0, 30))
def test_one_wrong_character_is_always_found(place: int, other: str, seed: int) -> None:
    text = plain(new("E2"))
    if text[place] == other:
        return
    with pytest.raises(NoSuchNumber):
        parse(text[:place] + other + text[place + 1 :])


@given(place=st.integers(0, 13))
def test_two_swapped_neighbours_are_always_found(place: int) -> None:
    text = plain(new("7K"))
    if text[place] == text[place + 1]:
        return
    with pytest.raises(NoSuchNumber):
        parse(text[:place] + text[place + 1] + text[place] + text[place + 2 :])


def test_what_people_type_is_forgiven() -> None:
    number = next(each for each in (new("E2") for _ in range(10_000)) if "0" in each and "1" in each)
    typed = plain(number).lower().replace("0", "o").replace("1", "l")
    assert parse(f"  {typed[:7]} {typed[7:]} ") == number


@pytest.mark.parametrize("text", ["", "hola", "7K3Q-ZX0T-9B4M-E2-", "U" * 15, "7" * 5000, "7K3Q–ZX0T"])
def test_anything_else_is_no_number(text: str) -> None:
    with pytest.raises(NoSuchNumber):
        parse(text)
