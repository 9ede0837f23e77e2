"""The command line speaks its reader's language, click's own words too."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from lms import i18n
from lms.cli import COMMANDS, speech
from tests.cli.conftest import GROUPS, Lms
from tests.pseudo import LANGUAGE, OPEN, make_catalogue

ENGLISH = re.compile(r"\b(the|and|of|Show|Usage|Options|Example|Error: [A-Z]\w+ [a-z]+ is)\b")


@pytest.fixture
def spanish(lms: Lms, monkeypatch: pytest.MonkeyPatch) -> Lms:
    monkeypatch.setenv("LC_ALL", "es_GT.UTF-8")
    return lms


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_help_is_translated_whole(spanish: Lms, command: str) -> None:
    for words in ([command], *([command, name] for name in GROUPS.get(command, []))):
        told = spanish(*words, "--help").output
        assert told.startswith(f"Uso: lms {' '.join(words)} [OPCIONES]")
        assert not ENGLISH.search(told), told
        assert ("Ejemplo: lms" in told) == (len(words) == 2 or command not in GROUPS)


NO_SENTENCE = re.compile(
    r"\blms( [a-z][a-z-]*){0,2}|--?[a-z][a-z-]*|\b[A-Z]{2,}\b|\[[a-z-]+(\|[a-z-]+)+\]|(?<=: )[a-z]+(?=~)|^ +[a-z][a-z-]+ ",
    re.MULTILINE,
)
"""What no language translates: commands, options, what stands for a value, and the values to choose from."""


@pytest.fixture
def pseudo(lms: Lms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lms]:
    """A terminal in a language that nobody speaks."""
    folder = make_catalogue(tmp_path / "catalogues")
    for module in (i18n, speech):
        monkeypatch.setattr(module, "catalogue_folder", lambda: folder)
    monkeypatch.setattr(speech, "language", lambda: LANGUAGE)
    yield lms
    i18n.translations.cache_clear()


@pytest.mark.parametrize("command", ["", *sorted(COMMANDS)])
def test_no_sentence_of_the_help_is_forgotten(pseudo: Lms, command: str) -> None:
    first = [command] if command else []
    for words in (first, *([command, name] for name in GROUPS.get(command, []))):
        told = pseudo(*words, "--help").output
        assert OPEN in told
        assert re.findall(r"[A-Za-z]{2,}", NO_SENTENCE.sub("", told)) == [], told


def test_the_list_of_commands_is_translated(spanish: Lms) -> None:
    told = spanish("--help").output
    assert "Órdenes:" in told
    assert not ENGLISH.search(told), told
    assert spanish("--version").output.startswith("lms, versión ")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["chek"], "No existe la orden 'chek'. ¿Quiso decir 'check'?"),
        (["check", "--fromat", "json"], "No existe la opción '--fromat'"),
        (["check", "--format", "xml"], "'xml' no es ninguna de estas opciones: 'text', 'json'."),
        (["check", "no-hay"], "No existe 'no-hay'."),
        (["cohorts", "add"], "Falta el argumento 'NAME'."),
        (["cohorts", "add", "x"], "Falta la opción '--course'."),
        (["cohorts", "add", "x", "--course", "y", "--cap", "0"], "0 no está en el intervalo"),
        (["serve", "--port", "many"], "'many' no es un valor válido"),
        (["init", "x", "y"], "Sobran argumentos (x y)"),
    ],
)
def test_wrong_use_is_told_in_spanish(spanish: Lms, words: list[str], sentence: str) -> None:
    told = " ".join(spanish(*words, code=2).output.split())
    assert sentence in told
    assert "para ver la ayuda" in told


def test_what_a_command_says_is_in_spanish(spanish: Lms, monkeypatch: pytest.MonkeyPatch) -> None:
    assert spanish("users", "list", code=1).output == "Error: Todavía no hay base de datos: ejecute antes `lms init`.\n"
    assert spanish("init").output.startswith("Listo: ")
    assert spanish("publish").output.splitlines() == [
        "demo-course: publicado",
        "  En revisión por especialistas, y así se dice a quien aprende: vea `lms review`.",
    ]
    assert "No hay nadie llamado «nadie»" in spanish("users", "reset", "nadie", code=1).output
    assert "Todo el avance coincide" in spanish("rebuild", "--check").output
    assert "0 filas de avance rehechas" in spanish("rebuild").output
    monkeypatch.setenv("LMS_PORT", "muchos")
    assert spanish("init", code=1).output == "Error: port: Escriba un número entero de 1 a 65535.\n"


def test_without_a_language_the_default_is_spoken(lms: Lms, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    assert lms("--help").output.startswith("Uso: lms")
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    assert lms("--help").output.startswith("Uso: lms")
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert lms("--help").output.startswith("Usage: lms")
