"""Parsing a course in a child process with limits on its time and memory: whatever a course holds, we go on.

`python -m lms.content.compile FOLDER` is the child: it prints JSON and nothing else.
"""

import hashlib
import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lms import __version__
from lms.content.diagnostics import Diagnostic, Places
from lms.i18n import N_

CPU_SECONDS = 10  # a large course takes two on a Raspberry Pi
MEMORY = 768 * 1024 * 1024  # bytes of address space; the interpreter with its libraries takes a third of it
WALL_SECONDS = 60.0
CHILD = [sys.executable, "-m", "lms.content.compile"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """What a course's folder came to: its canonical JSON (None with errors), every finding, its media's bytes, and
    where its ids stand."""

    course_json: bytes | None
    diagnostics: tuple[Diagnostic, ...]
    media: Mapping[str, bytes]
    places: Places = field(default_factory=dict)


def compile_course(folder: Path) -> Compiled:
    """The course in the folder, parsed in a child process; a child that is stopped by its limits is one finding."""
    try:
        done = subprocess.run([*CHILD, str(folder)], capture_output=True, timeout=WALL_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return _stopped(folder)
    if done.returncode:
        return _stopped(folder)
    told = json.loads(done.stdout)
    diagnostics = tuple(Diagnostic(**each) for each in told["diagnostics"])
    if told["course"] is None:
        return Compiled(course_json=None, diagnostics=diagnostics, media={})
    media = {sha256: _bytes_of(folder, name) for sha256, name in told["files"].items()}
    if any(hashlib.sha256(content).hexdigest() != sha256 for sha256, content in media.items()):
        message = N_("A picture changed while the course was read. Try again.")
        return Compiled(course_json=None, diagnostics=(*diagnostics, _finding(folder, "changed", message)), media={})
    places = {name: (file, line) for name, (file, line) in told["places"].items()}
    return Compiled(course_json=told["course"].encode(), diagnostics=diagnostics, media=media, places=places)


def source_digest(folder: Path) -> str:
    """SHA-256 over every file of the folder and this program's version: the same means that nothing is to be done."""
    digest = hashlib.sha256(__version__.encode())
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            name = path.relative_to(folder).as_posix()
            digest.update(f"\0{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}".encode())
    return digest.hexdigest()


def _bytes_of(folder: Path, name: str) -> bytes:
    return (folder / "media" / name).read_bytes()


def _stopped(folder: Path) -> Compiled:
    message = N_("The course takes too long or too much memory to read. Look for a very long paragraph, list or table.")
    return Compiled(course_json=None, diagnostics=(_finding(folder, "limit", message),), media={})


def _finding(folder: Path, code: str, message: str) -> Diagnostic:
    return Diagnostic(file=f"{folder.name}/course.yml", line=1, code=code, severity="error", message=message)


def limit() -> None:
    """This process is stopped when it takes too long or too much memory."""
    import resource  # not on every system, and only the child needs it

    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)


def _child(folder: Path) -> dict[str, Any]:
    from lms.content.course import load
    from lms.content.places import places
    from lms.content.release import encode

    course, findings = load(folder)
    return {
        "course": encode(course).decode() if course else None,
        "diagnostics": [asdict(each) for each in findings],
        "places": places(course, folder) if course else {},
        "files": {each.sha256: each.name for each in course.media.values()} if course else {},
    }


if __name__ == "__main__":
    limit()
    print(json.dumps(_child(Path(sys.argv[1])), ensure_ascii=True))  # noqa: T201 - its one output
