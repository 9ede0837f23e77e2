"""The append-only log of events: raw lines, as they were made (docs/decisions/0002)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import groupby
from typing import Any, Literal

from sqlalchemy import Connection, delete, func, literal, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from lms.learning.countable import Arrived
from lms.learning.events import ERASED, Event, decode, digest, stub
from lms.storage.database import EVENT_LOCK, is_sqlite, utc
from lms.storage.tables import OF_CLOCK, counters, events, quarantine

Outcome = Literal["accepted", "duplicate", "quarantined"]
_confirmed = select(func.max(events.c.seq)).where(OF_CLOCK).scalar_subquery()
_NEWEST = select(events.c.received_at).where(events.c.seq >= func.coalesce(_confirmed, 0))
_NEWEST = _NEWEST.order_by(events.c.received_at.desc()).limit(1)
"""Both parts by an index, so that the log may be as long as it likes."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the log with its place in it."""

    seq: int
    raw: bytes
    event: Event


@dataclass(frozen=True, slots=True)
class Kept:
    """A line as it is kept, its hash, and when this store got it."""

    raw: bytes
    hash: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Signed:
    """A line with the signature beside it."""

    raw: bytes
    signature: bytes


def upsert(tx: Connection) -> Any:
    """The dialect's own `insert`, which knows ON CONFLICT."""
    return sqlite.insert if is_sqlite(tx) else postgresql.insert


def inserts(tx: Connection, statement: Any) -> bool:
    """Whether this insert, which may meet a conflict and do nothing, made a row. (A driver's rowcount may not tell.)"""
    return tx.execute(statement.returning(literal(1))).first() is not None


def next_number(tx: Connection, *, device: str, learner: str | None) -> int:
    """The next `n` of that device for that learner; given back if the transaction fails, so that no gap is left."""
    first = {"device": device, "learner": learner or "", "n": 1}
    return int(tx.execute(_counting(upsert(tx)), first).scalar_one())


@cache
def _counting(insert: Any) -> Any:
    """The statement that counts; building it takes longer than running it, and an answer runs it once or twice."""
    statement = insert(counters)
    more = {"n": counters.c.n + 1}
    return statement.on_conflict_do_update(index_elements=["device", "learner"], set_=more).returning(counters.c.n)


@cache
def _appending(insert: Any) -> Any:
    """The statement that appends, for the same reason."""
    return insert(events).on_conflict_do_nothing(index_elements=["id"]).returning(events.c.seq)


def hold(tx: Connection, learner: str) -> None:
    """Until the commit no other transaction writes for this learner (SQLite has one writer as it is)."""
    if not is_sqlite(tx):
        tx.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:learner, 0))"), {"learner": learner})


def hold_all(tx: Connection, learners: Iterable[str]) -> None:
    """The same for each of them. It comes before the transaction's first event: whoever writes for one of them holds her,
    and may wait for the log."""
    ids = sorted(set(learners))  # everybody in one order, so that no two wait for each other
    if ids and not is_sqlite(tx):
        locks = "SELECT pg_advisory_xact_lock(hashtextextended(each, 0)) FROM unnest(CAST(:ids AS text[])) AS each"
        tx.execute(text(locks), {"ids": ids})


def hold_log(tx: Connection) -> None:
    """Until the commit nobody else appends, so that lines are seen in the order of their places."""
    if not is_sqlite(tx):
        tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": EVENT_LOCK})


def append(
    tx: Connection, raw: bytes, event: Event, *, now: datetime, via: str, signature: bytes | None = None
) -> Outcome:
    """What became of the line: accepted, a duplicate (nothing happens) or quarantined (same id, other bytes)."""
    hold_log(tx)
    row = {
        "id": event.id,
        "hash": digest(raw),
        "raw": raw,
        "signature": signature,
        "learner": event.learner,
        "course": event.course,
        "type": event.type,
        "received_at": now,
        "skew_ms": skew(event.at, now),
        "via": via,
        "origin_store": event.store,
    }
    if tx.execute(_appending(upsert(tx)), row).first() is not None:
        return "accepted"
    if tx.execute(select(events.c.hash).where(events.c.id == event.id)).scalar_one() == digest(raw):
        return "duplicate"
    _quarantine(tx, raw, event, now)
    return "quarantined"


def find(tx: Connection, event_id: str) -> Event | None:
    """The event with that id, if the log has it."""
    raw = tx.execute(select(events.c.raw).where(events.c.id == event_id)).scalar()
    return decode(raw) if raw is not None else None


def signed(tx: Connection, event_id: str) -> Signed:
    """The line of an event that the log has, with its signature."""
    row = tx.execute(select(events.c.raw, events.c.signature).where(events.c.id == event_id)).one()
    return Signed(row.raw, row.signature or b"")


def of_learner(tx: Connection, learner: str, course: str) -> Iterator[Event]:
    """One learner's proven events of one course, as received."""
    return (each.event for each in arrived(tx, learner, course) if each.proof)


def arrived(tx: Connection, learner: str, course: str) -> list[Arrived]:
    """Every line of one learner in one course, as received, each with its proof."""
    query = select(events.c.raw, events.c.received_at, events.c.proof)
    query = query.where(events.c.learner == learner, events.c.course == course).order_by(events.c.seq)
    return [Arrived(decode(row.raw), utc(row.received_at), row.proof) for row in tx.execute(query)]


def courses_of(tx: Connection, learner: str) -> list[str]:
    """The courses that lines of the learner's are about."""
    query = select(events.c.course).where(events.c.learner == learner, events.c.course.is_not(None)).distinct()
    return [course for course in tx.execute(query.order_by(events.c.course)).scalars() if course]


def all_of(tx: Connection, learner: str) -> list[Kept]:
    """Every line of one learner, as received."""
    query = select(events.c.raw, events.c.hash, events.c.received_at).where(events.c.learner == learner)
    return [Kept(row.raw, row.hash, utc(row.received_at)) for row in tx.execute(query.order_by(events.c.seq))]


def quarantined_of(tx: Connection, learner: str) -> list[bytes]:
    """Every line in quarantine that says that it is this learner's."""
    rows = tx.execute(select(quarantine.c.raw)).scalars()
    return [raw for raw in rows if decode(raw).learner == learner]


def erase(tx: Connection, learner: str) -> None:
    """In the place of each line of the learner's is a stub: that there was a line, with its hash, its device and its number,
    and of nobody. The same line is a duplicate when it comes again."""
    for row in tx.execute(select(events.c.id, events.c.raw, events.c.hash).where(events.c.learner == learner)).all():
        left = {"raw": stub(decode(row.raw), row.hash), "signature": None, "type": ERASED, "skew_ms": 0}
        nobody = {"learner": None, "course": None}
        tx.execute(update(events).where(events.c.id == row.id).values(**left, **nobody))
    for raw in quarantined_of(tx, learner):
        tx.execute(delete(quarantine).where(quarantine.c.hash == digest(raw)))


def replace(tx: Connection, event: Event, raw: bytes, signature: bytes) -> None:
    """In the place of the line with the event's id is this one of the store's. Its hash stays the old line's, which is a
    duplicate when it comes again."""
    statement = update(events).where(events.c.id == event.id)
    tx.execute(statement.values(raw=raw, type=event.type, signature=signature))


def by_learner(tx: Connection) -> Iterator[tuple[tuple[str, str], list[Arrived]]]:
    """The whole log by (learner, course), one learner's lines of a course at a time."""
    query = select(events.c.learner, events.c.course, events.c.raw, events.c.received_at, events.c.proof)
    query = query.where(events.c.learner.is_not(None), events.c.course.is_not(None))
    query = query.order_by(events.c.learner, events.c.course, events.c.seq)
    rows = tx.execute(query, execution_options={"yield_per": 1000})
    for key, group in groupby(rows, key=lambda row: (row.learner, row.course)):
        yield key, [Arrived(decode(row.raw), utc(row.received_at), row.proof) for row in group]


def since(tx: Connection, seq: int, limit: int = 1000) -> list[Line]:
    """Up to `limit` lines after that place, in the receiver's order."""
    query = select(events.c.seq, events.c.raw).where(events.c.seq > seq).order_by(events.c.seq).limit(limit)
    return [Line(row.seq, row.raw, decode(row.raw)) for row in tx.execute(query)]


def last_received(tx: Connection) -> datetime | None:
    """When the newest line came since the clock was last confirmed (or ever): a clock that says less is wrong."""
    value = tx.execute(_NEWEST).scalar()
    return utc(value) if value is not None else None


def has_between(tx: Connection, first: datetime, last: datetime) -> bool:
    """Whether any line came between these moments."""
    query = select(literal(1)).where(events.c.received_at >= first, events.c.received_at < last).limit(1)
    return tx.execute(query).first() is not None


def _quarantine(tx: Connection, raw: bytes, event: Event, now: datetime) -> None:
    statement = upsert(tx)(quarantine).values(
        hash=digest(raw), id=event.id, raw=raw, reason="same id, other bytes", received_at=now
    )
    tx.execute(statement.on_conflict_do_nothing(index_elements=["hash"]))


def skew(at: str, now: datetime) -> int:
    """By how many milliseconds the moment that a line tells is ahead of this store's clock; 0 where it tells none."""
    try:
        claimed = datetime.fromisoformat(at)
    except ValueError:
        return 0
    claimed = claimed if claimed.tzinfo else claimed.replace(tzinfo=UTC)
    return int((claimed - now).total_seconds() * 1000)
