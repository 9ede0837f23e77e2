"""A sheet of paper entered for somebody in the group."""

import re

from flask import Flask

from lms.learning.paper import paper_key
from lms.storage import projection
from lms.storage.cohorts import Cohort
from tests.answers import sheet_form
from tests.visitor import Form
from tests.web import learner
from tests.web.client import Client, page, words
from tests.web.conftest import signed_in, site_of

TEST = "/courses/demo-course/m-prueba"


def here(cohort: Cohort, page: str = "") -> str:
    return f"/staff/cohorts/{cohort.id}{page}"


def address(cohort: Cohort, who: Client, module: str = "m-prueba", sheet: str = "3f7k") -> str:
    assert who.person
    return f"{here(cohort, '/paper')}?course=demo-course&person={who.person.id}&module={module}&sheet={sheet}"


def right(app: Flask, module: str = "m-prueba", order: str = "3F7K") -> dict[str, list[str]]:
    """What is entered where everything is right."""
    site = site_of(app)
    with site.database.reading() as tx:
        live = site.desk.catalogue.live(tx, "demo-course")
    assert live
    return sheet_form(paper_key(live.course.editions["es"].modules[module], order))


def filled(coordinator: Client, path: str, values: dict[str, list[str]], act: str = "look", **more: object) -> Form:
    """The form of the page that comes next."""
    form = coordinator.form(path, "/paper")
    answer = coordinator.send(form, ("act", act), **{**values, **more})
    assert answer.status_code == 200, words(answer)
    return page(answer).form("/paper")


def test_a_test_is_entered_looked_over_and_kept_and_she_sees_it(
    app: Flask,
    cohort: Cohort,
    coordinator: Client,
    ana: Client,
) -> None:
    assert here(cohort, "/paper") in coordinator.get(here(cohort)).get_data(as_text=True)
    desk = coordinator.get(here(cohort, "/paper"))
    assert "Ingresar una hoja de papel" in words(desk)
    for printed in ("paper", "key"):
        assert f'href="{TEST}/{printed}"' in desk.get_data(as_text=True), "what is to be printed first is in sight"
    for quiz in ("q-a", "q-d"):
        learner.answer(ana, quiz)
    for module in ("m-uno", "m-dos"):
        learner.finish(ana, module)
    look = coordinator.send(coordinator.form(address(cohort, ana), "/paper"), ("act", "look"), **right(app))
    assert "100 % correcto: alcanza (80 %)" in words(look)
    with site_of(app).database.reading() as tx:
        assert projection.attempts_of(tx, ana.person.id, "demo-course") == []  # type: ignore[union-attr]
    form = filled(coordinator, address(cohort, ana), right(app))
    unsure = coordinator.send(form, ("act", "keep"))
    assert (unsure.status_code, "marque la casilla" in words(unsure)) == (400, True)
    kept = coordinator.send(form, ("act", "keep"), sure="yes")
    assert kept.status_code == 303
    told = words(coordinator.get(kept.headers["Location"]))
    assert "Guardada la hoja de Ana" in told
    test = ana.get(TEST).get_data(as_text=True)
    assert "quien coordina su grupo ingresó su hoja el 24 de noviembre de 2026" in test
    (result,) = re.findall(r'href="(/attempts/[^"]+)"', test)
    told = words(ana.get(result))
    assert "ingresó su hoja el 24 de noviembre" in told and "Aprobó" in told and "Su certificado" in told
    other = {**right(app), **{name: [""] for name in list(right(app))[:1]}}
    again_ = coordinator.send(filled(coordinator, address(cohort, ana), other), ("act", "keep"), sure="yes")
    assert again_.status_code == 409 and "ya se ingresó para esta persona" in words(again_)


def test_the_questions_of_a_module_are_entered_and_corrected_before_they_are_kept(
    app: Flask,
    cohort: Cohort,
    coordinator: Client,
    ana: Client,
) -> None:
    values = right(app, "m-uno")
    path = address(cohort, ana, "m-uno", "3F7K")
    form = filled(coordinator, path, values, ended="yes")
    back = coordinator.send(form, ("act", "correct"))
    fields = page(back).form("/paper").fields
    assert ("ended", "yes") in fields
    for name, chosen in values.items():
        assert set(chosen) <= {value for key, value in fields if key == name}
    assert coordinator.send(form, ("act", "keep"), sure="yes").status_code == 303
    told = words(ana.get("/courses/demo-course/m-uno"))
    assert "quien coordina su grupo ingresó sus respuestas el 24 de noviembre de 2026" in told
    marks = re.findall(r'<td class="center (\w+)">', coordinator.get(here(cohort)).get_data(as_text=True))
    assert marks[0] == "done"


def test_what_is_not_there_is_said_and_what_is_not_hers_is_not_there(
    app: Flask,
    cohort: Cohort,
    coordinator: Client,
    ana: Client,
) -> None:
    beto, other = signed_in(app, "beto"), signed_in(app, "dora", "coordinator")
    for path, status, said in (
        (address(cohort, ana, sheet="3F7K-9999"), 404, "Ninguna hoja de este módulo"),
        (address(cohort, ana, module="m-nada"), 404, "no existe"),
        (address(cohort, beto), 400, "Elija a la persona"),
    ):
        answer = coordinator.get(path)
        assert (answer.status_code, said in words(answer)) == (status, True), words(answer)
    assert other.get(address(cohort, ana)).status_code == 404
    assert ana.get(address(cohort, ana)).status_code == 403
    form = coordinator.form(address(cohort, ana), "/paper")
    empty = coordinator.send(form, ("act", "look"))
    assert (empty.status_code, "al menos una respuesta" in words(empty)) == (400, True), words(empty)
    chosen = [each for each in form.fields if each[0] in ("course", "person", "module", "sheet")]
    for who, field, status in ((other, ("q-x", "1"), 404), (coordinator, ("zz", "1"), 400)):
        answer = who.post(form.action, [("csrf", who.csrf()), *chosen, field, ("act", "look")])
        assert answer.status_code == status
