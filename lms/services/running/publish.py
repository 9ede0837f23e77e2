"""Publishing: a course folder becomes an immutable release, unless it has errors, would take results away, or has not
changed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from lms.content.changes import Changes, compare
from lms.content.compile import Compiled, compile_course, source_digest
from lms.content.countries import COUNTRIES_FILE, read_countries
from lms.content.diagnostics import Diagnostic
from lms.content.doubles import doubles
from lms.content.model import Course
from lms.content.release import decode, digest
from lms.content.report import Report
from lms.content.search import indexes
from lms.storage import countries, projection, releases, search
from lms.storage.database import Database
from lms.storage.releases import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What became of one folder, or of the file of countries (`ready`: what would be published). With errors, what
    learners get stays as it was."""

    folder: Path
    outcome: Literal["published", "ready", "unchanged", "refused"]
    course: str = ""
    diagnostics: Sequence[Diagnostic] = ()
    changes: Changes | None = None
    """Against the release before; None for the first one."""
    learners: int = 0
    """How many people are under way in the course."""
    draft: bool = False
    """Whether learners are told that specialists have not reviewed it yet."""


def course_folders(courses: Path) -> list[Path]:
    """Every folder that holds a course, by name; the folder itself when it is one. A course without its course.yml is
    one too: whoever misspelt the name has to be told."""
    if (courses / "course.yml").is_file() or any(courses.glob("*/course.md")):
        return [courses]
    found = {path.parent for path in courses.glob("*/course.yml")}
    return sorted(found | {path.parent.parent for path in courses.glob("*/*/course.md")})


def publish_all(database: Database, courses: Path, *, now: datetime, dry: bool = False) -> list[Published]:
    """What became of each course in that folder, in the catalogue's order from now on, and of its file of countries; or
    of the one course that the folder is, which keeps its place. One that has another's id or code is refused."""
    folders = course_folders(courses)
    if folders == [courses]:
        return [publish(database, courses, position=None, now=now, dry=dry)]
    taken = doubles(folders)
    done = [
        Published(folder=folder, outcome="refused", diagnostics=taken[folder])
        if folder in taken
        else publish(database, folder, position=None if dry else place, now=now, dry=dry)
        for place, folder in enumerate(folders)
    ]
    file = courses / COUNTRIES_FILE
    return [*done, publish_countries(database, file, today=now.date(), dry=dry)] if file.is_file() else done


def publish_countries(database: Database, file: Path, *, today: date, dry: bool = False) -> Published:
    """What became of the file, or (`dry`) what would: its countries are the ones that there are now."""
    report = Report(file.name)
    read = read_countries(file, report, today=today)
    if report.failed:
        return Published(folder=file, outcome="refused", diagnostics=report.found)
    with database.reading() as tx:
        if countries.all_(tx) == list(read):
            return Published(folder=file, outcome="unchanged")
    if dry:
        return Published(folder=file, outcome="ready")
    with database.writing() as tx:
        countries.replace(tx, read)
    return Published(folder=file, outcome="published")


def publish(database: Database, folder: Path, *, position: int | None, now: datetime, dry: bool = False) -> Published:
    """What became of the folder, or (`dry`) what would; without a position it keeps its place in the catalogue, a new
    course comes last.

    Compiles outside a transaction; writes the release in one.
    """
    source = source_digest(folder)
    if _is_live(database, source, position):
        return Published(folder=folder, outcome="unchanged")
    compiled = compile_course(folder)
    if compiled.course_json is None:
        return Published(folder=folder, outcome="refused", diagnostics=compiled.diagnostics)
    course, name = decode(compiled.course_json), digest(compiled.course_json)
    told = _beside_the_last(database, folder, course, compiled)
    if dry or (told.changes and told.changes.fatal):
        return told
    with database.writing() as tx:
        releases.keep(tx, digest=name, course=course, body=compiled.course_json, files=compiled.media, now=now)
        search.keep(tx, digest=name, indexes=compiled.search)
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
        folder=folder,
        outcome="refused" if changes and changes.fatal else "ready",
        course=course.id,
        diagnostics=(*compiled.diagnostics, *(changes.problems if changes else ())),
        changes=changes,
        learners=learners,
        draft=course.is_draft,
    )


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
