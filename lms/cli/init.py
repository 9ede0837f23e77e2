"""`lms init`: the instance folder with its database, keys and, if asked for, people to try it with."""

import stat
from io import StringIO
from pathlib import Path

import click

from lms.certificates import keys
from lms.certificates.protection import Lock
from lms.cli.place import in_force, keep_private, now, welcome_address
from lms.cli.speech import Spoken, _
from lms.config import Settings
from lms.i18n import N_
from lms.services.certifying import custody
from lms.services.common.record import Pen
from lms.services.people import first_run
from lms.services.running.rebuild import rebuild
from lms.storage import schema, stores
from lms.storage.database import Database
from lms.storage.releases import Catalogue

ROWS_SINCE = "0005"
"""The revision since which progress rows have the form that they have now."""


@click.command(cls=Spoken)
@click.option("--demo", is_flag=True, help=N_("Add people to try it with; their passphrases are printed once."))
@click.option(
    "--code", is_flag=True, help=N_("Print another code for the first administrator; the one before is void.")
)
@click.option("--url", default="", help=N_("Where browsers reach the pages: printed with the code, also as a QR code."))
def command(demo: bool, code: bool, url: str) -> None:
    """Make the instance folder: database and keys, for its owner's eyes only, and beside it the secret that opens the
    keys. What is there is left as it is, what is missing is made, also when an earlier `lms init` was stopped half-way.

    While nobody administers it prints a code, once: whoever types it within a day at /welcome opens the first account.

    Example: lms init --demo
    """
    keep_private()
    settings = Settings.load()
    _folder(settings.instance)
    database = Database(settings.url)
    _schema(database)
    store = _store(database)
    _keys(in_force(), store)
    click.echo(_("Ready: %(folder)s") % {"folder": settings.instance})
    if demo:
        _people(settings, database, store)
    _first_code(settings, database, anew=code, url=url)


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


def _first_code(settings: Settings, database: Database, *, anew: bool, url: str) -> None:
    with database.writing() as tx:
        printed = first_run.give(tx, anew=anew, now=now())
    if printed is None:
        if anew:
            raise click.ClickException(_("There is an administrator already: `lms users list` shows who."))
        return
    address = welcome_address(settings, url)
    if printed.is_typed:
        click.echo(
            _(
                "There is no administrator yet. Within the last hour the code was typed in a browser, where the first "
                "account is being made."
            )
        )
        click.echo(_("If it was not you, or that browser is closed: lms init --code"))
        return
    if not printed.code:
        click.echo(
            _("There is no administrator yet, and the code that was printed before still works: %(address)s")
            % {"address": address}
        )
        click.echo(_("If it is lost: lms init --code"))
        return
    click.echo(_("There is no administrator yet. Run `lms serve`, and within a day open"))
    click.echo(f"  {address}")
    click.echo(_("and write this code. It is shown only now and works once:"))
    click.echo(f"  {printed.code}")
    if url:
        click.echo(_drawn(f"{address}#{printed.code}"))


def _drawn(text: str) -> str:
    """The text as a QR code of block characters."""
    import segno  # only who asks for one needs it

    out = StringIO()
    segno.make(text, micro=False).terminal(out, compact=True)
    return out.getvalue()


def _store(database: Database) -> stores.Store:
    with database.writing() as tx:
        return stores.this(tx) or stores.create(tx, now=now())


def _keys(settings: Settings, store: stores.Store) -> None:
    _folder(settings.keys)
    custody.prepare(settings, Lock(settings.secret), code=store.id, now=now())


def _people(settings: Settings, database: Database, store: stores.Store) -> None:
    from lms.services.running.demo import demo_people  # brings argon2, which no other part of `init` needs

    pen = Pen(store=store, sign=keys.load_store_signer(settings.keys, Lock(settings.secret)))
    click.echo(_("People to try it with (shown only now):"))
    for username, passphrase, role in demo_people(database, pen, now=now()):
        click.echo(f"  {username:<8} {passphrase:<32} {role}")
