"""Cohorts with their join codes, and who is enrolled in what."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, func, insert, select, update

from lms.content.stems import fold
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
    starts_on: date | None = None
    ends_on: date | None = None
    institution_type: str = ""
    country: str = ""
    closed_at: datetime | None = None
    """Since when nobody joins and lists leave it out."""

    @property
    def last_moment(self) -> datetime:
        """The last on which its code lets in; its day is the one that pages name."""
        return self.expires_at - timedelta(microseconds=1)

    def lets_in(self, now: datetime) -> bool:
        """Whether its code still lets somebody in, as far as time goes."""
        return self.closed_at is None and self.expires_at > now


def add(tx: Connection, cohort: Cohort, *, now: datetime) -> None:
    """The cohort is there, with nobody in it."""
    tx.execute(insert(cohorts).values(id=cohort.id, code=cohort.code, created_at=now, **_values(cohort)))
    _set_courses(tx, cohort)


def change(tx: Connection, cohort: Cohort) -> None:
    """The cohort says all of this now; its code and whether it is closed stay."""
    tx.execute(update(cohorts).where(cohorts.c.id == cohort.id).values(**_values(cohort)))
    tx.execute(delete(cohort_courses).where(cohort_courses.c.cohort == cohort.id))
    _set_courses(tx, cohort)


def set_code(tx: Connection, cohort: str, code: str) -> None:
    """Another code lets in; the one until now lets nobody in."""
    tx.execute(update(cohorts).where(cohorts.c.id == cohort).values(code=code))


def set_closed(tx: Connection, cohort: str, closed_at: datetime | None) -> None:
    """The cohort is closed since then, or open."""
    tx.execute(update(cohorts).where(cohorts.c.id == cohort).values(closed_at=closed_at))


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


def unassign(tx: Connection, cohort: str, person: str) -> bool:
    """Whether the person looked after the cohort until now."""
    columns = cohort_coordinators.c
    gone = delete(cohort_coordinators).where(columns.cohort == cohort, columns.person == person)
    return tx.execute(gone.returning(columns.person)).first() is not None


def coordinators(tx: Connection, cohort: str) -> dict[str, str]:
    """The id and name of everybody who looks after the cohort, by name."""
    after = select(cohort_coordinators.c.person).where(cohort_coordinators.c.cohort == cohort)
    query = select(people.c.id, people.c.display_name).where(people.c.id.in_(after))
    return {row.id: row.display_name for row in tx.execute(query.order_by(people.c.folded_name, people.c.id))}


def looks_after(tx: Connection, person: str, learner: str) -> bool:
    """Whether the learner is in one of the cohorts that the person looks after."""
    columns = enrolments.c
    query = select(columns.person).where(columns.person == learner, columns.cohort.in_(_looked_after(person)))
    return tx.execute(query.limit(1)).first() is not None


def members(tx: Connection, cohort: str) -> dict[str, str]:
    """The id and name of everybody in the cohort, by name."""
    inside = select(enrolments.c.person).where(enrolments.c.cohort == cohort)
    query = select(people.c.id, people.c.display_name).where(people.c.id.in_(inside))
    return {row.id: row.display_name for row in tx.execute(query.order_by(people.c.folded_name, people.c.id))}


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


def _values(cohort: Cohort) -> dict[str, Any]:
    return {
        "name": cohort.name,
        "cap": cohort.cap,
        "expires_at": cohort.expires_at,
        "starts_on": cohort.starts_on,
        "ends_on": cohort.ends_on,
        "institution_type": cohort.institution_type,
        "country": cohort.country,
    }


def _set_courses(tx: Connection, cohort: Cohort) -> None:
    rows = [{"cohort": cohort.id, "course": course} for course in cohort.courses]
    if rows:
        tx.execute(insert(cohort_courses), rows)


def _looked_after(person: str) -> Select[Any]:
    return select(cohort_coordinators.c.cohort).where(cohort_coordinators.c.person == person)


def _cohorts(tx: Connection, condition: ColumnElement[bool] | None) -> list[Cohort]:
    members = (
        select(func.count(enrolments.c.person.distinct()))
        .where(enrolments.c.cohort == cohorts.c.id)
        .scalar_subquery()
        .label("members")
    )
    query = select(cohorts, members)
    found = tx.execute(query if condition is None else query.where(condition))
    rows = sorted(found, key=lambda row: (fold(row.name), row.id))
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
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            institution_type=row.institution_type,
            country=row.country,
            closed_at=utc(row.closed_at) if row.closed_at else None,
        )
        for row in rows
    ]
