"""What a person has chosen for herself: kept with her account, so that it comes with no query of its own."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, select, update

from lms.storage.tables import people


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """A person's choices; each is empty until she makes it."""

    look: str = ""
    """How pages look to her: see `lms.web.frame.look`."""
    country: str = ""
    """Where she works: ISO 3166-1 alpha-2."""
    consent: str = ""
    """The version of the consent text that she last agreed to, or that she has withdrawn: see `lms.services.people.consent`."""
    roster_columns: Sequence[str] = ()
    """What the lists of people that she takes say: see `lms.learning.roster`."""
    course_languages: Mapping[str, str] = field(default_factory=dict)
    """The language that she has chosen to read a course in, by the course's id; other courses speak the interface's."""


def read(text: str | None) -> Preferences:
    """The choices in the column of that text; a name that this version does not know is passed over."""
    known = Preferences.__dataclass_fields__
    held = {name: value for name, value in json.loads(text or "{}").items() if name in known}
    return Preferences(**{**held, "roster_columns": tuple(held.get("roster_columns", ()))})


def change(tx: Connection, person: str, **choices: Any) -> None:
    """These choices of the person are others; the rest stay."""
    _keep(tx, person, replace(_held(tx, person), **choices))


def read_in(tx: Connection, person: str, *, course: str, language: str) -> None:
    """The person reads that course in that language from now on."""
    held = _held(tx, person)
    _keep(tx, person, replace(held, course_languages={**held.course_languages, course: language}))


def _held(tx: Connection, person: str) -> Preferences:
    return read(tx.execute(select(people.c.preferences).where(people.c.id == person).with_for_update()).scalar())


def _keep(tx: Connection, person: str, changed: Preferences) -> None:
    body = json.dumps(asdict(changed), ensure_ascii=False)
    tx.execute(update(people).where(people.c.id == person).values(preferences=body))
