"""What proven lines of phones change: how far each phone's lines are here, progress, courses completed (docs/decisions/0041)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from lms.i18n import DEFAULT_LANGUAGE
from lms.learning import events as types
from lms.learning.countable import Arrived, Horizon, countable, horizon, is_test_sheet
from lms.learning.events import Event
from lms.learning.progress import Progress, apply
from lms.services.common.record import Act, record
from lms.services.people.consent import may_record
from lms.services.studying import completion, refolding
from lms.services.studying.desk import Desk, Where
from lms.services.studying.looking import is_allowed
from lms.storage import devices, event_log, people, phone_lines, projection

Phone = tuple[str, str]
"""A phone and whose it is."""


def follow(tx: Connection, desk: Desk, fresh: Sequence[Arrived], *, anew: Collection[str] = (), now: datetime) -> None:
    """These lines of phones are in the log and proven since now: what follows from them is kept. `anew` are learners of whom lines
    were proven that had been here, or were put in the place of others: of them everything is made anew from the log."""
    ready, forked = _advance(tx, fresh)
    again = {*anew, *forked}
    for learner in sorted(again):
        for course in event_log.courses_of(tx, learner):
            before = projection.of_course(tx, learner, course)
            after = refolding.refold(tx, desk.catalogue, learner, course)
            _keep(tx, desk, learner, course, before, after, now=now)
    lines: dict[tuple[str, str], list[Arrived]] = defaultdict(list)
    for line in (*(each for each in fresh if not is_test_sheet(each.event)), *ready):
        whose = line.event.learner or "", line.event.course or ""
        if line.event.course and line.event.learner not in again:
            lines[whose].append(line)
    for (learner, course), new in sorted(lines.items(), key=lambda pair: pair[0]):
        before = projection.of_course(tx, learner, course)
        _keep(tx, desk, learner, course, before, _applied(tx, desk, learner, course, before, new), now=now)


def add(tx: Connection, desk: Desk, event: Event, *, now: datetime) -> None:
    """An event of this store's own is in the log since now: what follows from it is kept. Its learner is held."""
    learner, course = event.learner or "", event.course or ""
    desk.catalogue.release(tx, event.release or "")
    before = projection.of_course(tx, learner, course)
    _keep(tx, desk, learner, course, before, apply(before, event, desk.catalogue), now=now)


def look_again(tx: Connection, device: str, learner: str) -> None:
    """How far the phone's lines are here is made anew from the log."""
    numbers = list(phone_lines.numbers(tx, device, learner, 0))
    devices.set_horizon(tx, device, learner, horizon(numbers))


def _advance(tx: Connection, fresh: Iterable[Arrived]) -> tuple[list[Arrived], set[str]]:
    """The sheets of tests before which nothing is missing any more, and the learners of whom a phone told two things under
    one number."""
    ready: list[Arrived] = []
    forked: set[str] = set()
    for (device, learner), lines in _by_phone(fresh).items():
        phone = devices.one(tx, device, learner)
        if phone is None:
            continue
        seen = _horizon(tx, phone.horizon, (device, learner), {each.event.n for each in lines})
        if seen != phone.horizon:
            devices.set_horizon(tx, device, learner, seen)
        if seen.forked_at != phone.forked_at:
            forked.add(learner)
        ready += _ready(tx, lines, phone.complete_to, seen.complete_to)
    return ready, forked


def _horizon(tx: Connection, before: Horizon, phone: Phone, new: Collection[int]) -> Horizon:
    """How far the phone's lines are here with those of these numbers, which are new."""
    seen = horizon(phone_lines.numbers(tx, *phone, before.complete_to), before)
    late = {n for n in new if n <= before.complete_to}  # where there was one before
    forks = (seen.forked_at, phone_lines.first_double(tx, *phone, late) if late else None)
    return Horizon(seen.complete_to, min((n for n in forks if n is not None), default=None))


def _ready(tx: Connection, lines: Sequence[Arrived], after: int, to: int) -> list[Arrived]:
    """The sheets of tests among the lines with these numbers, `lines` being the phone's that came now: mostly they are all."""
    here = [each for each in lines if after < each.event.n <= to]
    if len({each.event.n for each in here}) < to - after:
        first = lines[0].event
        here = phone_lines.sheets(tx, first.device, first.learner or "", after, to)
    return [each for each in here if is_test_sheet(each.event)]


def _by_phone(lines: Iterable[Arrived]) -> dict[Phone, list[Arrived]]:
    found: dict[Phone, list[Arrived]] = defaultdict(list)
    for line in lines:
        found[line.event.device, line.event.learner or ""].append(line)
    return found


def _applied(
    tx: Connection, desk: Desk, learner: str, course: str, progress: Progress, lines: Sequence[Arrived]
) -> Progress:
    tickets, horizons = {}, {}
    if any(is_test_sheet(each.event) for each in lines):
        tickets = {each.id: each for each in projection.attempts_of(tx, learner, course)}
        horizons = refolding.horizons_of(tx, learner)
    named = {each.event.release for each in lines} | {each.release for each in tickets.values()}
    for digest in named - {None}:
        desk.catalogue.release(tx, digest or "")
    for event in countable(lines, tickets, horizons, desk.catalogue):
        progress = apply(progress, event, desk.catalogue)
    return progress


def _keep(
    tx: Connection, desk: Desk, learner: str, course: str, before: Progress, progress: Progress, *, now: datetime
) -> None:
    """The row says so instead of what it said before, once it was seen whether the course is complete: never of somebody who is
    not known here, does not agree, or may not study it."""
    if progress == before:
        return
    person, release = people.by_id(tx, learner), desk.catalogue.live(tx, course)
    if person and release and may_record(person) and is_allowed(tx, release.course, learner=learner):
        where = Where(
            learner=learner,
            course=course,
            module="",
            release=release.digest,
            event=None,
            language=person.language or DEFAULT_LANGUAGE,
        )
        if not progress.enrolled:
            begun = Act(type=types.ENROLLED, learner=learner, course=course, release=release.digest)
            event = record(tx, desk.pen, begun, now=now)
            progress = apply(progress, event, desk.catalogue) if event else progress
        progress = completion.settle(tx, desk, where, progress, now=now)
    projection.save(tx, learner, course, progress)
