"""What a command works on: the settings, the database and the pen of this installation."""

from datetime import UTC, datetime

import click

from lms.certificates.keys import load_store_signer
from lms.config import Settings
from lms.services.record import Pen
from lms.storage import stores
from lms.storage.database import Database


def now() -> datetime:
    """This moment, aware UTC."""
    return datetime.now(UTC)


def open_database(settings: Settings) -> Database:
    """The installation's database; a clear error before `lms init`."""
    database = Database(settings.url)
    with database.engine.connect() as connection:
        if not database.engine.dialect.has_table(connection, "store"):
            raise click.ClickException("There is no database yet: run `lms init` first.")
    return database


def open_pen(settings: Settings, database: Database) -> Pen:
    """What this installation writes events with."""
    with database.reading() as tx:
        this = stores.this(tx)
    if this is None:
        raise click.ClickException("This database is no store yet: run `lms init` first.")
    return Pen(store=this, sign=load_store_signer(settings.keys))
