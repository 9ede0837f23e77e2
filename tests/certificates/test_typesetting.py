"""Every text fits its place, and every letter keeps its marks."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.certificates.pdfa import fonts
from lms.certificates.pdfa.fonts import BOLD, DISPLAY, TEXT
from lms.certificates.typesetting import fitted, split

NAMES = st.text(st.characters(categories=["L", "M", "P", "Zs"]), min_size=1, max_size=200)


@given(NAMES)
def test_no_line_is_too_wide_and_no_letter_is_lost(name: str) -> None:
    lines = split(name, DISPLAY, 20, 300)
    assert "".join(lines).replace(" ", "") == "".join(name.split())
    assert all(fonts.width(line, DISPLAY, 20) <= 300 for line in lines)


@given(NAMES)
def test_a_mark_stays_with_its_letter(name: str) -> None:
    starts = [line[:1] for line in split(name, DISPLAY, 20, 40)[1:]]
    words = {word[0] for word in name.split()}
    assert all(not unicodedata.combining(each) or each in words for each in starts if each)


@given(NAMES)
def test_what_is_drawn_is_what_was_measured(name: str) -> None:
    drawn = list(fonts.runs(name, DISPLAY))
    assert "".join(each.text for each in drawn) == fonts.shown(name, DISPLAY)
    assert all(ord(letter) in fonts.face(each.font).charToGlyph for each in drawn for letter in each.text)


def test_lines_are_alike_in_length() -> None:
    block = fitted("Protección de niñas, niños y adolescentes", BOLD, ((1, (40,)), (2, (20,))), 440)
    assert len(block.lines) == 2
    assert min(map(len, block.lines)) > 15


@pytest.mark.parametrize(("text", "font"), [("Ñandú ʼ ’", DISPLAY), ("Иван", DISPLAY), ("مريم", BOLD)])
def test_another_typeface_helps_out(text: str, font: str) -> None:
    assert fonts.shown(text, font) == text


def test_what_no_typeface_has_is_told_all_the_same() -> None:
    block = fitted("Li 李", DISPLAY, ((1, (20,)),), 300)
    assert fonts.shown(block.lines[0], DISPLAY) == "Li �"
    assert block.actual == "Li 李"
    assert fitted("Li", DISPLAY, ((1, (20,)),), 300).actual == ""


def test_marks_sit_over_and_under_their_letters() -> None:
    over = [each for each in fonts.runs("d\N{COMBINING ACUTE ACCENT}\N{COMBINING DIAERESIS}", TEXT) if each.rise]
    assert 0 < over[0].rise < over[1].rise
    under = [each for each in fonts.runs("p\N{COMBINING MACRON BELOW}", TEXT) if each.rise]
    assert under[0].rise < 0
    assert all(each.shift + each.back == pytest.approx(0, abs=1) for each in (*over, *under))
