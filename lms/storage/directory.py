"""Everybody who has an account, as administrators look for them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, true

from lms.content.stems import fold
from lms.storage.people import ROLES
from lms.storage.roll import HAS_CARD, SELECTED, Account, accounts
from lms.storage.tables import enrolments, people, roles

MOST = 200
"""Letters of what is looked for."""
_P = people.c
_HAS_PASSPHRASE = _P.passphrase_hash != ""
_STATES: Mapping[str, ColumnElement[bool]] = MappingProxyType(
    {
        "active": _P.active,
        "no-way-in": and_(_P.active, ~_HAS_PASSPHRASE, ~HAS_CARD),
        "not-yet": and_(_P.active, _HAS_PASSPHRASE, _P.must_change),
        "deactivated": ~_P.active,
    }
)
STATES = tuple(_STATES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Whom: everybody but those whom each of these leaves out. `text`: a part of her name, username or ID, with accents or
    without. `role`: one of `people.ROLES`; `learner` are those who only learn. `state`: one of STATES."""

    text: str = ""
    role: str = ""
    state: str = ""

    @classmethod
    def read(cls, typed: Mapping[str, str]) -> "Sought":
        """What was typed or stands in an address; what is none of the choices leaves nobody out."""
        role, state = typed.get("role", ""), typed.get("state", "")
        return cls(
            text=" ".join(typed.get("q", "").split())[:MOST],
            role=role if role in ROLES else "",
            state=state if state in STATES else "",
        )

    def said(self) -> dict[str, str]:
        """Those that leave somebody out, as an address has them."""
        said = {"q": self.text, "role": self.role, "state": self.state}
        return {name: value for name, value in said.items() if value}


def count(tx: Connection, sought: Sought) -> int:
    """How many there are."""
    return int(tx.execute(select(func.count()).select_from(people).where(_condition(sought))).scalar_one())


def page(
    tx: Connection, sought: Sought, *, within: Collection[str] | None = None, limit: int, offset: int = 0
) -> list[Account]:
    """So many of them, by name, from that place on; only people in these cohorts (None: everybody)."""
    query = SELECTED.where(_condition(sought)).order_by(_P.folded_name, _P.id).limit(limit).offset(offset)
    if within is not None:
        query = query.where(_P.id.in_(select(enrolments.c.person).where(enrolments.c.cohort.in_(within))))
    return list(accounts(tx, query))


def _condition(sought: Sought) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = [true()]
    if sought.text:
        plain, typed = fold(sought.text), sought.text.casefold()
        parts.append(
            or_(
                _P.folded_name.contains(plain, autoescape=True),
                _P.username.contains(typed, autoescape=True),
                _P.username.contains(plain, autoescape=True),
                func.lower(_P.external_id).contains(typed, autoescape=True),
            )
        )
    if sought.role:
        of_staff = roles.c.role != "learner" if sought.role == "learner" else roles.c.role == sought.role
        held = select(roles.c.person).where(of_staff)
        parts.append(_P.id.not_in(held) if sought.role == "learner" else _P.id.in_(held))
    if sought.state:
        parts.append(_STATES[sought.state])
    return and_(*parts)
