"""People with courses completed, in cohorts, with certificates: as many lines of a roster as wanted, on either database."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Table, insert

from lms.services.common.institutions import TYPES
from lms.storage.database import Database
from lms.storage.tables import (
    certificates,
    cohort_coordinators,
    cohort_courses,
    cohorts,
    enrolments,
    metadata,
    people,
    progress,
)

COURSES = ("trata-de-personas", "muestrario")
FIRST = "Ana Lucía María Carlos José Ixchel Beatriz Dora Marta Ñusta Óscar Pedro".split()
LAST = "Pérez López García Hernández Ñuñez Xol Choc Tum Caal Martínez Rodríguez Sánchez".split()
TOWNS = "Tapachula Tecún-Umán Corinto Peñas-Blancas Paso-Canoas El-Amatillo Agua-Caliente".split()
COUNTRIES = ("GT", "HN", "SV", "NI", "CR", "PA", "MX", "DO")
GROUPS, STEP = 200, 10_000
BODY = "x" * 3000
"""About what the progress of somebody weighs who has completed a course of six modules."""
START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


def fill(database: Database, lines: int, releases: dict[str, str]) -> None:
    """That many lines, all of them completed, by half as many people; `releases` is the digest of each course."""
    metadata.create_all(database.engine)
    dice = random.Random(7)
    with database.writing() as tx:
        tx.execute(insert(cohorts), list(_groups()))
        tx.execute(
            insert(cohort_courses), [{"cohort": _group(n), "course": each} for n in range(GROUPS) for each in COURSES]
        )
        tx.execute(insert(cohort_coordinators), [{"cohort": _group(n), "person": "carla"} for n in range(GROUPS)])
    for start in range(0, lines // 2, STEP):
        numbers = range(start, min(start + STEP, lines // 2))
        with database.writing() as tx:
            for table, rows in _people(numbers, dice, releases).items():
                tx.execute(insert(table), rows)
    with database.writing() as tx:
        tx.exec_driver_sql("ANALYZE")


def _groups() -> Iterator[dict[str, Any]]:
    for n in range(GROUPS):
        yield {
            "id": _group(n), "name": f"Consulados {n}, frontera {TOWNS[n % len(TOWNS)]}", "code": f"C{n}", "cap": 40,
            "expires_at": START, "created_at": START, "institution_type": "", "country": "GT",
        }  # fmt: skip


def _group(n: int) -> str:
    return f"01a2-group-{n:08}-aaaa-bbbbbbbbbbbb"[:36]


def _people(numbers: range, dice: random.Random, releases: dict[str, str]) -> dict[Table, list[dict[str, Any]]]:
    rows: dict[Table, list[dict[str, Any]]] = {people: [], enrolments: [], progress: [], certificates: []}
    kinds = list(TYPES)
    for n in numbers:
        person = f"01a20000-0000-7000-8000-{n:012}"
        rows[people].append(
            {
                "id": person, "username": f"persona.{n}",
                "display_name": f"{dice.choice(FIRST)} {dice.choice(FIRST)} {dice.choice(LAST)} {dice.choice(LAST)}",
                "passphrase_hash": "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$" + "h" * 43,
                "must_change": False, "active": True, "external_id": f"MS-{n:06}" if n % 3 else None,
                "institution": f"Dirección de Migración, {dice.choice(TOWNS)}" if n % 4 else "Policía Nacional",
                "institution_type": dice.choice(kinds), "country": dice.choice(COUNTRIES), "phone": "", "created_at": START,
            }
        )  # fmt: skip
        for course in COURSES:
            begun = START + timedelta(minutes=dice.randrange(400_000))
            done = begun + timedelta(minutes=dice.randrange(60, 40_000))
            rows[enrolments].append(
                {"person": person, "course": course, "cohort": _group(n % GROUPS), "created_at": begun}
            )
            rows[progress].append(
                {
                    "learner": person, "course": course, "body": BODY, "started_at": begun, "last_at": done,
                    "completed_at": done, "major": 1, "release": releases[course], "score": dice.choice((0.8, 0.9, 1.0)),
                }
            )  # fmt: skip
            rows[certificates].append(
                {
                    "number": f"{n:06}-{COURSES.index(course)}-7K3Q-ZX0T-E2", "learner": person, "course": course, "major": 1,
                    "edition": 1, "state": "issued", "credential": "y" * 450, "requested_at": done, "issued_at": done,
                }
            )  # fmt: skip
    return rows
