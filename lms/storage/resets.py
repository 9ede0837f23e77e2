"""The last time that somebody of the staff gave a person a way back in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from lms.storage.database import utc
from lms.storage.event_log import upsert
from lms.storage.tables import people, resets


@dataclass(frozen=True, slots=True, kw_only=True)
class Reset:
    """A one-time code that was given, as a hash, and by whom."""

    code_hash: str | None
    """None once it was used or taken back."""
    expires_at: datetime
    by: str
    """Her name, as she is called now; empty where she is not here any more."""
    made_at: datetime
    seen: bool


def give(tx: Connection, person: str, *, code_hash: str, expires_at: datetime, by: str, now: datetime) -> None:
    """The code is the person's, in the place of one from before."""
    values = {"code_hash": code_hash, "expires_at": expires_at, "by": by, "made_at": now, "seen": False}
    statement = upsert(tx)(resets).values(person=person, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["person"], set_=values))


def tell(tx: Connection, person: str, *, by: str, now: datetime) -> None:
    """She is to be told that she was given a way in which is no code; a code that she has works on."""
    values = {"by": by, "made_at": now, "seen": False}
    statement = upsert(tx)(resets).values(person=person, code_hash=None, expires_at=now, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["person"], set_=values))


def of(tx: Connection, person: str) -> Reset | None:
    """The last one of the person."""
    query = select(resets, people.c.display_name).outerjoin(people, people.c.id == resets.c.by)
    row: Any = tx.execute(query.where(resets.c.person == person)).first()
    if row is None:
        return None
    return Reset(
        code_hash=row.code_hash,
        expires_at=utc(row.expires_at),
        by=row.display_name or "",
        made_at=utc(row.made_at),
        seen=row.seen,
    )


def use(tx: Connection, person: str, code_hash: str) -> bool:
    """Whether the code was still the one with that hash; then it works no more."""
    statement = update(resets).where(resets.c.person == person, resets.c.code_hash == code_hash)
    return tx.execute(statement.values(code_hash=None).returning(resets.c.person)).first() is not None


def take_back(tx: Connection, person: str) -> None:
    """No code of the person's works."""
    tx.execute(update(resets).where(resets.c.person == person).values(code_hash=None))


def set_seen(tx: Connection, person: str) -> None:
    """She knows of it."""
    tx.execute(update(resets).where(resets.c.person == person).values(seen=True))
