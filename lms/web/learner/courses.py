"""Courses as whoever asks sees them, each in the language that she reads it in."""

from collections.abc import Iterable

from sqlalchemy import Connection

from lms.services.people.consent import may_record
from lms.services.studying import looking
from lms.services.studying.looking import View
from lms.web.frame.locale import course_language, course_languages, reader
from lms.web.frame.session import person, signed_in
from lms.web.frame.site import site


def look(tx: Connection, course: str, *, learner: str | None = None) -> View:
    """The course for that learner, by default whoever asks. Raises UnknownPage."""
    spoken = course_language(course)
    return looking.look(tx, site().desk.catalogue, learner=learner or _who(), course=course, language=spoken)


def enter(tx: Connection, course: str) -> View:
    """The course for whoever is signed in, who may study it. Raises UnknownPage, NotEnrolled."""
    spoken = course_language(course)
    return looking.enter(tx, site().desk.catalogue, learner=signed_in().id, course=course, language=spoken)


def look_at_all(tx: Connection) -> list[View]:
    """Every published course for whoever asks, in the catalogue's order."""
    catalogue, chosen = site().desk.catalogue, course_languages()
    return looking.look_at_all(tx, catalogue, learner=_who(), language=reader().language, chosen=chosen)


def catch_up(views: Iterable[View]) -> None:
    """What whoever asks sees as complete is recorded as complete, where what she does may be kept."""
    who = person()
    if who and may_record(who):
        looking.catch_up(site().database, site().desk, views, learner=who.id, now=site().clock())


def _who() -> str | None:
    who = person()
    return who.id if who else None
