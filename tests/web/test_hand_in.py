"""What was done on a phone, handed in as a file: at the store that granted it, at another under the same root, and at one that
nobody there vouches for."""

import hashlib
import html
import io
import json
import re
import shutil
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from lms.certificates import delegation
from lms.certificates.device_key import packed, unpacked
from lms.certificates.keys import load_issuer, load_store_key
from lms.certificates.protection import OPEN
from lms.certificates.signed import is_by_store, raw
from lms.certificates.vouching import vouched
from lms.cli import worker
from lms.config import Settings
from lms.learning import events as types
from lms.services.certifying import custody
from lms.services.common.registers import shelf_of, shelve, signer
from lms.services.people import devices, erasing
from lms.services.pocket import receiving
from lms.services.running.publish import publish
from lms.services.running.rebuild import differences
from lms.storage import devices as stored
from lms.storage import projection, schema, stores
from lms.storage.database import Database
from lms.storage.quotas import Amount
from lms.storage.releases import Catalogue
from lms.storage.tables import devices as table
from lms.storage.tables import events as log
from lms.web.app import create_app
from tests.conftest import NOW
from tests.phone import Phone, granted
from tests.web.client import Client, words
from tests.web.conftest import SAMPLE, Clock, furnish, signed_in, site_of

PAGE = "/pocket/hand-in"


@dataclass
class World:
    """Two stores under one root, and one under another."""

    here: Flask
    there: Flask
    foreign: Flask


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Their folders, with keys; the database in each is SQLite."""
    made = {}
    for name in ("here", "there", "foreign"):
        folder = tmp_path_factory.mktemp(name) / "instance"
        folder.mkdir()
        settings = Settings(instance=folder)
        database = Database(settings.url)
        furnish(settings, database)
        database.close()
        made[name] = folder
    here, there = (Settings(instance=made[name]) for name in ("here", "there"))
    asked = custody.request(there, OPEN)
    found = custody.issue(here, asked, OPEN, root_folder=here.keys, now=NOW)
    custody.install(there, delegation.read_answer(found.answer), OPEN, now=NOW)
    return made


@pytest.fixture(params=["sqlite", "postgresql"])
def world(
    request: pytest.FixtureRequest,
    folders: dict[str, Path],
    tmp_path: Path,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[World]:
    monkeypatch.setattr(worker, "now", clock)
    apps = {}
    for name, folder in folders.items():
        settings = Settings(instance=Path(shutil.copytree(folder, tmp_path / name)))
        if request.param == "postgresql" and name != "foreign":
            settings = replace(settings, database_url=empty(request.getfixturevalue("postgresql_url"), name))
            database = Database(settings.url)
            fill(settings, database)
            database.close()
        apps[name] = create_app(settings, clock=clock)
        vouch(apps[name])
    yield World(**apps)
    for app in apps.values():
        with site_of(app).database.reading() as tx:
            assert differences(tx, Catalogue()) == []
        site_of(app).database.close()


def empty(url: str, name: str) -> str:
    """Another database of that server."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS hand_in_{name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE hand_in_{name}"))
    engine.dispose()
    return str(engine.url.set(database=f"hand_in_{name}").render_as_string(hide_password=False))


def fill(settings: Settings, database: Database) -> None:
    schema.upgrade(database)
    with database.writing() as tx:
        stores.create(tx, now=NOW)
    publish(database, SAMPLE, position=0, now=NOW)


def vouch(app: Flask) -> None:
    """Its worker has signed the lists."""
    site = site_of(app)
    issuer = load_issuer(site.settings.keys)
    shelve(site.settings, site.settings.keys)
    worker.Told(site.settings, site.database).keep(issuer)


def release_of(app: Flask) -> str:
    with site_of(app).database.reading() as tx:
        found = site_of(app).desk.catalogue.live(tx, "demo-course")
    assert found
    return found.digest


def work(app: Flask, phone: Phone, *modules: str) -> list[dict[str, str]]:
    return [phone.line(types.MODULE_COMPLETED, release=release_of(app), item=each) for each in modules]


def file_of(phone: Phone, lines: list[dict[str, str]], *, trust: bool = True, end: bool = True) -> bytes:
    """The file that the phone makes."""
    grant = {name: phone.grant[name] for name in ("raw", "signature")}
    store = dict(phone.grant["store"])
    vouching = store.pop("trust")
    made: list[Any] = [
        {"vereda": "file 1", "learner": phone.learner, "device": phone.device, "made": "2026-11-24T12:00:00Z"}
    ]
    made += [{"grant": grant, "store": store, "trust": vouching if trust else {}}, *lines]
    made += [{"end": len(lines)}] if end else []
    return "".join(json.dumps(each) + "\n" for each in made).encode()


def hand_in(app: Flask, data: bytes, kind: str = "application/x-ndjson") -> dict[str, Any]:
    answer = app.test_client().post("/api/v1/file", data=data, content_type=kind)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


def said(receipt: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(receipt["payload"])
    return found


def ended(app: Flask, phone: Phone) -> set[str]:
    with site_of(app).database.reading() as tx:
        progress = projection.of_course(tx, phone.learner, "demo-course")
    return {module for each in progress.work.values() for module in each.ended}


def taken(receipt: dict[str, Any], **counts: int) -> bool:
    return {name: n for name, n in said(receipt)["lines"].items() if n} == counts


def test_the_store_that_granted_it_takes_its_file(world: World) -> None:
    phone = granted(world.here, signed_in(world.here, "ana"))
    lines = work(world.here, phone, "m-uno", "m-dos")
    receipt = hand_in(world.here, file_of(phone, lines))
    assert taken(receipt, accepted=2)
    about = said(receipt)
    assert (about["learner"], about["device"], about["complete_to"]) == (phone.learner, phone.device, 2)
    ids = sorted(json.loads(each["raw"])["id"] for each in lines)
    assert about["digest"] == hashlib.sha256("\n".join(ids).encode()).hexdigest()
    assert ended(world.here, phone) == {"m-uno", "m-dos"}
    again = hand_in(world.here, file_of(phone, lines, trust=False))
    assert taken(again, duplicate=2)
    assert said(again)["digest"] == about["digest"]


def test_another_store_under_the_same_root_takes_it(world: World) -> None:
    phone = granted(world.here, signed_in(world.here, "ana"))
    lines = work(world.here, phone, "m-uno", "m-dos")
    receipt = hand_in(world.there, file_of(phone, lines))
    assert taken(receipt, accepted=2)
    assert said(receipt)["complete_to"] == 2
    assert ended(world.there, phone) == {"m-uno", "m-dos"}
    # Her own store's root leads to the other's key, so that her phone can check the receipt.
    home = shelf_of(site_of(world.here).settings).load()
    store = vouched(home, receipt["trust"])
    assert (store.store, store.key) == (said(receipt)["store"], receipt["key"])
    assert store.is_signature(receipt["payload"].encode(), unpacked(receipt["signature"]) or b"")
    assert not store.is_signature(receipt["payload"].replace("2", "3").encode(), unpacked(receipt["signature"]) or b"")
    more = work(world.here, phone, "m-tres")
    assert taken(hand_in(world.there, file_of(phone, lines + more)), accepted=1, duplicate=2)


def test_a_store_under_another_root_keeps_it_unproven(world: World) -> None:
    phone = granted(world.here, signed_in(world.here, "ana"))
    lines = work(world.here, phone, "m-uno")
    receipt = hand_in(world.foreign, file_of(phone, lines))
    assert taken(receipt, unproven=1)
    assert said(receipt)["complete_to"] == 0
    assert ended(world.foreign, phone) == set()
    home = shelf_of(site_of(world.here).settings).load()
    with pytest.raises(Exception, match="trusts"):
        vouched(home, receipt["trust"])


FORGED = (
    "another key",
    "signed by its thief",
    "another store's voucher",
    "no voucher",
    "a voucher of rubbish",
    "longer than half a year",
)


def forged(phone: Phone, name: str, world: World, other: dict[str, Any]) -> dict[str, Any]:
    """A grant with something wrong in it."""
    grant, thief = phone.grant, site_of(world.there).pen
    event = json.loads(grant["raw"])
    match name:
        case "another key":
            text = grant["raw"].replace(event["data"]["key"], Phone(world.here, "x").public_key)
            return {**grant, "raw": text}
        case "signed by its thief":
            return {**grant, "signature": packed(thief.sign(grant["raw"].encode()))}
        case "another store's voucher":
            return {**grant, "store": {**grant["store"], "trust": other["store"]["trust"]}}
        case "no voucher":
            return {**grant, "store": {**grant["store"], "trust": {}}}
        case "a voucher of rubbish":
            return {**grant, "store": {**grant["store"], "trust": {"keys": "x", "store": ["y"]}}}
        case "longer than half a year":
            event["data"]["expires"] = "2036-01-01T00:00:00Z"
            text = json.dumps(event)
            return {**grant, "raw": text, "signature": packed(site_of(world.here).pen.sign(text.encode()))}
    raise ValueError(name)


def test_no_grant_is_believed_that_a_store_did_not_give(world: World) -> None:
    other = granted(world.foreign, signed_in(world.foreign, "eva")).grant
    for place, name in enumerate(FORGED):
        phone = granted(world.here, signed_in(world.here, f"ana{place}"))
        phone.grant = forged(phone, name, world, other)
        receipt = hand_in(world.there, file_of(phone, work(world.here, phone, "m-uno")))
        assert taken(receipt, unproven=1), name
        assert ended(world.there, phone) == set()


def test_for_people_with_an_account_here_only_this_stores_own_grants_count(world: World) -> None:
    """A store whose key was stolen can't write what people of another one did."""
    who = signed_in(world.there, "beto")
    assert who.person
    phone, site = Phone(world.here, who.person.id), site_of(world.here)
    with site.database.writing() as tx:  # the stolen store grants whom it likes
        given = receiving.grant(
            tx, site.desk, learner=phone.learner, device=phone.device, key=phone.public_key, name="", now=NOW
        )
    trust = dict(signer(site.settings).voucher)
    phone.grant = {"raw": given.raw.decode(), "signature": packed(given.signature), "store": {"trust": trust}}
    assert taken(hand_in(world.there, file_of(phone, work(world.here, phone, "m-uno"))), unproven=1)
    assert ended(world.there, phone) == set()


def test_a_store_that_was_brought_back_from_a_backup_knows_its_own_grant(world: World) -> None:
    phone = granted(world.here, signed_in(world.here, "ana"))
    with site_of(world.here).database.writing() as tx:
        tx.execute(table.delete())
        tx.execute(log.delete().where(log.c.type == types.DEVICE_GRANTED))
    receipt = hand_in(world.here, file_of(phone, work(world.here, phone, "m-uno"), trust=False))
    assert taken(receipt, accepted=1)
    assert ended(world.here, phone) == {"m-uno"}


def test_a_file_revives_no_revoked_phone_and_nobody_who_was_erased(world: World, clock: Clock) -> None:
    who, site = signed_in(world.here, "ana"), site_of(world.here)
    phone = granted(world.here, who)
    lines = work(world.here, phone, "m-uno")
    with site.database.writing() as tx:
        devices.revoke(tx, site.pen, learner=phone.learner, device=phone.device, why="self", by="", now=clock())
    assert taken(hand_in(world.here, file_of(phone, lines)), unproven=1)
    with site.database.writing() as tx:
        erasing.erase(tx, site.pen, person=phone.learner, by=phone.learner, now=clock())
    hand_in(world.here, file_of(phone, work(world.here, phone, "m-dos")))
    with site.database.reading() as tx:
        assert stored.one(tx, phone.device, phone.learner) is None
    assert ended(world.here, phone) == set()


def test_the_grant_that_comes_later_proves_what_came_before(world: World, clock: Clock) -> None:
    phone = granted(world.here, signed_in(world.here, "ana"))
    lines = work(world.here, phone, "m-uno")
    assert taken(hand_in(world.there, file_of(phone, lines, trust=False)), unproven=1)
    receipt = hand_in(world.there, file_of(phone, lines))
    assert taken(receipt, duplicate=1)
    assert said(receipt)["complete_to"] == 1
    assert ended(world.there, phone) == {"m-uno"}
    clock.pass_(days=181)
    late = hand_in(world.there, file_of(phone, work(world.here, phone, "m-dos")))
    assert taken(late, unproven=1)


@pytest.fixture
def one(app: Flask, ana: Client) -> tuple[Flask, Phone]:
    return app, granted(app, ana)


def test_what_is_whole_of_a_cut_file_is_taken(one: tuple[Flask, Phone]) -> None:
    app, phone = one
    lines = work(app, phone, "m-uno", "m-dos", "m-tres")
    whole = file_of(phone, lines)
    cut = whole[: whole.rindex(b"m-tres")]
    answer = app.test_client().post(PAGE, data={"file": (io.BytesIO(cut), "x.ndjson")})
    assert answer.status_code == 200
    assert "Falta el final del archivo" in words(answer)
    assert ended(app, phone) == {"m-uno", "m-dos"}
    assert "Todo lo del archivo está aquí" in words(
        app.test_client().post(PAGE, data={"file": (io.BytesIO(whole), "x.ndjson")})
    )
    assert ended(app, phone) == {"m-uno", "m-dos", "m-tres"}
    for data in (whole[:-1], whole.rstrip() + b"\r\n"):  # somebody's editor
        assert "Falta" not in words(app.test_client().post(PAGE, data={"file": (io.BytesIO(data), "x.ndjson")}))


def test_of_a_phone_that_was_removed_it_does_not_say_that_its_acts_will_count(one: tuple[Flask, Phone]) -> None:
    app, phone = one
    first = work(app, phone, "m-uno")
    hand_in(app, file_of(phone, first))
    with site_of(app).database.writing() as tx:
        asked = {"learner": phone.learner, "device": phone.device, "by": phone.learner}
        devices.revoke(tx, site_of(app).pen, **asked, why="self", now=site_of(app).clock())
    said_otherwise = phone.signed(json.dumps({**json.loads(first[0]["raw"]), "item": "m-tres"}))
    whole = file_of(phone, [*work(app, phone, "m-dos"), said_otherwise])
    told = words(app.test_client().post(PAGE, data={"file": (io.BytesIO(whole), "x.ndjson")}))
    assert "1 acto viene de un teléfono que se quitó" in told
    assert "1 acto tiene la marca de otro que está aquí" in told
    assert "cuenta cuando" not in told and "todavía no cuenta" not in told


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_file_is_what_it_is_whatever_it_is_called(one: tuple[Flask, Phone], kind: str) -> None:
    app, phone = one
    assert taken(hand_in(app, file_of(phone, work(app, phone, "m-uno")), kind), accepted=1)


def test_every_cut_and_every_garbled_byte_is_survived(one: tuple[Flask, Phone]) -> None:
    app, phone = one
    whole = file_of(phone, work(app, phone, "m-uno"))
    for place in range(0, len(whole), 61):
        for data in (whole[:place], whole[:place] + b"\xff\0{[" + whole[place:], b"[" * 5000 + whole[place:]):
            answer = app.test_client().post("/api/v1/file", data=data)
            assert answer.status_code in (200, 400), place


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"{}",
        b"x" * 100,
        b'{"vereda":"file 1"}',
        b'{"vereda":"file 1","learner":"x","device":"y"}',
        b"\xff\xfe",
    ],
)
def test_another_kind_of_file_is_refused(app: Flask, anybody: Client, data: bytes) -> None:
    assert anybody.browser.post("/api/v1/file", data=data).get_json()["why"] == "no_progress"
    answer = anybody.browser.post(PAGE, data={"file": (io.BytesIO(data), "x.pdf")}, headers={"Accept-Language": "es"})
    assert answer.status_code == 400
    assert "no es un archivo de avance guardado" in words(answer)


def test_a_file_that_is_too_large_is_refused(anybody: Client) -> None:
    assert anybody.browser.post("/api/v1/file", data=b"\n" * 30_000).status_code == 413
    big = anybody.browser.post("/api/v1/file", data=b"x" * (17 * 1024 * 1024))
    assert (big.status_code, big.get_json()["why"]) == (413, "too_large")


def test_a_file_needs_no_session_no_script_and_no_token(app: Flask, one: tuple[Flask, Phone], anybody: Client) -> None:
    _, phone = one
    form = anybody.form(PAGE, "/hand-in")
    assert [name for name, _ in form.fields if name != "file"] == []
    answer = anybody.browser.post(
        PAGE, data={"file": (io.BytesIO(file_of(phone, work(app, phone, "m-uno"))), "x.ndjson")}
    )
    page = answer.get_data(as_text=True)
    assert '<svg class="qr"' in page
    link = html.unescape(re.findall(r'href="data:application/json;base64,([^"]+)"', page)[0])
    receipt = json.loads(b64decode(link))
    assert said(receipt)["complete_to"] == 1
    for hers in (phone.learner, "Ana"):
        assert hers not in page.replace(link, "")


def test_the_short_receipt_is_this_stores(app: Flask, one: tuple[Flask, Phone]) -> None:
    _, phone = one
    answer = app.test_client().post(
        PAGE, data={"file": (io.BytesIO(file_of(phone, work(app, phone, "m-uno"))), "x.ndjson")}
    )
    short = re.findall(r"R1\.[A-Za-z0-9_.-]+", answer.get_data(as_text=True))[0]
    _mark, payload, signature = short.split(".")
    body = json.loads(raw(payload))
    assert (body[1], body[2], body[3]) == (phone.device, 1, 1)
    key = load_store_key(site_of(app).settings.keys)
    assert is_by_store(key, b"R1" + raw(payload), raw(signature))
    assert len(short) < 320


def test_a_day_has_an_end(app: Flask, one: tuple[Flask, Phone], clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    _, phone = one
    monkeypatch.setattr(receiving, "OF_PHONE", Amount(1, 10_000))
    data = file_of(phone, work(app, phone, "m-uno", "m-dos"))
    answer = app.test_client().post(PAGE, data={"file": (io.BytesIO(data), "x")}, headers={"Accept-Language": "es"})
    assert "mañana" in words(answer)
    clock.pass_(days=1)
    assert taken(hand_in(app, data), accepted=1, duplicate=1)
