"""Lines of phones that do not count, put right by the staff: proven anew, or told once more by this store where somebody knows that
the act was true (docs/decisions/0041). The line itself stays as it is, and what is told instead of it says so."""

import uuid
from collections.abc import Sequence
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
    """A line without a proof."""

    event: Event
    hash: str
    why: str
    at: datetime


def in_doubt(tx: Connection) -> list[InDoubt]:
    """The phones with lines that are not proven, or with two lines under one number."""
    doubted = phone_lines.in_doubt(tx)
    forked = {(each.id, each.learner): each for each in devices.forked(tx)}
    known = {**devices.some(tx, doubted), **forked}
    keys = sorted({*doubted, *forked}, key=lambda key: (key[1], key[0]))
    return [InDoubt(id_, learner, known.get((id_, learner)), doubted.get((id_, learner), 0)) for id_, learner in keys]


def lines(tx: Connection, device: str, learner: str) -> list[Doubted]:
    """The lines without a proof that say that they are from that phone, the first ones."""
    rows: Sequence[phone_lines.Doubt] = phone_lines.doubts(tx, device, learner, MOST)
    return [Doubted(decode(each.raw), each.hash, each.why, each.at) for each in rows]


def check_again(tx: Connection, desk: Desk, *, learner: str, device: str, by: str, now: datetime) -> int:
    """How many lines of that phone count since now: their proof was looked for again."""
    n = receiving.prove_again(tx, desk, learner=learner, device=device, now=now)
    note(tx, "lines-checked", by=by, subject=learner, now=now, device=device, n=n)
    return n


def accept(tx: Connection, desk: Desk, event_id: str, *, why: str, by: str, now: datetime) -> None:
    """What that unproven line tells is told by this store. Raises NotYours, NotMendable, MendedAlready."""
    found = phone_lines.doubt_of(tx, event_id)
    if found is None:
        raise NotYours
    if found.why == "mended":
        raise MendedAlready
    _tell(tx, desk, decode(found.raw), found.hash, why=why, by=by, now=now)
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
    person, release = people.by_id(tx, learner), desk.catalogue.release(tx, line.release or "")
    if line.type not in MENDABLE or is_test_sheet(line) or person is None or not may_record(person):
        raise NotMendable
    if release is None or release.course.id != course or not is_allowed(tx, release.course, learner=learner):
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
