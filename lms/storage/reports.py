"""Reports of mistakes: what is wrong and where, never whose report it is."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, func, select, true, update

from lms.storage.event_log import inserts, upsert
from lms.storage.tables import reports


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report. `course`, `release`, `module` and `anchor` are empty where the page has none, `page` where it is not
    known; `made_on` is a day, for a moment could tell who it was."""

    id: str
    course: str
    release: str
    module: str
    anchor: str
    language: str
    page: str
    kind: str
    body: str
    made_on: date
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many reports of a course are open, and how many are done."""

    open: int
    done: int


def keep(tx: Connection, report: Report) -> bool:
    """Whether the report is new here: one sent twice is kept once."""
    values = {name: getattr(report, name) for name in Report.__dataclass_fields__ if name != "done"}
    statement = upsert(tx)(reports).values(**values, state=_state(report.done))
    return inserts(tx, statement.on_conflict_do_nothing(index_elements=["id"]))


def some(
    tx: Connection, *, course: str | None, done: bool | None, limit: int | None = None, offset: int = 0
) -> list[Report]:
    """The reports of a course (None: of all) that are done or not (None: either): by course and module, those of no
    course last; the newest first."""
    query = select(reports).where(_wanted(course, done))
    order = (reports.c.course == "", reports.c.course, reports.c.module, reports.c.made_on.desc(), reports.c.id)
    rows = tx.execute(query.order_by(*order).limit(limit).offset(offset)).mappings()
    return [Report(**{name: row[name] for name in row if name != "state"}, done=row["state"] == "done") for row in rows]


def counts(tx: Connection) -> dict[str, Count]:
    """How many there are of each course that has any."""
    query = select(reports.c.course, reports.c.state, func.count()).group_by(reports.c.course, reports.c.state)
    found: dict[str, dict[str, int]] = {}
    for course, state, number in tx.execute(query):
        found.setdefault(course, {})[state] = number
    return {course: Count(open=each.get("new", 0), done=each.get("done", 0)) for course, each in found.items()}


def mark(tx: Connection, report: str, *, done: bool) -> bool:
    """Whether there is such a report; it is done, or open again."""
    statement = update(reports).where(reports.c.id == report).values(state=_state(done))
    return tx.execute(statement.returning(reports.c.id)).first() is not None


def _wanted(course: str | None, done: bool | None) -> ColumnElement[bool]:
    of_course = true() if course is None else reports.c.course == course
    return of_course if done is None else of_course & (reports.c.state == _state(done))


def _state(done: bool) -> str:
    return "done" if done else "new"
