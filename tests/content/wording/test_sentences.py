"""Sentences, their words, where they stand in a file, and how easy a text is to read."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.content.lines import Lines
from lms.content.wording.ease import FEWEST, ease, formula
from lms.content.wording.sentences import MOST_WORDS, opening, sentences, too_long, words


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Una. Dos. Tres", ["Una.", "Dos.", "Tres"]),
        ("¿Quiere volver? ¿Tiene miedo? Pregunte.", ["¿Quiere volver?", "¿Tiene miedo?", "Pregunte."]),
        ("«Firmó. Caso cerrado». Después se fue.", ["«Firmó.", "Caso cerrado».", "Después se fue."]),
        ("Dice «¿por qué?» y se calla.", ["Dice «¿por qué?» y se calla."]),
        ("Vea el art. 3 y los arts. 5 y 6. Luego siga.", ["Vea el art. 3 y los arts. 5 y 6.", "Luego siga."]),
        ("Son 12. 30 personas esperan.", ["Son 12.", "30 personas esperan."]),
        ("Espere… Ya viene.", ["Espere…", "Ya viene."]),
        ("El Sr. Pérez, p. ej. Ana, en EE. UU. vive.", ["El Sr. Pérez, p. ej. Ana, en EE. UU. vive."]),
        ("Una lista: dos cosas; nada más.", ["Una lista: dos cosas; nada más."]),
        ("", []),
    ],
)
def test_a_sentence_ends_before_a_capital_or_a_digit(text: str, parts: list[str]) -> None:
    assert list(sentences(text)) == parts


@given(st.lists(st.text("aáñ b12.?!…»«¿ ", min_size=1)).map(" ".join))
def test_no_word_is_lost_between_sentences(text: str) -> None:
    assert [word for each in sentences(text) for word in words(each)] == words(text)


def test_a_word_without_end_takes_no_time_without_end() -> None:
    endless = "a" * 400_000  # hours, if a stop were looked for anew from each letter
    assert list(sentences(endless)) == [endless]


def test_a_long_sentence_is_one_word_over() -> None:
    whole = "palabra " * (MOST_WORDS - 1)
    assert list(too_long(f"{whole}fin.")) == []
    assert list(too_long(f"Corta. Y {whole}fin. Corta.")) == [(f"Y {whole}fin.", MOST_WORDS + 1)]
    assert opening("Uno dos tres cuatro cinco seis siete.") == "Uno dos tres cuatro cinco seis"


def test_numbers_with_points_and_words_with_hyphens_are_one() -> None:
    assert words("El 6.3 de 1.200, bien-estar, A/RES/73 y l'eau.") == [
        "El",
        "6.3",
        "de",
        "1.200",
        "bien-estar",
        "A/RES/73",
        "y",
        "l'eau",
    ]


FILE = """---
title: El camino corto
---
Un párrafo con un [término
largo](term:g-largo) y una fuente.[^pal] Sigue
aquí **otra vez**, con calma.

- [x] Sí, claro que sí
  > Porque sí, claro que sí.
"""


@pytest.mark.parametrize(
    ("text", "start", "line"),
    [
        ("El camino corto", 1, 2),
        ("Un párrafo con un término largo y una fuente.", 4, 4),
        ("Sigue aquí otra vez, con calma.", 4, 5),
        ("otra vez, con", 4, 6),
        ("Sí, claro que sí", 8, 8),
        ("Porque sí, claro", 8, 9),
        ("Sí, claro que sí", 9, 9),
        ("No está en ninguna parte", 4, 4),
        ("Un párrafo sin término", 4, 4),
        ("", 7, 7),
    ],
)
def test_words_are_found_across_markup_and_lines(text: str, start: int, line: int) -> None:
    assert Lines(FILE).of(text, start) == line


def test_ease_is_the_formula_of_szigriszt_pazos() -> None:
    text = ["La niña lee un libro."] * 20 + ["Ella sabe 12."] * 20
    syllables, count, said = 20 * 8 + 20 * 4, 20 * 5 + 20 * 2, 40
    assert ease(text, "es") == pytest.approx(206.835 - 62.3 * syllables / count - count / said)
    assert ease(text, "es-GT") == ease(text, "es")


def test_ease_in_english_is_flesch() -> None:
    assert ease(["The cat sat on the mat."] * 20, "en") == pytest.approx(206.835 - 84.6 - 1.015 * 6)


def test_too_little_text_or_a_language_without_formula_has_no_ease() -> None:
    assert ease(["Una palabra"] * (FEWEST // 2 - 1), "es") is None
    assert ease(["Una palabra"] * (FEWEST // 2), "es") is not None
    assert ease(["Jun tzij"] * 200, "quc") is None
    assert ease([], "es") is None
    assert formula("quc") is None


def test_longer_sentences_and_words_are_harder() -> None:
    texts = ["La mesa. " * 60, "La mesa, la mesa, la mesa. " * 30, "La responsabilidad institucional. " * 40]
    assert all(one > other for one, other in pairwise(ease([text], "es") or 0 for text in texts))
