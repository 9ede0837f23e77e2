"""Which lines count: those that are proven, and of the sheets of tests that phones send only the ones that a ticket allows.

A phone writes its lines alone, so nothing that it says of itself is believed: a sheet counts once every line before it is
here, before the first number that two lines have, in time, and with the ticket that this phone got. So one ticket is one
chance, whatever the phone does (docs/decisions/0041). `lms.services.studying.refolding` asks this both when a line comes and
when everything is made anew from the log.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Protocol

from lms.learning import events as types
from lms.learning import wired, worth
from lms.learning.events import Event
from lms.learning.progress import Releases

OWN, PHONE, UNPROVEN = "own", "device", ""
"""The proofs of a line: this store made it, a phone with a good grant did, nobody knows."""
Verdict = Literal["", "unproven", "ticket", "late", "fork", "waiting", "release"]
"""Why a line does not count, or (empty) that it does. `ticket`: of another phone, or of none that is known; `late`: it came
after the ticket had ended; `waiting`: lines before it are missing; `release`: what it answers is not here."""


class Ticket(Protocol):
    """An attempt at a test as the store opened it; `device` is empty where it is answered in the web."""

    @property
    def module(self) -> str:
        """The test."""

    @property
    def release(self) -> str:
        """In which release."""

    @property
    def drawn(self) -> tuple[str, ...]:
        """Its questions."""

    @property
    def seed(self) -> str:
        """What the random keys are made of."""

    @property
    def device(self) -> str:
        """The phone that it is for."""

    @property
    def expires_at(self) -> datetime | None:
        """Until when the sheet must be here."""


@dataclass(frozen=True, slots=True)
class Horizon:
    """How far a phone's lines are here: every proven one up to `complete_to`; `forked_at` is the first number that two
    different proven ones have."""

    complete_to: int = 0
    forked_at: int | None = None


@dataclass(frozen=True, slots=True)
class Arrived:
    """A line of the log: when this store got it, and its proof."""

    event: Event
    at: datetime
    proof: str


def horizon(numbers: Iterable[int], before: Horizon = Horizon()) -> Horizon:
    """The horizon with proven lines of these numbers, in rising order, one for each different line."""
    complete_to, forked_at, last = before.complete_to, before.forked_at, 0
    for n in numbers:
        if n == complete_to + 1:
            complete_to = n
        if n == last and (forked_at is None or n < forked_at):
            forked_at = n
        last = n
    return Horizon(complete_to, forked_at)


def is_test_sheet(event: Event) -> bool:
    """Whether the event answers a test, also where its answers were removed since."""
    return worth.kind(event) == types.ATTEMPT_SUBMITTED and isinstance(event.data.get("attempt"), str)


def countable(
    arrived: Iterable[Arrived],
    tickets: Mapping[str, Ticket],
    horizons: Mapping[str, Horizon],
    releases: Releases,
) -> Iterator[Event]:
    """What the fold gets of the lines of one learner and course. `tickets` are her attempts there by id, `horizons` those of
    her phones by id."""
    for each in arrived:
        ticket = tickets.get(str(each.event.data.get("attempt")))
        if not verdict(each, ticket, horizons.get(each.event.device, Horizon()), releases):
            yield readable(each, ticket, releases)


def verdict(line: Arrived, ticket: Ticket | None, seen: Horizon, releases: Releases) -> Verdict:
    """Why the line does not count, or (empty) that it does. `ticket` is the one that it names, `seen` its phone's horizon."""
    if line.proof == UNPROVEN:
        return "unproven"
    if not is_test_sheet(line.event):
        return ""
    if line.proof == OWN:
        return "ticket" if ticket and ticket.device else ""
    if ticket is None or ticket.device != line.event.device:
        return "ticket"
    return _in_time(line, ticket, seen) or ("" if ticket.release in releases else "release")


def _in_time(line: Arrived, ticket: Ticket, seen: Horizon) -> Verdict:
    if ticket.expires_at is None or line.at >= ticket.expires_at:
        return "late"
    if seen.forked_at is not None and line.event.n >= seen.forked_at:
        return "fork"
    return "waiting" if line.event.n > seen.complete_to else ""


def readable(line: Arrived, ticket: Ticket | None, releases: Releases) -> Event:
    """The event as the fold reads it: a phone's sheet with its answers by author's keys, of the release of its ticket."""
    event = line.event
    if line.proof == OWN or ticket is None or event.type != types.ATTEMPT_SUBMITTED or not is_test_sheet(event):
        return event
    key = releases.get(ticket.release)
    if key is None:
        return event
    questions = [key.test_question(ticket.module, name) for name in ticket.drawn]
    given = wired.answers(event.data, [each for each in questions if each is not None], ticket.seed)
    told = given if event.release == ticket.release else {}
    more = {name: value for name, value in event.data.items() if name != "wires"}
    return replace(event, release=ticket.release, data={**more, "answers": dict(told)})
