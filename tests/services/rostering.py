"""People in courses, as the database has them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from lms.i18n import Reader
from lms.learning.roster import COLUMNS, Filters, chosen
from lms.services.reporting.rosters import Desk, Roster
from lms.storage.database import Database
from lms.storage.people import Person
from lms.storage.releases import Catalogue
from lms.storage.tables import certificates, cohort_coordinators, cohort_courses, cohorts, enrolments, people, progress
from tests.conftest import NOW

READER = Reader("en", ZoneInfo("America/Costa_Rica"))
COURSE = "demo-course"


@dataclass(kw_only=True)
class Line:
    """Somebody in a course."""

    name: str
    course: str = COURSE
    cohorts: tuple[str, ...] = ()
    started: datetime | None = NOW - timedelta(days=3)
    completed: datetime | None = NOW
    score: float | None = 0.9
    release: str = ""
    certificates: tuple[tuple[str, int, str], ...] = ()
    """Number, edition and state of each."""
    issued: datetime | None = None
    """When the first edition was; each later one a day later."""
    person: dict[str, str] = field(default_factory=dict)


def add_cohort(database: Database, name: str, coordinator: str = "", **more: str) -> None:
    """A cohort whose id is its name."""
    with database.writing() as tx:
        values = {"id": name, "name": name, "code": name, "cap": 9, "expires_at": NOW, "created_at": NOW, **more}
        tx.execute(insert(cohorts).values(**values))
        tx.execute(insert(cohort_courses).values(cohort=name, course=COURSE))
        if coordinator:
            tx.execute(insert(cohort_coordinators).values(cohort=name, person=coordinator))


def add_lines(database: Database, *lines: Line) -> None:
    """These people, in this order; one of the same name is the same person."""
    known: dict[str, str] = {}
    with database.writing() as tx:
        for line in lines:
            if line.name not in known:
                known[line.name] = f"person-{len(known):04}"
                values = {"username": f"u{len(known)}", "display_name": line.name, **line.person}
                tx.execute(
                    insert(people).values(
                        id=known[line.name],
                        passphrase_hash="",
                        must_change=False,
                        active=True,
                        created_at=NOW,
                        **values,
                    )
                )
            _add(tx, line, known[line.name])


def _add(tx: object, line: Line, person: str) -> None:
    execute = tx.execute  # type: ignore[attr-defined]
    for days, cohort in enumerate(line.cohorts):
        joined = NOW - timedelta(days=30 - days)
        execute(insert(enrolments).values(person=person, course=line.course, cohort=cohort, created_at=joined))
    execute(
        insert(progress).values(
            learner=person,
            course=line.course,
            body="{}",
            started_at=line.started,
            last_at=line.completed or line.started,
            completed_at=line.completed,
            major=1 if line.completed else None,
            release=line.release,
            score=line.score,
        )
    )
    for number, edition, state in line.certificates:
        values = {"number": number, "learner": person, "course": line.course, "major": 1, "edition": edition}
        issued = line.issued and line.issued + timedelta(days=edition - 1)
        execute(insert(certificates).values(**values, state=state, credential="{}", requested_at=NOW, issued_at=issued))


def desk(database: Database, reader: Reader = READER) -> Desk:
    """What makes rosters."""
    return Desk(database=database, catalogue=Catalogue(), reader=reader, program="Vereda")


def roster(
    database: Database,
    columns: str = "name",
    *,
    staff: Person | None = None,
    reader: Reader = READER,
    **filters: str,
) -> Roster:
    """The roster with these columns (`all`: every one) and filters."""
    names = list(COLUMNS) if columns == "all" else columns.split()
    with database.reading() as tx:
        return desk(database, reader).ask(tx, Filters.read(filters), chosen(names), staff=staff, now=NOW)


def rows(roster: Roster) -> list[tuple[object, ...]]:
    """Its cells."""
    with roster.database.reading() as tx:
        found = [line for columns in roster.batches(tx) for line in zip(*columns, strict=True)]
        assert roster.count(tx) == len(found)
    return found


def names(database: Database, *, staff: Person | None = None, **filters: str) -> list[object]:
    """Whose lines these are."""
    return [line[0] for line in rows(roster(database, staff=staff, **filters))]


def at(day: int, hour: int = 12) -> datetime:
    """A moment of November 2026, in UTC."""
    return datetime(2026, 11, day, hour, tzinfo=UTC)
