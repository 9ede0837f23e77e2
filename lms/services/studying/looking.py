"""Looking at courses: what one person sees of a course now, and whether she may study it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from lms.content.model import Course, Edition, Module
from lms.i18n import N_
from lms.learning.lineage import Lineage
from lms.learning.missed import Missed, changed, missed
from lms.learning.progress import Progress
from lms.learning.standing import Standing, standing
from lms.learning.today import Record
from lms.refusals import Refusal
from lms.services.groups import enrolment
from lms.services.studying import completion
from lms.services.studying.acts import hold
from lms.services.studying.desk import Desk, Where
from lms.storage import projection
from lms.storage.database import Database
from lms.storage.releases import Catalogue, Release


class UnknownPage(Refusal):
    """No such course or module."""

    message = N_("This page does not exist, or no longer. Go to the list of courses to find what you were looking for.")
    status = 404


class NotEnrolled(Refusal):
    """The course is only for people who were enrolled in it."""

    message = N_(
        "This course is for people whose coordinator enrolled them. Ask your coordinator for a code to join it."
    )
    status = 403


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A course as one person sees it now: the live release in her language, and where she stands."""

    release: Release
    edition: Edition
    lineage: Lineage
    progress: Record
    standing: Standing

    @property
    def unsaid(self) -> bool:
        """Whether she has done all that the course asks for now and no event says so: a release asks for less than the
        one before, and she has done nothing since."""
        complete = self.standing.begun and self.standing.met
        return complete and self.release.course.major not in self.progress.completed

    def module(self, module: str) -> Module:
        """One module of it. Raises UnknownPage."""
        if module not in self.edition.modules:
            raise UnknownPage
        return self.edition.modules[module]

    def module_now(self, old: str) -> Module:
        """The module that has or had that id. Raises UnknownPage."""
        return self.module(old if old in self.edition.modules else self.lineage.now(old))

    def changed(self, question: str) -> bool:
        """Whether the question asks for something else than when she answered it last."""
        return changed(self.progress, self.release.key, question)

    @property
    def missed(self) -> Missed:
        """What she missed in practice and may review."""
        return missed(self.progress, self.release.key)

    def is_at(self, release: str, old: str, module: str) -> bool:
        """Whether what was done at `old`, in that release, counts for this module now."""
        return self.lineage.majors.get(release) == self.release.course.major and self.lineage.now(old) == module


def look(tx: Connection, catalogue: Catalogue, *, learner: str | None, course: str, language: str) -> View:
    """The course for that person (None: a visitor). Raises UnknownPage."""
    release = catalogue.live(tx, course)
    if release is None:
        raise UnknownPage
    progress = projection.of_course(tx, learner, course) if learner else Progress()
    return _view(tx, catalogue, release, progress, language)


def enter(tx: Connection, catalogue: Catalogue, *, learner: str, course: str, language: str) -> View:
    """The course for somebody who may study it. Raises UnknownPage, NotEnrolled."""
    view = look(tx, catalogue, learner=learner, course=course, language=language)
    may_study(tx, view.release.course, learner=learner)
    return view


def look_at_all(
    tx: Connection, catalogue: Catalogue, *, learner: str | None, language: str, chosen: Mapping[str, str] | None = None
) -> list[View]:
    """Every published course for that person, in the catalogue's order; `chosen` are the languages of single courses."""
    mine, others = projection.of_learner(tx, learner) if learner else {}, chosen or {}
    return [
        _view(tx, catalogue, release, mine.get(course, Progress()), others.get(course, language))
        for release in catalogue.all_live(tx)
        if (course := release.course.id)
    ]


def catch_up(database: Database, desk: Desk, views: Iterable[View], *, learner: str, now: datetime) -> None:
    """What she sees as complete is recorded as complete, with its certificate; writes only where that is missing."""
    for view in views:
        if view.unsaid:
            with database.writing() as tx:
                _say_complete(tx, desk, view, learner=learner, now=now)


def is_allowed(tx: Connection, course: Course, *, learner: str) -> bool:
    """Whether the course is open, or the learner is enrolled in it."""
    return course.access == "open" or enrolment.enrolled(tx, person=learner, course=course.id)


def may_study(tx: Connection, course: Course, *, learner: str) -> None:
    """Nothing, when the learner may study the course. Raises NotEnrolled."""
    if not is_allowed(tx, course, learner=learner):
        raise NotEnrolled


def _view(tx: Connection, catalogue: Catalogue, release: Release, progress: Progress, language: str) -> View:
    record = catalogue.today(tx, progress, release)
    return View(
        release=release,
        edition=release.course.edition(language),
        lineage=catalogue.lineage(release),
        progress=record,
        standing=standing(record, release.course, language),
    )


def _say_complete(tx: Connection, desk: Desk, view: View, *, learner: str, now: datetime) -> None:
    where = Where(
        learner=learner,
        course=view.release.course.id,
        module="",
        release=view.release.digest,
        event=None,
        language=view.edition.language,
    )
    hold(tx, where)
    progress = completion.settle(tx, desk, where, projection.of_course(tx, learner, where.course), now=now)
    projection.save(tx, learner, where.course, progress)
