"""The connections: what SQLite is told, what a failure leaves, and that migrations make what the tables say."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from lms.storage import schema, stores
from lms.storage.database import PRAGMAS, Database
from lms.storage.tables import metadata
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


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_migrations_make_exactly_the_tables(kind: str, tmp_path: Path, request: pytest.FixtureRequest):
    url = f"sqlite:///{tmp_path / 'new.sqlite'}" if kind == "sqlite" else request.getfixturevalue("postgresql_url")
    database = Database(url)
    metadata.drop_all(database.engine)
    with database.writing() as tx:
        tx.execute(text("DROP TABLE IF EXISTS alembic_version"))
    schema.upgrade(database)
    schema.upgrade(database)
    with database.reading() as tx:
        assert schema.is_current(tx)
        assert compare_metadata(MigrationContext.configure(tx), metadata) == []
    metadata.drop_all(database.engine)
    with database.writing() as tx:
        tx.execute(text("DROP TABLE alembic_version"))
    database.close()


def test_the_head_named_in_the_code_is_the_newest_migration():
    config = Config()
    config.set_main_option("script_location", str(schema.FOLDER))
    assert ScriptDirectory.from_config(config).get_current_head() == schema.HEAD


def test_a_database_without_schema_is_not_current(tmp_path: Path):
    with Database(f"sqlite:///{tmp_path / 'empty.sqlite'}").reading() as tx:
        assert not schema.is_current(tx)
