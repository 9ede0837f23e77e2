"""The final test: opened and limited by the store, sent once, never telling its key."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from lms.content.model import Module
from lms.content.question_model import Question
from lms.i18n import N_
from lms.ids import uuid7
from lms.learning import events as types
from lms.learning import wired
from lms.learning.attempts import AttemptWiring, draw, drawn_questions
from lms.learning.feedback import Feedback, feedback
from lms.learning.forms import Filled, Form, read
from lms.learning.paper import is_entered
from lms.learning.progress import Attempt, Marked, Progress
from lms.refusals import Refusal
from lms.services.studying.acts import Deed, hold, write
from lms.services.studying.desk import Desk, Where
from lms.services.studying.looking import UnknownPage, View, enter
from lms.services.studying.study import Answered, save_draft
from lms.storage import drafts, event_log, projection
from lms.storage.projection import OpenedAttempt
from lms.storage.releases import Release


class NoAttemptsLeft(Refusal):
    """Every attempt that the test allows has been opened."""

    message = N_("You have used every attempt that this test allows. Ask your coordinator what you can do.")
    status = 403


class TooSoon(Refusal):
    """The wait between two attempts is not over."""

    message = N_("You can try again in %(minutes)s minutes. Use the time to review the modules.")
    status = 403


class AlreadySent(Refusal):
    """This attempt was sent before."""

    message = N_("This test was already sent, and its first answers count. You can see its result on this page.")
    status = 409


class TakenAway(Refusal):
    """The attempt is on a phone, which alone can send its sheet."""

    message = N_(
        "You took this attempt away on another device. Answer it there; its result comes here when it arrives."
    )
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """One attempt as its learner sees it: the questions drawn, how to show them, what she filled in, how it ended."""

    attempt: OpenedAttempt
    release: Release
    module: Module
    questions: tuple[Question, ...]
    wiring: AttemptWiring
    draft: Mapping[str, Any]
    sent: bool
    marked: Marked | None
    progress: Progress

    @property
    def entered(self) -> bool:
        """Whether somebody of the staff entered it from paper."""
        return is_entered(self.attempt.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances:
    """What the test still allows: an attempt to go on with, how many are left (None: no limit), how long to wait.
    `entered`: those that somebody of the staff entered from paper. `away`: those taken away on a phone, whose sheet may
    still come; they are spent, and nobody goes on with them in the browser."""

    open: str | None
    left: int | None
    wait: timedelta
    entered: tuple[OpenedAttempt, ...]
    away: tuple[OpenedAttempt, ...]


def chances(tx: Connection, view: View, *, learner: str, module: Module, now: datetime) -> Chances:
    """What the learner may do at this test now."""
    rules = module.test
    if rules is None:
        raise UnknownPage
    mine = projection.attempts_of(tx, learner, view.release.course.id)
    opened = [each for each in mine if view.is_at(each.release, each.module, module.id)]
    unsent = [each for each in opened if not _sent(view.progress.attempts, each.id)]
    here = [each.id for each in unsent if not each.device]
    left = max(0, rules.attempts - len(opened)) if rules.attempts else None
    wait = opened[0].opened_at + timedelta(minutes=rules.wait) - now if opened else timedelta(0)
    return Chances(
        open=here[0] if here else None,
        left=left,
        wait=max(wait, timedelta(0)),
        entered=tuple(each for each in opened if is_entered(each.id)),
        away=tuple(each for each in unsent if each.device and each.expires_at and each.expires_at > now),
    )


def open_attempt(tx: Connection, desk: Desk, where: Where, *, now: datetime) -> str:
    """The id of the attempt to answer: the one still open, or a new one, which is then spent.

    Raises UnknownPage, NotEnrolled, NoAttemptsLeft, TooSoon.
    """
    hold(tx, where)
    view = enter(tx, desk.catalogue, learner=where.learner, course=where.course, language=where.language)
    module = view.module(where.module)
    allowed = chances(tx, view, learner=where.learner, module=module, now=now)
    if allowed.open:
        return allowed.open
    if allowed.left == 0:
        raise NoAttemptsLeft
    if allowed.wait:
        raise TooSoon(minutes=-(-int(allowed.wait.total_seconds()) // 60))
    attempt = uuid7()
    spend(tx, desk, where, view, module, attempt=attempt, more={}, now=now)
    return attempt


def sitting(
    tx: Connection,
    desk: Desk,
    *,
    learner: str,
    attempt: str,
    language: str,
    chosen: Mapping[str, str] | None = None,
) -> Sitting:
    """The attempt, for the learner whose it is; `chosen` are the languages of single courses.

    Raises UnknownPage, and TakenAway while the sheet of one that is on a phone has not come.
    """
    opened = projection.attempt(tx, attempt)
    release = desk.catalogue.release(tx, opened.release) if opened else None
    if opened is None or release is None or opened.learner != learner:
        raise UnknownPage
    progress = projection.of_course(tx, learner, opened.course)
    if opened.device and not _sent(progress.attempts, attempt):
        raise TakenAway
    module = release.course.edition((chosen or {}).get(opened.course, language)).modules[opened.module]
    state = progress.attempts.get(attempt)
    return Sitting(
        attempt=opened,
        release=release,
        module=module,
        questions=tuple(drawn_questions(module, opened.drawn)),
        wiring=AttemptWiring(opened.seed),
        draft=drafts.load(tx, learner, attempt).get(attempt, {}),
        sent=_sent(progress.attempts, attempt),
        marked=state.marked if state else None,
        progress=progress,
    )


def save_sheet(tx: Connection, desk: Desk, where: Where, *, attempt: str, form: Form, now: datetime) -> None:
    """A half-filled sheet is kept for later. Raises UnknownPage, UnknownAnswer, AnswerTooLong, AlreadySent."""
    seat = _unsent(tx, desk, where, attempt)
    draft = read(seat.questions, seat.wiring, form).draft
    save_draft(tx, learner=where.learner, item=attempt, draft=draft, now=now)


def send_sheet(tx: Connection, desk: Desk, where: Where, *, attempt: str, form: Form, now: datetime) -> Answered:
    """The sheet is sent, marked, and the course perhaps complete; the same form twice is one sheet, and what was sent
    first stays. With an `unfinished` question nothing is sent and the draft is kept.

    Raises UnknownPage, UnknownAnswer, AnswerTooLong, AlreadySent, AlreadyRecorded.
    """
    hold(tx, where)
    seat = sitting(tx, desk, learner=where.learner, attempt=attempt, language=where.language)
    filled = read(seat.questions, seat.wiring, form)
    if seat.sent:
        if not _is_that_sheet(tx, where, attempt, filled):
            raise AlreadySent
        return Answered(progress=seat.progress, unfinished=frozenset())
    save_draft(tx, learner=where.learner, item=attempt, draft=filled.draft, now=now)
    if filled.unfinished:
        return Answered(progress=seat.progress, unfinished=filled.unfinished)
    language = seat.release.course.edition(where.language).language
    data = {"attempt": attempt, "answers": filled.answers, "language": language}
    deed = Deed(type=types.ATTEMPT_SUBMITTED, data=data, release=seat.release)
    done = write(tx, desk, where, deed, now=now)
    drafts.drop(tx, where.learner, attempt)
    return Answered(progress=done.progress, unfinished=frozenset())


def reasons(tx: Connection, seat: Sitting) -> dict[str, Feedback]:
    """After passing: what to tell about each answer, by question id. Before that there is nothing to tell."""
    state = seat.progress.attempts.get(seat.attempt.id)
    if not seat.marked or not seat.marked.passed or not state or not state.sheet:
        return {}
    event = event_log.find(tx, state.sheet.event)
    if event is None or not {"answers", "wires"} & event.data.keys():  # they are kept no longer
        return {}
    answers = event.data.get("answers", {})
    if seat.attempt.device:
        answers = wired.answers(event.data, seat.questions, seat.attempt.seed)
    return {question.id: feedback(question, answers.get(question.id)) for question in seat.questions}


def _sent(attempts: Mapping[str, Attempt], attempt: str) -> bool:
    state = attempts.get(attempt)
    return state is not None and state.sheet is not None


def _is_that_sheet(tx: Connection, where: Where, attempt: str, filled: Filled) -> bool:
    """Whether the form is the one that was sent: a double click."""
    known = event_log.find(tx, where.event) if where.event else None
    return (
        known is not None
        and (known.type, known.learner) == (types.ATTEMPT_SUBMITTED, where.learner)
        and (known.data.get("attempt"), known.data.get("answers")) == (attempt, dict(filled.answers))
    )


def _unsent(tx: Connection, desk: Desk, where: Where, attempt: str) -> Sitting:
    seat = sitting(tx, desk, learner=where.learner, attempt=attempt, language=where.language)
    if seat.sent:
        raise AlreadySent
    return seat


def spend(
    tx: Connection,
    desk: Desk,
    where: Where,
    view: View,
    module: Module,
    *,
    attempt: str,
    more: Mapping[str, str],
    now: datetime,
) -> None:
    """An attempt of that id is open, and spent; `more` is what else its event says. The learner is held, and may have it."""
    seed = secrets.token_hex(16)
    data = {"attempt": attempt, "drawn": draw(module, seed), "seed": seed, **more}
    deed = Deed(type=types.ATTEMPT_OPENED, data=data, release=view.release)
    done = write(tx, desk, replace(where, module=module.id, event=attempt), deed, now=now)
    if done.event is not None:
        projection.add_attempt(tx, projection.opened_attempt(done.event, now))
