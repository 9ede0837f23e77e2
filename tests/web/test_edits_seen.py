"""A course is edited while somebody learns: what she sees of it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from lms.services.running.publish import Published, publish
from tests.web.client import Client, words
from tests.web.conftest import SAMPLE, Clock, signed_in, site_of
from tests.web.learner import COURSE, UNO, answer, finish, right_answers

CHANGED = "Esta pregunta cambió desde que la respondió. Su resultado se conserva; puede responderla de nuevo."
Publish = Callable[..., Published]


@pytest.fixture
def edit(app: Flask, tmp_path: Path, clock: Clock) -> Publish:
    """The course with these texts in the place of others, published."""
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "demo-course"))

    def edited(*changes: tuple[str, str, str]) -> Published:
        for file, old, new in changes:
            text = (folder / file).read_text("utf-8")
            assert old in text
            (folder / file).write_text(text.replace(old, new, 1), "utf-8")
        done = publish(site_of(app).database, folder, position=0, now=clock())
        assert done.outcome == "published", done.diagnostics
        return done

    return edited


QUIZ, YML = "es/01-uno.md", "course.yml"
KEY_FIXED = [
    (QUIZ, "- [x] La letra A\n  > Correcto", "- [ ] La letra A\n  > Correcto"),
    (QUIZ, "- [ ] La letra B", "- [x] La letra B"),
]


def test_a_question_with_another_key_is_told_and_its_old_answer_is_not_judged(ana: Client, edit: Publish) -> None:
    answer(ana, "q-a")
    edit(*KEY_FIXED)
    told = words(ana.get(UNO))
    assert told.count(CHANGED) == 1
    assert "Es la segunda." not in told
    assert "Es consonante." in told
    assert words(ana.get(f"{UNO}?again=q-a")).count(CHANGED) == 1
    form = ana.form(f"{UNO}?again=q-a", "/quiz/q-a")
    ana.send(form, ("act", "check"), **right_answers(ana, form))
    told = words(ana.get(UNO))
    assert CHANGED not in told
    assert "Es la segunda." in told


def test_a_rewording_is_not_told(ana: Client, edit: Publish) -> None:
    answer(ana, "q-a")
    edit((QUIZ, "¿Cuál es la primera letra?", "¿Qué letra va primero?"), (QUIZ, "Es la segunda.", "Va después."))
    told = words(ana.get(UNO))
    assert CHANGED not in told
    assert "Va después." in told


def test_when_only_one_question_was_answered_and_it_changed_the_form_is_back(ana: Client, edit: Publish) -> None:
    form = ana.form(UNO, "/quiz/q-a")
    ana.send(form, ("act", "check"), **{"q-a": [form.options["q-a"][0]]})
    edit(*KEY_FIXED)
    assert CHANGED in words(ana.get(UNO))
    assert ana.form(UNO, "/quiz/q-a")


def test_what_she_had_finished_stays_finished(ana: Client, edit: Publish) -> None:
    for quiz in ("q-a", "q-d"):
        answer(ana, quiz)
    finish(ana, "m-uno")
    new = "::: unica #q-nueva puntos=20\n¿Y ahora?\n\n- [x] Sí\n  > Sí.\n- [ ] No\n  > No.\n:::\n\n::: reflexion #r-uno"
    edit((QUIZ, "::: reflexion #r-uno", new))
    assert "Ha terminado este módulo" in words(ana.get(UNO))
    assert "1 módulo" in words(ana.get(COURSE))


@pytest.mark.parametrize(
    "change",
    [
        (QUIZ, "- La letra E -> Vocal\n  > Suena sola.\n", ""),
        (QUIZ, "- La letra E -> Vocal", "- {e} La letra E -> Otra cosa"),
        (QUIZ, "::: relacionar #q-d", "::: clasificar #q-d"),
    ],
)
def test_a_draft_that_no_longer_fits_breaks_nothing(ana: Client, edit: Publish, change: tuple[str, str, str]) -> None:
    form = ana.form(UNO, "/quiz/q-d")
    ana.send(form, ("act", "save"), **right_answers(ana, form))
    edit(change)
    assert ana.get(UNO).status_code == 200
    fresh = ana.form(UNO, "/quiz/q-d")
    assert ana.send(fresh, ("act", "check")).status_code == 303
    assert ana.get(UNO).status_code == 200


def test_a_draft_follows_its_question_to_another_name_and_module(ana: Client, edit: Publish) -> None:
    form = ana.form(UNO, "/quiz/q-d")
    values = right_answers(ana, form)
    ana.send(form, ("act", "save"), **values)
    edit(
        (QUIZ, "id: m-uno", "id: m-primero"),
        (QUIZ, "::: relacionar #q-d", "::: relacionar #q-letras"),
        (YML, "[m-uno,", "[m-primero,"),
        ("es/90-prueba.md", "p1: m-uno", "p1: m-primero"),
        (YML, "access: open", "access: open\nrenamed: {m-uno: m-primero, q-d: q-letras}"),
    )
    assert ana.get(UNO).headers["Location"] == f"{COURSE}/m-primero"
    fresh = ana.form(f"{COURSE}/m-primero", "/quiz/q-letras")
    there = dict(fresh.fields)
    assert all(there[name.replace("q-d.", "q-letras.")] for name in values)
    ana.send(fresh, ("act", "check"))
    again = ana.form(f"{COURSE}/m-primero?again=q-letras", "/quiz/q-letras")
    assert not any(value for name, value in again.fields if name.startswith(("q-letras.", "q-e.")))


def test_a_page_that_was_open_sends_to_the_release_it_showed(ana: Client, edit: Publish) -> None:
    form = ana.form(UNO, "/quiz/q-a")
    values = right_answers(ana, form)
    edit(
        (QUIZ, "::: multiple #q-b", "Texto.\n\n::: multiple #q-b"),
        (QUIZ, "#q-a points=1", "#q-letra"),
        (YML, "access: open", "access: open\nrenamed: {q-a: q-letra}"),
    )
    part = ana.send(form, ("act", "check"), headers={"X-Fragment": "1"}, **values)
    assert part.status_code == 200
    assert 'id="quiz-q-letra"' in part.get_data(as_text=True)
    assert "Correcto: es la primera." in words(ana.get(UNO))


def test_a_quiz_that_is_gone_loads_the_whole_page(ana: Client, edit: Publish) -> None:
    form = ana.form(UNO, "/quiz/q-d")
    values = right_answers(ana, form)
    start = "::: relacionar #q-d"
    text = (SAMPLE / QUIZ).read_text("utf-8")
    block = text[text.index(start) : text.index("::: ordenar")]
    edit((QUIZ, block, ""), (YML, "access: open", "access: open\nretired: [q-d]"))
    part = ana.send(form, ("act", "check"), headers={"X-Fragment": "1"}, **values)
    assert part.status_code == 409
    assert ana.send(form, ("act", "check"), **values).status_code == 303


def test_tries_are_told_and_the_last_one_closes_the_quiz(ana: Client, edit: Publish) -> None:
    edit((QUIZ, "completion: {quiz: 70}", "completion: {quiz: 70, attempts: 2}"))
    told = words(ana.get(UNO))
    assert "Quedan 2 intentos: responda todas las preguntas antes de comprobar." in told
    assert "Cada cuestionario se puede comprobar 2 veces; cuentan las mejores respuestas." in told
    stale = ana.form(UNO, "/quiz/q-a")
    answer(ana, "q-a")
    told = words(ana.get(UNO))
    assert "Queda 1 intento" in told
    ana.send(ana.form(f"{UNO}?again=q-a", "/quiz/q-a"), ("act", "check"), **right_answers(ana, stale))
    told = words(ana.get(f"{UNO}?again=q-a"))
    assert "Usó todos los intentos que permite este cuestionario." in told
    assert "Correcto: es la primera." in told
    assert not [form for form in ana.forms(f"{UNO}?again=q-a") if "/quiz/q-a" in form.action]
    fields = [(name, value) for name, value in stale.fields if name != "event"]
    refused = ana.post(
        stale.action,
        [*fields, *((name, value[0]) for name, value in right_answers(ana, stale).items()), ("act", "check")],
    )
    assert refused.status_code == 403
    assert "Usó todos los intentos" in words(refused)


def test_a_test_failed_before_its_module_was_renamed_says_what_to_review(
    app: Flask, ana: Client, edit: Publish
) -> None:
    path = ana.send(ana.form(f"{COURSE}/m-prueba", "/test")).headers["Location"]
    ana.send(ana.form(path, "/attempts/"), ("act", "send"))
    edit(
        (QUIZ, "id: m-uno", "id: m-primero"),
        (YML, "[m-uno,", "[m-primero,"),
        ("es/90-prueba.md", "p1: m-uno", "p1: m-primero"),
        (YML, "access: open", "access: open\nrenamed: {m-uno: m-primero}"),
    )
    assert f"{COURSE}/m-primero" in ana.get(path).get_data(as_text=True)
    beto = signed_in(app, "beto")
    assert beto.get(f"{COURSE}/m-primero").status_code == 200


def test_a_poll_answered_under_its_old_name_is_answered(ana: Client, edit: Publish) -> None:
    edit(
        (
            QUIZ,
            "::: reflexion #r-uno",
            "::: encuesta #p-uno\n¿Qué prefiere?\n\n- Leer\n- Oír\n:::\n\n::: reflexion #r-uno",
        )
    )
    form = ana.form(UNO, "/poll/p-uno")
    ana.send(form, **{"p-uno": form.options["p-uno"][0]})
    edit((QUIZ, "#p-uno", "#p-gusto"), (YML, "access: open", "access: open\nrenamed: {p-uno: p-gusto}"))
    assert not [form for form in ana.forms(UNO) if "/poll/" in form.action]
