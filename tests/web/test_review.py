"""Going over what was missed, without JavaScript: a few questions, told about again, nothing counted."""

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask

from lms.content.course import load
from lms.content.question_model import Question
from lms.learning import forms
from lms.learning.attempts import PracticeWiring
from lms.learning.grading import Answer, right_answer
from lms.services.running.rebuild import differences
from lms.storage.releases import Catalogue
from tests.answers import wrong_answer
from tests.web.client import Client, page, words
from tests.web.conftest import SAMPLE, Clock, signed_in, site_of
from tests.web.learner import COURSE, UNO, pass_test, right_answers
from tests.web.statements import statements
from tests.web.test_edits_seen import KEY_FIXED, Publish, edit

REVIEW = f"{COURSE}/review"
__all__ = ["edit"]


def filled(client: Client, names: list[str], how: Callable[[Question], Answer]) -> dict[str, list[str]]:
    """The fields of these questions, answered so."""
    course, _ = load(SAMPLE)
    assert course
    assert client.person
    known = [each for each in course.editions["es"].modules["m-uno"].questions() if each.id in names]
    return forms.fields(known, PracticeWiring(client.person.id), {each.id: how(each) for each in known})


def miss(client: Client) -> None:
    """Every question of the first module, wrong."""
    for quiz, names in (("q-a", ["q-a", "q-b", "q-c"]), ("q-d", ["q-d", "q-e"])):
        form = client.form(UNO, f"/quiz/{quiz}")
        assert client.send(form, ("act", "check"), **filled(client, names, wrong_answer)).status_code == 303


def asked(client: Client) -> list[str]:
    """The questions of the page."""
    fields = dict(client.form(REVIEW, "/review").fields)
    return fields["questions"].split()


def review(client: Client, how: Callable[[Question], Answer]) -> str:
    """What the page says after the next few were answered so."""
    done = client.send(client.form(REVIEW, "/review"), **filled(client, asked(client), how))
    assert (done.status_code, done.headers["Location"]) == (303, f"{REVIEW}?checked=1")
    return words(client.get(done.headers["Location"]))


def test_what_was_missed_comes_a_few_at_a_time_until_nothing_is_left(app: Flask, ana: Client, clock: Clock) -> None:
    assert "Todavía no hay nada que repasar" in words(ana.get(REVIEW))
    miss(ana)
    before = words(ana.get(UNO))
    clock.pass_(minutes=1)
    assert "Sin nota" in words(ana.get(REVIEW))
    assert "Aquí le esperan 5 preguntas" in words(ana.get(REVIEW))
    assert asked(ana) == ["q-a", "q-b", "q-c", "q-d"]
    told = review(ana, right_answer)
    for part in ("Correcto: es la primera.", "Es consonante.", "Le queda 1 pregunta por repasar.", "Las siguientes"):
        assert part in told
    clock.pass_(minutes=1)
    assert asked(ana) == ["q-e"]
    assert "No le queda nada por repasar." in review(ana, right_answer)
    assert "No le queda nada por repasar." in words(ana.get(REVIEW))
    assert words(ana.get(UNO)) == before
    with site_of(app).database.reading() as tx:
        assert differences(tx, Catalogue()) == []


def test_what_is_missed_again_waits_behind_the_others(ana: Client, clock: Clock) -> None:
    miss(ana)
    clock.pass_(minutes=1)
    told = review(ana, wrong_answer)
    assert told.count("Todavía no. Lea por qué.") == 4
    assert "Le quedan 5 preguntas por repasar." in told
    assert asked(ana)[0] == "q-e"


def test_answering_again_in_the_module_takes_it_off_too(ana: Client, clock: Clock) -> None:
    miss(ana)
    clock.pass_(minutes=1)
    form = page(ana.get(f"{UNO}?again=q-a")).form("/quiz/q-a")
    ana.send(form, ("act", "check"), **right_answers(ana, form))
    assert asked(ana) == ["q-d", "q-e"]


def test_each_question_leads_to_the_section_that_it_is_from(ana: Client, clock: Clock) -> None:
    miss(ana)
    clock.pass_(minutes=1)
    review(ana, wrong_answer)
    for address in (REVIEW, f"{REVIEW}?checked=1"):
        main = ana.get(address).get_data(as_text=True).partition("<main")[2]
        found = {html.unescape(each) for each in re.findall(r'href="([^"]*#[^"]*)"', main)}
        assert f"{UNO}#primera" in found
        assert not any(each.startswith("#") for each in found)
    assert any(each.startswith(f"{UNO}#fn-") for each in found)


def test_the_form_comes_back_as_it_was_filled_in(ana: Client) -> None:
    miss(ana)
    empty = ana.send(ana.form(REVIEW, "/review"))
    assert empty.status_code == 400
    assert "Responda al menos una pregunta" in words(empty)
    ana.send(ana.form(REVIEW, "/review"), **filled(ana, ["q-a", "q-b", "q-c", "q-d"], right_answer))
    form = ana.form(REVIEW, "/review")
    again = ana.send(form, **{name: "1" for name in form.options if name.startswith("q-e.")})
    assert again.status_code == 400
    assert "hay que corregir una de sus respuestas" in words(again)
    assert "Dé a cada elemento un lugar distinto" in words(again)
    kept = [value for name, value in page(again).form("/review").fields if name.startswith("q-e.")]
    assert kept == ["1", "1", "1"]


def test_a_form_that_was_made_up_is_refused(app: Flask, ana: Client) -> None:
    miss(ana)
    form = ana.form(REVIEW, "/review")
    for changes in ({"questions": "q-t11"}, {"questions": "q-zz"}, {"questions": "q-a", "q-b": "1"}):
        assert ana.send(form, **changes).status_code == 400
    beto = signed_in(app, "beto")
    fields = [(name, value) for name, value in form.fields if name != "csrf"]
    assert beto.post(REVIEW, [*fields, ("csrf", beto.csrf()), ("q-a", "1")]).status_code == 400
    assert ana.get("/courses/no-hay/review").status_code == 404


def test_a_double_click_and_going_back_are_told_as_they_are(ana: Client, clock: Clock) -> None:
    miss(ana)
    clock.pass_(minutes=1)
    form = ana.form(REVIEW, "/review")
    for how, said in ((wrong_answer, 0), (wrong_answer, 0), (right_answer, 4)):
        done = ana.send(form, **filled(ana, ["q-a", "q-b", "q-c", "q-d"], how))
        assert words(ana.get(done.headers["Location"])).count("Correcto. ") == said
        clock.pass_(minutes=1)


def test_a_question_that_changed_is_named_and_not_asked(ana: Client, edit: Publish) -> None:
    miss(ana)
    edit(*KEY_FIXED)
    told = words(ana.get(REVIEW))
    assert "Cambió desde que respondió" in told
    assert asked(ana) == ["q-b", "q-c", "q-d", "q-e"]


def test_after_an_edit_older_answers_are_not_told(ana: Client, clock: Clock, edit: Publish) -> None:
    miss(ana)
    clock.pass_(minutes=1)
    review(ana, wrong_answer)
    edit(("es/01-uno.md", "¿Cuál es la primera letra?", "¿Qué letra va primero?"))
    told = words(ana.get(f"{REVIEW}?checked=1"))
    assert "El curso cambió desde que comprobó estas preguntas" in told
    assert "Le quedan 5 preguntas por repasar." in told


def test_questions_of_the_final_test_never_come(app: Flask, ana: Client) -> None:
    sheet = ana.send(ana.form(f"{COURSE}/m-prueba", "/test")).headers["Location"]
    ana.send(ana.form(sheet, "/attempts/"), ("act", "send"))
    pass_test(app, ana)
    assert "Todavía no hay nada que repasar" in words(ana.get(REVIEW))


def test_in_english(ana: Client, clock: Clock) -> None:
    miss(ana)
    clock.pass_(minutes=1)
    ana.language = "en"
    told = words(ana.get(REVIEW))
    assert "Review what you missed" in told
    assert "5 questions are waiting for you here" in told
    assert "5 questions are left to review." in review(ana, wrong_answer)


def test_a_review_costs_few_statements(app: Flask, ana: Client, clock: Clock) -> None:
    miss(ana)
    clock.pass_(minutes=1)
    form = ana.form(REVIEW, "/review")
    with statements(app) as looked:
        ana.get(REVIEW)
    assert len(looked) <= 4, looked
    with statements(app) as sent:
        ana.send(form, **filled(ana, ["q-a"], right_answer))
    assert len(sent) <= 12, sent


@pytest.mark.parametrize("path", ["/", "/me/learning", COURSE])
def test_pages_that_tell_of_what_was_missed_ask_nothing_more_for_it(app: Flask, ana: Client, path: str) -> None:
    ana.get(path)
    with statements(app) as before:
        ana.get(path)
    miss(ana)
    with statements(app) as after:
        ana.get(path)
    assert len(after) == len(before)
