"""Writing one act into the event log, as this store."""

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from lms.i18n import N_
from lms.ids import uuid7
from lms.learning.events import Event, encode
from lms.refusals import Refusal
from lms.storage import event_log
from lms.storage.stores import Store


class AlreadyRecorded(Refusal):
    """Another act carries this id already."""

    message = N_("This form was already used for something else. Open the page again and repeat what you did.")
    status = 409


@dataclass(frozen=True, slots=True)
class Pen:
    """What writing needs: which store this is, and its signature for `store.*` events."""

    store: Store
    sign: Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What somebody did. `id` comes from the form, so that a double click is one event; the same form sent again with
    other data is another act."""

    type: str
    learner: str | None
    by: str | None = None
    course: str | None = None
    release: str | None = None
    item: str | None = None
    data: Mapping[str, Any] | None = None
    id: str | None = None
    signed: bool = False
    """Whether this store vouches for it with its signature, as it does for every `store.*` event."""


def record(tx: Connection, pen: Pen, act: Act, *, now: datetime) -> Event | None:
    """The event as logged, or None when this act was logged before (a double click, a reload).

    Raises AlreadyRecorded when the id belongs to another act, MalformedEvent when the line would be too long.
    """
    known = _known(tx, act)
    if known is not None and known.data != _plain(act.data):
        act = replace(act, id=_other_id(act))
        known = _known(tx, act)
    if known is not None:
        return None
    event = _event(tx, pen, act, now)
    raw = encode(event)
    signature = pen.sign(raw) if act.signed or act.type.startswith("store.") else None
    event_log.append(tx, raw, event, now=now, via="web", signature=signature)
    return event


def timestamp(now: datetime) -> str:
    """A moment as events write it: `2026-11-24T11:39:13.123Z`."""
    return now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _known(tx: Connection, act: Act) -> Event | None:
    """The event that this form made before. Raises AlreadyRecorded when it is of another kind, person or place."""
    known = event_log.find(tx, act.id) if act.id else None
    if known and (known.type, known.learner, known.course, known.item) != (
        act.type,
        act.learner,
        act.course,
        act.item,
    ):
        raise AlreadyRecorded
    return known


def _other_id(act: Act) -> str:
    """The id of what a form says that said something else before: of its first id and its data, so that a double click
    on it is one event again."""
    return str(uuid.uuid5(uuid.UUID(act.id), json.dumps(_plain(act.data), sort_keys=True)))


def _plain(data: Mapping[str, Any] | None) -> Any:
    """The data as they come back from the log."""
    return json.loads(json.dumps(dict(data or {})))


def _event(tx: Connection, pen: Pen, act: Act, now: datetime) -> Event:
    return Event(
        id=act.id or uuid7(),
        type=act.type,
        learner=act.learner,
        device=pen.store.device,
        n=event_log.next_number(tx, device=pen.store.device, learner=act.learner),
        by=act.by or act.learner,
        store=pen.store.id,
        at=timestamp(now),
        course=act.course,
        release=act.release,
        item=act.item,
        data=dict(act.data or {}),
    )
