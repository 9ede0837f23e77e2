"""Learning: look at a course, answer, save a draft, end a module or a scenario, reach a section.

Every act is one event; the progress row is brought up to date in the same transaction.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from lms.content.model import Block, Callout, Course, Details, Edition, Heading, Module, Quiz, Reflection
from lms.i18n import N_
from lms.learning import events as types
from lms.learning.attempts import PracticeWiring
from lms.learning.forms import Draft, Form, read
from lms.learning.grading import Answer, AnswerTooLong, UnknownAnswer
from lms.learning.lineage import Lineage
from lms.learning.missed import Missed, changed, missed
from lms.learning.progress import Place, Progress
from lms.learning.standing import Standing, standing
from lms.learning.today import Record
from lms.refusals import Refusal
from lms.services import completion, drafting, enrolment, tries
from lms.services.acts import Deed, hold, write
from lms.services.desk import Desk, Where
from lms.services.tries import NoTriesLeft
from lms.storage import drafts, event_log, projection
from lms.storage.database import Database
from lms.storage.releases import Catalogue, Release

MAX_ANSWER = 10_000  # characters of JSON


class UnknownPage(Refusal):
    """No such course or module."""

    message = N_("This page does not exist, or no longer. Go to the list of courses to find what you were looking for.")


class NotEnrolled(Refusal):
    """The course is only for people who were enrolled in it."""

    message = N_(
        "This course is for people whose coordinator enrolled them. Ask your coordinator for a code to join it."
    )


class NothingAnswered(Refusal):
    """A form was sent with every question empty."""

    message = N_("Answer at least one question before you check your answers.")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where an act takes place: the release that her page showed, its module, and that module as it is now."""

    release: Release
    module: Module
    current: Module
    lineage: Lineage


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What came of an answer. `unfinished` questions were kept in the draft only (see `forms.Filled`)."""

    progress: Progress
    unfinished: frozenset[str]


def look(tx: Connection, catalogue: Catalogue, *, learner: str | None, course: str, language: str) -> View:
    """The course for that person (None: a visitor). Raises UnknownPage."""
    release = catalogue.live(tx, course)
    if release is None:
        raise UnknownPage
    progress = projection.of_course(tx, learner, course) if learner else Progress()
    return _view(tx, catalogue, release, progress, language)


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


def _view(tx: Connection, catalogue: Catalogue, release: Release, progress: Progress, language: str) -> View:
    record = catalogue.today(tx, progress, release)
    return View(
        release=release,
        edition=release.course.edition(language),
        lineage=catalogue.lineage(release),
        progress=record,
        standing=standing(record, release.course, language),
    )


def catch_up(database: Database, desk: Desk, views: Iterable[View], *, learner: str, now: datetime) -> None:
    """What she sees as complete is recorded as complete, with its certificate; writes only where that is missing."""
    for view in views:
        if view.unsaid:
            with database.writing() as tx:
                _say_complete(tx, desk, view, learner=learner, now=now)


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


def is_allowed(tx: Connection, course: Course, *, learner: str) -> bool:
    """Whether the course is open, or the learner is enrolled in it."""
    return course.access == "open" or enrolment.enrolled(tx, person=learner, course=course.id)


def may_study(tx: Connection, course: Course, *, learner: str) -> None:
    """Nothing, when the learner may study the course. Raises NotEnrolled."""
    if not is_allowed(tx, course, learner=learner):
        raise NotEnrolled


def find_module(tx: Connection, desk: Desk, where: Where) -> tuple[Release, Module]:
    """The release that her page showed (a course edited meanwhile changes nothing for her) and the module in it.

    Raises UnknownPage, NotEnrolled.
    """
    spot = find_spot(tx, desk, where)
    return spot.release, spot.module


def find_release(tx: Connection, desk: Desk, where: Where) -> tuple[Release, Release]:
    """The live release, and the one that her page showed; nobody else writes for her until the commit.

    Raises UnknownPage, NotEnrolled.
    """
    hold(tx, where)
    live = desk.catalogue.live(tx, where.course)
    release = desk.catalogue.release(tx, where.release) if where.release else live
    if live is None or release is None or release.course.id != where.course:
        raise UnknownPage
    may_study(tx, live.course, learner=where.learner)
    return live, release


def find_spot(tx: Connection, desk: Desk, where: Where) -> Spot:
    """The same with the module as it is now, and how names have changed. Raises UnknownPage, NotEnrolled."""
    live, release = find_release(tx, desk, where)
    module = release.course.edition(where.language).modules.get(where.module)
    if module is None:
        raise UnknownPage
    lineage = desk.catalogue.lineage(live)
    current = live.course.edition(where.language).modules.get(lineage.now(module.id), module)
    return Spot(release=release, module=module, current=current, lineage=lineage)


def answer_quiz(tx: Connection, desk: Desk, where: Where, *, quiz: str, form: Form, now: datetime) -> Answered:
    """Practice answered: an event, the progress with it, the draft gone. Where tries are counted, a form that has to be
    mended first is none.

    Raises UnknownPage, UnknownAnswer, NothingAnswered, AnswerTooLong, NotEnrolled, NoTriesLeft, AlreadyRecorded.
    """
    spot, block = _quiz(tx, desk, where, quiz)
    filled = read(block.questions, PracticeWiring(where.learner), form)
    check_size(filled.draft)
    if not filled.answers and not filled.unfinished:
        raise NothingAnswered
    _check_tries(tx, where, spot, block, filled.answers)
    if filled.unfinished:
        _keep_draft(tx, where, spot, block, filled.draft, now=now)
    if filled.answers and not (filled.unfinished and spot.current.quiz_attempts):
        data = {"answers": filled.answers}
        progress = _write(tx, desk, where, types.ATTEMPT_SUBMITTED, data, now=now, release=spot.release)
    else:
        progress = projection.of_course(tx, where.learner, where.course)
    if not filled.unfinished:
        _forget_draft(tx, where, spot, block, now=now)
    return Answered(progress=progress, unfinished=filled.unfinished)


def save_quiz(tx: Connection, desk: Desk, where: Where, *, quiz: str, form: Form, now: datetime) -> None:
    """A half-filled quiz is kept for later, on any device. Raises as answer_quiz does."""
    spot, block = _quiz(tx, desk, where, quiz)
    filled = read(block.questions, PracticeWiring(where.learner), form)
    _keep_draft(tx, where, spot, block, filled.draft, now=now)


def end_module(tx: Connection, desk: Desk, where: Where, *, now: datetime) -> Progress:
    """ "I have finished this module." Raises UnknownPage, NotEnrolled."""
    release, module = find_module(tx, desk, where)
    if module.kind != "module":
        raise UnknownPage
    return _write(tx, desk, where, types.MODULE_COMPLETED, {}, now=now, release=release)


def end_scenario(tx: Connection, desk: Desk, where: Where, *, scenario: str, ending: str, now: datetime) -> Progress:
    """She reached that ending of the scenario. Raises UnknownPage, UnknownAnswer, NotEnrolled."""
    release, module = find_module(tx, desk, where)
    found = next((each for each in module.scenarios() if each.id == scenario), None)
    outcome = next(
        (step.outcome for step in (found.steps if found else ()) if step.id == ending and step.outcome), None
    )
    if outcome is None:
        raise UnknownAnswer
    data = {"scenario": scenario, "outcome": outcome}
    return _write(tx, desk, where, types.SCENARIO_ENDED, data, now=now, release=release)


def reach_section(tx: Connection, desk: Desk, where: Where, *, section: str, now: datetime) -> Progress:
    """She has come as far as that section; a reload there is nothing new. Raises UnknownPage, NotEnrolled."""
    release, module = find_module(tx, desk, where)
    if section not in _sections(module.body):
        raise UnknownPage
    progress = projection.of_course(tx, where.learner, where.course)
    if progress.place and _here(progress.place) == (release.digest, where.module, section):
        return progress
    return _write(tx, desk, where, types.SECTION_REACHED, {"section": section}, now=now, release=release)


def _here(place: Place) -> tuple[str, str, str]:
    return place.release, place.module, place.section


def _sections(blocks: Iterable[Block]) -> Iterator[str]:
    """The anchor of every heading, also inside boxes."""
    for block in blocks:
        if isinstance(block, Heading):
            yield block.anchor
        elif isinstance(block, Callout | Details | Reflection):
            yield from _sections(block.body)


def draft_item(where: Where, quiz: str) -> str:
    """The name under which a quiz's draft is kept."""
    return f"{where.course}/{where.module}/{quiz}"


def save_draft(tx: Connection, *, learner: str, item: str, draft: Mapping[str, Any], now: datetime) -> None:
    """The draft is kept; an empty one is forgotten. Raises AnswerTooLong."""
    check_size(draft)
    if draft:
        drafts.save(tx, learner, item, draft, now=now)
    else:
        drafts.drop(tx, learner, item)


def check_size(draft: Mapping[str, Any]) -> None:
    """Nothing, for what an honest form holds. Raises AnswerTooLong."""
    if len(json.dumps(draft)) > MAX_ANSWER:
        raise AnswerTooLong


def _quiz(tx: Connection, desk: Desk, where: Where, quiz: str) -> tuple[Spot, Quiz]:
    spot = find_spot(tx, desk, where)
    found = next((block for block in spot.module.body if isinstance(block, Quiz) and block.id == quiz), None)
    if found is None or spot.module.kind != "module":
        raise UnknownPage
    return spot, found


def _check_tries(tx: Connection, where: Where, spot: Spot, quiz: Quiz, answers: Mapping[str, Answer]) -> None:
    """Nothing, unless the quiz, which the module as it is now limits, was checked too often: a double click on the last
    try is none. Raises NoTriesLeft."""
    limit = replace(spot.module, quiz_attempts=spot.current.quiz_attempts)
    left = tries.left(tx, learner=where.learner, course=where.course, module=limit, lineage=spot.lineage)
    if left.get(quiz.id) == 0 and not _was_sent(tx, where, answers):
        raise NoTriesLeft


def _was_sent(tx: Connection, where: Where, answers: Mapping[str, Answer]) -> bool:
    known = event_log.find(tx, where.event) if where.event else None
    return known is not None and known.data.get("answers") == dict(answers)


def _keep_draft(tx: Connection, where: Where, spot: Spot, quiz: Quiz, draft: Draft, *, now: datetime) -> None:
    _forget_draft(tx, where, spot, quiz, now=now)
    save_draft(tx, learner=where.learner, item=draft_item(where, quiz.id), draft=draft, now=now)


def _forget_draft(tx: Connection, where: Where, spot: Spot, quiz: Quiz, *, now: datetime) -> None:
    drafting.forget(
        tx, learner=where.learner, course=where.course, questions=quiz.questions, lineage=spot.lineage, now=now
    )


def _write(
    tx: Connection, desk: Desk, where: Where, kind: str, data: Mapping[str, Any], *, now: datetime, release: Release
) -> Progress:
    told = {**data, "language": release.course.edition(where.language).language}
    return write(tx, desk, where, Deed(type=kind, data=told, release=release), now=now).progress
