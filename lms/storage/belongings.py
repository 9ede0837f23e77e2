"""Everything of one person in whatever table: to give it to her, and to erase it.

A table is hers as far as a column of it is called so; a new table is found without being named here. Her events and her
certificates are erased apart: something of them stays (`event_log.erase`, `certificates.erase`)."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, or_, select

from lms.storage.database import utc
from lms.storage.tables import certificate_files, certificates, events, metadata, people

COLUMNS = ("person", "learner", "same_as")
SECRETS = frozenset(
    {"passphrase_hash", "recovery_hash", "pin_hash", "code_hash", "hash", "secret", "seed", "last_step"}
)
"""Columns that are given to nobody, not to her either: with them somebody could come in as her, or tell the answers of a test."""
_JSON = frozenset(
    {("people", "preferences"), ("progress", "body"), ("attempts", "drawn"), ("certificates", "credential")}
)
_APART = (events, certificates)


def rows(tx: Connection, person: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of hers by table, without secrets; moments are aware. Her events are not among them."""
    found = {table.name: _rows(tx, table, hers) for table, hers in _own(person) if table is not events}
    numbers = [row["number"] for row in found["certificates"]]
    columns = certificate_files.c
    files = select(columns.number, columns.kind, columns.sha256).where(columns.number.in_(numbers))
    return {**found, "certificate_files": [dict(row) for row in tx.execute(files).mappings()]}


def erase(tx: Connection, person: str) -> None:
    """No row is hers any more, but for her events and certificates."""
    for table, hers in _own(person):
        if table not in _APART:
            tx.execute(delete(table).where(hers))


def _own(person: str) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    for table in metadata.sorted_tables:
        names = ("id",) if table is people else tuple(name for name in COLUMNS if name in table.c)
        if names:
            yield table, or_(*(table.c[name] == person for name in names))


def _rows(tx: Connection, table: Table, hers: ColumnElement[bool]) -> list[dict[str, Any]]:
    told = [column for column in table.c if column.name not in SECRETS]
    return [
        {name: _value(table.name, name, value) for name, value in row.items()}
        for row in tx.execute(select(*told).where(hers)).mappings()
    ]


def _value(table: str, name: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return utc(value)
    if (table, name) in _JSON and value:
        return json.loads(value)
    return value if isinstance(value, str | int | float | date | None) else str(value)
