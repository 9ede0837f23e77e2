"""One act of a learner in a course: logged, folded into her progress, and completion noticed, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from lms.learning import events as types
from lms.learning.events import Event
from lms.learning.progress import Progress, apply
from lms.services.common.record import Act, record
from lms.services.studying import completion
from lms.services.studying.desk import Desk, Where
from lms.storage import event_log, projection
from lms.storage.releases import Release


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What was done: an event's type and data, the release it belongs to, and by whom where it was not herself."""

    type: str
    data: Mapping[str, Any]
    release: Release
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Her progress with the act in it; `event` is None when the act was known before."""

    progress: Progress
    event: Event | None


def write(tx: Connection, desk: Desk, where: Where, deed: Deed, *, now: datetime) -> Done:
    """The act is in the log and in the progress row. Raises AlreadyRecorded, MalformedEvent."""
    event = record(tx, desk.pen, _act(where, deed, deed.type, deed.data, where.event), now=now)
    progress = projection.of_course(tx, where.learner, where.course)
    if event is None:
        return Done(progress=progress, event=None)
    if not progress.enrolled:
        begun = record(tx, desk.pen, _act(where, deed, types.ENROLLED, {}, None), now=now)
        progress = apply(progress, begun, desk.catalogue) if begun else progress
    progress = apply(progress, event, desk.catalogue)
    progress = completion.settle(tx, desk, where, progress, now=now)
    projection.save(tx, where.learner, where.course, progress)
    return Done(progress=progress, event=event)


def hold(tx: Connection, where: Where) -> None:
    """Until the commit nobody else writes for this learner: what is read now stays true."""
    event_log.hold(tx, where.learner)


def _act(where: Where, deed: Deed, kind: str, data: Mapping[str, Any], event_id: str | None) -> Act:
    return Act(
        type=kind,
        learner=where.learner,
        by=deed.by,
        course=where.course,
        release=deed.release.digest,
        item=(where.module or None) if kind != types.ENROLLED else None,
        data=data,
        id=event_id,
    )
