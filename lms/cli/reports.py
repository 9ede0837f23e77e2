"""`lms reports`: what readers say is wrong."""

import click

from lms.cli.place import open_database
from lms.cli.speech import Spoken, _, ngettext
from lms.config import Settings
from lms.i18n import N_
from lms.services.studying.reports import KINDS
from lms.storage import reports
from lms.storage.reports import Report


@click.command(cls=Spoken)
@click.option("--course", help=N_("Only of the course with this id."))
@click.option("--all", "all_", is_flag=True, help=N_("Also those that are done."))
def command(course: str | None, all_: bool) -> None:
    """List the errors that readers reported, by course and module, the newest first.

    Authors mark them as done in the browser, on the page /author/reports.

    Example: lms reports --course trata-de-personas
    """
    with open_database(Settings.load()).reading() as tx:
        found = reports.some(tx, course=course, done=None if all_ else False)
    for report in found:
        click.echo(_told(report))
    n = len(found)
    said = (
        ngettext("%(n)s report", "%(n)s reports", n) if all_ else ngettext("%(n)s open report", "%(n)s open reports", n)
    )
    click.echo(said % {"n": n})


def _told(report: Report) -> str:
    page = f"{report.page}#{report.anchor}" if report.anchor else report.page
    place = " ".join(each for each in (report.course, report.module, page) if each)
    facts = [f"{report.made_on:%Y-%m-%d}", report.language, _(KINDS[report.kind])]
    if report.done:
        facts.append(_("done"))
    words = "\n".join(f"    {line}".rstrip() for line in report.body.splitlines())
    return f"{place or _('unknown page')}\n  {' · '.join(facts)}\n{words}\n"
