"""A roster: who takes which course, and what came of it, one line for each person and course. What a line can say, and
which lines somebody asks for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from types import MappingProxyType
from typing import Literal, get_args

from lms.i18n import N_
from lms.refusals import Refusal

Kind = Literal["text", "date", "number"]
State = Literal["completed", "certified", "begun", "waiting", "all"]
STATES: Mapping[State, str] = MappingProxyType(
    {
        "completed": N_("Has completed the course"),
        "certified": N_("Has a valid certificate"),
        "begun": N_("Has begun and not completed it"),
        "waiting": N_("Has not begun"),
        "all": N_("Everybody"),
    }
)
MOST = 200
"""Characters of a filter."""


class NoSuchColumn(Refusal):
    """A column was asked for by a name that none has."""

    message = N_("No column is called “%(name)s”. There are: %(known)s.")


class NoSuchState(Refusal):
    """A state that there is not."""

    message = N_("There is no state “%(state)s”. There are: %(known)s.")


class BadDay(Refusal):
    """A day that is none."""

    message = N_("“%(text)s” is not a date. Write it as in 2026-11-24.")


class BackwardPeriod(Refusal):
    """It ends before it begins."""

    message = N_("The period ends before it begins. Change one of the two days.")


@dataclass(frozen=True, slots=True)
class Column:
    """What a line can say. `name` is for addresses and programs, `heading` for people (English, for gettext)."""

    name: str
    heading: str
    kind: Kind = "text"
    width: int = 18
    """Characters that a sheet leaves for it."""


COLUMNS: Mapping[str, Column] = MappingProxyType(
    {
        column.name: column
        for column in (
            Column("name", N_("Name"), width=32),
            Column("id", N_("Identifier")),
            Column("institution", N_("Institution"), width=32),
            Column("type", N_("Kind of institution"), width=22),
            Column("country", N_("Country"), width=20),
            Column("cohort", N_("Group"), width=26),
            Column("course", N_("Course"), width=34),
            Column("release", N_("Version of the course"), width=10),
            Column("started", N_("Started"), "date", 12),
            Column("completed", N_("Completed"), "date", 12),
            Column("score", N_("Final test (%)"), "number", 10),
            Column("hours", N_("Hours"), "number", 8),
            Column("certificate", N_("Certificate number"), width=22),
            Column("state", N_("Certificate"), width=14),
        )
    }
)
"""Every column by its name, in the order that lists have them in."""
USUAL = ("name", "institution", "type", "country", "cohort", "course", "completed", "hours", "certificate", "state")
"""The columns of whoever has not chosen hers: what a donor asks for, and no more of anybody."""


def chosen(names: Iterable[str]) -> tuple[Column, ...]:
    """The columns of these names, in their own order; the usual ones for none. Raises NoSuchColumn."""
    asked = set(names)
    for name in sorted(asked - COLUMNS.keys()):
        raise NoSuchColumn(name=name, known=", ".join(COLUMNS))
    return tuple(column for name, column in COLUMNS.items() if name in (asked or USUAL))


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which lines are asked for; what is empty leaves none out."""

    course: str = ""
    cohort: str = ""
    institution: str = ""
    """A part of its name, in whatever letters and with or without accents."""
    type: str = ""
    country: str = ""
    since: date | None = None
    until: date | None = None
    """The period, both days in it: when the course was completed, else begun, else joined; of a certificate, when the first
    one was issued."""
    state: State = "completed"

    @classmethod
    def read(cls, typed: Mapping[str, str]) -> "Filters":
        """The filters in the fields of a form or address. Raises BadDay, BackwardPeriod, NoSuchState."""
        text = {name: " ".join(typed.get(name, "").split())[:MOST] for name in _TEXTS}
        since, until = _day(typed.get("since", "")), _day(typed.get("until", ""))
        if since and until and until < since:
            raise BackwardPeriod
        return cls(**text, since=since, until=until, state=_state(typed.get("state", "")))

    def said(self) -> dict[str, str]:
        """Those that ask for something, as `read` takes them; the state always."""
        held = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value if isinstance(value, str) else value.isoformat() for name, value in held.items() if value}


_TEXTS = ("course", "cohort", "institution", "type", "country")


def _state(text: str) -> State:
    for state in get_args(State):
        if state == (text or "completed"):
            return state  # type: ignore[no-any-return]
    raise NoSuchState(state=text[:MOST], known=", ".join(STATES))


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        raise BadDay(text=text[:MOST]) from None
    if not 1970 <= found.year <= 9000:  # there is a day before and after it, in every zone
        raise BadDay(text=text[:MOST])
    return found
