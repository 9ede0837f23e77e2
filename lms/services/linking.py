"""Two accounts of one person: linked they count once, and unlinked twice again. Each keeps what it has."""

from datetime import datetime

from sqlalchemy import Connection

from lms.i18n import N_
from lms.learning import events as types
from lms.refusals import Refusal
from lms.services.record import Act, Pen, record
from lms.services.staff_acts import note
from lms.storage import links


class SameAlready(Refusal):
    """They are one account, or linked."""

    message = N_("These count as one person already.")
    status = 409


class NotLinked(Refusal):
    """It stands for itself."""

    message = N_("This account is linked to no other.")
    status = 409


def link(tx: Connection, pen: Pen, *, person: str, same_as: str, by: str, now: datetime) -> None:
    """The account counts as the other from now on, with whatever was linked to either. Raises SameAlready."""
    one, other = links.stands_for(tx, person), links.stands_for(tx, same_as)
    if one == other:
        raise SameAlready
    links.add(tx, person=one, same_as=other, now=now)
    _say(tx, pen, types.LEARNERS_LINKED, {"learner": one, "same_as": other}, by, now)
    note(tx, "people-linked", by=by, subject=one, now=now, same_as=other)


def unlink(tx: Connection, pen: Pen, *, person: str, by: str, now: datetime) -> None:
    """The account stands for itself again. Raises NotLinked."""
    other = links.stands_for(tx, person)
    if not links.remove(tx, person):
        raise NotLinked
    _say(tx, pen, types.LEARNERS_UNLINKED, {"learner": person, "same_as": other}, by, now)
    note(tx, "people-unlinked", by=by, subject=person, now=now, same_as=other)


def _say(tx: Connection, pen: Pen, kind: str, data: dict[str, str], by: str, now: datetime) -> None:
    record(tx, pen, Act(type=kind, learner=None, by=by or None, data=data), now=now)
