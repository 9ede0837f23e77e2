"""The session cookie: what it is worth, and when it is worth nothing."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event, select

from lms.services.people import passphrases
from lms.storage import sessions as stored
from lms.storage.tables import sessions
from tests.web.client import Client
from tests.web.conftest import Clock, add_person, signed_in, site_of


def cookie(client: Client) -> str:
    found = client.browser.get_cookie("s")
    return found.value if found else ""


def test_the_cookie_is_hidden_from_scripts_and_other_sites(anybody: Client) -> None:
    set_cookie = anybody.get("/login").headers["Set-Cookie"]
    assert set_cookie.startswith("s=")
    for part in ("HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in set_cookie
    assert "Expires" not in set_cookie


def test_on_https_the_cookie_is_bound_to_the_host(make_app: Callable[..., Flask]) -> None:
    answer = Client(make_app(https=True)).get("/login")
    assert answer.headers["Set-Cookie"].startswith("__Host-s=")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_the_table_holds_no_cookie(app: Flask, ana: Client) -> None:
    with site_of(app).database.reading() as tx:
        hashes = tx.execute(select(sessions.c.hash)).scalars().all()
    assert len(hashes) == 1
    assert cookie(ana) not in hashes


def test_an_old_cookie_is_worth_nothing_after_signing_out(ana: Client) -> None:
    old = cookie(ana)
    assert ana.get("/me/learning").status_code == 200
    assert ana.send(ana.form("/me/learning", "/logout")).status_code == 303
    assert cookie(ana) not in ("", old)
    ana.browser.set_cookie("s", old)
    assert ana.get("/me/learning").status_code == 303


def test_a_cookie_set_before_never_becomes_signed_in(app: Flask, clock: Clock) -> None:
    site = site_of(app)
    person = add_person(app, "ana")
    client = Client(app)
    client.browser.set_cookie("s", "chosen-by-somebody-else")
    client.get("/login")
    client.browser.set_cookie("s", site.entrance.open_session(person, now=clock()))
    assert client.get("/me/learning").status_code == 200
    client.browser.set_cookie("s", "chosen-by-somebody-else")
    assert client.get("/me/learning").status_code == 303


def test_a_session_ends_by_itself(app: Flask, clock: Clock) -> None:
    ana = signed_in(app, "ana")
    for _ in range(5):
        clock.pass_(minutes=14)
        assert ana.get("/me/learning").status_code == 200
    clock.pass_(minutes=15)
    assert ana.get("/me/learning").status_code == 303


def test_a_session_lasts_twelve_hours_at_most(app: Flask, clock: Clock) -> None:
    ana = signed_in(app, "ana")
    for _ in range(60):
        clock.pass_(minutes=13)
        ana.get("/me/learning")
    assert ana.get("/me/learning").status_code == 303


def test_looking_writes_at_most_once_a_minute(app: Flask, ana: Client, clock: Clock) -> None:
    writes: list[str] = []
    event.listen(
        site_of(app).database.engine,
        "before_cursor_execute",
        lambda *a: writes.append(a[2]) if a[2].startswith("UPDATE") else None,
    )
    for _ in range(5):
        ana.get("/me/learning")
    assert writes == []
    clock.pass_(seconds=61)
    for _ in range(5):
        ana.get("/me/learning")
    assert len(writes) == 1


def test_somebody_no_longer_active_is_out(app: Flask, ana: Client) -> None:
    from lms.storage import people

    assert ana.person
    with site_of(app).database.writing() as tx:
        people.set_active(tx, ana.person.id, False)
    assert ana.get("/me/learning").status_code == 303


def test_flasks_own_session_and_remember_me_are_never_used(app: Flask, ana: Client) -> None:
    ana.browser.set_cookie("remember_token", f"{ana.person.id if ana.person else ''}|x")
    ana.browser.set_cookie("session", "x")
    ana.browser.delete_cookie("s")
    assert ana.get("/me/learning").status_code == 303
    names = {
        c.split("=")[0] for answer in (ana.get("/"), ana.get("/login")) for c in answer.headers.getlist("Set-Cookie")
    }
    assert names <= {"s"}


def test_a_cookie_of_another_program_changes_nothing(ana: Client) -> None:
    for name in ("remember_token", "session", "auth", "remember"):
        ana.browser.set_cookie(name, "1|x")
    ana.browser.set_cookie("remember_token", f"{ana.person.id if ana.person else ''}|x")
    assert ana.get("/me/learning").status_code == 200


def test_what_is_the_same_for_everybody_may_be_kept_by_everybody(app: Flask, ana: Client) -> None:
    answer = ana.get(site_of(app).assets.url("css/vereda.css"))
    assert answer.headers["Vary"] == "Accept-Encoding"
    text = ana.get("/courses/demo-course/m-uno").get_data(as_text=True)
    picture = ana.get(text[text.index("/media/") :].split('"')[0])
    assert "Vary" not in picture.headers


def test_signing_in_again_ends_the_session_before(app: Flask, ana: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrases, "is_right", lambda *_: True)
    old = cookie(ana)
    beto = add_person(app, "beto")
    form = Client.form(ana, "/me/profile", "/me/profile")
    fields = [("csrf", dict(form.fields)["csrf"]), ("username", beto.username), ("passphrase", "x")]
    assert ana.post("/login", fields).headers["Location"] == "/"
    assert cookie(ana) != old
    assert ana.get("/me/learning").status_code == 200
    ana.browser.set_cookie("s", old)
    assert ana.get("/me/learning").status_code == 303


def test_old_rows_are_cleared(app: Flask, clock: Clock) -> None:
    signed_in(app, "ana")
    clock.pass_(hours=13)
    signed_in(app, "beto")
    with site_of(app).database.reading() as tx:
        assert len(tx.execute(select(sessions.c.hash)).all()) == 1
    assert stored.LIFETIME.total_seconds() == 12 * 3600
