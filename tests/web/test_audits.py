"""What the staff did, as administrators see it."""

import csv
import io

import pytest
from flask import Flask
from sqlalchemy import delete, update

from lms.services.common.staff_acts import note
from lms.storage import audit
from lms.storage.tables import audit as table
from lms.web.staff import audits
from tests.web.client import Client, words
from tests.web.conftest import Clock, signed_in, site_of
from tests.web.statements import statements
from tests.web.test_fresh import cheap_hash, confirm, with_passphrase  # noqa: F401

PAGE = "/staff/audit"


@pytest.fixture
def eva(app: Flask) -> Client:
    """Eva, an administrator, whose passphrase is known."""
    return with_passphrase(app, signed_in(app, "eva", "administrator"))


def did(app: Flask, act: str, by: str, subject: str = "", **data: object) -> None:
    with site_of(app).database.writing() as tx:
        note(tx, act, by=by, subject=subject, now=site_of(app).clock(), **data)


def last(app: Flask) -> str:
    with site_of(app).database.reading() as tx:
        return audit.last_hash(tx)


def take(client: Client, path: str = PAGE) -> list[list[str]]:
    if "/me/confirm" in [form.action for form in client.forms(path)]:
        confirm(client, path)
    form = next(form for form in client.forms(path) if form.action == PAGE and form.method == "post")
    answer = client.send(form)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True), newline="")))


def test_only_an_administrator_sees_it(app: Flask) -> None:
    for name, role in (("carla", "coordinator"), ("aura", "author"), ("ana", "learner")):
        assert signed_in(app, name, role).get(PAGE).status_code == 403


def test_it_is_empty_and_then_tells_who_did_what_to_whom(app: Flask, eva: Client, ana: Client) -> None:
    assert "Nadie del personal ha hecho nada todavía" in words(eva.get(PAGE))
    assert eva.person and ana.person
    did(app, "person-reset", eva.person.id, ana.person.id)
    did(app, "goal-set", "", "g", year=2026)
    did(app, "goal-set", "0190c8a2-0000-7000-8000-000000000000")
    told = words(eva.get(PAGE))
    assert "eva" in told and "ana" in told and "La línea de comandos" in told and "Año: 2026" in told
    assert "Alguien que ya no está" in told and last(app) in told
    assert "Descargar" not in told, "not before she has typed her passphrase"


def test_what_else_a_line_says_is_in_words_without_ids_and_without_what_is_empty(
    app: Flask, eva: Client, ana: Client
) -> None:
    assert eva.person and ana.person
    did(app, "cohort-assigned", eva.person.id, "g", person=ana.person.id, country="", course=None)
    did(app, "goal-set", eva.person.id, "0190c8a2-0000-7000-8000-000000000000", measure="people", quarter=0)
    told = words(eva.get(PAGE))
    assert "Persona: ana" in told and "Qué se cuenta: Personas capacitadas" in told
    assert "0190c8a2" not in told and "Trimestre:" not in told
    assert ana.person.id not in told and "País:" not in told and "Curso:" not in told


def test_it_is_searched_by_whom_what_and_when(app: Flask, eva: Client, ana: Client, clock: Clock) -> None:
    assert eva.person and ana.person
    did(app, "person-reset", eva.person.id, ana.person.id)
    did(app, "goal-set", "", "VRD-1")
    for found, filters in {
        1: ["actor=EVA", "actor=-", "act=goal-set", "subject=ana", "subject=VRD-1"],
        2: ["since=2026-11-24", "until=2026-11-24", ""],
        0: ["actor=eva&act=goal-set", "since=2026-11-25", "until=2026-11-23", "subject=x", "actor=%25"],
    }.items():
        for each in filters:
            told = words(eva.get(f"{PAGE}?{each}"))
            assert ("Nada coincide con estos filtros" in told) if found == 0 else (f"{found} línea" in told), each
    for wrong in ("since=x", "since=2026-11-24&until=2026-11-23"):
        assert eva.get(f"{PAGE}?{wrong}").status_code == 400


def test_pages_of_it_take_the_same_number_of_statements(app: Flask, eva: Client) -> None:
    did(app, "goal-set", "")
    with statements(app) as few:
        eva.get(PAGE)
    for number in range(60):
        did(app, "goal-set", "x", str(number))
    with statements(app) as many:
        first = words(eva.get(PAGE))
    assert len(many) == len(few)
    assert "1 de 2" in first and "61 líneas" in first
    assert "2 de 2" in words(eva.get(f"{PAGE}?number=2"))


def test_a_line_that_was_changed_or_cut_off_shows(app: Flask, eva: Client) -> None:
    for number in range(3):
        did(app, "goal-set", "", str(number))
    whole = last(app)
    assert "cada una se sigue de las anteriores" in words(eva.get(PAGE))
    assert "no se modificó ni se quitó nada" in words(eva.get(f"{PAGE}?hash={whole.upper()}"))
    with site_of(app).database.writing() as tx:
        tx.execute(delete(table).where(table.c.subject == "2"))
    assert "cada una se sigue de las anteriores" in words(eva.get(PAGE)), "which a chain can't show by itself"
    assert "Ninguna línea tiene este hash" in words(eva.get(f"{PAGE}?hash={whole}"))
    with site_of(app).database.writing() as tx:
        tx.execute(update(table).where(table.c.subject == "0").values(actor="y"))
    assert "A partir de la línea 1" in words(eva.get(PAGE))


def test_a_long_one_is_checked_by_a_button(app: Flask, eva: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audits, "AT_ONCE", 1)
    for number in range(2):
        did(app, "goal-set", "", str(number))
    assert "cada una se sigue" not in words(eva.get(PAGE))
    form = next(form for form in eva.forms(PAGE) if ("check", "yes") in form.fields)
    assert form.method == "get"
    assert "cada una se sigue" in words(eva.get(f"{PAGE}?check=yes"))


def test_the_file_begins_with_its_own_line_and_has_no_formula(app: Flask, eva: Client) -> None:
    assert eva.person
    did(app, "roster-taken", eva.person.id, "=1+1", reason="=HYPERLINK(1)")
    did(app, "goal-set", "", "g")
    head, own, one = take(eva, f"{PAGE}?act=roster-taken")
    assert head[0] == "seq" and own[4] == "audit-taken" and own[3] == "eva" and own[-1] == last(app)
    assert '"rows":1' in own[8] and '"filters":["act"]' in own[8]
    assert one[4] == "roster-taken" and one[6] == "'=1+1" and one[5] == "Se llevó una lista de personas"
    assert len(take(eva)) == 5, "the heading, its own line, and the three from before"


def test_it_is_not_given_without_the_passphrase(app: Flask, eva: Client) -> None:
    did(app, "goal-set", "")
    answer = eva.post(PAGE, [("csrf", eva.csrf())])
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (303, "/me/confirm")
