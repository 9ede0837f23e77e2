"""Publishing: a course folder becomes an immutable release, unless it has errors or has not changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from lms.content.compile import compile_course, source_digest
from lms.content.diagnostics import Diagnostic
from lms.content.release import decode, digest
from lms.content.search import indexes
from lms.storage import releases, search
from lms.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What became of one folder. With errors, what learners get stays as it was."""

    folder: str
    outcome: Literal["published", "unchanged", "refused"]
    course: str = ""
    diagnostics: Sequence[Diagnostic] = ()


def course_folders(courses: Path) -> list[Path]:
    """Every folder that holds a course.yml, by name; the folder itself when it is one course."""
    if (courses / "course.yml").is_file():
        return [courses]
    return sorted(path.parent for path in courses.glob("*/course.yml"))


def publish(database: Database, folder: Path, *, position: int, now: datetime) -> Published:
    """What became of the folder. Compiles outside a transaction; writes the release in one."""
    source = source_digest(folder)
    if _is_live(database, source):
        return Published(folder=folder.name, outcome="unchanged")
    compiled = compile_course(folder)
    if compiled.course_json is None:
        return Published(folder=folder.name, outcome="refused", diagnostics=compiled.diagnostics)
    course, name = decode(compiled.course_json), digest(compiled.course_json)
    with database.writing() as tx:
        releases.keep(tx, digest=name, course=course, body=compiled.course_json, files=compiled.media, now=now)
        search.keep(tx, digest=name, indexes=compiled.search)
        releases.make_live(tx, course=course.id, digest=name, source=source, position=position)
    return Published(folder=folder.name, outcome="published", course=course.id, diagnostics=compiled.diagnostics)


def reindex(database: Database) -> int:
    """How many courses had no search index of this version; now they have."""
    with database.reading() as tx:
        lacking = search.lacking(tx)
    for name, body in lacking.items():
        made = indexes(decode(body))
        with database.writing() as tx:
            search.keep(tx, digest=name, indexes=made)
    return len(lacking)


def _is_live(database: Database, source: str) -> bool:
    with database.reading() as tx:
        return releases.is_live_source(tx, source)
