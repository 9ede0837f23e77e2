"""The audit as it is read: searched, with the names of those whom it speaks of, held against its hashes, taken as a file."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, and_, select, true

from lms.i18n import N_, Reader
from lms.refusals import Refusal
from lms.services.common.cells import csv_line
from lms.services.common.staff_acts import SENTENCES, note
from lms.storage import audit
from lms.storage.audit import Line
from lms.storage.database import Database
from lms.storage.tables import audit as table
from lms.storage.tables import cohorts, people

COLUMNS = ("seq", "at", "actor", "actor_username", "act", "sentence", "subject", "subject_name", "data", "hash")
"""Of the file: written so in every language, for programs."""
MOST = 200
"""Letters of what is searched for."""
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "changed": N_("Changed"),
        "country": N_("Country"),
        "course": N_("Course"),
        "form": N_("Form"),
        "institution_type": N_("Kind of institution"),
        "language": N_("Language"),
        "measure": N_("What is counted"),
        "module": N_("Module"),
        "n": N_("How many"),
        "new": N_("New"),
        "person": N_("Person"),
        "quarter": N_("Quarter"),
        "reason": N_("Reason"),
        "role": N_("Role"),
        "roles": N_("Roles"),
        "rows": N_("Rows"),
        "same": N_("Without changes"),
        "same_as": N_("With"),
        "sheet": N_("Sheet"),
        "state": N_("State"),
        "target": N_("How many are to be reached"),
        "type": N_("Kind of institution"),
        "wrong": N_("Left out"),
        "year": N_("Year"),
    }
)
"""What a line says besides, by its name in the data; another name stands as it is."""
_PEOPLE = ("person", "same_as")
_BATCH = 500


class WrongPeriod(Refusal):
    """What was given as a day is none, or the period ends before it begins."""

    message = N_("The days are not right: write them like 2026-11-24, the first one before the last.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which lines: all but those that each of these leaves out. `actor`: a username or an id, `-` for the command line.
    `subject`: a username, a part of a group's name, an id or a certificate's number."""

    actor: str = ""
    act: str = ""
    subject: str = ""
    since: date | None = None
    until: date | None = None

    @classmethod
    def read(cls, typed: Mapping[str, str]) -> "Filters":
        """What was typed or stands in an address. Raises WrongPeriod."""
        texts = {name: " ".join(typed.get(name, "").split())[:MOST] for name in ("actor", "act", "subject")}
        since, until = (_day(typed.get(name, "").strip()) for name in ("since", "until"))
        if since and until and until < since:
            raise WrongPeriod
        return cls(**texts, since=since, until=until)

    def said(self) -> dict[str, str]:
        """Those that leave something out, as an address has them."""
        return {each.name: str(value) for each in fields(self) if (value := getattr(self, each.name))}


@dataclass(frozen=True, slots=True)
class Told:
    """A line with the names of whom and what it speaks of, as they are called now; empty for those who are not here. `more`:
    what else it says, without what is empty, people by their usernames."""

    line: Line
    actor: str
    subject: str
    more: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Chain:
    """What the hashes say. `broken`: the first line that does not follow, None when all do. `known`: whether the hash that
    was asked about is there, None when none was."""

    count: int
    last: str
    broken: int | None
    known: bool | None

    @property
    def is_whole(self) -> bool:
        """Whether nothing speaks against it."""
        return self.broken is None and self.known is not False


def condition(tx: Connection, filters: Filters, zone: ZoneInfo) -> ColumnElement[bool]:
    """The same for the database."""
    parts: list[ColumnElement[bool]] = [true()]
    if filters.actor:
        who = "" if filters.actor == "-" else filters.actor
        parts.append(table.c.actor.in_([who, *_people_called(tx, who)]))
    if filters.act:
        parts.append(table.c.act == filters.act)
    if filters.subject:
        called = (filters.subject, *_people_called(tx, filters.subject), *_cohorts_called(tx, filters.subject))
        parts.append(table.c.subject.in_(called))
    if filters.since:
        parts.append(table.c.at >= _begin(filters.since, zone))
    if filters.until:
        parts.append(table.c.at < _begin(filters.until + timedelta(days=1), zone))
    return and_(*parts)


def tell(tx: Connection, lines: Iterable[Line]) -> list[Told]:
    """The lines with names, in two statements for all of them."""
    held = list(lines)
    ids = {name for line in held for name in (line.actor, line.subject, *_others(line)) if name}
    named = {
        row.id: row.username for row in tx.execute(select(people.c.id, people.c.username).where(people.c.id.in_(ids)))
    }
    groups = {row.id: row.name for row in tx.execute(select(cohorts.c.id, cohorts.c.name).where(cohorts.c.id.in_(ids)))}
    called = {**groups, **named}
    return [Told(line, named.get(line.actor, ""), called.get(line.subject, ""), _more(line, named)) for line in held]


def _others(line: Line) -> list[str]:
    """The ids of the people whom its data names."""
    return [str(line.data[name]) for name in _PEOPLE if name in line.data]


def _more(line: Line, named: Mapping[str, str]) -> dict[str, Any]:
    said = {name: named.get(str(value), value) if name in _PEOPLE else value for name, value in line.data.items()}
    return {
        name: value for name, value in said.items() if value not in ("", None, []) and (name, value) != ("quarter", 0)
    }


def check(tx: Connection, known: str = "") -> Chain:
    """The whole audit held against its hashes, and against one that somebody wrote down or has in a file."""
    asked = known.strip().lower()
    return Chain(
        audit.count(tx), audit.last_hash(tx), audit.first_broken(tx), audit.has_hash(tx, asked) if asked else None
    )


def note_taken(tx: Connection, filters: Filters, asked: ColumnElement[bool], *, by: str, now: datetime) -> int:
    """How many lines there are to take, this one apart, which is in the audit now and in the file as its first."""
    count = audit.count(tx, asked)
    note(tx, "audit-taken", by=by, now=now, rows=count, filters=_nameless(filters))
    return count


def pieces(database: Database, asked: ColumnElement[bool], reader: Reader) -> Iterator[bytes]:
    """The lines as CSV (RFC 4180, UTF-8), the newest first, while they are read. Before those asked for stands the newest of
    all: its hash is the one to keep, for it shows later whether a line is gone."""
    yield _row(COLUMNS)
    with database.reading() as tx:
        newest = list(audit.lines(tx, limit=1))
        yield from _rows(tx, newest, reader)
        batch: list[Line] = []
        for line in audit.lines(tx, and_(asked, table.c.seq < newest[0].seq) if newest else asked):
            batch.append(line)
            if len(batch) == _BATCH:
                yield from _rows(tx, batch, reader)
                batch = []
        yield from _rows(tx, batch, reader)


def _rows(tx: Connection, lines: Iterable[Line], reader: Reader) -> Iterator[bytes]:
    for told in tell(tx, lines):
        line = told.line
        sentence = reader.gettext(SENTENCES.get(line.act, line.act))
        cells = (str(line.seq), line.at.isoformat(), line.actor, told.actor, line.act, sentence, line.subject)
        yield _row((*cells, told.subject, line.body, line.hash))


def _row(cells: tuple[str, ...]) -> bytes:
    return csv_line(cells).encode()


def _nameless(filters: Filters) -> list[str]:
    """Which filters there were: what was typed may be somebody's name, and the audit has none."""
    return sorted(filters.said())


def _people_called(tx: Connection, text: str) -> list[str]:
    return list(tx.execute(select(people.c.id).where(people.c.username == text.casefold())).scalars())


def _cohorts_called(tx: Connection, text: str) -> list[str]:
    rows = tx.execute(select(cohorts.c.id, cohorts.c.name))
    return [row.id for row in rows if text.casefold() in row.name.casefold()]


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongPeriod from None


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
