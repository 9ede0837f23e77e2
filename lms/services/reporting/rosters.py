"""Rosters: who may take which lines, why, and what a file says of itself. The files are in `lms.services.reporting.roster_files`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from lms.content.stems import fold
from lms.i18n import N_, Reader
from lms.learning.indicators import NOT_SAID
from lms.learning.roster import STATES, Column, Filters
from lms.refusals import Refusal
from lms.services.common import oversight
from lms.services.common.institutions import TYPES
from lms.services.common.oversight import NotYours
from lms.services.common.staff_acts import note
from lms.services.reporting.roster_cells import AS_IS, Cells, Form
from lms.storage import cohorts
from lms.storage import roster as lines
from lms.storage.cohorts import Cohort
from lms.storage.database import Database
from lms.storage.people import Person
from lms.storage.releases import Catalogue
from lms.storage.roster import Asked

MOST = 200
"""Characters of a reason."""
UNKNOWN = N_("Not known")
KINDS: Mapping[str, str] = MappingProxyType({**TYPES, NOT_SAID: UNKNOWN})
"""The kinds of institutions that lists are asked for."""


class NoReason(Refusal):
    """Nobody said what it is for."""

    message = N_("Say in a few words what the list is for, such as “Quarterly report”.")


class LongReason(Refusal):
    """The reason is too long."""

    message = N_("The reason has more than %(most)s characters: make it shorter.")


class TooManyLines(Refusal):
    """More lines than such a file can have."""

    message = N_("A file of this kind has at most %(most)s rows, and these are %(count)s: ask for fewer, or take CSV.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """A roster that somebody asked for, with everything that files of it say. Its lines are read when they are written."""

    database: Database
    catalogue: Catalogue
    reader: Reader
    program: str
    """The name of the installation."""
    made_at: datetime
    filters: Filters
    asked: Asked
    columns: tuple[Column, ...]
    facts: Sequence[tuple[str, str]]
    """What was asked for, in words: label and value."""
    told: Callable[[int], None] = lambda _n: None
    """Called with how many lines more have been read."""

    @property
    def headings(self) -> list[str]:
        """The columns' headings as the reader reads them."""
        return [self.reader.gettext(column.heading) for column in self.columns]

    def count(self, tx: Connection) -> int:
        """How many lines there are."""
        return lines.count(tx, self.asked)

    def batches(self, tx: Connection, form: Form = AS_IS, *, limit: int | None = None) -> Iterator[list[Sequence[Any]]]:
        """The cells, some lines at a time, column by column."""
        cells = Cells(tx, self.catalogue, self.reader, form)
        for batch in lines.batches(tx, self.asked, [column.name for column in self.columns], limit=limit):
            yield cells.columns(self.columns, batch)
            self.told(len(batch))


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What rosters are made with: the database, the courses, who reads, and what the installation is called."""

    database: Database
    catalogue: Catalogue
    reader: Reader
    program: str

    def ask(
        self, tx: Connection, filters: Filters, columns: tuple[Column, ...], *, staff: Person | None, now: datetime
    ) -> Roster:
        """The roster of whom that member of the staff (None: the command line) may see. Raises NotYours."""
        cohort = _cohort(tx, filters, staff)
        coordinator = None if staff is None or oversight.sees_all(staff) else staff.id
        return Roster(
            database=self.database,
            catalogue=self.catalogue,
            reader=self.reader,
            program=self.program,
            made_at=now,
            filters=filters,
            asked=_asked(tx, filters, coordinator, self.reader.zone),
            columns=columns,
            facts=_facts(tx, self, filters, cohort),
        )


def what_for(typed: str) -> str:
    """What somebody says that a list is for. Raises NoReason, LongReason."""
    reason = " ".join(typed.split())
    if not reason:
        raise NoReason
    if len(reason) > MOST:
        raise LongReason(most=MOST)
    return reason


def note_taken(tx: Connection, roster: Roster, *, by: str, form: str, reason: str, most: int | None) -> int:
    """That somebody takes these lines in such a file, and what for, is in the audit; how many lines there are.

    Raises NoReason, LongReason, TooManyLines.
    """
    reason = what_for(reason) if by or reason else ""
    count = roster.count(tx)
    if most is not None and count > most:
        number = roster.reader.number
        raise TooManyLines(most=number(most), count=number(count))
    columns = [column.name for column in roster.columns]
    said: dict[str, Any] = {
        "form": form,
        "filters": roster.filters.said(),
        "columns": columns,
        "n": count,
        "reason": reason,
    }
    note(tx, "roster-taken", by=by, now=roster.made_at, **said)
    return count


def _cohort(tx: Connection, filters: Filters, staff: Person | None) -> Cohort | None:
    if not filters.cohort:
        return None
    found = oversight.cohort_of(tx, staff, filters.cohort) if staff else cohorts.by_id(tx, filters.cohort)
    if found is None:
        raise NotYours
    return found


def _asked(tx: Connection, filters: Filters, coordinator: str | None, zone: tzinfo) -> Asked:
    return Asked(
        coordinator=coordinator,
        course=filters.course,
        cohort=filters.cohort,
        institutions=_institutions(tx, filters.institution, coordinator),
        type=filters.type,
        country=filters.country,
        since=_begin(filters.since, zone) if filters.since else None,
        before=_begin(filters.until + timedelta(days=1), zone) if filters.until else None,
        state=filters.state,
    )


def _institutions(tx: Connection, part: str, coordinator: str | None) -> list[str] | None:
    """The names with that part in them, whatever the letters; compared here, since databases differ in that."""
    if not part:
        return None
    known = {place.institution for place in lines.places(tx, coordinator)}
    return sorted(name for name in known if fold(part) in fold(name))


def _begin(day: date, zone: tzinfo) -> datetime:
    """The moment at which it begins, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _facts(tx: Connection, desk: Desk, filters: Filters, cohort: Cohort | None) -> list[tuple[str, str]]:
    reader = desk.reader
    _: Callable[[str], str] = reader.gettext
    live = desk.catalogue.live(tx, filters.course) if filters.course else None
    title = live.course.edition(reader.language).title if live else filters.course
    said = {
        _("Who"): _(STATES[filters.state]),
        _("Course"): title or _("All courses"),
        _("Group"): cohort.name if cohort else "",
        _("Institution"): filters.institution,
        _("Kind of institution"): _(KINDS[filters.type]) if filters.type in KINDS else filters.type,
        _("Country"): _country(filters.country, reader),
        _("Period"): _period(filters, reader),
    }
    return [(label, value) for label, value in said.items() if value]


def _country(code: str, reader: Reader) -> str:
    if code == NOT_SAID:
        return reader.gettext(UNKNOWN)
    return reader.country(code) if code else ""


def _period(filters: Filters, reader: Reader) -> str:
    since, until = (reader.date(day) if day else "" for day in (filters.since, filters.until))
    if since and until:
        return reader.gettext("%(since)s to %(until)s") % {"since": since, "until": until}
    if since:
        return reader.gettext("since %(day)s") % {"day": since}
    return reader.gettext("until %(day)s") % {"day": until} if until else ""
