"""Cohorts: made and changed by a coordinator, joined with a code."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from lms.i18n import N_
from lms.ids import code as new_code
from lms.ids import grouped, typed_code, uuid7
from lms.learning import events as types
from lms.refusals import Refusal
from lms.services.common import places
from lms.services.common.institutions import TYPES
from lms.services.common.record import Act, Pen, record
from lms.services.common.staff_acts import note
from lms.services.groups.enrolment import enrol
from lms.storage import cohorts, people, releases
from lms.storage.cohorts import Cohort

MOST = 10_000
"""People who may join one cohort."""


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


class NoCourseChosen(Refusal):
    """A cohort without a course would let people in to nothing."""

    message = N_("Choose at least one course.")


class BadCap(Refusal):
    """No number of places."""

    message = N_("Write how many may join, from 1 to 10,000.")


class BadDates(Refusal):
    """The last day is before the first."""

    message = N_("The last day can't be before the first one.")


class NotOffered(Refusal):
    """A kind of institution or a country that no form offers."""

    message = N_("Choose the kind of institution and the country from the lists, or leave them open.")


class NoCoordinator(Refusal):
    """Nobody of that name may look after a cohort."""

    message = N_("“%(username)s” is no coordinator here. `lms users list` shows who is.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a cohort is to be."""

    name: str
    courses: tuple[str, ...]
    cap: int
    expires_at: datetime
    starts_on: date | None = None
    ends_on: date | None = None
    institution_type: str = ""
    country: str = ""


def checked(tx: Connection, plan: Plan, *, had: Collection[str] = ()) -> Plan:
    """The plan as it is kept, with published courses or those that the cohort had.

    Raises BadCohortName, NoCourseChosen, NoSuchCourse, BadCap, BadDates, NotOffered.
    """
    name = " ".join(plan.name.split())
    if not 1 <= len(name) <= 200 or not name.isprintable():
        raise BadCohortName
    if not plan.courses:
        raise NoCourseChosen
    published = releases.live_courses(tx)
    for course in plan.courses:
        if course not in published and course not in had:
            raise NoSuchCourse(course=course)
    if not 1 <= plan.cap <= MOST:
        raise BadCap
    if plan.starts_on and plan.ends_on and plan.ends_on < plan.starts_on:
        raise BadDates
    if plan.institution_type not in ("", *TYPES) or plan.country not in ("", *places.codes()):
        raise NotOffered
    return replace(plan, name=name, courses=tuple(dict.fromkeys(plan.courses)))


def create(
    tx: Connection, pen: Pen, *, name: str, courses: Sequence[str], cap: int, days: int, by: str = "", now: datetime
) -> Cohort:
    """A new cohort for published courses, whose code lasts so many days. Raises what `checked` does."""
    plan = Plan(name=name, courses=tuple(courses), cap=cap, expires_at=now + timedelta(days=days))
    return make(tx, pen, plan, by=by, now=now)


def make(tx: Connection, pen: Pen, plan: Plan, *, by: str = "", now: datetime) -> Cohort:
    """A new cohort with its code. Raises what `checked` does."""
    cohort = planned(checked(tx, plan), id=uuid7(), code=fresh_code(), members=0)
    cohorts.add(tx, cohort, now=now)
    record(tx, pen, Act(type=types.COHORT_MADE, learner=None, by=by or None, data=facts(cohort)), now=now)
    note(tx, "cohort-made", by=by, subject=cohort.id, now=now)
    return cohort


def planned(plan: Plan, *, id: str, code: str, members: int) -> Cohort:
    """The cohort that the plan makes, open to who has the code."""
    return Cohort(id=id, code=code, members=members, **{name: getattr(plan, name) for name in Plan.__slots__})


def fresh_code() -> str:
    """A join code: 50 random bits."""
    return grouped(new_code(10), 5)


def facts(cohort: Cohort) -> dict[str, object]:
    """What an event says of a cohort; never its code."""
    said: dict[str, object] = {"cohort": cohort.id, "name": cohort.name, "courses": list(cohort.courses)}
    said |= {"cap": cohort.cap, "institution_type": cohort.institution_type, "country": cohort.country}
    days = {"starts_on": cohort.starts_on, "ends_on": cohort.ends_on}
    return said | {name: day.isoformat() if day else None for name, day in days.items()}


def assign(tx: Connection, pen: Pen, *, cohort: Cohort, username: str, by: str = "", now: datetime) -> None:
    """The person with that folded username looks after the cohort from now on. Raises NoCoordinator."""
    found = people.by_username(tx, username)
    if found is None or "coordinator" not in found.roles:
        raise NoCoordinator(username=username)
    if cohorts.assign(tx, cohort.id, found.id):
        data = {"cohort": cohort.id, "person": found.id}
        record(tx, pen, Act(type=types.COHORT_ASSIGNED, learner=None, by=by or None, data=data), now=now)
        note(tx, "cohort-assigned", by=by, subject=cohort.id, now=now, person=found.id)


def fold_code(text: str) -> str:
    """A join code as typed, written as it was given out."""
    return grouped(typed_code(text), 5)


def look(tx: Connection, code: str, *, now: datetime) -> Cohort:
    """The cohort that the code lets in to. Raises UnknownCode, CodeOver."""
    cohort = cohorts.by_code(tx, fold_code(code))
    if cohort is None:
        raise UnknownCode
    if not cohort.lets_in(now):
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
