"""The consent text: who is asked, what she can say, and what each answer means."""

import json

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.services.people import consent, passphrases
from lms.storage import event_log, people, preferences
from lms.storage.tables import events
from tests.web.client import Client, words
from tests.web.conftest import signed_in, site_of
from tests.web.test_auth import register

UNO = "/courses/demo-course/m-uno"


@pytest.fixture
def older(app: Flask) -> Client:
    """Somebody who agreed to an older text, signed in."""
    return agreed_to(app, "1")


def agreed_to(app: Flask, version: str) -> Client:
    ana = signed_in(app, "ana")
    assert ana.person
    with site_of(app).database.writing() as tx:
        preferences.change(tx, ana.person.id, consent=version)
    return ana


def events_of(app: Flask, client: Client) -> int:
    assert client.person
    with site_of(app).database.reading() as tx:
        query = select(func.count()).where(events.c.learner == client.person.id)
        return int(tx.execute(query).scalar_one())


def last_event(app: Flask) -> event_log.Event:
    with site_of(app).database.reading() as tx:
        raw = tx.execute(select(events.c.raw).order_by(events.c.seq.desc())).scalars().first()
    assert raw
    return event_log.decode(raw)


def test_the_text_is_there_for_everybody(anybody: Client) -> None:
    told = words(anybody.get("/consent"))
    for part in ("Qué guardamos", "Cuánto tiempo", "Quién lo ve", "Usted decide", f"Versión {consent.VERSION}"):
        assert part in told
    assert "Doy mi permiso" not in told


def test_registering_records_the_text_that_she_had_before_her(app: Flask, anybody: Client) -> None:
    register(anybody)
    with site_of(app).database.reading() as tx:
        raws = tx.execute(select(events.c.raw).where(events.c.type == "learner.consent_given")).scalars().all()
    data = json.loads(raws[0])["data"]
    assert (data["version"], data["language"]) == (consent.VERSION, "es")
    assert len(data["digest"]) == 64
    assert anybody.get("/me/learning").status_code == 200


def test_an_older_agreement_is_asked_about_before_the_next_page(older: Client) -> None:
    answer = older.get(f"{UNO}?lang=es")
    assert answer.headers["Location"] == f"/consent?next={UNO}?lang%3Des"
    told = words(older.get(answer.headers["Location"]))
    assert "Este texto cambió" in told
    sent = older.send(older.form(answer.headers["Location"], "/consent"), ("choice", "yes"))
    assert sent.headers["Location"] == f"{UNO}?lang=es"
    assert older.get(UNO).status_code == 200
    assert "Usted dio su permiso" in words(older.get("/consent"))


def test_signing_in_leads_there_at_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    agreed_to(app, "1")
    monkeypatch.setattr(passphrases, "is_right", lambda *_: True)
    again = Client(app)
    sent = again.send(again.form("/login?next=/me/learning", "/login"), username="ana", passphrase="x")
    assert sent.headers["Location"] == "/consent?next=/me/learning"


def test_what_she_had_begun_is_still_taken(app: Flask, ana: Client) -> None:
    form = ana.form(UNO, "/finish")
    assert ana.person
    with site_of(app).database.writing() as tx:
        preferences.change(tx, ana.person.id, consent="1")
    assert ana.send(form).headers["Location"].startswith("/courses/demo-course")
    assert ana.get(UNO).headers["Location"].startswith("/consent")


def test_declining_tells_what_then_and_nothing_new_is_kept(app: Flask, older: Client) -> None:
    sent = older.send(older.form("/consent", "/consent"), ("choice", "no"))
    assert sent.headers["Location"] == "/consent/declined"
    told = words(older.get("/consent/declined"))
    for part in ("Para que borren sus datos", "Cerrar sesión", "Sus certificados siguen siendo válidos"):
        assert part in told
    event = last_event(app)
    assert (event.type, event.data) == ("learner.consent_withdrawn", {"version": consent.VERSION})
    assert older.get("/me/certificates").status_code == 200
    assert older.get("/me/profile").status_code == 200
    assert older.get(UNO).headers["Location"].startswith("/consent")


def test_once_withdrawn_nothing_that_she_sends_is_recorded(app: Flask, ana: Client) -> None:
    page = ana.forms(UNO)
    profile, look = ana.form("/me/profile", "/me/profile"), ana.form("/about", "/language")
    ana.send(ana.form("/me/profile", "/consent"), ("choice", "no"))
    before = events_of(app, ana)
    for form in page:
        if form.action.startswith(UNO):
            assert ana.send(form, ("act", "check")).headers["Location"] == "/consent", form.action
    assert ana.send(profile, display_name="Otra").headers["Location"] == "/consent"
    assert ana.send(look, language="en").status_code == 303
    for path in ("/", "/courses/demo-course", "/me/certificates"):
        ana.get(path)
    assert events_of(app, ana) == before


def test_a_late_form_of_somebody_who_withdrew_is_not_kept(app: Flask, ana: Client, clock: object) -> None:
    form = next(each for each in ana.forms(UNO) if "/quiz/" in each.action)
    ana.send(ana.form("/me/profile", "/consent"), ("choice", "no"))
    clock.pass_(minutes=20)  # type: ignore[attr-defined]
    answer = ana.send(form, ("act", "save"), **{"q-a": form.options["q-a"][0]})
    assert answer.status_code == 401
    assert "sus respuestas" not in words(answer).lower()


def test_a_text_that_changed_while_it_was_read_is_shown_again(app: Flask, older: Client) -> None:
    form = older.form("/consent?next=/me/learning", "/consent")
    sent = older.send(form, ("choice", "yes"), version="1")
    assert sent.headers["Location"] == "/me/learning"
    assert older.get("/me/learning").headers["Location"].startswith("/consent")
    assert events_of(app, older) == 1  # her profile


def test_the_register_form_holds_the_whole_text(anybody: Client) -> None:
    told = words(anybody.get("/register"))
    for part in ("Qué guardamos", "Cuánto tiempo", "Quién lo ve", "Usted decide", f"Versión {consent.VERSION}"):
        assert part in told


def test_whoever_has_withdrawn_has_her_look_and_language_on_the_device(app: Flask) -> None:
    ana = agreed_to(app, consent.WITHDRAWN)
    assert ana.person
    with site_of(app).database.writing() as tx:
        people.set_profile(tx, ana.person.id, display_name="Ana", language="es")
        preferences.change(tx, ana.person.id, look="dark")
    before = people_row(app, ana)
    ana.send(ana.form("/about", "/look"), size="huge", theme="light")
    ana.send(ana.form("/about", "/language"), ("language", "en"))
    assert '<html lang="en" data-look="huge light">' in ana.get("/consent").get_data(as_text=True)
    assert people_row(app, ana) == before


def people_row(app: Flask, client: Client) -> people.Person | None:
    assert client.person
    with site_of(app).database.reading() as tx:
        return people.by_id(tx, client.person.id)
