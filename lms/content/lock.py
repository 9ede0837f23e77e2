"""`translations.lock`: what each translation was made from. The tool alone writes it.

A line for each unit of each language, sorted, so that version control merges it line by line:
`en m-uno#primera: 1f0c… 9b2e… 7a41d0c2` - the text's fingerprint in the source, in the translation, and a check of the
line, which shows an edit by hand. It is YAML to whoever wants to read it; here each line is read for itself.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lms.content.report import Report
from lms.i18n import N_

LOCK_FILE = "translations.lock"
MAX_LOCK = 4_000_000  # bytes
HEAD = "# What each translation was made from. Written by `lms translate accept`; edit nothing here."
_LINE = re.compile(
    r"(?P<language>[A-Za-z-]{2,40}) (?P<unit>[a-z0-9#^-]{1,200}): "
    r"(?P<source>[0-9a-f]{16}) (?P<own>[0-9a-f]{16}) (?P<check>[0-9a-f]{8})"
)


@dataclass(frozen=True, slots=True)
class Made:
    """The fingerprints of the two texts when somebody last said that they agree."""

    source: str
    own: str


Lock = Mapping[tuple[str, str], Made]
"""By language and unit."""


def read_lock(folder: Path, report: Report) -> Lock:
    """What the course's lock records; a line that the tool has not written so counts for nothing, with a warning."""
    path = folder / LOCK_FILE
    if not path.is_file():
        return {}
    if path.stat().st_size > MAX_LOCK:
        report.warning(1, "lock", N_("This file is too long to be what the tool wrote. It counts for nothing."))
        return {}
    lines = path.read_bytes().decode(errors="replace").splitlines()
    return _entries([(number, each) for number, each in enumerate(lines, start=1) if _is_entry(each)], report)


def write_lock(folder: Path, lock: Lock) -> None:
    """The lock is the course's, whole or not at all."""
    waiting = folder / f"{LOCK_FILE}.new"
    waiting.write_text("\n".join([HEAD, *_lines(lock), ""]), "utf-8", newline="\n")
    waiting.replace(folder / LOCK_FILE)


def _lines(lock: Lock) -> list[str]:
    return [
        f"{language} {unit}: {made.source} {made.own} {_check(language, unit, made)}"
        for (language, unit), made in sorted(lock.items())
    ]


def _is_entry(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("#")


def _entries(lines: Iterable[tuple[int, str]], report: Report) -> Lock:
    found: dict[tuple[str, str], Made] = {}
    twice: set[tuple[str, str]] = set()
    wrong: list[int] = []
    for number, line in lines:
        read = _entry(line)
        if read is None or read[0] in found:
            wrong.append(number)
            twice |= {read[0]} if read else set()
        else:
            found[read[0]] = read[1]
    if wrong:
        message = N_(
            "The tool did not write this line (one of %(count)s): its unit counts as not reviewed. See `lms translate status`."
        )
        report.warning(wrong[0], "lock", message, count=len(wrong))
    return {key: made for key, made in found.items() if key not in twice}


def _entry(line: str) -> tuple[tuple[str, str], Made] | None:
    read = _LINE.fullmatch(line.rstrip())
    if read is None:
        return None
    made = Made(read["source"], read["own"])
    if read["check"] != _check(read["language"], read["unit"], made):
        return None
    return (read["language"], read["unit"]), made


def _check(language: str, unit: str, made: Made) -> str:
    return hashlib.sha256(f"{language} {unit} {made.source} {made.own}".encode()).hexdigest()[:8]
