"""Learning: answer, save a draft, end a module or a scenario, reach a section.

Every act is one event; the progress row is brought up to date in the same transaction.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from lms.content.model import Module, Quiz
from lms.content.references import anchors_in
from lms.i18n import N_
from lms.learning import events as types
from lms.learning.attempts import PracticeWiring
from lms.learning.forms import Draft, Form, read
from lms.learning.grading import Answer, AnswerTooLong, UnknownAnswer
from lms.learning.lineage import Lineage
from lms.learning.progress import Place, Progress
from lms.refusals import Refusal
from lms.services.studying import drafting, tries
from lms.services.studying.acts import Deed, hold, write
from lms.services.studying.desk import Desk, Where
from lms.services.studying.looking import UnknownPage, may_study
from lms.services.studying.tries import NoTriesLeft
from lms.storage import drafts, event_log, projection
from lms.storage.releases import Release

MAX_ANSWER = 10_000  # characters of JSON


class NothingAnswered(Refusal):
    """A form was sent with every question empty."""

    message = N_("Answer at least one question before you check your answers.")


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
    if section not in anchors_in(module.body):
        raise UnknownPage
    progress = projection.of_course(tx, where.learner, where.course)
    if progress.place and _here(progress.place) == (release.digest, where.module, section):
        return progress
    return _write(tx, desk, where, types.SECTION_REACHED, {"section": section}, now=now, release=release)


def _here(place: Place) -> tuple[str, str, str]:
    return place.release, place.module, place.section


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
