"""What a first reading of the format got wrong: it stays mended."""

import shutil
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from lms.content.course import load
from lms.content.diagnostics import Diagnostic
from lms.content.media import is_harmless
from lms.content.model import Course
from tests.content.corpus import Q

SAMPLE = Path(__file__).parent / "sample" / "demo-course"
MODULE = "es/01-uno.md"
SVG = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'
UTF_16 = '<?xml version="1.0" encoding="utf-16"?>'
SCENARIO = (
    "::: escenario #e-x Una\n### A {{#a}}\nx\n\n- [A](#f) {{score={}}}\n  > b\n\n### F {{#f outcome=good}}\nx\n:::"
)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path / "demo-course"))


def added(course: Path, text: str, file: str = MODULE) -> tuple[Course | None, list[Diagnostic]]:
    path = course / file
    path.write_text(f"{path.read_text('utf-8')}\n{text}\n", "utf-8")
    return load(course)


def line_of(course: Path, needle: str) -> int:
    text = (course / MODULE).read_text("utf-8")
    return text[: text.index(needle)].count("\n") + 1


def htmls(value: Any) -> list[str]:
    if is_dataclass(value):
        return [text for each in fields(value) for text in htmls(getattr(value, each.name))]
    if isinstance(value, dict):
        return [text for each in value.values() for text in htmls(each)]
    if isinstance(value, tuple):
        return [text for each in value for text in htmls(each)]
    return [value] if isinstance(value, str) else []


def test_a_folder_named_like_a_module_does_not_crash(course: Path) -> None:
    (course / "es/03-tres.md").mkdir()
    load(course)


def test_a_course_file_that_is_a_folder_does_not_crash(course: Path) -> None:
    (course / "course.yml").unlink()
    (course / "course.yml").mkdir()
    assert [each.code for each in load(course)[1]] == ["no-file"]


def test_a_score_of_thousands_of_digits_does_not_crash(course: Path) -> None:
    assert "way-score" in [each.code for each in added(course, SCENARIO.format("9" * 5000))[1]]


@pytest.mark.parametrize(
    "text",
    [
        "::: ordenar #q-x\nOrdene.\n\n1. [x] a\n2. [ ] b\n3. c\n:::",
        "::: relacionar #q-x\nUna.\n\n- [x] a -> b\n- [ ] c -> d\n:::",
        "1. [x] a\n2. [ ] b",
        "> - [x] a\n> - [ ] b",
    ],
)
def test_marks_of_answers_in_the_wrong_place_are_never_shown(course: Path, text: str) -> None:
    loaded, _ = added(course, text)
    assert not any(mark in html for html in htmls(loaded) for mark in ("[x]", "[ ]"))


@pytest.mark.parametrize(
    "content",
    [
        (UTF_16 + '<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.format("<text>&a;</text>")).encode("utf-16"),
        (UTF_16 + '<?xml-stylesheet href="https://evil.test/x.css"?>' + SVG.format("")).encode("utf-16"),
        SVG.format('<style><title/>@import "https://evil.test/x.css";</style>').encode(),
        SVG.format(r"<style>rect{fill:\75rl(https://evil.test/x)}</style>").encode(),
        SVG.format(r'<style>@\69mport "https://evil.test/x.css";</style>').encode(),
        SVG.format(r'<rect style="fill:\75rl(https://evil.test/x)"/>').encode(),
        SVG.format("<rect style=\"background:image-set('https://evil.test/x.png' 1x)\"/>").encode(),
    ],
    ids=["utf-16 entity", "utf-16 stylesheet", "style tail", "escaped url", "escaped import", "attribute", "image-set"],
)
def test_a_picture_that_fetches_is_refused_however_it_is_written(content: bytes) -> None:
    assert not is_harmless("image/svg+xml", content)


@pytest.mark.parametrize(
    "inner",
    [
        "<rect fill=\"url('#g')\"/>",
        '<rect fill="url( #g )"/>',
        '<metadata><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></metadata>',
    ],
    ids=["quoted", "spaced", "inkscape"],
)
def test_a_picture_as_drawing_programs_write_it_is_accepted(inner: str) -> None:
    assert is_harmless("image/svg+xml", SVG.format(inner).encode())


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ("[x](#fn-nada)", MODULE),
        ("Un dato.[^dos]\n\n[^dos]: Véase.[^nada]", MODULE),
        ("Otro {#g-otro}\n: Ver [x](term:g-nada).", "es/glossary.md"),
        ("Otro {#g-otro}\n: Ver [x](#nada).", "es/glossary.md"),
        ("Otro {#g-otro}\n: Un dato.[^nada]", "es/glossary.md"),
    ],
    ids=["link to a note", "note in a note", "term", "anchor", "note in the glossary"],
)
def test_a_reference_to_nothing_is_told_wherever_it_is(course: Path, text: str, file: str) -> None:
    assert added(course, text, file)[0] is None


def test_a_source_used_only_by_another_source_is_used(course: Path) -> None:
    assert added(course, "Un dato.[^dos]\n\n[^dos]: Véase.[^tres]\n[^tres]: *Libro*.")[1] == []


def test_code_may_show_how_a_source_is_written(course: Path) -> None:
    assert added(course, "```\n[^zzz]: x\n```")[1] == []


def test_a_language_named_twice_is_told(course: Path) -> None:
    path = course / "course.yml"
    path.write_text(path.read_text("utf-8").replace("languages: [es]", "languages: [es, es]"), "utf-8")
    assert load(course)[0] is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("¿Cuál?", "¿Cuál\nes [esta](http://x.test)?"),
        ("> Sí.", "> Sí.\n  > Y [esta](http://x.test)."),
    ],
    ids=["prompt", "feedback"],
)
def test_a_mistake_on_the_second_line_of_a_text_is_told_there(course: Path, old: str, new: str) -> None:
    findings = added(course, Q.replace(old, new))[1]
    assert [(each.code, each.line) for each in findings] == [("link-target", line_of(course, "http://x.test"))]


def test_front_matter_that_cannot_be_read_is_not_called_missing(course: Path) -> None:
    path = course / MODULE
    path.write_text(path.read_text("utf-8").replace("minutes: 4", "minutes: [4"), "utf-8")
    assert "no-front-matter" not in [each.code for each in load(course)[1]]


def test_a_review_of_no_module_is_told_at_its_line(course: Path) -> None:
    path = course / "es/90-prueba.md"
    path.write_text(path.read_text("utf-8").replace("p2: m-dos}", "p2: m-nada}"), "utf-8")
    assert [(each.code, each.line) for each in load(course)[1]] == [("review", 8)]


def test_a_mistake_after_a_source_in_mid_text_is_told_at_its_line(course: Path) -> None:
    findings = added(course, "Un dato.[^dos]\n\n[^dos]: *Libro*.\n\nVea [esto](http://x.test).")[1]
    assert [(each.code, each.line) for each in findings] == [("link-target", line_of(course, "http://x.test"))]
