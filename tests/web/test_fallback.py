"""A course that is partly translated: each borrowed block says its language, and its answers count as any other's."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection

from lms.learning.attempts import PracticeWiring
from lms.learning.grading import right_answer
from lms.learning.progress import Result
from lms.services.running.publish import publish
from lms.storage import projection
from tests.conftest import NOW
from tests.content.bilingual import change, take_out, two_languages
from tests.web.client import Client, page, words
from tests.web.conftest import site_of
from tests.web.learner import COURSE, UNO
from tests.web.spoken import english_of, spanish

PRACTICE = ["q-a", "q-b", "q-c", "q-d", "q-e", "q-f", "q-g", "q-h", "q-i"]
FORM = {
    "q-a": "¿Cuál es la primera letra?",
    "q-b": "¿Cuáles son",
    "q-c": "La A es la primera letra.",
    "q-d": "Una cada letra con su clase.",
    "q-e": "Ponga las letras en orden.",
    "q-f": "¿Cómo se llama lo que deja ver el todo?",
    "q-g": "¿Cuántas letras hay?",
    "q-h": "pequeña",
    "q-i": "Clasifique.",
    "r-uno": "¿Qué aprendió hoy?",
    "fc-uno": "Frente",
    "p-uno": "¿Qué prefiere?",
    "s-uno": "¿Cuánto le gustó?",
    "m-uno": "Un párrafo con",
    "m-uno#primera": "Primera sección",
    "m-uno#segunda": "Segunda sección",
    "m-uno^dos": "Otra fuente",
}
"""Words that each unit of the first module shows in Spanish."""


@pytest.fixture
def english(tmp_path: Path) -> Path:
    return two_languages(tmp_path)


def read_in_english(app: Flask, client: Client, course: Path) -> Client:
    """The course is published; she reads in English."""
    done = publish(site_of(app).database, course, position=0, now=NOW)
    assert done.outcome == "published", [each.sentence(str) for each in done.diagnostics]
    client.browser.set_cookie("lang", "en")
    return client


@pytest.mark.parametrize("unit", FORM)
def test_a_borrowed_unit_of_a_module_says_its_language_and_only_it(
    app: Flask, ana: Client, english: Path, unit: str
) -> None:
    take_out(english, "m-uno", unit)
    text = read_in_english(app, ana, english).get(UNO).get_data(as_text=True)
    assert '<html lang="en">' in text
    assert FORM[unit] in spanish(text)
    for other, said in FORM.items():
        if other != unit:
            assert said not in spanish(text), other
    assert "Parts of this module are not translated yet: they are shown in Spanish." in words(ana.get(UNO))
    assert "Parts of this course are shown in Spanish." in words(ana.get(COURSE))


def test_a_whole_translation_says_nothing_in_spanish(app: Flask, ana: Client, english: Path) -> None:
    read_in_english(app, ana, english)
    for path in (COURSE, UNO, f"{COURSE}/m-dos", f"{COURSE}/m-prueba"):
        told = ana.get(path)
        assert spanish(told.get_data(as_text=True)) in ("", "Equipo de pruebas"), path
        assert "shown in Spanish" not in words(told)


@pytest.mark.parametrize("quiz", ["q-b", "q-f"])
def test_a_borrowed_question_is_in_the_same_form_and_counts_the_same(
    app: Flask, ana: Client, english: Path, quiz: str
) -> None:
    gone = {"q-b": ("q-b",), "q-f": ("q-f", "q-h", "q-i")}[quiz]
    form_id = {"q-b": "q-a", "q-f": "q-f"}[quiz]
    take_out(english, "m-uno", *gone)
    read_in_english(app, ana, english)
    form = page(ana.get(UNO)).form(f"/quiz/{form_id}")
    assert ("language", "en") in form.fields
    values = dict(answers(app, ana))
    known = {*form.options, *(name for name, _ in form.fields)}
    sent = {name: value for name, value in values.items() if name in known}
    assert ana.send(form, ("act", "check"), **sent).status_code == 303
    text = ana.get(UNO).get_data(as_text=True)
    with site_of(app).database.reading() as tx:
        assert ana.person
        results = results_of(tx, ana.person.id)
    assert {name: float(results[name].best) for name in gone} == dict.fromkeys(gone, 1.0)
    for unit in gone:
        assert FORM[unit] in spanish(text)
    assert FORM["q-a"] not in spanish(text)
    for told in ("Right.", "Answer again"):
        assert told in english_of(text)
        assert told not in spanish(text)


def answers(app: Flask, client: Client) -> Iterator[tuple[str, list[str]]]:
    """What somebody who knows fills in, in the module as it is published, by field name."""
    assert client.person
    wiring = PracticeWiring(client.person.id)
    with site_of(app).database.reading() as tx:
        release = site_of(app).desk.catalogue.live(tx, "demo-course")
    assert release
    for question in release.course.edition("en").modules["m-uno"].questions():
        wires = {shown.key: shown.wire for shown in wiring.choices(question)}
        targets = {shown.key: shown.wire for shown in wiring.targets(question)}
        answer = right_answer(question)
        if question.kind in ("match", "classify"):
            assert isinstance(answer, dict)
            yield from ((f"{question.id}.{wires[key]}", [targets[value]]) for key, value in answer.items())
        elif question.kind == "blanks":
            assert isinstance(answer, dict)
            for gap in question.gaps:  # type: ignore[union-attr]
                words_ = {shown.key: shown.wire for shown in wiring.words(question, gap)}
                yield f"{question.id}.{wires[gap.key]}", [words_.get(answer[gap.key], answer[gap.key])]
        elif question.kind == "order":
            yield from ((f"{question.id}.{wires[key]}", [str(place)]) for place, key in enumerate(answer, start=1))
        elif question.kind in ("short", "numeric"):
            yield question.id, [str(answer)]
        else:
            yield question.id, [wires[key] for key in answer]


def results_of(tx: Connection, learner: str) -> dict[str, Result]:
    """Her results, whatever release they were earned in."""
    works = projection.of_course(tx, learner, "demo-course").work.values()
    return {name: result for work in works for name, result in work.results.items()}


def test_what_is_written_counts_in_each_language(app: Flask, ana: Client, english: Path) -> None:
    """The answer is “sample” in English and “muestra” in Spanish."""
    read_in_english(app, ana, english)
    for said, best in (("otra", 0.0), ("sample", 1.0)):
        form = page(ana.get(f"{UNO}?again=q-f")).form("/quiz/q-f")
        assert ana.send(form, ("act", "check"), **{"q-f": [said]}).status_code == 303
        with site_of(app).database.reading() as tx:
            assert ana.person
            results = results_of(tx, ana.person.id)
        assert float(results["q-f"].best) == best
    assert "Right." in words(ana.get(UNO))


def test_a_borrowed_poll_is_counted(app: Flask, ana: Client, english: Path) -> None:
    take_out(english, "m-uno", "p-uno")
    read_in_english(app, ana, english)
    form = ana.form(UNO, "/poll/p-uno")
    assert ana.send(form, **{"p-uno": form.options["p-uno"][0]}).status_code == 303
    text = ana.get(UNO).get_data(as_text=True)
    assert "Received, without your name." in english_of(text)
    assert FORM["p-uno"] in spanish(text)


def test_a_borrowed_scenario_is_told_and_kept(app: Flask, ana: Client, english: Path) -> None:
    take_out(english, "m-dos", "e-camino")
    change(english, "es/02-dos.md", "Usted camina", "::: nota\nOjo.\n:::\nUsted camina")
    read_in_english(app, ana, english)
    text = ana.get(f"{COURSE}/m-dos").get_data(as_text=True)
    assert '<div class="scenario" id="e-camino" lang="es"' in text
    assert "Usted camina" in spanish(text)
    for ours in ("Note", "Go on", "Save that I finished the story"):
        assert ours in english_of(text)
        assert ours not in spanish(text)
    assert ana.send(ana.form(f"{COURSE}/m-dos", "/scenario/")).status_code == 303
    assert "You have reached this ending." in words(ana.get(f"{COURSE}/m-dos"))


def test_a_module_without_a_translation_is_spanish_in_an_english_page(app: Flask, ana: Client, english: Path) -> None:
    (english / "en/01-uno.md").unlink()
    text = read_in_english(app, ana, english).get(UNO).get_data(as_text=True)
    assert "This module is not translated yet: it is shown in Spanish." in words(ana.get(UNO))
    assert '<article class="lesson" lang="es"' in text
    term = re.search(r'<dt id="g-muestra" lang="en">([^<]*)</dt>', text)
    assert term
    assert "Check my answers" in english_of(text)
    first = ana.get(COURSE).get_data(as_text=True)
    assert re.search(r'<h3 lang="es"><a [^>]*>Módulo uno', first)
    assert '<span lang="es">Módulo uno</span>' in first


def test_a_borrowed_term_and_source_say_their_language(app: Flask, ana: Client, english: Path) -> None:
    (english / "en/glossary.md").unlink()
    take_out(english, "m-uno", "m-uno^uno")
    text = read_in_english(app, ana, english).get(UNO).get_data(as_text=True)
    assert '<dt id="g-muestra" lang="es">Muestra</dt>' in text
    assert '<li id="fn-uno" value="1" lang="es"><span><em>Abecedario</em>' in text
    assert '<li id="fn-tres" value="2">' in text
    for anchor in set(re.findall(r'href="#([^"]+)"', text)):
        assert f'id="{anchor}"' in text, anchor


def test_the_page_about_the_course_borrows_a_section(app: Flask, ana: Client, english: Path) -> None:
    take_out(english, "about", "about#trae", "about^pr")
    text = read_in_english(app, ana, english).get(COURSE).get_data(as_text=True)
    assert "una figura y preguntas." in unescape(spanish(text))
    assert "Manual de pruebas" in spanish(text)
    assert "Este curso" not in text


def test_a_test_asks_a_missing_question_in_spanish(app: Flask, ana: Client, english: Path) -> None:
    take_out(english, "m-prueba", "q-t11", "q-t12", "q-t13")
    read_in_english(app, ana, english)
    path = ana.send(ana.form(f"{COURSE}/m-prueba", "/test")).headers["Location"]
    text = ana.get(path).get_data(as_text=True)
    assert spanish(text).count("Pregunta") == 2
    assert english_of(text).count("del grupo 2") == 2
    assert "Send" in english_of(text) or "Look it over" in english_of(text)
    assert "Parts of this module" in words(ana.get(f"{COURSE}/m-prueba"))


def test_a_reader_of_spanish_sees_no_borrowing(app: Flask, ana: Client, english: Path) -> None:
    take_out(english, "m-uno", "q-b", "m-uno#primera")
    read_in_english(app, ana, english)
    ana.browser.set_cookie("lang", "es")
    told = ana.get(UNO)
    assert "no están traducidas" not in words(told)
    assert 'class="borrowed"' not in told.get_data(as_text=True)
