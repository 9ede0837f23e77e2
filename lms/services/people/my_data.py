"""What is kept about a person, all of it: as she reads it and as a file for programs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from lms.learning.events import ATTEMPT_OPENED
from lms.storage import audit, belongings, cohorts, event_log, projection, resets
from lms.storage.cohorts import Cohort
from lms.storage.event_log import Kept
from lms.storage.resets import Reset
from lms.storage.tables import audit as acts

VERSION = 1
"""Of the file: raised when a program that reads it has to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A try at a test, with what it was worth where it was marked."""

    course: str
    module: str
    opened_at: datetime
    share: float | None
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """Everything of one person."""

    rows: Mapping[str, Sequence[Mapping[str, Any]]]
    """By table."""
    events: Sequence[Kept]
    groups: Sequence[Cohort]
    tried: Sequence[Tried]
    reset: Reset | None
    acts: Sequence[tuple[datetime, str]]
    """When the staff did something with her account, and the name of the act."""
    refused: Sequence[bytes]
    """Lines in her name that were not taken, since others have their ids."""

    @property
    def account(self) -> Mapping[str, Any]:
        """Her account."""
        return self.rows["people"][0]

    def counts(self) -> "Counts":
        """How much there is."""
        certificates = self.rows["certificates"]
        made = sum(row["issued_at"] is not None for row in certificates)
        return Counts(
            courses=len(self.rows["progress"]),
            events=len(self.events),
            own=sum(len(self.rows[name]) for name in ("notes", "bookmarks", "drafts")),
            groups=len(self.groups),
            certificates=made,
            asked=len(certificates) - made,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much of somebody's there is, for whoever is to erase it and may not read it."""

    courses: int
    events: int
    own: int
    """Notes, bookmarks and answers begun, which only she sees."""
    groups: int
    certificates: int
    """That were made: they stay valid, without her name."""
    asked: int
    """Certificates that were asked for and not made."""


def gather(tx: Connection, person: str) -> Mine:
    """What is kept about her now."""
    rows = belongings.rows(tx, person)
    inside = {row["cohort"] for row in rows["enrolments"]}
    return Mine(
        rows=rows,
        events=event_log.all_of(tx, person),
        groups=[each for each in cohorts.every(tx) if each.id in inside],
        tried=_tried(tx, person, rows["attempts"]),
        reset=resets.of(tx, person),
        acts=[(line.at, line.act) for line in audit.lines(tx, acts.c.subject == person)],
        refused=event_log.quarantined_of(tx, person),
    )


def as_json(mine: Mine, *, now: datetime) -> str:
    """The same for programs: every row of hers by its table, and each event's line as it was made. What would tell the
    answers of a test is left out of the lines that say that one was opened."""
    told = {
        "version": VERSION,
        "made_at": now,
        "tables": mine.rows,
        "groups": [{"id": each.id, "name": each.name} for each in mine.groups],
        "events": [_event(each) for each in mine.events],
        "refused_events": [raw.decode() for raw in mine.refused],
        "staff_acts": [{"at": at, "act": act} for at, act in mine.acts],
    }
    return json.dumps(told, ensure_ascii=False, indent=2, default=_plain)


def _event(kept: Kept) -> dict[str, Any]:
    told = {"received_at": kept.at, "sha256": kept.hash}
    line = json.loads(kept.raw)
    if line["type"] != ATTEMPT_OPENED:
        return {**told, "line": kept.raw.decode()}
    line["data"].pop("seed", None)
    return {**told, "without": ["seed"], "event": line}


def _tried(tx: Connection, person: str, rows: Sequence[Mapping[str, Any]]) -> list[Tried]:
    marked = {
        name: attempt.marked
        for progress in projection.of_learner(tx, person).values()
        for name, attempt in progress.attempts.items()
    }
    tried = []
    for row in sorted(rows, key=lambda row: row["opened_at"]):
        mark = marked.get(row["id"])
        share, passed = (float(mark.share), mark.passed) if mark else (None, False)
        tried.append(
            Tried(course=row["course"], module=row["module"], opened_at=row["opened_at"], share=share, passed=passed)
        )
    return tried


def _plain(value: Any) -> str:
    if isinstance(value, date):  # and so a moment
        return value.isoformat()
    raise TypeError(type(value))
