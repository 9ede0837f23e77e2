"""`lms init`: the instance folder with its database, keys and, if asked for, people to try it with."""

import stat
from pathlib import Path

import click

from lms.certificates import keys
from lms.certificates.protection import Lock
from lms.cli.place import keep_private, now
from lms.cli.speech import Spoken, _
from lms.config import Settings
from lms.i18n import N_
from lms.services import custody
from lms.services.rebuild import rebuild
from lms.services.record import Pen
from lms.storage import schema, stores
from lms.storage.database import Database
from lms.storage.releases import Catalogue

ROWS_SINCE = "0005"
"""The revision since which progress rows have the form that they have now."""


@click.command(cls=Spoken)
@click.option("--demo", is_flag=True, help=N_("Add people to try it with; their passphrases are printed once."))
def command(demo: bool) -> None:
    """Make the instance folder: database and keys, for its owner's eyes only, and beside it the secret that opens the
    keys. What is there is left as it is, what is missing is made, also when an earlier `lms init` was stopped half-way.

    Example: lms init --demo
    """
    keep_private()
    settings = Settings.load()
    _folder(settings.instance)
    database = Database(settings.url)
    _schema(database)
    store = _store(database)
    _keys(settings, store)
    click.echo(_("Ready: %(folder)s") % {"folder": settings.instance})
    if demo:
        _people(settings, database, store)


def _folder(path: Path) -> None:
    """The folder is there, and nobody but its owner can look into it."""
    path.mkdir(parents=True, exist_ok=True)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        try:
            path.chmod(0o700)
        except PermissionError as error:
            sentence = _("Others can read %(folder)s, which belongs to somebody else. Let its owner run: chmod 700")
            raise click.ClickException(sentence % {"folder": path}) from error


def _schema(database: Database) -> None:
    """The database is of this version, and its progress rows too."""
    with database.reading() as tx:
        before = schema.version(tx)
    schema.upgrade(database)
    if before is not None and before < ROWS_SINCE:
        with database.writing() as tx:
            rebuild(tx, Catalogue())


def _store(database: Database) -> stores.Store:
    with database.writing() as tx:
        return stores.this(tx) or stores.create(tx, now=now())


def _keys(settings: Settings, store: stores.Store) -> None:
    _folder(settings.keys)
    custody.prepare(settings, Lock(settings.secret), code=store.id, now=now())


def _people(settings: Settings, database: Database, store: stores.Store) -> None:
    from lms.services.demo import demo_people  # brings argon2, which no other part of `init` needs

    pen = Pen(store=store, sign=keys.load_store_signer(settings.keys, Lock(settings.secret)))
    click.echo(_("People to try it with (shown only now):"))
    for username, passphrase, role in demo_people(database, pen, now=now()):
        click.echo(f"  {username:<8} {passphrase:<32} {role}")
