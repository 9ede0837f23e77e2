"""A reader's words lead to the places that speak of them, and never to an answer."""

import gzip
import json
import string
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.content import search
from lms.content.course import load
from lms.content.model import (
    Block,
    Callout,
    Card,
    Cards,
    Course,
    Details,
    Edition,
    Figure,
    Heading,
    Prose,
    Reflection,
    Scenario,
    Term,
)
from lms.content.passages import MAX_PASSAGE, passages
from lms.content.references import terms_in
from lms.content.release import decode, encode
from lms.content.search import Hit, Index, build, find
from lms.content.snippet import snippet
from lms.content.stems import fold, folded_words
from tests.learning.course import choice, course, match, module, ordering, quiz, rules, story

SAMPLE = Path(__file__).parent / "sample" / "demo-course"
REAL = Path(__file__).parents[2] / "courses_content" / "trata-de-personas"


def loaded(folder: Path) -> Course:
    made, _ = load(folder)
    assert made
    return made


COURSES = {folder.name: loaded(folder) for folder in (SAMPLE, REAL)}
TRATA = COURSES["trata-de-personas"].editions["es"]
INDEX = build(TRATA)


def prose(html: str) -> Prose:
    return Prose(line=0, html=html)


def heading(anchor: str, html: str, level: int = 2) -> Heading:
    return Heading(line=0, level=level, anchor=anchor, html=html)


def edition(*body: Block, language: str = "es", **values: Any) -> Edition:
    """One module `m-1` of these blocks."""
    return replace(course(module("m-1", *body)).editions["es"], language=language, **values)


def hits(query: str, *body: Block, language: str = "es") -> list[tuple[str, str]]:
    """Where the query leads in a module of these blocks."""
    return [(hit.module, hit.anchor) for hit in find(build(edition(*body, language=language)), query)]


def marked(hit: Hit) -> list[str]:
    return [hit.snippet.text[start:end] for start, end in hit.snippet.marks]


SECTIONS = [
    heading("uno", "La víctima"),
    prose("<p>Una víctima tiene derechos.</p>"),
    heading("dos", "El niño"),
    prose("<p>Los niños van a la escuela. La explotación es un delito.</p>"),
    heading("tres", "Otra cosa"),
    prose("<p>Se habla de derechos y de la escuela.</p>"),
]


@pytest.mark.parametrize(
    ("query", "anchors"),
    [
        ("víctima", ["uno"]),
        ("victima", ["uno"]),
        ("VÍCTIMAS", ["uno"]),
        ("vi\u0301ctimas", ["uno"]),
        ("nino", ["dos"]),
        ("niñas", ["dos"]),
        ("explotar", ["dos"]),
        ("explotaban", ["dos"]),
        ("explot", ["dos"]),
        ("explotaci", ["dos"]),
        ("escuela derechos", ["tres", "uno", "dos"]),
        ("derechos, escuela", ["tres", "uno", "dos"]),
        ("¿derechos de la víctima?", ["uno", "tres"]),
        ("derechos inexistente", ["uno", "tres"]),
        ("derechos derechos", ["uno", "tres"]),
        ("inexistente", []),
        ("", []),
        ("   ", []),
        ("¡…! ?", []),
        ("de la que", []),
        ("la", []),
        ("v", []),
    ],
)
def test_words_lead_to_the_sections_that_have_them(query: str, anchors: list[str]) -> None:
    assert hits(query, *SECTIONS) == [("m-1", anchor) for anchor in anchors]


def test_only_the_last_word_of_a_query_may_be_unfinished() -> None:
    assert hits("esc", *SECTIONS) == [("m-1", "dos"), ("m-1", "tres")]
    assert hits("esc ", *SECTIONS) == []
    assert hits("esc víctima", *SECTIONS) == [("m-1", "uno")]


def test_a_whole_word_comes_before_one_that_only_begins_so() -> None:
    body = [heading("uno", "Acto"), prose("<p>Actor.</p>"), heading("dos", "Nada"), prose("<p>Ruta.</p>")]
    assert hits("acto", heading("cero", "Actores"), *body) == [("m-1", "uno"), ("m-1", "cero")]


def test_a_title_comes_before_a_heading_and_a_heading_before_the_text() -> None:
    made = edition(heading("uno", "Nada"), prose("<p>Puerta, puerta, puerta.</p>"), heading("dos", "La puerta"))
    named = module("m-2", prose("<p>x</p>"))
    made = replace(made, modules={**made.modules, "m-2": replace(named, title="Puertas")})
    assert [(hit.module, hit.anchor) for hit in find(build(made), "puerta")] == [
        ("m-2", ""),
        ("m-1", "dos"),
        ("m-1", "uno"),
    ]


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    common = [block for n in range(6) for block in (heading(f"c{n}", f"T{n}"), prose("<p>Persona.</p>"))]
    assert hits("persona refugio", *common, heading("r", "Tr"), prose("<p>Refugio.</p>"))[0] == ("m-1", "r")


def test_each_language_has_its_own_stems() -> None:
    body = [heading("a", "Rights"), prose("<p>They were exploiting workers.</p>")]
    assert hits("right exploited", *body, language="en") == [("m-1", "a")]
    assert hits("the they", *body, language="en-GB") == []
    assert hits("exploited ", *body, language="mam") == []
    assert hits("exploiting the", *body, language="mam") == [("m-1", "a")]


def test_a_hit_shows_the_words_that_it_was_found_by() -> None:
    (first, *_) = find(INDEX, "explotar")
    assert (first.module, first.anchor, first.title) == ("m-que-es", "g-explotacion", "Explotación")
    assert marked(first) == ["explotación"]
    place = next(hit for hit in find(INDEX, "retenidos salario") if hit.module == "m-senales")
    assert {word[:5].lower() for word in marked(place)} == {"salar", "reten"}


def test_a_hit_says_how_well_it_was_found() -> None:
    told = [(hit.words, hit.points) for hit in find(INDEX, "deuda documentos retenidos")]
    assert told == sorted(told, reverse=True)
    assert told[0][0] == 2
    assert told[-1][0] == 1
    assert all(points > 0 for _, points in told)


def test_a_query_of_common_words_alone_is_told() -> None:
    assert search.is_common("de la que", "es")
    assert not any(search.is_common(query, "es") for query in ("", "¿?", "de la víctima", "v"))


def test_a_long_section_is_one_hit_with_the_part_that_fits_best() -> None:
    long = " ".join(f"Frase número {n} de una sección larga." for n in range(60))
    body = [heading("larga", "Larga"), prose(f"<p>{long} Aquí está el tesoro. {long}</p>")]
    made = edition(*body)
    parts = [each for each in passages(made) if each.anchor == "larga"]
    assert len(parts) > 6
    assert all(len(each.text) <= MAX_PASSAGE and each.text.endswith(".") for each in parts)
    (hit,) = find(build(made), "frase tesoro larga")
    assert "tesoro" in marked(hit)


def test_a_sentence_without_an_end_is_parted_between_words() -> None:
    parts = passages(edition(prose(f"<p>{'palabra ' * 300}</p>")))
    assert all(len(each.text) <= MAX_PASSAGE for each in parts)
    assert " ".join(each.text for each in parts).split() == ["Curso", *["palabra"] * 300][1:]


def test_a_passage_has_the_text_that_a_reader_sees() -> None:
    body = [
        prose('<p>Salario &lt; mínimo &amp; <strong>deuda</strong>.<sup class="ref"><a href="#fn-a">[1]</a></sup></p>'),
        Callout(line=0, kind="note", title="Ojo", body=(prose("<p>Con <em>esto</em>.</p>"),)),
        Details(line=0, title="¿Más?", body=(prose("<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),)),
        Figure(line=0, media="x.svg", alt="Descripción", caption="Un cuadro."),
        Cards(line=0, id="fc", title="", cards=(Card(line=0, front="Frente", back="Dorso"),)),
        Reflection(line=0, id="r", title="", body=(prose("<p>¿Qué piensa?</p>"),)),
    ]
    (_, top) = passages(edition(*body))
    assert top.text == "Salario < mínimo & deuda. Ojo. Con esto. ¿Más? a b Un cuadro. Frente. Dorso ¿Qué piensa?"


def test_a_term_leads_to_the_first_module_that_explains_it() -> None:
    lesson, test = module("m-1"), module("m-t", quiz(choice("q", pool="a")), rules=rules())
    modules = {"m-t": replace(test, terms=("g-a",)), "m-1": replace(lesson, terms=("g-a",))}
    terms = {name: Term(line=0, id=name, term=name[2:].title(), html="Qué <em>es</em>") for name in ("g-a", "g-b")}
    made = replace(edition(), modules=modules, glossary=terms)
    found = [(each.module, each.anchor, each.title, each.text) for each in passages(made)]
    assert found[-2:] == [("m-1", "g-a", "A", "Qué es"), ("", "", "B", "Qué es")]
    made = replace(made, about=(prose('<p><a class="term" href="#g-b">B</a></p>'),))
    assert [(each.module, each.anchor) for each in passages(made)][-2:] == [("m-1", "g-a"), ("", "g-b")]


def test_a_scenario_is_found_by_its_title_and_opening_only() -> None:
    told = replace(story(), intro=(prose("<p>Es de noche.</p>"),))
    body = [heading("antes", "Antes"), prose("<p>Uno.</p>"), told, prose("<p>Dos.</p>")]
    found = [(each.anchor, each.title, each.text) for each in passages(edition(*body))][2:]
    assert found == [("e-1", "Story", "Es de noche."), ("antes", "Antes", "Uno. Dos.")]


SECRET = "zzsecreto"
TOLD = {"is", "id", "file", "language", "title", "kind"}


def secretive(value: Any, secret: bool = False) -> Any:
    """A release's JSON in which every text that must not be found says so."""
    if isinstance(value, str):
        return f"{SECRET} {value}" if secret else value
    if isinstance(value, list):
        return [secretive(each, secret) for each in value]
    if not isinstance(value, dict):
        return value
    kind = str(value.get("is"))
    inner = secret or kind.endswith("Question") or kind == "Step"
    if kind == "Module" and value["kind"] == "test":
        return {name: each if name in TOLD else secretive(each, True) for name, each in value.items()}
    return {name: each if name in ("is", "kind") else secretive(each, inner) for name, each in value.items()}


@pytest.mark.parametrize("name", COURSES)
def test_no_question_no_choice_and_nothing_of_a_test_is_found(name: str) -> None:
    made = decode(json.dumps(secretive(json.loads(encode(COURSES[name])))).encode())
    raw = encode(made).decode()
    assert raw.count(SECRET) > 50
    for language, each in made.editions.items():
        index = build(each)
        assert SECRET not in search.encode(index).decode()
        assert not any(SECRET in passage.text + passage.title for passage in index.passages)
        assert find(index, SECRET) == []
        tests = [passage for passage in index.passages if passage.module in made.certificate]
        assert [(passage.title, passage.text) for passage in tests if passage.module] == [
            (each.modules[made.certificate].title, "")
        ], language


def test_questions_of_every_kind_have_no_words() -> None:
    body = [quiz(choice("q-1"), match("q-2"), ordering("q-3")), Details(line=0, title="Más", body=(quiz(choice("q")),))]
    assert [each.text for each in passages(edition(*body))] == ["", "Más."]


def anchors(made: Edition) -> set[tuple[str, str]]:
    """Every place of an edition that a link can lead to."""
    pages = {"": made.about, **{name: each.body for name, each in made.modules.items() if each.kind != "test"}}
    places = {("", ""), *((name, "") for name in made.modules)}
    for page, body in pages.items():
        places |= {(page, block.anchor) for block in body if isinstance(block, Heading)}
        places |= {(page, block.id) for block in body if isinstance(block, Scenario)}
        places |= {(page, term) for term in (made.modules[page].terms if page else terms_in(made.about))}
    return places


PLACES = anchors(TRATA)
WORDS = sorted({word for passage in INDEX.passages for word in passage.text.split()})
QUERIES = st.one_of(st.text(), st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=4))).map(" ".join))


def whole_words(text: str, passage: str) -> bool:
    """Whether the snippet stands in the passage between blanks."""
    core = text.removeprefix("… ").removesuffix(" …")
    return f" {core} " in f" {passage} "


@given(query=QUERIES)
def test_any_query_ends_well(query: str) -> None:
    found = find(INDEX, query)
    assert len(found) <= search.MAX_HITS
    assert len({(hit.module, hit.anchor, hit.title) for hit in found}) == len(found)
    for hit in found:
        assert (hit.module, hit.anchor) in PLACES
        mine = [each for each in INDEX.passages if (each.module, each.anchor) == (hit.module, hit.anchor)]
        assert any(whole_words(hit.snippet.text, each.text) for each in mine)
        for start, end in hit.snippet.marks:
            assert len(folded_words(hit.snippet.text[start:end])) == 1


def test_a_query_is_read_up_to_a_length() -> None:
    assert find(INDEX, "x" * 1_000_000 + " trata") == []
    assert find(INDEX, "trata " * 100_000)
    assert find(INDEX, " ".join(string.ascii_lowercase * 1000)) is not None


@given(text=st.text(), data=st.data())
def test_a_snippet_is_cut_between_words(text: str, data: st.DataObject) -> None:
    text = " ".join(text.split())
    words = folded_words(text)
    forms = {data.draw(st.sampled_from(words))} if words else set()
    shown = snippet(text, forms)
    assert whole_words(shown.text, text)
    assert list(shown.marks) == sorted(shown.marks)


@given(text=st.text(), data=st.data())
def test_a_snippet_in_parts_is_the_whole_with_its_words_marked(text: str, data: st.DataObject) -> None:
    words = folded_words(text)
    shown = snippet(text, {data.draw(st.sampled_from(words))} if words else set())
    assert "".join(part for part, _ in shown.parts()) == shown.text
    assert [part for part, mark in shown.parts() if mark] == [shown.text[start:end] for start, end in shown.marks]


def test_a_snippet_of_a_long_text_keeps_what_was_found() -> None:
    for text in (
        "a" * 500 + " tesoro " + "b" * 500,
        f"{'x ' * 200}tesoro{' y' * 200}",
        "tesoro" + " z" * 300,
        "tesoro",
    ):
        shown = snippet(text, {"tesoro"})
        assert [shown.text[start:end] for start, end in shown.marks] == ["tesoro"]
        assert whole_words(shown.text, text)
    assert snippet(f"{'x ' * 200}tesoro{' y' * 200}", {"tesoro"}).text.startswith("… x")
    assert snippet("uno " * 100, set()).text.endswith("uno …")


@given(st.text())
def test_folding_is_done_once_and_for_all(text: str) -> None:
    for word in folded_words(text):
        assert fold(word) == word


@pytest.fixture(params=[(name, language) for name, made in COURSES.items() for language in made.editions], ids="-".join)
def each(request: pytest.FixtureRequest) -> tuple[Course, Edition, Index]:
    name, language = request.param
    edition = COURSES[name].editions[language]
    return COURSES[name], edition, build(edition)


def test_an_index_comes_back_exactly(each: tuple[Course, Edition, Index]) -> None:
    made, own, index = each
    raw = search.encode(index)
    assert search.decode(raw, own) == index
    assert search.decode(raw, decode(encode(made)).editions[own.language]) == index
    assert raw == search.encode(build(decode(encode(made)).editions[own.language]))
    assert search.indexes(made)[own.language] == raw


def test_an_index_of_another_version_is_not_read() -> None:
    plain = json.loads(search.encode(INDEX))
    assert search.decode(json.dumps({**plain, "version": search.VERSION + 1}).encode(), TRATA) is None


def test_a_form_that_does_not_begin_with_its_stem_comes_back() -> None:
    made = edition(prose("<p>Happy, happiness; story, stories.</p>"), language="en")
    index = build(made)
    assert index.stems["happi"].forms == ("happiness", "happy")
    assert search.decode(search.encode(index), made) == index


def test_the_index_is_small() -> None:
    release = gzip.compress(encode(COURSES["trata-de-personas"]), 9)
    assert len(gzip.compress(search.encode(INDEX), 9)) <= 0.35 * len(release)
