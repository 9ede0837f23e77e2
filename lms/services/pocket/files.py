"""What somebody did without a network, as a file: read, taken line by line as what phones send is, whole or cut
(docs/decisions/0042). The phone's grant travels with it, and what vouches for the store that gave it."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from lms.certificates.device_key import unpacked
from lms.certificates.trust import Trust
from lms.i18n import N_
from lms.ids import is_uuid
from lms.learning.events import MalformedEvent, decode
from lms.refusals import Refusal
from lms.services.pocket import foreign, receiving
from lms.services.pocket.foreign import Foreign
from lms.services.pocket.receiving import MOST_LINES, Outcome, Sent, read_line
from lms.services.studying.desk import Desk
from lms.storage import devices
from lms.storage.database import Database

MOST_BYTES = 16 * 1024 * 1024
MOST_GRANTS, MOST_FILE_LINES = 20, 20_000
FORMAT = "file 1"
TAKEN = ("accepted", "duplicate", "unproven", "quarantined")
"""What this store has for good."""


class NoProgress(Refusal):
    """It is another kind of file."""

    why = "no_progress"
    message = N_(
        "This is not a file of saved progress. On the phone, choose “Save my progress as a file”, and bring the file "
        "that it makes (its name ends in .ndjson)."
    )


class TooLong(Refusal):
    """More than one file may hold."""

    message = N_("This file is too large. On the phone, send what you can with a connection, then make a new file.")
    status = 413


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was read."""

    learner: str
    device: str
    grants: Sequence[Foreign]
    lines: Sequence[Sent]
    cut: bool
    """Whether its end is missing: what is whole of it is taken all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What became of a file."""

    learner: str
    device: str
    cut: bool
    complete_to: int
    """Up to which number all the phone's lines are here."""
    counts: Mapping[str, int]
    """How many lines there were of each outcome."""
    why: Mapping[str, int]
    """How many lines are not proven or not taken, by the reason."""
    digest: str
    """SHA-256 of the ids that this store has for good, sorted, one in a line."""
    grants: int
    """How many of the grants in it are believed here."""

    @property
    def taken(self) -> int:
        """How many lines this store has for good."""
        return sum(self.counts.get(name, 0) for name in TAKEN)


@dataclass(slots=True)
class _Reading:
    grants: list[Foreign] = field(default_factory=list)
    lines: list[Sent] = field(default_factory=list)
    ended: bool = False


def read(data: bytes) -> File:
    """The file in these bytes. Raises NoProgress, TooLong."""
    if len(data) > MOST_BYTES or data.count(b"\n") > MOST_FILE_LINES:
        raise TooLong
    first, *rest = data.split(b"\n")
    head = _object(first)
    learner, device = head.get("learner"), head.get("device")
    if head.get("vereda") != FORMAT or not _is_id(learner) or not _is_id(device):
        raise NoProgress
    found = _Reading()
    for line in rest[:-1]:  # behind the last end of a line there is nothing, or what was cut
        _read(line.strip(), found)
    if rest:
        _end(rest[-1], found)
    return File(str(learner), str(device), found.grants, found.lines, not found.ended)


def hand_in(
    database: Database, desk: Desk, trust: Trust, data: bytes, *, own_key: str, sender: str, now: datetime
) -> Received:
    """The file is taken: first the grants that are believed, then each line by itself, so many at a time, each time whole or not
    at all. `own_key` is this store's; `sender`: see `receiving.receive`. Raises NoProgress, TooLong."""
    file = read(data)
    known = [foreign.believed(each, trust, own=desk.pen.store.id, own_key=own_key) for each in file.grants]
    granted = 0
    if any(known):
        with database.writing() as tx:
            granted = sum(foreign.adopt(tx, desk, each, now=now) for each in known if each)
    outcomes: list[Outcome] = []
    for part in _parts(file.lines):
        outcomes += receiving.receive(database, desk, part, sender=sender, via="file", now=now).outcomes
    with database.reading() as tx:
        phone = devices.one(tx, file.device, file.learner)
    whole = list(zip(file.lines, outcomes, strict=True))
    ids = sorted({_id(sent) for sent, each in whole if each.outcome in TAKEN})
    return Received(
        learner=file.learner,
        device=file.device,
        cut=file.cut,
        complete_to=phone.complete_to if phone else 0,
        counts=Counter(each.outcome for each in outcomes),
        why=Counter(each.why for each in outcomes if each.outcome in ("unproven", "refused")),
        digest=hashlib.sha256("\n".join(ids).encode()).hexdigest(),
        grants=granted,
    )


def _read(line: bytes, found: _Reading) -> None:
    told = _object(line)
    if "end" in told:
        found.ended = told["end"] == len(found.lines)
    elif "grant" in told:
        if len(found.grants) < MOST_GRANTS:
            found.grants.append(_grant(told))
    elif line:
        found.lines.append(read_line(line))
        found.ended = False


def _end(line: bytes, found: _Reading) -> None:
    """A last line without an end of its own: only the one that says that all is there is taken."""
    told = _object(line.strip())
    found.ended = found.ended or (told.keys() == {"end"} and told["end"] == len(found.lines))


def _grant(told: Mapping[str, Any]) -> Foreign:
    grant = told["grant"] if isinstance(told["grant"], dict) else {}
    raw = grant.get("raw")
    return Foreign(
        raw=raw.encode("utf-8", "replace") if isinstance(raw, str) else b"",
        signature=unpacked(grant.get("signature")) or b"",
        trust=told.get("trust"),
    )


def _object(line: bytes) -> dict[str, Any]:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _is_id(value: object) -> bool:
    return isinstance(value, str) and is_uuid(value)


def _id(sent: Sent) -> str:
    try:
        return decode(sent.raw).id
    except MalformedEvent:
        return ""


def _parts(lines: Sequence[Sent]) -> Iterator[list[Sent]]:
    rest = iter(lines)
    while part := list(islice(rest, MOST_LINES)):
        yield part
