"""Who is in a cohort, with what lists about it say of each."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, case, func, select

from lms.storage import preferences
from lms.storage.database import utc
from lms.storage.tables import enrolments, people


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody in a cohort. `joined_at`: when she was enrolled in the course asked for, by this cohort; in the cohort,
    where it has got that course since."""

    id: str
    name: str
    institution: str
    phone: str
    language: str | None
    active: bool
    consent: str
    """What she said of the consent text: see `lms.services.people.consent`."""
    joined_at: datetime


def ids(cohort: str) -> Select[str]:
    """Of everybody in the cohort, to be asked for within another statement."""
    return select(enrolments.c.person).where(enrolments.c.cohort == cohort)


def of_cohort(tx: Connection, cohort: str, course: str) -> list[Member]:
    """Everybody in the cohort, by name."""
    columns = enrolments.c
    here = func.min(case((columns.course == course, columns.created_at)))
    joined = (
        select(columns.person, func.coalesce(here, func.min(columns.created_at)).label("joined_at"))
        .where(columns.cohort == cohort)
        .group_by(columns.person)
        .subquery()
    )
    query = (
        select(
            people.c.id,
            people.c.display_name,
            people.c.institution,
            people.c.phone,
            people.c.language,
            people.c.active,
            people.c.preferences,
            joined.c.joined_at,
        )
        .join(joined, joined.c.person == people.c.id)
        .order_by(people.c.folded_name, people.c.id)
    )
    return [
        Member(
            id=row.id,
            name=row.display_name,
            institution=row.institution,
            phone=row.phone,
            language=row.language,
            active=row.active,
            consent=preferences.read(row.preferences).consent,
            joined_at=utc(row.joined_at),
        )
        for row in tx.execute(query)
    ]
