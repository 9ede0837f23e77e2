"""A group made, changed, closed and handed over in the browser; its code on paper."""

import re
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.services.groups import cohorts as groups
from lms.storage import audit, cohorts
from lms.storage.cohorts import Cohort
from lms.storage.tables import events
from tests.web.client import Client, words
from tests.web.conftest import Clock, add_person, signed_in, site_of

FORM = {
    "name": "  Frontera   Sur ",
    "courses": "demo-course",
    "cap": "25",
    "expires": "2026-12-31",
    "starts_on": "2026-12-01",
    "ends_on": "2027-02-28",
    "institution_type": "police",
    "country": "HN",
}


@pytest.fixture
def carla(app: Flask) -> Client:
    return signed_in(app, "carla", "coordinator")


def sent(client: Client, path: str, **fields: str) -> TestResponse:
    return client.post(path, [("csrf", client.csrf()), *fields.items()])


def made(app: Flask, client: Client, **changes: str) -> Cohort:
    """The group that the form makes."""
    answer = sent(client, "/staff/cohorts/new", **FORM | changes)
    assert answer.status_code == 303, words(answer)
    with site_of(app).database.reading() as tx:
        found = cohorts.by_id(tx, answer.headers["Location"].split("/")[3])
    assert found
    return found


def again(app: Flask, cohort: Cohort) -> Cohort:
    with site_of(app).database.reading() as tx:
        found = cohorts.by_id(tx, cohort.id)
    assert found
    return found


def acts(app: Flask) -> list[str]:
    """What the audit says was done."""
    with site_of(app).database.reading() as tx:
        return [each.act for each in audit.lines(tx, newest=False)]


def test_a_coordinator_makes_a_group_and_looks_after_it(app: Flask, carla: Client) -> None:
    assert 'value="2027-02-22"' in carla.get("/staff/cohorts/new").get_data(as_text=True)
    group = made(app, carla)
    assert (group.name, group.courses, group.cap) == ("Frontera Sur", ("demo-course",), 25)
    assert (group.starts_on, group.ends_on) == (date(2026, 12, 1), date(2027, 2, 28))
    assert (group.institution_type, group.country, group.members) == ("police", "HN", 0)
    assert group.expires_at == datetime(2027, 1, 1, 6, tzinfo=UTC)  # midnight in Costa Rica
    assert "Frontera Sur" in words(carla.get("/staff/cohorts"))
    page = carla.get(f"/staff/cohorts/{group.id}/edit?done=made")
    assert "El grupo está listo" in words(page)
    assert all(f'value="{each}"' in page.get_data(as_text=True) for each in ("Frontera Sur", "2026-12-31", "25"))
    assert acts(app) == ["cohort-made", "cohort-assigned"]
    told = [each for each in event_types(app) if each.startswith("store.cohort")]
    assert told == ["store.cohort_made", "store.cohort_assigned"]


def event_types(app: Flask) -> list[str]:
    with site_of(app).database.reading() as tx:
        return list(tx.execute(select(events.c.type).order_by(events.c.seq)).scalars())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": " "}, "Dele al grupo un nombre"),
        ({"name": "x" * 201}, "Dele al grupo un nombre"),
        ({"courses": "otro"}, "ningún curso «otro»"),
        ({"cap": "0"}, "de 1 a 10 000"),
        ({"cap": "10001"}, "de 1 a 10 000"),
        ({"cap": "muchos"}, "de 1 a 10 000"),
        ({"expires": ""}, "2026-11-30"),
        ({"expires": "31/12/2026"}, "2026-11-30"),
        ({"ends_on": "2026-11-30"}, "no puede ser anterior"),
        ({"institution_type": "circus"}, "de las listas"),
        ({"country": "ZZ"}, "de las listas"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    app: Flask, carla: Client, changes: dict[str, str], said: str
) -> None:
    answer = sent(carla, "/staff/cohorts/new", **FORM | changes)
    assert answer.status_code == 400
    assert said in words(answer)
    if "country" not in changes:
        assert '<option value="HN" selected>' in answer.get_data(as_text=True)
    with site_of(app).database.reading() as tx:
        assert cohorts.every(tx) == []


def test_a_group_needs_a_course(app: Flask, carla: Client) -> None:
    form = {name: value for name, value in FORM.items() if name != "courses"}
    assert "al menos un curso" in words(sent(carla, "/staff/cohorts/new", **form))


def test_a_group_is_changed_and_its_code_stays(app: Flask, carla: Client) -> None:
    group = made(app, carla)
    path = f"/staff/cohorts/{group.id}/edit"
    assert sent(carla, path, **FORM | {"name": "Norte", "country": "", "ends_on": ""}).status_code == 303
    now = again(app, group)
    assert (now.name, now.country, now.ends_on, now.code) == ("Norte", "", None, group.code)
    assert now.expires_at == group.expires_at
    before = len(acts(app))
    assert sent(carla, path, **FORM | {"name": "Norte", "country": "", "ends_on": ""}).status_code == 303
    assert len(acts(app)) == before  # nothing was changed
    assert sent(carla, path, **FORM | {"cap": "x"}).status_code == 400
    assert again(app, group) == now


def test_a_closed_group_lets_nobody_in_until_it_is_opened(app: Flask, carla: Client, ana: Client) -> None:
    group = made(app, carla)
    state = f"/staff/cohorts/{group.id}/state"
    for _ in range(2):
        assert sent(carla, state, closed="yes").status_code == 303
    assert "ya no es válido" in words(sent(ana, "/me/join", code=group.code))
    told = words(carla.get("/staff/cohorts"))
    assert "Grupos cerrados" in told and "Todos sus grupos están cerrados" in told
    assert sent(carla, state, closed="no").status_code == 303
    assert sent(ana, "/me/join", code=group.code).status_code == 303
    assert "Ana" in words(carla.get(f"/staff/cohorts/{group.id}/people"))
    assert acts(app)[2:] == ["cohort-closed", "cohort-opened"]


def test_another_code_takes_the_place_of_the_old_one(app: Flask, carla: Client, ana: Client) -> None:
    group = made(app, carla)
    assert sent(carla, f"/staff/cohorts/{group.id}/code").status_code == 303
    new = again(app, group).code
    assert new != group.code
    assert "no existe" in words(sent(ana, "/me/join", code=group.code))
    assert sent(ana, "/me/join", code=new.lower().replace("-", " ")).status_code == 303


def test_a_course_added_enrols_who_is_in_the_group(app: Flask, carla: Client, ana: Client) -> None:
    site = site_of(app)
    group = made(app, carla)
    assert sent(ana, "/me/join", code=group.code).status_code == 303
    with site.database.writing() as tx:
        tx.exec_driver_sql("DELETE FROM cohort_courses")
        tx.exec_driver_sql("INSERT INTO cohort_courses VALUES (?, 'gone')", (group.id,))
        tx.exec_driver_sql("UPDATE enrolments SET course = 'gone'")
    page = carla.get(f"/staff/cohorts/{group.id}/edit")
    assert "ya no está publicado" in words(page)
    assert sent(carla, f"/staff/cohorts/{group.id}/edit", **FORM).status_code == 303
    assert ana.person
    with site.database.reading() as tx:
        assert cohorts.courses_of(tx, ana.person.id) == {"demo-course", "gone"}
    assert again(app, group).courses == ("demo-course",)


def test_a_group_is_handed_over_and_never_left_alone(app: Flask, carla: Client) -> None:
    group = made(app, carla)
    dora = signed_in(app, "dora", "coordinator")
    add_person(app, "beto")
    assert carla.person and dora.person
    path = f"/staff/cohorts/{group.id}/edit"
    assert dora.get(path).status_code == 404
    offered = carla.get(path).get_data(as_text=True)
    assert ">Dora</option>" in offered and ">Beto</option>" not in offered
    alone = sent(carla, f"/staff/cohorts/{group.id}/coordinators/remove", person=carla.person.id)
    assert alone.status_code == 409 and "Alguien tiene que" in words(alone)
    for _ in range(2):
        assert sent(carla, f"/staff/cohorts/{group.id}/coordinators", person=dora.person.id).status_code == 303
    assert sent(carla, f"/staff/cohorts/{group.id}/coordinators", person="x").status_code == 400
    assert dora.get(path).status_code == 200
    left = sent(carla, f"/staff/cohorts/{group.id}/coordinators/remove", person=carla.person.id)
    assert left.headers["Location"] == "/staff/cohorts"
    assert carla.get(path).status_code == 404
    eva = signed_in(app, "eva", "administrator")
    assert sent(eva, f"/staff/cohorts/{group.id}/coordinators/remove", person=dora.person.id).status_code == 303
    assert "Todavía nadie" in words(eva.get(path))
    assert acts(app)[2:] == ["cohort-assigned", "cohort-unassigned", "cohort-unassigned"]


def test_an_administrator_who_makes_a_group_need_not_look_after_it(app: Flask) -> None:
    eva = signed_in(app, "eva", "administrator")
    group = made(app, eva)
    with site_of(app).database.reading() as tx:
        assert cohorts.coordinators(tx, group.id) == {}


def test_others_can_do_nothing_with_a_group(app: Flask, carla: Client, ana: Client) -> None:
    group = made(app, carla)
    dora = signed_in(app, "dora", "coordinator")
    for part in ("edit", "people", "code", "poster", "slips"):
        path = f"/staff/cohorts/{group.id}/{part}"
        assert (dora.get(path).status_code, ana.get(path).status_code) == (404, 403)
    for part in ("edit", "state", "code", "coordinators", "coordinators/remove"):
        assert sent(dora, f"/staff/cohorts/{group.id}/{part}", **FORM).status_code == 404
    assert again(app, group) == group


def test_the_code_is_on_a_poster_and_on_slips(app: Flask, carla: Client) -> None:
    group = made(app, carla)
    page = carla.get(f"/staff/cohorts/{group.id}/code")
    assert group.code in words(page) and f"http://localhost/join/{group.code}" in words(page)
    assert "solo funciona en esta computadora" in words(page)
    assert page.get_data(as_text=True).count('<svg class="qr"') == 1
    asked = [dict(form.fields) for form in carla.forms(f"/staff/cohorts/{group.id}/code")]
    assert [form["n"] for form in asked if "n" in form] == [str(group.cap)], "a slip for each place"
    for name, times in (("poster", 1), ("slips?n=5", 5), ("slips?n=x", 12), ("slips?n=900", 80)):
        join = "&" if "?" in name else "?"
        answer = carla.get(f"/staff/cohorts/{group.id}/{name}{join}at=http://192.168.4.1:8000/")
        text = answer.get_data(as_text=True)
        assert text.count('<svg class="qr"') == times
        assert "http://192.168.4.1:8000" in words(answer) and group.code in words(answer)
        assert "a sí mismo" not in words(answer)
        assert not re.search(r'style="|<script>', text)
    for typed in ("192.168.4.1:8000", " 192.168.4.1:8000/ "):
        answer = carla.get(f"/staff/cohorts/{group.id}/poster", query_string={"at": typed})
        assert "http://192.168.4.1:8000" in words(answer) and "a sí mismo" not in words(answer)
    for bad in ("javascript:alert(1)", "http://x/<b>", "ftp://x", "http://a b"):
        assert "http://localhost" in words(carla.get(f"/staff/cohorts/{group.id}/poster", query_string={"at": bad}))


def test_the_code_of_a_group_whose_time_is_over_says_so(app: Flask, carla: Client, clock: Clock) -> None:
    with site_of(app).database.writing() as tx:
        over = groups.create(tx, site_of(app).pen, name="Antes", courses=["demo-course"], cap=5, days=-1, now=clock())
        assert carla.person
        cohorts.assign(tx, over.id, carla.person.id)
    assert "no deja entrar a nadie" in words(carla.get(f"/staff/cohorts/{over.id}/code"))


def test_a_followed_code_leaves_the_address_at_once_and_is_in_no_log(
    app: Flask, carla: Client, anybody: Client, caplog: pytest.LogCaptureFixture
) -> None:
    group = made(app, carla)
    answer = anybody.get(f"/join/{group.code}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/register")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.get_data(as_text=True).count(group.code) == 0
    assert f'value="{group.code}"' in anybody.get("/register").get_data(as_text=True)
    app.view_functions["auth.join"] = failing
    assert anybody.get(f"/join/{group.code}").status_code == 500
    assert caplog.records and group.code not in caplog.text + "".join(
        map(str, (each.__dict__ for each in caplog.records))
    )


def failing(code: str) -> str:
    raise ValueError(code)


failing.access = "public"  # type: ignore[attr-defined]
