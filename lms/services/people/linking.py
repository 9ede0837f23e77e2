"""Two accounts of one person: found, linked they count once, and unlinked twice again. Each keeps what it has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from lms.i18n import N_
from lms.learning import events as types
from lms.refusals import Refusal
from lms.services.common import oversight
from lms.services.common.oversight import NotYours
from lms.services.common.record import Act, Pen, record
from lms.services.common.staff_acts import note
from lms.storage import alike, certificates, directory, links, projection, roll
from lms.storage.certificates import Certificate
from lms.storage.cohorts import Cohort
from lms.storage.directory import Sought
from lms.storage.people import Person
from lms.storage.projection import Taken
from lms.storage.roll import Account

FEW = 10
"""How many accounts are shown beside one; with that name there may be hundreds."""
PAIRS = 50
"""How many pairs are shown at once."""


class SameAlready(Refusal):
    """They are one account, or linked."""

    message = N_("These count as one person already.")
    status = 409


class NotLinked(Refusal):
    """It stands for itself."""

    message = N_("This account is linked to no other.")
    status = 409


class OutOfSight(Refusal):
    """An account that counts with one of these is not hers to see."""

    message = N_(
        "One of these accounts counts as one with an account that is in none of your groups. Ask an administrator to do it."
    )
    status = 409


@dataclass(frozen=True, slots=True)
class Side:
    """An account, as far as somebody of the staff may see it, to be held against another one."""

    account: Account
    groups: Sequence[Cohort]
    taken: Sequence[Taken]
    certificates: Sequence[Certificate]


@dataclass(frozen=True, slots=True)
class Together:
    """The accounts that count as one: the one that counts, None where it is not hers to see, the others that she may see,
    and how many she may not."""

    counts: Account | None
    others: Sequence[Account]
    hidden: int

    @property
    def is_one(self) -> bool:
        """Whether the account stands for itself alone."""
        return not self.others and not self.hidden


def together(tx: Connection, staff: Person, person: str) -> Together:
    """What counts as one with that account."""
    counts, *others = links.all_of(tx, person)
    seen = oversight.some_of(tx, staff, (counts, *others))
    shown = [seen[each] for each in others if each in seen]
    return Together(seen.get(counts), shown, 1 + len(others) - len(seen))


def likely(tx: Connection, staff: Person, person: str) -> list[Account]:
    """Accounts that may be that person's, of those that she may see."""
    ids = alike.of_person(tx, person, within=oversight.scope_of(tx, staff), limit=FEW)
    found = roll.some(tx, ids)
    return [found[each] for each in ids]


def likely_pairs(tx: Connection, staff: Person) -> list[tuple[Account, Account]]:
    """Pairs of accounts that may be of one person each, of those that she may see."""
    ids = alike.pairs(tx, within=oversight.scope_of(tx, staff), limit=PAIRS)
    found = roll.some(tx, {each for pair in ids for each in pair})
    return [(found[one], found[other]) for one, other in ids]


def search(tx: Connection, staff: Person, person: str, text: str) -> list[Account]:
    """Accounts with that in name, username or ID, of those that she may see, but not that person's."""
    sought = Sought.read({"q": text})
    if not sought.text:
        return []
    found = directory.page(tx, sought, within=oversight.scope_of(tx, staff), limit=FEW + 1)
    return [each for each in found if each.id != person][:FEW]


def sides(tx: Connection, staff: Person, one: str, other: str) -> tuple[Side, Side]:
    """Both accounts: of what they learnt only what belongs to the groups that she sees. Raises NotYours, SameAlready."""
    seen = oversight.some_of(tx, staff, (one, other))
    if one not in seen or other not in seen:
        raise NotYours
    if links.stands_for(tx, one) == links.stands_for(tx, other):
        raise SameAlready
    groups, taken = oversight.cohorts_of(tx, staff), projection.taken_by(tx, (one, other))
    return _side(tx, staff, seen[one], groups, taken), _side(tx, staff, seen[other], groups, taken)


def check_hers(tx: Connection, staff: Person, person: str) -> None:
    """Nothing, where she may see that account and all that count with it; until the commit nobody links or erases one.
    Raises NotYours, OutOfSight."""
    links.hold(tx)
    oversight.learner_of(tx, staff, person)
    if together(tx, staff, person).hidden:
        raise OutOfSight


def link(tx: Connection, pen: Pen, *, person: str, same_as: str, by: str, now: datetime) -> None:
    """The account counts as the other from now on, with whatever was linked to either. Raises SameAlready."""
    links.hold(tx)
    one, other = links.stands_for(tx, person), links.stands_for(tx, same_as)
    if one == other:
        raise SameAlready
    links.add(tx, person=one, same_as=other, now=now)
    _say(tx, pen, types.LEARNERS_LINKED, {"learner": one, "same_as": other}, by, now)
    note(tx, "people-linked", by=by, subject=one, now=now, same_as=other)


def unlink(tx: Connection, pen: Pen, *, person: str, by: str, now: datetime) -> None:
    """The account stands for itself again. Raises NotLinked."""
    links.hold(tx)
    other = links.stands_for(tx, person)
    if not links.remove(tx, person):
        raise NotLinked
    _say(tx, pen, types.LEARNERS_UNLINKED, {"learner": person, "same_as": other}, by, now)
    note(tx, "people-unlinked", by=by, subject=person, now=now, same_as=other)


def _side(tx: Connection, staff: Person, account: Account, groups: Sequence[Cohort], taken: Sequence[Taken]) -> Side:
    inside = roll.cohorts_of(tx, account.id)
    hers = [each for each in groups if each.id in inside]
    courses = {course for each in hers for course in each.courses}
    all_ = oversight.sees_all(staff)
    return Side(
        account,
        hers,
        [each for each in taken if each.learner == account.id and (all_ or each.course in courses)],
        [each for each in certificates.of_learner(tx, account.id) if all_ or each.course in courses],
    )


def _say(tx: Connection, pen: Pen, kind: str, data: dict[str, str], by: str, now: datetime) -> None:
    record(tx, pen, Act(type=kind, learner=None, by=by or None, data=data), now=now)
