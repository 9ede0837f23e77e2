"""Sessions: a row for each, under the SHA-256 of the cookie's value, which is kept nowhere."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from lms.storage.database import utc
from lms.storage.people import Person, person_of
from lms.storage.tables import people, roles, second_steps, sessions

LIFETIME = timedelta(hours=12)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
STEP = timedelta(minutes=1)
"""`seen_at` is written at most so often: a page is not a write."""
_FIND = (
    select(people, roles.c.role, sessions.c.seen_at, sessions.c.expires_at, sessions.c.confirmed_at)
    .join_from(sessions, people, sessions.c.person == people.c.id)
    .outerjoin(roles, roles.c.person == people.c.id)
    .where(sessions.c.hash == bindparam("hash"))
)


@dataclass(frozen=True, slots=True)
class Session:
    """A session in force: whose it is, when she was last seen, and when she last typed her passphrase again in it."""

    person: Person
    seen_at: datetime
    confirmed_at: datetime | None


def open_(tx: Connection, token: str, person: str, *, confirmed: bool = False, now: datetime) -> None:
    """The bearer of the token is signed in as that person, for at most LIFETIME; `confirmed`: she was signed in before,
    and has typed her passphrase again."""
    values = {"hash": _hash(token), "person": person, "created_at": now, "seen_at": now, "expires_at": now + LIFETIME}
    tx.execute(insert(sessions).values(**values, confirmed_at=now if confirmed else None))
    tx.execute(delete(sessions).where(sessions.c.expires_at < now))
    earlier = people.c.seen_on.is_(None) | (people.c.seen_on < now.date())
    tx.execute(update(people).where(people.c.id == person, earlier).values(seen_on=now.date()))


def find(tx: Connection, token: str, *, idle: timedelta, now: datetime) -> Session | None:
    """The session of that token, unless it is over, idle for too long, or its person is not active."""
    rows = tx.execute(_FIND, {"hash": _hash(token)}).mappings().all()
    if not rows or not rows[0]["active"]:
        return None
    seen_at = utc(rows[0]["seen_at"])
    if utc(rows[0]["expires_at"]) <= now or seen_at + idle <= now:
        return None
    held = frozenset(row["role"] for row in rows if row["role"])
    confirmed_at = rows[0]["confirmed_at"]
    return Session(person_of(dict(rows[0]), held), seen_at, utc(confirmed_at) if confirmed_at else None)


def owner(tx: Connection, token: str, *, now: datetime) -> str | None:
    """The id of the person whose session this is or was: idle for too long, perhaps, but not signed out of."""
    query = select(sessions.c.person).where(sessions.c.hash == _hash(token), sessions.c.expires_at > now)
    found: str | None = tx.execute(query).scalar()
    return found


def touch(tx: Connection, token: str, *, idle: timedelta, now: datetime) -> None:
    """She was seen now; a session that has gone idle meanwhile stays so."""
    alive = update(sessions).where(sessions.c.hash == _hash(token), sessions.c.seen_at > now - idle)
    tx.execute(alive.values(seen_at=now))


def lapse(tx: Connection, token: str) -> None:
    """The session has gone idle, at whatever time: what was written in it may still be kept (see `owner`)."""
    tx.execute(update(sessions).where(sessions.c.hash == _hash(token)).values(seen_at=NEVER))


def end(tx: Connection, token: str) -> None:
    """The token is worth nothing any more."""
    tx.execute(delete(sessions).where(sessions.c.hash == _hash(token)))


def end_all(tx: Connection, person: str) -> None:
    """Every session of the person is over, and whoever is asked for the code of her second factor starts anew."""
    tx.execute(delete(second_steps).where(second_steps.c.person == person))
    tx.execute(delete(sessions).where(sessions.c.person == person))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
