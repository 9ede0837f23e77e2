"""Polls and scales: a choice counted once without a name, results shown when they are enough to hide in."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from lms.content.model import Poll
from lms.learning.grading import UnknownAnswer
from lms.learning.lineage import Lineage
from lms.services.studying.desk import Desk, Where
from lms.services.studying.study import find_spot
from lms.storage import polls

ENOUGH = 10
"""So many answers there are before anybody sees how they fell: with fewer a person could be guessed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One option of a poll and how many of a hundred chose it."""

    html: str
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PollState:
    """A poll as one learner sees it. `shares` is empty until she has answered and enough others have."""

    answered: bool
    shares: tuple[Share, ...]


def choose(tx: Connection, desk: Desk, where: Where, *, poll: str, option: str) -> None:
    """The choice is counted, unless she has answered before. Raises UnknownPage, NotEnrolled, UnknownAnswer."""
    spot = find_spot(tx, desk, where)
    found = next((each for each in spot.module.polls() if each.id == poll), None)
    if found is None or option not in {each.key for each in found.options}:
        raise UnknownAnswer
    answered = polls.answered(tx, course=where.course, learner=where.learner)
    if spot.lineage.now(poll) in map(spot.lineage.now, answered):
        return
    polls.count(tx, course=where.course, poll=poll, option=option, learner=where.learner)


def states(
    tx: Connection, asked: Iterable[Poll], *, course: str, learner: str, lineage: Lineage
) -> dict[str, PollState]:
    """The state of each of these polls of a course, by id; without polls the database is not asked."""
    found = list(asked)
    if not found:
        return {}
    hers, everybodys = polls.answered_and_tally(tx, course=course, learner=learner)
    answered = set(map(lineage.now, hers))
    counted: dict[str, Counter[str]] = {}
    for name, options in everybodys.items():
        counted.setdefault(lineage.now(name), Counter()).update(options)
    return {
        poll.id: PollState(
            answered=poll.id in answered,
            shares=_shares(poll, counted.get(poll.id, Counter())) if poll.id in answered else (),
        )
        for poll in found
    }


def percents(counted: Mapping[str, int]) -> dict[str, int]:
    """How many of a hundred chose each option; nothing while they are too few to hide in."""
    total = sum(counted.values())
    return {option: round(100 * number / total) for option, number in counted.items()} if total >= ENOUGH else {}


def _shares(poll: Poll, counted: Mapping[str, int]) -> tuple[Share, ...]:
    found = percents({option.key: counted.get(option.key, 0) for option in poll.options})
    return tuple(Share(html=each.html, percent=found[each.key]) for each in poll.options if found)
