"""A text in lines that fit."""

import unicodedata
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lms.lines import split


@given(st.text("aé q\u0313 \u0301ñ", min_size=1, max_size=40), st.integers(2, 9))
def test_nothing_is_lost_and_no_letter_parts_from_its_marks(text: str, most: int) -> None:
    lines = split(text, lambda line: len(line) <= most)
    assert "".join(lines).replace(" ", "") == "".join(text.split())
    for before, after in pairwise(lines):
        assert before
        torn = unicodedata.combining(after[0]) and not any(word[:1] == after[0] for word in text.split())
        assert not torn


def test_a_word_longer_than_a_line_is_broken() -> None:
    assert split("uno desatornillador", lambda line: len(line) <= 6) == ["uno", "desato", "rnilla", "dor"]
    assert split("", lambda _line: True) == [""]
