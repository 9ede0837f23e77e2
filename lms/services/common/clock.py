"""This computer's clock, held against what it has said before: certificates carry a date (docs/decisions/0006)."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection

from lms import BUILT_ON
from lms.i18n import N_
from lms.learning import events as types
from lms.refusals import Refusal
from lms.services.common.record import Act, Pen, record
from lms.storage import event_log

BUILT = datetime.combine(date.fromisoformat(BUILT_ON), time(), UTC)
TOLERANCE = timedelta(minutes=10)
"""How much a clock may go back (it was set anew) before certificates wait for it."""


class CertainlyWrong(Refusal):
    """Nobody can say that this clock is right."""

    message = N_("The clock says a day before this program was made: it can't be right. Set it first.")


def floor(tx: Connection) -> datetime:
    """The earliest moment that it can be: this program was built, and lines came in since somebody last said that the
    clock is right."""
    newest = event_log.last_received(tx)
    return max(BUILT, newest) if newest else BUILT


def is_behind(now: datetime, lowest: datetime) -> bool:
    """Whether a clock that says `now` is wrong, where it can't be earlier than `lowest`."""
    return now < lowest - TOLERANCE


def confirm(tx: Connection, pen: Pen, *, now: datetime) -> None:
    """Somebody says that the clock is right now: what came in before, while it was ahead, binds it no longer.

    Raises CertainlyWrong.
    """
    if is_behind(now, BUILT):
        raise CertainlyWrong
    record(tx, pen, Act(type=types.CLOCK_CONFIRMED, learner=None), now=now)
