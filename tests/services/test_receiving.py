"""Lines of phones: judged one by one, kept once, counted with a proof; the rows always say what the log says."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from lms.content.model import Course
from lms.content.release import digest, encode
from lms.ids import uuid7
from lms.learning import events as types
from lms.learning.events import decode
from lms.learning.grading import right_answer
from lms.learning.progress import Progress
from lms.services.common.record import Pen
from lms.services.groups import enrolment
from lms.services.people import consent, devices, erasing
from lms.services.people.consent import Agreement
from lms.services.pocket import receiving
from lms.services.pocket.receiving import Amount, Outcome, Sent, Taken, TooManyLines
from lms.services.running.rebuild import rebuild
from lms.services.studying.desk import Desk
from lms.storage import event_log, people, phone_lines, projection, quarantine, stores
from lms.storage.database import Database
from lms.storage.people import Person
from lms.storage.phone_lines import Entry
from lms.storage.releases import Catalogue
from lms.storage.tables import events, metadata
from lms.web.frame.errors import status_of
from tests.conftest import NOW
from tests.phone import Phone
from tests.services.conftest import Asked, add_person, publish, work
from tests.services.sending import LATER, changed, check, ended, grant, granted, phone_of, progress, said, send


@pytest.fixture
def release(sample: Course) -> str:
    return digest(encode(sample))


@pytest.fixture
def phone(database: Database, desk: Desk, ana: Person) -> Phone:
    return granted(database, desk, ana)


def test_a_line_is_taken_once_and_counts(
    database: Database, desk: Desk, ana: Person, phone: Phone, release: str
) -> None:
    line = ended(phone, release)
    taken = send(database, desk, line)
    assert (said(taken), taken.complete_to) == (["accepted"], {phone.device: 1})
    assert work(progress(database, ana)).ended == {"m-uno"}
    assert progress(database, ana).enrolled
    again = send(database, desk, line, line, ended(phone, release, "m-dos"))
    assert (said(again), again.complete_to) == (["duplicate", "duplicate", "accepted"], {phone.device: 2})
    with database.reading() as tx:
        (kept,) = [each for each in event_log.all_of(tx, ana.id) if each.raw == line["raw"].encode()]
    assert kept.raw == line["raw"].encode()


def test_a_line_without_a_grant_waits_for_one(database: Database, desk: Desk, ana: Person, release: str) -> None:
    phone = phone_of(ana.id)
    line = ended(phone, release)
    assert said(send(database, desk, line)) == ["unproven no_grant"]
    assert said(send(database, desk, line)) == ["unproven no_grant"]
    assert progress(database, ana) == Progress()
    grant(database, desk, phone)
    check(database)
    assert work(progress(database, ana)).ended == {"m-uno"}
    assert said(send(database, desk, line)) == ["duplicate"]


def test_what_another_key_signed_is_not_hers(
    database: Database, desk: Desk, ana: Person, phone: Phone, release: str
) -> None:
    line = ended(phone, release)
    forged = {**line, "signature": phone_of(ana.id).signed(line["raw"])["signature"]}
    assert said(send(database, desk, forged)) == ["unproven signature"]
    assert said(send(database, desk, {"raw": line["raw"]})) == ["unproven signature"]
    assert progress(database, ana) == Progress()
    assert said(send(database, desk, line)) == ["accepted"], "the true one takes its place"
    assert work(progress(database, ana)).ended == {"m-uno"}


def test_nobody_can_take_the_id_of_a_true_line(
    database: Database, desk: Desk, ana: Person, phone: Phone, release: str
) -> None:
    line = ended(phone, release)
    stranger = phone_of(ana.id)
    other = changed(line, stranger, item="m-dos")
    assert said(send(database, desk, other)) == ["unproven signature"]
    assert said(send(database, desk, line)) == ["accepted"]
    assert said(send(database, desk, other)) == ["quarantined id"]
    with database.reading() as tx:
        (held,) = quarantine.every(tx, seen=None)
    assert (held.raw, held.accepted) == (other["raw"].encode(), line["raw"].encode())
    in_one = ended(phone, release, "m-dos")
    both = send(database, desk, changed(in_one, stranger, item="m-tres"), in_one)
    assert said(both) == ["unproven signature", "accepted"]
    assert work(progress(database, ana)).ended == {"m-uno", "m-dos"}


def test_a_line_of_somebody_else_is_judged_by_her_own_grant(
    database: Database, desk: Desk, pen: Pen, ana: Person, phone: Phone, release: str
) -> None:
    beto = add_person(database, pen, "beto")
    his = granted(database, desk, beto)
    hers, of_his = ended(phone, release), ended(his, release)
    forged = changed(ended(phone, release, n=2), phone, learner=beto.id, by=beto.id, device=his.device)
    unknown = changed(ended(phone, release, n=2), phone, learner=beto.id, by=beto.id)
    taken = send(database, desk, hers, of_his, forged, unknown)
    assert said(taken) == ["accepted", "accepted", "unproven signature", "unproven no_grant"]
    assert work(progress(database, beto)).ended == {"m-uno"}


REFUSED: list[tuple[str, Mapping[str, Any]]] = [
    ("type", {"type": "store.course_completed"}),
    ("type", {"type": "other"}),
    ("type", {"erased": True, "hash": "0" * 64}),
    ("malformed", {"store": "K7"}),
    ("malformed", {"by": None}),
    ("malformed", {"by": "01900000-0000-7000-8000-000000000000"}),
    ("malformed", {"learner": None, "by": None}),
    ("malformed", {"n": 0}),
    ("malformed", {"n": 2**31}),
    ("malformed", {"at": "yesterday"}),
    ("malformed", {"at": "2026-13-45T00:00:00Z"}),
    ("malformed", {"at": "0001-01-01T00:00:00+14:00"}),
    ("malformed", {"release": "live"}),
    ("malformed", {"course": "c" * 65}),
    ("malformed", {"course": "c\0"}),
    ("malformed", {"data": {"a": ["\ud800"]}}),
    ("malformed", {"data": {"section": "s" * 201}}),
    ("malformed", {"data": {"a": float("nan")}}),
    ("malformed", {"v": 2}),
    ("too_long", {"data": {"a": "a" * 16384}}),
]  # fmt: skip


def test_what_no_phone_may_say_is_refused_and_the_rest_is_taken(
    database: Database, desk: Desk, ana: Person, phone: Phone, release: str
) -> None:
    good = ended(phone, release)
    bad = [changed(ended(phone, release, n=2), phone, **values) for _, values in REFUSED]
    taken = send(database, desk, *bad, good)
    assert said(taken) == [f"refused {why}" for why, _ in REFUSED] + ["accepted"]
    with database.reading() as tx:
        assert len(list(event_log.all_of(tx, ana.id))) == 4, "her profile, the grant, the line, and that she began"


@pytest.mark.parametrize(
    "line",
    [b"", b"{}", b"[]", b"null", b'"a"', b'{"raw":5}', b'{"raw":"\\ud800"}', b"\xff", b"[" * 9000, b'{"raw":"[]"}'],
)
def test_what_is_no_line_is_refused(sqlite_database: Database, line: bytes) -> None:
    taken = receiving.receive(
        sqlite_database,
        None,
        [receiving.read_line(line)],
        sender="",
        via="pocket",
        now=NOW,  # type: ignore[arg-type]
    )
    assert taken == Taken([Outcome("refused", "malformed")], {})


def test_a_body_is_lines_that_end() -> None:
    assert receiving.read_lines(b"") == []
    assert receiving.read_lines(b'{"raw":"a","signature":"AA"}\n{"raw":"b"') == [Sent(b"a", b"\0")]
    with pytest.raises(TooManyLines):
        receiving.read_lines(b"\n" * 501)
    with pytest.raises(TooManyLines):
        receiving.read_lines(b"a" * (1024 * 1024 + 1))


def test_an_unknown_type_and_an_unknown_course_are_kept(
    database: Database, desk: Desk, ana: Person, phone: Phone
) -> None:
    new, far = phone.line("learner.danced", release="0" * 64), phone.line(types.ENROLLED, course="elsewhere")
    assert said(send(database, desk, new, far, phone.line(types.CONSENT_GIVEN, course=None))) == ["accepted"] * 3
    with database.reading() as tx:
        assert projection.of_course(tx, ana.id, "elsewhere").enrolled
        assert projection.of_course(tx, ana.id, "demo-course") == Progress()


def test_two_lines_with_one_number_are_a_fork(database: Database, desk: Desk, phone: Phone, release: str) -> None:
    send(database, desk, ended(phone, release), ended(phone, release))
    send(database, desk, ended(phone, release, n=2), at=LATER)
    with database.reading() as tx:
        (known,) = devices.of_learner(tx, phone.learner)
    assert (known.complete_to, known.forked_at) == (2, 2)


def test_numbers_may_come_in_any_order(database: Database, desk: Desk, phone: Phone, release: str) -> None:
    lines = [ended(phone, release, f"m-{n}") for n in range(5)]
    assert send(database, desk, lines[4], lines[1]).complete_to == {phone.device: 0}
    assert send(database, desk, lines[0]).complete_to == {phone.device: 2}
    assert send(database, desk, lines[3], lines[2]).complete_to == {phone.device: 5}


def test_a_revoked_phone_proves_nothing_until_it_is_granted_again(
    database: Database, desk: Desk, pen: Pen, ana: Person, phone: Phone, release: str
) -> None:
    send(database, desk, ended(phone, release))
    with database.writing() as tx:
        revoked: Any = {"learner": ana.id, "device": phone.device, "by": ana.id, "now": LATER}
        assert devices.revoke(tx, pen, why="self", **revoked)
        assert not devices.revoke(tx, pen, why="staff", **revoked)
        assert devices.good(tx, phone.device, ana.id, LATER) is None
    assert said(send(database, desk, ended(phone, release, "m-dos"))) == ["unproven revoked"]
    assert work(progress(database, ana)).ended == {"m-uno"}
    grant(database, desk, phone, at=LATER)
    check(database)
    assert work(progress(database, ana)).ended == {"m-uno", "m-dos"}


def test_a_grant_ends_and_is_renewed(database: Database, desk: Desk, ana: Person, phone: Phone, release: str) -> None:
    end = NOW + devices.LASTS
    assert said(send(database, desk, ended(phone, release), at=end)) == ["unproven expired"]
    first = grant(database, desk, phone)
    assert grant(database, desk, phone) == first, "a lost reply"
    renewed = grant(database, desk, phone, at=end)
    assert decode(renewed.raw).data["expires"] == renewed.expires > first.expires
    check(database)
    assert work(progress(database, ana)).ended == {"m-uno"}


def test_a_grant_is_for_one_key(database: Database, desk: Desk, ana: Person, phone: Phone) -> None:
    other = replace(phone, key=phone_of("").key)
    with pytest.raises(devices.OtherKey):
        grant(database, desk, other)
    with database.writing() as tx:
        for device, key in (("x", phone.public_key), (uuid7(), "x"), (desk.pen.store.device, phone.public_key)):
            with pytest.raises(devices.BadDevice):
                devices.grant(tx, desk.pen, learner=ana.id, device=device, key=key, name="", now=NOW)
    for _ in range(devices.MOST - 1):
        granted(database, desk, ana)
    with pytest.raises(devices.TooManyDevices):
        granted(database, desk, ana)


def test_a_phone_is_called_as_she_calls_it() -> None:
    assert devices.clean_name(" Mi\tteléfono\u202e\n rojo ") == "Mi teléfono rojo"
    assert len(devices.clean_name("a" * 300)) == devices.LONGEST_NAME


def test_so_much_may_come_in_a_day(
    database: Database, desk: Desk, ana: Person, phone: Phone, release: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "OF_PHONE", Amount(2, 10000))
    monkeypatch.setattr(receiving, "OF_ADDRESS", Amount(1, 10000))
    lines = [ended(phone, release) for _ in range(3)]
    assert said(send(database, desk, *lines)) == ["accepted", "accepted", "refused quota"]
    assert said(send(database, desk, *lines)) == ["duplicate", "duplicate", "refused quota"]
    strange = phone_of(ana.id)
    junk = [{**ended(phone, release, n=9), "signature": ""}, ended(strange, release), ended(strange, release)]
    assert said(send(database, desk, *junk)) == ["unproven signature", "refused quota", "refused quota"]
    assert said(send(database, desk, junk[1], sender="there")) == ["unproven no_grant"]
    assert said(send(database, desk, lines[2], at=LATER + timedelta(days=1))) == ["accepted"]
    monkeypatch.setattr(receiving, "OF_PHONE", Amount(99, 800))
    tomorrow = [ended(phone, release) for _ in range(3)]
    assert said(send(database, desk, *tomorrow, at=NOW + timedelta(days=3))).count("refused quota") > 0


def test_of_somebody_erased_nothing_stays(
    database: Database, desk: Desk, pen: Pen, ana: Person, phone: Phone, release: str
) -> None:
    before, after = ended(phone, release), ended(phone, release, "m-dos")
    send(database, desk, before)
    with database.writing() as tx:
        erasing.erase(tx, pen, person=ana.id, by=ana.id, now=LATER)
    check(database)
    assert said(send(database, desk, before, after)) == ["duplicate", "accepted erased"]
    assert said(send(database, desk, after, changed(after, phone, item="m-tres"))) == ["duplicate", "refused erased"]
    with database.reading() as tx:
        left = [each.raw for each in event_log.since(tx, 0)]
        assert not [raw for raw in left if ana.id.encode() in raw and b"learner_erased" not in raw]
        assert not list(quarantine.every(tx, seen=None))


def test_of_somebody_who_withdrew_nothing_new_is_kept_and_her_phone_keeps_it(
    database: Database, desk: Desk, pen: Pen, ana: Person, phone: Phone, release: str
) -> None:
    here, away = ended(phone, release), ended(phone, release, "m-dos")
    agreed = Agreement("1", "es", "")
    send(database, desk, here)
    with database.writing() as tx:
        consent.give(tx, pen, person=ana.id, agreed=agreed, now=NOW)
        consent.withdraw(tx, pen, person=ana.id, now=NOW)
    assert said(send(database, desk, here, away)) == ["duplicate", "refused withdrawn"]
    with database.writing() as tx:
        consent.give(tx, pen, person=ana.id, agreed=agreed, now=NOW)
    assert said(send(database, desk, away)) == ["accepted"]
    assert work(progress(database, ana)).ended == {"m-uno", "m-dos"}


def test_whoever_may_not_use_her_account_proves_nothing(
    database: Database, desk: Desk, ana: Person, phone: Phone, release: str
) -> None:
    with database.writing() as tx:
        people.set_active(tx, ana.id, active=False)
    assert said(send(database, desk, ended(phone, release))) == ["unproven revoked"]


def test_a_rebuild_makes_the_same(database: Database, desk: Desk, ana: Person, phone: Phone, release: str) -> None:
    send(database, desk, ended(phone, release), ended(phone, release, n=1), ended(phone, release, n=4))
    with database.writing() as tx:
        rebuild(tx, Catalogue())
    check(database)


JUNK = st.one_of(
    st.binary(max_size=60),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
        max_leaves=8,
    ),
)
KINDS = (types.ATTEMPT_SUBMITTED, types.PRACTICE_ANSWERED, types.SCENARIO_ENDED, types.SECTION_REACHED, types.ENROLLED)


@pytest.mark.no_cover
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_batches_shuffled_repeated_cut_and_garbled_give_the_same_store(
    data: st.DataObject, sample: Course, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("batches")
    one, other = (Database(f"sqlite:///{folder / name}") for name in ("one", "other"))
    ids = uuid7(), uuid7()
    release, phone = "", phone_of(ids[0])
    desks = []
    for database in (one, other):
        metadata.create_all(database.engine)
        with database.writing() as tx:
            pen = Pen(store=stores.create(tx, now=NOW), sign=lambda raw: b"signed")
        release = publish(database, sample)
        desks.append(Desk(Catalogue(), pen, Asked()))
        grant(database, desks[-1], phone)
    questions = list(sample.editions["es"].modules["m-uno"].questions())
    drawn = data.draw(st.lists(st.tuples(st.sampled_from(KINDS), st.booleans(), JUNK), max_size=12))
    lines = []
    for kind, honest, junk in drawn:
        odd = None if isinstance(junk, bytes) else junk
        told = {each.id: right_answer(each) for each in questions} if honest else {questions[0].id: odd}
        values = odd if isinstance(odd, dict) else {"answers": told, "section": odd, "scenario": "e", "outcome": odd}
        try:
            lines.append(phone.line(kind, release=release, item="m-uno", data=values))
        except UnicodeEncodeError:
            continue
    body = [json.dumps(each).encode() + b"\n" for each in lines]
    sent = data.draw(st.permutations(body + data.draw(st.lists(st.sampled_from(body), max_size=4)) if body else body))
    garbled = data.draw(st.lists(st.binary(max_size=40), max_size=3))
    try:
        whole = [b"".join(body)]
        split = data.draw(st.integers(0, len(sent)))
        cut = b"".join(sent[split:])
        parts = [b"".join(sent[:split]), cut[: data.draw(st.integers(0, len(cut)))], b"\n".join([*garbled, b""]), *sent]
        for database, desk, batches in ((one, desks[0], whole), (other, desks[1], parts)):
            for batch in batches:
                receiving.receive(database, desk, receiving.read_lines(batch), sender="", via="pocket", now=LATER)
                check(database)
        rows = []
        for database in (one, other):
            with database.reading() as tx:
                texts, _ = projection.all_rows(tx)
                mine = {(each.n, each.hash, each.proof) for each in tx.execute(select(events)) if each.proof != "own"}
                rows.append((texts, mine, [each.horizon for each in devices.of_learner(tx, phone.learner)]))
        assert rows[0] == rows[1]
    finally:
        one.close()
        other.close()


def test_a_course_is_not_complete_for_whoever_may_not_study_it(
    database: Database, desk: Desk, pen: Pen, ana: Person, sample: Course, asked: Asked
) -> None:
    closed = replace(sample, access="enrolled", required=("m-dos",), certificate="m-dos")
    release = publish(database, closed)
    phone, strange = granted(database, desk, ana), phone_of(uuid7())
    send(database, desk, ended(phone, release, "m-dos"), ended(strange, release, "m-dos"))
    assert work(progress(database, ana)).ended == {"m-dos"}
    assert (progress(database, ana).completed, progress(database, ana).enrolled, asked) == ({}, False, [])
    grant(database, desk, strange)  # of somebody who has no account here, by a grant all the same
    check(database)
    with database.reading() as tx:
        of_nobody = projection.of_course(tx, strange.learner, "demo-course")
    assert (work(of_nobody).ended, of_nobody.completed, asked) == ({"m-dos"}, {}, [])
    with database.writing() as tx:
        enrolment.enrol(tx, pen, person=ana.id, course="demo-course", cohort=uuid7(), now=LATER)
    send(database, desk, ended(phone, release, "m-uno"))
    assert (set(progress(database, ana).completed), asked) == ({1}, [ana.id])


def test_what_the_database_does_not_take_is_told_as_every_error_of_its(
    database: Database, desk: Desk, phone: Phone, release: str
) -> None:
    raw = ended(phone, release)["raw"].encode()
    twice = [Entry(event=decode(raw), raw=raw, hash="", signature=None, proof="", why="")] * 2
    with pytest.raises(DBAPIError) as told, database.writing() as tx:
        phone_lines.append(tx, twice, now=NOW, via="pocket")
    assert not told.value.connection_invalidated
    with database.reading() as tx:
        assert phone_lines.known(tx, [twice[0].event.id]) == {}


def test_a_connection_that_was_cut_is_told_as_such(postgresql_database: Database, release: str) -> None:
    raw = ended(phone_of(uuid7()), release)["raw"].encode()
    one = Entry(event=decode(raw), raw=raw, hash="", signature=None, proof="", why="")
    with pytest.raises(DBAPIError) as told, postgresql_database.writing() as tx:
        tx.connection.driver_connection.close()  # type: ignore[union-attr]
        phone_lines.append(tx, [one], now=NOW, via="pocket")
    assert status_of(told.value) == 503
