"""The first run: a printed code, once, and nobody else's way in."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask

from lms.services.people import first_run, passphrases
from lms.storage import first_codes
from tests.web.client import Client, words
from tests.web.conftest import Clock, add_person, site_of
from tests.web.test_sent_twice import code_in, twice

PASSPHRASE = "tres palabras sueltas"


@pytest.fixture(autouse=True)
def cheap_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrases, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def code(app: Flask) -> str:
    with site_of(app).database.writing() as tx:
        printed = first_run.give(tx, now=site_of(app).clock())
    assert printed
    return printed.code


def test_without_a_code_there_is_no_such_page(app: Flask, anybody: Client) -> None:
    for path in ("/welcome", "/welcome/account"):
        assert anybody.post(path, [("csrf", anybody.csrf()), ("username", "eva")]).status_code == 404
    assert anybody.get("/welcome").status_code == 404


def test_the_first_run_from_the_code_to_the_last_setting(app: Flask, anybody: Client, code: str) -> None:
    assert "English" in words(anybody.get("/welcome"))
    answer = anybody.send(anybody.form("/welcome", "/welcome"), code=code.lower().replace("-", " "))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/welcome")
    form = anybody.form("/welcome", "/welcome/account")
    short = anybody.send(form, username="eva", display_name="Eva Solís", passphrase="corta pero")
    assert short.status_code == 400
    assert "12 caracteres" in words(short)
    assert 'value="Eva Solís"' in short.get_data(as_text=True)
    form = anybody.form("/welcome", "/welcome/account")
    made, again = twice(anybody, form, username="eva", display_name="Eva Solís", passphrase=PASSPHRASE)
    assert code_in(made) == code_in(again)
    answer = anybody.get("/staff/settings/first")
    assert answer.headers["Location"].startswith("/consent")
    consent = anybody.form(answer.headers["Location"], "/consent")
    answer = anybody.send(consent, button=("choice", "yes"))
    assert answer.headers["Location"] == "/staff/settings/first"
    page = anybody.get("/staff/settings/first")
    assert 'name="passphrase"' not in page.get_data(as_text=True)
    later = [link for link in page.get_data(as_text=True).split('"') if "done=" in link]
    said = [words(anybody.get(link)) for link in later]
    assert len(said) == 1
    assert "segundo factor" in said[0] and "No se guardó nada" in said[0]
    form = anybody.form("/staff/settings/first", "first")
    done = anybody.send(
        form, name="Sendero", issuer="Red Mesoamericana", registration="code", timezone="America/Tegucigalpa"
    )
    assert done.status_code == 303
    after = words(anybody.get(done.headers["Location"]))
    assert "segundo factor" in after and "Lo necesario está listo" in after
    now = site_of(app).settings
    assert (now.name, now.issuer, now.registration) == ("Sendero", "Red Mesoamericana", "code")
    assert now.demonstration, "it stays one until somebody takes the mark off"
    stranger = Client(app)
    assert stranger.get("/welcome").status_code == 404
    with site_of(app).database.writing() as tx:
        assert first_codes.until(tx) is None
        assert first_run.give(tx, anew=True, now=site_of(app).clock()) is None


def test_the_code_works_once_and_in_that_browser_only(app: Flask, anybody: Client, code: str) -> None:
    other = Client(app)
    assert anybody.send(anybody.form("/welcome", "/welcome"), code=code).status_code == 303
    assert other.send(other.form("/welcome", "/welcome"), code=code).status_code == 401
    form = anybody.form("/welcome", "/welcome/account")
    stolen = [(name, value) for name, value in form.fields if name != "csrf"] + [("csrf", other.csrf())]
    fields = {"username": "mala", "display_name": "Mala", "passphrase": PASSPHRASE}
    answer = other.post("/welcome/account", [(name, fields.get(name, value)) for name, value in stolen])
    assert answer.status_code == 404
    assert anybody.send(form, username="eva", display_name="Eva", passphrase=PASSPHRASE).status_code == 200


def test_the_code_does_not_last(app: Flask, anybody: Client, code: str, clock: Clock) -> None:
    clock.pass_(hours=24)
    assert anybody.send(anybody.form("/welcome", "/welcome"), code=code).status_code == 401
    with site_of(app).database.writing() as tx:
        printed = first_run.give(tx, now=clock())
    assert printed and printed.code != code
    assert anybody.send(anybody.form("/welcome", "/welcome"), code=printed.code).status_code == 303
    form = anybody.form("/welcome", "/welcome/account")
    clock.pass_(hours=1)
    assert anybody.send(form, username="eva", display_name="Eva", passphrase=PASSPHRASE).status_code == 404


def test_guessing_is_held_up(app: Flask, anybody: Client, code: str, clock: Clock) -> None:
    form = anybody.form("/welcome", "/welcome")
    seen = [anybody.send(form, code=f"0000-0000-0000-{n:04}").status_code for n in range(12)]
    assert seen[:11] == [401] * 11
    assert seen[11] == 429
    assert anybody.send(form, code=code).status_code == 429
    clock.pass_(minutes=5)
    assert anybody.send(form, code=code).status_code == 303


def test_once_somebody_administers_no_code_is_any_good(app: Flask, anybody: Client, code: str) -> None:
    form = anybody.form("/welcome", "/welcome")
    assert anybody.send(form, code=code).status_code == 303
    account = anybody.form("/welcome", "/welcome/account")
    add_person(app, "eva", "administrator")
    assert anybody.get("/welcome").status_code == 404
    other = Client(app)
    assert other.post("/welcome", [("csrf", other.csrf()), ("code", code)]).status_code == 404
    assert anybody.send(account, username="mala", display_name="Mala", passphrase=PASSPHRASE).status_code == 404


def test_a_code_that_is_still_good_stays_until_another_is_asked_for(app: Flask, code: str) -> None:
    with site_of(app).database.writing() as tx:
        now = site_of(app).clock()
        kept = first_run.give(tx, now=now + timedelta(hours=1))
        assert kept and (kept.code, kept.until) == ("", now + timedelta(hours=24))
        anew = first_run.give(tx, anew=True, now=now)
        assert anew and anew.code not in ("", code)
        assert not first_codes.take(tx, code.replace("-", ""), "t", until=now, now=now)
