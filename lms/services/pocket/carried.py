"""How a course stands here, for a phone that has it in some release: what she did by every road, in that release's names, and
what became of each attempt at a test."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from lms.learning.countable import Horizon, Verdict, is_test_sheet, verdict
from lms.learning.lineage import Lineage
from lms.learning.progress import Attempt, Marked, Progress
from lms.learning.today import Record
from lms.services.studying import refolding, testing
from lms.services.studying.looking import View, look
from lms.services.studying.testing import Chances
from lms.storage import event_log, projection
from lms.storage.devices import Device
from lms.storage.projection import OpenedAttempt
from lms.storage.releases import Catalogue, Release

Became = Literal["open", "waiting", "marked", "not_counted"]
"""No sheet has come; one has, and can't be marked yet; it is marked; none will count any more."""

WAIT = ("waiting", "release")
"""Verdicts that may change: lines before it, or the release, may still come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of one attempt. `why` it does not count or has to wait is what `countable.verdict` says of its sheet, `late`
    also where none has come. `review`: after failing, the modules with questions that were missed, by the live release's
    ids: what was right is told to no phone."""

    attempt: OpenedAttempt
    became: Became
    why: str = ""
    state: Attempt = field(default_factory=Attempt)
    review: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One course."""

    view: View
    progress: Progress
    phones: Release
    """The release that the phone has; the live one where it has none that is known here."""
    line: Lineage
    """What everything is called there."""
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
    line = catalogue.seen_from(tx, phones)
    return Course(
        view=view,
        progress=progress,
        phones=phones,
        line=line,
        carried=catalogue.under(tx, progress, line),
        chances={line.now(name): each for name, each in _chances(tx, view, learner, now)},
        fates=tuple(_fates(tx, catalogue, view, progress, device, now)),
    )


def _chances(tx: Connection, view: View, learner: str, now: datetime) -> Iterator[tuple[str, Chances]]:
    for module in view.edition.modules.values():
        if module.test is not None:
            yield module.id, testing.chances(tx, view, learner=learner, module=module, now=now)


def _fates(
    tx: Connection, catalogue: Catalogue, view: View, progress: Progress, device: Device, now: datetime
) -> Iterator[Fate]:
    course = view.release.course.id
    every = projection.attempts_of(tx, device.learner, course)
    away = {each.id: each for each in every if each.device and not _is_sent(progress, each)}
    verdicts = dict(_verdicts(tx, catalogue, device.learner, course, away)) if away else {}
    for opened in every:
        state = progress.attempts.get(opened.id, Attempt())
        if state.marked:
            missed = _to_review(tx, catalogue, view, opened, state.marked)
            yield Fate(attempt=opened, became="marked", state=state, review=missed)
        elif state.sheet:
            yield Fate(attempt=opened, became="waiting", why="release", state=state)
        else:
            yield _without_sheet(opened, verdicts.get(opened.id), now)


def _is_sent(progress: Progress, opened: OpenedAttempt) -> bool:
    return progress.attempts.get(opened.id, Attempt()).sheet is not None


def _without_sheet(opened: OpenedAttempt, verdict: Verdict | None, now: datetime) -> Fate:
    """What becomes of an attempt of which no sheet counts; `verdict` is of the one that came, if one did."""
    if verdict in WAIT:
        return Fate(attempt=opened, became="waiting", why=verdict)
    if verdict:
        return Fate(attempt=opened, became="not_counted", why=verdict)
    if opened.expires_at is not None and opened.expires_at <= now:
        return Fate(attempt=opened, became="not_counted", why="late")
    return Fate(attempt=opened, became="open")


def _to_review(
    tx: Connection, catalogue: Catalogue, view: View, opened: OpenedAttempt, marked: Marked
) -> tuple[str, ...]:
    """The modules that the questions missed belong to, in the course's order, by the live release's ids."""
    release = catalogue.release(tx, opened.release)
    rules = release.course.edition("").modules[opened.module].test if release else None
    if rules is None or marked.passed:
        return ()
    named = {view.lineage.now(rules.review.get(pool, "")) for pool in marked.missed}
    return tuple(each for each in view.edition.modules if each in named)


def _verdicts(
    tx: Connection, catalogue: Catalogue, learner: str, course: str, opened: Mapping[str, OpenedAttempt]
) -> Iterator[tuple[str, Verdict]]:
    """What is said of each sheet that a phone sent for one of these attempts, the best last."""
    horizons = refolding.horizons_of(tx, learner)
    said = [
        (name, verdict(line, opened[name], horizons.get(line.event.device, Horizon()), catalogue))
        for line in event_log.arrived(tx, learner, course)
        if is_test_sheet(line.event) and (name := str(line.event.data["attempt"])) in opened
    ]
    yield from sorted(said, key=lambda each: each[1] in WAIT)
