"""`lms quarantine`: the lines that were not taken into the log, listed and as a file."""

import click

from lms.cli.place import now, open_database, written_file
from lms.cli.speech import SpokenGroup, _, ngettext
from lms.config import Settings
from lms.i18n import N_
from lms.services.running import quarantined
from lms.services.running.quarantined import STATES, event_of
from lms.storage import quarantine

with_state = click.option(
    "--state",
    type=click.Choice(list(STATES)),
    default="waiting",
    show_default=True,
    help=N_("Which lines: those that wait, those that were put aside, or all."),
)


@click.group(cls=SpokenGroup)
def command() -> None:
    """Lines that came with the id of another line and other bytes: list, export."""


@command.command(name="list")
@with_state
def list_(state: str) -> None:
    """List the lines: when each came, its event's id, type and course, and whether somebody has seen to it.

    Example: lms quarantine list --state all
    """
    with open_database(Settings.load()).reading() as tx:
        for held in quarantine.every(tx, seen=STATES[state]):
            event = event_of(held.raw)
            said = (event.type, event.course or "-") if event else ("-", "-")
            seen = _("seen on %(date)s") % {"date": f"{held.seen_at:%Y-%m-%d}"} if held.seen_at else _("waits")
            click.echo(f"{held.received_at:%Y-%m-%d %H:%M}  {held.id}  {'  '.join(said)}  {seen}")


@command.command()
@with_state
@click.option(
    "--out", type=click.Path(dir_okay=False, allow_dash=True), default="-", help=N_("The file; `-` writes it out.")
)
@click.option("--reason", default="", help=N_("What it is for, for the audit."))
def export(state: str, out: str, reason: str) -> None:
    """Write the lines as JSON Lines, each with the line as it came. They hold personal data. That they were taken is in the
    audit.

    Example: lms quarantine export --out quarantine.jsonl
    """
    database = open_database(Settings.load())
    with database.writing() as tx:
        count = quarantined.note_taken(tx, state=state, reason=reason, by="", now=now())
    with written_file(out) as file:
        for piece in quarantined.pieces(database, state=state):
            file.write(piece)
    if out != "-":
        said = ngettext("%(n)s line in %(file)s", "%(n)s lines in %(file)s", count)
        click.echo(said % {"n": count, "file": out}, err=True)
