"""Coming back: the first page says where to go on, in one tap."""

import html
import re

from flask import Flask

from lms.services.groups import cohorts
from tests.web.client import Client, words
from tests.web.conftest import Clock, signed_in, site_of
from tests.web.learner import COURSE, UNO, answer, finish, pass_test
from tests.web.statements import statements
from tests.web.test_review import REVIEW, miss


def card(client: Client, path: str = "/") -> str:
    """The part of the page that says where to go on; empty where there is none."""
    found = re.search(r'<section class="card resume.*?</section>', client.get(path).get_data(as_text=True), re.DOTALL)
    return html.unescape(found[0]) if found else ""


def said(client: Client, path: str = "/") -> str:
    return " ".join(re.sub("<[^>]+>", " ", card(client, path)).split())


def reach(client: Client, module: str, section: str) -> None:
    """She reads as far as that section."""
    text = client.get(f"{COURSE}/{module}").get_data(as_text=True)
    found = re.search(r'data-place="([^"]+)" data-csrf="([^"]+)" data-release="([^"]+)"', text)
    assert found
    fields = [("csrf", found[2]), ("release", found[3]), ("section", section)]
    assert client.post(found[1], fields).status_code == 204


def test_who_has_begun_nothing_sees_the_catalogue_alone(anybody: Client, ana: Client) -> None:
    for who in (anybody, ana):
        assert card(who) == ""
        assert "Curso de muestra" in words(who.get("/"))
    assert card(ana, "/me/learning") == ""


def test_she_goes_on_where_she_stopped(ana: Client) -> None:
    reach(ana, "m-uno", "segunda")
    for path in ("/", "/me/learning"):
        assert f'href="{UNO}#segunda"' in card(ana, path)
        told = said(ana, path)
        for part in ("Curso de muestra", "Módulo uno", "Se quedó en: Segunda sección", "Seguir", "Necesita cerca de"):
            assert part in told, part
    page = words(ana.get("/"))
    assert page.index("Seguir aprendiendo") < page.index("Se quedó en") < page.index("con certificado")
    ana.language = "en"
    assert "You stopped at: Segunda sección" in said(ana)


def test_without_javascript_she_goes_on_at_the_first_quiz_without_an_answer(ana: Client) -> None:
    answer(ana, "q-a")
    assert f'href="{UNO}#quiz-q-d"' in card(ana)
    assert "Se quedó en: Segunda sección" in said(ana)


def test_a_finished_module_gives_way_to_the_next_one(ana: Client) -> None:
    for quiz in ("q-a", "q-d"):
        answer(ana, quiz)
    finish(ana, "m-uno")
    assert f'href="{COURSE}/m-dos"' in card(ana)
    assert "Se quedó" not in said(ana)


def test_what_was_missed_is_counted_and_leads_to_its_review(ana: Client) -> None:
    miss(ana)
    assert f'href="{REVIEW}"' in card(ana)
    assert "Repasar lo que falló: 5 preguntas" in said(ana)


def test_a_complete_course_asks_for_nothing(app: Flask, ana: Client) -> None:
    for quiz in ("q-a", "q-d"):
        answer(ana, quiz)
    for module in ("m-uno", "m-dos"):
        finish(ana, module)
    assert "Prueba final" in said(ana)
    pass_test(app, ana)
    assert card(ana) == ""


def test_who_was_enrolled_begins_from_the_first_page(app: Flask, ana: Client) -> None:
    site = site_of(app)
    assert ana.person
    with site.database.writing() as tx:
        made = cohorts.create(tx, site.pen, name="g", courses=["demo-course"], cap=9, days=9, now=site.clock())
        cohorts.join(tx, site.pen, person=ana.person.id, code=made.code, now=site.clock())
    assert "Empezar" in said(ana)
    assert f'href="{UNO}"' in card(ana)


def test_the_first_page_asks_nothing_more_of_the_database_for_it(app: Flask, clock: Clock) -> None:
    ana = signed_in(app, "ana")
    ana.get("/")
    with statements(app) as before:
        ana.get("/")
    reach(ana, "m-uno", "segunda")
    with statements(app) as after:
        ana.get("/")
    assert card(ana)
    assert len(after) == len(before) <= 3, after
