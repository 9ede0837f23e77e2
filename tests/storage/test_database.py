"""The connections: what SQLite is told, and what a failure leaves."""

import pytest

from lms.storage import stores
from lms.storage.database import PRAGMAS, Database
from tests.conftest import NOW


def test_every_sqlite_connection_is_told_to_lose_nothing(sqlite_database: Database):
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


def test_two_writers_on_sqlite_wait_for_each_other(sqlite_database: Database):
    with sqlite_database.writing() as tx:
        stores.create(tx, now=NOW)
        with sqlite_database.engine.connect() as other:
            other.exec_driver_sql("PRAGMA busy_timeout=0")
            with pytest.raises(Exception, match="locked"):
                other.exec_driver_sql("BEGIN IMMEDIATE")
