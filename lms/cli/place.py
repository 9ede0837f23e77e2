"""What a command works on: the settings, the database and the pen of this installation."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import click
from sqlalchemy.exc import OperationalError

from lms.certificates.keys import load_store_signer
from lms.certificates.protection import Lock
from lms.certificates.verify import MAX_BYTES
from lms.cli.speech import _
from lms.config import Settings
from lms.services.common.record import Pen
from lms.services.running.in_force import read
from lms.storage import schema, stores
from lms.storage.database import Database


def now() -> datetime:
    """This moment, aware UTC."""
    return datetime.now(UTC)


def is_file(named: str) -> bool:
    """Whether there is a file of that name; text that is too long for one is none."""
    try:
        return Path(named).is_file()
    except OSError:
        return False


def read_file(named: str) -> bytes:
    """What is in the file, or as much of it as shows that it is too long for a certificate."""
    with Path(named).open("rb") as file:
        return file.read(MAX_BYTES + 1)


def ask_passphrase(file: str) -> str:
    """The passphrase of a key, as it is typed in."""
    typed: str = click.prompt(_("Passphrase of %(file)s") % {"file": file}, hide_input=True)
    return typed


def keep_private() -> None:
    """From now on what this process makes can be read by its owner only."""
    os.umask(0o077)


@contextmanager
def written_file(out: str) -> Iterator[BinaryIO]:
    """Where a file is written, `-` for standard output; a named one can be read by its owner only, and is there once it is
    whole."""
    if out == "-":
        yield sys.stdout.buffer
        return
    keep_private()
    part = Path(f"{out}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(out)
    except OSError as error:
        raise click.ClickException(_("The file can't be written: %(reason)s.") % {"reason": error.strerror}) from error
    finally:
        part.unlink(missing_ok=True)


def open_database(settings: Settings) -> Database:
    """The installation's database; a clear error before `lms init`, also after an upgrade, and where it does not answer."""
    database = Database(settings.url)
    file = database.engine.url.database if database.engine.dialect.name == "sqlite" else None
    if file and not Path(file).exists():
        raise _no_database()
    try:
        with database.engine.connect() as connection:
            if not database.engine.dialect.has_table(connection, "store"):
                raise _no_database()
            if not schema.is_current(connection):
                raise click.ClickException(_("The database is of another version: run `lms init` first."))
    except OperationalError as error:
        sentence = _("The database can't be opened: %(reason)s. Check the setting database_url.")
        raise click.ClickException(sentence % {"reason": str(error.orig).strip()}) from error
    return database


def in_force() -> Settings:
    """The settings with what was chosen in the browser, where there is a database that can be asked. Raises BadSetting."""
    settings = Settings.load()
    try:
        database = open_database(settings)
    except click.ClickException:
        return settings  # a command that needs one says so itself
    try:
        with database.reading() as tx:
            return read(tx, settings)
    finally:
        database.close()


def welcome_address(settings: Settings, url: str = "") -> str:
    """Where the first administrator is made: at that URL, else on this computer."""
    host = settings.host if settings.host not in ("0.0.0.0", "::") else "localhost"  # noqa: S104 - what it listens on
    return f"{url.rstrip('/') or f'http://{host}:{settings.port}'}/welcome"


def open_pen(settings: Settings, database: Database) -> Pen:
    """What this installation writes events with."""
    with database.reading() as tx:
        this = stores.this(tx)
    if this is None:
        raise _no_database()
    return Pen(store=this, sign=load_store_signer(settings.keys, Lock(settings.secret)))


def _no_database() -> click.ClickException:
    return click.ClickException(_("There is no database yet: run `lms init` first."))
