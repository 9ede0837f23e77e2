"""Progress made anew from the log, or held against it: the rows must always say what the events say."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from lms.learning import progress_json
from lms.learning.events import ATTEMPT_OPENED
from lms.learning.progress import Progress, fold
from lms.storage import event_log, projection
from lms.storage.projection import OpenedAttempt
from lms.storage.releases import Catalogue


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that does not say what the log says: which table, and whose."""

    table: str
    key: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the log says of one learner in one course."""

    learner: str
    course: str
    progress: Progress
    attempts: tuple[OpenedAttempt, ...]


def rebuild(tx: Connection, catalogue: Catalogue) -> int:
    """How many progress rows were made anew from the log."""
    projection.clear(tx)
    count = 0
    for told in _tell(tx, catalogue):
        projection.save(tx, told.learner, told.course, told.progress)
        for attempt in told.attempts:
            projection.add_attempt(tx, attempt)
        count += 1
    return count


def differences(tx: Connection, catalogue: Catalogue) -> list[Difference]:
    """Every row that a rebuild would change; none when all is well."""
    rows, attempts = projection.all_rows(tx)
    found: list[Difference] = []
    for told in _tell(tx, catalogue):
        if rows.pop((told.learner, told.course), None) != progress_json.dump(told.progress):
            found.append(Difference("progress", f"{told.learner} {told.course}"))
        found += [Difference("attempts", each.id) for each in told.attempts if attempts.pop(each.id, None) != each]
    found += [Difference("progress", f"{learner} {course}") for learner, course in rows]
    return found + [Difference("attempts", name) for name in attempts]


def _tell(tx: Connection, catalogue: Catalogue) -> Iterator[Told]:
    catalogue.load_all(tx)
    for (learner, course), received in event_log.by_learner(tx):
        progress = fold((each.event for each in received), catalogue)
        opened = [
            projection.opened_attempt(each.event, each.at) for each in received if each.event.type == ATTEMPT_OPENED
        ]
        if progress != Progress():
            yield Told(learner, course, progress, tuple(opened))
