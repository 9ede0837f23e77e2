"""A course that is translated in part, and one that is read in another language than the interface."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from lms.services.running.publish import publish
from tests.web.client import Client, page, words
from tests.web.conftest import SAMPLE, signed_in, site_of
from tests.web.learner import COURSE, UNO, finish
from tests.web.spoken import texts

Translate = Callable[..., None]
ABOUT = "---\ntitle: Sample course\nsummary: Small.\naudience: Testers.\n---\nIt exists to try the program.\n"
ENGLISH = {"Módulo": "Module", "La letra": "The letter", "Sí": "Yes", "Prueba": "Test"}


@pytest.fixture
def translate(app: Flask, tmp_path: Path) -> Translate:
    """The sample course published again, with these files of it in English and this glossary."""

    def make(*names: str, glossary: str = "") -> None:
        folder = tmp_path / "demo-course"
        shutil.copytree(SAMPLE, folder)
        facts = (folder / "course.yml").read_text("utf-8")
        (folder / "course.yml").write_text(facts.replace("languages: [es]", "languages: [es, en]"), "utf-8")
        (folder / "en").mkdir()
        (folder / "en" / "course.md").write_text(ABOUT, "utf-8")
        if glossary:
            (folder / "en" / "glossary.md").write_text(glossary, "utf-8")
        for name in names:
            text = (folder / "es" / name).read_text("utf-8")
            for spanish, english in ENGLISH.items():
                text = text.replace(spanish, english)
            (folder / "en" / name).write_text(text, "utf-8")
        site = site_of(app)
        done = publish(site.database, folder, position=0, now=site.clock())
        assert done.outcome == "published", done.diagnostics

    return make


def read(client: Client, path: str) -> tuple[list[tuple[str, str]], str]:
    """The texts of a page, each with its language, and its source."""
    text = client.get(path, headers={"Accept-Language": "en"}).get_data(as_text=True)
    return texts(text), text


def test_a_title_that_is_not_translated_says_its_language(ana: Client, translate: Translate) -> None:
    translate("02-dos.md")
    assert ("es", "Módulo uno") in read(ana, COURSE)[0]
    told = read(ana, f"{COURSE}/m-dos")[0]
    assert ("es", "Módulo uno") in told
    assert ("en", "Módulo uno") not in told
    ana.send(ana.form(f"{COURSE}/m-dos", "/finish"))
    assert ("es", "Prueba final") in read(ana, f"{COURSE}/m-dos")[0]
    path = ana.send(ana.form(f"{COURSE}/m-prueba", "/test")).headers["Location"]
    ana.send(ana.form(path, "/attempts/"), ("act", "send"))
    told = read(ana, path)[0]
    assert ("es", "Módulo uno") in told
    assert ("en", "Módulo uno") not in told


def no_dead_jump(text: str) -> None:
    ids = set(re.findall(r'\bid="([^"]+)"', text))
    assert [each for each in re.findall(r'href="#([^"]+)"', text) if each not in ids] == []


def test_a_term_that_is_not_translated_is_shown_as_it_was_written(ana: Client, translate: Translate) -> None:
    translate("02-dos.md")
    found, text = read(ana, UNO)
    assert ("es", "Muestra") in found
    no_dead_jump(text)


def test_a_translated_term_says_its_language_in_a_module_that_is_not(ana: Client, translate: Translate) -> None:
    translate(glossary="Sample {#g-muestra}\n: A small part that shows how the whole is.\n")
    found, text = read(ana, UNO)
    assert ("en", "Sample") in found
    assert ("en", "A small part that shows how the whole is.") in found
    no_dead_jump(text)


@pytest.fixture
def english(ana: Client, translate: Translate) -> Client:
    """Ana, whose interface is in Spanish, with the course in both languages."""
    translate("01-uno.md", "02-dos.md", "90-prueba.md", glossary="Sample {#g-muestra}\n: A part.\n")
    return ana


def test_the_language_asked_for_lasts_as_long_as_she_stays_in_the_course(english: Client) -> None:
    for path in (COURSE, UNO, f"{COURSE}/m-dos", f"{COURSE}/m-prueba"):
        text = english.get(f"{path}?lang=en").get_data(as_text=True)
        main = text[text.index("<main") : text.index("</main>")]
        ways = re.findall(r'(?:href|action|data-place)="(/(?:courses|attempts)/[^"]+)"', main)
        assert ways
        assert {each for each in ways if "lang=en" not in each} <= {f"{COURSE}/language"}  # the way to choose another


def test_it_lasts_through_every_form_too(english: Client) -> None:
    form = page(english.get(f"{UNO}?lang=en")).form("/quiz/q-a")
    saved = english.send(form, ("act", "save"))
    done = english.send(form, ("act", "check"), **{"q-a": form.options["q-a"][0]})
    ended = english.send(english.form(f"{UNO}?lang=en", "/finish"))
    story = english.send(english.form(f"{COURSE}/m-dos?lang=en", "/scenario/"))
    for answer in (saved, done, ended, story):
        assert "lang=en" in answer.headers["Location"]
    assert "The letter A" in words(english.get(done.headers["Location"]))


def test_and_in_the_part_that_a_script_puts_in_place(english: Client) -> None:
    form = page(english.get(f"{UNO}?lang=en")).form("/quiz/q-a")
    values = {"q-a": form.options["q-a"][0]}
    part = english.send(form, ("act", "check"), headers={"X-Fragment": "1"}, **values)
    assert "The letter A" in words(part)
    assert "lang=en" in part.get_data(as_text=True)


def test_and_in_the_test(english: Client) -> None:
    sheet = english.send(english.form(f"{COURSE}/m-prueba?lang=en", "/test")).headers["Location"]
    assert "Test final" in words(english.get(sheet))
    form = english.form(sheet, "/attempts/")
    for act in ("save", "review", "send"):
        answer = english.send(form, ("act", act))
        assert "lang=en" in answer.headers["Location"]
    assert "Module uno" in words(english.get(answer.headers["Location"]))


def test_no_address_says_a_language_that_nobody_asked_for(english: Client) -> None:
    for path in (COURSE, UNO, f"{UNO}?lang={'x' * 200}", f"{UNO}?lang=%22%3E"):
        text = english.get(path).get_data(as_text=True)
        assert "lang=" not in " ".join(re.findall(r'(?:href|action)="([^"]*)"', text))
    finish(english, "m-uno")


def test_choosing_a_language_is_told_and_changes_no_name(app: Flask, clock: object) -> None:
    ana = signed_in(app, "ana")
    assert ana.person
    form = ana.form("/about", "/language")
    with site_of(app).database.writing() as tx:
        before = tx.exec_driver_sql("SELECT count(*) FROM events WHERE type = 'store.learner_profile'").scalar()
    for _ in range(2):
        ana.send(form, language="en")
    with site_of(app).database.reading() as tx:
        after = tx.exec_driver_sql("SELECT count(*) FROM events WHERE type = 'store.learner_profile'").scalar()
    assert (before, after) == (1, 2)
