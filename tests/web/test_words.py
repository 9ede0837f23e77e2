"""What pages say of minutes, of roles and of three words to remember."""

import re
import shutil
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from lms.i18n import Reader
from lms.services.running.publish import publish
from lms.web.frame import words
from tests.conftest import NOW
from tests.web.client import Client
from tests.web.client import words as said
from tests.web.conftest import SAMPLE, Clock, site_of
from tests.web.learner import COURSE, UNO, answer, finish

SPANISH, ENGLISH = (Reader(language, ZoneInfo("America/Costa_Rica")) for language in ("es", "en"))


@pytest.mark.parametrize(
    ("minutes", "es", "en"),
    [
        (7, "cerca de 7 min", "about 7 min"),
        (60, "cerca de 1 h", "about 1 h"),
        (101, "cerca de 1 h 40 min", "about 1 h 40 min"),
        (119, "cerca de 2 h", "about 2 h"),
    ],
)
def test_a_long_time_is_told_in_hours_and_round(minutes: int, es: str, en: str) -> None:
    assert (words.lasting(minutes, SPANISH), words.lasting(minutes, ENGLISH)) == (es, en)


def test_a_usual_role_is_told_in_the_readers_language_and_any_other_as_it_is(anybody: Client) -> None:
    assert (words.role("Autoría", ENGLISH), words.role("writing", SPANISH)) == ("writing", "autoría")
    assert words.role("maquetación", ENGLISH) == ""
    assert "Equipo de pruebas (autoría)" in said(anybody.get(COURSE))
    anybody.language = "en"
    assert "Equipo de pruebas (writing)" in said(anybody.get(COURSE))


@pytest.mark.parametrize(("language", "name"), [("es", "spanish"), ("en", "english")])
def test_three_words_are_proposed_in_the_readers_language(anybody: Client, language: str, name: str) -> None:
    anybody.language = language
    known = (files("lms.services") / "words" / f"{name}.txt").read_text("utf-8").split()
    for path in ("/register", "/recover"):
        hint = re.findall(r'id="hint-passphrase">(.*?)</p>', anybody.get(path).get_data(as_text=True))[0]
        assert set(hint.rpartition(": ")[2].strip("«»“”").split()) <= set(known)


def test_a_report_bears_the_day_that_it_is_here(app: Flask, anybody: Client, clock: Clock) -> None:
    clock.pass_(hours=15)  # three in the morning of the next day in UTC
    anybody.send(anybody.form("/report?page=/about", "/report"), kind="fact", body="Falta algo.")
    with site_of(app).database.reading() as tx:
        assert str(tx.exec_driver_sql("SELECT made_on FROM reports").scalar_one()) == "2026-11-24"


def test_the_questions_come_first_while_they_are_missing(ana: Client) -> None:
    end = ana.get(UNO).get_data(as_text=True).partition('id="page-finish"')[2]
    assert '<a class="button" href="#quiz-q-a">' in end
    assert end.index("Ir a las preguntas") < end.index("Además, diga que terminó.") < end.index("button button-quiet")
    for quiz in ("q-a", "q-d"):
        answer(ana, quiz)
    end = ana.get(UNO).get_data(as_text=True).partition('id="page-finish"')[2]
    assert "Ir a las preguntas" not in end
    assert '<button class="button" type="submit">' in end


def test_what_lies_before_is_not_called_next(ana: Client) -> None:
    assert re.search("He terminado. Ir a lo que falta: .?Módulo uno", said(ana.get(f"{COURSE}/m-dos")))
    for quiz in ("q-a", "q-d"):
        answer(ana, quiz)
    finish(ana, "m-uno")
    assert re.search("He terminado. Seguir con: .?Prueba final", said(ana.get(f"{COURSE}/m-dos")))


def test_a_discreet_title_is_explained_to_its_holder_alone(app: Flask, holder: Client, tmp_path: Path) -> None:
    why = "Este título es discreto a propósito"
    assert why not in said(holder.get("/me/certificates"))
    folder = tmp_path / "demo-course"
    shutil.copytree(SAMPLE, folder)
    with (folder / "course.yml").open("a", encoding="utf-8") as file:
        file.write("sensitive: true\npublic_title: {es: Curso 7, en: Course 7}\n")
    publish(site_of(app).database, folder, position=0, now=NOW)
    told = holder.get("/me/certificates")
    assert why in said(told)
    assert f'href="{COURSE}"' in told.get_data(as_text=True)
