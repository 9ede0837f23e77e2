"""A course on paper: everything in its order, nothing of a test's questions."""

from dataclasses import replace
from pathlib import Path

from lms.content.course import load
from lms.content.model import Footnote, Prose, Quiz, Term
from lms.content.printing import AboutPart, GlossaryPart, ModulePart, SourcesPart, printed
from tests.learning.course import choice, course, module, quiz, rules

SAMPLE = Path(__file__).parent / "sample" / "demo-course"


def note(name: str, number: int) -> Footnote:
    return Footnote(line=0, name=name, number=number, html=name)


def test_a_whole_course_is_printed_in_order() -> None:
    made, _ = load(SAMPLE)
    assert made
    edition = made.editions["es"]
    about, one, two, test, glossary, sources = printed(edition)
    assert about == AboutPart(edition.about)
    assert one == ModulePart(1, edition.modules["m-uno"])
    assert two == ModulePart(2, edition.modules["m-dos"])
    assert isinstance(test, ModulePart)
    assert test.module.id == "m-prueba"
    assert glossary == GlossaryPart(tuple(edition.glossary.values()))
    assert isinstance(sources, SourcesPart)
    assert ("Módulo uno", edition.modules["m-uno"].footnotes) in sources.pages


def test_a_test_comes_last_with_its_text_and_without_its_questions() -> None:
    text = Prose(line=0, html="<p>Lea bien.</p>")
    test = replace(module("m-t", text, quiz(choice("q", pool="a")), rules=rules()), footnotes=(note("a", 1),))
    first, last = printed(course(test, module("m-1", quiz(choice("q-1")))).editions["es"])
    assert isinstance(first, ModulePart)
    assert isinstance(last, ModulePart)
    assert (first.number, first.module.id) == (2, "m-1")
    assert isinstance(first.module.body[0], Quiz)
    assert (last.number, last.module.id, last.module.body, last.module.footnotes) == (1, "m-t", (text,), ())


def test_terms_stand_by_alphabet_and_sources_by_page() -> None:
    edition = course(replace(module("m-1"), footnotes=(note("a", 1), note("b", 2))), module("m-2")).editions["es"]
    words = {
        f"g-{n}": Term(line=0, id=f"g-{n}", term=term, html="") for n, term in enumerate(["Zona", "Índice", "acto"])
    }
    edition = replace(edition, glossary=words, footnotes=(note("c", 1),))
    *_, glossary, sources = printed(edition)
    assert isinstance(glossary, GlossaryPart)
    assert [term.term for term in glossary.terms] == ["acto", "Índice", "Zona"]
    assert isinstance(sources, SourcesPart)
    assert [(title, [each.number for each in notes]) for title, notes in sources.pages] == [
        ("Curso", [1]),
        ("M-1", [1, 2]),
    ]


def test_nothing_empty_is_printed() -> None:
    assert printed(course().editions["es"]) == []
