"""Half-filled quizzes of a course that is edited meanwhile: a draft follows its questions, whatever form has them now."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from lms.content.question_model import Question
from lms.learning.forms import Draft
from lms.learning.lineage import Lineage
from lms.storage import drafts


def load(tx: Connection, *, learner: str, course: str, lineage: Lineage) -> Draft:
    """What is filled in and not sent in the lessons of a course, by the questions' ids now."""
    saved = drafts.load(tx, learner, f"{course}/")
    return {lineage.now(name): value for draft in saved.values() for name, value in draft.items()}


def part(draft: Draft, questions: Iterable[Question]) -> dict[str, Any]:
    """What the draft has of these questions."""
    return {question.id: draft[question.id] for question in questions if question.id in draft}


def forget(
    tx: Connection, *, learner: str, course: str, questions: Iterable[Question], lineage: Lineage, now: datetime
) -> None:
    """Nothing is kept of these questions; what a draft has of others stays."""
    gone = {lineage.now(question.id) for question in questions}
    for item, draft in drafts.load(tx, learner, f"{course}/").items():
        rest: Mapping[str, Any] = {name: value for name, value in draft.items() if lineage.now(name) not in gone}
        if not rest:
            drafts.drop(tx, learner, item)
        elif rest != draft:
            drafts.save(tx, learner, item, rest, now=now)
