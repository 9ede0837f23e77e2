"""What is asked of a database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from lms.storage.database import Database


@contextmanager
def statements_to(database: Database) -> Iterator[list[str]]:
    """Every statement that is sent meanwhile, the beginnings of transactions aside."""
    said: list[str] = []

    def note(*told: object) -> None:
        if not str(told[2]).startswith("BEGIN"):
            said.append(str(told[2]))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
