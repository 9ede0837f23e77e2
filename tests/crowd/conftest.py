"""A programme with many people on an installation of its own, on SQLite and on PostgreSQL, with everything that it writes kept
in sight: its folder, its temporary files, its log."""

import io
import logging
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import LargeBinary, Text, cast, func, or_, select, text

from lms import logs
from lms.certificates.keys import load_issuer
from lms.cli import worker
from lms.config import Settings
from lms.services.common.registers import shelve
from lms.services.people import passphrases
from lms.storage.database import Database
from lms.storage.tables import metadata
from lms.web.app import create_app
from tests.web.conftest import Clock, furnish, site_of

AUDIT = bool(os.environ.get("LMS_REQUIRE_AUDIT"))
CANARY = re.compile(rb"cnr(\d{3})", re.IGNORECASE)
"""How everything begins that is somebody's own, with her number."""


@dataclass(frozen=True)
class Place:
    """The installation, and where to look for what it left."""

    app: Flask
    clock: Clock
    folder: Path
    temporary: Path
    log: io.StringIO
    work: Callable[[], int]

    @property
    def database(self) -> Database:
        return site_of(self.app).database

    @property
    def is_sqlite(self) -> bool:
        return self.database.engine.dialect.name == "sqlite"

    @property
    def n(self) -> int:
        """For how many people it is."""
        return 300 if AUDIT else 30 if self.is_sqlite else 20

    def in_files(self) -> set[int]:
        """Whose canaries are in any file of the installation."""
        return _whose(self.folder)

    def in_temporary_files_and_log(self) -> set[int]:
        """Whose are where nobody's ought to be."""
        return _whose(self.temporary) | _numbers(self.log.getvalue().encode())

    def in_rows(self) -> set[int]:
        """Whose are in any row of any table, as the database itself reads them."""
        found: set[int] = set()
        with self.database.reading() as tx:
            for table in metadata.sorted_tables:
                for row in tx.execute(select(table)):
                    for value in row:
                        found |= _numbers(value if isinstance(value, bytes) else str(value).encode())
        return found

    def rows_with(self, numbers: set[int]) -> list[str]:
        """The tables with a row that the database finds one of these people's canaries in."""
        wanted = f"cnr({'|'.join(f'{each:03}' for each in sorted(numbers))})"
        found = []
        with self.database.reading() as tx:
            for table in metadata.sorted_tables:
                texts = [
                    func.encode(column, "escape") if isinstance(column.type, LargeBinary) else cast(column, Text)
                    for column in table.c
                ]
                matches = or_(*(each.regexp_match(wanted, flags="i") for each in texts))
                if tx.execute(select(func.count()).select_from(table).where(matches)).scalar_one():
                    found.append(table.name)
        return found

    def know_values(self) -> None:
        """PostgreSQL keeps the commonest values of each column for its plans, as it does by itself now and then."""
        if not self.is_sqlite:
            with self.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("ANALYZE"))

    def in_data_files(self) -> set[int]:
        """Whose are in the files that PostgreSQL keeps its tables in; its own log of what is written is another."""
        with self.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("CHECKPOINT"))
            folder = Path(connection.execute(text("SHOW data_directory")).scalar_one())
        found = {each: _whose(folder / each) for each in ("base", "global", "pg_stat_tmp")}
        return set().union(*found.values())


def _whose(folder: Path) -> set[int]:
    found: set[int] = set()
    for path in folder.rglob("*"):
        if path.is_file():
            found |= _numbers(path.name.encode()) | _numbers(path.read_bytes())
    return found


def _numbers(content: bytes) -> set[int]:
    return {int(each) for each in CANARY.findall(content)}


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """The whole program with the sample course, its clock standing still."""
    folder, temporary, clock = tmp_path / "instance", tmp_path / "tmp", Clock()
    folder.mkdir()
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setattr(passphrases, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgresql_url")
    settings = Settings(instance=folder, database_url=url, registration="code")
    database = Database(settings.url)
    if url:
        _emptied(database)
    furnish(settings, database)
    with logged() as log:
        app = create_app(settings, clock=clock)
        monkeypatch.setattr(worker, "now", clock)
        yield Place(app, clock, folder, temporary, log, _worker(app))
    site_of(app).database.close()
    if url:
        _emptied(database)
    database.close()


class logged:  # noqa: N801 - reads as what it is
    """Everything that is logged meanwhile, as the program writes it."""

    def __enter__(self) -> io.StringIO:
        self._root = logging.getLogger("lms")
        self._before = (self._root.handlers, self._root.level, self._root.propagate)
        logs.configure()
        stream = io.StringIO()
        handler = self._root.handlers[0]
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(stream)
        return stream

    def __exit__(self, *_: object) -> None:
        self._root.handlers, level, self._root.propagate = self._before
        self._root.setLevel(level)


def _worker(app: Flask) -> Callable[[], int]:
    site = site_of(app)
    issuer = load_issuer(site.settings.keys)
    shelve(site.settings, site.settings.keys)
    told = worker.Told(site.settings, site.database)

    def work() -> int:
        """Makes all that waits: how many."""
        made = 0
        while n := worker.make_pending(site.database, site.pen, issuer, site.settings, worker.Later()):
            made += n
        told.keep(issuer)
        return made

    return work


def _emptied(database: Database) -> None:
    metadata.drop_all(database.engine)
    with database.writing() as tx:
        tx.execute(text("DROP TABLE IF EXISTS alembic_version"))
