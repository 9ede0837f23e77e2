"""The list of people, looked at and taken away."""

import csv
import io
import json

import pytest
from flask import Flask
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from lms.storage import audit
from lms.storage.cohorts import Cohort
from tests.visitor import Form
from tests.web.client import Client, words
from tests.web.conftest import Clock, signed_in, site_of
from tests.web.learner import number_of
from tests.web.statements import statements
from tests.web.test_amending import carla, group  # noqa: F401 - a group with Ana in it, and who looks after it
from tests.web.test_fresh import cheap_hash, confirm, with_passphrase  # noqa: F401

PAGE = "/staff/roster"


@pytest.fixture
def sure(app: Flask, carla: Client) -> Client:  # noqa: F811
    """Carla, who has just typed her passphrase."""
    with_passphrase(app, carla)
    assert confirm(carla, PAGE).headers["Location"] == f"{PAGE}?state=completed"  # type: ignore[attr-defined]
    return carla


def take(client: Client, kind: str = "csv", path: str = PAGE, **changes: str) -> TestResponse:
    """What comes back after asking for a file on that page."""
    return client.send(own(client, path), ("form", kind), **{"reason": "Informe", **changes})


def own(client: Client, path: str = PAGE) -> Form:
    """The form for taking the lines."""
    return next(form for form in client.forms(path) if form.action == PAGE and form.method == "post")


def lines(answer: TestResponse) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))


def test_the_page_shows_whom_she_looks_after(app: Flask, carla: Client, group: Cohort) -> None:  # noqa: F811
    told = words(carla.get(PAGE))
    assert "1 fila" in told and "Ana" in told and "Frontera Sur" in told and "Válido" in told
    assert "Descargar" not in told, "not before she has typed her passphrase"
    for filters in ("state=begun", "country=HN", "since=2027-01-01", f"cohort={group.id}&type=police"):
        told = words(carla.get(f"{PAGE}?{filters}"))
        assert "Nada coincide con estos filtros" in told
    assert "Ana" in words(carla.get(f"{PAGE}?cohort={group.id}&course=demo-course&until=2026-11-24"))


def test_it_asks_for_the_passphrase_and_then_gives_the_files(app: Flask, sure: Client, holder: Client) -> None:
    number = number_of(app, holder)
    in_csv = take(sure, mark="yes")
    assert in_csv.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert in_csv.headers["Content-Disposition"] == 'attachment; filename="lista-2026-11-24.csv"'
    assert in_csv.headers["Cache-Control"] == "no-store"
    assert in_csv.get_data().startswith(b"\xef\xbb\xbf")
    head, row = lines(in_csv)
    told = dict(zip(head, row, strict=True))
    assert (told["Nombre"], told["Grupo"], told["Certificado"]) == ("Ana", "Frontera Sur", "Válido")
    assert (told["Número de certificado"], told["Completado"]) == (number, "2026-11-24")
    sheet = load_workbook(io.BytesIO(take(sure, "xlsx").get_data())).worksheets[0]
    assert [cell.value for cell in sheet[1]] == head
    assert sheet["A2"].value == "Ana"
    in_pdf = take(sure, "pdf")
    assert in_pdf.get_data().startswith(b"%PDF") and in_pdf.content_length == len(in_pdf.get_data())
    assert json.loads(take(sure, "json").get_data())["rows"][0]["certificate"] == number


def test_every_file_is_in_the_audit_with_what_for(app: Flask, sure: Client) -> None:
    take(sure, path=f"{PAGE}?course=demo-course", reason="Informe trimestral")
    with site_of(app).database.reading() as tx:
        line = next(audit.lines(tx))
    assert sure.person
    assert (line.act, line.actor) == ("roster-taken", sure.person.id)
    assert line.data["n"] == 1 and line.data["reason"] == "Informe trimestral" and line.data["form"] == "csv"
    assert line.data["filters"] == {"course": "demo-course", "state": "completed"}
    assert "Ana" not in json.dumps(dict(line.data))


def test_no_file_without_passphrase_or_reason(app: Flask, sure: Client, clock: Clock) -> None:
    form = own(sure)
    for reason in ("", "  ", "x" * 201):
        refused = sure.send(form, ("form", "csv"), reason=reason)
        assert refused.status_code == 400 and "alert" in refused.get_data(as_text=True)
    clock.pass_(minutes=5)
    late = sure.send(form, ("form", "csv"), reason="Informe")
    assert late.status_code == 303 and late.headers["Location"].startswith("/me/confirm")
    with site_of(app).database.reading() as tx:
        assert "roster-taken" not in [line.act for line in audit.lines(tx)]


def test_her_columns_are_kept(sure: Client) -> None:
    form = sure.form(f"{PAGE}?state=all", "/columns")
    fields = [(name, value) for name, value in form.fields if name != "column"]
    answer = sure.post(form.action, [*fields, ("column", "hours"), ("column", "name"), ("column", "sex")])
    assert answer.headers["Location"] == f"{PAGE}?state=all"
    assert lines(take(sure))[0] == ["Nombre", "Horas"]
    sure.post(form.action, fields)
    assert len(lines(take(sure))[0]) == 10


def test_another_coordinator_sees_nobody_and_a_group_of_others_is_not_there(
    app: Flask,
    sure: Client,
    group: Cohort,  # noqa: F811
) -> None:
    dora = signed_in(app, "dora", "coordinator")
    assert "Nadie a quien usted pueda ver" in words(dora.get(PAGE))
    assert dora.get(f"{PAGE}?cohort={group.id}").status_code == 404
    with_passphrase(app, dora)
    confirm(dora)
    fields = [("csrf", dora.csrf()), ("form", "csv"), ("reason", "x")]
    assert len(lines(dora.post(PAGE, fields))) == 1
    assert dora.post(PAGE, [*fields, ("cohort", group.id)]).status_code == 404
    assert "Ana" in words(signed_in(app, "eva", "administrator").get(PAGE))
    assert signed_in(app, "beto").get(PAGE).status_code == 403


def test_what_is_typed_wrong_is_told(carla: Client) -> None:  # noqa: F811
    for query in ("since=ayer", "since=2026-02-02&until=2026-02-01", "state=gone"):
        answer = carla.get(f"{PAGE}?{query}")
        assert answer.status_code == 400 and "alert" in answer.get_data(as_text=True)


def test_the_page_asks_the_database_the_same_however_many_there_are(app: Flask, carla: Client) -> None:  # noqa: F811
    carla.get(PAGE)
    with statements(app) as said:
        carla.get(PAGE)
    assert len(said) <= 12
