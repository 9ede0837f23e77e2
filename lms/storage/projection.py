"""Progress rows and opened attempts: what the log adds up to, kept beside it and always equal to it."""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select

from lms.learning import progress_json
from lms.learning.events import Event, moment
from lms.learning.progress import Progress
from lms.learning.summary import summary
from lms.storage import members
from lms.storage.database import utc
from lms.storage.event_log import upsert
from lms.storage.tables import attempts, progress

_OF_COURSE = select(progress.c.body).where(progress.c.learner == bindparam("of"), progress.c.course == bindparam("at"))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedAttempt:
    """An attempt at a test as the store opened it. `id` is the id of its event."""

    id: str
    learner: str
    course: str
    module: str
    release: str
    drawn: tuple[str, ...]
    seed: str
    opened_at: datetime
    device: str = ""
    """The phone that it was opened ahead for; empty where it is answered in the web."""
    expires_at: datetime | None = None
    """Until when that phone's sheet must be here."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A course that somebody has to do with: when she began and when she completed it, if she did."""

    learner: str
    course: str
    started_at: datetime | None
    completed_at: datetime | None


def of_course(tx: Connection, learner: str, course: str) -> Progress:
    """One learner's progress in one course; nothing done yet is an empty one."""
    body = tx.execute(_OF_COURSE, {"of": learner, "at": course}).scalar()
    return progress_json.load(body) if body is not None else Progress()


def of_learner(tx: Connection, learner: str) -> dict[str, Progress]:
    """One learner's progress in every course she has begun, by course."""
    rows = tx.execute(select(progress.c.course, progress.c.body).where(progress.c.learner == learner))
    return {row.course: progress_json.load(row.body) for row in rows}


def of_cohort(tx: Connection, cohort: str, course: str) -> dict[str, Progress]:
    """The progress in that course of everybody in the cohort who has begun it, by learner."""
    query = select(progress.c.learner, progress.c.body)
    query = query.where(progress.c.course == course, progress.c.learner.in_(members.ids(cohort)))
    return {row.learner: progress_json.load(row.body) for row in tx.execute(query)}


def taken_by(tx: Connection, learners: Collection[str]) -> list[Taken]:
    """What these people have begun, by the day."""
    columns = (progress.c.learner, progress.c.course, progress.c.started_at, progress.c.completed_at)
    query = select(*columns).where(progress.c.learner.in_(learners)).order_by(progress.c.started_at, progress.c.course)
    return [
        Taken(row.learner, row.course, _moment(row.started_at), _moment(row.completed_at)) for row in tx.execute(query)
    ]


def save(tx: Connection, learner: str, course: str, value: Progress) -> None:
    """The row says so from now on."""
    row = {"learner": learner, "course": course, "body": progress_json.dump(value), **asdict(summary(value))}
    tx.execute(_saving(upsert(tx)), row)


@cache
def _saving(insert: Any) -> Any:
    statement = insert(progress)
    keys = ("learner", "course")
    changed = {each.name: each for each in statement.excluded if each.name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=changed)


def opened_attempt(event: Event, received_at: datetime) -> OpenedAttempt:
    """The attempt that a `store.attempt_opened` event tells of."""
    return OpenedAttempt(
        id=event.id,
        learner=event.learner or "",
        course=event.course or "",
        module=event.item or "",
        release=event.release or "",
        drawn=tuple(event.data["drawn"]),
        seed=event.data["seed"],
        opened_at=received_at,
        device=str(event.data.get("device") or ""),
        expires_at=moment(event.data.get("expires")),
    )


def add_attempt(tx: Connection, attempt: OpenedAttempt) -> None:
    """The attempt is known, once."""
    statement = upsert(tx)(attempts).values(
        id=attempt.id,
        learner=attempt.learner,
        course=attempt.course,
        module=attempt.module,
        release=attempt.release,
        drawn=json.dumps(attempt.drawn),
        seed=attempt.seed,
        opened_at=attempt.opened_at,
        device=attempt.device,
        expires_at=attempt.expires_at,
    )
    tx.execute(statement.on_conflict_do_nothing(index_elements=["id"]))


def attempt(tx: Connection, attempt_id: str) -> OpenedAttempt | None:
    """The opened attempt of that id."""
    row = tx.execute(select(attempts).where(attempts.c.id == attempt_id)).mappings().first()
    return _attempt(dict(row)) if row else None


def attempts_of(tx: Connection, learner: str, course: str) -> list[OpenedAttempt]:
    """One learner's attempts at the tests of one course, whatever they were called then, the newest first."""
    query = select(attempts).where(attempts.c.learner == learner, attempts.c.course == course)
    return [_attempt(dict(row)) for row in tx.execute(query.order_by(attempts.c.opened_at.desc())).mappings()]


def attempts_of_cohort(tx: Connection, cohort: str, course: str) -> dict[str, list[OpenedAttempt]]:
    """The same of everybody in the cohort, by learner."""
    query = select(attempts).where(attempts.c.course == course, attempts.c.learner.in_(members.ids(cohort)))
    found: dict[str, list[OpenedAttempt]] = {}
    for row in tx.execute(query.order_by(attempts.c.opened_at.desc())).mappings():
        found.setdefault(row["learner"], []).append(_attempt(dict(row)))
    return found


def count_under_way(tx: Connection, course: str) -> int:
    """How many people have begun the course and never completed it."""
    begun = select(func.count()).where(progress.c.course == course, progress.c.major.is_(None))
    return int(tx.execute(begun).scalar_one())


def all_rows(tx: Connection) -> tuple[dict[tuple[str, str], str], dict[str, OpenedAttempt]]:
    """Every progress row's text by (learner, course), and every opened attempt by id: for comparing with the log."""
    texts = {(row.learner, row.course): row.body for row in tx.execute(select(progress))}
    return texts, {row["id"]: _attempt(dict(row)) for row in tx.execute(select(attempts)).mappings()}


def clear(tx: Connection) -> None:
    """Nothing is known but the log: before a rebuild."""
    tx.execute(delete(progress))
    tx.execute(delete(attempts))


def _moment(value: datetime | None) -> datetime | None:
    return utc(value) if value else None


def _attempt(row: dict[str, object]) -> OpenedAttempt:
    opened_at, expires_at = row.pop("opened_at"), row.pop("expires_at")
    if not isinstance(opened_at, datetime):
        raise TypeError(opened_at)
    drawn = tuple(json.loads(str(row.pop("drawn"))))
    ends = utc(expires_at) if isinstance(expires_at, datetime) else None
    told = {name: str(value) for name, value in row.items()}
    return OpenedAttempt(drawn=drawn, opened_at=utc(opened_at), expires_at=ends, **told)
