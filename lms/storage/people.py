"""People of this store: who they are, what they may do, and the hashes of their secrets."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, select, update

from lms.content.stems import fold
from lms.storage import preferences
from lms.storage.event_log import inserts, upsert
from lms.storage.preferences import Preferences
from lms.storage.tables import people, roles

ROLES = ("learner", "author", "coordinator", "administrator")
STAFF = ROLES[1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with an account here. `language` is her choice for the interface, None without one."""

    id: str
    username: str
    display_name: str
    language: str | None
    active: bool
    must_change: bool
    """Her passphrase was given to her: she has to choose her own first."""
    roles: frozenset[str]
    preferences: Preferences = field(default_factory=Preferences)

    @property
    def is_staff(self) -> bool:
        """Whether she does more here than learn."""
        return not self.roles.isdisjoint(STAFF)


@dataclass(frozen=True, slots=True)
class Secrets:
    """Hashes (argon2id) of a person's passphrase and one-use recovery code."""

    passphrase: str
    recovery: str | None


def by_id(tx: Connection, person: str) -> Person | None:
    """The person with that id."""
    return _one(tx, people.c.id == person)


def by_username(tx: Connection, username: str) -> Person | None:
    """The person with that folded username."""
    return _one(tx, people.c.username == username)


def holding(tx: Connection, role: str) -> dict[str, str]:
    """The id and name of every active person who holds the role, by name."""
    inside = select(roles.c.person).where(roles.c.role == role)
    query = select(people.c.id, people.c.display_name).where(people.c.id.in_(inside), people.c.active)
    return {row.id: row.display_name for row in tx.execute(query.order_by(people.c.folded_name, people.c.id))}


def is_held(tx: Connection, role: str) -> bool:
    """Whether anybody holds the role, active or not."""
    return tx.execute(select(roles.c.person).where(roles.c.role == role).limit(1)).first() is not None


def administrators(tx: Connection) -> frozenset[str]:
    """The ids of those who can sign in and administer. Until the commit nobody else gives or takes roles."""
    held = select(roles.c.person).where(roles.c.role == "administrator").with_for_update()
    query = select(people.c.id).where(people.c.active, people.c.passphrase_hash != "")
    return frozenset(tx.execute(query.where(people.c.id.in_(tx.execute(held).scalars().all()))).scalars())


def everyone(tx: Connection) -> list[Person]:
    """Everybody, by username."""
    return _people(tx, None)


def secrets_of(tx: Connection, person: str) -> Secrets | None:
    """The hashes of a person's secrets."""
    row = tx.execute(select(people.c.passphrase_hash, people.c.recovery_hash).where(people.c.id == person)).first()
    return Secrets(row.passphrase_hash, row.recovery_hash) if row else None


def add(tx: Connection, person: Person, secrets: Secrets, *, now: datetime) -> bool:
    """Whether the person has an account now: not when somebody has her username."""
    values = {
        "id": person.id,
        "username": person.username,
        "display_name": person.display_name,
        "language": person.language,
        "active": person.active,
        "must_change": person.must_change,
        "passphrase_hash": secrets.passphrase,
        "recovery_hash": secrets.recovery,
        "created_at": now,
    }
    statement = upsert(tx)(people).values(**values).on_conflict_do_nothing(index_elements=["username"])
    if not inserts(tx, statement):
        return False
    set_roles(tx, person.id, person.roles)
    return True


def set_roles(tx: Connection, person: str, names: Iterable[str]) -> None:
    """The person has exactly these roles. A role that she keeps stays the row that it is: who waits for it (see
    `administrators`) would not find another one in its place."""
    kept = sorted(names)
    tx.execute(delete(roles).where(roles.c.person == person, roles.c.role.not_in(kept)))
    rows = [{"person": person, "role": name} for name in kept]
    if rows:
        tx.execute(upsert(tx)(roles).on_conflict_do_nothing(), rows)


def set_passphrase(tx: Connection, person: str, hashed: str, *, must_change: bool = False) -> None:
    """The person's passphrase is another one."""
    _set(tx, person, passphrase_hash=hashed, must_change=must_change)


def demand_change(tx: Connection, person: str) -> None:
    """The person has to choose another passphrase before she goes on."""
    _set(tx, person, must_change=True)


def set_recovery(tx: Connection, person: str, hashed: str | None) -> None:
    """The person's recovery code is another one, or none."""
    _set(tx, person, recovery_hash=hashed)


def use_recovery(tx: Connection, person: str, used: str, hashed: str) -> bool:
    """Whether the recovery code was still the one with the hash `used`; then it is another one now."""
    statement = update(people).where(people.c.id == person, people.c.recovery_hash == used)
    return tx.execute(statement.values(recovery_hash=hashed).returning(people.c.id)).first() is not None


def set_profile(tx: Connection, person: str, *, display_name: str, language: str | None) -> None:
    """The name on her certificates, and the language of the interface."""
    _set(tx, person, display_name=display_name, folded_name=fold(display_name), language=language)


def set_active(tx: Connection, person: str, active: bool) -> None:
    """Whether the person may sign in."""
    _set(tx, person, active=active)


def _set(tx: Connection, person: str, **values: Any) -> None:
    tx.execute(update(people).where(people.c.id == person).values(**values))


def _one(tx: Connection, condition: ColumnElement[bool]) -> Person | None:
    return next(iter(_people(tx, condition)), None)


def _people(tx: Connection, condition: ColumnElement[bool] | None) -> list[Person]:
    query = select(people, roles.c.role).outerjoin(roles, roles.c.person == people.c.id).order_by(people.c.username)
    rows = tx.execute(query if condition is None else query.where(condition)).mappings().all()
    names: dict[str, set[str]] = {}
    for row in rows:
        names.setdefault(row["id"], set()).update([row["role"]] if row["role"] else [])
    first = {row["id"]: row for row in reversed(rows)}
    return [person_of(dict(first[name]), frozenset(held)) for name, held in names.items()]


def person_of(row: dict[str, Any], held: frozenset[str]) -> Person:
    """The person in a row of the table, with her roles."""
    return Person(
        id=row["id"],
        username=row["username"],
        display_name=row["display_name"],
        language=row["language"],
        active=row["active"],
        must_change=row["must_change"],
        roles=held,
        preferences=preferences.read(row["preferences"]),
    )
