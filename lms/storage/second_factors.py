"""Second factors (RFC 6238), the recovery codes in their place, and who is held until she has typed one."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from lms.storage.event_log import upsert
from lms.storage.tables import recovery_codes, second_factors, second_steps


@dataclass(frozen=True, slots=True)
class Factor:
    """A person's second factor: its sealed secret, whether she has shown that she can use it, the last code taken."""

    sealed: str = field(repr=False)
    is_on: bool
    last_step: int


def begin(tx: Connection, person: str, sealed: str) -> None:
    """The person has that secret, in the place of one that she never confirmed; one that is on stays."""
    values = {"secret": sealed, "last_step": 0}
    statement = upsert(tx)(second_factors).values(person=person, confirmed_at=None, **values)
    statement = statement.on_conflict_do_update(
        index_elements=["person"], set_=values, where=second_factors.c.confirmed_at.is_(None)
    )
    tx.execute(statement)


def of(tx: Connection, person: str) -> Factor | None:
    """The person's, on or begun."""
    row: Any = tx.execute(select(second_factors).where(second_factors.c.person == person)).first()
    return Factor(row.secret, row.confirmed_at is not None, row.last_step) if row else None


def is_on(tx: Connection, person: str) -> bool:
    """Whether the person is asked for it."""
    query = select(second_factors.c.person)
    query = query.where(second_factors.c.person == person, second_factors.c.confirmed_at.is_not(None))
    return tx.execute(query).first() is not None


def take_step(tx: Connection, person: str, step: int) -> bool:
    """Whether no code of that step or a later one was taken before; then it is taken."""
    statement = update(second_factors).where(second_factors.c.person == person, second_factors.c.last_step < step)
    return tx.execute(statement.values(last_step=step).returning(second_factors.c.person)).first() is not None


def confirm(tx: Connection, person: str, *, now: datetime) -> None:
    """The person is asked for it from now on."""
    tx.execute(update(second_factors).where(second_factors.c.person == person).values(confirmed_at=now))


def remove(tx: Connection, person: str) -> bool:
    """Whether the person had one; she has none, nor any recovery code."""
    tx.execute(delete(recovery_codes).where(recovery_codes.c.person == person))
    statement = delete(second_factors).where(second_factors.c.person == person)
    return tx.execute(statement.returning(second_factors.c.person)).first() is not None


def set_codes(tx: Connection, person: str, hashes: Iterable[str]) -> None:
    """These are her recovery codes, and no others."""
    tx.execute(delete(recovery_codes).where(recovery_codes.c.person == person))
    tx.execute(insert(recovery_codes), [{"hash": each, "person": person} for each in hashes])


def use_code(tx: Connection, person: str, hashed: str) -> bool:
    """Whether it was one of her recovery codes; then it is none any more."""
    statement = delete(recovery_codes).where(recovery_codes.c.person == person, recovery_codes.c.hash == hashed)
    return tx.execute(statement.returning(recovery_codes.c.hash)).first() is not None


def has_codes(tx: Connection, person: str, hashes: Iterable[str]) -> bool:
    """Whether all of these are recovery codes of hers."""
    wanted = set(hashes)
    query = select(recovery_codes.c.hash).where(recovery_codes.c.person == person)
    return wanted <= set(tx.execute(query).scalars())


def codes_left(tx: Connection, person: str) -> int:
    """How many recovery codes she has."""
    query = select(func.count()).select_from(recovery_codes).where(recovery_codes.c.person == person)
    return tx.execute(query).scalar_one()


def wait(tx: Connection, token: str, person: str, *, until: datetime, now: datetime) -> None:
    """The bearer of the token is asked for that person's code."""
    tx.execute(insert(second_steps).values(hash=_hash(token), person=person, expires_at=until))
    tx.execute(delete(second_steps).where(second_steps.c.expires_at < now))


def waiting(tx: Connection, token: str, *, now: datetime) -> str | None:
    """The id of the person whose code the bearer of the token is asked for."""
    query = select(second_steps.c.person).where(second_steps.c.hash == _hash(token), second_steps.c.expires_at > now)
    found: str | None = tx.execute(query).scalar()
    return found


def end_wait(tx: Connection, token: str) -> bool:
    """Whether the bearer of the token was asked for a code; she is not any more."""
    statement = delete(second_steps).where(second_steps.c.hash == _hash(token))
    return tx.execute(statement.returning(second_steps.c.hash)).first() is not None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
