"""`lms retention`: what is kept of people, for how long, and what is past its time; deleted when asked to."""

import sys
import textwrap

import click

from lms.cli.place import now, open_database, open_pen
from lms.cli.speech import SpokenGroup, _, ngettext
from lms.config import Settings
from lms.i18n import N_
from lms.services.running import retention
from lms.services.running.purposes import PURPOSES
from lms.services.running.retention import Kept
from lms.storage.database import Database
from lms.storage.releases import Catalogue

WIDTH = 100


@click.group(cls=SpokenGroup, invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """What is kept of people, by purpose: for how long, why, and how much is past its time and would go now. Changes
    nothing. The command `run` deletes it."""
    if ctx.invoked_subcommand:
        return
    settings = Settings.load()
    with open_database(settings).reading() as tx:
        found = retention.look(tx, settings.retention, now=now())
    for each in found:
        _tell(each)
    click.echo(_("Nothing was deleted. `lms retention run` deletes what is past its time."))


@command.command()
@click.option("--only", multiple=True, metavar="NAME", help=N_("Only this purpose; may be given several times."))
@click.option("--yes", is_flag=True, help=N_("Do not ask."))
def run(only: tuple[str, ...], yes: bool) -> None:
    """Delete what is past its time. Says what would go and asks first. Nobody can bring it back.

    Example: lms retention run --only drafts
    """
    settings = Settings.load()
    database = open_database(settings)
    with database.reading() as tx:
        past = retention.past(tx, settings.retention, now=now(), only=only)
    if not past:
        click.echo(_("Nothing is past its time."))
        return
    _tell_counts(past)
    if not yes and not click.confirm(_("Delete this? Nobody can bring it back.")):
        click.echo(_("Nothing was deleted."))
        return
    desk = retention.Desk(
        database=database, pen=open_pen(settings, database), catalogue=Catalogue(), periods=settings.retention
    )
    with click.progressbar(length=sum(past.values()), label=_("Deleting"), file=sys.stderr) as bar:
        gone = retention.run(desk, by="", now=now(), only=only, told=bar.update)
    click.echo(_("Deleted:"))
    _tell_counts(gone)
    _forget(database)


def _tell(kept: Kept) -> None:
    purpose = kept.purpose
    said = [_(purpose.what) + ".", _(purpose.why), _(purpose.goes) if purpose.goes else ""]
    click.echo(f"{purpose.name}: {_how_long(kept)}" + (f"  [{_past(kept.past)}]" if kept.past else ""))
    text = " ".join(each for each in said if each)
    click.echo(textwrap.fill(text, WIDTH, initial_indent="    ", subsequent_indent="    "))


def _how_long(kept: Kept) -> str:
    purpose = kept.purpose
    if purpose.ends == "alone":
        return _("goes by itself: %(when)s") % {"when": _(purpose.counted)}
    if kept.days:
        said = ngettext("%(n)s day %(since)s", "%(n)s days %(since)s", kept.days)
        return said % {"n": kept.days, "since": _(purpose.counted)}
    return _(retention.STAYS[purpose.ends])


def _past(n: int) -> str:
    return ngettext("%(n)s would go now", "%(n)s would go now", n) % {"n": n}


def _tell_counts(counts: dict[str, int]) -> None:
    what = {each.name: each.what for each in PURPOSES}
    for name, n in counts.items():
        click.echo(f"{n:>9}  {name}: {_(what[name])}")


def _forget(database: Database) -> None:
    if not database.forget():
        click.echo(_("The database is in use: stop the program and run `lms people compact`."), err=True)
