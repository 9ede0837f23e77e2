"""What a learner missed in practice and may review; nothing of a test (docs/decisions/0017)."""

from dataclasses import dataclass

from lms.content.units import differ
from lms.learning.grading import WHOLE
from lms.learning.keys import AnswerKey
from lms.learning.today import Record


@dataclass(frozen=True, slots=True)
class Missed:
    """Questions by id, in the course's order: those to review, and those that ask for something else by now."""

    open: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


def missed(record: Record, key: AnswerKey) -> Missed:
    """The practice questions of the live release whose last answer was not wholly right and that she has not got right
    in a review since."""
    waiting = [name for name in key.practice if name in record.results and _waits(record, name)]
    gone = {name for name in waiting if changed(record, key, name)}
    return Missed(
        open=tuple(name for name in waiting if name not in gone),
        changed=tuple(name for name in waiting if name in gone),
    )


def changed(record: Record, key: AnswerKey, question: str) -> bool:
    """Whether the question asks for something else than when she answered it last."""
    old, new = record.asked.get(question), key.practice.get(question)
    return old is not None and new is not None and differ(old, new)


def _waits(record: Record, name: str) -> bool:
    answer, review = record.results[name].last, record.reviewed.get(name)
    if answer.share == WHOLE:
        return False
    return review is None or review.share < WHOLE or (review.at, review.event) < (answer.at, answer.event)
