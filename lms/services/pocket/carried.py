"""How a course stands here, for a phone that has it in some release: what she did by every road, in that release's names, and
what became of each attempt at a test."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection

from lms.content.model import Module
from lms.learning.progress import Attempt, Progress
from lms.learning.today import Record
from lms.services.studying import testing
from lms.services.studying.looking import View, look
from lms.services.studying.testing import Chances
from lms.storage import projection
from lms.storage.devices import Device
from lms.storage.projection import OpenedAttempt
from lms.storage.releases import Catalogue, Release

Became = Literal["open", "waiting", "marked", "not_counted"]
"""No sheet has come; one has, and can't be marked yet; it is marked; none will count any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of one attempt. `why` it does not count or has to wait: expired, earlier_missing, fork, unproven, device,
    release. `review`: the ids of the modules that were missed, in the live release."""

    attempt: OpenedAttempt
    became: Became
    why: str = ""
    state: Attempt = Attempt()
    review: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One course."""

    view: View
    progress: Progress
    phones: Release
    """The release that the phone has; the live one where it has none that is known here."""
    carried: Record
    """What she did, in the names of that release."""
    chances: Mapping[str, Chances]
    """What each test allows, by its id in that release."""
    fates: tuple[Fate, ...]


def course_for(
    tx: Connection, catalogue: Catalogue, device: Device, *, course: str, release: str, language: str, now: datetime
) -> Course:
    """The course for that phone, which has it in `release` (empty: not yet). Raises UnknownPage."""
    learner = device.learner
    view = look(tx, catalogue, learner=learner, course=course, language=language)
    progress = projection.of_course(tx, learner, course)
    found = catalogue.release(tx, release) if release else None
    phones = found if found and found.course.id == course else view.release
    line = catalogue.lineage_at(tx, phones)
    return Course(
        view=view,
        progress=progress,
        phones=phones,
        carried=catalogue.today_at(tx, progress, phones),
        chances={line.now(name): each for name, each in _chances(tx, view, learner, now)},
        fates=tuple(_fates(tx, view, progress, device, now)),
    )
