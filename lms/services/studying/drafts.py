"""Importing: an untrusted archive becomes a draft, a folder that nobody but its author sees; nothing is published."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp

from lms.content.archive import MAX_IN, MEGABYTE, Unpacked, unpack_apart
from lms.content.archive_refusals import Refused, Stop
from lms.content.compile import compile_course, source_digest
from lms.content.diagnostics import Diagnostic
from lms.content.model import Course
from lms.content.release import decode
from lms.i18n import N_
from lms.storage.database import Database
from lms.storage.releases import Catalogue, shelf_of

STAGING = ".incoming-"
STALE = timedelta(hours=1)
DIGITS = 12  # of the archive's SHA-256, in a draft's name
NAMELESS = "course"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft with its report. `course` is None with any error."""

    folder: Path
    was_there: bool
    """The archive had been imported before; its draft was left as it is."""
    files: int
    languages: tuple[str, ...]
    course: Course | None
    diagnostics: tuple[Diagnostic, ...]
    left_out: tuple[str, ...] = field(default=())
    replaces: str = ""
    """Title of the course in the catalogue that publishing this draft would replace."""


def import_archive(database: Database, *, archive: Path, drafts: Path, now: datetime) -> Draft | Refused:
    """The archive's course as a draft under `drafts`, all of it or nothing."""
    try:
        drafts.mkdir(parents=True, exist_ok=True, mode=0o700)
        _clear(drafts, before=now - STALE)
        with _staging(drafts) as staging:
            return _import(database, archive, drafts, staging)
    except Stop as stop:
        return stop.refused
    except OSError as error:
        return Refused("disk", {"reason": error.strerror or str(error)})


def _import(database: Database, archive: Path, drafts: Path, staging: Path) -> Draft | Refused:
    copy, made = staging / "archive.zip", staging / "course"
    name = _copy(archive, copy)[:DIGITS]
    there = next((path for path in drafts.glob(f"*-{name}") if path.is_dir()), None)
    if there:
        return _draft(database, there, was_there=True)
    unpacked = unpack_apart(copy, made)
    if isinstance(unpacked, Refused):
        return unpacked
    folder = drafts / f"{unpacked.course or NAMELESS}-{name}"
    try:
        _keep(made, folder)
    except OSError:
        if not folder.is_dir():
            raise
        return _draft(database, folder, was_there=True)  # the same archive, imported twice at once
    return _draft(database, folder, unpacked)


def _draft(database: Database, folder: Path, unpacked: Unpacked | None = None, *, was_there: bool = False) -> Draft:
    compiled = compile_course(folder)
    course = decode(compiled.course_json) if compiled.course_json else None
    name = course.id if course else folder.name[: -DIGITS - 1]
    files = [path for path in folder.rglob("*") if path.is_file()]
    unsafe = unpacked.unsafe if unpacked else ()
    return Draft(
        folder=folder,
        was_there=was_there,
        files=len(files),
        languages=tuple(sorted({path.parent.name for path in files if path.suffix == ".md"})),
        course=course,
        diagnostics=(*compiled.diagnostics, *_warnings(folder, unsafe, compiled.diagnostics)),
        left_out=unpacked.left_out if unpacked else (),
        replaces=_replaced(database, folder, name),
    )


def _warnings(folder: Path, unsafe: tuple[str, ...], found: tuple[Diagnostic, ...]) -> Iterator[Diagnostic]:
    """A finding for each doubtful picture that no page shows: the course's checks look at those that are shown."""
    told = {each.values.get("name") for each in found if each.code == "file-content"}
    for name in unsafe:
        if name not in told:
            yield Diagnostic(
                file=f"{folder.name}/media/{name}",
                line=1,
                code="file-content",
                severity="warning",
                message=N_("No page shows “%(name)s”, and it is not a plain picture. Delete it."),
                values={"name": name},
            )


def _replaced(database: Database, folder: Path, name: str) -> str:
    """The title of a course in the catalogue with that id which was made from something else, or nothing."""
    source = source_digest(folder)
    with database.reading() as tx:
        live = Catalogue().live(tx, name)
        if live is None or shelf_of(tx, source):
            return ""
    return live.course.edition(live.course.source).title


def _copy(archive: Path, target: Path) -> str:
    """The SHA-256 of the archive, copied so that what is read can't change meanwhile."""
    if not archive.is_file():
        raise Stop("not-file")
    digest, size = hashlib.sha256(), 0
    with archive.open("rb") as source, target.open("xb") as file:
        while piece := source.read(MEGABYTE):
            size += len(piece)
            if size > MAX_IN:
                raise Stop("too-large")
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()


def _keep(made: Path, folder: Path) -> None:
    """The folder has its final name, at once and on the disk."""
    for path in [*made.rglob("*"), made]:
        _sync(path)
    made.rename(folder)
    _sync(folder.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _staging(drafts: Path) -> Iterator[Path]:
    folder = Path(mkdtemp(prefix=STAGING, dir=drafts))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _clear(drafts: Path, *, before: datetime) -> None:
    """What an import that was killed left behind is gone."""
    for path in drafts.glob(f"{STAGING}*"):
        with suppress(FileNotFoundError):  # another import clears too
            if path.stat().st_mtime < before.timestamp():
                shutil.rmtree(path, ignore_errors=True)
