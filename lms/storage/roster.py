"""The lines of a roster, by one statement, a few hundred in memory at once, however many there are.

They come from the progress rows: everybody who is enrolled has one, and so has who began an open course by herself
(docs/decisions/0030). Cells are as the database has them; `lms.services.reporting.rosters` puts them into words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Row,
    ScalarSelect,
    Select,
    String,
    and_,
    cast,
    func,
    select,
    type_coerce,
)

from lms.learning.roster import State
from lms.storage.database import is_sqlite
from lms.storage.indicators import known
from lms.storage.tables import certificates, cohort_coordinators, cohorts, enrolments, links, people, progress
from lms.storage.work import own_or_of_a_group

BATCH = 250
"""Lines in memory at once."""
OF_WORK, OF_CERTIFICATES = frozenset({"type", "country"}), frozenset({"certificate", "state"})
"""The columns that need them."""
Line = Row[Any]
_P = progress.c
_WHOSE = people.alias("whose")
"""The account that counts for her: another one where two of hers are linked."""
_WHO = func.coalesce(links.c.same_as, _P.learner)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which lines. `coordinator`: only of the cohorts that she looks after, None for all. `institutions`: exactly these
    names, None for all. `type`, `country`: NOT_SAID for those of whom it is not known. `since`, `before`: moments between
    which it was completed, else begun, else joined; of certificates, between which the first edition was issued."""

    coordinator: str | None
    course: str = ""
    cohort: str = ""
    institutions: Sequence[str] | None = None
    type: str = ""
    country: str = ""
    since: datetime | None = None
    before: datetime | None = None
    state: State = "completed"

    @property
    def is_of_cohorts(self) -> bool:
        """Whether only people in some cohorts are asked for."""
        return self.coordinator is not None or bool(self.cohort)


@dataclass(frozen=True, slots=True)
class Place:
    """An institution that somebody works for."""

    institution: str
    country: str


def count(tx: Connection, asked: Asked) -> int:
    """How many lines there are."""
    return int(tx.execute(_lines(asked, (), func.count())).scalar_one())


def batches(
    tx: Connection, asked: Asked, columns: Sequence[str], *, limit: int | None = None
) -> Iterator[Sequence[Line]]:
    """The lines, a batch at a time, with these cells in this order. Absent is an empty text, or None for the score.

    Ordered by course, then by person in the order in which their accounts were made: as an index has them, so that the
    first line comes at once, and what is read lies together.
    """
    lines = tx.execute(statement(tx, asked, columns).limit(limit), execution_options={"stream_results": True})
    yield from lines.partitions(BATCH)


def statement(tx: Connection, asked: Asked, columns: Sequence[str]) -> Select[Any]:
    """What the database is asked."""
    cells = _cells(is_sqlite(tx))
    found = _lines(asked, columns, *(cells[name].label(f"cell_{name}") for name in columns))
    return found.order_by(_P.course, _P.learner)


def places(tx: Connection, coordinator: str | None) -> list[Place]:
    """Where the people work that she (None: somebody who sees all) may see."""
    query = select(people.c.institution, people.c.country).distinct()
    own = select(cohorts.c.country).distinct().where(cohorts.c.country != "")
    if coordinator is not None:
        hers = select(cohort_coordinators.c.cohort).where(cohort_coordinators.c.person == coordinator)
        query = query.where(people.c.id.in_(select(enrolments.c.person).where(enrolments.c.cohort.in_(hers))))
        own = own.where(cohorts.c.id.in_(hers))
    found = [Place(row.institution, row.country) for row in tx.execute(query)]
    return [*found, *(Place("", country) for country in tx.execute(own).scalars())]


def _lines(asked: Asked, columns: Sequence[str], *selected: ColumnElement[Any]) -> Select[Any]:
    """The lines without an order; tables that nothing needs are left out."""
    source = progress.join(people, people.c.id == _P.learner)
    certified = asked.state == "certified"
    if asked.is_of_cohorts or "cohort" in columns:
        source = source.join(cohorts, cohorts.c.id == _cohort(asked), isouter=not asked.is_of_cohorts)
    if certified or asked.type or asked.country or not OF_WORK.isdisjoint(columns):
        source = source.outerjoin(links, links.c.person == _P.learner).outerjoin(_WHOSE, _WHOSE.c.id == _WHO)
    if certified:
        standing, first = certificates.c, _first_issued(asked).subquery("first_issued")
        stands = and_(standing.learner == _P.learner, standing.course == _P.course, standing.state == "issued")
        same = and_(first.c.who == _WHO, first.c.course == standing.course, first.c.major == standing.major)
        source = source.join(certificates, stands).join(first, same)
    elif not OF_CERTIFICATES.isdisjoint(columns):
        source = source.outerjoin(certificates, certificates.c.number == _newest())
    return select(*selected).select_from(source).where(*_conditions(asked))


def _conditions(asked: Asked) -> Iterator[ColumnElement[bool]]:
    yield from _of_state(asked.state)
    if asked.is_of_cohorts:  # says again what the join says, so that it can be where the search begins
        yield _P.learner.in_(_hers(select(enrolments.c.person), asked))
    if asked.course:
        yield _P.course == asked.course
    if asked.institutions is not None:
        yield people.c.institution.in_(asked.institutions)
    if asked.type:
        yield own_or_of_a_group(_WHOSE, _WHO, "institution_type") == known(asked.type)
    if asked.country:
        yield own_or_of_a_group(_WHOSE, _WHO, "country") == known(asked.country)
    if asked.state != "certified":
        yield from _within(_moment(asked.state), asked)


def _within(moment: ColumnElement[datetime], asked: Asked) -> Iterator[ColumnElement[bool]]:
    if asked.since:
        yield moment >= asked.since
    if asked.before:
        yield moment < asked.before


def _of_state(state: State) -> Iterator[ColumnElement[bool]]:
    if state == "completed":
        yield _P.completed_at.is_not(None)
    elif state in ("begun", "waiting"):
        begun = _P.started_at
        yield and_(_P.completed_at.is_(None), begun.is_not(None) if state == "begun" else begun.is_(None))


def _moment(state: State) -> ColumnElement[datetime]:
    joined = (
        select(func.min(enrolments.c.created_at))
        .where(enrolments.c.person == _P.learner, enrolments.c.course == _P.course)
        .scalar_subquery()
    )
    if state == "completed":
        return _P.completed_at
    if state == "begun":
        return _P.started_at
    return func.coalesce(_P.completed_at, _P.started_at, joined)


def _first_issued(asked: Asked) -> Select[Any]:
    """Of each person, course and major the moment at which the first edition was issued, as the indicators count it."""
    held = certificates.c
    who, at = func.coalesce(links.c.same_as, held.learner).label("who"), func.min(held.issued_at)
    query: Select[Any] = select(who, held.course, held.major)
    query = query.select_from(certificates.outerjoin(links, links.c.person == held.learner))
    if asked.is_of_cohorts:
        seen = select(enrolments.c.person).where(
            enrolments.c.person == held.learner, enrolments.c.course == held.course
        )
        query = query.where(_hers(seen, asked).exists())
    return query.group_by(who, held.course, held.major).having(and_(at.is_not(None), *_within(at, asked)))


def _cohort(asked: Asked) -> ScalarSelect[Any]:
    """The cohort of a line: of those that may be seen and are asked for, the one that she joined last."""
    mine = select(enrolments.c.cohort).where(enrolments.c.person == _P.learner, enrolments.c.course == _P.course)
    newest = _hers(mine, asked).order_by(enrolments.c.created_at.desc(), enrolments.c.cohort.desc())
    return newest.limit(1).scalar_subquery()


def _hers(query: Select[Any], asked: Asked) -> Select[Any]:
    """The same of the enrolments in the cohorts that may be seen and are asked for."""
    if asked.coordinator is not None:
        hers = select(cohort_coordinators.c.cohort).where(cohort_coordinators.c.person == asked.coordinator)
        query = query.where(enrolments.c.cohort.in_(hers))
    return query.where(enrolments.c.cohort == asked.cohort if asked.cohort else enrolments.c.cohort != "")


def _newest() -> ScalarSelect[Any]:
    """The number of the newest certificate of a line."""
    theirs = certificates.alias("theirs")
    mine = select(theirs.c.number).where(theirs.c.learner == _P.learner, theirs.c.course == _P.course)
    return mine.order_by(theirs.c.major.desc(), theirs.c.edition.desc()).limit(1).scalar_subquery()


def _cells(sqlite: bool) -> dict[str, ColumnElement[Any]]:
    """The cells by their column's name."""
    return {
        "name": people.c.display_name,
        "id": func.coalesce(func.nullif(people.c.external_id, ""), people.c.username),
        "institution": people.c.institution,
        "type": own_or_of_a_group(_WHOSE, _WHO, "institution_type"),
        "country": own_or_of_a_group(_WHOSE, _WHO, "country"),
        "cohort": func.coalesce(cohorts.c.name, ""),
        "course": _P.course,
        "release": _P.release,
        "started": _text(_P.started_at, sqlite),
        "completed": _text(_P.completed_at, sqlite),
        "score": _percent(sqlite),
        "hours": _P.release,
        "certificate": func.coalesce(certificates.c.number, ""),
        "state": func.coalesce(certificates.c.state, ""),
    }


def _text(moment: ColumnElement[Any], sqlite: bool) -> ColumnElement[str]:
    """The moment in UTC as `2026-11-24 12:00:00`, as SQLite keeps it (there with more behind)."""
    if sqlite:
        return func.coalesce(type_coerce(moment, String), "")
    return func.coalesce(func.to_char(func.timezone("UTC", moment), "YYYY-MM-DD HH24:MI:SS"), "")


def _percent(sqlite: bool) -> ColumnElement[int]:
    """The score as a whole percentage, rounded down so that 79.9 never reads as a passed 80."""
    hundredths = _P.score * 100 + 1e-9
    return cast(hundredths if sqlite else func.floor(hundredths), Integer)  # SQLite's cast cuts, PostgreSQL's rounds
