"""`lms roster`: the list of people as a file."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from zoneinfo import ZoneInfo

import click

from lms.cli.place import in_force, now, open_database, written_file
from lms.cli.speech import Spoken, _, language, ngettext
from lms.config import Settings
from lms.i18n import N_, Reader, spoken
from lms.learning.roster import COLUMNS, STATES, Filters, chosen
from lms.services.common.institutions import TYPES
from lms.services.groups import cohorts as groups
from lms.services.reporting import rosters
from lms.services.reporting.roster_files import KINDS, make
from lms.services.reporting.rosters import Desk, Roster
from lms.storage import cohorts
from lms.storage.database import Database
from lms.storage.releases import Catalogue

TWICE = ("pdf",)
"""What reads the rows once more, for their digest."""


@click.command(cls=Spoken)
@click.option(
    "--format", "kind", type=click.Choice(list(KINDS)), default="csv", show_default=True, help=N_("Of the file.")
)
@click.option(
    "--out", type=click.Path(dir_okay=False, allow_dash=True), default="-", help=N_("The file; `-` writes it out.")
)
@click.option("--state", type=click.Choice(list(STATES)), default="completed", show_default=True, help=N_("Of whom."))
@click.option("--course", default="", help=N_("Only of the course with this id."))
@click.option("--cohort", default="", help=N_("Only of the cohort with this join code."))
@click.option("--institution", default="", help=N_("Only of institutions with this in their names."))
@click.option("--type", "type_", type=click.Choice(list(TYPES)), help=N_("Only of institutions of this kind."))
@click.option("--country", default="", help=N_("Only of this country, by its two letters."))
@click.option("--since", default="", metavar="DAY", help=N_("Only from this day on, such as 2026-11-24."))
@click.option("--until", default="", metavar="DAY", help=N_("Only up to this day."))
@click.option("--columns", default="", help=N_("Which columns, with commas between them; `all` for every one."))
@click.option("--bom", is_flag=True, help=N_("Begin a CSV with the mark that spreadsheets know UTF-8 by."))
@click.option("--reason", default="", help=N_("What it is for, for the audit."))
def command(
    kind: str, out: str, columns: str, bom: bool, reason: str, cohort: str, type_: str | None, **typed: str
) -> None:
    """Write the list of people, a row for each person and course: by default those who have completed it.

    The rows are the same in each format, and as the page /staff/roster shows them. That they were taken is in the audit.
    The file can be read by its owner only, and there is none where something fails.

    Example: lms roster --format xlsx --out lista.xlsx --course trata-de-personas --since 2026-01-01
    """
    settings = in_force()
    database = open_database(settings)
    names = list(COLUMNS) if columns == "all" else [each.strip() for each in columns.split(",") if each.strip()]
    with database.writing() as tx:
        found = cohorts.by_code(tx, groups.fold_code(cohort)) if cohort else None
        if cohort and found is None:
            raise click.ClickException(_("No cohort has this code. `lms cohorts list` shows them all."))
        filters = Filters.read({**typed, "cohort": found.id if found else "", "type": type_ or ""})
        roster = _desk(settings, database).ask(tx, filters, chosen(names), staff=None, now=now())
        count = rosters.note_taken(tx, roster, by="", form=kind, reason=reason, most=KINDS[kind].most)
    with written_file(out) as file, _bar(roster, count * (2 if kind in TWICE else 1)) as watched:
        for piece in make(watched, kind, mark=bom).pieces:
            file.write(piece)
    if out != "-":
        said = ngettext("%(n)s row in %(file)s", "%(n)s rows in %(file)s", count)
        click.echo(said % {"n": count, "file": out}, err=True)


def _desk(settings: Settings, database: Database) -> Desk:
    reader = Reader(spoken(language(), settings.catalogues), ZoneInfo(settings.timezone), settings.catalogues)
    return Desk(database=database, catalogue=Catalogue(), reader=reader, program=settings.name)


@contextmanager
def _bar(roster: Roster, length: int) -> Iterator[Roster]:
    """The same roster, which moves a bar where somebody looks."""
    if not _is_watched():
        yield roster
        return
    with click.progressbar(length=length, label=_("Writing the rows"), file=sys.stderr) as bar:
        yield replace(roster, told=bar.update)


def _is_watched() -> bool:
    return sys.stderr.isatty()
