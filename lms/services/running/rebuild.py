"""Progress made anew from the log, or held against it: the rows must always say what the events say."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from lms.learning import progress_json
from lms.learning.countable import Horizon
from lms.learning.progress import Progress
from lms.services.studying import refolding
from lms.storage import devices, event_log, phone_lines, projection
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
    horizons = phone_lines.horizons(tx)
    for device in devices.every(tx):
        devices.set_horizon(tx, device.id, device.learner, horizons.get((device.id, device.learner), Horizon()))
    count = 0
    for told in _tell(tx, catalogue, horizons):
        projection.save(tx, told.learner, told.course, told.progress)
        for attempt in told.attempts:
            projection.add_attempt(tx, attempt)
        count += 1
    return count


def differences(tx: Connection, catalogue: Catalogue) -> list[Difference]:
    """Every row that a rebuild would change; none when all is well."""
    rows, attempts = projection.all_rows(tx)
    horizons = phone_lines.horizons(tx)
    found: list[Difference] = []
    for told in _tell(tx, catalogue, horizons):
        if rows.pop((told.learner, told.course), None) != progress_json.dump(told.progress):
            found.append(Difference("progress", f"{told.learner} {told.course}"))
        found += [Difference("attempts", each.id) for each in told.attempts if attempts.pop(each.id, None) != each]
    found += [Difference("progress", f"{learner} {course}") for learner, course in rows]
    found += [Difference("attempts", name) for name in attempts]
    return found + [
        Difference("devices", f"{each.id} {each.learner}")
        for each in devices.every(tx)
        if each.horizon != horizons.get((each.id, each.learner), Horizon())
    ]


def _tell(tx: Connection, catalogue: Catalogue, horizons: phone_lines.Horizons) -> Iterator[Told]:
    catalogue.load_all(tx)
    for (learner, course), arrived in event_log.by_learner(tx):
        of_phones = {each.event.device for each in arrived}
        mine = {name: horizons[name, learner] for name in of_phones if (name, learner) in horizons}
        progress, opened = refolding.told(arrived, mine, catalogue)
        if progress != Progress():
            yield Told(learner, course, progress, opened)
