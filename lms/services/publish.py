"""Publishing: a course folder becomes an immutable release, unless it has errors, would take results away, or has not
changed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from lms.content.changes import Changes, compare
from lms.content.compile import Compiled, compile_course, source_digest
from lms.content.diagnostics import Diagnostic
from lms.content.model import Course
from lms.content.release import decode, digest
from lms.storage import projection, releases
from lms.storage.database import Database
from lms.storage.releases import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What became of one folder (`ready`: what would be published). With errors, what learners get stays as it was."""

    folder: str
    outcome: Literal["published", "ready", "unchanged", "refused"]
    course: str = ""
    diagnostics: Sequence[Diagnostic] = ()
    changes: Changes | None = None
    """Against the release before; None for the first one."""
    learners: int = 0
    """How many people are under way in the course."""


def course_folders(courses: Path) -> list[Path]:
    """Every folder that holds a course.yml, by name; the folder itself when it is one course."""
    if (courses / "course.yml").is_file():
        return [courses]
    return sorted(path.parent for path in courses.glob("*/course.yml"))


def publish(database: Database, folder: Path, *, position: int, now: datetime, dry: bool = False) -> Published:
    """What became of the folder; `dry` says what would. Compiles outside a transaction; writes the release in one."""
    source = source_digest(folder)
    if _is_live(database, source):
        return Published(folder=folder.name, outcome="unchanged")
    compiled = compile_course(folder)
    if compiled.course_json is None:
        return Published(folder=folder.name, outcome="refused", diagnostics=compiled.diagnostics)
    course, name = decode(compiled.course_json), digest(compiled.course_json)
    told = _beside_the_last(database, folder, course, compiled)
    if dry or (told.changes and told.changes.fatal):
        return told
    with database.writing() as tx:
        releases.keep(tx, digest=name, course=course, body=compiled.course_json, files=compiled.media, now=now)
        releases.make_live(tx, course=course.id, digest=name, source=source, position=position)
    return replace(told, outcome="published")


def _beside_the_last(database: Database, folder: Path, course: Course, compiled: Compiled) -> Published:
    """What would change for whom, `refused` where it would take results away."""
    with database.reading() as tx:
        catalogue = Catalogue()
        before = catalogue.identities(tx, course.id)
        last = catalogue.live(tx, course.id) or (catalogue.release(tx, list(before)[-1]) if before else None)
        learners = projection.count_under_way(tx, course.id)
    changes = compare(last.course, course, before=before.values(), places=compiled.places) if last else None
    return Published(
        folder=folder.name,
        outcome="refused" if changes and changes.fatal else "ready",
        course=course.id,
        diagnostics=(*compiled.diagnostics, *(changes.problems if changes else ())),
        changes=changes,
        learners=learners,
    )


def _is_live(database: Database, source: str) -> bool:
    with database.reading() as tx:
        return releases.is_live_source(tx, source)
