"""Who is stuck in a course and why: what a list says of each person, and who needs a call first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal

from lms.learning.standing import ModuleStanding, Standing
from lms.learning.today import Record

SILENT_DAYS = 7
"""So many days without doing anything, or since joining, and she gets a call."""
TRIES = 2
"""So many attempts at a test without passing it, and she gets one."""

Left = Literal["modules", "modules-and-test", "test"]
Tried = Literal["spent", "tried", "unsent", "away", "sent", "wait"]
Kind = Literal["closed", "withdrawn", "unbegun", "unheard", "silent", "quiet"] | Left | Tried
"""Why: her account is closed; she wants nothing more of her kept; nothing done since she joined (n: days); what is left
(n: modules); every attempt used, or some (n: attempts); a test begun and not sent; some taken along on a phone (n); one sent
that can't be marked here yet; a wait until the next attempt (n: minutes); nothing done for n days. Of whoever has a phone that
may hold what she did there is no knowing that she did nothing: `unheard` and `quiet` say that nothing has come."""
Mark = Literal["done", "begun", "failed", "none"]
"""How a module stands; `failed`: a test tried and not passed."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing to say of her, with its number."""

    kind: Kind
    n: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """A test, as far as she has tried it: attempts used, and those that failed. `limit`: how many it allows, 0 without
    a limit."""

    used: int = 0
    failed: int = 0
    limit: int = 0
    unsent: bool = False
    away: int = 0
    """Taken along on a phone, which may still send them."""
    unmarked: bool = False
    wait: timedelta = timedelta(0)

    @property
    def spent(self) -> bool:
        """Whether no attempt is left, begun or still to be marked."""
        return bool(self.limit) and self.used >= self.limit and not _goes_on(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a person in a course. `last`: when she last did something there; `tests`: her tries at the
    required tests that she has not passed; `phone`: whether a phone may hold what she did and has not sent."""

    standing: Standing
    joined: datetime
    last: datetime | None = None
    tests: tuple[Tries, ...] = ()
    active: bool = True
    withdrawn: bool = False
    phone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What to say of her, and whether she needs a call. `silent`: for how many days she has done nothing."""

    reasons: tuple[Reason, ...]
    call: bool
    silent: int
    complete: bool = False

    @property
    def away(self) -> bool:
        """Whether her account is closed or she has withdrawn: nobody asks her to go on."""
        return any(each.kind in ("closed", "withdrawn") for each in self.reasons)

    @property
    def urgency(self) -> tuple[bool, bool, int]:
        """Sorts whoever needs a call most first: who can't go on by herself, then who was silent longest."""
        spent = any(each.kind == "spent" for each in self.reasons)
        return not self.call, not spent, -self.silent


def outlook(facts: Facts, *, now: datetime) -> Outlook:
    """How she gets on."""
    silent = max(0, (now - (facts.last or facts.joined)).days)
    if facts.standing.complete:
        return Outlook(reasons=(), call=False, silent=silent, complete=True)
    if not facts.active or facts.withdrawn:
        why: Kind = "withdrawn" if facts.active else "closed"
        return Outlook(reasons=(Reason(why),), call=False, silent=silent)
    if facts.last is None and not facts.standing.begun:
        none: Kind = "unheard" if facts.phone else "unbegun"
        return Outlook(reasons=(Reason(none, silent),), call=silent >= SILENT_DAYS, silent=silent)
    reasons = tuple(_reasons(facts, silent))
    spent = any(each.spent for each in facts.tests)
    failing = any(each.failed >= TRIES and not _goes_on(each) for each in facts.tests)
    return Outlook(reasons=reasons, call=spent or failing or silent >= SILENT_DAYS, silent=silent)


def tries(
    record: Record,
    standing: ModuleStanding,
    opened: Mapping[str, datetime],
    away: Mapping[str, datetime] = MappingProxyType({}),
    *,
    now: datetime,
) -> Tries:
    """Her tries at a test; `opened` says when the store opened each attempt, by its id, and `away` of those that a phone took
    along until when it may send them: afterwards such a one is used, and nothing more comes of it."""
    rules, name = standing.module.test, standing.module.id
    mine = {key: each for key, each in record.attempts.items() if each.opened and each.opened.module == name}
    last = max((opened[key] for key in mine if key in opened), default=None)
    wait = last + timedelta(minutes=rules.wait) - now if rules and last else timedelta(0)
    return Tries(
        used=len(mine),
        failed=sum(each.marked is not None and not each.marked.passed for each in mine.values()),
        limit=rules.attempts if rules else 0,
        unsent=any(each.sheet is None and key not in away for key, each in mine.items()),
        away=sum(each.sheet is None and key in away and now < away[key] for key, each in mine.items()),
        unmarked=any(each.sheet is not None and each.marked is None for each in mine.values()),
        wait=max(wait, timedelta(0)),
    )


def mark(standing: ModuleStanding, tried: Tries | None) -> Mark:
    """How the module stands."""
    if standing.done:
        return "done"
    if tried and tried.failed and not _goes_on(tried):
        return "failed"
    return "begun" if standing.begun else "none"


def _reasons(facts: Facts, silent: int) -> Iterator[Reason]:
    left = facts.standing.missing
    tests = sum(each.module.kind == "test" for each in left)
    modules = len(left) - tests
    if left:
        yield Reason("test") if not modules else Reason("modules-and-test" if tests else "modules", modules)
    for each in facts.tests:
        yield from _tried(each)
    if silent >= SILENT_DAYS:
        yield Reason("quiet" if facts.phone else "silent", silent)


def _tried(test: Tries) -> Iterator[Reason]:
    if test.spent:
        yield Reason("spent", test.used)
    elif test.failed:
        yield Reason("tried", test.failed)
    if test.unmarked:
        yield Reason("sent")
    elif test.unsent:
        yield Reason("unsent")
    elif test.away:
        yield Reason("away", test.away)
    elif test.wait and not test.spent:
        yield Reason("wait", int(-(-test.wait // timedelta(minutes=1))))


def _goes_on(test: Tries) -> bool:
    """Whether an attempt is under way, or its result still to come."""
    return test.unsent or bool(test.away) or test.unmarked
