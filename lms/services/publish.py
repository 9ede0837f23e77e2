"""Publishing: a course folder becomes an immutable release, unless it has errors or has not changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from lms.content.compile import compile_course, source_digest
from lms.content.diagnostics import Diagnostic
from lms.content.doubles import doubles
from lms.content.release import decode, digest
from lms.content.search import indexes
from lms.storage import releases, search
from lms.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What became of one folder. With errors, what learners get stays as it was."""

    folder: Path
    outcome: Literal["published", "unchanged", "refused"]
    course: str = ""
    diagnostics: Sequence[Diagnostic] = ()


def course_folders(courses: Path) -> list[Path]:
    """Every folder that holds a course, by name; the folder itself when it is one. A course without its course.yml is
    one too: whoever misspelt the name has to be told."""
    if (courses / "course.yml").is_file() or any(courses.glob("*/course.md")):
        return [courses]
    found = {path.parent for path in courses.glob("*/course.yml")}
    return sorted(found | {path.parent.parent for path in courses.glob("*/*/course.md")})


def publish_all(database: Database, courses: Path, *, now: datetime) -> list[Published]:
    """What became of each course in that folder, in the catalogue's order from now on; or of the one course that the
    folder is, which keeps its place. One that has another's id or code is refused."""
    folders = course_folders(courses)
    if folders == [courses]:
        return [publish(database, courses, position=None, now=now)]
    taken = doubles(folders)
    return [
        Published(folder=folder, outcome="refused", diagnostics=taken[folder])
        if folder in taken
        else publish(database, folder, position=place, now=now)
        for place, folder in enumerate(folders)
    ]


def publish(database: Database, folder: Path, *, position: int | None, now: datetime) -> Published:
    """What became of the folder; without a position it keeps its place in the catalogue, a new course comes last.

    Compiles outside a transaction; writes the release in one.
    """
    source = source_digest(folder)
    if _is_live(database, source, position):
        return Published(folder=folder, outcome="unchanged")
    compiled = compile_course(folder)
    if compiled.course_json is None:
        return Published(folder=folder, outcome="refused", diagnostics=compiled.diagnostics)
    course, name = decode(compiled.course_json), digest(compiled.course_json)
    with database.writing() as tx:
        releases.keep(tx, digest=name, course=course, body=compiled.course_json, files=compiled.media, now=now)
        search.keep(tx, digest=name, indexes=compiled.search)
        releases.make_live(tx, course=course.id, digest=name, source=source, position=position)
    return Published(folder=folder, outcome="published", course=course.id, diagnostics=compiled.diagnostics)


def reindex(database: Database) -> int:
    """How many courses had no search index of this version; now they have."""
    with database.reading() as tx:
        lacking = search.lacking(tx)
    for name, body in lacking.items():
        made = indexes(decode(body))
        with database.writing() as tx:
            search.keep(tx, digest=name, indexes=made)
    return len(lacking)


def _is_live(database: Database, source: str, position: int | None) -> bool:
    """Whether a live release was made from this source; it has that place in the catalogue now."""
    with database.reading() as tx:
        shelf = releases.shelf_of(tx, source)
    if shelf is not None and position not in (None, shelf.position):
        with database.writing() as tx:
            releases.move(tx, shelf.course, position)
    return shelf is not None
