"""The code with which the first administrator is made in the browser: one at most, hashed; once it was typed it belongs to
that browser."""

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from lms.storage.database import utc
from lms.storage.tables import first_codes


def give(tx: Connection, code: str, *, until: datetime) -> None:
    """This is the code, and no other."""
    end(tx)
    tx.execute(insert(first_codes).values(hash=_hash(code), holder="", expires_at=until))


def until(tx: Connection) -> datetime | None:
    """How long the code is good that was given last, also when that time is past; None without one."""
    found: Any = tx.execute(select(first_codes.c.expires_at)).scalar()
    return utc(found) if found else None


def is_typed(tx: Connection) -> bool:
    """Whether the code belongs to a browser."""
    return tx.execute(select(first_codes.c.hash).where(first_codes.c.holder != "")).first() is not None


def take(tx: Connection, code: str, token: str, *, until: datetime, now: datetime) -> bool:
    """Whether it is the code, and nobody had typed it; then the bearer of the token may go on until that moment."""
    free = update(first_codes).where(
        first_codes.c.hash == _hash(code), first_codes.c.holder == "", first_codes.c.expires_at > now
    )
    values = {"holder": _hash(token), "expires_at": until}
    return tx.execute(free.values(**values).returning(first_codes.c.hash)).first() is not None


def is_held(tx: Connection, token: str, *, now: datetime) -> bool:
    """Whether the bearer of the token typed the code, not too long ago."""
    held = select(first_codes.c.hash).where(first_codes.c.holder == _hash(token), first_codes.c.expires_at > now)
    return tx.execute(held).first() is not None


def use(tx: Connection, token: str, *, now: datetime) -> bool:
    """The same; then the code is gone."""
    held = delete(first_codes).where(first_codes.c.holder == _hash(token), first_codes.c.expires_at > now)
    return tx.execute(held.returning(first_codes.c.hash)).first() is not None


def end(tx: Connection) -> None:
    """There is no code any more."""
    tx.execute(delete(first_codes))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
