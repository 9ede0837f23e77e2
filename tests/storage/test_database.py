"""The connections: what SQLite is told, and what a failure leaves."""

import pytest

from lms.storage import stores
from lms.storage.database import PRAGMAS, Database
from lms.storage.tables import metadata
from tests.conftest import NOW, SURE


def test_every_sqlite_connection_is_told_to_lose_nothing(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(PRAGMAS, "synchronous", SURE)
    with sqlite_database.reading() as one, sqlite_database.reading() as two:
        for connection in (one, two):
            said = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in PRAGMAS}
            assert said == PRAGMAS
    assert PRAGMAS["synchronous"] == 2, "NORMAL loses acknowledged rows at a power cut"


def test_a_failed_transaction_leaves_nothing(database: Database):
    with pytest.raises(ZeroDivisionError), database.writing() as tx:
        stores.create(tx, now=NOW)
        raise ZeroDivisionError
    with database.reading() as tx:
        assert stores.this(tx) is None


def test_whoever_reads_sees_one_moment(database: Database):
    with database.reading() as tx:
        assert stores.this(tx) is None
        with database.writing() as other:
            stores.create(other, now=NOW)
        assert stores.this(tx) is None
    with database.reading() as tx:
        assert stores.this(tx) is not None


def test_whoever_reads_on_postgresql_writes_nothing(postgresql_url: str):
    database = Database(postgresql_url)
    metadata.drop_all(database.engine)
    metadata.create_all(database.engine)
    with pytest.raises(Exception, match="read-only"), database.reading() as tx:
        stores.create(tx, now=NOW)
    with database.writing() as tx:  # the same connection, from the pool
        stores.create(tx, now=NOW)
    metadata.drop_all(database.engine)
    database.close()


def test_two_writers_on_sqlite_wait_for_each_other(sqlite_database: Database):
    with sqlite_database.writing() as tx:
        stores.create(tx, now=NOW)
        with sqlite_database.engine.connect() as other:
            other.exec_driver_sql("PRAGMA busy_timeout=0")
            with pytest.raises(Exception, match="locked"):
                other.exec_driver_sql("BEGIN IMMEDIATE")
