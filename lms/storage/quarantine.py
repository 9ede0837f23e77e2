"""The quarantine: lines that came with the id of another line and other bytes. They count for nothing, and nothing of them is
lost; somebody of the staff puts each aside once she has seen to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select, true, update

from lms.storage.database import utc
from lms.storage.tables import events, quarantine

_Q = quarantine.c
_SELECTED = select(quarantine, events.c.raw.label("accepted")).outerjoin_from(
    quarantine, events, events.c.id == quarantine.c.id
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A line in quarantine, and the one with its id that was there first."""

    hash: str
    """SHA-256 of its bytes: what it is called here."""
    id: str
    """Of the event that it says it is."""
    raw: bytes
    accepted: bytes | None
    """The bytes that the log has under that id."""
    reason: str
    received_at: datetime
    seen_at: datetime | None
    seen_by: str
    seen_why: str


def count(tx: Connection, *, seen: bool | None) -> int:
    """How many there are: put aside, waiting, or (None) both."""
    return int(tx.execute(select(func.count()).select_from(quarantine).where(_which(seen))).scalar_one())


def page(tx: Connection, *, seen: bool | None, limit: int, offset: int) -> list[Held]:
    """So many of them, the newest first, from that place on."""
    return [_held(row) for row in tx.execute(_ordered(seen).limit(limit).offset(offset))]


def every(tx: Connection, *, seen: bool | None) -> Iterator[Held]:
    """All of them, the newest first, a few hundred in memory at once."""
    return (_held(row) for row in tx.execute(_ordered(seen), execution_options={"yield_per": 250}))


def one(tx: Connection, hash_: str) -> Held | None:
    """The line with that SHA-256."""
    row = tx.execute(_SELECTED.where(_Q.hash == hash_)).first()
    return _held(row) if row else None


def set_seen(tx: Connection, hash_: str, *, at: datetime | None, by: str = "", why: str = "") -> None:
    """The line was put aside then, or (None) waits again."""
    tx.execute(update(quarantine).where(_Q.hash == hash_).values(seen_at=at, seen_by=by, seen_why=why))


def _ordered(seen: bool | None) -> Select[Any]:
    return _SELECTED.where(_which(seen)).order_by(_Q.received_at.desc(), _Q.hash)


def _which(seen: bool | None) -> ColumnElement[bool]:
    if seen is None:
        return true()
    return _Q.seen_at.is_not(None) if seen else _Q.seen_at.is_(None)


def _held(row: Row[Any]) -> Held:
    return Held(
        hash=row.hash,
        id=row.id,
        raw=row.raw,
        accepted=row.accepted,
        reason=row.reason,
        received_at=utc(row.received_at),
        seen_at=utc(row.seen_at) if row.seen_at else None,
        seen_by=row.seen_by,
        seen_why=row.seen_why,
    )
