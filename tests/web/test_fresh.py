"""The passphrase typed again, for what matters most."""

from urllib.parse import urlsplit

import pytest
from argon2 import PasswordHasher
from flask import Flask

from lms.services.people import passphrases
from lms.storage import people
from lms.web.frame.fresh import fresh
from lms.web.frame.security import access
from tests.web.client import Client, words
from tests.web.conftest import Clock, signed_in, site_of

PASSPHRASE = "tres palabras sueltas"


@pytest.fixture(autouse=True)
def cheap_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrases, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def guarded(app: Flask) -> Client:
    """Eva, whose passphrase is known; the page about this installation asks for it."""
    app.view_functions["pages.about"] = access("administrator")(fresh(lambda: "secret"))
    return with_passphrase(app, signed_in(app, "eva", "administrator"))


def with_passphrase(app: Flask, client: Client) -> Client:
    """The same, with a passphrase that is known."""
    assert client.person
    with site_of(app).database.writing() as tx:
        people.set_passphrase(tx, client.person.id, passphrases.hash_(PASSPHRASE))
    return client


def confirmed(app: Flask, client: Client) -> Client:
    """The same, who has just typed it."""
    assert confirm(with_passphrase(app, client)).status_code == 303  # type: ignore[attr-defined]
    return client


def confirm(client: Client, path: str = "/me/confirm", **changes: str) -> object:
    """What comes back after typing it in the form of that page."""
    return client.send(client.form(path, "/me/confirm"), **{"passphrase": PASSPHRASE, **changes})


def test_a_page_asks_for_it_and_opens_for_five_minutes(guarded: Client, clock: Clock) -> None:
    answer = guarded.get("/about?x=1")
    assert answer.status_code == 303
    path = answer.headers["Location"]
    assert urlsplit(path).path == "/me/confirm"
    assert "Escriba de nuevo su contraseña" in words(guarded.get(path))
    assert confirm(guarded, path).headers["Location"] == "/about?x=1"  # type: ignore[attr-defined]
    assert guarded.get("/about").get_data() == b"secret"
    clock.pass_(minutes=4, seconds=59)
    assert guarded.get("/about").status_code == 200
    clock.pass_(seconds=1)
    assert guarded.get("/about").status_code == 303


def test_what_is_typed_wrong_opens_nothing_and_is_counted(guarded: Client) -> None:
    for _ in range(6):
        answer = confirm(guarded, passphrase="another")
        assert answer.status_code == 401  # type: ignore[attr-defined]
        assert "Esta no es su contraseña" in words(answer)  # type: ignore[arg-type]
    assert confirm(guarded).status_code == 429  # type: ignore[attr-defined]
    assert guarded.get("/about").status_code == 303


def test_the_session_is_another_one_from_then_on(app: Flask, guarded: Client) -> None:
    old = guarded.browser.get_cookie("s")
    assert old
    confirm(guarded)
    new = guarded.browser.get_cookie("s")
    assert new and new.value != old.value
    thief = Client(app)
    thief.browser.set_cookie("s", old.value)
    assert thief.get("/me/profile").status_code == 303


def test_a_double_click_confirms_once(app: Flask, guarded: Client) -> None:
    form = guarded.form("/me/confirm", "/me/confirm")
    cookie = guarded.browser.get_cookie("s")
    assert cookie
    assert guarded.send(form, passphrase=PASSPHRASE).status_code == 303
    guarded.browser.set_cookie("s", cookie.value)
    assert guarded.send(form, passphrase=PASSPHRASE).status_code == 303
    assert guarded.get("/about").get_data() == b"secret"


def test_a_form_that_comes_too_late_is_not_taken(app: Flask, guarded: Client) -> None:
    taken: list[int] = []
    app.view_functions["pages.language"] = access("learner")(fresh(lambda: str(taken.append(1))))
    token = dict(guarded.form("/me/profile", "/language").fields)["csrf"]
    answer = guarded.post("/language", [("csrf", token)], headers={"Referer": "http://localhost/me/profile?a=b"})
    assert taken == []
    path = answer.headers["Location"]
    assert "no se hizo nada" in words(guarded.get(path))
    assert confirm(guarded, path).headers["Location"] == "/me/profile?a=b"  # type: ignore[attr-defined]
    token = dict(guarded.form("/me/profile", "/language").fields)["csrf"]
    guarded.post("/language", [("csrf", token)])
    assert taken == [1]


def test_nobody_is_sent_elsewhere(guarded: Client) -> None:
    form = guarded.form("/me/confirm?next=https://evil.test", "/me/confirm")
    assert dict(form.fields)["next"] == "/"
    assert guarded.send(form, passphrase=PASSPHRASE, next="//evil.test").headers["Location"] == "/"
