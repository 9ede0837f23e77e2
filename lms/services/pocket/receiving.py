"""What phones send: each line judged by itself, kept once, and counted only with a proof (docs/decisions/0041).

Signatures are checked before the transaction, which is short; whoever calls answers only after it.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Connection

from lms.certificates.device_key import is_signed, unpacked
from lms.i18n import N_
from lms.learning.countable import PHONE, UNPROVEN, Arrived
from lms.learning.events import Event, decode, digest, stub
from lms.learning.phone_lines import RefusedLine, read
from lms.refusals import Refusal
from lms.services.people import devices as granting
from lms.services.people.consent import may_record
from lms.services.people.devices import Grant
from lms.services.pocket import folding
from lms.services.pocket.folding import Phone
from lms.services.studying.desk import Desk
from lms.storage import devices, event_log, people, phone_lines, quotas
from lms.storage.database import Database
from lms.storage.devices import Device
from lms.storage.people import Person
from lms.storage.phone_lines import Entry, Known
from lms.storage.quotas import Amount

MOST_LINES, MOST_BYTES = 500, 1024 * 1024
OF_PHONE = Amount(3000, 8 * 1024 * 1024)
"""From one phone in one day."""
OF_ADDRESS = Amount(500, 8 * 1024 * 1024)
"""Without the signature of a phone that is known here, from one address in one day."""
ERASED, WITHDRAWN = "erased", "withdrawn"
Said = Literal["accepted", "duplicate", "unproven", "quarantined", "refused"]


class TooManyLines(Refusal):
    """More than one request may carry."""

    message = N_("This is too much at once. Send less, several times.")
    status = 413


@dataclass(frozen=True, slots=True)
class Sent:
    """A line as it was sent, with its signature; no bytes where what was sent is no line."""

    raw: bytes
    signature: bytes | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a line, and why."""

    outcome: Said
    why: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of each line, in their order, and up to which number each phone's lines are all here."""

    outcomes: Sequence[Outcome]
    complete_to: dict[str, int]


@dataclass(slots=True)
class _Weighed:
    """A line that reads. `phone` is the one that it says it is from; `key` is the one that its signature was checked by, and
    `is_right` whether it is that key's."""

    raw: bytes
    signature: bytes | None
    hash: str
    event: Event
    phone: Phone
    key: str = ""
    is_right: bool = False


def read_lines(body: bytes) -> list[Sent]:
    """The lines of a request's body; a last one that does not end was cut, and is none. Raises TooManyLines."""
    *lines, _cut = body.split(b"\n")
    if len(lines) > MOST_LINES or len(body) > MOST_BYTES:
        raise TooManyLines
    return [read_line(line) for line in lines]


def read_line(line: bytes) -> Sent:
    """A line of the form `{"raw":"…","signature":"…"}`."""
    try:
        told = json.loads(line)
        raw = told["raw"].encode()
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return Sent(b"")
    return Sent(raw, unpacked(told.get("signature")))


def receive(database: Database, desk: Desk, lines: Sequence[Sent], *, sender: str, via: str, now: datetime) -> Taken:
    """What became of each line, once it is safe. `sender` is the address that it came from, under a hash; `via` is pocket or file.
    Whatever fails, fails as a whole, and nothing of it is kept."""
    weighed = _weigh(database, lines)
    with database.writing() as tx:
        taking = _Taking(tx, desk, sender, via, now)
        taking.prepare([each for each in weighed if isinstance(each, _Weighed)])
        outcomes = [
            taking.take(each) if isinstance(each, _Weighed) else Outcome("refused", each.why) for each in weighed
        ]
        return Taken(outcomes, taking.finish())


def grant(tx: Connection, desk: Desk, *, learner: str, device: str, key: str, name: str, now: datetime) -> Grant:
    """The phone may write for the learner, or still may; what it sent before is proven where it can be.
    Raises BadDevice, OtherKey, TooManyDevices."""
    given = granting.grant(tx, desk.pen, learner=learner, device=device, key=key, name=name, now=now)
    prove_again(tx, desk, learner=learner, device=device, now=now)
    return given


def prove_again(tx: Connection, desk: Desk, *, learner: str, device: str, now: datetime) -> int:
    """How many lines of the phone are proven since now that were not: its grant came after them, or was renewed."""
    event_log.hold(tx, learner)
    phone = devices.one(tx, device, learner)
    if phone is None or not phone.is_good(now):
        return 0
    doubted = phone_lines.unproven(tx, device, learner)
    proven = [each.id for each in doubted if is_signed(phone.key, each.raw, each.signature)]
    if not proven:
        return 0
    phone_lines.prove(tx, proven)
    folding.look_again(tx, device, learner)
    folding.follow(tx, desk, (), anew=(learner,), now=now)
    return len(proven)


def _weigh(database: Database, lines: Sequence[Sent]) -> list[_Weighed | RefusedLine]:
    """The lines read, and their signatures checked, but for those that are here and proven already."""
    found = [_read(each) for each in lines]
    told = [each for each in found if isinstance(each, _Weighed)]
    with database.reading() as tx:
        known = phone_lines.known(tx, {each.event.id for each in told})
        phones = devices.some(tx, {each.phone for each in told})
    for line in told:
        phone = phones.get(line.phone)
        if phone and not _is_proven(line, known.get(line.event.id)):
            line.key, line.is_right = phone.key, is_signed(phone.key, line.raw, line.signature or b"")
    return found


def _read(sent: Sent) -> _Weighed | RefusedLine:
    try:
        event = read(sent.raw)
    except RefusedLine as refusal:
        return refusal
    return _Weighed(sent.raw, sent.signature, digest(sent.raw), event, (event.device, event.learner or ""))


def _is_proven(line: _Weighed, here: Known | None) -> bool:
    return here is not None and here.hash == line.hash and here.proof != UNPROVEN


@dataclass(slots=True)
class _Use:
    """How much came under a key today before, and with this request."""

    key: str
    before: Amount
    lines: int = 0
    bytes: int = 0

    def add(self, size: int, most: Amount) -> bool:
        """Whether one more line of that size may come; then it is counted."""
        if self.before.lines + self.lines >= most.lines or self.before.bytes + self.bytes + size > most.bytes:
            return False
        self.lines, self.bytes = self.lines + 1, self.bytes + size
        return True


@dataclass(slots=True)
class _Taking:
    """The lines of one request, one after the other, in one transaction."""

    tx: Connection
    desk: Desk
    sender: str
    via: str
    now: datetime
    known: dict[str, Known] = field(default_factory=dict)
    phones: dict[Phone, Device] = field(default_factory=dict)
    persons: dict[str, Person | None] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    entries: dict[str, Entry] = field(default_factory=dict)
    """What is new, by id."""
    proven: list[Event] = field(default_factory=list)
    """What came in the place of something unproven."""
    used: dict[str, "_Use"] = field(default_factory=dict)

    def prepare(self, lines: Sequence[_Weighed]) -> None:
        """Everybody whose lines these are is held, and what is known of them is read."""
        phones = {each.phone for each in lines}
        learners = {learner for _, learner in phones}
        event_log.hold_all(self.tx, learners)
        event_log.hold_log(self.tx)
        self.known = phone_lines.known(self.tx, {each.event.id for each in lines})
        self.phones = devices.some(self.tx, phones)
        self.persons = {each: people.by_id(self.tx, each) for each in learners}
        self.erased = phone_lines.are_erased(self.tx, {each for each, who in self.persons.items() if who is None})

    def take(self, line: _Weighed) -> Outcome:
        """What becomes of it."""
        event, (_, learner) = line.event, line.phone
        here, person = self.known.get(event.id), self.persons[learner]
        proof, why = self._proof(line, person)
        is_better = here is not None and proof == PHONE and here.proof == UNPROVEN
        if here and here.hash == line.hash and not is_better:
            counts = here.proof or here.why in (ERASED, phone_lines.MENDED)
            return Outcome("duplicate") if counts else Outcome("unproven", here.why)
        refused = self._refused(line, here, person)
        if refused:
            return refused
        if here and not is_better:
            phone_lines.set_aside(self.tx, event, line.raw, line.signature, now=self.now, via=self.via)
            return Outcome("quarantined", "id")
        entry = Entry(event=event, raw=line.raw, hash=line.hash, signature=line.signature, proof=proof, why=why)
        self._keep(_of_nobody(entry) if why == ERASED else entry, here)
        return Outcome("accepted", why) if proof or why == ERASED else Outcome("unproven", why)

    def finish(self) -> dict[str, int]:
        """Everything is written, and what follows from it; up to which number each phone's lines are here."""
        phone_lines.append(self.tx, list(self.entries.values()), now=self.now, via=self.via)
        for each in self.used.values():
            quotas.count(self.tx, each.key, self._today, Amount(each.lines, each.bytes))
        if self.phones:
            devices.set_received(self.tx, self.phones, self.now)
        fresh = [each.event for each in self.entries.values() if each.proof == PHONE]
        lines = [Arrived(each, self.now, PHONE) for each in (*fresh, *self.proven)]
        folding.follow(self.tx, self.desk, lines, anew={each.learner or "" for each in self.proven}, now=self.now)
        return {each.id: each.complete_to for each in devices.some(self.tx, self.phones).values()}

    def _refused(self, line: _Weighed, here: Known | None, person: Person | None) -> Outcome | None:
        """Why nothing is kept of a line that is not here."""
        if person and not may_record(person):
            return Outcome("refused", WITHDRAWN)
        if here and line.event.learner in self.erased:  # what another line says of her is not kept either
            return Outcome("refused", ERASED)
        return None if self._is_within(line) else Outcome("refused", "quota")

    def _proof(self, line: _Weighed, person: Person | None) -> tuple[str, str]:
        """The proof of the line, or why it has none."""
        if line.event.learner in self.erased:
            return UNPROVEN, ERASED
        phone = self.phones.get(line.phone)
        if phone is None:
            return UNPROVEN, "no_grant"
        if not self._is_signed(line, phone):
            return UNPROVEN, "signature"
        if phone.revoked_at is not None or (person and not person.active):
            return UNPROVEN, "revoked"
        return (PHONE, "") if phone.is_good(self.now) else (UNPROVEN, "expired")

    def _is_signed(self, line: _Weighed, phone: Device) -> bool:
        if line.key == phone.key:
            return line.is_right
        return is_signed(phone.key, line.raw, line.signature or b"")

    def _keep(self, entry: Entry, here: Known | None) -> None:
        event = entry.event
        self.known[event.id] = Known(entry.hash, entry.proof, entry.why)
        before = self.entries.get(event.id)
        if before and before.hash != entry.hash:
            phone_lines.set_aside(self.tx, before.event, before.raw, before.signature, now=self.now, via=self.via)
        if before or here is None:
            self.entries[event.id] = entry
        else:
            phone_lines.put_in_place(self.tx, entry, now=self.now, via=self.via)
            self.proven.append(event)

    def _is_within(self, line: _Weighed) -> bool:
        """Whether so much may come today from that phone, or, where it is not its signature, from that address."""
        phone = self.phones.get(line.phone)
        hers = phone is not None and self._is_signed(line, phone)
        whose = " ".join(line.phone) if hers else self.sender
        if whose not in self.used:
            self.used[whose] = _Use(_key(whose), quotas.of_day(self.tx, _key(whose), self._today))
        return self.used[whose].add(len(line.raw), OF_PHONE if hers else OF_ADDRESS)

    @property
    def _today(self) -> date:
        return self.now.date()


def _of_nobody(entry: Entry) -> Entry:
    """What is kept of a line of somebody who was erased: that there was one."""
    raw = stub(entry.event, entry.hash)
    return replace(entry, event=decode(raw), raw=raw, signature=None)


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
