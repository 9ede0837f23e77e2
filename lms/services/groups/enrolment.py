"""Enrolment: who takes a course, by herself or in a cohort."""

from datetime import datetime

from sqlalchemy import Connection

from lms.learning import events as types
from lms.learning.progress import apply
from lms.services.common.record import Act, Pen, record
from lms.storage import cohorts, event_log, projection


def enrolled(tx: Connection, *, person: str, course: str) -> bool:
    """Whether the person is enrolled in the course."""
    return cohorts.is_enrolled(tx, person, course)


def enrol(tx: Connection, pen: Pen, *, person: str, course: str, cohort: str, now: datetime) -> None:
    """The person is enrolled in the course by that cohort; told once, however often this is called."""
    if not cohorts.enrol(tx, person=person, course=course, cohort=cohort, now=now):
        return
    event_log.hold(tx, person)
    act = Act(type=types.STORE_ENROLLED, learner=person, course=course, data={"cohort": cohort})
    event = record(tx, pen, act, now=now)
    if event:
        progress = apply(projection.of_course(tx, person, course), event, {})
        projection.save(tx, person, course, progress)
