"""The accounts as the staff sees them: whose each is, where they work, how she gets in."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, exists, func, select, update

from lms.storage import preferences
from lms.storage.database import utc
from lms.storage.people import STAFF
from lms.storage.tables import enrolments, login_cards, people, roles

FACTS = ("external_id", "institution", "institution_type", "country", "phone")
HAS_CARD = exists().where(login_cards.c.person == people.c.id, login_cards.c.voided_at.is_(None))
_ROLES = select(func.aggregate_strings(roles.c.role, ",")).where(roles.c.person == people.c.id).scalar_subquery()
SELECTED = select(people, HAS_CARD.label("has_card"), _ROLES.label("roles"))
"""What is read of each account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Where somebody works, and how she is known and reached there. Everything may be empty."""

    external_id: str = ""
    institution: str = ""
    institution_type: str = ""
    country: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody as lists of the staff show her."""

    id: str
    username: str
    display_name: str
    language: str | None
    active: bool
    must_change: bool
    """She has yet to choose a passphrase of her own."""
    has_passphrase: bool
    """She was given one, or chose hers."""
    has_card: bool
    roles: frozenset[str]
    consent: str | None
    """What she has said to the consent text: see lms.services.people.consent."""
    work: Work
    created_at: datetime

    @property
    def is_staff(self) -> bool:
        """Whether she does more here than learn."""
        return not self.roles.isdisjoint(STAFF)

    @property
    def has_way_in(self) -> bool:
        """Whether there is anything that she can sign in with."""
        return self.has_passphrase or self.has_card


def of_cohort(tx: Connection, cohort: str) -> list[Account]:
    """Everybody in the cohort, by name."""
    inside = select(enrolments.c.person).where(enrolments.c.cohort == cohort)
    return list(_accounts(tx, people.c.id.in_(inside)))


def one(tx: Connection, person: str) -> Account | None:
    """The person with that id."""
    return next(_accounts(tx, people.c.id == person), None)


def some(tx: Connection, persons: Collection[str]) -> dict[str, Account]:
    """Those of these people who are here, by id."""
    return {each.id: each for each in _accounts(tx, people.c.id.in_(persons))}


def known_as(tx: Connection, *, usernames: Collection[str], external_ids: Collection[str]) -> list[Account]:
    """Everybody who has one of these folded usernames, or one of these ids of her institution."""
    named = people.c.username.in_(usernames) | people.c.external_id.in_(external_ids)
    return list(_accounts(tx, named))


def everyone(tx: Connection) -> Iterator[Account]:
    """Everybody, by name, a thousand in memory at once."""
    return _accounts(tx, None)


def taken(tx: Connection, usernames: Collection[str]) -> frozenset[str]:
    """Those of these usernames that somebody has."""
    return frozenset(tx.execute(select(people.c.username).where(people.c.username.in_(usernames))).scalars())


def among(tx: Connection, persons: Collection[str], cohorts: Collection[str]) -> frozenset[str]:
    """The ids of those of these people who are in one of the cohorts."""
    columns = enrolments.c
    query = select(columns.person).where(columns.person.in_(persons), columns.cohort.in_(cohorts))
    return frozenset(tx.execute(query.distinct()).scalars())


def cohorts_of(tx: Connection, person: str) -> frozenset[str]:
    """The ids of the cohorts that the person is in."""
    columns = enrolments.c
    query = select(columns.cohort).where(columns.person == person, columns.cohort != "")
    return frozenset(tx.execute(query.distinct()).scalars())


def set_work(tx: Connection, person: str, work: Work) -> None:
    """She works there."""
    values = {name: getattr(work, name) for name in FACTS} | {"external_id": work.external_id or None}
    tx.execute(update(people).where(people.c.id == person).values(**values))


def accounts(tx: Connection, query: Select[Any]) -> Iterator[Account]:
    """The accounts that a query made from SELECTED gives."""
    return (_account(row) for row in tx.execute(query, execution_options={"yield_per": 1000}))


def _accounts(tx: Connection, condition: ColumnElement[bool] | None) -> Iterator[Account]:
    query = SELECTED.order_by(people.c.folded_name, people.c.id)
    return accounts(tx, query if condition is None else query.where(condition))


def _account(row: Row[Any]) -> Account:
    return Account(
        id=row.id,
        username=row.username,
        display_name=row.display_name,
        language=row.language,
        active=row.active,
        must_change=row.must_change,
        has_passphrase=row.passphrase_hash != "",
        has_card=bool(row.has_card),
        roles=frozenset(row.roles.split(",") if row.roles else ()),
        consent=preferences.read(row.preferences).consent,
        work=Work(**{name: getattr(row, name) or "" for name in FACTS}),
        created_at=utc(row.created_at),
    )
