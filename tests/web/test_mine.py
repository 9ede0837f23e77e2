"""“My data”: seen, taken away, erased."""

import hashlib
import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, update

from lms.ids import uuid7
from lms.learning.events import ERASED
from lms.services.common.staff_acts import note
from lms.services.groups import cohorts as groups
from lms.services.running.rebuild import differences
from lms.storage import belongings, certificates, event_log, people, projection
from lms.storage.tables import audit as acts
from lms.storage.tables import drafts, events, links, metadata, notes, quarantine, voters
from lms.storage.tables import people as accounts
from tests.visitor import Form
from tests.web.client import Client, words
from tests.web.conftest import signed_in, site_of
from tests.web.learner import number_of
from tests.web.test_fresh import cheap_hash, confirm, with_passphrase  # noqa: F401

PAGE = "/me/data"
CANARIES = {
    "username": "canario-uno",
    "display_name": "Canaria Dos",
    "institution": "Canario Tres",
    "phone": "+502 5550 0004",
    "external_id": "CANARIO-5",
}
TEXTS = tuple(f"canario número {number}" for number in range(6, 13))
"""A note, a draft, an answer, a remark in an event, a line in quarantine, a name on a certificate, a preference."""


@pytest.fixture
def full(app: Flask, holder: Client) -> Client:
    """Ana with a certificate, and with something of hers wherever something can be; what can be a canary is one."""
    assert holder.person
    who, site = holder.person.id, site_of(app)
    with_passphrase(app, holder)
    with site.database.writing() as tx:
        tx.execute(update(accounts).where(accounts.c.id == who).values(**CANARIES))
        made = groups.create(tx, site.pen, name="Frontera", courses=["demo-course"], cap=9, days=9, now=site.clock())
        groups.join(tx, site.pen, person=who, code=made.code, now=site.clock())
        place = {"course": "demo-course", "module": "m-uno", "anchor": ""}
        times = {"made_at": site.clock(), "changed_at": site.clock()}
        tx.execute(insert(notes).values(id=uuid7(), learner=who, body=TEXTS[0], **place, **times))
        tx.execute(
            insert(drafts).values(learner=who, item="demo-course/m-uno/q-a", body=TEXTS[1], saved_at=site.clock())
        )
        tx.execute(insert(voters).values(course="demo-course", poll="p-uno", learner=who))
        tx.execute(insert(links).values(person=uuid7(), same_as=who, linked_at=site.clock()))
        note(tx, "person-reset", by="", subject=who, now=site.clock())
        raw = tx.execute(select(events.c.raw).where(events.c.learner == who).limit(1)).scalar_one()
        line = json.loads(raw)
        more = {
            **line,
            "id": uuid7(),
            "n": 900,
            "type": "learner.unknown",
            "data": {"text": TEXTS[2], "more": TEXTS[3]},
        }
        _append(tx, site, more)
        _append(tx, site, {**line, "data": {"text": TEXTS[4]}})
        number = certificates.of_learner(tx, who)[0].number
        held = certificates.by_number(tx, number)
        assert held
        tx.execute(
            update(metadata.tables["certificates"]).values(
                credential=func.replace(metadata.tables["certificates"].c.credential, held.credential.name, TEXTS[5])
            )
        )
        tx.execute(
            update(accounts)
            .where(accounts.c.id == who)
            .values(preferences=json.dumps({"look": TEXTS[6], "consent": _agreed(tx, who)}, ensure_ascii=False))
        )
    return holder


def _append(tx: object, site: object, values: dict[str, object]) -> None:
    from lms.learning.events import decode

    raw = json.dumps(values, ensure_ascii=False).encode()
    event_log.append(tx, raw, decode(raw), now=site.clock(), via="file")  # type: ignore[attr-defined, arg-type]


def _agreed(tx: object, who: str) -> str:
    found = people.by_id(tx, who)  # type: ignore[arg-type]
    assert found
    return found.preferences.consent


def canaries(app: Flask) -> list[str]:
    """Those that are in the files of the database."""
    file = Path(str(site_of(app).database.engine.url.database))
    content = b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*"))
    return [text for text in (*CANARIES.values(), *TEXTS) if text.encode() in content]


def own(client: Client) -> Form:
    return client.form(PAGE, "/me/data/erase")


def erase(client: Client) -> None:
    confirm(client, PAGE)
    answer = client.send(own(client), sure="yes")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/erased")


def test_she_reads_what_is_kept(full: Client) -> None:
    told = words(full.get(PAGE))
    for each in (*CANARIES.values(), "Frontera", "1 nota", "100", "Dio a alguien un código para volver a entrar"):
        assert each in told, each
    assert TEXTS[0] not in told, "her notes are on their own page"


def test_somebody_new_reads_that_there_is_little(ana: Client) -> None:
    told = words(ana.get(PAGE))
    assert "No ha comenzado ninguno" in told and "No tiene ninguno" in told
    assert "/me/data" in ana.get("/me").get_data(as_text=True) or "/me/data" in ana.get("/me/profile").get_data(
        as_text=True
    )


def test_she_takes_all_of_it_and_no_secret(app: Flask, full: Client) -> None:
    answer = full.get("/me/data.json")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="mis-datos.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    text = answer.get_data(as_text=True)
    for each in (*CANARIES.values(), *TEXTS):
        assert each in text, each
    told = json.loads(text)
    assert len(told["events"]) > 5 and len(told["staff_acts"]) == 1
    assert told["tables"]["certificates"][0]["number"] == number_of(app, full)
    assert "argon2" not in text and '"seed"' not in text.replace('"seed"\n      ]', "")
    assert full.person
    with site_of(app).database.reading() as tx:
        seeds = tx.execute(select(metadata.tables["attempts"].c.seed)).scalars().all()
    assert seeds and not any(seed in text for seed in seeds), "with it the places of the right answers are known"


def test_every_table_that_may_have_rows_of_hers_is_asked(app: Flask, full: Client) -> None:
    assert full.person
    with site_of(app).database.reading() as tx:
        rows = belongings.rows(tx, full.person.id)
    people_s = {"by", "actor", "subject"}  # others' acts
    named = {table.name for table in metadata.sorted_tables if {"person", "learner", "same_as"} & set(table.c.keys())}
    assert named - {"events"} <= rows.keys() and "people" in rows and not people_s & rows.keys()


def test_erased_nothing_of_hers_is_left(app: Flask, full: Client) -> None:
    assert full.person and len(canaries(app)) == 12
    who, site, number = full.person.id, site_of(app), number_of(app, full)
    with site.database.reading() as tx:
        before = tx.execute(select(events.c.id, events.c.hash)).all()
        (pdf,) = certificates.files(tx, [number], "pdf").values()
    erase(full)
    assert "sus datos se borraron" in words(full.get("/erased")).lower()
    assert full.get(PAGE).status_code == 303, "nobody is signed in"
    assert canaries(app) == [], "secure_delete and a checkpoint of the WAL do it"
    assert site.database.forget(compact=True)
    assert canaries(app) == []
    with site.database.reading() as tx:
        assert not any(belongings.rows(tx, who).values())
        assert event_log.all_of(tx, who) == [] and tx.execute(select(quarantine)).all() == []
        after = tx.execute(select(events.c.id, events.c.hash)).all()
        assert after[: len(before)] == before, "how many there were, and their hashes"
        assert {each.event.type for each in event_log.since(tx, 0)} >= {ERASED, "store.learner_erased"}
        assert differences(tx, site.desk.catalogue) == [] and projection.of_learner(tx, who) == {}
        assert "person-erased" not in tx.execute(select(acts.c.act)).scalars().all(), (
            "her own act is none of the staff's"
        )
        assert certificates.by_sha256(tx, hashlib.sha256(pdf).hexdigest()), "whoever has the file can still check it"
    assert "Aquí se emitió un certificado con este número" in words(Client(app).get(f"/verify?number={number}"))


def test_it_takes_the_passphrase_and_a_tick(app: Flask, full: Client) -> None:
    assert [form.action for form in full.forms(PAGE) if "erase" in form.action] == []
    late = full.post("/me/data/erase", [("csrf", full.csrf()), ("sure", "yes")])
    assert late.headers["Location"].startswith("/me/confirm")
    confirm(full, PAGE)
    assert full.send(own(full)).status_code == 400
    assert full.get(PAGE).status_code == 200


def test_the_staff_does_not_erase_itself(app: Flask) -> None:
    carla = with_passphrase(app, signed_in(app, "carla", "learner", "coordinator"))
    assert "Usted es parte del personal" in words(carla.get(PAGE))
    confirm(carla, "/me/confirm?next=/me/data")
    answer = carla.post("/me/data/erase", [("csrf", carla.csrf()), ("sure", "yes")])
    assert answer.status_code == 409
    assert carla.get(PAGE).status_code == 200


def test_a_line_that_comes_again_is_a_duplicate(app: Flask, full: Client) -> None:
    assert full.person
    with site_of(app).database.reading() as tx:
        line = event_log.all_of(tx, full.person.id)[0]
    erase(full)
    from lms.learning.events import decode

    with site_of(app).database.writing() as tx:
        outcome = event_log.append(tx, line.raw, decode(line.raw), now=site_of(app).clock(), via="file")
        assert outcome == "duplicate"
