"""Login cards: each a row under the SHA-256 of its secret, which is kept nowhere, with the hash of its PIN."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from lms.storage.tables import login_cards


@dataclass(frozen=True, slots=True)
class Card:
    """A card in force: whose it is, and the hash of its PIN."""

    person: str
    pin_hash: str


def add(tx: Connection, secret: str, *, person: str, pin_hash: str, now: datetime) -> None:
    """The card with that secret lets the person in, with its PIN."""
    values = {"hash": _hash(secret), "person": person, "pin_hash": pin_hash, "made_at": now}
    tx.execute(insert(login_cards).values(**values))


def find(tx: Connection, secret: str) -> Card | None:
    """The card with that secret, unless it is void."""
    columns = login_cards.c
    query = select(columns.person, columns.pin_hash).where(columns.hash == _hash(secret), columns.voided_at.is_(None))
    row = tx.execute(query).first()
    return Card(row.person, row.pin_hash) if row else None


def void_all(tx: Connection, person: str, *, now: datetime) -> int:
    """How many cards of the person's let in until now; none does any more."""
    columns = login_cards.c
    statement = update(login_cards).where(columns.person == person, columns.voided_at.is_(None))
    return len(tx.execute(statement.values(voided_at=now).returning(columns.hash)).all())


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
