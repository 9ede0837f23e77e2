"""A quiz that may be checked so many times: counted in the log by the store, never by the fold (docs/decisions/0005)."""

from collections.abc import Iterator

from sqlalchemy import Connection

from lms.content.model import Module, Quiz
from lms.i18n import N_
from lms.learning import events as types
from lms.learning import worth
from lms.learning.events import Event
from lms.learning.lineage import Lineage
from lms.refusals import Refusal
from lms.storage import event_log


class NoTriesLeft(Refusal):
    """Every try that the quiz allows was used."""

    message = N_(
        "You have used every try that this quiz allows. Your best answers count; the reasons stay on the page."
    )
    status = 403


def left(tx: Connection, *, learner: str, course: str, module: Module, lineage: Lineage) -> dict[str, int]:
    """How many tries each quiz of the module still allows, by the quiz's id; empty where there is no limit."""
    if not module.quiz_attempts or module.kind != "module":
        return {}
    tries = list(_tries(tx, learner, course, lineage))
    quizzes = [block for block in module.body if isinstance(block, Quiz)]
    return {quiz.id: max(0, module.quiz_attempts - _used(quiz, tries, lineage)) for quiz in quizzes}


def _used(quiz: Quiz, tries: list[frozenset[str]], lineage: Lineage) -> int:
    asked = {lineage.now(question.id) for question in quiz.questions}
    return sum(not asked.isdisjoint(each) for each in tries)


def _tries(tx: Connection, learner: str, course: str, lineage: Lineage) -> Iterator[frozenset[str]]:
    """The questions of each form that was checked in the live major, by their names now."""
    major = lineage.majors[lineage.live]
    for event in event_log.of_learner(tx, learner, course):
        if _is_practice(event) and lineage.majors.get(event.release or "") == major:
            yield frozenset(map(lineage.now, worth.asked(event)))


def _is_practice(event: Event) -> bool:
    return worth.kind(event) == types.ATTEMPT_SUBMITTED and "attempt" not in event.data and bool(worth.asked(event))
