"""Lines of phones that do not count, put right by the staff: proven anew, or told by the store in their place."""

import json

import pytest
from sqlalchemy import Connection

from lms.content.model import Course
from lms.content.release import digest, encode
from lms.learning import events as types
from lms.services.common.oversight import NotYours
from lms.services.common.record import Pen
from lms.services.people import devices
from lms.services.pocket import mending
from lms.services.pocket.mending import MendedAlready, NotMendable
from lms.services.studying.desk import Desk
from lms.storage import audit, event_log, quarantine
from lms.storage import devices as stored
from lms.storage.database import Database
from lms.storage.people import Person
from tests.conftest import NOW
from tests.phone import Phone
from tests.services.conftest import work
from tests.services.sending import LATER, Line, changed, check, ended, grant, granted, phone_of, progress, said, send

EVA = "01900000-0000-7000-8000-00000000000e"


@pytest.fixture
def release(sample: Course) -> str:
    return digest(encode(sample))


@pytest.fixture
def phone(database: Database, desk: Desk, ana: Person) -> Phone:
    return granted(database, desk, ana)


def name_of(line: Line) -> str:
    return str(json.loads(line["raw"])["id"])


def accept(tx: Connection, desk: Desk, line: Line, *, learner: str = "", device: str = "") -> None:
    told = json.loads(line["raw"])
    of = {"learner": learner or told["learner"], "device": device or told["device"]}
    mending.accept(tx, desk, told["id"], **of, why="Lo vi", by=EVA, now=LATER)


def test_phones_in_doubt_are_told(database: Database, desk: Desk, ana: Person, phone: Phone, release: str) -> None:
    strange = phone_of(ana.id)
    send(database, desk, ended(phone, release), ended(phone, release, n=1), ended(strange, release))
    with database.reading() as tx:
        found = {each.id: (each.device is not None, each.unproven, each.forked_at) for each in mending.in_doubt(tx)}
        assert found == {phone.device: (True, 0, 1), strange.device: (False, 1, None)}
        (line,) = mending.lines(tx, desk, strange.device, ana.id)
    assert (line.why, line.event.type) == ("no_grant", types.MODULE_COMPLETED)


def test_proofs_are_looked_for_again(
    database: Database, desk: Desk, pen: Pen, ana: Person, phone: Phone, release: str
) -> None:
    with database.writing() as tx:
        devices.revoke(tx, pen, learner=ana.id, device=phone.device, why="self", by=ana.id, now=NOW)
    send(database, desk, ended(phone, release))
    with database.writing() as tx:
        assert mending.check_again(tx, desk, learner=ana.id, device=phone.device, by=EVA, now=LATER) == 0
        known = stored.one(tx, phone.device, ana.id)
        assert known
        devices.grant(tx, pen, learner=ana.id, device=phone.device, key=known.key, name="", now=LATER)
        assert mending.check_again(tx, desk, learner=ana.id, device=phone.device, by=EVA, now=LATER) == 1
        assert [each.act for each in audit.lines(tx)] == ["lines-checked"] * 2
    check(database)
    assert work(progress(database, ana)).ended == {"m-uno"}


def test_what_a_line_tells_is_taken_as_a_new_act_once(
    database: Database, desk: Desk, ana: Person, release: str
) -> None:
    phone = phone_of(ana.id)
    line = ended(phone, release)
    send(database, desk, line)
    with database.writing() as tx:
        accept(tx, desk, line)
        with pytest.raises(MendedAlready):
            accept(tx, desk, line)
    check(database)
    assert work(progress(database, ana)).ended == {"m-uno"}
    with database.reading() as tx:
        (told,) = [each for each in event_log.of_learner(tx, ana.id, "demo-course") if "instead_of" in each.data]
        assert (told.by, told.store, told.item) == (EVA, desk.pen.store.id, "m-uno")
        assert event_log.signed(tx, told.id).signature
        assert event_log.signed(tx, name_of(line)).raw == line["raw"].encode(), "the line stays as it is"
        assert mending.in_doubt(tx) == []
        assert not stored.unproven(tx, ana.id)
    grant(database, desk, phone)
    check(database)
    assert work(progress(database, ana)).ended == {"m-uno"}, "the same act twice is one"
    with database.reading() as tx:
        known = stored.one(tx, phone.device, ana.id)
    assert known and known.complete_to == 1, "no number is missing, or no test of this phone would ever count"


def test_a_line_in_quarantine_is_taken_as_a_new_act(
    database: Database, desk: Desk, ana: Person, phone: Phone, release: str
) -> None:
    first = ended(phone, release)
    other = changed(first, phone, item="m-dos")
    assert said(send(database, desk, first, other)) == ["accepted", "quarantined id"]
    with database.writing() as tx:
        (held,) = quarantine.every(tx, seen=False)
        mending.accept_held(tx, desk, held.hash, why="Lo vi", by=EVA, now=LATER)
        with pytest.raises(MendedAlready):
            mending.accept_held(tx, desk, held.hash, why="Lo vi", by=EVA, now=LATER)
        assert quarantine.count(tx, seen=False) == 0
    check(database)
    assert work(progress(database, ana)).ended == {"m-uno", "m-dos"}


def test_what_no_store_can_vouch_for_is_not_taken(database: Database, desk: Desk, ana: Person, release: str) -> None:
    phone = phone_of(ana.id)
    sheet = {"attempt": "x", "wires": {}}
    lines = [
        phone.line(types.ATTEMPT_SUBMITTED, release=release, item="m-prueba", data=sheet),
        phone.line("learner.danced", release=release),
        ended(phone, "0" * 64),
        changed(ended(phone, release), phone, course="other"),
        ended(phone_of("01900000-0000-7000-8000-000000000000"), release),
    ]
    send(database, desk, *lines)
    with database.writing() as tx:
        for line in lines:
            with pytest.raises(NotMendable):
                accept(tx, desk, line)
        told = mending.lines(tx, desk, phone.device, ana.id)
        assert [(each.may, each.release is not None) for each in told] == [(False, known) for known in (1, 1, 0, 0)]
        with pytest.raises(NotYours):
            mending.accept(tx, desk, "x", learner=ana.id, device=phone.device, why="Lo vi", by=EVA, now=LATER)
        for other in ({"learner": EVA}, {"device": EVA}):
            with pytest.raises(NotYours):
                accept(tx, desk, lines[0], **other)
        with pytest.raises(NotYours):
            mending.accept_held(tx, desk, "x", why="Lo vi", by=EVA, now=LATER)
