"""Learning without JavaScript: read, answer, save, pass, and what each costs."""

import gzip
import re

from flask import Flask
from sqlalchemy import event

from tests.web.client import Client, page, words
from tests.web.conftest import Clock, signed_in, site_of
from tests.web.learner import COURSE, UNO, answer, finish, pass_test, right_answers
from tests.web.statements import statements


def test_the_whole_course_ends_in_a_certificate(app: Flask, ana: Client) -> None:
    assert "Le faltan 2 módulos y la prueba final. Necesita cerca de " in words(ana.get(COURSE))
    for quiz in ("q-a", "q-d"):
        answer(ana, quiz)
    finish(ana, "m-uno")
    story = ana.form(f"{COURSE}/m-dos", "/scenario/")
    assert ana.send(story).status_code == 303
    assert "Llegó a este final" in words(ana.get(f"{COURSE}/m-dos"))
    finish(ana, "m-dos")
    assert "Solo le falta la prueba final" in words(ana.get(COURSE))
    result = pass_test(app, ana)
    told = words(ana.get(result))
    assert "Aprobó" in told
    assert "100" in told
    assert "Motivo de la" in told
    assert "Se está preparando" in words(ana.get("/me/certificates"))
    assert "Ha completado este curso" in words(ana.get(COURSE))
    assert "Ha completado este curso" in words(ana.get("/me/learning"))


def test_feedback_comes_at_once_with_a_reason_for_each_option(ana: Client) -> None:
    form = ana.form(UNO, "/quiz/q-a")
    done = ana.send(form, ("act", "check"), **{"q-a": [form.options["q-a"][0]], "q-b": [form.options["q-b"][0]]})
    assert done.headers["Location"].endswith("/m-uno#quiz-q-a")
    told = words(ana.get(UNO))
    for part in ("Correcto: es la primera.", "Es la segunda.", "Es la tercera.", "Todavía sin responder."):
        assert part in told
    assert "/quiz/q-a" not in [each.action for each in ana.forms(UNO)]
    again = page(ana.get(f"{UNO}?again=q-a")).form("/quiz/q-a")
    assert not any(name == "q-a" for name, _ in again.fields)


def test_a_double_click_and_a_reload_change_nothing(app: Flask, ana: Client) -> None:
    form = ana.form(UNO, "/quiz/q-a")
    values = right_answers(ana, form)
    for _ in range(3):
        assert ana.send(form, ("act", "check"), **values).status_code == 303
    finish(ana, "m-uno")
    with site_of(app).database.reading() as tx:
        count = tx.exec_driver_sql(
            "SELECT count(*) FROM events WHERE type LIKE 'learner.a%' OR type LIKE 'learner.m%'"
        ).scalar()
    assert count == 2


def test_a_form_sent_again_with_other_answers_tells_of_the_new_ones(ana: Client, clock: Clock) -> None:
    form = ana.form(UNO, "/quiz/q-a")
    right = right_answers(ana, form)
    other = next(each for each in form.options["q-a"] if each not in right["q-a"])
    assert ana.send(form, ("act", "check"), **{"q-a": [other]}).status_code == 303
    clock.pass_(seconds=5)
    assert ana.send(form, ("act", "check"), **right).status_code == 303
    assert words(ana.get(UNO)).count("Todavía sin responder") == 0


def test_a_half_filled_quiz_survives_a_reload_and_another_device(app: Flask, ana: Client) -> None:
    form = ana.form(UNO, "/quiz/q-d")
    first = next(name for name in form.options if name.startswith("q-d."))
    saved = ana.send(form, ("act", "save"), **{first: form.options[first][1]})
    assert "saved=q-d" in saved.headers["Location"]
    assert "Guardado. Siga cuando quiera" in words(ana.get(saved.headers["Location"]))
    other = Client(app, ana.person)
    assert ana.person
    other.browser.set_cookie("s", site_of(app).entrance.open_session(ana.person, now=site_of(app).clock()))
    assert (first, form.options[first][1]) in other.form(UNO, "/quiz/q-d").fields


def test_answers_sent_after_the_session_went_idle_are_kept(app: Flask, ana: Client, clock: Clock) -> None:
    form = ana.form(UNO, "/quiz/q-a")
    sheet = ana.send(ana.form(f"{COURSE}/m-prueba", "/test")).headers["Location"]
    test = ana.form(sheet, "/attempts/")
    clock.pass_(minutes=20)
    values = right_answers(ana, form)
    late = ana.send(form, ("act", "check"), headers={"Referer": f"http://localhost{UNO}"}, **values)
    assert late.status_code == 401
    assert "lo que respondió o escribió se guardó donde lo dejó" in words(late)
    assert f"next={UNO}" in late.get_data(as_text=True).replace("%2F", "/")
    first = next(iter(test.options))
    assert ana.send(test, ("act", "send"), **{first: test.options[first][0]}).status_code == 401
    odd = ana.send(form, ("act", "check"), **{"q-zz": "1"})
    assert odd.status_code == 401
    assert "lo que tenía guardado" in words(odd)
    assert ana.person
    again = Client(app, ana.person)
    again.browser.set_cookie("s", site_of(app).entrance.open_session(ana.person, now=clock()))
    kept = dict(again.form(UNO, "/quiz/q-a").fields)
    assert all(value[0] in (kept[name], *value) and name in kept for name, value in values.items())
    assert (first, test.options[first][0]) in again.form(sheet, "/attempts/").fields


def test_after_signing_out_nothing_more_is_kept(app: Flask, ana: Client) -> None:
    form = ana.form(UNO, "/quiz/q-a")
    values = right_answers(ana, form)
    with site_of(app).database.writing() as tx:
        tx.exec_driver_sql("DELETE FROM sessions")
    assert ana.send(form, ("act", "check"), **values).status_code == 401
    with site_of(app).database.reading() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM drafts").scalar() == 0


def test_a_place_given_twice_is_told_and_nothing_is_lost(ana: Client) -> None:
    form = ana.form(UNO, "/quiz/q-d")
    values = right_answers(ana, form) | {name: ["1"] for name in form.options if name.startswith("q-e.")}
    ana.send(form, ("act", "check"), **values)
    assert "Dé a cada elemento un lugar distinto" in words(ana.get(UNO))
    again = ana.form(UNO, "/quiz/q-d")
    assert [value for name, value in again.fields if name.startswith("q-e.")] == ["1", "1", "1"]


def test_a_page_with_a_script_gets_only_the_part_that_changed(ana: Client) -> None:
    form = ana.form(UNO, "/quiz/q-a")
    part = ana.send(form, ("act", "check"), headers={"X-Fragment": "1"}, **right_answers(ana, form))
    assert part.status_code == 200
    text = part.get_data(as_text=True).strip()
    assert text.startswith('<div class="quiz" id="quiz-q-a"')
    assert "<html" not in text
    saved = ana.send(ana.form(UNO, "/quiz/q-d"), ("act", "save"), headers={"X-Fragment": "1"})
    assert saved.status_code == 204


def test_the_place_she_reached_is_kept(ana: Client) -> None:
    text = ana.get(UNO).get_data(as_text=True)
    found = re.search(r'data-place="([^"]+)" data-csrf="([^"]+)" data-release="([^"]+)"', text)
    assert found
    fields = [("csrf", found[2]), ("release", found[3]), ("section", "segunda")]
    assert ana.post(found[1], fields).status_code == 204
    assert "m-uno#segunda" in ana.get(COURSE).get_data(as_text=True)
    assert "Seguir donde se quedó" in words(ana.get(UNO))


def test_a_sheet_is_looked_over_before_it_is_sent(ana: Client) -> None:
    path = ana.send(ana.form(f"{COURSE}/m-prueba", "/test")).headers["Location"]
    form = ana.form(path, "/attempts/")
    first = next(iter(form.options))
    looked = ana.send(form, ("act", "review"), **{first: form.options[first][0]})
    assert "review=1" in looked.headers["Location"]
    told = words(ana.get(looked.headers["Location"]))
    assert all(part in told for part in ("Pregunta 2", "Pregunta 3", "Pregunta 4", "Enviar la prueba"))
    assert "saved=1" in ana.send(form, ("act", "save")).headers["Location"]
    assert ana.send(form, ("act", "save"), headers={"X-Fragment": "1"}).status_code == 204


def test_a_failed_test_says_what_to_review_and_no_key(ana: Client) -> None:
    path = ana.send(ana.form(f"{COURSE}/m-prueba", "/test")).headers["Location"]
    ana.send(ana.form(path, "/attempts/"), ("act", "send"))
    told = ana.get(path)
    assert "Todavía no" in words(told)
    assert f"{COURSE}/m-uno" in told.get_data(as_text=True)
    assert "Motivo" not in words(told)
    assert ana.send(ana.form(f"{COURSE}/m-prueba", "/test")).headers["Location"] != path


def test_nobody_sees_the_attempt_of_another(app: Flask, ana: Client) -> None:
    path = ana.send(ana.form(f"{COURSE}/m-prueba", "/test")).headers["Location"]
    assert signed_in(app, "beto").get(path).status_code == 404


def test_empty_pages_say_what_to_do(app: Flask, ana: Client) -> None:
    assert "Todavía no ha empezado ningún curso" in words(ana.get("/me/learning"))
    assert "Todavía no tiene certificados" in words(ana.get("/me/certificates"))
    with site_of(app).database.writing() as tx:
        tx.exec_driver_sql("DELETE FROM courses")
    assert "Aquí todavía no hay ningún curso publicado" in words(ana.get("/"))


def test_a_module_costs_six_statements_and_sixty_kilobytes(app: Flask, ana: Client, clock: Clock) -> None:
    ana.get(UNO)
    with statements(app) as said:
        answer_ = ana.get(UNO, headers={"Accept-Encoding": "gzip"})
    assert answer_.headers["Content-Encoding"] == "gzip"
    assert len(said) <= 6, said
    raw = answer_.get_data()
    text = gzip.decompress(raw).decode()
    static = site_of(app).assets.folder
    names = re.findall(r'(?:href|src)="/s/[0-9a-f]+/([^"]+)"', text)
    sizes = [len((static / f"{name}.gz").read_bytes()) for name in set(names)]
    media = set(re.findall(r'src="(/media/[^"]+)"', text))
    assert 1 + len(sizes) + len(media) <= 6
    assert len(raw) + sum(sizes) + sum(len(ana.get(each).get_data()) for each in media) <= 60 * 1024


def test_an_answer_costs_twelve_statements_in_one_transaction(app: Flask, ana: Client) -> None:
    answer(ana, "q-d")
    form = ana.form(UNO, "/quiz/q-a")
    values = right_answers(ana, form)
    began: list[str] = []
    event.listen(
        site_of(app).database.engine,
        "begin",
        lambda c: began.append("w" if c.get_execution_options().get("lms_writes") else "r"),
    )
    with statements(app) as said:
        ana.send(form, ("act", "check"), **values)
    assert began.count("w") == 1
    assert len(said) <= 12, said
