"""The event: one immutable JSON line, made once and kept as the bytes it was (docs/decisions/0002)."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from lms.ids import is_uuid

MAX_BYTES = 16 * 1024
_HASH = re.compile(r"[0-9a-f]{64}")
FIELDS = (
    "v",
    "id",
    "type",
    "learner",
    "device",
    "n",
    "by",
    "store",
    "at",
    "course",
    "release",
    "item",
    "data",
)

ENROLLED = "learner.enrolled"
MODULE_COMPLETED = "learner.module_completed"
SECTION_REACHED = "learner.section_reached"
SCENARIO_ENDED = "learner.scenario_ended"
ATTEMPT_SUBMITTED = "learner.attempt_submitted"
PRACTICE_ANSWERED = "learner.practice_answered"
CONSENT_GIVEN = "learner.consent_given"
CONSENT_WITHDRAWN = "learner.consent_withdrawn"
PROFILE = "store.learner_profile"
COHORT_MADE = "store.cohort_made"
COHORT_CHANGED = "store.cohort_changed"
COHORT_ASSIGNED = "store.cohort_assigned"
COHORT_UNASSIGNED = "store.cohort_unassigned"
STORE_ENROLLED = "store.enrolled"
ATTEMPT_OPENED = "store.attempt_opened"
COURSE_COMPLETED = "store.course_completed"
ISSUANCE_REQUESTED = "store.issuance_requested"
DEVICE_GRANTED = "store.device_granted"
"""A phone may write for the learner: data {device, key, expires, name}; told again, it is renewed."""
DEVICE_REVOKED = "store.device_revoked"
"""It no longer may: data {device, why}."""
CLOCK_CONFIRMED = "store.clock_confirmed"
CREDENTIAL_ISSUED = "store.credential_issued"
CREDENTIAL_REVOKED = "store.credential_revoked"
CREDENTIAL_ERASED = "store.credential_erased"
LEARNERS_LINKED = "store.learners_linked"
LEARNERS_UNLINKED = "store.learners_unlinked"
LEARNER_ERASED = "store.learner_erased"
ANSWERS_REMOVED = "store.answers_removed"
"""The type of the line in the place of one that held answers: what they were worth (see `lms.learning.worth`)."""
ERASED = "erased"
"""The type of what is left of an event that was erased: in no line, and of nobody."""


class MalformedEvent(ValueError):
    """The bytes are not an event line of version 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One act of one person, as its device or store tells it. `at` is a claim for display; it decides nothing."""

    id: str
    type: str
    learner: str | None
    device: str
    n: int
    at: str
    by: str | None = None
    store: str | None = None
    course: str | None = None
    release: str | None = None
    item: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    v: int = 1


def encode(event: Event) -> bytes:
    """The event's one line, without a line end. Call it once: the bytes are what is stored and signed.

    Raises MalformedEvent when the line would pass 16 KiB.
    """
    values = asdict(event)
    raw = json.dumps({name: values[name] for name in FIELDS}, ensure_ascii=False, separators=(",", ":")).encode()
    if len(raw) > MAX_BYTES:
        raise MalformedEvent("line too long")
    return raw


def decode(raw: bytes) -> Event:
    """The event in a line; unknown types and unknown data are kept. Raises MalformedEvent."""
    if len(raw) > MAX_BYTES:
        raise MalformedEvent("line too long")
    try:
        values = _JSON.decode(raw.decode())
    except (ValueError, RecursionError) as error:
        raise MalformedEvent("not JSON") from error
    if not isinstance(values, dict) or values.get("v") != 1:
        raise MalformedEvent("not an event of version 1")
    if values.get("erased") is True:
        values = {**_EMPTY, **{name: values.get(name) for name in ("id", "device", "n")}, "data": _left(values)}
    if not set(FIELDS) <= values.keys():
        raise MalformedEvent("not an event of version 1")
    _check(values)
    return Event(**{name: values[name] for name in FIELDS})


def stub(event: Event, hash_: str) -> bytes:
    """The line in the place of an event's that was erased: which it was, and nothing of whom or what (`hash_` is the
    erased line's). `decode` makes an event of it, of the type ERASED and of no learner."""
    left = {"v": 1, "id": event.id, "hash": hash_, "n": event.n, "device": event.device, "erased": True}
    return json.dumps(left, separators=(",", ":")).encode()


def moment(text: Any) -> datetime | None:
    """The moment that a line tells, aware; None where it tells none."""
    try:
        told = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return told.replace(tzinfo=UTC) if told and told.tzinfo is None else told


def digest(raw: bytes) -> str:
    """SHA-256 of the raw line, in hexadecimal."""
    return hashlib.sha256(raw).hexdigest()


def _no_number(name: str) -> float:
    """NaN and the infinities, which are no JSON."""
    raise ValueError(name)


_JSON = json.JSONDecoder(parse_constant=_no_number)
_EMPTY: Mapping[str, Any] = {**dict.fromkeys(FIELDS), "v": 1, "type": ERASED, "at": ""}


def _left(values: Mapping[str, Any]) -> dict[str, str]:
    found = values.get("hash")
    if not isinstance(found, str) or not _HASH.fullmatch(found):
        raise MalformedEvent("no hash of the erased line")
    return {"hash": found}


def _check(values: Mapping[str, Any]) -> None:
    for name in ("id", "device", "learner", "by"):
        value = values[name]
        if (value is not None or name in ("id", "device")) and not (isinstance(value, str) and is_uuid(value)):
            raise MalformedEvent("an id is not a UUID")
    for name in ("type", "at", "store", "course", "release", "item"):
        value = values[name]
        if (value is not None or name in ("type", "at")) and not isinstance(value, str):
            raise MalformedEvent("a field is not text")
    number = values["n"]
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        raise MalformedEvent("n counts from 1")
    if not isinstance(values["data"], dict):
        raise MalformedEvent("data is not an object")
