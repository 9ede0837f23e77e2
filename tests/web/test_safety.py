"""A shared phone: the way out, what it leaves behind, and what tabs, files and the browser's history get to know."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, Response
from werkzeug.test import TestResponse

from lms.content.course import load
from lms.content.model import Course
from lms.services.people import passphrases
from lms.services.running.publish import publish
from tests.web import everywhere
from tests.web.client import Client, words
from tests.web.conftest import SAMPLE, Clock, signed_in, site_of

COURSE = "/courses/demo-course"
UNO = f"{COURSE}/m-uno"


@pytest.fixture
def sensitive(app: Flask, tmp_path: Path) -> Course:
    """The sample course, about something that nobody is to read in a tab."""
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "demo-course"))
    with (folder / "course.yml").open("a", encoding="utf-8") as file:
        file.write("sensitive: true\npublic_title: {es: Curso 7, en: Course 7}\n")
    site = site_of(app)
    assert publish(site.database, folder, position=0, now=site.clock()).outcome == "published"
    course, _ = load(folder)
    assert course
    return course


def title(text: str) -> str:
    return re.findall(r"<title>(.*?)</title>", text, flags=re.DOTALL)[0]


def test_no_tab_and_no_file_name_tells_what_the_course_is_about(
    app: Flask, sensitive: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    gathered, named = everywhere.Gathered(app, monkeypatch), []

    def keep(response: Response) -> Response:
        named.append(response.headers.get("Content-Disposition", ""))
        return response

    app.after_request(keep)
    monkeypatch.setattr(everywhere.worker, "now", site_of(app).clock)
    everywhere.study(app, "es", [sensitive])
    gathered.follow(signed_in(app, "eva", *everywhere.ROLES), "/", COURSE)
    secret = {sensitive.id}
    for edition in sensitive.editions.values():
        secret |= {edition.title, *(module.title for module in edition.modules.values()), *edition.modules}
    titles = [title(text) for _, text in gathered.pages]
    assert len(titles) > 20
    assert sum(each.endswith("Curso 7 · Vereda") for each in titles) > 10
    assert {each for each in titles if any(word in each for word in secret)} == set()
    assert any("certificado-" in each for each in named)
    assert {each for each in named if any(word in each for word in secret)} == set()


@pytest.mark.usefixtures("sensitive")
def test_a_tab_tells_which_module_it_is(ana: Client) -> None:
    assert title(ana.get(UNO).get_data(as_text=True)) == "Módulo 1 · Curso 7 · Vereda"
    assert title(ana.get(COURSE).get_data(as_text=True)) == "Curso 7 · Vereda"
    ana.language = "en"
    assert title(ana.get(UNO).get_data(as_text=True)) == "Module 1 · Curso 7 · Vereda"


def test_other_courses_say_what_they_are(ana: Client) -> None:
    assert title(ana.get(UNO).get_data(as_text=True)).startswith("Módulo uno · ")


@pytest.mark.usefixtures("sensitive")
def test_the_way_out_is_on_every_page_of_the_course_with_what_it_does(ana: Client) -> None:
    for path in (COURSE, UNO, f"{COURSE}/m-prueba", "/safety"):
        text = ana.get(path).get_data(as_text=True)
        assert text.count("data-exit") == 1, path
        assert text.count("Qué hace este botón") == 1, path
        assert "o pulse Mayús 3 veces" in text
    assert "data-exit" not in ana.get("/me/profile").get_data(as_text=True)


def leave(client: Client, path: str = UNO) -> TestResponse:
    return client.send(client.form(path, "/exit"))


@pytest.mark.usefixtures("sensitive")
def test_without_javascript_leaving_signs_out_and_back_shows_nothing(ana: Client) -> None:
    sent = leave(ana)
    assert (sent.status_code, sent.headers["Location"]) == (303, "/exit")
    neutral = ana.get("/exit")
    assert neutral.headers["Cache-Control"] == "no-store"
    told = neutral.get_data(as_text=True)
    assert title(told) == "Medidas"
    assert "Vereda" not in words(neutral)
    assert 'href="/' not in re.sub(r"<head>.*?</head>", "", told, flags=re.DOTALL).replace('href="/s/', "")
    for path in (UNO, "/me/learning", COURSE, "/search?q=ayuda"):
        answer = ana.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/login"), path


@pytest.mark.usefixtures("sensitive")
def test_whoever_was_not_signed_in_leaves_nothing_to_go_back_to_either(app: Flask, anybody: Client) -> None:
    assert anybody.get(COURSE).status_code == 200
    leave(anybody, COURSE)
    assert anybody.get(COURSE).headers["Location"] == "/login"
    for path in (f"/report?page={UNO}", f"/report?course=demo-course&page={COURSE}", f"/report/thanks?page={UNO}"):
        assert anybody.get(path).headers["Location"] == "/login", path
    assert anybody.get("/").status_code == 200
    assert anybody.get("/report?page=/about").status_code == 200


@pytest.mark.usefixtures("sensitive")
def test_signing_in_takes_the_mark_away(app: Flask, anybody: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrases, "is_right", lambda *_: True)
    signed_in(app, "ana")
    leave(anybody, COURSE)
    marked = anybody.browser.get_cookie("left")
    assert marked
    assert (marked.value, marked.max_age, marked.http_only) == ("1", 15 * 60, True)
    anybody.send(anybody.form("/login", "/login"), username="ana", passphrase="x")
    assert anybody.browser.get_cookie("left") is None
    assert anybody.get(COURSE).status_code == 200


def test_after_signing_out_nobody_is_led_to_her_pages(ana: Client) -> None:
    ana.send(ana.form(UNO, "/logout"))
    assert ana.get(UNO).headers["Location"] == "/login"
    assert ana.get(COURSE).status_code == 200


def test_signing_out_after_the_session_ended_is_no_error(ana: Client, clock: Clock) -> None:
    form = ana.form(UNO, "/logout")
    clock.pass_(minutes=20)
    assert ana.send(form).headers["Location"] == "/login?out=1"


def test_signing_out_tells_what_stays_on_the_device(ana: Client) -> None:
    told = words(ana.get(ana.send(ana.form(UNO, "/logout")).headers["Location"]))
    assert "nada de eso se queda en este dispositivo" in told
    assert "historial" in told


@pytest.mark.parametrize("https", [False, True])
def test_over_https_signing_out_empties_the_browser(make_app: Callable[..., Flask], https: bool) -> None:
    app = make_app(https=https)
    site = site_of(app)
    for path, sends in (("/about", "/logout"), ("/safety", "/exit")):
        client = Client(app)
        client.browser.set_cookie("__Host-s" if https else "s", "x", secure=https)
        form = next(each for each in client.forms(path) if sends in each.action or "/language" in each.action)
        answer = client.post(sends, [("csrf", dict(form.fields)["csrf"])])
        assert answer.status_code == 303
        assert answer.headers.get("Clear-Site-Data") == ('"cache"' if https else None)
    assert site.settings.https is https


def test_what_leaving_does_not_clear_is_told(anybody: Client) -> None:
    told = words(anybody.get("/safety"))
    for part in (
        "El historial del navegador",
        "se lee de qué trata un curso o qué buscó",
        "Las capturas de pantalla",
        "Quien administra el servidor de este sitio",
        "Sin JavaScript",
        "ventana privada",
        "Este sitio no tiene HTTPS",
    ):
        assert part in told
    assert title(anybody.get("/safety").get_data(as_text=True)) == "Ayuda · Vereda"


def test_with_https_it_does_not_say_that_there_is_none(make_app: Callable[..., Flask]) -> None:
    assert "no tiene HTTPS" not in words(Client(make_app(https=True)).get("/safety"))


def test_on_shared_devices_browsers_do_not_keep_names(make_app: Callable[..., Flask]) -> None:
    def purposes(path: str, **settings: bool) -> list[str]:
        text = Client(make_app(**settings)).get(path).get_data(as_text=True)
        return re.findall(r'autocomplete="([^"]+)"', text)

    assert purposes("/register") == ["off", "off", "new-password", "off"]
    assert purposes("/login") == ["off", "current-password"]
    assert purposes("/register", shared_devices=False) == ["username", "name", "new-password", "off"]
    assert purposes("/login", shared_devices=False) == ["username", "current-password"]


def test_the_login_page_says_what_to_do_without_the_passphrase(anybody: Client) -> None:
    assert "con el código que anotó elige una nueva" in words(anybody.get("/login"))
