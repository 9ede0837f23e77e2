"""`lms worker`: makes the certificates that were asked for, and deletes what is past its time. The only process that reads the
issuer's key."""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable
from datetime import date

import click

from lms import logs
from lms.certificates.keys import Issuer, complete, load_issuer, load_store_key
from lms.certificates.protection import Lock, NeedsPassphrase, WrongPassphrase
from lms.cli.housekeeping import Housekeeping
from lms.cli.lifeline import PARENT, die_with_parent
from lms.cli.place import ask_passphrase, keep_private, now, open_database, open_pen
from lms.cli.speech import Spoken, _
from lms.config import Settings
from lms.i18n import N_
from lms.refusals import Refusal
from lms.services.certifying import issuing
from lms.services.common.record import Pen
from lms.services.common.registers import publish_numbers, publish_store, shelve
from lms.services.running.in_force import InForce
from lms.storage import certificates, stores
from lms.storage.database import Database

PAUSE = 0.5  # seconds between two looks at the database
FIRST_WAIT, LONGEST_WAIT = 2.0, 300.0  # seconds before a certificate that could not be made is tried again
AT_ONCE = 20  # certificates between two looks at the database
log = logging.getLogger("lms.worker")


class NobodyToAsk(Refusal):
    """A key is under a passphrase, and this worker has no terminal."""

    message = N_(
        "%(file)s is locked with a passphrase, and nobody can be asked for it here. Run `lms worker` in a terminal, where "
        "it can ask you, or lock the key with the secret file: `lms keys protect`."
    )


@click.command(cls=Spoken)
@click.option("--child", is_flag=True, hidden=True, help="Started by `lms serve`: end when it ends.")
@click.option("--once", is_flag=True, help=N_("Make what waits, then end."))
def command(child: bool, once: bool) -> None:
    """Make certificates as they are asked for; resumes what a power cut interrupted. Deletes what is kept no longer (`lms
    retention`). `lms serve` runs one already.

    Example: lms worker
    """
    logs.configure()
    keep_private()
    if child:
        die_with_parent(int(os.environ.get(PARENT, os.getppid())))
    over = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_signal: over.set())
    settings = Settings.load()
    database = open_database(settings)
    pen, keys, later, in_force = open_pen(settings, database), Keys(settings), Later(), InForce(settings, database)
    told, hindrance = Told(settings, database), Hindrance(settings)
    house = None if once else Housekeeping(settings, database, pen)
    while not over.is_set():
        if house:
            house.keep()
        try:
            issuer = keys.issuer()
            made = make_pending(database, pen, issuer, in_force(), later)
            told.keep(issuer)
        except Refusal as refusal:
            if not child or isinstance(refusal, WrongPassphrase):  # which is asked for again
                raise
            hindrance.wait(refusal, over)
            continue
        if once and not made:
            return
        over.wait(0 if made else PAUSE)


class Keys:
    """The issuer's keys, opened once, and again when others were installed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = Lock(settings.secret, ask_passphrase if sys.stdin.isatty() else None)
        self._opened: tuple[bytes, date, Issuer] | None = None

    def issuer(self) -> Issuer:
        """The keys that this installation signs with now. Raises BadKey, and what `Lock.unlock` raises."""
        path, today = self._settings.keys / "issuer.pem", now().date()
        if self._opened is None or self._opened[:2] != (path.read_bytes() if path.exists() else b"", today):
            if path.exists():
                complete(self._settings.keys, self._settings.keys, now=now(), lock=self._lock)
            found = load_issuer(self._settings.keys, self._lock)
            shelve(self._settings, self._settings.keys)
            self._opened = path.read_bytes(), today, found
        return self._opened[2]


class Hindrance:
    """What keeps all certificates waiting until somebody does something. It is told once, in the log and where `lms serve`
    was started, which goes on serving pages."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._told = ""

    def wait(self, refusal: Refusal, over: threading.Event) -> None:
        """Comes back when a file of the keys or lists is another one, after some minutes, or when it is `over`."""
        if isinstance(refusal, NeedsPassphrase):
            refusal = NobodyToAsk(**refusal.values)
        sentence = refusal.sentence(_)
        if sentence != self._told:
            log.error("certificates wait: %s", refusal, extra={"kind": type(refusal).__name__})
            click.echo(_("Certificates wait.") + " " + sentence)
            self._told = sentence
        before, until = self._stamps(), time.monotonic() + LONGEST_WAIT
        while not over.wait(PAUSE) and self._stamps() == before and time.monotonic() < until:
            pass

    def _stamps(self) -> list[tuple[str, int]]:
        files = [*self._settings.keys.glob("*"), *self._settings.trust.glob("*.*"), self._settings.secret]
        return sorted((str(each), each.stat().st_mtime_ns) for each in files if each.exists())


class Told:
    """What the issuer's lists said when this process last looked after them: that of numbers is made anew as soon as another
    number stands no longer, both with another key, and now and then."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings, self._database = settings, database
        self._last: tuple[int, bytes, date] | None = None

    def keep(self, issuer: Issuer) -> None:
        """The lists say what this installation's register says, and which key it signs events with."""
        with self._database.reading() as tx:
            this = certificates.how_many_ended(tx), issuer.kid, now().date()
            if this == self._last:
                return
            ended, store = certificates.ended(tx), stores.this(tx)
        if publish_numbers(self._settings, issuer, revoked=ended.revoked, replaced=ended.replaced, now=now()):
            if store:
                key = load_store_key(self._settings.keys)
                publish_store(self._settings, issuer, store=store.id, store_key=key, now=now())
            self._last = this


class Later:
    """Numbers whose certificate could not be made, and when each is tried again: after ever longer, five minutes at
    most. Kept by this process only: started anew, it tries them all."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._waits: dict[str, float] = {}
        self._until: dict[str, float] = {}

    def due(self, numbers: Iterable[str]) -> list[str]:
        """Those of the numbers that may be tried now."""
        return [each for each in numbers if self._until.get(each, 0) <= self._clock()]

    def failed(self, number: str) -> None:
        """The number waits twice as long as before."""
        self._waits[number] = min(2 * self._waits.get(number, FIRST_WAIT / 2), LONGEST_WAIT)
        self._until[number] = self._clock() + self._waits[number]

    def keep(self, numbers: Iterable[str]) -> None:
        """Every other number is forgotten."""
        kept = set(numbers)
        self._waits = {number: wait for number, wait in self._waits.items() if number in kept}
        self._until = {number: until for number, until in self._until.items() if number in kept}


def make_pending(database: Database, pen: Pen, issuer: Issuer, settings: Settings, later: Later) -> int:
    """How many of the certificates that wait were made; one that fails is logged, tried `later`, and keeps no other."""
    with database.reading() as tx:
        numbers = certificates.pending(tx)
    later.keep(numbers)
    made = 0
    for number in later.due(numbers):
        if made == AT_ONCE:
            break
        if _is_made(database, pen, issuer, settings, number):
            made += 1
        else:
            later.failed(number)
    return made


def _is_made(database: Database, pen: Pen, issuer: Issuer, settings: Settings, number: str) -> bool:
    try:
        return issuing.finish(database, pen, issuer, settings, number=number, now=now()) is not None
    except Exception as error:  # its text may hold a name: only its kind is logged
        log.error("certificate %s was not made", number, extra={"kind": type(error).__name__})
        return False
