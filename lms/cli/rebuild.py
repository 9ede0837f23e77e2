"""`lms rebuild`: progress made anew from the event log, or checked against it."""

import click

from lms.cli.place import open_database
from lms.config import Settings
from lms.services.rebuild import differences, rebuild
from lms.storage.releases import Catalogue


@click.command()
@click.option("--check", is_flag=True, help="Change nothing: say whether the rows agree with the log, exit 1 if not.")
def command(check: bool) -> None:
    """Make every progress row anew from the event log.

    Example: lms rebuild --check
    """
    database = open_database(Settings.load())
    if not check:
        with database.writing() as tx:
            click.echo(f"{rebuild(tx, Catalogue())} progress rows made anew.")
        return
    with database.reading() as tx:
        found = differences(tx, Catalogue())
    for each in found:
        click.echo(f"{each.table} {each.key}: does not agree with the log")
    if found:
        raise SystemExit(1)
    click.echo("All progress agrees with the log.")
