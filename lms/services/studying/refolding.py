"""Progress made anew from one learner's lines of one course: which of them count, and what those add up to."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from lms.learning.countable import Arrived, Horizon, countable
from lms.learning.events import ATTEMPT_OPENED
from lms.learning.progress import Progress, fold
from lms.storage import devices, event_log, projection
from lms.storage.projection import OpenedAttempt
from lms.storage.releases import Catalogue


def told(
    arrived: Sequence[Arrived], horizons: Mapping[str, Horizon], catalogue: Catalogue
) -> tuple[Progress, tuple[OpenedAttempt, ...]]:
    """What all these lines say: her progress, and the attempts that were opened for her. The catalogue has read the releases."""
    opened = [projection.opened_attempt(each.event, each.at) for each in arrived if each.event.type == ATTEMPT_OPENED]
    counting = countable(arrived, {each.id: each for each in opened}, horizons, catalogue)
    return fold(counting, catalogue), tuple(opened)


def refold(tx: Connection, catalogue: Catalogue, learner: str, course: str) -> Progress:
    """Her progress as the log says it now; nothing is saved. She is held."""
    arrived = event_log.arrived(tx, learner, course)
    for digest in {each.event.release for each in arrived if each.event.release}:
        catalogue.release(tx, digest)
    return told(arrived, horizons_of(tx, learner), catalogue)[0]


def horizons_of(tx: Connection, learner: str) -> dict[str, Horizon]:
    """How far the lines of each phone of hers are here."""
    return {each.id: each.horizon for each in devices.of_learner(tx, learner)}
