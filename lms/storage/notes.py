"""Bookmarks and private notes: rows of one learner, asked for by nobody else (docs/security.md)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Table,
    bindparam,
    delete,
    func,
    literal,
    select,
    union_all,
)

from lms.storage.database import utc
from lms.storage.event_log import inserts, upsert
from lms.storage.tables import bookmarks, notes


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A note, or a bookmark (one without an id), at the module and anchor that had those names when it was made."""

    learner: str
    course: str
    module: str
    anchor: str
    """Of a heading or a reflection; empty: the top of the module."""
    id: str
    body: str
    made_at: datetime
    changed_at: datetime


def of_learner(
    tx: Connection, learner: str, *, course: str | None = None, modules: Iterable[str] | None = None
) -> list[Kept]:
    """Everything that the learner keeps (in that course, in those modules), the oldest first; in one query."""
    asked = {"learner": learner, "course": course, "module": None if modules is None else list(modules)}
    there = {name: value for name, value in asked.items() if value is not None}
    return [
        Kept(**{**row._mapping, "made_at": utc(row.made_at), "changed_at": utc(row.changed_at)})
        for row in tx.execute(_where(frozenset(there)), {f"of_{name}": value for name, value in there.items()})
    ]


def note(tx: Connection, learner: str, note: str) -> Kept | None:
    """The learner's note with that id."""
    row = tx.execute(select(notes).where(notes.c.id == note, notes.c.learner == learner)).first()
    if row is None:
        return None
    return Kept(**{**row._mapping, "made_at": utc(row.made_at), "changed_at": utc(row.changed_at)})


def count(tx: Connection, learner: str, course: str) -> int:
    """How many notes the learner has in the course."""
    query = select(func.count()).where(notes.c.learner == learner, notes.c.course == course)
    return int(tx.execute(query).scalar_one())


def write(tx: Connection, kept: Kept) -> bool:
    """The note is there with this text, wherever it was before; False, and nothing done, for another learner's."""
    values = {name: getattr(kept, name) for name in Kept.__dataclass_fields__}
    statement = (
        upsert(tx)(notes)
        .values(**values)
        .on_conflict_do_update(
            index_elements=["id"],
            set_={"body": kept.body, "changed_at": kept.changed_at},
            where=notes.c.learner == kept.learner,
        )
    )
    return inserts(tx, statement)


def drop(tx: Connection, learner: str, note: str) -> bool:
    """The learner's note with that id is gone; False where there was none."""
    statement = delete(notes).where(notes.c.id == note, notes.c.learner == learner).returning(literal(1))
    return tx.execute(statement).first() is not None


def mark(tx: Connection, *, learner: str, course: str, module: str, anchor: str, now: datetime) -> None:
    """The place has the learner's bookmark."""
    statement = upsert(tx)(bookmarks).values(learner=learner, course=course, module=module, anchor=anchor, made_at=now)
    tx.execute(statement.on_conflict_do_nothing())


def unmark(tx: Connection, kept: Kept) -> None:
    """The bookmark is gone."""
    place = [bookmarks.c[name] == getattr(kept, name) for name in ("learner", "course", "module", "anchor")]
    tx.execute(delete(bookmarks).where(*place))


def _place(table: Table) -> list[ColumnElement[str]]:
    return [table.c[name] for name in ("learner", "course", "module", "anchor")]


def _moments(changed: str, table: Table) -> list[ColumnElement[datetime]]:
    return [table.c.made_at, table.c[changed].label("changed_at")]


@cache
def _where(asked: frozenset[str]) -> CompoundSelect[*tuple[Any, ...]]:
    """Bookmarks and notes where these columns are what is asked for; of modules, one of several."""
    empty = literal("")
    marked = select(*_place(bookmarks), empty.label("id"), empty.label("body"), *_moments("made_at", bookmarks))
    noted = select(*_place(notes), notes.c.id, notes.c.body, *_moments("changed_at", notes))
    return union_all(marked.where(*_are(bookmarks, asked)), noted.where(*_are(notes, asked))).order_by("made_at", "id")


def _are(table: Table, asked: Iterable[str]) -> list[ColumnElement[bool]]:
    return [
        table.c[name].in_(bindparam(f"of_{name}", expanding=True))
        if name == "module"
        else table.c[name] == bindparam(f"of_{name}")
        for name in sorted(asked)
    ]
