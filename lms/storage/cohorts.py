"""Cohorts with their join codes, and who is enrolled in what."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, insert, select

from lms.storage.database import is_sqlite, utc
from lms.storage.event_log import inserts, upsert
from lms.storage.tables import cohort_coordinators, cohort_courses, cohorts, enrolments, people


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """People who take some courses together, and the code that lets them in."""

    id: str
    name: str
    code: str
    courses: tuple[str, ...]
    cap: int
    expires_at: datetime
    members: int


def add(tx: Connection, cohort: Cohort, *, now: datetime) -> None:
    """The cohort is there, with nobody in it."""
    values = {"id": cohort.id, "name": cohort.name, "code": cohort.code, "cap": cohort.cap}
    tx.execute(insert(cohorts).values(**values, expires_at=cohort.expires_at, created_at=now))
    tx.execute(insert(cohort_courses), [{"cohort": cohort.id, "course": course} for course in cohort.courses])


def by_code(tx: Connection, code: str) -> Cohort | None:
    """The cohort that the code belongs to."""
    found = _cohorts(tx, cohorts.c.code == code)
    return found[0] if found else None


def hold(tx: Connection, cohort: str) -> None:
    """Until the commit nobody else joins: the last place is given once (SQLite has one writer as it is)."""
    if not is_sqlite(tx):
        tx.execute(select(cohorts.c.id).where(cohorts.c.id == cohort).with_for_update())


def every(tx: Connection) -> list[Cohort]:
    """Every cohort, by name."""
    return _cohorts(tx, None)


def by_id(tx: Connection, cohort: str) -> Cohort | None:
    """The cohort with that id."""
    found = _cohorts(tx, cohorts.c.id == cohort)
    return found[0] if found else None


def of_coordinator(tx: Connection, person: str) -> list[Cohort]:
    """The cohorts that the person looks after, by name."""
    return _cohorts(tx, cohorts.c.id.in_(_looked_after(person)))


def assign(tx: Connection, cohort: str, person: str) -> bool:
    """Whether the person did not look after the cohort before."""
    statement = upsert(tx)(cohort_coordinators).values(cohort=cohort, person=person)
    return inserts(tx, statement.on_conflict_do_nothing(index_elements=["cohort", "person"]))


def looks_after(tx: Connection, person: str, learner: str) -> bool:
    """Whether the learner is in one of the cohorts that the person looks after."""
    columns = enrolments.c
    query = select(columns.person).where(columns.person == learner, columns.cohort.in_(_looked_after(person)))
    return tx.execute(query.limit(1)).first() is not None


def members(tx: Connection, cohort: str) -> dict[str, str]:
    """The id and name of everybody in the cohort, by name."""
    inside = select(enrolments.c.person).where(enrolments.c.cohort == cohort)
    query = select(people.c.id, people.c.display_name).where(people.c.id.in_(inside))
    return {row.id: row.display_name for row in tx.execute(query.order_by(people.c.display_name, people.c.id))}


def enrol(tx: Connection, *, person: str, course: str, cohort: str, now: datetime) -> bool:
    """Whether the person was not enrolled so before."""
    statement = upsert(tx)(enrolments).values(person=person, course=course, cohort=cohort, created_at=now)
    statement = statement.on_conflict_do_nothing(index_elements=["person", "course", "cohort"])
    return inserts(tx, statement)


def courses_of(tx: Connection, person: str) -> frozenset[str]:
    """The courses that the person is enrolled in, in whatever cohort."""
    return frozenset(tx.execute(select(enrolments.c.course).where(enrolments.c.person == person)).scalars())


def is_enrolled(tx: Connection, person: str, course: str) -> bool:
    """Whether the person is enrolled in the course, in whatever cohort."""
    query = select(enrolments.c.person).where(enrolments.c.person == person, enrolments.c.course == course)
    return tx.execute(query.limit(1)).first() is not None


def is_member(tx: Connection, person: str, cohort: str) -> bool:
    """Whether the person is in the cohort."""
    query = select(enrolments.c.person).where(enrolments.c.person == person, enrolments.c.cohort == cohort)
    return tx.execute(query.limit(1)).first() is not None


def _looked_after(person: str) -> Select[Any]:
    return select(cohort_coordinators.c.cohort).where(cohort_coordinators.c.person == person)


def _cohorts(tx: Connection, condition: ColumnElement[bool] | None) -> list[Cohort]:
    members = (
        select(func.count(enrolments.c.person.distinct()))
        .where(enrolments.c.cohort == cohorts.c.id)
        .scalar_subquery()
        .label("members")
    )
    query = select(cohorts, members).order_by(cohorts.c.name, cohorts.c.id)
    rows = tx.execute(query if condition is None else query.where(condition)).all()
    courses: dict[str, list[str]] = {row.id: [] for row in rows}
    pairs = select(cohort_courses).where(cohort_courses.c.cohort.in_(courses)).order_by(cohort_courses.c.course)
    for pair in tx.execute(pairs):
        courses[pair.cohort].append(pair.course)
    return [
        Cohort(
            id=row.id,
            name=row.name,
            code=row.code,
            courses=tuple(courses[row.id]),
            cap=row.cap,
            expires_at=utc(row.expires_at),
            members=row.members,
        )
        for row in rows
    ]
