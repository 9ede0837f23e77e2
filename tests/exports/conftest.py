"""A crowd with hostile names, and the lines that a roster of it has: ten thousand people in the audit, else some hundreds."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select

from lms.services.common.staff_acts import note
from lms.services.running.publish import publish
from lms.storage.database import Database
from lms.storage.tables import certificates, cohorts, metadata, people, progress, releases
from tests import hostile
from tests.conftest import NOW
from tests.installation import SAMPLE
from tests.services.rostering import COURSE

MANY = 10_000 if os.environ.get("LMS_REQUIRE_AUDIT") else 300
ACTS = 2000
"""So many names are groups' too, on each of which somebody acts."""
COLUMNS = "name id institution started completed score hours certificate"
Line = tuple[str, str, str, date | None, date, int | None, float, str]


@dataclass(frozen=True)
class Crowd:
    """The database, and what a roster with COLUMNS has to say of everybody in it, in its order."""

    database: Database
    lines: list[Line]


@pytest.fixture(scope="session")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('crowd') / 'crowd.sqlite'}")
    metadata.create_all(database.engine)
    publish(database, SAMPLE / "demo-course", position=0, now=NOW)
    lines = [_line(number, name) for number, name in enumerate(hostile.some(MANY))]
    with database.writing() as tx:
        release = tx.execute(select(releases.c.digest)).scalar_one()
        _fill(tx, lines, release)
        _act(tx, lines[:ACTS])
    yield Crowd(database, lines)
    database.close()


def _line(number: int, name: str) -> Line:
    done = NOW.date() - timedelta(days=number % 700)
    started = done - timedelta(days=number % 30) if number % 7 else None
    certificate = f"7K3Q-{number:05}-E2" if number % 3 else ""
    return name, f"p{number:05}", name[::-1], started, done, number % 101 if number % 5 else None, 1.0, certificate


def _fill(tx: object, lines: list[Line], release: str) -> None:
    execute = tx.execute  # type: ignore[attr-defined]
    same = {"passphrase_hash": "", "created_at": NOW}
    execute(
        insert(people),
        [
            {"id": who, "username": who, "display_name": name, "institution": place, **same}
            for name, who, place, *_ in lines
        ],
    )
    noon = {
        each: NOW.replace(year=each.year, month=each.month, day=each.day)
        for line in lines
        for each in line[3:5]
        if each
    }
    execute(
        insert(progress),
        [
            {
                "learner": who, "course": COURSE, "body": "{}", "release": release, "major": 1,
                "started_at": noon[started] if started else None, "completed_at": noon[done],
                "score": None if score is None else score / 100,
            }
            for _, who, _, started, done, score, _, _ in lines
        ],
    )  # fmt: skip
    held = {"course": COURSE, "major": 1, "edition": 1, "state": "issued", "credential": "{}", "requested_at": NOW}
    execute(insert(certificates), [{"number": each[7], "learner": each[1], **held} for each in lines if each[7]])


def _act(tx: object, lines: list[Line]) -> None:
    same = {"cap": 9, "expires_at": NOW, "created_at": NOW}
    named = [
        {"id": f"group-{number}", "name": line[0], "code": str(number), **same} for number, line in enumerate(lines)
    ]
    tx.execute(insert(cohorts), named)  # type: ignore[attr-defined]
    for group in named:
        note(tx, "cohort-closed", by="", subject=str(group["id"]), now=NOW)  # type: ignore[arg-type]
