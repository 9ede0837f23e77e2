"""Whatever a translation lacks, its learners get in the source language, once and in its place."""

import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.content.course import load, load_all
from lms.content.model import Block, Course, Edition, Heading, Module, Prose, Quiz
from lms.content.references import anchors_in, sources_in
from lms.content.release import decode, encode
from lms.content.units import named, units
from lms.learning.attempts import draw
from tests.content.bilingual import FILES, change, take_out, two_languages, without
from tests.content.test_properties import edits, mutated

ROUNDS = 300 if os.environ.get("LMS_REQUIRE_AUDIT") else 25
FULL_PAGES = ("m-uno", "m-dos", "m-prueba", "about")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course in Spanish and English."""
    return two_languages(tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def course_of_old(whole: Path) -> Course:
    loaded, _ = load(whole)
    assert loaded
    return loaded


@pytest.fixture
def course(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / whole.name))


def english(course: Path) -> Edition:
    loaded, findings = load(course)
    assert loaded, [(each.file, each.line, each.sentence(str)) for each in findings]
    assert encode(decode(encode(loaded))) == encode(loaded)
    return loaded.edition("en")


def module(course: Path, name: str = "m-uno") -> Module:
    return english(course).modules[name]


def languages(body: tuple[Block, ...]) -> dict[str, str]:
    """The language of each block with an id that has one of its own."""
    return {each.id: each.language for each in named(body) if each.language}


def order(body: tuple[Block, ...]) -> list[str]:
    """The ids of sections and blocks as they follow each other."""
    found: list[str] = []
    for block in body:
        if isinstance(block, Heading) and block.level == 2:
            found.append(f"#{block.anchor}")
        found += [each.id for each in named([block])]
    return found


def test_a_whole_translation_borrows_nothing(course_of_old: Course) -> None:
    edition = course_of_old.edition("en")
    assert not edition.borrowed
    assert not any(each.borrowed for each in edition.modules.values())
    assert "language=es" not in str(edition)


@pytest.mark.parametrize("unit", ["q-a", "q-b", "q-c", "q-d", "q-e", "q-f", "q-g", "q-h", "q-i", "r-uno", "fc-uno", "p-uno", "s-uno"])  # fmt: skip
def test_a_missing_block_is_borrowed_in_its_place(course: Path, course_of_old: Course, unit: str) -> None:
    take_out(course, "m-uno", unit)
    made, source = module(course), course_of_old.edition("es").modules["m-uno"]
    assert languages(made.body) == {unit: "es"}
    assert order(made.body) == order(source.body)
    quizzes = [[each.id for each in block.questions] for block in made.body if isinstance(block, Quiz)]
    assert quizzes == [[each.id for each in block.questions] for block in source.body if isinstance(block, Quiz)]
    assert made.borrowed
    assert made.language == "en"


def test_a_borrowed_question_stays_in_its_own_form(course: Path) -> None:
    """In the source text stands between the two; the translation has it before both."""
    for language in ("es", "en"):
        change(course, f"{language}/01-uno.md", "::: numerica #q-g", "Ahora con números.\n\n::: numerica #q-g")
    take_out(course, "m-uno", "q-f")
    change(course, "en/01-uno.md", "### What más?", "### What más?\n\nNow with numbers.")
    change(course, "en/01-uno.md", "Ahora con números.\n\n", "")
    quizzes = [[each.id for each in block.questions] for block in module(course).body if isinstance(block, Quiz)]
    assert quizzes == [["q-a", "q-b", "q-c"], ["q-d", "q-e"], ["q-f"], ["q-g", "q-h", "q-i"]]


def test_a_missing_section_is_borrowed_with_its_heading_and_text(course: Path, course_of_old: Course) -> None:
    take_out(course, "m-uno", "m-uno#primera")
    made, source = module(course), course_of_old.edition("es").modules["m-uno"]
    borrowed = [block for block in made.body if getattr(block, "language", "") == "es"]
    assert [type(block).__name__ for block in borrowed] == ["Heading", "Figure", "Callout", "Details", "Prose"]
    assert order(made.body) == order(source.body)
    assert languages(made.body) == {}


def test_a_heading_alone_is_kept_and_the_text_below_it_borrowed(course: Path) -> None:
    take_out(course, "m-uno", "m-uno#primera")
    change(course, "en/01-uno.md", "::: tarjetas", "## First {#primera}\n\n::: tarjetas")
    made = module(course)
    headings = [(block.html, block.language) for block in made.body if isinstance(block, Heading)]
    assert ("First", "") in headings
    assert ("Primera sección", "es") not in headings
    kinds = [type(block).__name__ for block in made.body if getattr(block, "language", "") == "es"]
    assert kinds == ["Figure", "Callout", "Details", "Prose"]


def test_missing_first_words_stand_first(course: Path) -> None:
    take_out(course, "m-uno", "m-uno")
    first = module(course).body[0]
    assert isinstance(first, Prose)
    assert first.language == "es"


def test_a_missing_scenario_module_and_term_are_borrowed(course: Path) -> None:
    take_out(course, "m-dos", "e-camino")
    (course / "en/90-prueba.md").unlink()
    (course / "en/glossary.md").unlink()
    edition = english(course)
    assert languages(edition.modules["m-dos"].body) == {"e-camino": "es"}
    assert edition.modules["m-prueba"].language == "es"
    assert edition.glossary["g-muestra"].language == "es"
    assert edition.borrowed


def test_the_page_about_the_course_borrows_too(course: Path) -> None:
    take_out(course, "about", "about#trae", "about^pr")
    edition = english(course)
    assert edition.borrowed
    assert [block.language for block in edition.about if isinstance(block, Heading)] == ["es"]
    assert [(note.name, note.number, note.language) for note in edition.footnotes] == [("pr", 1, "es")]


def test_sources_are_numbered_along_the_whole_page(course: Path, course_of_old: Course) -> None:
    """The translation begins with another source than the original."""
    take_out(course, "m-uno", "q-f", "m-uno^tres", "m-uno^uno")
    change(course, "en/01-uno.md", "Un párrafo", "First this.[^dos] A paragraph")
    made = module(course)
    assert [(note.name, note.number, note.language) for note in made.footnotes] == [
        ("dos", 1, ""),
        ("uno", 2, "es"),
        ("tres", 3, "es"),
    ]
    numbers = dict(re.findall(r'href="#fn-(\w+)">\[(\d)\]', str(made.body)))
    assert numbers == {"dos": "1", "uno": "2", "tres": "3"}
    assert 'href="#fn-dos">[1]' in made.footnotes[2].html
    assert course_of_old.edition("es").modules["m-uno"].footnotes[0].name == "uno"


def test_a_source_that_only_a_borrowed_block_uses_may_be_translated(course: Path) -> None:
    take_out(course, "m-uno", "q-f")
    notes = {note.name: note.language for note in module(course).footnotes}
    assert notes == {"uno": "", "tres": "", "dos": ""}


def test_a_source_that_nothing_uses_is_still_an_error(course: Path) -> None:
    change(course, "en/01-uno.md", "[^dos]: ", "[^cuatro]: *Nothing*.\n[^dos]: ")
    assert [each.code for each in load(course)[1] if each.severity == "error"] == ["unused-reference"]


def test_a_reference_that_no_language_defines_is_still_an_error(course: Path) -> None:
    line = change(course, "en/01-uno.md", "Un párrafo", "A paragraph[^doss]")
    errors = [each for each in load(course)[1] if each.severity == "error"]
    assert [(each.code, each.line) for each in errors] == [("no-reference", line)]
    assert "[^dos]" in errors[0].sentence(str)


def test_a_link_leads_to_a_borrowed_section_and_else_is_an_error(course: Path) -> None:
    take_out(course, "m-uno", "m-uno#segunda")
    module(course)
    line = change(course, "en/01-uno.md", "[salto](#segunda)", "[salto](#segundo)")
    errors = [(each.code, each.line) for each in load(course)[1] if each.severity == "error"]
    assert errors == [("no-anchor", line)]


def test_a_borrowed_link_to_a_translated_heading_without_an_id_leads_to_its_section(course: Path) -> None:
    for language, words in (("es", "Vea [qué más](#que-mas)."), ("en", "See.")):
        change(course, f"{language}/01-uno.md", "::: nota\n", f"::: nota\n{words} ")
    take_out(course, "m-uno", "m-uno#primera")
    text = str([block for block in module(course).body if getattr(block, "language", "")])
    assert '<a href="#tercera">qué más</a>' in text
    assert "#que-mas" not in text


def test_anchors_stay_unique(course: Path) -> None:
    change(course, "es/01-uno.md", "### ¿Qué más?", "### Video")
    change(course, "es/01-uno.md", "(#que-mas)", "(#video)")
    change(course, "en/01-uno.md", "::: unica #q-a", "### Video\n\n### Segunda\n\n::: unica #q-a")
    take_out(course, "m-uno", "m-uno#tercera", "m-uno#segunda")
    made = module(course)
    anchors = [block.anchor for block in made.body if isinstance(block, Heading)]
    assert len(anchors) == len(set(anchors))
    assert {"segunda", "tercera", "video", "video-2"} <= set(anchors)


def test_a_term_that_only_a_borrowed_block_uses_is_listed(course: Path) -> None:
    take_out(course, "m-uno", "m-uno")
    assert "g-muestra" not in (course / "en/01-uno.md").read_text("utf-8")
    assert module(course).terms == ("g-muestra",)


def test_every_language_draws_from_the_same_pools(course: Path, course_of_old: Course) -> None:
    take_out(course, "m-prueba", "q-t11", "q-t12", "q-t13", "q-t22")
    made, source = module(course, "m-prueba"), course_of_old.edition("es").modules["m-prueba"]
    assert [each.id for each in made.questions()] == [each.id for each in source.questions()]
    assert draw(made, "s") == draw(source, "s")


def test_what_a_glossary_means_may_link_to_a_borrowed_term(course: Path) -> None:
    more = "\nOtra {#g-otra}\n: Otra [muestra](term:g-muestra).\n"
    for language in ("es", "en"):
        path = course / language / "glossary.md"
        path.write_text(path.read_text("utf-8") + more, "utf-8")
    (course / "en/glossary.md").write_text(more, "utf-8")
    assert {name: term.language for name, term in english(course).glossary.items()} == {"g-muestra": "es", "g-otra": ""}


def text_of(course: Path, page: str) -> str:
    return (course / "en" / FILES[page]).read_text("utf-8")


def pages(edition: Edition) -> dict[str, tuple[Block, ...]]:
    return {"about": edition.about} | {name: each.body for name, each in edition.modules.items()}


@pytest.mark.no_cover
@given(changes=edits(), name=st.sampled_from(["01-uno.md", "02-dos.md", "90-prueba.md", "course.md", "glossary.md"]))
@settings(max_examples=ROUNDS, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_mutated_translation_gives_a_course_or_errors_with_lines(
    whole: Path, tmp_path_factory: pytest.TempPathFactory, changes: Any, name: str
) -> None:
    course = Path(shutil.copytree(whole, tmp_path_factory.mktemp("mutant") / whole.name))
    path = course / "en" / name
    path.write_text(mutated(path.read_text("utf-8"), changes), "utf-8")
    loaded = load_all(course)
    assert all(each.line >= 1 and each.sentence(str) for each in loaded.findings)
    assert (loaded.course is None) == any(each.severity == "error" for each in loaded.findings)
    assert loaded.states == [] or all(each.line >= 1 for each in loaded.states)
    if loaded.course:
        assert encode(decode(encode(loaded.course))) == encode(loaded.course)


def test_text_that_runs_on_where_a_part_went_moves_no_other(course: Path, course_of_old: Course) -> None:
    gone = {"e-camino", "fc-uno", "p-uno", "q-f", "q-g", "q-h", "q-i"}
    (course / "en/01-uno.md").write_text(without(text_of(course, "m-uno"), "m-uno", gone), "utf-8")
    there = pages(course_of_old.edition("es"))["m-uno"]
    assert order(pages(english(course))["m-uno"]) == order(there)


@pytest.mark.no_cover
@given(data=st.data())
@settings(max_examples=ROUNDS, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_missing_every_unit_is_there_once_in_one_of_the_two(
    whole: Path, course_of_old: Course, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    source, own = (units(course_of_old.edition(name)) for name in ("es", "en"))
    gone = set(data.draw(st.lists(st.sampled_from(sorted(set(source) - {"about"})), unique=True)))
    course = Path(shutil.copytree(whole, tmp_path_factory.mktemp("some") / whole.name))
    for page in FULL_PAGES:
        (course / "en" / FILES[page]).write_text(without(text_of(course, page), page, gone), "utf-8")
    if "g-muestra" in gone:
        (course / "en/glossary.md").unlink()
    edition = english(course)
    made = units(edition)
    assert set(made) == set(source)
    for page, body in pages(edition).items():
        there = pages(course_of_old.edition("es"))[page]
        assert order(body) == order(there)
        assert len(order(body)) == len(set(order(body)))
    for name, unit in made.items():
        if unit.kind == "section":
            continue  # its text may have lost or won a paragraph's end
        assert unit.text == (source if name in gone else own)[name].text, name
    for each in edition.modules.values():
        names = [note.name for note in each.footnotes]
        assert set(sources_in((each.body, each.footnotes))) == set(names)
        assert [note.number for note in each.footnotes] == list(range(1, len(names) + 1))
        targets = set(re.findall(r'<a href="#(?!fn-)([a-z0-9-]+)"', str(each.body)))
        assert targets <= anchors_in(each.body)
