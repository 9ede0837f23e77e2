"""What somebody had right before a course, for as long as it is to be held against what she has right after it."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Connection, delete, select

from lms.storage.event_log import inserts, upsert
from lms.storage.tables import gains

KEPT = timedelta(days=365)
"""Who takes longer is not compared: what she had right before is deleted."""


@dataclass(frozen=True, slots=True)
class Before:
    """The form that she answered and how much of it was right (see `lms.learning.gain.WHOLE`); never what she answered."""

    form: str
    share: int


def over(today: date) -> ColumnElement[bool]:
    """The condition of a row whose time is over."""
    return gains.c.day < today - KEPT


def keep(tx: Connection, before: Before, *, learner: str, course: str, major: int, day: date) -> None:
    """It is kept, unless there is one already."""
    row = {"learner": learner, "course": course, "major": major, "form": before.form, "share": before.share, "day": day}
    inserts(tx, upsert(tx)(gains).values(**row).on_conflict_do_nothing())


def of(tx: Connection, *, learner: str, course: str, major: int) -> Before | None:
    """What is kept of her, if anything."""
    mine = (gains.c.learner == learner, gains.c.course == course, gains.c.major == major)
    row = tx.execute(select(gains.c.form, gains.c.share).where(*mine)).first()
    return Before(row.form, row.share) if row else None


def take(tx: Connection, *, learner: str, course: str, major: int) -> Before | None:
    """The same, and nothing is kept from now on: of two who take at once only one gets it."""
    mine = (gains.c.learner == learner, gains.c.course == course, gains.c.major == major)
    row = tx.execute(delete(gains).where(*mine).returning(gains.c.form, gains.c.share)).first()
    return Before(row.form, row.share) if row else None


def drop_old(tx: Connection, today: date) -> int:
    """Nothing is kept whose time is over; how many there were."""
    return tx.execute(delete(gains).where(over(today))).rowcount
