"""A list of people held against those who are here, then taken: who is new, who changes, who stays. Nobody who is not in
the list is touched."""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from lms.content.stems import fold
from lms.i18n import N_
from lms.refusals import Refusal
from lms.services.common.record import Pen
from lms.services.common.staff_acts import note
from lms.services.groups.enrolment import enrol
from lms.services.people import accounts
from lms.services.people.consent import WITHDRAWN
from lms.services.people.people_file import Entry, Wrong
from lms.storage import cohorts, event_log, roll
from lms.storage.cohorts import Cohort
from lms.storage.database import Database
from lms.storage.people import Person, Secrets
from lms.storage.roll import FACTS, Account, Work

STEP = 50
"""Rows in one transaction: nobody else waits long for her turn to write."""
HERS = ("name", "language")
"""What belongs to a person once she has come in: no list changes it."""

Kind = Literal["new", "changed", "same"]


class NoRoom(Refusal):
    """More people than places."""

    message = N_(
        "The group has room for %(room)s more, and the list brings %(n)s. Raise how many may join, then import."
    )
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a row does to one fact of hers."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a row does."""

    line: int
    kind: Kind
    person: str
    """Her id; empty for who is new."""
    username: str
    name: str
    language: str | None
    work: Work
    changes: tuple[Change, ...] = ()
    joins: bool = False
    """She comes into the group by it."""
    keeps: tuple[str, ...] = ()
    """What the list says otherwise and she has chosen herself."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a list does, in its order."""

    steps: tuple[Step, ...]
    wrong: tuple[Wrong, ...]

    def of(self, kind: Kind) -> tuple[Step, ...]:
        """The steps of that kind."""
        return tuple(each for each in self.steps if each.kind == kind)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a list."""

    made: tuple[Step, ...]
    changed: int
    same: int
    wrong: tuple[Wrong, ...]


class _Bad(Exception):
    def __init__(self, message: str, **values: str) -> None:
        super().__init__(message)
        self.message, self.values = message, values


@dataclass(frozen=True, slots=True)
class _Here:
    """Those whom a list may be about, and what whoever sends it may do with them."""

    by_id: Mapping[str, Account]
    by_name: Mapping[str, Account]
    hers: frozenset[str] | None
    """The ids of those whom she may see; None: everybody."""
    inside: frozenset[str]
    """The ids of those who are in the group already."""


def plan(
    tx: Connection,
    entries: Sequence[Entry],
    *,
    cohort: Cohort | None,
    staff: Person | None,
    whole: Sequence[Entry] | None = None,
) -> Plan:
    """What the entries do. `staff`: who sends the list, None at the command line; `cohort`: where the people go; `whole`:
    the list that they are a part of."""
    here = _here(tx, entries, cohort, staff)
    steps: list[Step] = []
    wrong: list[Wrong] = []
    for entry in entries:
        try:
            steps.append(_step(entry, here, joins_to=cohort))
        except _Bad as bad:
            whom = entry.said.get("name") or entry.said.get("username") or entry.said["external_id"]
            wrong.append(Wrong(entry.line, whom, bad.message, bad.values))
    said = {each.said["username"] for each in whole or entries if "username" in each.said}
    return Plan(tuple(_named(tx, steps, said)), tuple(wrong))


def check_room(plan: Plan, cohort: Cohort) -> None:
    """Nothing, where everybody who joins finds a place. Raises NoRoom."""
    joining, room = sum(each.joins for each in plan.steps), cohort.cap - cohort.members
    if joining > room:
        raise NoRoom(room=max(room, 0), n=joining)


def take(
    database: Database,
    pen: Pen,
    entries: Sequence[Entry],
    *,
    cohort: Cohort | None,
    staff: Person | None,
    now: datetime,
    told: Callable[[int], object] = lambda _n: None,
) -> Taken:
    """The list is taken, some rows at a time, each lot wholly or not; sent again it changes nothing. Who is new has no
    passphrase yet. `told` is called with how many rows of a lot are done. Raises NoRoom, before anything is done."""
    with database.reading() as tx:
        first = plan(tx, entries, cohort=cohort, staff=staff)
        if cohort:
            check_room(first, cohorts.by_id(tx, cohort.id) or cohort)
    found: list[Plan] = []
    by = staff.id if staff else ""
    for start in range(0, len(entries), STEP):
        lot = entries[start : start + STEP]
        with database.writing() as tx:
            if cohort:
                cohorts.hold(tx, cohort.id)
            found.append(_take(tx, pen, lot, entries, cohort, staff, now))
        told(len(lot))
    steps = [step for each in found for step in each.steps]
    counts = {kind: sum(each.kind == kind for each in steps) for kind in ("new", "changed", "same")}
    with database.writing() as tx:
        note(tx, "people-imported", by=by, subject=cohort.id if cohort else "", now=now, **counts)
    return Taken(
        made=tuple(each for each in steps if each.kind == "new"),
        changed=counts["changed"],
        same=counts["same"],
        wrong=tuple(wrong for each in found for wrong in each.wrong),
    )


def _take(
    tx: Connection,
    pen: Pen,
    lot: Sequence[Entry],
    whole: Sequence[Entry],
    cohort: Cohort | None,
    staff: Person | None,
    now: datetime,
) -> Plan:
    """What the lot did. It is planned anew: somebody may have come or gone since it was shown."""
    planned = plan(tx, lot, cohort=cohort, staff=staff, whole=whole)
    event_log.hold_all(tx, (step.person for step in planned.steps if step.person))
    done: list[Step] = []
    for step in planned.steps:
        person = step.person or _add(tx, pen, step, now)
        if step.kind == "changed" and step.changes:
            accounts.place(
                tx, pen, person=person, display_name=step.name, language=step.language, work=step.work, now=now
            )
        if cohort and step.joins:
            for course in cohort.courses:
                enrol(tx, pen, person=person, course=course, cohort=cohort.id, now=now)
        done.append(replace(step, person=person))
    return replace(planned, steps=tuple(done))


def _add(tx: Connection, pen: Pen, step: Step, now: datetime) -> str:
    made = accounts.add(
        tx,
        pen,
        username=step.username,
        display_name=step.name,
        secrets=Secrets("", None),  # which no passphrase is the right one for
        language=step.language,
        must_change=True,
        work=step.work,
        now=now,
    )
    return made.id


def _here(tx: Connection, entries: Sequence[Entry], cohort: Cohort | None, staff: Person | None) -> _Here:
    usernames = {each.said["username"] for each in entries if "username" in each.said}
    external_ids = {each.said["external_id"] for each in entries if "external_id" in each.said}
    found = roll.known_as(tx, usernames=usernames, external_ids=external_ids)
    ids = [each.id for each in found]
    all_hers = staff is None or "administrator" in staff.roles
    after = [] if staff is None or all_hers else [each.id for each in cohorts.of_coordinator(tx, staff.id)]
    return _Here(
        by_id={each.work.external_id: each for each in found if each.work.external_id},
        by_name={each.username: each for each in found},
        hers=None if all_hers else roll.among(tx, ids, after),
        inside=roll.among(tx, ids, [cohort.id]) if cohort else frozenset(),
    )


def _step(entry: Entry, here: _Here, *, joins_to: Cohort | None) -> Step:
    """What the row does; without a username for who is new and has none. Raises _Bad."""
    said = entry.said
    found = _found(said, here)
    if found is None:
        if "name" not in said:
            raise _Bad(N_("Nobody here has this username or ID, and somebody new needs a name."))
        return Step(
            line=entry.line,
            kind="new",
            person="",
            username=said.get("username", ""),
            name=said["name"],
            language=said.get("language"),
            work=Work(**{name: said[name] for name in FACTS if name in said}),
            joins=joins_to is not None,
        )
    _check_may(found, here)
    before = {"name": found.display_name, "language": found.language or ""}
    before |= {name: getattr(found.work, name) for name in FACTS}
    other = {name: text for name, text in said.items() if name in before and text != before[name]}
    keeps = () if found.must_change else tuple(name for name in HERS if name in other)
    after = before | {name: text for name, text in other.items() if name not in keeps}
    joins = joins_to is not None and found.id not in here.inside
    changes = tuple(
        Change(column=name, before=before[name], after=text) for name, text in after.items() if text != before[name]
    )
    return Step(
        line=entry.line,
        kind="changed" if changes or joins else "same",
        person=found.id,
        username=found.username,
        name=after["name"],
        language=after["language"] or None,
        work=Work(**{name: after[name] for name in FACTS}),
        changes=changes,
        joins=joins,
        keeps=keeps,
    )


def _found(said: Mapping[str, str], here: _Here) -> Account | None:
    """Whom the row is about: by her institution's id, else by her username. Raises _Bad."""
    known, named = here.by_id.get(said.get("external_id", "")), here.by_name.get(said.get("username", ""))
    if known and named and known.id != named.id:
        raise _Bad(N_("The username and the ID belong to two different people."))
    if known and said.get("username", known.username) != known.username:
        raise _Bad(N_("Whoever has this ID has another username here. A list doesn't change usernames."))
    if named and named.work.external_id and said.get("external_id", named.work.external_id) != named.work.external_id:
        raise _Bad(N_("Whoever has this username has another ID here."))
    return known or named


def _check_may(found: Account, here: _Here) -> None:
    """Raises _Bad."""
    if here.hers is not None and found.id not in here.hers:
        raise _Bad(N_("Somebody has this username or ID who is in no group of yours. They join with the group's code."))
    if here.hers is not None and found.is_staff:
        raise _Bad(N_("This is somebody of the staff: only an administrator changes their account."))
    if found.consent == WITHDRAWN:
        raise _Bad(N_("They have withdrawn their consent: nothing more is kept of them."))


def _named(tx: Connection, steps: Iterable[Step], said: Iterable[str]) -> Iterator[Step]:
    """The steps, with a username that nobody has, and no row says, for who is new and has none."""
    steps = list(steps)
    used = {each.username for each in steps if each.username} | set(said)
    given: dict[int, str] = {}
    open_ = {each.line: _base(each.name) for each in steps if not each.username}
    for turn in range(20):
        if not open_:
            break
        tried = {line: base if not turn else f"{base}{_tail(turn)}" for line, base in open_.items()}
        taken = roll.taken(tx, set(tried.values()))
        for line, name in tried.items():
            if name not in taken and name not in used:
                used.add(name)
                given[line] = name
                del open_[line]
    return (replace(each, username=given[each.line]) if not each.username else each for each in steps)


def _base(name: str) -> str:
    """What a username is made of: the first and the last but one word of a name, or as many as there are."""
    words = ["".join(each for each in fold(word) if each.isalnum()) for word in name.split()]
    words = [word for word in words if word] or ["persona"]
    parts = [words[0]] if len(words) == 1 else [words[0], words[1] if len(words) == 2 else words[-2]]
    return ".".join(parts)[:30].strip(".").ljust(3, "0")


def _tail(turn: int) -> str:
    """2, 3, 4 …, then at random: a name that hundreds have needs no hundred turns."""
    return str(turn + 1) if turn < 5 else f"-{secrets.randbelow(10**6):06}"
