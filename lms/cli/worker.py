"""`lms worker`: makes the certificates that were asked for. The only process that reads the issuer's key."""

import logging
import os
import signal
import threading

import click

from lms import logs
from lms.certificates.keys import Issuer, load_issuer
from lms.cli.lifeline import PARENT, die_with_parent
from lms.cli.place import now, open_database, open_pen
from lms.cli.speech import Spoken
from lms.config import Settings
from lms.i18n import N_
from lms.services import certify
from lms.services.record import Pen
from lms.storage import certificates
from lms.storage.database import Database

PAUSE = 0.5  # seconds between two looks at the database
log = logging.getLogger("lms.worker")


@click.command(cls=Spoken)
@click.option("--child", is_flag=True, hidden=True, help="Started by `lms serve`: end when it ends.")
@click.option("--once", is_flag=True, help=N_("Make what waits, then end."))
def command(child: bool, once: bool) -> None:
    """Make certificates as they are asked for; resumes what a power cut interrupted. `lms serve` runs one already.

    Example: lms worker
    """
    logs.configure()
    if child:
        die_with_parent(int(os.environ.get(PARENT, os.getppid())))
    over = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: over.set())
    settings = Settings.load()
    database = open_database(settings)
    pen, issuer = open_pen(settings, database), load_issuer(settings.keys)
    while not over.is_set():
        made = make_pending(database, pen, issuer, settings)
        if once:
            return
        over.wait(0 if made else PAUSE)


def make_pending(database: Database, pen: Pen, issuer: Issuer, settings: Settings) -> int:
    """How many of the certificates that wait were made; one that fails is logged and does not keep the others."""
    with database.reading() as tx:
        numbers = certificates.pending(tx)
    made = 0
    for number in numbers:
        try:
            made += certify.finish(database, pen, issuer, settings, number=number, now=now()) is not None
        except Exception as error:  # its text may hold a name: only its kind is logged
            log.error("certificate %s was not made", number, extra={"kind": type(error).__name__})
    return made
