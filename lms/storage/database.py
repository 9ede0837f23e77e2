"""The database: one engine, short transactions, and SQLite told at each connect to lose nothing."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from sqlite3 import OperationalError
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: with NORMAL a power cut loses acknowledged rows
    "foreign_keys": 1,
    "busy_timeout": 5000,  # milliseconds
    "secure_delete": 1,
}
ONE_MOMENT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
"""How PostgreSQL is asked for one snapshot; SQLite gives it as it is. It goes with BEGIN and costs no statement."""
EVENT_LOCK = 0x56455245  # an advisory lock of PostgreSQL, held while a row of the event log gets its seq


class Database:
    """Connections of one store. `reading()` sees one snapshot; `writing()` commits at its end, or rolls back."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)
        self._reads: dict[str, Any] = {} if self.engine.dialect.name == "sqlite" else ONE_MOMENT

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for reading; nothing it does is kept."""
        with self.engine.connect().execution_options(**self._reads) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that commits at the end of the block. Keep it short: SQLite has one writer at a time."""
        with self.engine.connect().execution_options(lms_writes=True) as connection, connection.begin():
            yield connection

    def forget(self, *, compact: bool = False) -> bool:
        """What was deleted is no longer in the files of SQLite, as far as they can be written now; with `compact` for certain,
        the whole file being written anew. Whether it was done. Of PostgreSQL see `rewrite`."""
        if self.engine.dialect.name != "sqlite":
            return True
        with closing(self.engine.raw_connection()) as connection:
            try:
                if compact:
                    connection.cursor().execute("VACUUM")
                busy, *_ = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except OperationalError:
                return False
        return not busy

    def rewrite(self) -> bool:
        """Everything is written anew, so that nothing of what was deleted is in the files of SQLite, nor in those in which
        PostgreSQL keeps its tables. Whether it was done: nobody else writes meanwhile."""
        if self.engine.dialect.name == "sqlite":
            return self.forget(compact=True)
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM (FULL, ANALYZE)")
        return True

    def close(self) -> None:
        """Closes every pooled connection."""
        self.engine.dispose()


def utc(value: datetime) -> datetime:
    """A stored moment as aware UTC (SQLite gives it back naive)."""
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def is_sqlite(tx: Connection) -> bool:
    """Whether this transaction runs on SQLite."""
    return tx.dialect.name == "sqlite"


def _engine(url: str) -> Engine:
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args={"connect_timeout": 5})
    engine = create_engine(url, hide_parameters=True, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _on_sqlite_connect)
    event.listen(engine, "begin", _on_sqlite_begin)
    return engine


def _on_sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    connection.create_function("lower", 1, _lower, deterministic=True)  # its own one knows A to Z only
    cursor = connection.cursor()
    for name, value in PRAGMAS.items():
        cursor.execute(f"PRAGMA {name}={value}")
    cursor.close()


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _on_sqlite_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("lms_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
