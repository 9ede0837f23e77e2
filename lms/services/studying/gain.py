"""What a course teaches: questions that may be answered before and after it, once each, counted for the programme by nobody's
name (docs/decisions/0038).

They are two forms alike. Each learner is given one of them before the course and the other one after it. Nothing is told of
her answers, since that would teach the other form; they are graded at once and not kept. What she had right before is kept
with her account until she has answered after it, a year at most, and then added to sums.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection

from lms.content.model import Course, Edition
from lms.content.question_model import Question
from lms.i18n import N_
from lms.learning.attempts import PracticeWiring
from lms.learning.forms import Draft, Form, read
from lms.learning.gain import Gain, Sums, first_form, gain, other_form, points, released
from lms.learning.keys import graded, weighted_share
from lms.refusals import Refusal
from lms.services.studying.looking import UnknownPage, View
from lms.services.studying.study import NothingAnswered, check_size, save_draft
from lms.storage import drafts, gains, polls
from lms.storage.gains import Before
from lms.storage.releases import Catalogue

Stage = Literal["before", "after"]


class OtherQuestions(Refusal):
    """Her page was of another major of the course."""

    message = N_("The course was renewed while you were answering, and these are its questions now.")
    status = 409


class NothingToSend(NothingAnswered):
    """The questions before or after a course were sent with every one empty."""

    message = N_("Answer at least one question before you send your answers.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The form that she may answer now, with what she has filled in."""

    stage: Stage
    form: str
    questions: tuple[Question, ...]
    wiring: PracticeWiring
    draft: Draft
    item: str
    """The name under which her draft is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What came of a form: whether it was counted; what has to be mended first is in the draft."""

    counted: bool
    unfinished: bool = False


def stage(tx: Connection, view: View, *, learner: str) -> Stage | None:
    """What she may answer: `before`, while she has done nothing in the course and has neither answered nor refused;
    `after`, when she has completed it and what she had right before is still kept."""
    course = view.release.course
    if view.edition.knowledge is None:
        return None
    if view.standing.complete:
        return "after" if gains.of(tx, learner=learner, course=course.id, major=course.major) else None
    if view.standing.begun or _poll(course.major) in polls.answered(tx, course=course.id, learner=learner):
        return None
    return "before"


def sheet(tx: Connection, view: View, *, learner: str, edition: Edition | None = None) -> Sheet | None:
    """Her form, of that edition or the one that she reads; None where there is nothing to answer. Raises UnknownPage for a
    course without such questions."""
    if view.edition.knowledge is None:
        raise UnknownPage
    at = stage(tx, view, learner=learner)
    if at is None:
        return None
    course = view.release.course
    mine: dict[str, Any] = {"learner": learner, "course": course.id, "major": course.major}
    before = gains.of(tx, **mine) if at == "after" else None
    form = other_form(before.form) if before else first_form(**mine)
    item = f"knowledge:{course.id}/{course.major}/{at}"
    return Sheet(
        stage=at,
        form=form,
        questions=(edition or view.edition).form(form),
        wiring=PracticeWiring(learner),
        draft=drafts.load(tx, learner, item).get(item, {}),
        item=item,
    )


def shown(tx: Connection, catalogue: Catalogue, view: View, *, digest: str, language: str) -> Edition:
    """The edition that her page showed, so that a course edited meanwhile changes nothing for her; else hers now.
    Raises OtherQuestions where that page was of another major: its answers are compared with nothing."""
    release = catalogue.release(tx, digest) if digest else None
    course = view.release.course
    if release is None or release.course.id != course.id:
        return view.edition
    if release.course.major != course.major:
        raise OtherQuestions
    edition = release.course.edition(language)
    return edition if edition.knowledge else view.edition


def save(tx: Connection, view: View, edition: Edition, *, learner: str, form: Form, now: datetime) -> None:
    """What she has filled in is kept for later. Raises UnknownPage, UnknownAnswer, AnswerTooLong."""
    found = sheet(tx, view, learner=learner, edition=edition)
    if found:
        filled = read(found.questions, found.wiring, form)
        save_draft(tx, learner=learner, item=found.item, draft=filled.draft, now=now)


def send(tx: Connection, view: View, edition: Edition, *, learner: str, form: Form, now: datetime, today: date) -> Sent:
    """Her answers are graded, and counted once, unless there is something to mend. What is left empty is not known.

    Raises UnknownPage, UnknownAnswer, AnswerTooLong, NothingToSend.
    """
    gains.drop_old(tx, today)
    found = sheet(tx, view, learner=learner, edition=edition)
    if found is None:
        return Sent(counted=False)
    filled = read(found.questions, found.wiring, form)
    check_size(filled.draft)
    if filled.unfinished:
        save_draft(tx, learner=learner, item=found.item, draft=filled.draft, now=now)
        return Sent(counted=False, unfinished=True)
    if not filled.answers:
        raise NothingToSend
    drafts.drop(tx, learner, found.item)
    share = points(weighted_share(found.questions, graded(found.questions, filled.answers)))
    course = view.release.course
    if found.stage == "before":
        if not polls.take(tx, course=course.id, poll=_poll(course.major), learner=learner):
            return Sent(counted=False)
        gains.keep(tx, Before(found.form, share), learner=learner, course=course.id, major=course.major, day=today)
        return Sent(counted=True)
    before = gains.take(tx, learner=learner, course=course.id, major=course.major)
    if before:
        _count(tx, course, Sums(1, before.share, share))
    return Sent(counted=before is not None)


def skip(tx: Connection, view: View, *, learner: str) -> None:
    """She would rather not, and is not asked again; nothing of it is kept but that. Raises UnknownPage."""
    found, course = sheet(tx, view, learner=learner), view.release.course
    if found is None:
        return
    drafts.drop(tx, learner, found.item)
    polls.take(tx, course=course.id, poll=_poll(course.major), learner=learner)
    gains.take(tx, learner=learner, course=course.id, major=course.major)


def results_of(tx: Connection, courses: Iterable[Course]) -> dict[str, Gain | None]:
    """What each of these courses that has such questions, or had them in this major, was found to teach; None while too few
    have answered both forms. One statement."""
    counted = polls.beginning(tx, _poll(""))
    found = {course.id: counted.get((course.id, _poll(course.major))) for course in courses}
    asks = {course.id for course in courses if any(each.knowledge for each in course.editions.values())}
    return {name: gain(Sums.read(sums or {})) for name, sums in found.items() if sums or name in asks}


def _count(tx: Connection, course: Course, pair: Sums) -> None:
    """One more is counted among those who wait, and they are shown once they are enough. The first statement holds the row
    of those who wait until the transaction is over, so that nobody is lost or counted twice."""
    seen = _poll(course.major)
    waiting = f"{seen}:waiting"
    polls.add(tx, course.id, {(waiting, name): n for name, n in asdict(pair).items()})
    now = asdict(released(Sums.read(polls.tally(tx, course.id)[waiting])))
    if any(now.values()):
        moved = {(seen, name): n for name, n in now.items()} | {(waiting, name): -n for name, n in now.items()}
        polls.add(tx, course.id, moved)


def _poll(major: int | str) -> str:
    return f"gain:{major}"
