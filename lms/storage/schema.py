"""The database's schema: made and brought up to date by Alembic, its version read without loading it."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from lms.storage.database import Database

HEAD = "0006"
"""The newest revision under `migrations/versions`; a test holds it to Alembic's own answer."""
FOLDER = Path(__file__).parent / "migrations"


def is_current(tx: Connection) -> bool:
    """Whether the database has this version's schema."""
    return version(tx) == HEAD


def version(tx: Connection) -> str | None:
    """The database's revision, or None where there is no schema yet."""
    if not inspect(tx).has_table("alembic_version"):
        return None
    found: str | None = tx.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def upgrade(database: Database, to: str = "head") -> None:
    """The database has this version's schema, or that of the revision `to`; in one transaction, so that a failure leaves
    it as it was."""
    from alembic import command  # heavy: only an upgrade needs it
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    with database.writing() as tx:
        config.attributes["connection"] = tx
        command.upgrade(config, to)
