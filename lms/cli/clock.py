"""`lms clock`: whether this computer's clock keeps certificates waiting, and the way out."""

import click

from lms.cli.place import now, open_database, open_pen
from lms.cli.speech import Spoken, _
from lms.config import Settings
from lms.i18n import N_
from lms.services.common import clock


@click.command(cls=Spoken)
@click.option(
    "--confirm", is_flag=True, help=N_("Say that the clock is right now, although it has said a later time before.")
)
def command(confirm: bool) -> None:
    """Say whether this computer's clock keeps certificates waiting; exit 1 if it does.

    A certificate carries a date, so none is made while the clock says less than it has said before. When it was ahead
    and has been set right, --confirm records that, and certificates are made again.

    Example: lms clock --confirm
    """
    settings = Settings.load()
    database = open_database(settings)
    if confirm:
        pen = open_pen(settings, database)
        with database.writing() as tx:
            clock.confirm(tx, pen, now=now())
    with database.reading() as tx:
        lowest = clock.floor(tx)
    says = {"now": f"{now():%Y-%m-%d %H:%M} UTC", "lowest": f"{lowest:%Y-%m-%d %H:%M} UTC"}
    if clock.is_behind(now(), lowest):
        sentence = _(
            "Certificates wait: the clock says %(now)s, and it can't be earlier than %(lowest)s. Set it; if it is "
            "right and was ahead before, run `lms clock --confirm`."
        )
        raise click.ClickException(sentence % says)
    click.echo(_("The clock says %(now)s: certificates are made.") % says)
