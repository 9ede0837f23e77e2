"""An untrusted course archive, unpacked into a folder of its own or refused whole; nothing in it is ever run.

`python -m lms.content.archive FILE FOLDER` is the child that does it: it prints JSON and nothing else.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from io import SEEK_END
from pathlib import Path
from typing import Any, BinaryIO

from lms.content import archive_reader as reader
from lms.content.archive_names import places
from lms.content.archive_reader import Entry
from lms.content.archive_refusals import Refused, Stop, shown
from lms.content.compile import WALL_SECONDS, limit
from lms.content.course_file import read_course_file
from lms.content.fields import ID
from lms.content.media import BEGINNINGS, SORTS, TYPES, is_harmless
from lms.content.report import Report

MEGABYTE = 1024 * 1024
MAX_IN, MAX_OUT, MAX_ENTRIES, MAX_RATIO = 50 * MEGABYTE, 200 * MEGABYTE, 2000, 100
RATIO_FROM = 64 * 1024  # an empty table of contents may shrink more; so little harms nobody
HEAD = 512
ARCHIVES = (
    b"PK\3\4",
    b"PK\5\6",
    b"PK\7\x08",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"\x28\xb5\x2f\xfd",
)
CHILD = [sys.executable, "-m", "lms.content.archive"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """What an archive came to: its course's id (empty where course.yml does not tell), and names to speak of."""

    course: str
    left_out: tuple[str, ...]
    """What the system that packed it had added."""
    unsafe: tuple[str, ...]
    """Pictures in SVG that are not plain ones; a course that shows one can't be published."""


def unpack_apart(archive: Path, folder: Path) -> Unpacked | Refused:
    """The same as `unpack`, in a child process with limits on its time and memory."""
    command = [*CHILD, str(archive), str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=WALL_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return Refused("limit")
    if done.returncode:
        return Refused("limit")
    told = json.loads(done.stdout)
    if "code" in told:
        return Refused(**told)
    return Unpacked(course=told["course"], left_out=tuple(told["left_out"]), unsafe=tuple(told["unsafe"]))


def unpack(archive: Path, folder: Path) -> Unpacked | Refused:
    """The course of the archive in the folder, which must not be there yet; after a refusal the folder is to be thrown away."""
    if not archive.is_file():
        return Refused("not-file")
    try:
        with archive.open("rb") as file:
            return _unpack(file, folder)
    except Stop as stop:
        return stop.refused
    except OSError as error:
        return Refused("disk", {"reason": error.strerror or str(error)})


def _unpack(file: BinaryIO, folder: Path) -> Unpacked:
    length = file.seek(0, SEEK_END)
    if length > MAX_IN:
        raise Stop("too-large")
    entries = reader.entries(file, most=MAX_ENTRIES)
    _check_sizes(entries, length)
    where = places(each.name for each in entries)
    folder.mkdir()
    for each in entries:
        _take(file, each, folder / where[each.name] if where[each.name] and not each.folder else None)
    return Unpacked(
        course=_course_id(folder),
        left_out=tuple(shown(each.name) for each in entries if not where[each.name] and not each.folder),
        unsafe=tuple(path.name for path in sorted(folder.glob("media/*")) if not _is_plain(path)),
    )


def _check_sizes(entries: Sequence[Entry], length: int) -> None:
    """Raises Stop for what would unpack to too much; that each entry has the size told is seen while it is read."""
    total = sum(each.size for each in entries)
    if total > MAX_OUT:
        raise Stop("too-much")
    swollen = any(each.size > max(RATIO_FROM, each.packed * MAX_RATIO) for each in entries)
    if swollen or total > max(MEGABYTE, length * MAX_RATIO):
        raise Stop("ratio")


def _take(file: BinaryIO, entry: Entry, path: Path | None) -> None:
    """The entry is in that new file; without one it is read all the same, since it must be sound."""
    if path is None:
        for _ in reader.content(file, entry):
            pass
        return
    path.parent.mkdir(exist_ok=True)
    with path.open("xb") as target:
        for piece in reader.content(file, entry):
            target.write(piece)
    _check_kind(path, shown(entry.name))


def _check_kind(path: Path, name: str) -> None:
    """Raises Stop for an archive under another name, and for a picture that is none."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith(ARCHIVES) or head[257:262] == b"ustar":
        raise Stop("nested", name=name)
    kind = TYPES.get(path.suffix.lower(), "")
    if kind in BEGINNINGS and not is_harmless(kind, head):
        raise Stop("fake", name=name)


def _is_plain(path: Path) -> bool:
    kind = TYPES[path.suffix.lower()]
    return kind in BEGINNINGS or (path.stat().st_size <= SORTS["picture"].most and is_harmless(kind, path.read_bytes()))


def _course_id(folder: Path) -> str:
    facts = read_course_file(folder / "course.yml", Report("course.yml"))
    name = facts.values["id"] if facts else ""
    return name if ID.fullmatch(name) else ""


def _child(archive: Path, folder: Path) -> dict[str, Any]:
    return asdict(unpack(archive, folder))


if __name__ == "__main__":
    limit()
    print(json.dumps(_child(Path(sys.argv[1]), Path(sys.argv[2]))))  # noqa: T201 - its one output
