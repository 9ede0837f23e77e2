"""A course about something that hurts: a warning before it begins, and where to turn."""

import shutil
from pathlib import Path

import pytest
from flask import Flask

from lms.services.publish import publish
from tests.web.client import Client, words
from tests.web.conftest import SAMPLE, site_of
from tests.web.test_languages import texts
from tests.web.test_learn import COURSE, UNO

WARNING = "content_warning: {es: Este curso habla de violencia., en: This course talks about violence.}\n"


@pytest.fixture
def course(app: Flask, tmp_path: Path) -> None:
    """The sample course with a warning and a note."""
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "demo-course"))
    with (folder / "course.yml").open("a", encoding="utf-8") as file:
        file.write(WARNING + "help_note: general\n")
    site = site_of(app)
    assert publish(site.database, folder, position=0, now=site.clock()).outcome == "published"


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
def test_where_to_turn_is_told_on_the_course_and_after_each_module(ana: Client) -> None:
    for path in (COURSE, UNO, f"{COURSE}/m-dos"):
        told = words(ana.get(path))
        for part in ("número de emergencias de su país", "Haga una pausa cuando quiera", "alguien de confianza"):
            assert part in told, path
    assert words(ana.get(UNO)).index("número de emergencias") > words(ana.get(UNO)).index("Fuentes")


def test_a_course_that_does_not_ask_for_it_says_nothing(ana: Client) -> None:
    for path in (COURSE, UNO):
        assert "número de emergencias" not in words(ana.get(path))
