"""`lms rebuild`: progress made anew from the event log, or checked against it."""

import click

from lms.cli.place import open_database
from lms.cli.speech import Spoken, _, ngettext
from lms.config import Settings
from lms.i18n import N_
from lms.services.running.rebuild import differences, rebuild
from lms.storage.releases import Catalogue


@click.command(cls=Spoken)
@click.option(
    "--check", is_flag=True, help=N_("Change nothing: say whether the rows agree with the log, exit 1 if not.")
)
def command(check: bool) -> None:
    """Make every progress row anew from the event log.

    Example: lms rebuild --check
    """
    database = open_database(Settings.load())
    if not check:
        with database.writing() as tx:
            n = rebuild(tx, Catalogue())
        click.echo(ngettext("%(n)s progress row made anew.", "%(n)s progress rows made anew.", n) % {"n": n})
        return
    with database.reading() as tx:
        found = differences(tx, Catalogue())
    for each in found:
        click.echo(_("%(row)s: does not agree with the log") % {"row": f"{each.table} {each.key}"})
    if found:
        raise SystemExit(1)
    click.echo(_("All progress agrees with the log."))
