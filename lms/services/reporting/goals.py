"""What the programme wants to reach: set by administrators, held against what is counted."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from lms.i18n import N_
from lms.ids import uuid7
from lms.learning.indicators import MEASURES, Measure, Quarter
from lms.refusals import Refusal
from lms.services.common.institutions import TYPES
from lms.services.common.staff_acts import note
from lms.storage import goals
from lms.storage import indicators as counting
from lms.storage.goals import Goal
from lms.storage.indicators import Asked, Span

PROGRAMME = 500
"""People to be trained on the e-platform, as the programme has it: what the form proposes."""
MOST = 10_000_000
YEARS = range(2000, 2101)


class UnknownGoal(Refusal):
    """There is no such goal."""

    message = N_("There is no such goal. Somebody may have deleted it.")
    status = 404


class BadGoal(Refusal):
    """A goal that can't be reached or counted."""

    message = N_("Choose what is counted, a year from 2000 to 2100, and a number from 1 to 10,000,000.")


@dataclass(frozen=True, slots=True)
class Reached:
    """A goal and how many there are of what it counts."""

    goal: Goal
    n: int

    @property
    def share(self) -> float:
        """How much of it is reached: 1 is all, and it may be more."""
        return self.n / self.goal.target


def reached(tx: Connection, *, cohorts: frozenset[str] | None, zone: ZoneInfo) -> list[Reached]:
    """Every goal with what these cohorts, or everybody, came to: three statements however many goals there are."""
    every = goals.every(tx)
    found: dict[str, int] = {}
    for measure in MEASURES:
        found |= counting.count_each(
            tx, measure, {each.id: _asked(each, cohorts, zone) for each in every if each.measure == measure}
        )
    return [Reached(each, found[each.id]) for each in every]


def read(form: Mapping[str, str], *, goal: str = "", courses: frozenset[str], countries: frozenset[str]) -> Goal:
    """The goal that a form says. Raises BadGoal."""
    typed = {name: form.get(name, "") for name in ("year", "quarter", "target")}
    numbers = {name: int(text) for name, text in typed.items() if text.isdecimal() and len(text) < 10}
    measure: Measure = "certificates" if form.get("measure") == "certificates" else "people"
    made = Goal(
        id=goal or uuid7(),
        measure=measure,
        year=numbers.get("year", 0),
        quarter=numbers.get("quarter", 0),
        course=form.get("course", ""),
        country=form.get("country", ""),
        institution_type=form.get("type", ""),
        target=numbers.get("target", 0),
    )
    known = (
        form.get("measure") in MEASURES
        and made.year in YEARS
        and made.quarter <= 4
        and 1 <= made.target <= MOST
        and made.course in courses | {""}
        and made.country in countries | {""}
        and made.institution_type in {*TYPES, ""}
    )
    if not known:
        raise BadGoal
    return made


def keep(tx: Connection, goal: Goal, *, by: str, now: datetime) -> None:
    """The goal is set so from now on."""
    act = "goal-changed" if goals.by_id(tx, goal.id) else "goal-set"
    goals.save(tx, goal)
    note(
        tx, act, by=by, subject=goal.id, now=now, **{name: what for name, what in asdict(goal).items() if name != "id"}
    )


def remove(tx: Connection, goal: str, *, by: str, now: datetime) -> None:
    """There is no such goal any more. Raises UnknownGoal."""
    if not goals.remove(tx, goal):
        raise UnknownGoal
    note(tx, "goal-deleted", by=by, subject=goal, now=now)


def days(goal: Goal) -> tuple[date, date]:
    """Its first and its last day."""
    first, last = (goal.quarter, goal.quarter) if goal.quarter else (1, 4)
    return Quarter(goal.year, first).first, Quarter(goal.year, last).last


def between(first: date | None, last: date | None, zone: ZoneInfo) -> Span:
    """The span from the beginning of one day to the end of another, as days are there."""
    return _begins(first, zone), _begins(date.fromordinal(last.toordinal() + 1), zone) if last else None


def _begins(day: date | None, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(day, time(), zone) if day else None


def _asked(goal: Goal, cohorts: frozenset[str] | None, zone: ZoneInfo) -> Asked:
    return Asked(
        cohorts=cohorts,
        course=goal.course,
        country=goal.country,
        institution_type=goal.institution_type,
        within=between(*days(goal), zone),
    )
