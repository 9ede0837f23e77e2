"""Phones that may write for somebody: the key that was granted to each, and how far its lines are here."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, tuple_, update

from lms.learning.countable import Horizon
from lms.storage import members
from lms.storage.database import utc
from lms.storage.event_log import upsert
from lms.storage.tables import OF_PHONES, devices, events

_D = devices.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A phone of somebody's. `grant_id` is the event that grants it now; `complete_to`: every proven line up to that number
    is here; `forked_at`: the first number that two different proven lines have."""

    id: str
    learner: str
    key: str
    name: str
    grant_id: str
    granted_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    revoked_why: str = ""
    received_at: datetime | None = None
    complete_to: int = 0
    forked_at: int | None = None

    @property
    def horizon(self) -> Horizon:
        """How far its lines are here."""
        return Horizon(self.complete_to, self.forked_at)

    def is_good(self, now: datetime) -> bool:
        """Whether what it sends now is proven."""
        return self.revoked_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True)
class Phone:
    """That somebody has a phone that may send: since when, and when any of hers last sent something."""

    granted_at: datetime
    received_at: datetime | None


def one(tx: Connection, device: str, learner: str) -> Device | None:
    """That phone of that learner's."""
    row = tx.execute(select(devices).where(_D.id == device, _D.learner == learner)).first()
    return _device(row) if row else None


def some(tx: Connection, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Device]:
    """Those of these (phone, learner) that are known."""
    query = select(devices).where(tuple_(_D.id, _D.learner).in_(list(keys)))
    return {(row.id, row.learner): _device(row) for row in tx.execute(query)}


def of_learner(tx: Connection, learner: str) -> list[Device]:
    """Every phone of the learner's, the newest first."""
    query = select(devices).where(_D.learner == learner).order_by(_D.granted_at.desc(), _D.id)
    return [_device(row) for row in tx.execute(query)]


def of_cohort(tx: Connection, cohort: str, now: datetime) -> dict[str, Phone]:
    """Who in the cohort has a phone that may send something now, by learner."""
    columns = (_D.learner, func.min(_D.granted_at), func.max(_D.received_at))
    query = select(*columns).where(_D.revoked_at.is_(None), _D.expires_at > now, _D.learner.in_(members.ids(cohort)))
    rows = tx.execute(query.group_by(_D.learner))
    return {who: Phone(utc(granted), utc(received) if received else None) for who, granted, received in rows}


def heard(tx: Connection, cohort: str, course: str) -> dict[str, datetime]:
    """When something that a learner did in the course last came here, of everybody in the cohort who has or had a phone."""
    theirs = events.c.learner.in_(select(_D.learner).where(_D.learner.in_(members.ids(cohort))))
    query = select(events.c.learner, func.max(events.c.received_at)).where(theirs, events.c.course == course)
    query = query.where(events.c.proof != "", events.c.type.startswith("learner."))
    return {who: utc(at) for who, at in tx.execute(query.group_by(events.c.learner))}


def save(tx: Connection, device: Device) -> None:
    """The phone is known so from now on."""
    statement = upsert(tx)(devices).values(**asdict(device))
    keys = ("id", "learner")
    changed = {each.name: each for each in statement.excluded if each.name not in keys}
    tx.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed))


def every(tx: Connection) -> list[Device]:
    """Every phone of everybody's."""
    return [_device(row) for row in tx.execute(select(devices))]


def forked(tx: Connection) -> list[Device]:
    """The phones that told two different things under one number."""
    return [_device(row) for row in tx.execute(select(devices).where(_D.forked_at.is_not(None)))]


def set_horizon(tx: Connection, device: str, learner: str, seen: Horizon) -> None:
    """How far its lines are here."""
    values = {"complete_to": seen.complete_to, "forked_at": seen.forked_at}
    tx.execute(update(devices).where(_D.id == device, _D.learner == learner).values(**values))


def set_received(tx: Connection, keys: Iterable[tuple[str, str]], now: datetime) -> None:
    """These (phone, learner) sent something now."""
    tx.execute(update(devices).where(tuple_(_D.id, _D.learner).in_(list(keys))).values(received_at=now))


def unproven(tx: Connection, learner: str) -> Mapping[str, int]:
    """How many lines without a proof say that they are this learner's, by the phone that they say they are from; what this
    store told in the place of one is not counted."""
    waits = (events.c.learner == learner, OF_PHONES, events.c.proof == "", events.c.why != "mended")
    query = select(events.c.device, func.count()).where(*waits)
    return {device: int(count) for device, count in tx.execute(query.group_by(events.c.device))}


def _device(row: Row[Any]) -> Device:
    values = dict(row._mapping)
    moments = ("granted_at", "expires_at", "revoked_at", "received_at")
    return Device(**{**values, **{name: utc(values[name]) if values[name] else None for name in moments}})
