"""How many people were trained and how many certificates were issued: counted by the database from what is kept of each
learner and course, in as many statements however many there are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    select,
    true,
    union_all,
)

from lms.learning.indicators import NOT_SAID, Cell, Measure
from lms.storage.database import utc
from lms.storage.tables import certificates, enrolments, links, people, progress
from lms.storage.work import own_or_of_a_group

Span = tuple[datetime | None, datetime | None]
"""From one moment on and before another; either may be missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Of what is counted: all of it, or what is done in these cohorts; of one course, country or kind of institution where
    one is named (NOT_SAID: of those of whom it is not known)."""

    cohorts: frozenset[str] | None = None
    course: str = ""
    country: str = ""
    institution_type: str = ""
    within: Span = (None, None)


def span(tx: Connection) -> tuple[datetime, datetime] | None:
    """The first and the last moment at which there is anything to count; None where there is nothing."""
    every = union_all(
        select(func.min(progress.c.completed_at).label("first"), func.max(progress.c.completed_at).label("last")),
        select(func.min(certificates.c.issued_at), func.max(certificates.c.issued_at)),
    ).subquery()
    first, last = tx.execute(select(func.min(every.c.first), func.max(every.c.last))).one()
    return (utc(first), utc(last)) if first else None


def count(tx: Connection, asked: Asked, quarters: Sequence[tuple[str, datetime]]) -> list[Cell]:
    """What the tables are made of, in one statement. `quarters` are those that there can be, in their order, each by its
    key with the moment at which it begins."""
    done, held = _base("people", asked), _base("certificates", asked)
    people_once = select(done.c.what, done.c.country, done.c.type).distinct().subquery()
    in_courses = select(done.c.what, done.c.course).distinct().subquery()
    in_quarters = select(done.c.what, _quarter(done, quarters).label("quarter")).distinct().subquery()
    dated = select(held, _quarter(held, quarters).label("quarter")).subquery()
    parts = (
        _cells("people", people_once, "country", "type"),
        _cells("people", in_courses, "course"),
        _cells("people", in_quarters, "quarter"),
        _cells("certificates", dated, "course", "quarter", "country", "type"),
    )
    rows = tx.execute(union_all(*parts))
    return [Cell(row.measure, row.n, row.course, row.quarter, row.country, row.type) for row in rows]


def count_each(tx: Connection, measure: Measure, wanted: Mapping[str, Asked]) -> dict[str, int]:
    """How many each of these comes to, by its name, in one statement. They ask for the same cohorts."""
    if not wanted:
        return {}
    firsts, ends = ([each.within[side] for each in wanted.values()] for side in (0, 1))
    cohorts = next(iter(wanted.values())).cohorts
    base = _base(measure, Asked(cohorts=cohorts, within=(_least(firsts), _greatest(ends))))
    columns = [func.max(case((_fits(each, base), 1), else_=0)).label(f"n{n}") for n, each in enumerate(wanted.values())]
    once = select(base.c.what, *columns).group_by(base.c.what).subquery()
    row = tx.execute(select(*(func.coalesce(func.sum(once.c[column.name]), 0) for column in columns))).one()
    return dict(zip(wanted, map(int, row), strict=True))


def nameless(tx: Connection, asked: Asked) -> int:
    """How many of the certificates that are counted are nobody's any more: their holders' names were erased. They are in no
    cohort, and of no country or kind."""
    if asked.cohorts is not None or {asked.country, asked.institution_type} - {"", NOT_SAID}:
        return 0
    erased = _certificates(asked).where(certificates.c.learner.is_(None)).subquery()
    return int(tx.execute(select(func.count()).select_from(erased)).scalar_one())


def countries(tx: Connection) -> set[str]:
    """The countries that anybody is said to work in."""
    return set(tx.execute(select(people.c.country).where(people.c.country != "").distinct()).scalars())


def place_of(tx: Connection, person: str) -> tuple[str, str]:
    """The country and the kind of institution that the person is known to work in; empty where they are not known."""
    country = own_or_of_a_group(people, people.c.id, "country").label("country")
    kind = own_or_of_a_group(people, people.c.id, "institution_type").label("kind")
    row = tx.execute(select(country, kind).where(people.c.id == person)).one()
    return row.country, row.kind


def _base(measure: Measure, asked: Asked) -> CTE:
    """A row for each course that an account has completed, or each certificate: `what` counts once, `at` is when; then
    what it counts under. Linked people are one."""
    found = _completions(asked) if measure == "people" else _certificates(asked)
    facts = found.subquery(f"facts_{measure}")
    who = facts.outerjoin(people, people.c.id == facts.c.who)
    country, kind = (own_or_of_a_group(people, facts.c.who, name) for name in ("country", "institution_type"))
    query: Select[Any] = select(facts.c.what, facts.c.at, facts.c.course, country.label("country"), kind.label("type"))
    query = query.select_from(who)
    if asked.country:
        query = query.where(country == known(asked.country))
    if asked.institution_type:
        query = query.where(kind == known(asked.institution_type))
    return query.cte(f"counted_{measure}")


def _completions(asked: Asked) -> Select[Any]:
    done = progress.c
    who = func.coalesce(links.c.same_as, done.learner)
    query: Select[Any] = select(who.label("who"), who.label("what"), done.course, done.completed_at.label("at"))
    query = _inside(query, progress.outerjoin(links, links.c.person == done.learner), asked, done.learner, done.course)
    return query.where(done.completed_at.is_not(None), *_between(done.completed_at, asked.within))


def _certificates(asked: Asked) -> Select[Any]:
    """One for each person, course and major of whose editions one stands, at the moment when the first was issued."""
    held = certificates.c
    who = func.coalesce(links.c.same_as, held.learner, held.number)  # each by itself where the name was erased
    what = who.concat("/").concat(held.course).concat("/").concat(cast(held.major, String))
    at = func.min(held.issued_at)
    query: Select[Any] = select(who.label("who"), what.label("what"), held.course, at.label("at"))
    joined = certificates.outerjoin(links, links.c.person == held.learner)
    query = _inside(query, joined, asked, held.learner, held.course).group_by(who, held.course, held.major)
    return query.having(func.max(case((held.state == "issued", 1), else_=0)) == 1, *_between(at, asked.within))


def _inside(
    query: Select[Any], joined: Any, asked: Asked, learner: ColumnElement[Any], course: ColumnElement[Any]
) -> Select[Any]:
    """What was done in the cohorts that are asked for, and of the course."""
    if asked.cohorts is not None:
        inside = select(enrolments.c.person, enrolments.c.course).where(enrolments.c.cohort.in_(asked.cohorts))
        each = inside.distinct().subquery()
        joined = joined.join(each, and_(each.c.person == learner, each.c.course == course))
    query = query.select_from(joined)
    return query.where(course == asked.course) if asked.course else query


def _between(at: ColumnElement[Any], within: Span) -> Iterable[ColumnElement[bool]]:
    first, end = within
    if first:
        yield at >= first
    if end:
        yield at < end


def _fits(asked: Asked, base: CTE) -> ColumnElement[bool]:
    named = ((base.c.course, asked.course), (base.c.country, asked.country), (base.c.type, asked.institution_type))
    return and_(true(), *_between(base.c.at, asked.within), *(column == known(key) for column, key in named if key))


def known(key: str) -> str:
    """The country or kind as the database has it."""
    return "" if key == NOT_SAID else key


def _quarter(base: CTE, quarters: Sequence[tuple[str, datetime]]) -> ColumnElement[str]:
    """The key of the quarter that a row is in: the newest first, as most rows are."""
    if not quarters:
        return literal("")
    newest = [(base.c.at >= begins, literal(key)) for key, begins in reversed(quarters[1:])]
    return case(*newest, else_=literal(quarters[0][0])) if newest else literal(quarters[0][0])


def _cells(measure: Measure, rows: Any, *dimensions: str) -> Select[Any]:
    keys = [rows.c[each] for each in dimensions]
    named = [
        (rows.c[each] if each in dimensions else cast(null(), String)).label(each)
        for each in ("course", "quarter", "country", "type")
    ]
    n = func.count().label("n")
    return select(literal(measure).label("measure"), n, *named).select_from(rows).group_by(*keys)


def _least(moments: Iterable[datetime | None]) -> datetime | None:
    found = list(moments)
    return min((each for each in found if each), default=None) if all(found) else None


def _greatest(moments: Iterable[datetime | None]) -> datetime | None:
    found = list(moments)
    return max((each for each in found if each), default=None) if all(found) else None
