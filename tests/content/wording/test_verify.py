"""A source marked {verify}: learners are told that it depends on the country, and authors where they did not say so."""

import json
from pathlib import Path

import pytest

from lms.content.course import load, load_all
from lms.content.model import Footnote
from lms.content.release import decode, encode
from lms.content.units import units
from lms.content.wording.advice import advise
from tests.content.bilingual import change, take_out, two_languages
from tests.content.sourced import sourced

TWO = "es/02-dos.md"
NOTE = "\n[^ley]: *Una ley*, art. 1. {verify}\n"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return sourced(tmp_path) / "demo-course"


@pytest.fixture
def both(tmp_path: Path) -> Path:
    """A course in two languages, with a marked source in its source language."""
    made = two_languages(tmp_path)
    change(made, "es/01-uno.md", "[^dos]: *Otra fuente*, 2026.", "[^dos]: *Otra fuente*, 2026. {verifique}")
    return made


def add(course: Path, text: str, file: str = TWO) -> int:
    """The text at the end of the file; the line where `@` stands in it."""
    path = course / file
    before = path.read_text("utf-8")
    path.write_text(f"{before}\n{text.replace('@', '')}\n", "utf-8")
    return before.count("\n") + 2 + text.partition("@")[0].count("\n")


def note(course: Path, name: str, module: str = "m-dos", language: str = "es") -> Footnote:
    made, findings = load(course)
    assert made, findings
    return next(each for each in made.editions[language].modules[module].footnotes if each.name == name)


def told(course: Path, code: str) -> list[tuple[str, int]]:
    found = advise(course, load_all(course)).findings
    return [(each.file.partition("/")[2], each.line) for each in found if each.code == code]


@pytest.mark.parametrize(
    "text", ["*Una ley*. {verify}", "*Una ley*.{Verifique}  ", "*Una ley*,\n  art. 1. {verify}", "{verify}"]
)
def test_a_source_is_marked_at_its_end(course: Path, text: str) -> None:
    add(course, f"Una. Verifique en su país.[^ley] Otra.[^libro]\n\n[^ley]: {text}")
    found = note(course, "ley")
    assert found.verify
    assert "{" not in found.html
    assert not note(course, "libro").verify


@pytest.mark.parametrize(
    ("mark", "says"), [("verfy", "Did you mean “verify”?"), ("casa", "no mark “casa”: {verify} after")]
)
def test_another_mark_is_an_error_at_its_line(course: Path, mark: str, says: str) -> None:
    line = add(course, f"Una.[^ley]\n\n@[^ley]: *Una ley*. {{{mark}}}")
    (found,) = load(course)[1]
    assert (found.code, found.line) == ("source-mark", line)
    assert says in found.sentence(str)


def test_braces_within_a_source_are_text(course: Path) -> None:
    add(course, "Una.[^ley]\n\n[^ley]: *Una {verify} ley* {2026}.")
    assert "{verify}" in note(course, "ley").html


def test_a_translation_has_the_mark_of_its_source(both: Path) -> None:
    assert note(both, "dos", "m-uno", "en").verify
    assert not note(both, "tres", "m-uno", "en").verify
    take_out(both, "m-uno", "m-uno^dos")
    borrowed = note(both, "dos", "m-uno", "en")
    assert (borrowed.verify, borrowed.language) == (True, "es")


def test_a_mark_makes_no_translation_older(both: Path) -> None:
    marked, _ = load(both)
    change(both, "es/01-uno.md", " {verifique}", "")
    plain, _ = load(both)
    assert marked
    assert plain
    assert marked != plain
    assert {name: each.text for name, each in units(marked.editions["es"]).items()} == {
        name: each.text for name, each in units(plain.editions["es"]).items()
    }


def test_a_mark_that_only_the_translation_has_is_told(both: Path) -> None:
    change(both, "es/01-uno.md", " {verifique}", "")
    line = change(both, "en/01-uno.md", "[^dos]: *Otra source*, 2026.", "[^dos]: *Otra source*, 2026. {verify}")
    assert told(both, "mark-differs") == [("en/01-uno.md", line)]
    add(both, "Mine.[^own]\n\n[^own]: *A law*. {verify}", "en/02-dos.md")
    assert len(told(both, "mark-differs")) == 1


def test_a_release_keeps_the_mark_and_one_without_it_reads(course: Path) -> None:
    add(course, f"Una. Verifique en su país.[^ley]\n{NOTE}")
    made, _ = load(course)
    assert made
    raw = encode(made)
    assert decode(raw).editions["es"].modules["m-dos"].footnotes[-1].verify
    older = json.loads(raw)
    for each in older["editions"]["es"]["modules"]["m-dos"]["footnotes"]:
        del each["verify"]
    assert not any(each.verify for each in decode(json.dumps(older).encode()).editions["es"].modules["m-dos"].footnotes)


ASKED = "::: unica #q-x\n{}\n\n- [x] Uno\n@  > {}[^ley]\n- [ ] Dos\n  > {}\n{}:::"


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        ("Una.\n\n@Así es.[^ley]", True),
        ("Una: verifique en su país.\n\nAsí es.[^ley]", False),
        ("Así es.[^ley] Verifique cómo lo dice su ley.", False),
        ("- Una.\n@- Así es.[^ley]", True),
        ("- Así es.[^ley]\n- Verifique en su país.", False),
        ("Verifique en su país.\n\n## Otra\n\n@Así es.[^ley]", True),
        ("::: nota\nUna: hay que verificarlo en su país.\n\nAsí es.[^ley]\n:::", False),
        ("::: tarjetas #fc-x\n@- a -> b[^ley]\n- c -> Verifique en su país.\n:::", True),
        ("::: tarjetas #fc-x\n- a -> b[^ley] Verifique en su país.\n:::", False),
        (ASKED.format("¿Qué?", "Sí.", "No.", ""), True),
        (ASKED.format("¿Qué?", "Sí: verifique en su país.", "No.", ""), False),
        (ASKED.format("¿Qué?", "Sí.", "Verifique en su país.", ""), True),
        (ASKED.format("Verifique en su país.\n\n¿Qué?", "Sí.", "No.", ""), False),
        (ASKED.format("¿Qué?", "Sí.", "No.", "\n::: explicacion\nVerifique en su país.\n:::\n"), False),
    ],
)
def test_what_rests_on_a_marked_source_says_that_it_depends(course: Path, text: str, fires: bool) -> None:
    line = add(course, f"{text}\n{NOTE}")
    assert told(course, "no-notice") == [(TWO, line)] * fires


def test_a_translation_says_it_in_its_own_language(both: Path) -> None:
    before = told(both, "no-notice")
    assert {file for file, _ in before} == {"es/01-uno.md", "en/01-uno.md"}
    change(both, "en/01-uno.md", "Antes de la encuesta.[^dos]", "Before it: check in your country.[^dos]")
    assert len(told(both, "no-notice")) == len(before) - 1
    change(both, "es/01-uno.md", "Antes de la encuesta.[^dos]", "Before it: check in your country.[^dos]")
    assert len(told(both, "no-notice")) == len(before) - 1


def test_a_language_whose_notice_is_not_known_is_not_looked_at(both: Path) -> None:
    change(both, "course.yml", "languages: [es, en]", "languages: [es, quc]")
    (both / "en").rename(both / "quc")
    assert {file for file, _ in told(both, "no-notice")} == {"es/01-uno.md"}
