"""Lines of phones that do not count, put right by the staff: proven anew, or told once more by this store where somebody knows that
the act was true (docs/decisions/0041). The line itself stays as it is, and what is told instead of it says so."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from lms.i18n import N_
from lms.learning import events as types
from lms.learning.countable import is_test_sheet
from lms.learning.events import Event, decode
from lms.refusals import Refusal
from lms.services.common.oversight import NotYours
from lms.services.common.record import Act, record
from lms.services.common.staff_acts import note
from lms.services.people.consent import may_record
from lms.services.pocket import folding, receiving
from lms.services.studying.desk import Desk
from lms.services.studying.looking import is_allowed
from lms.storage import devices, event_log, people, phone_lines, quarantine
from lms.storage.devices import Device
from lms.storage.people import Person
from lms.storage.phone_lines import Doubt
from lms.storage.releases import Release

MENDABLE = (
    types.ENROLLED,
    types.MODULE_COMPLETED,
    types.SCENARIO_ENDED,
    types.ATTEMPT_SUBMITTED,
    types.PRACTICE_ANSWERED,
)
WHY = {
    "no_grant": N_("No grant of that phone is here"),
    "expired": N_("The phone’s grant had expired"),
    "revoked": N_("The phone was removed"),
    "signature": N_("The signature is not the phone’s"),
    "mended": N_("Taken as a new act"),
}
MOST = 200
"""Lines of one phone that a page shows."""


class NothingHere(NotYours):
    """Nothing of that phone, or no such line."""

    message = N_("Nothing is here of that phone any more: its lines count now, or the person was erased.")


class NotMendable(Refusal):
    """It is no act that this store could tell in its place."""

    message = N_(
        "This can't be taken as a new act: only what somebody known here did in a course that they may study, and no sheet of a "
        "final test. For a test, check the phone's lines again, or enter it from paper."
    )
    status = 409


class MendedAlready(Refusal):
    """Somebody did it."""

    message = N_("This line was taken as a new act already.")
    status = 409


@dataclass(frozen=True, slots=True)
class InDoubt:
    """A phone whose lines do not all count. `device` is None where none of that id was granted to that learner."""

    id: str
    learner: str
    device: Device | None
    unproven: int

    @property
    def forked_at(self) -> int | None:
        """The first number that two different proven lines have."""
        return self.device.forked_at if self.device else None


@dataclass(frozen=True, slots=True)
class Doubted:
    """A line without a proof. `release`: of the course that it is about, where it is known here; `may`: whether this store can
    tell it in its place."""

    event: Event
    hash: str
    why: str
    at: datetime
    release: Release | None
    may: bool


def in_doubt(tx: Connection) -> list[InDoubt]:
    """The phones with lines that are not proven, or with two lines under one number."""
    doubted = phone_lines.in_doubt(tx)
    forked = {(each.id, each.learner): each for each in devices.forked(tx)}
    known = {**devices.some(tx, doubted), **forked}
    keys = sorted({*doubted, *forked}, key=lambda key: (key[1], key[0]))
    return [InDoubt(id_, learner, known.get((id_, learner)), doubted.get((id_, learner), 0)) for id_, learner in keys]


def lines(tx: Connection, desk: Desk, device: str, learner: str) -> list[Doubted]:
    """The lines without a proof that say that they are from that phone, the first ones; those that were told anew come last."""
    person = people.by_id(tx, learner)
    return [_doubted(tx, desk, each, person) for each in phone_lines.doubts(tx, device, learner, MOST)]


def release_of(tx: Connection, desk: Desk, line: Event) -> Release | None:
    """The release that the line is about, where it is known here and of the course that the line says."""
    found = desk.catalogue.release(tx, line.release or "")
    return found if found and found.course.id == line.course else None


def may_tell(tx: Connection, desk: Desk, line: Event) -> bool:
    """Whether this store can tell what that line tells."""
    return _is_tellable(tx, line, people.by_id(tx, line.learner or ""), release_of(tx, desk, line))


def check_again(tx: Connection, desk: Desk, *, learner: str, device: str, by: str, now: datetime) -> int:
    """How many lines of that phone count since now: their proof was looked for again."""
    n = receiving.prove_again(tx, desk, learner=learner, device=device, now=now)
    note(tx, "lines-checked", by=by, subject=learner, now=now, device=device, n=n)
    return n


def accept(
    tx: Connection, desk: Desk, event_id: str, *, learner: str, device: str, why: str, by: str, now: datetime
) -> None:
    """What that unproven line of that phone's tells is told by this store. Raises NothingHere, NotMendable, MendedAlready."""
    found = phone_lines.doubt_of(tx, event_id)
    if found is None or (found.event.learner, found.event.device) != (learner, device):
        raise NothingHere
    if found.why == "mended":
        raise MendedAlready
    _tell(tx, desk, found.event, found.hash, why=why, by=by, now=now)
    phone_lines.doubt(tx, [event_id], "mended")


def accept_held(tx: Connection, desk: Desk, hash_: str, *, why: str, by: str, now: datetime) -> None:
    """What that line in quarantine tells is told by this store, and the line is put aside.
    Raises NotYours, NotMendable, MendedAlready."""
    held = quarantine.one(tx, hash_)
    if held is None:
        raise NotYours
    if held.seen_at is not None:
        raise MendedAlready
    _tell(tx, desk, decode(held.raw), held.hash, why=why, by=by, now=now)
    quarantine.set_seen(tx, hash_, at=now, by=by, why=why)


def _tell(tx: Connection, desk: Desk, line: Event, hash_: str, *, why: str, by: str, now: datetime) -> None:
    """The same act under another id, signed by this store, saying in the place of which line it is."""
    learner, course = line.learner or "", line.course or ""
    event_log.hold(tx, learner)
    if not may_tell(tx, desk, line):
        raise NotMendable
    act = Act(
        type=line.type,
        learner=learner,
        by=by or None,
        course=course,
        release=line.release,
        item=line.item,
        data={**line.data, "instead_of": hash_},
        id=str(uuid.uuid5(uuid.UUID(line.id), hash_)),
        signed=True,
    )
    event = record(tx, desk.pen, act, now=now)
    if event is None:
        raise MendedAlready
    folding.add(tx, desk, event, now=now)
    note(tx, "line-accepted", by=by, subject=event.id, now=now, learner=learner, line=hash_, reason=why)


def _doubted(tx: Connection, desk: Desk, found: Doubt, person: Person | None) -> Doubted:
    release = release_of(tx, desk, found.event)
    may = found.why != phone_lines.MENDED and _is_tellable(tx, found.event, person, release)
    return Doubted(found.event, found.hash, found.why, found.at, release, may)


def _is_tellable(tx: Connection, line: Event, person: Person | None, release: Release | None) -> bool:
    if line.type not in MENDABLE or is_test_sheet(line) or person is None or not may_record(person):
        return False
    return release is not None and is_allowed(tx, release.course, learner=person.id)
