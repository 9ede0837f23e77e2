"""Text in the pieces that a reviewer takes one at a time, and where each stands."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.content.lines import Lines
from lms.content.markdown import Leaves
from lms.content.pieces import opening, pieces
from lms.content.plain import plain_words
from lms.content.report import Report

A = "[^a]"


def html(text: str) -> str:
    report = Report("x.md")
    made = Leaves(report).block(text, 1)
    assert not report.found
    return made


def said(text: str) -> list[str]:
    return [plain_words(each) for each in pieces(html(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Uno.{A}\n\nDos.{A}", ["Uno.", "Dos."]),
        ("Uno.\n\nDos.\n\nTres.", ["Uno. Dos. Tres."]),
        (f"Uno.\n\nDos.{A}\n\nTres.\n\nCuatro.", ["Uno.", "Dos.", "Tres. Cuatro."]),
        (f"Son dos:{A}\n\n- uno\n- dos\n\nMás.", ["Son dos: uno dos", "Más."]),
        (f"Son dos.{A}\n\n- uno\n- dos", ["Son dos.", "uno dos"]),
        (f"Hay:\n\n- uno{A}\n- dos\n- tres{A}\n\nMás.", ["Hay:", "uno", "dos", "tres", "Más."]),
        (f"> Cita.{A}\n\nUno.\n\n---\n\nDos.", ["Cita.", "Uno. Dos."]),
        (f"| a | b |\n|---|---|\n| c{A} | d |", ["a b c d"]),
        (f"Uno `<b>` y [más](https://example.org/?a=1&b=2).{A}\n\nDos  \ndos.", ["Uno <b> y más.", "Dos dos."]),
    ],
)
def test_what_names_a_source_stands_by_itself(text: str, expected: list[str]) -> None:
    assert said(text) == expected


def test_items_keep_their_numbers_and_what_is_within_them() -> None:
    first, second = pieces(html(f"3. Uno{A}\n    - dentro\n    - más\n4. Dos"))
    assert first.startswith('<ol start="3"><li>Uno')
    assert plain_words(first) == "Uno dentro más"
    assert second == '<ol start="4"><li>Dos</li></ol>'
    assert pieces(html(f"1. Uno{A}\n2. Dos"))[1].startswith('<ol start="2">')


WORDS = st.lists(st.sampled_from(["uno", "*dos*", f"tres.{A}", "«cuatro»", "[cinco](#s)", "seis:"]), min_size=1).map(
    " ".join
)
BLOCKS = st.lists(
    st.one_of(WORDS, WORDS.map("- {}\n- más".format), WORDS.map("> {}".format), st.just("---")), max_size=7
)


@given(BLOCKS.map("\n\n".join))
def test_nothing_is_lost_or_moved(text: str) -> None:
    whole = html(text)
    assert plain_words(" ".join(pieces(whole))).split() == plain_words(whole).split()


def test_a_piece_is_found_at_its_line() -> None:
    text = f"# {{#x}}\n\nLa [trata de personas](term:g-trata) no siempre.{A} Uno.\n\nOtra vez: la trata de\npersonas **no** siempre {{#y}}.\n\nLa trata."
    words = Lines(text)
    assert words.of(opening("<p>La trata de personas no siempre.</p>"), 1) == 3
    assert words.of(opening("<p>Otra vez: la trata</p>"), 1) == 5
    assert words.of(opening("<ul><li>la trata</li><li>y más</li></ul>"), 4) == 5
    assert words.of(opening("<p>La trata.</p>"), 6) == 8
    assert words.of(opening("<p>No está.</p>"), 4) == 4
    assert words.of(opening("<hr>"), 4) == 4


def test_every_paragraph_of_the_repositorys_course_is_found() -> None:
    path = Path(__file__).parents[2] / "courses_content/trata-de-personas/es/05-derechos-y-coordinacion.md"
    lines = path.read_text("utf-8").split("\n")
    start = next(place for place, line in enumerate(lines) if line.startswith("## ")) + 1
    words = Lines("\n".join(lines))
    for number, line in enumerate(lines[start:], start + 1):
        if line[:1].isalpha() and not lines[number - 2]:
            paragraph = "\n".join(lines[number - 1 :]).partition("\n\n")[0]
            shown = Leaves(Report("x.md")).block(paragraph, 1)
            assert words.of(opening(shown), max(1, number - 20)) == number, line
