"""The audit: what the staff did, line by line, each with the hash of all before it, so that none is changed or left out
without a trace."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, text

from lms.storage.database import is_sqlite, utc
from lms.storage.tables import audit

AUDIT_LOCK = 0x41554449  # an advisory lock of PostgreSQL, held while a line gets the hash of the one before


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An act of the staff."""

    seq: int
    at: datetime
    actor: str
    """The id of whoever did it; empty for the command line."""
    act: str
    subject: str
    """Whom or what it was done to: an id, a number, or nothing."""
    body: str
    """What else there is to say, as its hash has it: JSON."""
    hash: str

    @property
    def data(self) -> Mapping[str, Any]:
        """The same, read."""
        read: Mapping[str, Any] = json.loads(self.body)
        return read


def append(
    tx: Connection, *, actor: str, act: str, subject: str = "", data: Mapping[str, Any] | None = None, now: datetime
) -> None:
    """The act is in the audit, for as long as the transaction is kept."""
    if not is_sqlite(tx):
        tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": AUDIT_LOCK})
    last = tx.execute(select(audit.c.hash).order_by(audit.c.seq.desc()).limit(1)).scalar() or ""
    at = now.astimezone(UTC).replace(microsecond=0)
    body = json.dumps(dict(data or {}), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    values = {"at": at, "actor": actor, "act": act, "subject": subject, "data": body}
    tx.execute(insert(audit).values(**values, hash=_hash(last, at, actor, act, subject, body)))


def lines(
    tx: Connection,
    condition: ColumnElement[bool] | None = None,
    *,
    newest: bool = True,
    limit: int | None = None,
    offset: int = 0,
) -> Iterator[Line]:
    """The acts that the condition asks for, the newest first unless told otherwise, a thousand in memory at once."""
    query = select(audit).order_by(audit.c.seq.desc() if newest else audit.c.seq).limit(limit).offset(offset)
    rows = tx.execute(query if condition is None else query.where(condition), execution_options={"yield_per": 1000})
    return (_line(row) for row in rows)


def count(tx: Connection, condition: ColumnElement[bool] | None = None) -> int:
    """How many acts the condition asks for."""
    query = select(func.count()).select_from(audit)
    return int(tx.execute(query if condition is None else query.where(condition)).scalar_one())


def last_hash(tx: Connection) -> str:
    """The hash of the newest line, which stands for all of them; empty before the first."""
    return str(tx.execute(select(audit.c.hash).order_by(audit.c.seq.desc()).limit(1)).scalar() or "")


def has_hash(tx: Connection, text: str) -> bool:
    """Whether some line has that hash."""
    return tx.execute(select(audit.c.seq).where(audit.c.hash == text).limit(1)).first() is not None


def first_broken(tx: Connection) -> int | None:
    """The `seq` of the first line that does not follow from those before it; None when all do."""
    last = ""
    rows = tx.execute(select(audit).order_by(audit.c.seq), execution_options={"yield_per": 1000})
    for row in rows:
        last = _hash(last, utc(row.at), row.actor, row.act, row.subject, row.data)
        if row.hash != last:
            return int(row.seq)
    return None


def _hash(last: str, at: datetime, *parts: str) -> str:
    return hashlib.sha256(json.dumps([last, at.isoformat(), *parts], ensure_ascii=False).encode()).hexdigest()


def _line(row: Row[Any]) -> Line:
    return Line(
        seq=row.seq,
        at=utc(row.at),
        actor=row.actor,
        act=row.act,
        subject=row.subject,
        body=row.data,
        hash=row.hash,
    )
