"""`lms cohorts`: groups with a join code."""

import click

from lms.cli.place import now, open_database, open_pen
from lms.cli.speech import SpokenGroup, _
from lms.config import Settings
from lms.i18n import N_
from lms.services import cohorts
from lms.storage import cohorts as stored


@click.group(cls=SpokenGroup)
def command() -> None:
    """Cohorts: add, list."""


@command.command()
@click.argument("name")
@click.option(
    "--course", "courses", multiple=True, required=True, help=N_("A course's id; may be given several times.")
)
@click.option("--cap", default=40, show_default=True, type=click.IntRange(1, 10_000), help=N_("How many may join."))
@click.option(
    "--days", default=90, show_default=True, type=click.IntRange(1, 3650), help=N_("How many days the code lasts.")
)
def add(name: str, courses: tuple[str, ...], cap: int, days: int) -> None:
    """Add a cohort and print its code, which lets people register and enrols them in its courses.

    Example: lms cohorts add "Consulados 2026" --course trata-de-personas --cap 40 --days 60
    """
    settings = Settings.load()
    database = open_database(settings)
    pen = open_pen(settings, database)
    with database.writing() as tx:
        made = cohorts.create(tx, pen, name=name, courses=courses, cap=cap, days=days, now=now())
    click.echo(_("%(name)s: code %(code)s, page /join/%(code)s") % {"name": made.name, "code": made.code})


@command.command(name="list")
def list_() -> None:
    """List the cohorts: name, code, courses, places taken, last day.

    Example: lms cohorts list
    """
    with open_database(Settings.load()).reading() as tx:
        for each in stored.every(tx):
            places = f"{each.members}/{each.cap}"
            click.echo(f"{each.name}  {each.code}  {', '.join(each.courses)}  {places}  {each.expires_at:%Y-%m-%d}")
