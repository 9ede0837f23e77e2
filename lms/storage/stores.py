"""Which store this database is."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from lms.ids import code, uuid7
from lms.storage.tables import store


@dataclass(frozen=True, slots=True)
class Store:
    """A hub or central: its opaque code and the device id of this epoch."""

    id: str
    device: str
    epoch: int


def create(tx: Connection, *, now: datetime) -> Store:
    """A new store, with an opaque code of two characters (it ends up in certificate numbers)."""
    made = Store(id=code(2), device=uuid7(), epoch=1)
    tx.execute(insert(store).values(one=1, id=made.id, device=made.device, epoch=made.epoch, created_at=now))
    return made


def this(tx: Connection) -> Store | None:
    """The store that this database is, or None before `lms init`."""
    row = tx.execute(select(store.c.id, store.c.device, store.c.epoch)).first()
    return Store(id=row.id, device=row.device, epoch=row.epoch) if row else None
