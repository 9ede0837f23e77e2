"""Accounts that may be of one person: the same id of an institution but for how it is written, or the same name, at one
institution or where one of the two has none."""

from collections.abc import Collection, Iterable
from itertools import combinations
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, and_, func, or_, select, true

from lms.storage.tables import enrolments, links, people

_SIGNS = "-./ "
"""What is written between the parts of an id, or left out."""


def of_person(tx: Connection, person: str, *, within: Collection[str] | None, limit: int) -> list[str]:
    """The ids of accounts that may be that person's, by name; only of people in these cohorts (None: of everybody). Accounts
    that count as one already are not among them."""
    mine, other = people.alias("mine"), people.alias("other")
    one, same = links.alias("one"), links.alias("same")
    alike = or_(_same_name(mine, other), _bare(mine.c.external_id) == _bare(other.c.external_id))
    query = (
        select(other.c.id)
        .select_from(mine.join(other, and_(other.c.id != mine.c.id, alike)))
        .outerjoin(one, one.c.person == mine.c.id)
        .outerjoin(same, same.c.person == other.c.id)
        .where(mine.c.id == person, _counts(one, mine) != _counts(same, other), _inside(other, within))
        .order_by(other.c.folded_name, other.c.id)
    )
    return list(tx.execute(query.limit(limit)).scalars())


def pairs(tx: Connection, *, within: Collection[str] | None, limit: int) -> list[tuple[str, str]]:
    """Pairs of ids of such accounts, those with the same id first."""
    found = dict.fromkeys([*_by_id(tx, within, limit), *_by_name(tx, within, limit)])
    return list(found)[:limit]


def _by_name(tx: Connection, within: Collection[str] | None, limit: int) -> Iterable[tuple[str, str]]:
    mine, other = people.alias("mine"), people.alias("other")
    one, same = links.alias("one"), links.alias("same")
    query = (
        select(mine.c.id, other.c.id)
        .select_from(mine.join(other, and_(mine.c.id < other.c.id, _same_name(mine, other))))
        .outerjoin(one, one.c.person == mine.c.id)
        .outerjoin(same, same.c.person == other.c.id)
        .where(_counts(one, mine) != _counts(same, other), _inside(mine, within), _inside(other, within))
        .order_by(mine.c.folded_name, mine.c.id, other.c.id)
    )
    return [(row[0], row[1]) for row in tx.execute(query.limit(limit))]


def _by_id(tx: Connection, within: Collection[str] | None, limit: int) -> Iterable[tuple[str, str]]:
    """By the ids that occur more than once: holding each against each would take the square of their number."""
    bare = _bare(people.c.external_id)
    inside = _inside(people, within)
    often = select(bare).where(people.c.external_id.is_not(None), inside).group_by(bare).having(func.count() > 1)
    query = (
        select(bare.label("bare"), people.c.id, func.coalesce(links.c.same_as, people.c.id).label("counts"))
        .select_from(people.outerjoin(links, links.c.person == people.c.id))
        .where(bare.in_(often.order_by(bare).limit(limit)), inside)
        .order_by(bare, people.c.id)
    )
    groups: dict[str, list[Any]] = {}
    for row in tx.execute(query.limit(4 * limit)):
        groups.setdefault(row.bare, []).append(row)
    for rows in groups.values():
        yield from ((a.id, b.id) for a, b in combinations(rows, 2) if a.counts != b.counts)


def _same_name(mine: FromClause, other: FromClause) -> ColumnElement[bool]:
    here, there = func.lower(mine.c.institution), func.lower(other.c.institution)
    return and_(
        mine.c.folded_name != "",
        mine.c.folded_name == other.c.folded_name,
        or_(here == there, here == "", there == ""),
    )


def _bare(column: ColumnElement[str]) -> ColumnElement[str]:
    """The id in small letters and without signs; of one that is nothing but signs, NULL, which nothing equals."""
    for sign in _SIGNS:
        column = func.replace(column, sign, "")
    return func.nullif(func.lower(column), "")


def _counts(link: FromClause, person: FromClause) -> ColumnElement[str]:
    """The account that counts take for that one."""
    return func.coalesce(link.c.same_as, person.c.id)


def _inside(person: FromClause, within: Collection[str] | None) -> ColumnElement[bool]:
    if within is None:
        return true()
    return person.c.id.in_(select(enrolments.c.person).where(enrolments.c.cohort.in_(within)))
