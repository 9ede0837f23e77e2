"""`lms audit`: what the staff did, as a file, or held against its hashes."""

from zoneinfo import ZoneInfo

import click

from lms.cli.place import in_force, now, open_database, written_file
from lms.cli.speech import Spoken, _, language, ngettext
from lms.config import Settings
from lms.i18n import N_, Reader, spoken
from lms.services.running import auditing
from lms.services.running.auditing import Filters


@click.command(cls=Spoken)
@click.option(
    "--check", is_flag=True, help=N_("Write nothing: say whether each line follows from those before, exit 1 if not.")
)
@click.option("--hash", "known", default="", help=N_("With --check: a hash from before, which has to be there still."))
@click.option("--since", default="", metavar="DAY", help=N_("Only from this day on, such as 2026-11-24."))
@click.option("--until", default="", metavar="DAY", help=N_("Only up to this day."))
@click.option("--actor", default="", help=N_("Only by whom: a username, `-` for the command line."))
@click.option("--act", default="", help=N_("Only this act, as the file calls it, such as roster-taken."))
@click.option(
    "--subject", default="", help=N_("Only to whom or what: a username, a group's name, a certificate's number.")
)
@click.option(
    "--out", type=click.Path(dir_okay=False, allow_dash=True), default="-", help=N_("The file; `-` writes it out.")
)
def command(check: bool, known: str, out: str, **typed: str) -> None:
    """Write what the staff did, as CSV, the newest first; or check that nothing of it was changed.

    The first row is the newest line of all. Keep its hash: lines that were cut off at the end show only by it.

    Example: lms audit --check
    """
    settings = in_force()
    database = open_database(settings)
    if check or known:
        with database.reading() as tx:
            chain = auditing.check(tx, known)
        _tell(chain)
        return
    filters, reader = Filters.read(typed), _reader(settings)
    with database.writing() as tx:
        asked = auditing.condition(tx, filters, ZoneInfo(settings.timezone))
        count = auditing.note_taken(tx, filters, asked, by="", now=now())
    with written_file(out) as file:
        for piece in auditing.pieces(database, asked, reader):
            file.write(piece)
    if out != "-":
        said = ngettext("%(n)s row in %(file)s", "%(n)s rows in %(file)s", count + 1)
        click.echo(said % {"n": count + 1, "file": out}, err=True)


def _tell(chain: auditing.Chain) -> None:
    if chain.broken is not None:
        raise click.ClickException(_("Line %(n)s does not follow from those before.") % {"n": chain.broken})
    if chain.known is False:
        raise click.ClickException(_("No line has this hash: lines are gone from the end, or it was copied wrong."))
    said = ngettext(
        "%(n)s line follows from those before.", "%(n)s lines, each follows from those before.", chain.count
    )
    click.echo(said % {"n": chain.count})
    click.echo(_("The last hash: %(hash)s") % {"hash": chain.last or "–"})


def _reader(settings: Settings) -> Reader:
    return Reader(spoken(language(), settings.catalogues), ZoneInfo(settings.timezone), settings.catalogues)
