"""A group at a glance: how far each person is, who needs a call and why, and what to say to them."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from sqlalchemy import Connection

from lms.content.model import Course
from lms.i18n import Reader
from lms.learning.stuck import SILENT_DAYS, TRIES
from lms.services.common import oversight
from lms.services.reporting.overview import Overview, Row, overview
from lms.storage.cohorts import Cohort
from lms.web.frame import codes
from lms.web.frame.fresh import fresh
from lms.web.frame.locale import reader
from lms.web.frame.paging import SHOWN, Paging
from lms.web.frame.security import access
from lms.web.frame.session import signed_in
from lms.web.frame.site import site
from lms.web.staff import outreach
from lms.web.staff.outreach import Message

blueprint = Blueprint("overview", __name__)
STAFF = ("coordinator", "administrator")
WHOLE = 60
"""So many people are on one page; more are on several."""


@dataclass(frozen=True, slots=True)
class _Glance:
    """A cohort, its courses that are published, and how it gets on in one of them."""

    cohort: Cohort
    live: dict[str, Course]
    seen: Overview | None
    """None where none of its courses is published here."""

    @property
    def course(self) -> str:
        """The id of the course that is shown."""
        return self.seen.release.course.id if self.seen else ""


@blueprint.get("/staff/cohorts/<cohort>")
@access(*STAFF)
def page(cohort: str) -> str:
    """Who needs a call, and everybody's progress, in the course of `?course=`."""
    return _page("staff/cohort.html", cohort, silent=SILENT_DAYS, tries=TRIES, most=SHOWN)


@blueprint.get("/staff/cohorts/<cohort>/calls")
@access(*STAFF)
@fresh
def calls(cohort: str) -> str:
    """The same as a list to print: whom to call, and room for notes."""
    return _page("staff/calls.html", cohort)


@blueprint.get("/staff/cohorts/<cohort>/messages")
@access(*STAFF)
@fresh
def messages(cohort: str) -> str:
    """What to write to each person and to the group, to be copied."""
    here_only = codes.is_here_only(_url())
    return _page("staff/messages.html", cohort, personal=_personal, common=_common, here_only=here_only)


def _page(template: str, cohort: str, **more: object) -> str:
    now = site().clock()
    with site().database.reading() as tx:
        glance = _glance(tx, cohort)
    paging, part = _part(glance.seen)
    shown = {"cohort": glance.cohort, "glance": glance, "seen": glance.seen, "part": part, "paging": paging}
    return render_template(template, **shown, why=_why, now=now, **more)


def _part(seen: Overview | None) -> tuple[Paging, Overview | None]:
    """Whom the page shows: everybody by name, or of a large group some, whoever needs a call most first."""
    count = len(seen.rows) if seen else 0
    paging = Paging.read(count if count > WHOLE else 0)
    return paging, seen.part(paging.offset, SHOWN) if seen and paging.last > 1 else seen


def _why(row: Row) -> str:
    return outreach.why(row, reader())


def _glance(tx: Connection, cohort: str) -> _Glance:
    """The group as the request asks for it. Raises NotYours."""
    found, catalogue = oversight.cohort_of(tx, signed_in(), cohort), site().desk.catalogue
    releases = {each.course.id: each for each in catalogue.all_live(tx) if each.course.id in found.courses}
    asked = request.args.get("course", "")
    release = releases.get(asked) or next(iter(releases.values()), None)
    language, now = reader().language, site().clock()
    seen = overview(tx, catalogue, release, cohort=found.id, language=language, now=now) if release else None
    return _Glance(found, {name: each.course for name, each in releases.items()}, seen)


def _speaker(language: str | None) -> Reader:
    """How to speak to somebody who has chosen that language, or none."""
    settings, mine = site().settings, reader()
    known = language if language in settings.languages else settings.languages[0]
    return Reader(known, mine.zone, mine.folder)


def _personal(row: Row, course: Course) -> Message:
    return outreach.personal(row, course, _speaker(row.member.language), program=site().settings.name, url=_url())


def _common(seen: Overview) -> list[Message]:
    """One for each language that people of the group have chosen."""
    speakers = {each.language: each for each in (_speaker(row.member.language) for row in seen.rows)}
    course, settings = seen.release.course, site().settings
    return [outreach.common(course, each, program=settings.name, url=_url()) for each in speakers.values()]


def _url() -> str:
    """Where people begin: an address that names no course."""
    return request.url_root
