"""What becomes of a cohort once it is there: changed, closed, given another code, handed over."""

from datetime import datetime

from sqlalchemy import Connection

from lms.i18n import N_
from lms.learning import events as types
from lms.refusals import Refusal
from lms.services.common.record import Act, Pen, record
from lms.services.common.staff_acts import note
from lms.services.groups.cohorts import NoCoordinator, Plan, assign, checked, facts, fresh_code, planned
from lms.services.groups.enrolment import enrol
from lms.storage import cohorts, event_log, people
from lms.storage.cohorts import Cohort
from lms.storage.people import Person


class LastOne(Refusal):
    """Nobody would look after the cohort any more."""

    message = N_("Somebody has to look after the group: first give it to somebody else.")
    status = 409


def change(tx: Connection, pen: Pen, cohort: Cohort, plan: Plan, *, by: str, now: datetime) -> None:
    """The cohort is as planned. Who is in it is enrolled in the courses that are new; who takes one that it has no longer
    keeps it. Raises what `checked` does."""
    cohorts.hold(tx, cohort.id)
    changed = planned(checked(tx, plan, had=cohort.courses), id=cohort.id, code=cohort.code, members=cohort.members)
    if facts(changed) == facts(cohort) and changed.expires_at == cohort.expires_at:
        return
    added = [course for course in changed.courses if course not in cohort.courses]
    inside = cohorts.members(tx, cohort.id) if added else {}
    event_log.hold_all(tx, inside)
    cohorts.change(tx, changed)
    _tell(tx, pen, by, facts(changed), now)
    note(tx, "cohort-changed", by=by, subject=cohort.id, now=now)
    for person in inside:
        for course in added:
            enrol(tx, pen, person=person, course=course, cohort=cohort.id, now=now)


def close(tx: Connection, pen: Pen, cohort: Cohort, *, by: str, now: datetime) -> None:
    """Nobody joins any more; who is in it goes on learning, and its pages stay."""
    if cohort.closed_at is None:
        cohorts.set_closed(tx, cohort.id, now)
        _tell(tx, pen, by, {"cohort": cohort.id, "closed": True}, now)
        note(tx, "cohort-closed", by=by, subject=cohort.id, now=now)


def reopen(tx: Connection, pen: Pen, cohort: Cohort, *, by: str, now: datetime) -> None:
    """Its code lets in again, if its time is not over."""
    if cohort.closed_at is not None:
        cohorts.set_closed(tx, cohort.id, None)
        _tell(tx, pen, by, {"cohort": cohort.id, "closed": False}, now)
        note(tx, "cohort-opened", by=by, subject=cohort.id, now=now)


def renew_code(tx: Connection, cohort: Cohort, *, by: str, now: datetime) -> str:
    """Another code; the one on paper until now lets nobody in."""
    code = fresh_code()
    cohorts.set_code(tx, cohort.id, code)
    note(tx, "cohort-code", by=by, subject=cohort.id, now=now)
    return code


def hand_to(tx: Connection, pen: Pen, cohort: Cohort, person: str, *, by: str, now: datetime) -> None:
    """The coordinator with that id looks after the cohort too. Raises NoCoordinator."""
    found = people.by_id(tx, person)
    if found is None or not found.active:
        raise NoCoordinator(username=person)
    assign(tx, pen, cohort=cohort, username=found.username, by=by, now=now)


def take_from(tx: Connection, pen: Pen, cohort: Cohort, person: str, *, by: Person, now: datetime) -> None:
    """The coordinator with that id looks after the cohort no longer. Raises LastOne, except for an administrator, who
    sees every cohort."""
    cohorts.hold(tx, cohort.id)
    if "administrator" not in by.roles and set(cohorts.coordinators(tx, cohort.id)) <= {person}:
        raise LastOne
    release(tx, pen, cohort.id, person, by=by.id, now=now)


def release(tx: Connection, pen: Pen, cohort: str, person: str, *, by: str, now: datetime) -> None:
    """The person looks after the cohort no longer, whoever else does. `by`: empty for the command line."""
    if cohorts.unassign(tx, cohort, person):
        data = {"cohort": cohort, "person": person}
        record(tx, pen, Act(type=types.COHORT_UNASSIGNED, learner=None, by=by or None, data=data), now=now)
        note(tx, "cohort-unassigned", by=by, subject=cohort, now=now, person=person)


def _tell(tx: Connection, pen: Pen, by: str, data: dict[str, object], now: datetime) -> None:
    record(tx, pen, Act(type=types.COHORT_CHANGED, learner=None, by=by or None, data=data), now=now)
