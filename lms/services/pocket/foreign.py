"""Grants that come in a file: another store's are believed where a root that is trusted here vouches for that store, and only
for people who have no account here; this store's own where it has forgotten them, since it was brought back from a backup
(docs/decisions/0042)."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from lms.certificates.device_key import is_key
from lms.certificates.signed import is_by_store
from lms.certificates.trust import BadList, Trust
from lms.certificates.vouching import vouched
from lms.ids import is_uuid
from lms.learning import events as types
from lms.learning.events import Event, MalformedEvent, decode
from lms.services.people.devices import LASTS, clean_name
from lms.services.pocket.receiving import prove_again
from lms.services.studying.desk import Desk
from lms.storage import devices, event_log, people, phone_lines
from lms.storage.devices import Device


@dataclass(frozen=True, slots=True)
class Foreign:
    """A grant as it came: the line, its store's signature, and what vouches for that store."""

    raw: bytes
    signature: bytes
    trust: Any


@dataclass(frozen=True, slots=True)
class Believed:
    """A grant of a store that is known to have given it; `is_own`: this one."""

    event: Event
    raw: bytes
    signature: bytes
    is_own: bool


def believed(grant: Foreign, trust: Trust, *, own: str, own_key: str) -> Believed | None:
    """The grant, if it is one, of this store (its id and key) or of one that is vouched for."""
    try:
        event = decode(grant.raw)
    except MalformedEvent:
        return None
    if not _is_grant(event):
        return None
    if event.store == own and is_by_store(own_key, grant.raw, grant.signature):
        return Believed(event, grant.raw, grant.signature, is_own=True)
    try:
        store = vouched(trust, grant.trust)
    except BadList:
        return None
    if event.store != store.store or not store.is_signature(grant.raw, grant.signature):
        return None
    return Believed(event, grant.raw, grant.signature, is_own=False)


def adopt(tx: Connection, desk: Desk, believed: Believed, *, now: datetime) -> bool:
    """Whether the phone may write for its learner here by that grant; what it sent before is then proven. It takes the place of
    none that is here already and lasts as long, nor of one that was revoked."""
    event = believed.event
    learner = event.learner or ""
    event_log.hold(tx, learner)
    if (people.by_id(tx, learner) is not None) != believed.is_own or phone_lines.are_erased(tx, [learner]):
        return False
    made = _device(event, now)
    known = devices.one(tx, made.id, learner)
    if known and (known.key != made.key or known.revoked_at or known.expires_at >= made.expires_at):
        return known.key == made.key and known.is_good(now)
    if event_log.append(tx, believed.raw, event, now=now, via="file", signature=believed.signature) == "quarantined":
        return False
    devices.save(tx, replace(made, complete_to=known.complete_to, forked_at=known.forked_at) if known else made)
    prove_again(tx, desk, learner=learner, device=made.id, now=now)
    return True


def _is_grant(event: Event) -> bool:
    data, at = event.data, types.moment(event.at)
    until = types.moment(data.get("expires"))
    return (
        event.type == types.DEVICE_GRANTED
        and event.learner is not None
        and isinstance(data.get("device"), str)
        and is_uuid(data["device"])
        and is_key(data.get("key"))
        and isinstance(data.get("name"), str)
        and at is not None
        and until is not None
        and until <= at + LASTS
    )


def _device(event: Event, now: datetime) -> Device:
    until = types.moment(event.data["expires"]) or now
    return Device(
        id=event.data["device"],
        learner=event.learner or "",
        key=event.data["key"],
        name=clean_name(event.data["name"]),
        grant_id=event.id,
        granted_at=types.moment(event.at) or now,
        expires_at=min(until, now + LASTS),
    )
