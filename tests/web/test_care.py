"""A course about something that hurts: a warning before it begins, and where to turn."""

import json
import re
import shutil
from pathlib import Path

import pytest
from flask import Flask

from lms.content.course import load
from lms.content.release import decode, encode
from lms.services.running.publish import publish
from tests.content.bilingual import change, two_languages
from tests.web.client import Client, words
from tests.web.conftest import SAMPLE, site_of
from tests.web.learner import COURSE, UNO, pass_test
from tests.web.spoken import texts

WARNING = "content_warning: {es: Este curso habla de violencia., en: This course talks about violence.}\n"


EVERY = ("número de emergencias de su país", "Haga una pausa cuando quiera", "alguien de confianza")
"""Parts of what every note says."""


def published(app: Flask, tmp_path: Path, settings: str, *, two: bool = False) -> Path:
    """The folder of the sample course, in two languages if asked for, published with these settings."""
    folder = two_languages(tmp_path) if two else Path(shutil.copytree(SAMPLE, tmp_path / "demo-course"))
    with (folder / "course.yml").open("a", encoding="utf-8") as file:
        file.write(settings)
    site = site_of(app)
    assert publish(site.database, folder, position=0, now=site.clock()).outcome == "published"
    return folder


@pytest.fixture
def course(app: Flask, tmp_path: Path) -> None:
    """The sample course with a warning and a note."""
    published(app, tmp_path, WARNING + "help_note: general\n")


@pytest.mark.usefixtures("course")
def test_the_warning_stands_before_what_it_warns_of(anybody: Client) -> None:
    told = words(anybody.get(COURSE))
    assert told.index("Este curso habla de violencia.") < told.index("Registrarse y empezar") < told.index("Módulo uno")
    assert told.count("Este curso habla de violencia.") == 1


@pytest.mark.usefixtures("course")
def test_the_warning_speaks_the_readers_language_where_it_can(anybody: Client) -> None:
    text = anybody.get(COURSE, headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert ("en", "This course talks about violence.") in texts(text)
    asked = anybody.get(f"{COURSE}?lang=fr").get_data(as_text=True)
    assert ("es", "Este curso habla de violencia.") in texts(asked)


@pytest.mark.usefixtures("course")
def test_where_to_turn_is_told_on_the_course_and_at_both_ends_of_each_module(ana: Client) -> None:
    for path, times in ((COURSE, 1), (UNO, 2), (f"{COURSE}/m-dos", 2), (f"{COURSE}/m-prueba", 1)):
        told = words(ana.get(path))
        for part in (*EVERY, "En su país: números, instituciones y normas"):
            assert told.count(part) == times, path
        assert ana.get(path).get_data(as_text=True).partition("<footer")[0].count('href="/your-country"') == times
    told = words(ana.get(UNO))
    assert told.index("número de emergencias") < told.index("Fuentes") < told.rindex("número de emergencias")
    assert re.search(r'<details class="help">\s*<summary>', ana.get(UNO).get_data(as_text=True))


@pytest.mark.usefixtures("course")
def test_where_to_turn_is_told_beside_a_result(app: Flask, ana: Client) -> None:
    assert all(part in words(ana.get(pass_test(app, ana))) for part in EVERY)


def test_a_note_of_the_courses_own_comes_before_what_every_note_says(app: Flask, ana: Client, tmp_path: Path) -> None:
    folder = published(app, tmp_path, "help_note: {es: Hable con <Ana>., en: Talk to Ana.}\n", two=True)
    told = words(ana.get(COURSE))
    assert told.index("Hable con <Ana>.") < told.index("número de emergencias") < told.index("En su país: números")
    english = ana.get(f"{UNO}?lang=en").get_data(as_text=True)
    assert texts(english).count(("en", "Talk to Ana.")) == 2
    assert ("es", "Hable con alguien de confianza o con el servicio de apoyo de su institución.") in texts(english)
    change(folder, "course.yml", ", en: Talk to Ana.", "")
    assert publish(site_of(app).database, folder, position=0, now=site_of(app).clock()).outcome == "published"
    assert ("es", "Hable con <Ana>.") in texts(ana.get(f"{UNO}?lang=en").get_data(as_text=True))


def test_a_box_of_care_leads_there(app: Flask, ana: Client, tmp_path: Path) -> None:
    folder = published(app, tmp_path, "help_note: general\n", two=True)
    care = "::: cuidado\nCon calma.\n:::\n\n"
    for language, before in (("es", "## Primera"), ("en", "## ")):
        change(folder, f"{language}/01-uno.md", before, care + before)
    assert publish(site_of(app).database, folder, position=0, now=site_of(app).clock()).outcome == "published"
    for path in (UNO, f"{UNO}?lang=en"):
        text = ana.get(path).get_data(as_text=True)
        assert text.count('href="#page-help"') == text.count('id="page-help"') == 1
        assert ("es", "Adónde acudir si esto le resulta difícil") in texts(text)


@pytest.mark.parametrize(
    ("note", "part"),
    [
        ("generall", "“help_note” is one of: general."),
        ("{en: Talk to Ana.}", "“help_note” needs its text in “es”"),
        (f"{{es: {'a' * 601}}}", "“help_note” has 600 characters at most."),
        ("{es: Hable., esp: Hable.}", "“esp” is not a language of this course. Did you mean “es”?"),
        ("[general]", "“help_note” is a text."),
    ],
)
def test_a_slip_in_the_note_is_told_at_its_line(tmp_path: Path, note: str, part: str) -> None:
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "demo-course"))
    line = len((folder / "course.yml").read_text("utf-8").splitlines()) + 1
    with (folder / "course.yml").open("a", encoding="utf-8") as file:
        file.write(f"help_note: {note}\n")
    course, findings = load(folder)
    assert course is None
    assert [(each.file, each.line) for each in findings] == [("demo-course/course.yml", line)]
    assert part in findings[0].sentence(str)


def test_a_release_of_before_keeps_its_note() -> None:
    course, _ = load(SAMPLE)
    assert course
    body = json.loads(encode(course))
    del body["help_text"]
    old = decode(json.dumps({**body, "help_note": "general"}).encode())
    assert (old.help_note, old.help_text) == ("general", {})


def test_a_course_that_does_not_ask_for_it_says_nothing(ana: Client) -> None:
    for path in (COURSE, UNO):
        assert "número de emergencias" not in words(ana.get(path))
