"""The schema: migrations and tables say the same."""

import re
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import LargeBinary, String, Table, Text, inspect, text

from lms.certificates.credential import Credential, dump
from lms.services.running.purposes import PURPOSES
from lms.storage import certificates, schema
from lms.storage.database import Database, is_sqlite
from lms.storage.tables import metadata
from tests.conftest import NOW

IDS = re.compile(
    "id|hash|person|learner|by|seen_by|actor|subject|act|same_as|cohort|course|module|release|device|poll|option|key|kind|type|state|via|origin_store|reason|language|role|sha256|replaces|proof|why|grant_id"
)


@pytest.fixture
def empty(database: Database) -> Iterator[Database]:
    """A database without a table."""
    metadata.drop_all(database.engine)
    yield database
    with database.writing() as tx:
        tx.execute(text("DROP TABLE IF EXISTS alembic_version"))


def test_the_newest_revision_is_the_one_named() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.FOLDER))
    assert ScriptDirectory.from_config(config).get_current_head() == schema.HEAD


def test_migrations_make_the_tables_that_the_program_knows(empty: Database) -> None:
    with empty.reading() as tx:
        assert schema.version(tx) is None
        assert not schema.is_current(tx)
    for _ in range(2):
        schema.upgrade(empty)
    with empty.reading() as tx:
        assert schema.is_current(tx)
        assert compare_metadata(MigrationContext.configure(tx), metadata) == []
        if is_sqlite(tx):
            made = tx.execute(text("SELECT sql FROM sqlite_master WHERE name = 'comments'")).scalar()
            assert "WITHOUT ROWID" in str(made), "a comment's rowid would tell when it was written"


def test_certificates_issued_before_keep_their_numbers_and_bytes(empty: Database) -> None:
    schema.upgrade(empty, "0003")
    credential = Credential(
        number="7K3Q-ZX0T-9B4M-E2-9",
        name="Ana",
        title="Curso",
        code="K7Q2",
        hours=1,
        issued_on=NOW.date(),
        language="es",
        program="Vereda",
        issuer="Vereda",
        demonstration=True,
    )
    row = {"number": credential.number, "text": dump(credential), "now": NOW, "pdf": b"%PDF", "sha256": "a" * 64}
    names = "number, learner, course, major, state, credential, requested_at, issued_at, pdf, sha256"
    values = ":number, 'ana', 'c', 1, 'issued', :text, :now, :now, :pdf, :sha256"
    with empty.writing() as tx:
        tx.execute(text(f"INSERT INTO certificates ({names}) VALUES ({values})"), row)
    schema.upgrade(empty)
    with empty.writing() as tx:
        (kept,) = certificates.of_learner(tx, "ana")
        assert (kept.number, kept.edition, kept.state, kept.credential) == (credential.number, 1, "issued", credential)
        assert certificates.by_sha256(tx, "a" * 64) == kept
        assert certificates.file(tx, kept.number, "pdf") == b"%PDF"
        assert not certificates.request(tx, learner="ana", course="c", major=1, credential=credential, now=NOW)


CODED = {
    "attempts.drawn", "attempts.seed", "gains.form", "bookmarks.course", "bookmarks.module", "certificates.number",
    "certificate_files.number", "drafts.item", "notes.anchor", "people.country", "people.language",
    "people.institution_type", "reports.anchor", "reports.page", "quarantine.seen_by",
    "devices.revoked_why",
}  # fmt: skip
"""Names of places in courses, numbers, codes: nothing that somebody wrote or is called."""


def test_postgresql_keeps_no_samples_of_what_is_somebodys_own(empty: Database) -> None:
    schema.upgrade(empty)
    if empty.engine.dialect.name == "sqlite":
        return
    query = text(
        "SELECT attrelid::regclass || '.' || attname FROM pg_attribute WHERE attstattarget = 0 AND attnum > 0"
        " AND attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)"
    )
    with empty.reading() as tx:
        kept_none = set(tx.execute(query).scalars())
    personal = {name for each in PURPOSES for name in each.tables}
    written = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.c
        if table.name in personal
        and isinstance(column.type, String | Text | LargeBinary)
        and not IDS.fullmatch(column.name)
    }
    assert written - CODED == kept_none


def test_an_upgrade_that_fails_leaves_nothing(empty: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic import op

    def fail(*_: object, **__: object) -> Table:
        raise RuntimeError("no more")

    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr(op, "create_index", fail)
        schema.upgrade(empty)
    with empty.reading() as tx:
        assert not [name for name in inspect(tx).get_table_names() if name in metadata.tables]
    schema.upgrade(empty)
