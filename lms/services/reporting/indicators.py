"""The figures of a programme, or of what somebody looks after: counted for a period, held against the goals, with what
learners think of the courses, what these teach, and what may be published of their sex."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from lms.content.model import Course
from lms.learning.gain import Gain
from lms.learning.indicators import NOT_SAID, Indicators, Quarter, indicators, quarters
from lms.services.common import oversight
from lms.services.common.institutions import TYPES
from lms.services.reporting import goals, sexes
from lms.services.reporting.goals import Reached
from lms.services.studying import evaluation, gain
from lms.services.studying.evaluation import Evaluation
from lms.storage import countries
from lms.storage import indicators as counting
from lms.storage.cohorts import Cohort
from lms.storage.indicators import Asked
from lms.storage.people import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What is counted; what is empty does not narrow it. Days are those of the installation's time zone."""

    course: str = ""
    cohort: str = ""
    country: str = ""
    type: str = ""
    first: date | None = None
    last: date | None = None

    def parts(self) -> dict[str, str]:
        """The same as the parts of an address, as lists of people read them too."""
        named = {"course": self.course, "cohort": self.cohort, "country": self.country, "type": self.type}
        dated = {"from": self.first, "to": self.last}
        given = {name: value for name, value in named.items() if value}
        return given | {name: day.isoformat() for name, day in dated.items() if day}

    def narrowed(self, dimension: str, key: str) -> "Filters":
        """These and the row of a table: its course, country or kind of institution, or the days of its quarter that are in
        the period."""
        if dimension != "quarter":
            named: dict[str, Any] = {dimension: key}
            return replace(self, **named)
        quarter = Quarter.parse(key)
        first = max(self.first or quarter.first, quarter.first)
        return replace(self, first=first, last=min(self.last or quarter.last, quarter.last))


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that the page and the files say. `cohort` is the one that was asked for; `everybody`: whether the figures
    are the whole programme's."""

    filters: Filters
    cohort: Cohort | None
    everybody: bool
    figures: Indicators
    nameless: int
    """Certificates in them whose holders' names were erased: no list has a row for them."""
    goals: Sequence[Reached]
    courses: Mapping[str, Course]
    """Those that are live, by id."""
    evaluations: Mapping[str, Evaluation]
    """Of the whole programme, whoever looks: they can't be told apart by group."""
    gains: Mapping[str, Gain | None]
    """What courses were found to teach, of those that ask before and after; None where too few have answered. Of the whole
    programme as well."""
    published: Sequence[sexes.Year]
    """Of the whole programme too."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose people are counted: those in these cohorts, or everybody; `cohort` where it is one that was asked for."""

    cohorts: frozenset[str] | None
    cohort: Cohort | None = None


def report(
    tx: Connection, *, scope: Scope, filters: Filters, courses: Sequence[Course], zone: ZoneInfo, now: datetime
) -> Report:
    """The figures, in as many statements however many people there are."""
    asked = Asked(
        cohorts=scope.cohorts,
        course=filters.course,
        country=filters.country,
        institution_type=filters.type,
        within=goals.between(filters.first, filters.last, zone),
    )
    known = {course.id: course for course in courses}
    majors = {course.id: course.major for course in courses if filters.course in ("", course.id)}
    return Report(
        filters=filters,
        cohort=scope.cohort,
        everybody=scope.cohorts is None,
        figures=indicators(counting.count(tx, asked, _quarters(tx, filters, zone))),
        nameless=counting.nameless(tx, asked),
        goals=goals.reached(tx, cohorts=scope.cohorts, zone=zone),
        courses=known,
        evaluations=evaluation.results_of(tx, majors),
        gains=gain.results_of(tx, [course for course in courses if course.id in majors]),
        published=sexes.published(tx, today=now.astimezone(zone).date()),
        at=now.astimezone(zone),
    )


def scope_of(tx: Connection, staff: Person, cohort: str) -> Scope:
    """What she may count: that cohort, or all that is hers. Raises NotYours."""
    found = oversight.cohort_of(tx, staff, cohort) if cohort else None
    return Scope(cohorts=oversight.scope_of(tx, staff, cohort), cohort=found)


def country_codes(tx: Connection) -> frozenset[str]:
    """The countries to choose from: those of which something is published, and those that people are said to work in."""
    return frozenset({each.code for each in countries.all_(tx)} | counting.countries(tx))


def read(given: Mapping[str, str], *, courses: frozenset[str], countries: frozenset[str], today: date) -> Filters:
    """The filters that the parts of an address ask for; what it does not know narrows nothing, and two days in the wrong
    order are put right. Without a word about the period it is this year so far."""
    first, last = _day(given.get("from", "")), _day(given.get("to", ""))
    if "from" not in given and "to" not in given:
        first, last = date(today.year, 1, 1), date(today.year, 12, 31)
    if first and last and first > last:
        first, last = last, first
    return Filters(
        course=_one_of(given.get("course", ""), courses),
        cohort=given.get("cohort", ""),
        country=_one_of(given.get("country", ""), countries | {NOT_SAID}),
        type=_one_of(given.get("type", ""), frozenset(TYPES) | {NOT_SAID}),
        first=first,
        last=last,
    )


def _one_of(text: str, known: frozenset[str]) -> str:
    return text if text in known else ""


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1970 <= found.year <= 9000 else None


def _quarters(tx: Connection, filters: Filters, zone: ZoneInfo) -> list[tuple[str, datetime]]:
    """The quarters that there can be, in their order, each with the moment at which it begins there."""
    there = counting.span(tx)
    if there is None:
        return []
    least, greatest = (each.astimezone(zone).date() for each in there)
    first, last = max(filters.first or least, least), min(filters.last or greatest, greatest)
    found = quarters(first, max(first, last))
    begins = (goals.between(each.first, None, zone)[0] for each in found)
    return [(each.key, moment) for each, moment in zip(found, begins, strict=True) if moment]
