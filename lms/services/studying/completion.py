"""The moment a course is complete: said once in the log, and a certificate asked for where the course has one."""

from datetime import datetime

from sqlalchemy import Connection

from lms.learning import events as types
from lms.learning.progress import Progress, apply
from lms.learning.standing import standing
from lms.services.common.record import Act, record
from lms.services.studying.desk import Desk, Where


def settle(tx: Connection, desk: Desk, where: Where, progress: Progress, *, now: datetime) -> Progress:
    """The progress, with completion recorded if it has just been reached."""
    release = desk.catalogue.live(tx, where.course)
    if release is None or release.course.major in progress.completed:
        return progress
    if not standing(desk.catalogue.today(tx, progress, release), release.course, where.language).met:
        return progress
    act = Act(
        type=types.COURSE_COMPLETED,
        learner=where.learner,
        course=where.course,
        release=release.digest,
        data={"major": release.course.major},
    )
    event = record(tx, desk.pen, act, now=now)
    if release.course.certificate:
        desk.certify(tx, desk.pen, learner=where.learner, release=release, language=where.language, now=now)
    return apply(progress, event, desk.catalogue) if event else progress
