"""What a request asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event

from tests.web.conftest import site_of


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Every statement that is sent meanwhile."""
    said: list[str] = []
    engine = site_of(app).database.engine

    def note(*told: object) -> None:
        if not str(told[2]).startswith("BEGIN"):
            said.append(str(told[2]))

    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)
