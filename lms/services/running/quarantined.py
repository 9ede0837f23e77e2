"""The quarantine as the staff sees it: what differs between two lines with one id, the lines as a file, and one put aside.

Nothing here changes the log. Mending a line and taking it in belongs to synchronizing; `storage.quarantine.one` has its bytes.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from lms.i18n import N_
from lms.learning.events import FIELDS, Event, MalformedEvent, decode
from lms.refusals import Refusal
from lms.services.common.oversight import NotYours
from lms.services.common.staff_acts import note
from lms.services.reporting.rosters import what_for
from lms.storage import quarantine
from lms.storage.database import Database
from lms.storage.quarantine import Held

REASONS: Mapping[str, str] = MappingProxyType({"same id, other bytes": N_("Same id, other contents")})
"""What the log says of a line that it did not take."""
STATES: Mapping[str, bool | None] = MappingProxyType({"waiting": False, "seen": True, "all": None})


class Waiting(Refusal):
    """It was not put aside."""

    message = N_("This line waits as it is.")
    status = 409


@dataclass(frozen=True, slots=True)
class Field:
    """A field of both lines as text; None where a line has none. Of what somebody answered or wrote (`veiled`) there is
    nothing to read but whether both say the same."""

    name: str
    here: str | None
    there: str | None
    differs: bool
    veiled: bool = False


def event_of(raw: bytes | None) -> Event | None:
    """The event in a line, where it is one."""
    try:
        return decode(raw) if raw is not None else None
    except MalformedEvent:
        return None


def fields(held: Held) -> list[Field]:
    """Both lines field by field: the one that is here, the one that came."""
    here, there = _values(held.accepted), _values(held.raw)
    plain = [name for name in FIELDS if name != "data"]
    mine, theirs = here.get("data") or {}, there.get("data") or {}
    shown = [Field(name, _text(here, name), _text(there, name), here.get(name) != there.get(name)) for name in plain]
    return shown + [
        Field(f"data.{name}", _veil(mine, name), _veil(theirs, name), mine.get(name) != theirs.get(name), veiled=True)
        for name in sorted({*mine, *theirs})
    ]


def put_aside(tx: Connection, hash_: str, *, why: str, by: str, now: datetime) -> None:
    """Somebody has seen to the line. Raises NotYours, NoReason, LongReason."""
    held, said = _one(tx, hash_), what_for(why)
    quarantine.set_seen(tx, hash_, at=now, by=by, why=said)
    note(tx, "quarantine-seen", by=by, subject=held.id, now=now, reason=said)


def take_back(tx: Connection, hash_: str, *, by: str, now: datetime) -> None:
    """The line waits again. Raises NotYours, Waiting."""
    held = _one(tx, hash_)
    if held.seen_at is None:
        raise Waiting
    quarantine.set_seen(tx, hash_, at=None)
    note(tx, "quarantine-unseen", by=by, subject=held.id, now=now)


def note_taken(tx: Connection, *, state: str, reason: str, by: str, now: datetime) -> int:
    """How many lines are taken as a file, which is in the audit now. Whoever has a name (`by`) says what for.
    Raises NoReason, LongReason."""
    said, rows = what_for(reason) if by or reason else "", quarantine.count(tx, seen=STATES[state])
    note(tx, "quarantine-taken", by=by, now=now, rows=rows, state=state, reason=said)
    return rows


def pieces(database: Database, *, state: str) -> Iterator[bytes]:
    """The lines as JSON Lines, while they are read: in each, beside what is known of it, the line itself as it came (`line`,
    whose SHA-256 is `sha256`)."""
    with database.reading() as tx:
        for held in quarantine.every(tx, seen=STATES[state]):
            told = {
                "sha256": held.hash,
                "id": held.id,
                "received_at": held.received_at.isoformat(),
                "reason": held.reason,
                "seen_at": held.seen_at.isoformat() if held.seen_at else None,
                "line": held.raw.decode("utf-8", "surrogateescape"),
            }
            yield json.dumps(told).encode() + b"\n"


def _one(tx: Connection, hash_: str) -> Held:
    found = quarantine.one(tx, hash_)
    if found is None:
        raise NotYours
    return found


def _values(raw: bytes | None) -> dict[str, Any]:
    event = event_of(raw)
    return {name: getattr(event, name) for name in FIELDS} if event else {}


def _text(values: Mapping[str, Any], name: str) -> str | None:
    value = values.get(name)
    return None if value is None else str(value)


def _veil(values: Mapping[str, Any], name: str) -> str | None:
    return "" if name in values else None
