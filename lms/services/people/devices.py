"""The phones that may write for somebody: granted for half a year at most, renewed, revoked (docs/decisions/0041)."""

import unicodedata
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from lms.certificates.device_key import is_key
from lms.i18n import N_
from lms.ids import is_uuid
from lms.learning import events as types
from lms.learning.events import Event
from lms.refusals import Refusal
from lms.services.common.record import Act, Pen, record
from lms.storage import devices, event_log
from lms.storage.devices import Device

LASTS = timedelta(days=180)
AGAIN = timedelta(hours=1)
"""Asked for again so soon, it is the same grant: a reply was lost."""
MOST = 20
"""Phones of one person at once."""
LONGEST_NAME = 80


class BadDevice(Refusal):
    """No id or no key of a phone."""

    message = N_("This phone can't be known again: its key can't be read. Take the course along once more.")


class OtherKey(Refusal):
    """The phone is known with another key."""

    message = N_("This phone is known here with another key. Remove yourself from it, and take the course along again.")
    status = 409


class TooManyDevices(Refusal):
    """She has as many as one person may have."""

    message = N_("You have taken courses along on too many devices. First remove one that you no longer use.")
    status = 409


@dataclass(frozen=True, slots=True)
class Grant:
    """The line that says that a phone may write, with this store's signature."""

    raw: bytes
    signature: bytes
    expires: str


def grant(tx: Connection, pen: Pen, *, learner: str, device: str, key: str, name: str, now: datetime) -> Grant:
    """The phone may write for the learner from now on; for one that may already it is renewed. What it sent before is proven by
    `lms.services.pocket.receiving.grant`, which calls this. Raises BadDevice, OtherKey, TooManyDevices."""
    event_log.hold(tx, learner)
    if not is_uuid(device) or not is_key(key) or device == pen.store.device:
        raise BadDevice
    known = devices.one(tx, device, learner)
    if known and known.key != key:
        raise OtherKey
    called = clean_name(name)
    if known and known.is_good(now) and known.name == called and now - known.granted_at < AGAIN:
        return _grant(tx, known)
    if known is None and sum(each.is_good(now) for each in devices.of_learner(tx, learner)) >= MOST:
        raise TooManyDevices
    until = (now + LASTS).astimezone(UTC).replace(microsecond=0)
    data = {"device": device, "key": key, "expires": _text(until), "name": called}
    event = record(tx, pen, Act(type=types.DEVICE_GRANTED, learner=learner, data=data), now=now)
    granted = _granted(known, event, device=device, learner=learner, now=now)
    devices.save(tx, granted)
    return _grant(tx, granted)


def revoke(tx: Connection, pen: Pen, *, learner: str, device: str, why: str, by: str, now: datetime) -> bool:
    """Whether the phone could write until now: from now on nothing that it sends is proven. `why`: passphrase, self, staff or
    removed; `by`: whose act it is, empty for the command line."""
    event_log.hold(tx, learner)
    known = devices.one(tx, device, learner)
    if known is None or known.revoked_at is not None:
        return False
    data = {"device": device, "why": why}
    record(tx, pen, Act(type=types.DEVICE_REVOKED, learner=learner, by=by or None, data=data), now=now)
    devices.save(tx, replace(known, revoked_at=now, revoked_why=why))
    return True


def revoke_all(tx: Connection, pen: Pen, *, learner: str, why: str, by: str, now: datetime) -> int:
    """How many phones could write for the learner until now, and no longer can."""
    known = devices.of_learner(tx, learner)
    return sum(revoke(tx, pen, learner=learner, device=each.id, why=why, by=by, now=now) for each in known)


def of_learner(tx: Connection, learner: str) -> list[Device]:
    """Every phone of the learner's, also those that may write no more, the newest first."""
    return devices.of_learner(tx, learner)


def good(tx: Connection, device: str, learner: str, now: datetime) -> Device | None:
    """The phone, where what it sends for the learner now is proven."""
    known = devices.one(tx, device, learner)
    return known if known and known.is_good(now) else None


def clean_name(text: str) -> str:
    """What she calls a phone: single spaces, no control characters, not too long."""
    plain = "".join(" " if unicodedata.category(each) in ("Cc", "Cf", "Cs", "Co") else each for each in text[:1000])
    return " ".join(unicodedata.normalize("NFC", plain).split())[:LONGEST_NAME].strip()


def _granted(known: Device | None, event: Event | None, *, device: str, learner: str, now: datetime) -> Device:
    if event is None:
        raise RuntimeError("an act without an id is always new")
    until = types.moment(event.data["expires"]) or now
    told = {"key": event.data["key"], "name": event.data["name"], "grant_id": event.id}
    if known is None:
        return Device(id=device, learner=learner, granted_at=now, expires_at=until, **told)
    return replace(known, granted_at=now, expires_at=until, revoked_at=None, revoked_why="", **told)


def _grant(tx: Connection, device: Device) -> Grant:
    line = event_log.signed(tx, device.grant_id)
    return Grant(line.raw, line.signature, _text(device.expires_at))


def _text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
