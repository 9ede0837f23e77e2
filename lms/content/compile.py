"""Parsing a course in a child process with limits on its time and memory: whatever a course holds, we go on.

`python -m lms.content.compile FOLDER [--lines]` is the child: it prints JSON and nothing else.
"""

import hashlib
import json
import logging
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lms import __version__
from lms.content.diagnostics import Diagnostic, Places
from lms.content.differences import Difference
from lms.content.translation import UnitState
from lms.i18n import N_

CPU_SECONDS = 10  # a large course takes two on a Raspberry Pi
MEMORY = 768 * 1024 * 1024  # bytes of address space; the interpreter with its libraries takes a third of it
WALL_SECONDS = 60.0
log = logging.getLogger("lms.content")
LINES = "--lines"
CHILD = [sys.executable, "-m", "lms.content.compile"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """What a course's folder came to: its canonical JSON (None with errors), every finding, its media's bytes, the search
    index of each language, where its ids stand, and how far the translations are."""

    course_json: bytes | None
    diagnostics: tuple[Diagnostic, ...]
    media: Mapping[str, bytes]
    search: Mapping[str, bytes] = field(default_factory=dict)
    states: tuple[UnitState, ...] = ()
    places: Places = field(default_factory=dict)


def compile_course(folder: Path, *, lines: bool = False) -> Compiled:
    """The course in the folder, parsed in a child process; a child that is stopped by its limits is one finding. With
    `lines` its JSON says where everything stands, and is no release."""
    command = [*CHILD, str(folder), *([LINES] if lines else [])]
    try:
        done = subprocess.run(command, capture_output=True, timeout=WALL_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return _stopped(folder)
    if done.returncode:
        return _stopped(folder) if _is_limit(done) else _crashed(folder, done)
    told = json.loads(done.stdout)
    diagnostics = tuple(Diagnostic(**each) for each in told["diagnostics"])
    states = tuple(_state(each) for each in told["states"])
    if told["course"] is None:
        return Compiled(course_json=None, diagnostics=diagnostics, media={}, states=states)
    media = {sha256: _bytes_of(folder, name) for sha256, name in told["files"].items()}
    if any(hashlib.sha256(content).hexdigest() != sha256 for sha256, content in media.items()):
        message = N_("A picture changed while the course was read. Try again.")
        return Compiled(course_json=None, diagnostics=(*diagnostics, _finding(folder, "changed", message)), media={})
    search = {language: index.encode() for language, index in told["search"].items()}
    places = {name: (file, line) for name, (file, line) in told["places"].items()}
    return Compiled(
        course_json=told["course"].encode(),
        diagnostics=diagnostics,
        media=media,
        search=search,
        places=places,
        states=states,
    )


def source_digest(folder: Path) -> str:
    """SHA-256 over every file of the folder and this program's version: the same means that nothing is to be done."""
    digest = hashlib.sha256(__version__.encode())
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            name = path.relative_to(folder).as_posix()
            digest.update(f"\0{name}\0{_digest_of(path)}".encode())
    return digest.hexdigest()


def _state(told: Mapping[str, Any]) -> UnitState:
    return UnitState(**{**told, "differs": tuple(Difference(**each) for each in told["differs"])})


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _bytes_of(folder: Path, name: str) -> bytes:
    return (folder / "media" / name).read_bytes()


def _stopped(folder: Path) -> Compiled:
    message = N_("The course takes too long or too much memory to read. Look for a very long paragraph, list or table.")
    return Compiled(course_json=None, diagnostics=(_finding(folder, "limit", message),), media={})


def _is_limit(done: subprocess.CompletedProcess[bytes]) -> bool:
    """Whether the child was stopped for its time or memory (nh3, in Rust, says so and aborts)."""
    last = _last_words(done)
    killed = done.returncode in (-signal.SIGXCPU, -signal.SIGKILL)
    return killed or last.startswith(("MemoryError", "memory allocation of"))


def _crashed(folder: Path, done: subprocess.CompletedProcess[bytes]) -> Compiled:
    log.error("a course could not be read: %s", _last_words(done) or f"exit {done.returncode}")
    message = N_(
        "The program failed while it read this course. The mistake is the program's: report it, with this course and "
        "with the line that stands in the log."
    )
    return Compiled(course_json=None, diagnostics=(_finding(folder, "crash", message),), media={})


def _last_words(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = done.stderr.decode(errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def _finding(folder: Path, code: str, message: str) -> Diagnostic:
    return Diagnostic(file=f"{folder.name}/course.yml", line=1, code=code, severity="error", message=message)


def limit() -> None:
    """This process is stopped when it takes too long or too much memory."""
    import resource  # not on every system, and only the child needs it

    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)


def _child(folder: Path, *, lines: bool = False) -> dict[str, Any]:
    from lms.content.course import load_all
    from lms.content.places import places
    from lms.content.release import encode
    from lms.content.search import indexes

    loaded = load_all(folder)
    course = loaded.course
    return {
        "course": encode(course, lines=lines).decode() if course else None,
        "diagnostics": [asdict(each) for each in loaded.findings],
        "search": {language: index.decode() for language, index in indexes(course).items()} if course else {},
        "places": places(course, folder) if course else {},
        "files": {each.sha256: each.name for each in course.media.values()} if course else {},
        "states": [asdict(each) for each in loaded.states],
    }


if __name__ == "__main__":
    limit()
    print(json.dumps(_child(Path(sys.argv[1]), lines=LINES in sys.argv[2:]), ensure_ascii=True))  # noqa: T201 - its one output
