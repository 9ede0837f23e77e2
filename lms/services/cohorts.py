"""Cohorts: made by a coordinator, joined with a code."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from lms.i18n import N_
from lms.ids import code as new_code
from lms.ids import grouped, typed_code, uuid7
from lms.learning import events as types
from lms.refusals import Refusal
from lms.services.enrolment import enrol
from lms.services.record import Act, Pen, record
from lms.storage import cohorts, people, releases
from lms.storage.cohorts import Cohort


class UnknownCode(Refusal):
    """No cohort has that code."""

    message = N_("This code does not exist. Check each character, or ask whoever gave it to you.")


class CodeOver(Refusal):
    """The cohort's time is over."""

    message = N_("This code is no longer valid. Ask whoever gave it to you for a new one.")


class CohortFull(Refusal):
    """As many have joined as may."""

    message = N_("Every place of this group is taken. Ask whoever gave you the code for another one.")


class NoSuchCourse(Refusal):
    """A cohort is made for a course that is not published."""

    message = N_("No course “%(course)s” is published here.")


class BadCohortName(Refusal):
    """No name, or a longer one than lists can show."""

    message = N_("Give the group a name of at most 200 characters.")


class NoCoordinator(Refusal):
    """Nobody of that name may look after a cohort."""

    message = N_("“%(username)s” is no coordinator here. `lms users list` shows who is.")


def create(
    tx: Connection, pen: Pen, *, name: str, courses: Sequence[str], cap: int, days: int, now: datetime
) -> Cohort:
    """A new cohort for published courses, with its code (50 random bits). Raises BadCohortName, NoSuchCourse."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= 200:
        raise BadCohortName
    published = releases.live_courses(tx)
    for course in courses:
        if course not in published:
            raise NoSuchCourse(course=course)
    cohort = Cohort(
        id=uuid7(),
        name=name,
        code=grouped(new_code(10), 5),
        courses=tuple(dict.fromkeys(courses)),
        cap=cap,
        expires_at=now + timedelta(days=days),
        members=0,
    )
    cohorts.add(tx, cohort, now=now)
    data = {"cohort": cohort.id, "name": name, "courses": list(cohort.courses), "cap": cap}
    record(tx, pen, Act(type=types.COHORT_MADE, learner=None, data=data), now=now)
    return cohort


def assign(tx: Connection, pen: Pen, *, cohort: Cohort, username: str, now: datetime) -> None:
    """The person with that folded username looks after the cohort from now on. Raises NoCoordinator."""
    found = people.by_username(tx, username)
    if found is None or "coordinator" not in found.roles:
        raise NoCoordinator(username=username)
    if cohorts.assign(tx, cohort.id, found.id):
        data = {"cohort": cohort.id, "person": found.id}
        record(tx, pen, Act(type=types.COHORT_ASSIGNED, learner=None, data=data), now=now)


def fold_code(text: str) -> str:
    """A join code as typed, written as it was given out."""
    return grouped(typed_code(text), 5)


def look(tx: Connection, code: str, *, now: datetime) -> Cohort:
    """The cohort that the code lets in to. Raises UnknownCode, CodeOver."""
    cohort = cohorts.by_code(tx, fold_code(code))
    if cohort is None:
        raise UnknownCode
    if cohort.expires_at <= now:
        raise CodeOver
    return cohort


def hold(tx: Connection, code: str) -> None:
    """Until the commit nobody else joins with the code. Whoever writes events too holds the cohort first, then writes:
    the other way round two would wait for each other."""
    found = cohorts.by_code(tx, fold_code(code)) if code else None
    if found:
        cohorts.hold(tx, found.id)


def join(tx: Connection, pen: Pen, *, person: str, code: str, now: datetime) -> Cohort:
    """The person is in the cohort and enrolled in its courses; joining twice is joining once.

    Raises UnknownCode, CodeOver, CohortFull.
    """
    cohort = look(tx, code, now=now)
    cohorts.hold(tx, cohort.id)
    cohort = look(tx, code, now=now)
    if cohort.members >= cohort.cap and not cohorts.is_member(tx, person, cohort.id):
        raise CohortFull
    for course in cohort.courses:
        enrol(tx, pen, person=person, course=course, cohort=cohort.id, now=now)
    return cohort
