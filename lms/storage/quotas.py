"""How much came in a day under a key: from a phone, or without a proof from an address."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from lms.storage.event_log import upsert
from lms.storage.tables import quotas


@dataclass(frozen=True, slots=True)
class Amount:
    """So many lines of so many bytes together."""

    lines: int = 0
    bytes: int = 0


def of_day(tx: Connection, key: str, day: date) -> Amount:
    """What came under the key on that day."""
    query = select(quotas.c.lines, quotas.c.bytes).where(quotas.c.key == key, quotas.c.day == day)
    row = tx.execute(query).first()
    return Amount(*row) if row else Amount()


def count(tx: Connection, key: str, day: date, more: Amount) -> None:
    """So much more came under it."""
    statement = upsert(tx)(quotas).values(key=key, day=day, lines=more.lines, bytes=more.bytes)
    added = {"lines": quotas.c.lines + more.lines, "bytes": quotas.c.bytes + more.bytes}
    tx.execute(statement.on_conflict_do_update(index_elements=["key", "day"], set_=added))
