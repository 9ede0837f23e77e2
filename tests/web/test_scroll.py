"""A module as one scroll: its sections, what leads back, what may be asked for alone, and that nobody gets another's answers."""

import re

from flask import Flask

from lms.services.running.publish import publish
from tests.visitor import merged
from tests.web.client import Client, words
from tests.web.conftest import NOW, signed_in, site_of
from tests.web.learner import COURSE, UNO, answer, finish, right_answers
from tests.web.test_html import COURSES

MUESTRARIO = "/courses/muestrario"


def show_all_blocks(app: Flask) -> None:
    publish(site_of(app).database, COURSES[0], position=1, now=NOW)


def test_each_section_is_named_and_says_how_much_is_left(app: Flask, ana: Client) -> None:
    show_all_blocks(app)
    text = ana.get(f"{MUESTRARIO}/m-preguntas").get_data(as_text=True)
    parts = re.findall(r'<section class="part" data-left="([\d.]+)"(?: aria-labelledby="([^"]+)")?>', text)
    assert [anchor for _, anchor in parts] == ["", "elegir", "escribir", "unir"]
    left = [float(minutes) for minutes, _ in parts]
    assert left[0] == 10
    assert left == sorted(left, reverse=True)
    assert left[-1] > 0
    assert "3 secciones" in words(ana.get(f"{MUESTRARIO}/m-preguntas"))


def test_the_contents_say_where_she_has_been(app: Flask, ana: Client) -> None:
    assert "Ya llegó aquí" not in words(ana.get(UNO))
    form = ana.form(UNO, "/finish")
    fields = [(name, value) for name, value in form.fields if name in ("csrf", "release")]
    assert ana.post(f"{UNO}/place", [*fields, ("section", "segunda")]).status_code == 204
    reached = re.findall(r'<li class="reached"><a href="#([^"]+)"', ana.get(UNO).get_data(as_text=True))
    assert reached[-1] == "segunda"


def test_every_reference_on_the_page_is_led_back_to(app: Flask, ana: Client) -> None:
    show_all_blocks(app)
    for path in (f"{MUESTRARIO}/m-caja", f"{MUESTRARIO}/m-preguntas"):
        page = ana.get(path).get_data(as_text=True)
        places = set(re.findall(r' id="(r\.[^"]+)"', page))
        assert places == set(re.findall(r'<a class="back" href="#([^"]+)"', page))
        body, _, tail = page.partition('<details class="glossary"')
        assert len(places) == len(re.findall(r'<sup class="ref"|<a class="term"', body))
        assert places or path.endswith("m-preguntas")
        assert "<!--" not in tail


def test_feedback_adds_the_references_that_it_makes(app: Flask, ana: Client) -> None:
    show_all_blocks(app)
    path = f"{MUESTRARIO}/m-preguntas"
    assert ">Fuentes<" in ana.get(path).get_data(as_text=True)
    assert 'href="#r.fn-guia.' not in ana.get(path).get_data(as_text=True)
    ana.send(ana.form(path, "/quiz/q-cual"), ("act", "check"), **{"q-cual": "1"})
    assert 'href="#r.fn-guia.q-cual.' in ana.get(path).get_data(as_text=True)


def test_a_finished_module_leads_on_to_the_next_one(ana: Client) -> None:
    for quiz in ("q-a", "q-d"):
        answer(ana, quiz)
    assert "He terminado. Seguir con:" in words(ana.get(UNO))
    done = ana.send(ana.form(UNO, "/finish"))
    assert done.headers["Location"].endswith(f"{COURSE}/m-dos?ended=m-uno")
    assert "Terminó «" in words(ana.get(done.headers["Location"]))


def test_one_that_asks_for_more_leads_to_what_is_missing(ana: Client) -> None:
    assert ana.send(ana.form(UNO, "/finish")).headers["Location"].endswith(f"{COURSE}#modules")
    finish(ana, "m-dos")
    assert "Terminó «" not in words(ana.get(f"{UNO}?ended=nada"))


def test_a_quiz_is_asked_for_again_alone(ana: Client) -> None:
    answer(ana, "q-a")
    part = ana.get(f"{UNO}?again=q-a", headers={"X-Fragment": "1"})
    text = part.get_data(as_text=True)
    assert text.startswith('<div class="quiz" id="quiz-q-a"')
    assert "<html" not in text
    assert 'name="q-a"' in text
    assert "page-finish" in text
    assert ana.get(f"{UNO}?again=q-zz", headers={"X-Fragment": "1"}).status_code == 409
    assert ana.get(f"{COURSE}/m-prueba", headers={"X-Fragment": "1"}).status_code == 409


def test_every_form_of_a_page_has_an_event_of_its_own_and_her_token(app: Flask, ana: Client) -> None:
    show_all_blocks(app)
    for path in (f"{MUESTRARIO}/m-preguntas", f"{MUESTRARIO}/m-casa"):
        events = [dict(form.fields).get("event") for form in ana.forms(path)]
        mine = [each for each in events if each]
        assert len(set(mine)) == len(mine) > 1
        for form in ana.forms(path):
            assert "csrf" in dict(form.fields), form.action
        assert "§" not in ana.get(path).get_data(as_text=True)


def test_nobody_is_shown_the_words_of_another(app: Flask, ana: Client) -> None:
    show_all_blocks(app)
    path, said = f"{MUESTRARIO}/m-preguntas", "palabra-que-solo-ella-escribe"
    ana.send(ana.form(path, "/quiz/q-tela"), ("act", "save"), **{"q-tela": said})
    assert said in ana.get(path).get_data(as_text=True)
    ana.send(ana.form(path, "/quiz/q-tela"), ("act", "check"), **{"q-tela": said})
    assert said in words(ana.get(path))
    beto = signed_in(app, "beto")
    beto.send(beto.form(path, "/quiz/q-tela"), ("act", "check"), **{"q-tela": "otra"})
    assert said not in beto.get(path).get_data(as_text=True)


def test_what_she_writes_is_text_wherever_it_is_shown_again(app: Flask, ana: Client) -> None:
    show_all_blocks(app)
    path, said = f"{MUESTRARIO}/m-preguntas", '"><i>§&'
    for act in ("save", "check"):
        form = ana.form(path, "/quiz/q-tela")
        ana.post(form.action, merged(form, {"q-tela": said}, ("act", act)))
        text = ana.get(path).get_data(as_text=True)
        assert "<i>§" not in text
        assert "&lt;i&gt;§&amp;" in text


def test_each_learner_has_her_own_order(app: Flask) -> None:
    show_all_blocks(app)
    orders = set()
    for number in range(6):
        client = signed_in(app, f"alguien{number}")
        text = client.get(f"{MUESTRARIO}/m-preguntas").get_data(as_text=True)
        box = text.partition('id="question-q-lugar"')[2].partition("</fieldset>")[0]
        values = re.findall(r'value="(\d)"', box)
        assert values == ["1", "2", "3", "4"]
        orders.add(tuple(re.findall(r"<span>([^<]+)</span>", box)))
    assert len(orders) > 1
    assert len({frozenset(order) for order in orders}) == 1


def test_pictures_keep_their_place(app: Flask, ana: Client) -> None:
    show_all_blocks(app)
    found = re.findall(r'<img src="/media/\w+"[^>]* width="(\d+)" height="(\d+)"', ana.get(f"{MUESTRARIO}/m-caja").text)
    assert found == [("640", "300"), ("640", "40")]


def test_an_ordering_is_told_in_its_right_order(app: Flask, ana: Client) -> None:
    form = ana.form(UNO, "/quiz/q-d")
    ana.send(form, ("act", "check"), **right_answers(ana, form))
    box = ana.get(UNO).get_data(as_text=True).partition('id="question-q-e"')[2]
    places = re.findall(r"Correcto: lugar (\d)</span>", box)
    assert places[:3] == ["1", "2", "3"]
