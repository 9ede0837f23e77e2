"""A PostgreSQL database with every table and nothing in them; made anew only where a test left other tables behind."""

from typing import Any

from sqlalchemy import Connection

from lms.storage.database import Database
from lms.storage.tables import metadata

EMPTY = "".join(f'DELETE FROM "{table.name}"; ' for table in reversed(metadata.sorted_tables))
RESTART = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"
THERE = """
SELECT c.oid, c.relname, c.relkind, c.relnatts, c.relchecks FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace ORDER BY c.oid"""
made: dict[str, list[Any]] = {}
"""What was there after the tables were made, by the database's URL."""


def empty(database: Database) -> None:
    """The database is as `metadata.create_all` makes it; deleting is a hundred times quicker than making."""
    with database.writing() as tx:
        if made.get(database.url) == there(tx):
            tx.exec_driver_sql(EMPTY)
            tx.exec_driver_sql(RESTART)
            return
    metadata.drop_all(database.engine)
    metadata.create_all(database.engine)
    with database.reading() as tx:
        made[database.url] = there(tx)


def there(tx: Connection) -> list[Any]:
    """Every table, index and sequence."""
    return [tuple(row) for row in tx.exec_driver_sql(THERE)]
