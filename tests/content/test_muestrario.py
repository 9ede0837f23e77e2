"""The course that shows the format shows all of it, in both languages."""

import re
from pathlib import Path

import pytest

from lms.content.blocks import Directive, scan
from lms.content.course import load
from lms.content.names import KINDS, OPTIONS, QUESTIONS
from lms.content.report import Report
from lms.content.source import Line, read_document

MUESTRARIO = Path(__file__).parents[2] / "docs/muestrario"


def directives(language: str) -> list[tuple[Directive, str]]:
    """Every block of that edition, with the line that opens it."""
    found: list[tuple[Directive, str]] = []
    for path in sorted((MUESTRARIO / language).glob("[0-9]*.md")):
        text = path.read_text("utf-8").split("\n")
        document = read_document(path, Report(path.name))
        assert document
        waiting: list[Line | Directive] = list(scan(document.lines, Report(path.name)))
        while waiting:
            piece = waiting.pop()
            if isinstance(piece, Directive):
                found.append((piece, text[piece.line - 1]))
                waiting += piece.children
    return found


def test_it_has_no_error_and_no_warning() -> None:
    course, findings = load(MUESTRARIO)
    assert findings == []
    assert course
    assert {question.kind for question in course.editions["es"].modules["m-prueba"].questions()} == set(QUESTIONS)


@pytest.mark.parametrize("language", ["es", "en"])
def test_it_shows_every_block_under_that_languages_name(language: str) -> None:
    written = {found.word for found, _ in directives(language)}
    assert written == {kind.spanish if language == "es" else kind.name for kind in KINDS.values()}


@pytest.mark.parametrize("language", ["es", "en"])
def test_it_shows_every_option_of_every_block(language: str) -> None:
    names = {name: option for name, option in OPTIONS.items() if (name == option) == (language == "en")}
    shown = {
        (found.kind.name, names[option])
        for found, line in directives(language)
        for option in re.findall(r"\s([a-z]+)=", line)
        if option in names
    }
    assert shown == {(kind.name, option) for kind in KINDS.values() for option in kind.options}


def test_its_sound_and_film_are_small() -> None:
    sizes = {path.name: path.stat().st_size for path in (MUESTRARIO / "media").iterdir()}
    assert sizes["consejo.mp3"] <= 30_000
    assert sizes["orden.mp4"] <= 60_000
