"""`lms init`: the instance folder with its database, keys and, if asked for, people to try it with."""

import os
import secrets
from pathlib import Path

import click

from lms.certificates import keys
from lms.cli.place import now
from lms.cli.speech import Spoken, _
from lms.config import Settings
from lms.i18n import N_
from lms.services.record import Pen
from lms.storage import schema, stores
from lms.storage.database import Database

WEB_SECRET = "web.secret"  # noqa: S105 - a file's name


@click.command(cls=Spoken)
@click.option("--demo", is_flag=True, help=N_("Add people to try it with; their passphrases are printed once."))
def command(demo: bool) -> None:
    """Make the instance folder: database, keys, settings. What is there already is left as it is.

    Example: lms init --demo
    """
    settings = Settings.load()
    settings.instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database(settings.url)
    schema.upgrade(database)
    store = _store(database)
    _keys(settings, store)
    click.echo(_("Ready: %(folder)s") % {"folder": settings.instance})
    if demo:
        _people(settings, database, store)


def _store(database: Database) -> stores.Store:
    with database.writing() as tx:
        return stores.this(tx) or stores.create(tx, now=now())


def _keys(settings: Settings, store: stores.Store) -> None:
    settings.keys.mkdir(exist_ok=True, mode=0o700)
    if not keys.exist(settings.keys):
        keys.create(settings.keys, issuer_code=store.id, organisation=settings.issuer, now=now())
    write_secret(settings.keys / WEB_SECRET)


def write_secret(path: Path) -> None:
    """32 random bytes in a file that only its owner can read, unless it is there."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(32))


def _people(settings: Settings, database: Database, store: stores.Store) -> None:
    from lms.services.demo import demo_people  # brings argon2, which no other part of `init` needs

    pen = Pen(store=store, sign=keys.load_store_signer(settings.keys))
    click.echo(_("People to try it with (shown only now):"))
    for username, passphrase, role in demo_people(database, pen, now=now()):
        click.echo(f"  {username:<8} {passphrase:<32} {role}")
