"""Going over what was missed: a few practice questions at a time, told about again, counting for nothing.

What is answered here is one `learner.practice_answered` event: no result, mark or try depends on it (docs/decisions/0017).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from lms.content.sections import Asked, practice
from lms.learning import events as types
from lms.learning.attempts import PracticeWiring
from lms.learning.feedback import Feedback, feedback
from lms.learning.forms import Filled, Form, read
from lms.learning.grading import UnknownAnswer
from lms.services.studying import study
from lms.services.studying.acts import Deed, write
from lms.services.studying.desk import Desk, Where
from lms.services.studying.looking import View
from lms.services.studying.study import NothingAnswered
from lms.storage import projection

FEW = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A question that she reviewed, and what to tell of her answer."""

    asked: Asked
    feedback: Feedback


def next_few(view: View) -> list[Asked]:
    """The questions to ask next: those that she has not reviewed, then those reviewed longest ago, in the course's
    order."""
    reviewed = view.progress.reviewed
    waiting = sorted(view.missed.open, key=lambda name: reviewed[name].at if name in reviewed else "")
    return asked(view, waiting[:FEW])


def changed(view: View) -> list[Asked]:
    """The questions that she missed and that ask for something else by now."""
    return asked(view, view.missed.changed)


def asked(view: View, names: Sequence[str]) -> list[Asked]:
    """These practice questions of her edition, in this order; what it does not have is left out. Each says its language,
    since its module's may be another than its neighbour's."""
    known = {each.question.id: each for each in practice(view.edition)}
    return [_speaking(known[name]) for name in names if name in known]


def told(view: View) -> list[Told]:
    """What to tell of the questions that she checked last, where the course has not changed since."""
    reviewed = view.progress.reviewed
    last = max(reviewed.values(), key=lambda each: (each.at, each.event), default=None)
    if last is None or last.release != view.release.digest:
        return []
    answers = {name: each.answer for name, each in reviewed.items() if each.event == last.event}
    answers = {name: each for name, each in answers.items() if each is not None}  # or it is kept no longer
    there = [each.question.id for each in practice(view.edition) if each.question.id in answers]
    return [_told(each, answers[each.question.id]) for each in asked(view, there)]


def answer(tx: Connection, desk: Desk, where: Where, *, questions: Sequence[str], form: Form, now: datetime) -> Filled:
    """These questions answered. With an `unfinished` one nothing is kept: the form is to be mended first.

    Raises UnknownPage, NotEnrolled, UnknownAnswer, NothingAnswered, AnswerTooLong, AlreadyRecorded.
    """
    live, release = study.find_release(tx, desk, where)
    progress = desk.catalogue.today(tx, projection.of_course(tx, where.learner, where.course), live)
    lineage = desk.catalogue.lineage(live)
    known = {each.question.id: each.question for each in practice(release.course.edition(where.language))}
    if len(questions) > FEW or any(
        name not in known or lineage.now(name) not in progress.results for name in questions
    ):
        raise UnknownAnswer
    filled = read([known[name] for name in questions], PracticeWiring(where.learner), form)
    study.check_size(filled.draft)
    if filled.unfinished:
        return filled
    if not filled.answers:
        raise NothingAnswered
    data: Mapping[str, Any] = {"answers": filled.answers, "language": release.course.edition(where.language).language}
    write(tx, desk, where, Deed(type=types.PRACTICE_ANSWERED, data=data, release=release), now=now)
    return filled


def _speaking(asked: Asked) -> Asked:
    return replace(asked, question=replace(asked.question, language=asked.question.language or asked.module.language))


def _told(asked: Asked, answer: Any) -> Told:
    return Told(asked=asked, feedback=feedback(asked.question, answer))
