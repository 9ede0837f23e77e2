"""Questions before and after a course: offered once, answered without a script, counted without a name."""

import io
import re
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import load_workbook
from pypdf import PdfReader

from lms.learning.attempts import PracticeWiring
from lms.learning.gain import ENOUGH, WHOLE, first_form, other_form
from lms.learning.grading import right_answer
from lms.services.groups import cohorts
from lms.services.running.publish import publish
from lms.storage import gains, polls
from tests.content.knowing import knowing
from tests.visitor import Form
from tests.web.client import Client, page, words
from tests.web.conftest import Clock, again, signed_in, site_of
from tests.web.learner import COURSE, UNO, complete
from tests.web.learner import answer as answer_quiz
from tests.web.test_amending import sent
from tests.web.test_go_on import card
from tests.web.test_go_on import said as card_said

PAGE, SKIP = f"{COURSE}/knowledge", "/knowledge/skip"
STAFF = "/staff/indicators"
OFFER = "Antes de empezar: 4 preguntas"


@pytest.fixture(autouse=True)
def asking(app: Flask, clock: Clock, tmp_path: Path) -> None:
    """The sample asks before and after it."""
    done = publish(site_of(app).database, knowing(tmp_path), position=0, now=clock())
    assert done.outcome == "published", done.diagnostics


def filled(app: Flask, client: Client, form: Form, right: int) -> dict[str, str]:
    """So many of her form's questions right and the others wrong."""
    assert client.person
    with site_of(app).database.reading() as tx:
        live = site_of(app).desk.catalogue.live(tx, "demo-course")
    assert live
    questions = live.course.editions["es"].knowledge
    assert questions
    values, wiring = {}, PracticeWiring(client.person.id)
    shown = [each for each in questions.questions() if each.id in form.options or each.id in dict(form.fields)]
    for n, question in enumerate(shown):
        if question.kind == "numeric":
            values[question.id] = "7" if n < right else "8"
        else:
            wires = {each.key: each.wire for each in wiring.choices(question)}
            key = right_answer(question)[0]
            values[question.id] = wires[key] if n < right else next(w for k, w in wires.items() if k != key)
    assert len(values) == 4
    return values


def answer(app: Flask, client: Client, right: int) -> None:
    """Her form sent."""
    form = client.form(PAGE, "/knowledge")
    done = client.send(form, ("act", "send"), **filled(app, client, form, right))
    assert done.status_code == 303 and done.headers["Location"].endswith("sent=1")


def kept(app: Flask) -> dict[str, dict[str, int]]:
    with site_of(app).database.reading() as tx:
        return {name: counted for name, counted in polls.tally(tx, "demo-course").items() if name.startswith("gain")}


def many(app: Flask, people: int, before: int, after: int) -> None:
    """So many have answered both forms."""
    with site_of(app).database.writing() as tx:
        sums = {"people": people, "before": people * before, "after": people * after}
        polls.add(tx, "demo-course", {("gain:1", name): n for name, n in sums.items()})


def test_from_the_offer_to_the_figures(app: Flask, ana: Client) -> None:
    told = words(ana.get(COURSE))
    assert OFFER in told and "no llevan nota, y nadie ve lo que usted responde" in told.lower()
    answer(app, ana, 1)
    thanks = words(ana.get(f"{PAGE}?sent=1"))
    assert "Gracias por responder" in thanks and "Módulo uno" in thanks
    assert OFFER not in words(ana.get(COURSE))
    complete(app, ana)
    assert "Después del curso: 4 preguntas" in words(ana.get(COURSE))
    answer(app, ana, 3)
    assert f'href="{COURSE}/evaluation"' in ana.get(f"{PAGE}?sent=1").get_data(as_text=True)
    assert "Después del curso" not in words(ana.get(COURSE))
    assert kept(app) == {"gain:1:waiting": {"people": 1, "before": WHOLE // 4, "after": 3 * WHOLE // 4}}


def test_it_is_offered_where_the_test_is_passed(app: Flask, ana: Client) -> None:
    answer(app, ana, 2)
    complete(app, ana)
    with site_of(app).database.reading() as tx:
        (attempt,) = tx.exec_driver_sql("SELECT id FROM attempts").scalars()
    assert "Después del curso: 4 preguntas" in words(ana.get(f"/attempts/{attempt}"))


def test_one_tap_and_it_is_never_asked_again(app: Flask, ana: Client) -> None:
    done = ana.send(ana.form(COURSE, SKIP))
    assert done.headers["Location"].endswith(COURSE)
    assert OFFER not in words(ana.get(COURSE))
    assert "Aquí no hay nada que responder ahora" in words(ana.get(PAGE))
    complete(app, ana)
    assert "Después del curso: 4" not in words(ana.get(COURSE))
    assert kept(app) == {}


def test_it_can_be_refused_from_the_form_before_and_after(app: Flask, ana: Client) -> None:
    answer(app, ana, 2)
    complete(app, ana)
    ana.send(ana.form(PAGE, SKIP))
    assert "Después del curso: 4" not in words(ana.get(COURSE))
    assert kept(app) == {}


def test_it_is_nobodys_who_is_not_signed_in(app: Flask, anybody: Client) -> None:
    assert OFFER not in words(anybody.get(COURSE))
    assert anybody.get(PAGE).status_code == 303


def test_who_was_enrolled_begins_where_they_are_offered(app: Flask, ana: Client) -> None:
    site = site_of(app)
    assert ana.person
    with site.database.writing() as tx:
        made = cohorts.create(tx, site.pen, name="g", courses=["demo-course"], cap=9, days=9, now=site.clock())
        cohorts.join(tx, site.pen, person=ana.person.id, code=made.code, now=site.clock())
    for path in ("/", "/me/learning"):
        assert "Empezar" in card_said(ana, path)
        assert f'href="{UNO}' not in card(ana, path), "her first answer there would be the end of the questions"
    answer_quiz(ana, "q-a")
    assert f'href="{UNO}#' in card(ana)


def test_a_course_without_such_questions_has_no_such_page(
    app: Flask, ana: Client, clock: Clock, tmp_path: Path
) -> None:
    folder = knowing(tmp_path / "other")
    (folder / "es/knowledge.md").unlink()
    publish(site_of(app).database, folder, position=0, now=clock())
    assert OFFER not in words(ana.get(COURSE))
    assert ana.get(PAGE).status_code == 404


def test_an_empty_form_comes_back(ana: Client) -> None:
    empty = ana.send(ana.form(PAGE, "/knowledge"), ("act", "send"))
    assert empty.status_code == 400 and "Responda al menos una pregunta" in words(empty)
    assert page(empty).form("/knowledge")


def test_a_form_of_another_major_comes_back_with_its_own_questions(
    app: Flask, ana: Client, clock: Clock, tmp_path: Path
) -> None:
    form = ana.form(PAGE, "/knowledge")
    values = filled(app, ana, form, 4)
    course = knowing(tmp_path / "renewed") / "course.yml"
    text = course.read_text("utf-8")
    course.write_text(
        re.sub(r"(?m)^version: .*$", "version: '9.0'", re.sub(r"(?m)^major: .*\n", "", text)) + "major: 2\n", "utf-8"
    )
    assert publish(site_of(app).database, course.parent, position=0, now=clock()).outcome == "published"
    done = ana.send(form, ("act", "send"), **values)
    assert done.status_code == 409 and "El curso se renovó" in words(done)
    assert page(done).form("/knowledge") and kept(app) == {}
    assert OFFER in words(ana.get(COURSE)), "she may still answer them"


def test_a_number_to_mend_is_told_and_counts_nothing(app: Flask, ana: Client) -> None:
    form = ana.form(PAGE, "/knowledge")
    number = next(name for name in dict(form.fields) if name.endswith("-n"))
    done = ana.send(form, ("act", "send"), **{**filled(app, ana, form, 2), number: "siete"})
    assert done.status_code == 303 and "sent" not in done.headers["Location"]
    told = ana.get(PAGE)
    assert "Escriba un número" in words(told) and 'value="siete"' in told.get_data(as_text=True)
    assert OFFER in words(ana.get(COURSE))


def test_a_half_filled_form_waits_on_any_device(app: Flask, ana: Client) -> None:
    form = ana.form(PAGE, "/knowledge")
    saved = ana.send(form, ("act", "save"), **filled(app, ana, form, 4))
    assert "Guardado. Siga cuando quiera" in words(ana.get(saved.headers["Location"]))
    other = again(app, Client(app, ana.person))
    assert set(filled(app, ana, form, 4).items()) <= set(other.form(PAGE, "/knowledge").fields)
    script = ana.send(form, ("act", "save"), headers={"X-Fragment": "1"})
    assert script.status_code == 204


def test_answers_sent_after_the_session_went_idle_are_kept(app: Flask, ana: Client, clock: Clock) -> None:
    form = ana.form(PAGE, "/knowledge")
    clock.pass_(minutes=20)
    late = ana.send(form, ("act", "send"), headers={"Referer": f"http://localhost{PAGE}"}, **filled(app, ana, form, 4))
    assert late.status_code == 401
    assert "lo que respondió o escribió se guardó donde lo dejó" in words(late)
    assert kept(app) == {}
    found = again(app, Client(app, ana.person)).form(PAGE, "/knowledge").fields
    assert set(filled(app, ana, form, 4).items()) <= set(found)


@pytest.mark.parametrize("stage", ["before", "after"])
def test_no_page_tells_what_is_right(app: Flask, ana: Client, stage: str) -> None:
    if stage == "after":
        answer(app, ana, 1)
        complete(app, ana)
    text = ana.get(PAGE).get_data(as_text=True).partition("<main")[2].partition("</main>")[0]
    assert "Tejón" in text
    form = first_form(learner=str(ana.person and ana.person.id), course="demo-course", major=1)
    hidden = form if stage == "after" else other_form(form)
    assert f"Tejón {hidden}" not in text, "the other form is for another day"
    for word in ("Así", "Siete.", "Tampoco.", "right", "feedback", "#fn-", "data-key", "banco", "pool"):
        assert word not in text, word
    options = re.findall(r'<input type="radio"[^>]*>', text)
    assert len(options) == 9
    assert all(re.fullmatch(r'<input type="radio" name="k-[ab]-\d" value="\d" ?>', each) for each in options), options
    answer(app, ana, 4)
    for path in (COURSE, f"{PAGE}?sent=1", "/me/learning"):
        assert "Siete." not in ana.get(path).get_data(as_text=True)


def test_no_other_page_has_the_questions(app: Flask, ana: Client) -> None:
    author = signed_in(app, "aurora", "author", "coordinator", "administrator")
    paths = (
        "/search?q=tejón",
        f"{COURSE}/print",
        f"{COURSE}/m-uno/print",
        f"{COURSE}/m-uno/key?sheet=3F7K",
        f"{COURSE}/m-prueba/print",
        f"{COURSE}/review",
        f"{COURSE}/m-uno",
    )
    for client in (ana, author):
        for path in paths:
            text = client.get(path).get_data(as_text=True).replace("tejón", "")
            assert "Tejón" not in text, path


def test_right_options_stand_anywhere(app: Flask) -> None:
    places = []
    for n in range(15):
        client = signed_in(app, f"persona{n}")
        form = client.form(PAGE, "/knowledge")
        right = filled(app, client, form, 4)
        places += [form.options[name].index(value) for name, value in right.items() if name in form.options]
    counted = [places.count(place) for place in range(3)]
    assert sum(counted) == 45 and min(counted) >= 4, counted


def test_the_staff_sees_sums_and_no_person(app: Flask, ana: Client) -> None:
    staff = signed_in(app, "eva", "administrator", "coordinator", "author")
    answer(app, ana, 1)
    complete(app, ana)
    told = words(staff.get(STAFF))
    assert "Ganancia de conocimientos" in told and "con menos de 10" in told.lower()
    answer(app, ana, 4)
    many(app, ENOUGH, 400, 700)
    assert ana.person
    for path in (STAFF, "/staff/roster", f"/staff/people/{ana.person.id}", "/staff/audit", "/author/evaluations"):
        assert "25 %" not in words(staff.get(path)) and "tejón" not in words(staff.get(path)).lower(), path
    told = words(staff.get(STAFF))
    assert "Curso de muestra 10 40 % 70 % 50 %" in told
    staff.language = "en"
    assert "10 40% 70% 50%" in words(staff.get(STAFF))


def test_files_say_it_beside_the_evaluations(app: Flask, ana: Client) -> None:
    eva = signed_in(app, "eva", "administrator")
    with site_of(app).database.writing() as tx:
        polls.add(tx, "demo-course", {("evaluation:1", "sent"): ENOUGH, ("evaluation:1:useful", "4"): ENOUGH})
    many(app, ENOUGH, 400, 700)
    book = load_workbook(io.BytesIO(sent(eva, f"{STAFF}.xlsx").get_data()))
    rows = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
    assert rows["Opiniones sobre los cursos"][1][:3] == ("Curso de muestra", ENOUGH, 4)
    assert rows["Ganancia de conocimientos"][:2] == [
        ("Curso", "Personas", "Antes", "Después", "Ganancia normalizada"),
        ("Curso de muestra", ENOUGH, 0.4, 0.7, 0.5),
    ]
    (only,) = PdfReader(io.BytesIO(sent(eva, f"{STAFF}.pdf").get_data())).pages
    text = " ".join(only.extract_text().replace("\xa0", " ").split())
    for part in ("Opiniones sobre los cursos", "Ganancia de conocimientos", "40 %", "70 %", "50 %"):
        assert part in text, part


def test_less_than_before_is_told_as_it_is(app: Flask) -> None:
    eva = signed_in(app, "eva", "administrator")
    many(app, ENOUGH, 500, 400)
    assert "10 50 % 40 % -20 %" in words(eva.get(STAFF)).replace("−", "-")


def test_everything_known_before_leaves_nothing_to_gain(app: Flask) -> None:
    many(app, ENOUGH, WHOLE, WHOLE)
    eva = signed_in(app, "eva", "administrator")
    assert "10 100 % 100 % –" in words(eva.get(STAFF))
    assert sent(eva, f"{STAFF}.pdf").status_code == 200


def test_my_data_says_that_it_is_kept(app: Flask, ana: Client) -> None:
    answer(app, ana, 2)
    assert "Cuántos puntos sumaron sus respuestas de antes de «" in words(ana.get("/me/data"))
    assert ana.person
    with site_of(app).database.reading() as tx:
        assert gains.of(tx, learner=ana.person.id, course="demo-course", major=1)
