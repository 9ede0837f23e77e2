"""What a programme wants to reach."""

from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, select

from lms.learning.indicators import Measure
from lms.storage.event_log import upsert
from lms.storage.tables import goals


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """So many people trained, or certificates, in a year or in one quarter of it (0: the whole year); of one course,
    country or kind of institution, or of all where that is empty."""

    id: str
    measure: Measure
    year: int
    quarter: int = 0
    course: str = ""
    country: str = ""
    institution_type: str = ""
    target: int


def every(tx: Connection) -> list[Goal]:
    """Every goal, the newest year first, in a year the widest first."""
    columns = goals.c
    place = (columns.course, columns.country, columns.institution_type)
    rows = tx.execute(select(goals).order_by(columns.year.desc(), columns.quarter, *place, columns.measure, columns.id))
    return [Goal(**row._asdict()) for row in rows]


def by_id(tx: Connection, goal: str) -> Goal | None:
    """The goal with that id."""
    row = tx.execute(select(goals).where(goals.c.id == goal)).first()
    return Goal(**row._asdict()) if row else None


def save(tx: Connection, goal: Goal) -> None:
    """The goal is there as it is said here, new or changed."""
    statement = upsert(tx)(goals).values(**asdict(goal))
    changed = {name: value for name, value in asdict(goal).items() if name != "id"}
    tx.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed))


def remove(tx: Connection, goal: str) -> bool:
    """Whether there was one with that id."""
    return tx.execute(delete(goals).where(goals.c.id == goal).returning(goals.c.id)).first() is not None
