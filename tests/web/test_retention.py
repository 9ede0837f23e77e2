"""What is kept, as administrators see it; and what is past its time deleted."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from lms.storage import audit
from lms.storage.tables import drafts
from lms.web.staff import retention
from tests.web.client import Client, words
from tests.web.conftest import signed_in, site_of
from tests.web.statements import statements
from tests.web.test_fresh import cheap_hash, confirm, with_passphrase  # noqa: F401

PAGE = "/staff/retention"


@pytest.fixture
def eva(app: Flask) -> Client:
    """Eva, an administrator, whose passphrase is known."""
    return with_passphrase(app, signed_in(app, "eva", "administrator"))


def old_drafts(app: Flask, n: int) -> None:
    """So many, saved two years ago."""
    saved_at = site_of(app).clock() - timedelta(days=730)
    rows = [{"learner": str(each), "item": "c/m/q", "body": "{}", "saved_at": saved_at} for each in range(n)]
    with site_of(app).database.writing() as tx:
        tx.execute(insert(drafts), rows)


def left(app: Flask) -> int:
    with site_of(app).database.reading() as tx:
        return tx.execute(select(func.count()).select_from(drafts)).scalar_one()


def test_only_an_administrator_sees_it(app: Flask) -> None:
    for name, role in (("carla", "coordinator"), ("aura", "author"), ("ana", "learner")):
        assert signed_in(app, name, role).get(PAGE).status_code == 403


def test_it_says_what_is_kept_how_long_and_why(app: Flask, eva: Client) -> None:
    told = words(eva.get(PAGE))
    assert "Lo que ya superó su plazo Nada." in told and "Nada todavía" in told
    assert "365 días después de guardarse por última vez" in told
    assert "hasta su borrado, sin plazo fijado" in told and "Para siempre Comentarios" in told
    assert eva.get("/staff").get_data(as_text=True).count(f'href="{PAGE}"') == 1
    assert "Automático" not in told


def test_what_was_chosen_is_deleted_and_nothing_else(app: Flask, eva: Client) -> None:
    old_drafts(app, 3)
    assert "Hojas de respuestas comenzadas y no enviadas: 3" in words(eva.get(PAGE))
    assert [form.action for form in eva.forms(PAGE) if form.action == PAGE] == [], "first the passphrase"
    late = eva.post(PAGE, [("csrf", eva.csrf()), ("sure", "yes"), ("purpose", "drafts")])
    assert late.headers["Location"].startswith("/me/confirm") and left(app) == 3
    confirm(eva, PAGE)
    form = eva.form(PAGE, PAGE)
    for fields in ([("sure", "yes")], [("purpose", "drafts")], [("sure", "yes"), ("purpose", "audit")]):
        assert eva.post(PAGE, [("csrf", eva.csrf()), *fields]).status_code == 400
    assert left(app) == 3
    answer = eva.send(form, sure="yes", purpose="drafts")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PAGE}?gone=3")
    told = words(eva.get(answer.headers["Location"]))
    assert (
        "Se borró lo que superó su plazo: 3 en total." in told
        and "Hojas de respuestas comenzadas y no enviadas: 3" in told
        and left(app) == 0
    )
    with site_of(app).database.reading() as tx:
        line = next(audit.lines(tx))
    assert eva.person and (line.act, line.actor, line.data) == ("retention-run", eva.person.id, {"drafts": 3})
    again = eva.post(PAGE, [("csrf", eva.csrf()), ("sure", "yes"), ("purpose", "drafts")])
    assert "Ya no había nada que borrar" in words(eva.get(again.headers["Location"])), "a double click"
    for wrong in ("x", "-1", "9" * 30, "٣"):
        assert eva.get(f"{PAGE}?gone={wrong}").status_code == 200


def test_no_more_goes_at_once_than_somebody_waits_for(app: Flask, eva: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    old_drafts(app, 250)
    monkeypatch.setattr(retention, "MOST", 100)
    confirm(eva, PAGE)
    answer = eva.send(eva.form(PAGE, PAGE), sure="yes", purpose="drafts")
    assert "Se borró lo que superó su plazo: 200 en total. Hay más; vea abajo." in words(
        eva.get(answer.headers["Location"])
    )


def test_the_page_asks_the_database_a_constant_number_of_times(app: Flask, eva: Client) -> None:
    with statements(app) as few:
        eva.get(PAGE)
    old_drafts(app, 50)
    with statements(app) as many:
        eva.get(PAGE)
    assert len(few) == len(many)
