"""`lms cohorts`: groups with a join code."""

import click

from lms.cli.place import now, open_database, open_pen
from lms.cli.speech import SpokenGroup, _
from lms.config import Settings
from lms.i18n import N_
from lms.services.groups import cohorts
from lms.services.people import accounts
from lms.storage import cohorts as stored


@click.group(cls=SpokenGroup)
def command() -> None:
    """Cohorts: add, assign, list."""


@command.command()
@click.argument("name")
@click.option(
    "--course", "courses", multiple=True, required=True, help=N_("A course's id; may be given several times.")
)
@click.option("--cap", default=40, show_default=True, type=click.IntRange(1, 10_000), help=N_("How many may join."))
@click.option(
    "--days", default=90, show_default=True, type=click.IntRange(1, 3650), help=N_("How many days the code lasts.")
)
@click.option(
    "--coordinator", "coordinators", multiple=True, help=N_("Who looks after it; may be given several times.")
)
def add(name: str, courses: tuple[str, ...], cap: int, days: int, coordinators: tuple[str, ...]) -> None:
    """Add a cohort and print its code, which lets people register and enrols them in its courses.

    Example: lms cohorts add "Consulados 2026" --course trata-de-personas --cap 40 --days 60
    """
    settings = Settings.load()
    database = open_database(settings)
    pen = open_pen(settings, database)
    with database.writing() as tx:
        made = cohorts.create(tx, pen, name=name, courses=courses, cap=cap, days=days, now=now())
        for each in coordinators:
            cohorts.assign(tx, pen, cohort=made, username=accounts.fold(each), now=now())
    click.echo(_("%(name)s: code %(code)s, page /join/%(code)s") % {"name": made.name, "code": made.code})


@command.command()
@click.argument("code")
@click.argument("username")
def assign(code: str, username: str) -> None:
    """Give the cohort with CODE to USERNAME, a coordinator, who then sees who is in it, and their certificates.

    Example: lms cohorts assign 3F7K9-QABCD carla
    """
    settings = Settings.load()
    database = open_database(settings)
    pen = open_pen(settings, database)
    with database.writing() as tx:
        cohort = stored.by_code(tx, cohorts.fold_code(code))
        if cohort is None:
            raise click.ClickException(_("No cohort has this code. `lms cohorts list` shows them all."))
        cohorts.assign(tx, pen, cohort=cohort, username=accounts.fold(username), now=now())
    click.echo(_("%(name)s is looked after by %(username)s.") % {"name": cohort.name, "username": username})


@command.command(name="list")
def list_() -> None:
    """List the cohorts: name, code, courses, places taken, last day.

    Example: lms cohorts list
    """
    with open_database(Settings.load()).reading() as tx:
        for each in stored.every(tx):
            places = f"{each.members}/{each.cap}"
            click.echo(f"{each.name}  {each.code}  {', '.join(each.courses)}  {places}  {each.expires_at:%Y-%m-%d}")
