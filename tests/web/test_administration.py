"""The keys and the quarantine, as administrators see them."""

import hashlib
import json
import re
from dataclasses import replace

import pytest
from argon2 import PasswordHasher
from flask import Flask

from lms.learning.events import decode, encode
from lms.services.common.record import Act, record
from lms.services.people import erasing, passphrases
from lms.services.running import choosing
from lms.storage import audit, event_log, quarantine
from tests.web.client import Client, words
from tests.web.conftest import Clock, signed_in, site_of
from tests.web.test_fresh import confirmed
from tests.web.test_people import sent

PAGE = "/staff/quarantine"


@pytest.fixture(autouse=True)
def cheap_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrases, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def eva(app: Flask) -> Client:
    return confirmed(app, signed_in(app, "eva", "administrator"))


def quarantined(app: Flask, ana: Client, text: str = "otra") -> str:
    """A line of hers, and another one with its id: the hash of that."""
    assert ana.person
    site = site_of(app)
    with site.database.writing() as tx:
        act = Act(type="learner.written", learner=ana.person.id, course="demo-course", data={"text": "una", "same": 1})
        event = record(tx, site.pen, act, now=site.clock())
        assert event
        other = replace(event, n=99, data={"text": text, "same": 1, "more": 2})
        raw = encode(other)
        assert event_log.append(tx, raw, other, now=site.clock(), via="file") == "quarantined"
    return hashlib.sha256(raw).hexdigest()


def test_keys_and_clock(app: Flask, eva: Client, clock: Clock) -> None:
    told = words(eva.get("/staff/keys"))
    assert "issuer.key" in told and "sin cifrar" in told and "Se pueden emitir certificados" in told
    assert "lms keys protect" in told, "what to do next"
    assert "<code>lms keys protect</code>" in eva.get("/staff/keys").get_data(as_text=True)
    assert "Hay algo que hacer" in words(eva.get("/staff"))
    eva.language = "en"
    assert "Certificates can be issued" in words(eva.get("/staff/keys"))


def test_advice_that_names_something(app: Flask, eva: Client, clock: Clock) -> None:
    place = site_of(app)
    wanted = {"issuer": "Red <b>Mesoamericana</b>", "demonstration": False}
    choosing.change(place.database, place.own, wanted, by=eva.person.id if eva.person else "", now=clock())
    page = eva.get("/staff/keys")
    assert page.status_code == 200
    assert "y los certificados a «Red <b>Mesoamericana</b>»" in words(page), "named, and not taken for markup"
    assert "root.key, root-badge.key" in words(page)


def test_a_clock_that_is_behind_and_keys_that_are_gone(app: Flask, eva: Client, clock: Clock) -> None:
    sent(eva, "/staff/people/new", ("role", "author"), username="olga", display_name="Olga")  # a line of now
    clock.pass_(minutes=-11)
    told = words(eva.get("/staff/keys"))
    assert "Los certificados esperan" in told and "lms clock --confirm" in told
    (site_of(app).settings.keys / "issuer.pem").unlink()
    told = words(eva.get("/staff/keys"))
    assert "Los certificados esperan" in told and "issuer.key" not in told
    assert eva.get("/staff").status_code == 200


def test_a_line_is_held_beside_the_other_without_what_was_written(app: Flask, eva: Client, ana: Client) -> None:
    assert "no hay nada en espera" in words(eva.get(PAGE))
    digest = quarantined(app, ana, "canario")
    assert "1 línea en espera" in words(eva.get("/staff"))
    told = words(eva.get(PAGE))
    assert "learner.written" in told and "demo-course" in told and "ana" in told
    page = eva.get(f"{PAGE}/{digest}")
    told = words(page)
    assert "canario" not in told and "una" not in told.split("data.text")[1].split("SHA")[0].split()
    assert "data.same igual no se muestra no se muestra" in told
    assert "data.text distinto no se muestra no se muestra" in told
    assert "data.more distinto – no se muestra" in told and re.search(r"\bn distinto \d+ 99", told)
    assert eva.get(f"{PAGE}/{'0' * 64}").status_code == 404 and sent(eva, f"{PAGE}/x", reason="a").status_code == 404


def test_it_is_put_aside_with_a_reason_and_waits_again(app: Flask, eva: Client, ana: Client) -> None:
    digest = quarantined(app, ana)
    path = f"{PAGE}/{digest}"
    assert sent(eva, path, reason=" ").status_code == 400
    assert sent(eva, path, act="again").status_code == 409
    assert sent(eva, path, reason="Reloj del teléfono").status_code == 303
    assert "no hay nada en espera" in words(eva.get(PAGE))
    assert "Apartada" in words(eva.get(f"{PAGE}?state=seen"))
    told = words(eva.get(path))
    assert "Reloj del teléfono" in told and "Eva" in told
    assert sent(eva, path, act="again").status_code == 303
    assert "1 línea" in words(eva.get(PAGE))
    with site_of(app).database.reading() as tx:
        assert [each.act for each in audit.lines(tx)] == ["quarantine-unseen", "quarantine-seen"]


def test_lines_are_taken_with_a_reason(app: Flask, eva: Client, ana: Client) -> None:
    digest = quarantined(app, ana, "canario")
    assert sent(eva, PAGE, state="waiting").status_code == 400
    answer = sent(eva, PAGE, state="waiting", reason="Para reparar")
    assert answer.headers["Content-Disposition"].endswith('.jsonl"') and answer.headers["Cache-Control"] == "no-store"
    (told,) = [json.loads(line) for line in answer.get_data().splitlines()]
    raw = told["line"].encode("utf-8", "surrogateescape")
    assert hashlib.sha256(raw).hexdigest() == told["sha256"] == digest and decode(raw).data["text"] == "canario"
    assert sent(eva, PAGE, state="seen", reason="Nada").get_data() == b""
    with site_of(app).database.reading() as tx:
        (last, first) = [each for each in audit.lines(tx) if each.act == "quarantine-taken"]
        assert (first.data["rows"], last.data["rows"], first.data["reason"]) == (1, 0, "Para reparar")


def test_of_somebody_erased_nothing_is_left_in_it(app: Flask, eva: Client, ana: Client) -> None:
    assert ana.person
    quarantined(app, ana)
    site = site_of(app)
    with site.database.writing() as tx:
        erasing.erase(tx, site.pen, person=ana.person.id, by="", now=site.clock())
        assert quarantine.count(tx, seen=None) == 0
