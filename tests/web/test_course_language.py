"""A course read in another language than the pages: chosen once, kept everywhere, and what it lacks marked."""

import re
from pathlib import Path

import pytest
from flask import Flask

from lms.services.running.publish import publish
from lms.storage import certificates
from tests.conftest import NOW
from tests.content.bilingual import take_out, two_languages
from tests.web.client import Client, page, words
from tests.web.conftest import signed_in, site_of
from tests.web.learner import COURSE, UNO, answer, finish, pass_test
from tests.web.spoken import english_of, spanish, texts
from tests.web.test_fallback import FORM, answers

CHOOSE = f"{COURSE}/language"


@pytest.fixture
def course(app: Flask, tmp_path: Path) -> Path:
    """The sample course in Spanish and English."""
    folder = two_languages(tmp_path)
    assert publish(site_of(app).database, folder, position=0, now=NOW).outcome == "published"
    return folder


@pytest.fixture
def reader(ana: Client, course: Path) -> Client:
    """Ana, whose pages are Spanish, reads it in English."""
    sent = ana.send(ana.form(COURSE, CHOOSE), ("language", "en"))
    assert (sent.status_code, sent.headers["Location"]) == (303, COURSE)
    return ana


def test_it_is_used_everywhere(reader: Client) -> None:
    for path in (COURSE, UNO, f"{COURSE}/m-dos", f"{COURSE}/m-prueba"):
        text = reader.get(path).get_data(as_text=True)
        assert '<html lang="es"' in text, path
        assert re.search(r'<h1 lang="en">|lang="en"[^>]*>\s*<h1>', text), path
        assert FORM["m-uno"] not in spanish(text)
    answer(reader, "q-a")
    assert "Right." not in english_of(reader.get(UNO).get_data(as_text=True))  # that is the pages' to say
    for path in ("/", "/me/learning"):
        assert re.search(r'<h2[^>]* lang="en">', reader.get(path).get_data(as_text=True)), path


def test_the_test_and_its_result_are_in_it(app: Flask, reader: Client) -> None:
    for module in ("m-uno", "m-dos"):
        finish(reader, module)
    begun = reader.send(reader.form(f"{COURSE}/m-prueba", "/test")).headers["Location"]
    assert "lang=" not in begun
    text = reader.get(begun).get_data(as_text=True)
    assert "Question" in english_of(text)
    assert ("language", "en") in page(reader.get(begun)).form("/attempts/").fields
    path = pass_test(app, reader)
    result = reader.get(path).get_data(as_text=True)
    assert '<html lang="es"' in result
    assert "Question" in english_of(result)
    assert f'<a href="{COURSE}" lang="en">' in result


def test_it_is_the_one_that_is_searched(reader: Client) -> None:
    for path in ("/search?q=source", "/search?q=source&course=demo-course"):
        text = reader.get(path).get_data(as_text=True)
        assert f'<h2 lang="en"><a href="{COURSE}">' in text, path
        assert "<mark>source" in text
    assert "<mark>" not in reader.get("/search?q=fuente&course=demo-course").get_data(as_text=True)


def test_notes_are_listed_in_it(reader: Client) -> None:
    reader.send(reader.form(UNO, "/me/notes/mark"), section="primera", act="mark")
    text = reader.get("/me/notes").get_data(as_text=True)
    assert f'<a href="{COURSE}" lang="en">' in text
    assert "Primera section" in english_of(text)


def test_another_person_and_another_course_are_not_touched(app: Flask, reader: Client) -> None:
    assert "<h1>Módulo uno" in signed_in(app, "eva").get(UNO).get_data(as_text=True)
    assert reader.post("/courses/nada/language", [("csrf", reader.csrf()), ("language", "en")]).status_code == 404


def test_it_stays_when_the_pages_change_their_language(reader: Client) -> None:
    reader.send(reader.form(COURSE, CHOOSE), ("language", "es"))
    reader.send(reader.form("/about", "/language"), language="en")
    text = reader.get(UNO).get_data(as_text=True)
    assert '<html lang="en"' in text
    assert FORM["m-uno"] in spanish(text)


def test_a_language_that_the_course_has_not_changes_nothing(reader: Client) -> None:
    for language in ("fr", "", "<b>", "x" * 300):
        sent = reader.post(CHOOSE, [("csrf", reader.csrf()), ("language", language)])
        assert sent.status_code == 303
    assert "Module" in english_of(reader.get(UNO).get_data(as_text=True))


def test_an_address_may_ask_for_another_one_for_once(reader: Client) -> None:
    text = reader.get(f"{UNO}?lang=es").get_data(as_text=True)
    assert FORM["m-uno"] in spanish(text)
    assert FORM["m-uno"] not in spanish(reader.get(UNO).get_data(as_text=True))


def test_a_visitor_has_links_and_the_one_in_force_is_marked(app: Flask, course: Path) -> None:
    nobody = Client(app)
    text = nobody.get(COURSE).get_data(as_text=True)
    links = dict(re.findall(r'<a class="linkish" href="([^"]+)" hreflang="\w+" lang="(\w+)"', text))
    assert links == {f"{COURSE}?lang=es": "es", f"{COURSE}?lang=en": "en"}
    assert re.search(r'hreflang="es" lang="es" aria-current="true">Español', text)
    text = nobody.get(f"{COURSE}?lang=en").get_data(as_text=True)
    assert re.search(r'hreflang="en" lang="en" aria-current="true">English', text)
    assert "Leer este curso en:" in words(nobody.get(COURSE))
    assert f'href="/register?next={COURSE}?lang%3Den"' in text, "it stays when she signs in"


def test_the_choice_marks_the_one_in_force(reader: Client) -> None:
    text = reader.get(COURSE).get_data(as_text=True)
    assert re.search(r'value="en" lang="en" aria-current="true">English', text)
    assert text.count('aria-current="true"') == 1


def test_a_course_in_one_language_offers_no_choice(ana: Client) -> None:
    assert "Leer este curso en" not in words(ana.get(COURSE))


@pytest.mark.parametrize("unit", ["q-b", "m-uno#primera", "r-uno"])
def test_what_is_not_translated_is_borrowed_block_by_block(app: Flask, reader: Client, course: Path, unit: str) -> None:
    take_out(course, "m-uno", unit)
    assert publish(site_of(app).database, course, position=0, now=NOW).outcome == "published"
    text = reader.get(UNO).get_data(as_text=True)
    assert FORM[unit] in spanish(text)
    assert all(FORM[other] not in spanish(text) for other in FORM if other != unit)
    notice = "Partes de este módulo todavía no están traducidas: se muestran en español."
    assert ("es", notice) in texts(text)


def test_the_certificate_is_in_the_language_of_the_course(app: Flask, reader: Client) -> None:
    values = dict(answers(app, reader))
    for form in [each for each in reader.forms(UNO) if "/quiz/" in each.action]:
        known = {*form.options, *(name for name, _ in form.fields)}
        sent = {name: value for name, value in values.items() if name in known}
        assert reader.send(form, ("act", "check"), **sent).status_code == 303
    for module in ("m-uno", "m-dos"):
        finish(reader, module)
    pass_test(app, reader)
    assert reader.person
    with site_of(app).database.reading() as tx:
        (mine,) = certificates.of_learner(tx, reader.person.id)
    assert mine.credential.language == "en"
