"""What was set in the browser: a row for each setting, its value as JSON. Whoever runs the computer wins over it
(`lms.config`)."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from lms.storage.database import utc
from lms.storage.event_log import upsert
from lms.storage.tables import settings


@dataclass(frozen=True, slots=True)
class Row:
    """A value as JSON has it, and since when it holds."""

    value: Any
    changed_at: datetime


def every(tx: Connection) -> dict[str, Row]:
    """Whatever was set, by the setting's name."""
    rows = tx.execute(select(settings).order_by(settings.c.name))
    return {row.name: Row(json.loads(row.value), utc(row.changed_at)) for row in rows}


def put(tx: Connection, name: str, value: Any, *, now: datetime) -> None:
    """The setting has that value."""
    values = {"value": json.dumps(value, ensure_ascii=False), "changed_at": now}
    statement = upsert(tx)(settings).values(name=name, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))


def take_out(tx: Connection, name: str) -> None:
    """Nothing is set."""
    tx.execute(delete(settings).where(settings.c.name == name))
