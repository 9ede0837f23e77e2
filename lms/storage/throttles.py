"""How often something was tried, kept in the database so that a restart or another process does not forget it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, update

from lms.storage.database import utc
from lms.storage.event_log import upsert
from lms.storage.tables import throttles

FORGOTTEN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries are free; each one more makes the next wait twice as long, up to `most` seconds."""

    free: int
    most: int

    def delay(self, tries: int) -> timedelta:
        """How long to wait after that many tries."""
        extra = tries - self.free
        return timedelta(seconds=min(2 ** min(extra - 1, 20), self.most) if extra > 0 else 0)


def count(tx: Connection, key: str, limit: Limit, *, now: datetime) -> timedelta:
    """Zero, and the try is counted; or how long to wait, and it is not. Parallel tries are counted one by one.

    What was counted under any key so long ago that it is forgotten leaves no row.
    """
    tx.execute(delete(throttles).where(throttles.c.updated_at < now - FORGOTTEN))
    statement = upsert(tx)(throttles).values(key=key, failures=0, blocked_until=None, updated_at=now)
    held = statement.on_conflict_do_update(
        index_elements=["key"], set_={"key": key}
    )  # made or found, and locked, at once
    row = tx.execute(held.returning(*throttles.c)).one()
    blocked = utc(row.blocked_until) if row.blocked_until else now
    if blocked > now:
        return blocked - now
    tries = row.failures + 1
    values = {"failures": tries, "blocked_until": now + limit.delay(tries), "updated_at": now}
    tx.execute(update(throttles).where(throttles.c.key == key).values(**values))
    return timedelta(0)


def forgive(tx: Connection, key: str) -> None:
    """Everything counted under the key is forgotten."""
    tx.execute(delete(throttles).where(throttles.c.key == key))


def take_back(tx: Connection, key: str) -> None:
    """One try is not counted after all: it was an honest one."""
    values = {"failures": throttles.c.failures - 1, "blocked_until": None}
    tx.execute(update(throttles).where(throttles.c.key == key, throttles.c.failures > 0).values(**values))
