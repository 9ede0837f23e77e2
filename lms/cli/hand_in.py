"""`lms hand-in`: a file of what somebody did on a phone, taken as the page “Hand in a file” takes it."""

from pathlib import Path

import click

from lms.cli.place import now, open_database, open_pen, written_file
from lms.cli.speech import Spoken, _, ngettext
from lms.config import Settings
from lms.i18n import N_
from lms.services.certifying import certify
from lms.services.common.registers import signer
from lms.services.pocket import files
from lms.services.pocket.files import MOST_BYTES
from lms.services.pocket.receipts import OUTCOMES, receipt
from lms.services.running.in_force import InForce
from lms.services.studying.desk import Desk
from lms.storage.releases import Catalogue

SENDER = "command line"
"""Whoever may run this may fill the disk."""


@click.command(cls=Spoken)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--receipt", "out", help=N_("The file to write the receipt to; by default FILE.receipt.json."))
def command(file: Path, out: str | None) -> None:
    """Take FILE, which somebody's phone saved their progress to, and write the receipt to bring back to it.

    The same file may be handed in twice: nothing counts double. What nobody vouches for is kept and does not count.

    Example: lms hand-in avance-7F3A.ndjson
    """
    settings = Settings.load()
    database = open_database(settings)
    pen, in_force = open_pen(settings, database), InForce(settings, database)
    desk = Desk(Catalogue(), pen, lambda *by, **asked: certify.request(*by, settings=in_force(), **asked))
    with file.open("rb") as opened:
        data = opened.read(MOST_BYTES + 1)
    mine, moment = signer(settings), now()
    received = files.hand_in(database, desk, mine.trust, data, own_key=mine.key, sender=SENDER, now=moment)
    made = receipt(pen, mine, received, now=moment)
    named = out or f"{file}.receipt.json"
    with written_file(named) as written:
        written.write(made.as_file)
    told = ", ".join(f"{name} {received.counts[name]}" for name in OUTCOMES if received.counts.get(name))
    n = sum(received.counts.values())
    click.echo(ngettext("%(n)s line: %(told)s.", "%(n)s lines: %(told)s.", n) % {"n": n, "told": told or "–"})
    if received.cut:
        click.echo(_("The end of the file is missing. What is whole of it was taken."))
    click.echo(_("The receipt is in %(file)s.") % {"file": named})
