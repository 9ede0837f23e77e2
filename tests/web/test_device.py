"""Phones: granted with a session, and then known by their own signature alone."""

import json
from typing import Any

import pytest
from flask import Flask

from lms.certificates.device_key import unpacked
from lms.certificates.signed import is_by_store
from lms.services.people import devices
from lms.storage import preferences
from tests.phone import Phone, granted
from tests.web.client import Client
from tests.web.conftest import Clock, signed_in, site_of

ASKS: dict[str, dict[str, Any]] = {
    "courses": {},
    "state": {"courses": {"demo-course": None}},
    "tickets": {
        "id": "0192f0c1-2345-7abc-8def-0123456789ab",
        "course": "demo-course",
        "module": "m-prueba",
        "count": 1,
    },
    "certificate": {"number": "x"},
}
every_ask = pytest.mark.parametrize("what", list(ASKS))


def why(answer: Any) -> tuple[int, str]:
    body = answer.get_json()
    assert body["vereda"] == "refused 1"
    assert body["message"]
    return answer.status_code, body["why"]


def test_whoever_is_not_signed_in_is_told_so_in_json(anybody: Client) -> None:
    assert why(anybody.get("/pocket/me")) == (401, "sign_in")
    assert why(anybody.browser.post("/pocket/devices", json={"csrf": anybody.csrf()})) == (401, "sign_in")


def test_a_phone_is_granted_with_a_session_and_its_token(app: Flask, ana: Client) -> None:
    phone = granted(app, ana)
    grant = phone.grant
    assert grant["vereda"] == "grant 1"
    signature = unpacked(grant["signature"])
    assert signature
    assert is_by_store(grant["store"]["key"], grant["raw"].encode(), signature)
    line = json.loads(grant["raw"])
    assert (line["type"], line["learner"]) == ("store.device_granted", phone.learner)
    assert line["data"]["key"] == phone.public_key
    with site_of(app).database.reading() as tx:
        assert [each.name for each in devices.of_learner(tx, phone.learner)] == ["Chrome, Android"]


def test_no_phone_is_granted_without_the_token(app: Flask, ana: Client) -> None:
    phone = Phone(app, "x")
    asked = {"device": phone.device, "key": phone.public_key, "name": "x"}
    assert why(ana.browser.post("/pocket/devices", json=asked)) == (400, "malformed")
    token = signed_in(app, "eva").csrf()
    assert why(ana.browser.post("/pocket/devices", json={**asked, "csrf": token})) == (400, "malformed")


@pytest.mark.parametrize("name", ["device", "key", "name"])
@pytest.mark.parametrize("value", [None, 1, "", "x" * 4000])
def test_what_is_no_phone_is_refused(app: Flask, ana: Client, name: str, value: object) -> None:
    if name == "name" and isinstance(value, str):
        return
    asked = {"csrf": ana.csrf(), "device": Phone(app, "x").device, "key": Phone(app, "x").public_key, "name": "x"}
    assert ana.browser.post("/pocket/devices", json={**asked, name: value}).status_code == 400


@every_ask
def test_a_phone_needs_no_session(app: Flask, ana: Client, what: str) -> None:
    answer = granted(app, ana).ask(what, **ASKS[what])
    assert answer.status_code == {"certificate": 404, "tickets": 409}.get(what, 200)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


@every_ask
def test_a_challenge_is_good_for_five_minutes(app: Flask, clock: Clock, ana: Client, what: str) -> None:
    phone = granted(app, ana)
    body = phone.body(ASKS[what])
    path = f"/api/v1/{what}"
    clock.pass_(minutes=4.9)
    assert app.test_client().post(path, json=body).status_code != 403
    clock.pass_(minutes=0.2)
    assert why(app.test_client().post(path, json=body)) == (403, "challenge")
    for bad in ("", "x", "AAAA", 1, None):
        assert why(app.test_client().post(path, json=phone.body(ASKS[what], challenge=bad))) == (403, "challenge")


@every_ask
def test_nobody_asks_as_another_or_by_another_phone(app: Flask, ana: Client, what: str) -> None:
    phone = granted(app, ana)
    other = granted(app, signed_in(app, "eva"))
    path = f"/api/v1/{what}"
    for changes in (
        {"learner": other.learner},
        {"device": other.device},
        {"device": other.device, "learner": other.learner},
    ):
        assert why(app.test_client().post(path, json=phone.body(ASKS[what], **changes))) == (403, "unknown")
    body = phone.body(ASKS[what])
    forged = {
        **body,
        "raw": body["raw"].replace('"ask": {', '"ask": {"more": 1, ' if ASKS[what] else '"ask": {"more": 1'),
    }
    assert forged != body
    assert why(app.test_client().post(path, json=forged)) == (403, "unknown")
    assert why(Phone(app, phone.learner).ask(what, **ASKS[what])) == (403, "unknown")


@every_ask
def test_a_revoked_or_expired_phone_gets_nothing(app: Flask, clock: Clock, ana: Client, what: str) -> None:
    phone, revoked, site = granted(app, ana), granted(app, ana), site_of(app)
    with site.database.writing() as tx:
        devices.revoke(
            tx, site.pen, learner=phone.learner, device=revoked.device, why="self", by=phone.learner, now=clock()
        )
    assert why(revoked.ask(what, **ASKS[what])) == (403, "revoked")
    clock.pass_(days=181)
    assert why(phone.ask(what, **ASKS[what])) == (403, "expired")


@every_ask
def test_garbage_is_refused(app: Flask, ana: Client, what: str) -> None:
    phone, path = granted(app, ana), f"/api/v1/{what}"
    for sent in (
        None,
        [],
        {},
        {"raw": 1, "signature": ""},
        {"raw": "{", "signature": "x"},
        {"raw": "{}", "signature": "x"},
    ):
        assert why(app.test_client().post(path, json=sent)) == (400, "malformed")
    assert why(app.test_client().post(path, data=b"x" * 100, content_type="text/plain")) == (400, "malformed")
    assert why(app.test_client().post(path, json=phone.signed(json.dumps({"ask": {}})))) == (400, "malformed")
    assert why(app.test_client().post(path, data=b"x" * 70_000, content_type="application/json")) == (413, "too_large")
    deep = "[" * 60_000
    assert why(app.test_client().post(path, json={"raw": deep, "signature": "x"})) == (400, "malformed")


def test_who_has_withdrawn_takes_no_test_away(app: Flask, ana: Client) -> None:
    phone = granted(app, ana)
    with site_of(app).database.writing() as tx:
        preferences.change(tx, phone.learner, consent="withdrawn")
    assert why(phone.ask("tickets", **ASKS["tickets"])) == (403, "consent")
    assert phone.ask("state", **ASKS["state"]).status_code == 200
