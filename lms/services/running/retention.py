"""What is past its time, looked at and deleted: for each purpose how long it is kept, and how much would go now."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from lms.config import Periods
from lms.i18n import N_
from lms.learning import events as types
from lms.learning.countable import readable
from lms.learning.events import encode
from lms.learning.progress import Opened
from lms.learning.worth import without_answers
from lms.refusals import Refusal
from lms.services.common import clock
from lms.services.common.record import Act, Pen, record
from lms.services.common.staff_acts import note
from lms.services.people import erasing
from lms.services.running.purposes import PURPOSES, Ends, Purpose
from lms.services.studying import refolding
from lms.storage import audit, certificates, event_log, projection, retention
from lms.storage.audit import Line
from lms.storage.database import Database
from lms.storage.releases import Catalogue
from lms.storage.tables import audit as acts
from lms.storage.tables import metadata

QUIET, SURE = timedelta(days=31), timedelta(days=7)
"""How far back, and from when on, something must have been recorded before anything is deleted that nobody looks at."""
STEP = 200
"""Rows in one transaction; of accounts, certificates and courses with answers a tenth: each of them is more work."""
ACT = "retention-run"
STAYS: Mapping[Ends, str] = MappingProxyType(
    {
        "period": N_("until it is erased: no period is set"),
        "account": N_("as long as the account"),
        "never": N_("for good"),
    }
)
"""What is said of what has no period."""


class NothingToRun(Refusal):
    """What was named is no purpose that has a period."""

    message = N_("There is no such purpose. There are: %(known)s.")


@dataclass(frozen=True, slots=True)
class Kept:
    """A purpose as it stands: for how many days (None: no period is set, or there is none), how much is past it now."""

    purpose: Purpose
    days: int | None
    past: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What deleting works with."""

    database: Database
    pen: Pen
    catalogue: Catalogue
    periods: Periods


def look(tx: Connection, periods: Periods, *, now: datetime) -> list[Kept]:
    """Every purpose. Nothing is done."""
    return [_kept(tx, each, periods, now) for each in PURPOSES]


def past(tx: Connection, periods: Periods, *, now: datetime, only: Collection[str] = ()) -> dict[str, int]:
    """How much a run would delete, by purpose, of those that are named (none: of all). Raises NothingToRun."""
    befores = _befores(periods, now, only)
    return {name: n for name, before in befores.items() if (n := retention.count(tx, name, before))}


def run(
    desk: Desk,
    *,
    by: str,
    now: datetime,
    only: Collection[str] = (),
    most: int | None = None,
    told: Callable[[int], object] = lambda _n: None,
    automatic: bool = False,
) -> dict[str, int]:
    """How much was deleted, by purpose: what is past its time, some of it in each transaction, at most so much. `told` is
    called with how much went. What could not go, since nobody can say what it was worth, stays. Raises NothingToRun."""
    gone: dict[str, int] = {}
    try:
        for name, before in _befores(desk.periods, now, only).items():
            for n in _runs(desk, name, before, by, now):
                gone[name] = gone.get(name, 0) + n
                told(n)
                if most is not None and sum(gone.values()) >= most:
                    return gone
    finally:
        if any(gone.values()):
            _note(desk, {name: n for name, n in gone.items() if n}, by, now, automatic=automatic)
    return gone


def sweep(database: Database, *, now: datetime) -> int:
    """How much is gone that was worth nothing any more: what ends by itself."""
    with database.writing() as tx:
        return retention.delete_over(tx, now)


def last_runs(tx: Connection, limit: int = 10) -> list[Line]:
    """The last times that something was deleted, with the counts, the newest first."""
    return list(audit.lines(tx, acts.c.act == ACT, limit=limit))


def may_run_by_itself(tx: Connection, *, now: datetime) -> bool:
    """Whether this computer's clock can be believed enough to delete by it without anybody looking: it is not behind, and
    what was recorded last month was not all of the last week. A clock that jumped ahead would make everything old."""
    if clock.is_behind(now, clock.floor(tx)):
        return False
    return event_log.has_between(tx, now - QUIET, now - SURE)


def _kept(tx: Connection, purpose: Purpose, periods: Periods, now: datetime) -> Kept:
    if purpose.ends == "period":
        before = _before(periods, purpose.name, now)
        if before is None:
            return Kept(purpose, None, 0)
        return Kept(purpose, getattr(periods, purpose.name), retention.count(tx, purpose.name, before))
    if purpose.ends == "alone":
        return Kept(purpose, None, sum(retention.count_over(tx, metadata.tables[name], now) for name in purpose.tables))
    return Kept(purpose, None, 0)


def _befores(periods: Periods, now: datetime, only: Collection[str]) -> dict[str, datetime]:
    """For each purpose with a period, what is past its time."""
    known = [each.name for each in PURPOSES if each.ends == "period"]
    if set(only) - set(known):
        raise NothingToRun(known=", ".join(known))
    found = {name: _before(periods, name, now) for name in known if not only or name in only}
    return {name: before for name, before in found.items() if before is not None}


def _before(periods: Periods, name: str, now: datetime) -> datetime | None:
    days: int = getattr(periods, name)
    return now - timedelta(days=days) if days else None


def _runs(desk: Desk, name: str, before: datetime, by: str, now: datetime) -> Iterator[int]:
    """How much went, one transaction after the other."""
    if name in retention.ROWS:
        return _rows(desk, name, before)
    if name == "answers":
        return _answers(desk, before)
    if name == "certificates":
        return _certificates(desk, before, by, now)
    return _accounts(desk, name, before, by, now)


def _rows(desk: Desk, name: str, before: datetime) -> Iterator[int]:
    while True:
        with desk.database.writing() as tx:
            n = retention.delete_some(tx, name, before, STEP)
        if not n:
            return
        yield n


def _accounts(desk: Desk, name: str, before: datetime, by: str, now: datetime) -> Iterator[int]:
    """All of a lot are held before the first is erased: the log, which that one holds, is what others who hold one of
    them may wait for. Whoever they waited for may have been one of them: she stays."""
    last = ""
    while True:
        with desk.database.writing() as tx:
            some = retention.accounts(tx, name, before, STEP // 10, last)
            event_log.hold_all(tx, some)
            gone = retention.still(tx, name, before, some)
            for person in gone:
                erasing.erase(tx, desk.pen, person=person, by=by, now=now, noted=False)
        if not some:
            return
        last = some[-1]
        yield len(gone)


def _certificates(desk: Desk, before: datetime, by: str, now: datetime) -> Iterator[int]:
    last = ""
    while True:
        with desk.database.writing() as tx:
            some = retention.numbers(tx, before, STEP // 10, last)
            held = [certificates.hold(tx, number) for number in some]
            gone = [each.number for each in held if each and not each.is_erased]  # perhaps meanwhile, with her account
            for number in gone:
                certificates.erase(tx, number)
                act = Act(type=types.CREDENTIAL_ERASED, learner=None, by=by or None, data={"number": number})
                record(tx, desk.pen, act, now=now)
        if not some:
            return
        last = some[-1]
        yield len(gone)


def _answers(desk: Desk, before: datetime) -> Iterator[int]:
    last = ("", "")
    while True:
        with desk.database.writing() as tx:
            desk.catalogue.load_all(tx)
            some = retention.courses_with_answers(tx, before, STEP // 10, last)
            n = sum(_without(tx, desk, learner, course, before) for learner, course in some)
        if not some:
            return
        last = some[-1]
        yield n


def _without(tx: Connection, desk: Desk, learner: str, course: str, before: datetime) -> int:
    """How many of her lines of the course hold no answers any more; her progress is what they say now."""
    event_log.hold(tx, learner)
    old = retention.lines_with_answers(tx, learner, course, before)
    lines = {each.event.id: each for each in event_log.arrived(tx, learner, course)}
    tickets = {each.id: each for each in projection.attempts_of(tx, learner, course)}
    opened = {each.id: Opened(module=each.module, release=each.release, drawn=each.drawn) for each in tickets.values()}
    store, n = desk.pen.store.id, 0
    for name, hash_ in old.items():
        line = lines[name]
        event = readable(line, tickets.get(str(line.event.data.get("attempt"))), desk.catalogue)
        told = without_answers(event, opened, desk.catalogue, store=store, hash_=hash_)
        if told is not None:
            raw = encode(told)
            event_log.replace(tx, told, raw, desk.pen.sign(raw))
            lines[name], n = replace(line, event=told), n + 1
    if n:
        horizons = refolding.horizons_of(tx, learner)
        projection.save(tx, learner, course, refolding.told(list(lines.values()), horizons, desk.catalogue)[0])
    return n


def _note(desk: Desk, gone: Mapping[str, int], by: str, now: datetime, *, automatic: bool) -> None:
    told: dict[str, Any] = {**gone, **({"automatic": True} if automatic else {})}
    with desk.database.writing() as tx:
        note(tx, ACT, by=by, now=now, **told)
