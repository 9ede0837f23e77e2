"""The log: appended once, numbered without gaps, kept as the bytes it was."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.ids import uuid7
from lms.learning.events import Event, encode
from lms.services.common.record import Act, AlreadyRecorded, Pen, record
from lms.storage import event_log
from lms.storage.database import Database
from lms.storage.tables import events, quarantine
from tests.conftest import NOW

ANA, BETO = uuid7(), uuid7()


def act(**values: object) -> Act:
    return Act(**{"type": "learner.module_completed", "learner": ANA, "course": "curso", "item": "m-1", **values})


def test_the_raw_bytes_are_kept_as_they_were(database: Database, pen: Pen):
    event = Event(
        id=uuid7(), type="learner.x", learner=ANA, device=uuid7(), n=1, at="2026-11-24T12:00:00Z", data={"ñ": 1}
    )
    odd = encode(event).replace(b'"v":1,', b'"v": 1, ')
    with database.writing() as tx:
        assert event_log.append(tx, odd, event, now=NOW, via="file") == "accepted"
        assert [line.raw for line in event_log.since(tx, 0)] == [odd]
        assert event_log.find(tx, event.id) == event


def test_the_same_line_twice_is_one_event(database: Database, pen: Pen):
    event = Event(id=uuid7(), type="learner.x", learner=ANA, device=uuid7(), n=1, at="")
    with database.writing() as tx:
        assert event_log.append(tx, encode(event), event, now=NOW, via="file") == "accepted"
        assert event_log.append(tx, encode(event), event, now=NOW, via="file") == "duplicate"
        assert len(event_log.since(tx, 0)) == 1


def test_another_line_under_the_same_id_goes_to_quarantine(database: Database, pen: Pen):
    event = Event(id=uuid7(), type="learner.x", learner=ANA, device=uuid7(), n=1, at="")
    forged = replace(event, learner=BETO)
    with database.writing() as tx:
        event_log.append(tx, encode(event), event, now=NOW, via="file")
        assert event_log.append(tx, encode(forged), forged, now=NOW, via="file") == "quarantined"
        assert event_log.append(tx, encode(forged), forged, now=NOW, via="file") == "quarantined"
        assert event_log.find(tx, event.id) == event
        assert tx.execute(select(quarantine.c.raw)).scalars().all() == [encode(forged)]


def test_numbers_count_without_gaps_for_each_learner_also_after_a_failure(database: Database, pen: Pen):
    def numbers(learner: str) -> list[int]:
        with database.reading() as tx:
            return [line.event.n for line in event_log.since(tx, 0) if line.event.learner == learner]

    for learner in (ANA, BETO, ANA):
        with database.writing() as tx:
            record(tx, pen, act(learner=learner), now=NOW)
    with pytest.raises(ZeroDivisionError), database.writing() as tx:
        record(tx, pen, act(), now=NOW)
        raise ZeroDivisionError
    with database.writing() as tx:
        record(tx, pen, act(), now=NOW)
    assert (numbers(ANA), numbers(BETO)) == ([1, 2, 3], [1])


def test_a_double_click_is_one_act_and_takes_no_number(database: Database, pen: Pen):
    once = act(id=uuid7())
    with database.writing() as tx:
        assert record(tx, pen, once, now=NOW) is not None
        assert record(tx, pen, once, now=NOW + timedelta(seconds=1)) is None
        assert record(tx, pen, act(), now=NOW).n == 2


def test_a_form_id_used_for_another_act_is_refused(database: Database, pen: Pen):
    once = act(id=uuid7())
    with database.writing() as tx:
        record(tx, pen, once, now=NOW)
        for other in (replace(once, learner=BETO), replace(once, item="m-2"), replace(once, type="learner.enrolled")):
            with pytest.raises(AlreadyRecorded):
                record(tx, pen, other, now=NOW)


def test_only_the_stores_own_events_are_signed(database: Database, pen: Pen):
    with database.writing() as tx:
        record(tx, pen, act(), now=NOW)
        record(tx, pen, act(type="store.enrolled"), now=NOW)
        signatures = tx.execute(select(events.c.type, events.c.signature).order_by(events.c.seq)).all()
    assert [(kind, signature is not None) for kind, signature in signatures] == [
        ("learner.module_completed", False),
        ("store.enrolled", True),
    ]


def test_a_wrong_clock_is_kept_as_a_skew_and_decides_nothing(database: Database, pen: Pen):
    early = Event(id=uuid7(), type="learner.x", learner=ANA, device=uuid7(), n=1, at="2001-01-01T00:00:00Z")
    odd = replace(early, id=uuid7(), n=2, at="yesterday")
    with database.writing() as tx:
        for event in (early, odd):
            event_log.append(tx, encode(event), event, now=NOW, via="file")
        assert event_log.last_received(tx) == NOW
        skews = tx.execute(select(events.c.skew_ms).order_by(events.c.seq)).scalars().all()
    assert skews[0] < -25 * 365 * 86_400_000
    assert skews[1] == 0


def test_an_empty_log_has_no_last_event(database: Database, pen: Pen):
    with database.reading() as tx:
        assert event_log.last_received(tx) is None


def test_eight_writers_at_once_lose_and_repeat_nothing(database: Database, pen: Pen):
    def write() -> None:
        for _ in range(5):
            with database.writing() as tx:
                record(tx, pen, act(), now=NOW)

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as tx:
        lines = event_log.since(tx, 0)
    assert [line.event.n for line in lines] == list(range(1, 41))
    assert [line.seq for line in lines] == sorted(line.seq for line in lines)


def test_the_log_can_be_read_on_from_a_place(database: Database, pen: Pen):
    for _ in range(5):
        with database.writing() as tx:
            record(tx, pen, act(), now=NOW)
    with database.reading() as tx:
        first = event_log.since(tx, 0, limit=2)
        rest = event_log.since(tx, first[-1].seq)
    assert [line.event.n for line in first + rest] == [1, 2, 3, 4, 5]
