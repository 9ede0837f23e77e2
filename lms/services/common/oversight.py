"""Whom somebody of the staff may see: an administrator everybody, a coordinator the cohorts that she looks after."""

from collections.abc import Collection

from sqlalchemy import Connection

from lms.i18n import N_
from lms.refusals import Refusal
from lms.storage import certificates, cohorts, roll
from lms.storage.certificates import Certificate
from lms.storage.cohorts import Cohort
from lms.storage.people import Person
from lms.storage.roll import Account


class NotYours(Refusal):
    """There is none, or it is not hers to see: the answer is the same."""

    message = N_(
        "You look after no group, person or certificate with this address. Ask an administrator to give you the group."
    )
    status = 404


def cohorts_of(tx: Connection, staff: Person) -> list[Cohort]:
    """The cohorts that she may see, by name."""
    return cohorts.every(tx) if sees_all(staff) else cohorts.of_coordinator(tx, staff.id)


def cohort_of(tx: Connection, staff: Person, cohort: str) -> Cohort:
    """The cohort, if she may see it. Raises NotYours."""
    found = next((each for each in cohorts_of(tx, staff) if each.id == cohort), None)
    if found is None:
        raise NotYours
    return found


def scope_of(tx: Connection, staff: Person, cohort: str = "") -> frozenset[str] | None:
    """The cohorts whose people she may count: that one if she may see it, else all hers; None for everybody, in whatever
    cohort or none. Raises NotYours."""
    if cohort:
        return frozenset([cohort_of(tx, staff, cohort).id])
    return None if sees_all(staff) else frozenset(each.id for each in cohorts_of(tx, staff))


def learner_of(tx: Connection, staff: Person, person: str) -> Account:
    """The person, if she is somebody whom she may see. Raises NotYours."""
    found = roll.one(tx, person)
    if found is None or not (sees_all(staff) or cohorts.looks_after(tx, staff.id, person)):
        raise NotYours
    return found


def some_of(tx: Connection, staff: Person, persons: Collection[str]) -> dict[str, Account]:
    """Those of these people whom she may see, by id; in as many statements for one as for many."""
    scope = scope_of(tx, staff)
    seen = persons if scope is None else roll.among(tx, persons, scope)
    return roll.some(tx, seen)


def certificate_of(tx: Connection, staff: Person, number: str) -> Certificate:
    """The certificate, if its holder is somebody whom she may see. Raises NotYours."""
    found = certificates.by_number(tx, number)
    if found is None or not (sees_all(staff) or cohorts.looks_after(tx, staff.id, found.learner)):
        raise NotYours
    return found


def sees_all(staff: Person) -> bool:
    """Whether everybody is hers to see."""
    return "administrator" in staff.roles
