"""What somebody may do here beside learning: roles given and taken, and what follows from that."""

from collections.abc import Collection, Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Connection

from lms.i18n import N_
from lms.refusals import Refusal
from lms.services.common.oversight import NotYours
from lms.services.common.record import Pen
from lms.services.common.staff_acts import note
from lms.services.groups import cohort_care
from lms.services.people import second_factor
from lms.storage import cards, cohorts, event_log, people, resets, sessions
from lms.storage.people import STAFF, Person

ROLES: Mapping[str, str] = MappingProxyType(
    {"author": N_("Authorship"), "coordinator": N_("Coordination"), "administrator": N_("Administration")}
)
"""What each role of the staff is called, for nobody in particular."""


class LastAdministrator(Refusal):
    """Nobody would be left who can give roles."""

    message = N_(
        "Nobody else who can sign in administers this installation. First give somebody else the role “Administration”; "
        "it counts once they have a passphrase."
    )
    status = 409


class NotAdministrator(Refusal):
    """Whoever asks was an administrator when the page opened."""

    message = N_("You can't change roles any more: somebody took yours away.")
    status = 403


def change(tx: Connection, pen: Pen, person: str, roles: Collection[str], *, by: Person | None, now: datetime) -> bool:
    """Whether the person's roles beside learning were others; now they are these. Then she is signed in nowhere. Whoever
    is of the staff from now on comes in with a passphrase of her own alone; whoever is no longer looks after no cohort and
    has no second factor. `by` None: the command line. Raises NotYours, LastAdministrator, NotAdministrator."""
    administrators = _administrators(tx, by)
    event_log.hold(tx, person)  # who is giving her a way in has done, or sees that she is of the staff
    found = people.by_id(tx, person)
    if found is None:
        raise NotYours
    before, after = found.roles.intersection(STAFF), frozenset(roles).intersection(STAFF)
    if before == after:
        return False
    if "administrator" in before - after and administrators <= {person}:
        raise LastAdministrator
    actor = by.id if by else ""
    people.set_roles(tx, person, {"learner", *after})
    sessions.end_all(tx, person)
    if not before:
        _end_given_ways(tx, found, now)
    if not after:
        second_factor.remove(tx, person, by=actor, now=now)
    if after <= {"author"}:
        for cohort in cohorts.of_coordinator(tx, person):
            cohort_care.release(tx, pen, cohort.id, person, by=actor, now=now)
    for act, names in (("role-given", after - before), ("role-taken", before - after)):
        for role in sorted(names):
            note(tx, act, by=actor, subject=person, now=now, role=role)
    return True


def check_may(tx: Connection, by: Person) -> None:
    """Nothing, where that person administers still. Raises NotAdministrator."""
    _administrators(tx, by)


def check_others(tx: Connection, person: str, *, by: Person | None) -> None:
    """Nothing, where somebody else can administer without that person. Raises LastAdministrator, NotAdministrator."""
    if _administrators(tx, by) <= {person}:
        raise LastAdministrator


def _administrators(tx: Connection, by: Person | None) -> frozenset[str]:
    """Who can administer. Until the commit nobody else changes that. Raises NotAdministrator."""
    found = people.administrators(tx)
    if by and by.id not in found:
        raise NotAdministrator
    return found


def _end_given_ways(tx: Connection, person: Person, now: datetime) -> None:
    """Whatever she was given as a learner lets in no more: whoever gave it may be no administrator and would come in as
    one."""
    cards.void_all(tx, person.id, now=now)
    resets.take_back(tx, person.id)
    if person.must_change:
        people.set_passphrase(tx, person.id, "", must_change=True)
