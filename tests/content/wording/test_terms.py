"""Words to avoid: the lists say what they catch, and a quoted word is not meant."""

from importlib.resources import files

import pytest
import yaml

from lms.content.wording.terms import found, terms

ROWS = [
    (language, row)
    for language in ("es", "en")
    for row in yaml.safe_load((files("lms.content.wording") / f"terms.{language}.yml").read_text("utf-8"))
]


@pytest.mark.parametrize(("language", "row"), ROWS, ids=[f"{language}-{row['use'][:30]}" for language, row in ROWS])
def test_an_entry_catches_its_examples_and_no_other(language: str, row: dict[str, list[str]]) -> None:
    assert row.keys() <= {"avoid", "use", "unless", "exact", "caught", "fine"}
    for text in row["caught"]:
        assert row["use"] in [better for _, better in found(text, language)], text
    for text in row["fine"]:
        assert list(found(text, language)) == [], text


@pytest.mark.parametrize(
    "text",
    [
        "No diga «los ilegales».",
        "No diga “los ilegales”.",
        'No diga "los ilegales".',
        "No diga ‘los ilegales’.",
        "La deportación es un acto legal.",
        "Las personas menores de 18 años.",
        "El Convenio 189 nombra a la trabajadora doméstica.",
        "El Protocolo dice «entrada ilegal».",
    ],
)
def test_a_word_that_is_quoted_or_a_term_of_law_is_no_word_to_avoid(text: str) -> None:
    assert list(found(text, "es")) == []


def test_what_is_better_is_said_of_each_word() -> None:
    assert list(found("Los ilegales y un anciano", "es-MX")) == [
        ("Los ilegales", "persona en situación migratoria irregular"),
        ("anciano", "persona mayor"),
    ]


def test_a_language_without_a_list_has_no_word_to_avoid() -> None:
    assert terms("quc") == ()
    assert list(found("los ilegales", "quc")) == []
