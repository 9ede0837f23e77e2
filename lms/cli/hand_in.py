"""`lms hand-in`: files of what people did on phones, taken as the page “Hand in a file” takes them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from lms.cli.place import now, open_database, open_pen, written_file
from lms.cli.speech import Spoken, _, ngettext
from lms.config import Settings
from lms.i18n import N_
from lms.refusals import Refusal
from lms.services.certifying import certify
from lms.services.common.registers import Signer, signer
from lms.services.pocket import files
from lms.services.pocket.files import MOST_BYTES, Received
from lms.services.pocket.receipts import receipt
from lms.services.running.in_force import InForce
from lms.services.studying.desk import Desk
from lms.storage.database import Database
from lms.storage.releases import Catalogue

SENDER = "command line"
"""Whoever may run this may fill the disk."""


@click.command(cls=Spoken)
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--receipt", "out", help=N_("The file to write the receipt to; by default FILE.receipt.json."))
def command(paths: tuple[Path, ...], out: str | None) -> None:
    """Take each FILE, which somebody's phone saved their progress to, and write the receipt to bring back to that phone.
    Of a folder, such as a USB stick, take every file in it whose name ends in .ndjson.

    The same file may be handed in twice: nothing counts double. What nobody vouches for is kept and does not count.
    Exits with 1 if nothing of some file could be taken, or a receipt could not be written.

    Example: lms hand-in avance-7F3A.ndjson
    """
    found = list(_files(paths))
    if not found:
        raise click.ClickException(_("No file in that folder has a name that ends in .ndjson."))
    if out and len(found) > 1:
        raise click.ClickException(_("With --receipt there can be only one file."))
    settings = Settings.load()
    database = open_database(settings)
    pen, in_force = open_pen(settings, database), InForce(settings, database)
    desk = Desk(Catalogue(), pen, lambda *by, **asked: certify.request(*by, settings=in_force(), **asked))
    counter = _Counter(database, desk, signer(settings))
    failed = [file for file in found if not counter.take(file, out or f"{file}.receipt.json", alone=len(found) == 1)]
    if failed:
        raise click.exceptions.Exit(1)


class _Counter:
    """Where files are handed in."""

    def __init__(self, database: Database, desk: Desk, mine: Signer) -> None:
        self.database, self.desk, self.mine = database, desk, mine

    def take(self, file: Path, out: str, *, alone: bool) -> bool:
        """Whether something of it was taken and its receipt is there; what became of it is said."""
        if not alone:
            click.echo(f"{file}:")
        moment = now()
        try:
            with file.open("rb") as opened:
                data = opened.read(MOST_BYTES + 1)
            trust, key = self.mine.trust, self.mine.key
            received = files.hand_in(self.database, self.desk, trust, data, own_key=key, sender=SENDER, now=moment)
        except (Refusal, OSError) as error:
            said = error.sentence(_) if isinstance(error, Refusal) else error.strerror
            click.ClickException(said or str(error)).show()
            return False
        for sentence in _told(received):
            click.echo(sentence)
        made = receipt(self.desk.pen, self.mine, received, now=moment)
        try:
            with written_file(out) as written:
                written.write(made.as_file)
        except click.ClickException as error:
            error.show()
            click.echo(
                _("What the file has was taken all the same. Hand it in again with --receipt and another place.")
            )
            return False
        click.echo(_("The receipt is in %(file)s.") % {"file": out})
        return bool(received.taken)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        yield from (
            sorted(each for each in path.glob("*.ndjson") if not each.name.startswith(".")) if path.is_dir() else [path]
        )


def _told(received: Received) -> Iterator[str]:
    """What became of it, as the page says it."""
    counts, why = received.counts, received.why
    here, before = counts.get("accepted", 0) + counts.get("duplicate", 0), counts.get("duplicate", 0)
    if here:
        told = ngettext("%(n)s act is here and counts", "%(n)s acts are here and count", here) % {"n": here}
        again = ngettext("(%(n)s was here before)", "(%(n)s were here before)", before) % {"n": before}
        yield f"{told} {again}." if before else f"{told}."
    doubtful = counts.get("unproven", 0) - why.get("revoked", 0)
    if doubtful:
        yield ngettext(
            "%(n)s act is here and does not count yet: nothing here shows that it is from that phone. It is kept, and counts "
            "when that is known.",
            "%(n)s acts are here and do not count yet: nothing here shows that they are from that phone. They are kept, and "
            "count when that is known.",
            doubtful,
        ) % {"n": doubtful}
    if removed := why.get("revoked", 0):
        yield ngettext(
            "%(n)s act is from a phone that was removed: it is kept and does not count. An administrator sees it.",
            "%(n)s acts are from a phone that was removed: they are kept and do not count. An administrator sees them.",
            removed,
        ) % {"n": removed}
    if held := counts.get("quarantined", 0):
        yield ngettext(
            "%(n)s act has the mark of another that is here, and says something else: an administrator sees both and decides.",
            "%(n)s acts have the mark of others that are here, and say something else: an administrator sees both and decides.",
            held,
        ) % {"n": held}
    if later := why.get("quota", 0):
        yield ngettext(
            "%(n)s act was too much for one day. Hand the same file in again tomorrow.",
            "%(n)s acts were too much for one day. Hand the same file in again tomorrow.",
            later,
        ) % {"n": later}
    if refused := counts.get("refused", 0) - later:
        yield ngettext(
            "%(n)s line was not taken, since it can't be read or may not be kept.",
            "%(n)s lines were not taken, since they can't be read or may not be kept.",
            refused,
        ) % {"n": refused}
    if not counts:
        yield _("There is no act in the file.")
    if received.cut:
        yield _(
            "The end of the file is missing. What is whole of it was taken. Make the file again on the phone, and hand it in."
        )
