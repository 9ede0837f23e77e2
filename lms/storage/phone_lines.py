"""The lines of phones in the log: many appended at once, looked up by id, counted by number (docs/decisions/0041)."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from lms.learning.countable import PHONE, UNPROVEN, Arrived, Horizon, horizon
from lms.learning.events import ANSWERS_REMOVED, ATTEMPT_SUBMITTED, Event, decode, digest
from lms.storage import event_log
from lms.storage.database import is_sqlite, utc
from lms.storage.tables import OF_ERASED, OF_PHONES, events, quarantine

_E = events.c
Horizons = Mapping[tuple[str, str], Horizon]
"""By phone and learner."""
MENDED = "mended"
"""Why a line does not count that this store told in its own words."""
SAME_ID = "same id, other bytes"


_KNOWN = {
    True: text("SELECT id, hash, proof, why FROM events WHERE id IN (SELECT value FROM json_each(:ids))"),
    False: text(
        "SELECT id, hash, proof, why FROM events WHERE id IN (SELECT json_array_elements_text(CAST(:ids AS json)))"
    ),
}
"""By whether it is SQLite; hundreds of parameters would take longer to write down than to look up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of a phone's, as it is to be kept. `hash` is its own, also where `raw` is only what is left of it."""

    event: Event
    raw: bytes
    hash: str
    signature: bytes | None
    proof: str
    why: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the log has under an id."""

    hash: str
    proof: str
    why: str


@dataclass(frozen=True, slots=True)
class Unproven:
    """A line without a proof, with the signature that came with it."""

    id: str
    raw: bytes
    signature: bytes
    course: str | None


@dataclass(frozen=True, slots=True)
class Doubt:
    """A line without a proof, and why it has none."""

    event: Event
    hash: str
    why: str
    at: datetime


def known(tx: Connection, ids: Collection[str]) -> dict[str, Known]:
    """What the log has under these ids."""
    rows = tx.execute(_KNOWN[is_sqlite(tx)], {"ids": json.dumps(list(ids))})
    return {id_: Known(*told) for id_, *told in rows}


def append(tx: Connection, entries: Collection[Entry], *, now: datetime, via: str) -> None:
    """All of these are in the log, in this order; none has an id that it has already. The log is held."""
    rows = [_row(each, now, via) for each in entries]
    if rows and is_sqlite(tx):
        tx.execute(insert(events), rows)
    elif rows:
        _copy(tx, rows)


def _copy(tx: Connection, rows: Sequence[Mapping[str, object]]) -> None:
    """The same by COPY, which takes less than half of the time of as many inserts. Raises DBAPIError as these do."""
    statement = f"COPY events ({', '.join(rows[0])}) FROM STDIN"
    connection: Any = tx.connection.driver_connection
    driver: Any = tx.dialect.dbapi
    try:
        with connection.cursor() as cursor, cursor.copy(statement) as told:
            for row in rows:
                told.write_row(tuple(row.values()))
    except driver.Error as error:
        raise DBAPIError(statement, None, error, connection_invalidated=connection.closed) from error


def put_in_place(tx: Connection, entry: Entry, *, now: datetime, via: str) -> None:
    """This proven line is in the log instead of the unproven one with its id, which is in quarantine if it has other bytes."""
    row = tx.execute(select(_E.raw, _E.hash, _E.signature, _E.via).where(_E.id == entry.event.id)).one()
    if row.hash != entry.hash:
        set_aside(tx, decode(row.raw), row.raw, row.signature, now=now, via=row.via)
    tx.execute(update(events).where(_E.id == entry.event.id).values(**_row(entry, now, via)))


def set_aside(tx: Connection, event: Event, raw: bytes, signature: bytes | None, *, now: datetime, via: str) -> None:
    """The line is in quarantine."""
    values = {"hash": digest(raw), "id": event.id, "raw": raw, "signature": signature, "via": via}
    statement = event_log.upsert(tx)(quarantine).values(**values, reason=SAME_ID, received_at=now)
    tx.execute(statement.on_conflict_do_nothing(index_elements=["hash"]))


def prove(tx: Connection, ids: Collection[str]) -> None:
    """These lines are proven."""
    tx.execute(update(events).where(_E.id.in_(ids)).values(proof=PHONE, why=""))


def doubt(tx: Connection, ids: Collection[str], why: str) -> None:
    """These lines are not proven, for that reason."""
    tx.execute(update(events).where(_E.id.in_(ids)).values(proof=UNPROVEN, why=why))


def unproven(tx: Connection, device: str, learner: str) -> list[Unproven]:
    """The lines without a proof that say that they are from that phone of that learner's, as they came."""
    query = select(_E.id, _E.raw, _E.signature, _E.course).where(_of(device, learner), _E.proof == UNPROVEN)
    query = query.where(_E.type != ANSWERS_REMOVED).order_by(_E.seq)
    return [Unproven(row.id, row.raw, row.signature or b"", row.course) for row in tx.execute(query)]


def in_doubt(tx: Connection) -> dict[tuple[str, str], int]:
    """How many lines wait without a proof, by the phone and the learner that they say they are of."""
    query = select(_E.device, _E.learner, func.count()).where(OF_PHONES, _waits())
    rows = tx.execute(query.group_by(_E.device, _E.learner))
    return {(str(device), str(learner)): int(n) for device, learner, n in rows}


def doubts(tx: Connection, device: str, learner: str, limit: int) -> list[Doubt]:
    """So many of the phone's lines without a proof, the first ones; those that were mended come last."""
    query = select(_E.raw, _E.hash, _E.why, _E.received_at).where(_of(device, learner), _E.proof == UNPROVEN)
    return [_doubt(row) for row in tx.execute(query.order_by(_E.why == MENDED, _E.seq).limit(limit))]


def mended(tx: Connection, learner: str, limit: int) -> list[str]:
    """The ids of so many of her lines that this store told in their place, the newest first."""
    query = select(_E.id).where(OF_PHONES, _E.learner == learner, _E.why == MENDED)
    return list(tx.execute(query.order_by(_E.seq.desc()).limit(limit)).scalars())


def doubt_of(tx: Connection, event_id: str) -> Doubt | None:
    """The line without a proof that has that id."""
    query = select(_E.raw, _E.hash, _E.why, _E.received_at).where(_E.id == event_id, _E.proof == UNPROVEN)
    row = tx.execute(query.where(_E.learner.is_not(None))).first()
    return _doubt(row) if row else None


def numbers(tx: Connection, device: str, learner: str, after: int) -> Iterator[int]:
    """The numbers of the phone's proven lines after that one, in rising order, each as often as there are lines."""
    query = select(_E.n).where(_of(device, learner), _E.proof == PHONE, _E.n > after).order_by(_E.n)
    return (n or 0 for n in tx.execute(query, execution_options={"yield_per": 1000}).scalars())


def first_double(tx: Connection, device: str, learner: str, among: Collection[int]) -> int | None:
    """The smallest of these numbers that two proven lines have."""
    between = _E.n.between(min(among), max(among))
    query = select(_E.n).where(_of(device, learner), _E.proof == PHONE, between)
    doubles = tx.execute(query.group_by(_E.n).having(func.count() > 1)).scalars()
    return min((n for n in doubles if n in among), default=None)


def horizons(tx: Connection) -> Horizons:
    """How far the lines of every phone are here, as the log says it."""
    query = select(_E.device, _E.learner, _E.n).where(OF_PHONES, _E.proof == PHONE, _E.learner.is_not(None))
    rows = tx.execute(query.order_by(_E.device, _E.learner, _E.n), execution_options={"yield_per": 1000})
    return {
        (str(device), str(learner)): horizon(int(row.n or 0) for row in group)
        for (device, learner), group in groupby(rows, key=lambda row: (row.device, row.learner))
    }


def sheets(tx: Connection, device: str, learner: str, after: int, to: int) -> list[Arrived]:
    """The phone's proven lines with answers, to tests or in practice, after one number and up to another."""
    query = select(_E.raw, _E.received_at, _E.proof).where(
        _of(device, learner), _E.proof == PHONE, _E.n > after, _E.n <= to
    )
    rows = tx.execute(query.where(_E.type.in_((ATTEMPT_SUBMITTED, ANSWERS_REMOVED))).order_by(_E.n, _E.id))
    return [Arrived(decode(row.raw), utc(row.received_at), row.proof) for row in rows]


def are_erased(tx: Connection, learners: Collection[str]) -> set[str]:
    """Those of these learners that were erased."""
    if not learners:
        return set()
    told = (decode(raw).data.get("learner") for raw in tx.execute(select(_E.raw).where(OF_ERASED)).scalars())
    return set(learners) & {each for each in told if isinstance(each, str)}


def _waits() -> ColumnElement[bool]:
    return and_(_E.proof == UNPROVEN, _E.learner.is_not(None), _E.why != MENDED)


def _doubt(row: Row[Any, Any, Any, Any]) -> Doubt:
    return Doubt(decode(row.raw), row.hash, row.why, utc(row.received_at))


def _of(device: str, learner: str) -> ColumnElement[bool]:
    return and_(OF_PHONES, _E.device == device, _E.learner == learner)


def _row(entry: Entry, now: datetime, via: str) -> dict[str, object]:
    event = entry.event
    return {
        "id": event.id,
        "hash": entry.hash,
        "raw": entry.raw,
        "signature": entry.signature,
        "learner": event.learner,
        "course": event.course,
        "type": event.type,
        "received_at": now,
        "skew_ms": event_log.skew(event.at, now),
        "via": via,
        "origin_store": event.store,
        "device": event.device,
        "n": event.n,
        "proof": entry.proof,
        "why": entry.why,
    }
