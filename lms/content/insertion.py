"""Writing into an author's file: a few characters in some of its lines, every other byte as it was."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_END = re.compile(rb"(\r\n|\r|\n)")
_BOM = "\ufeff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Insertion:
    """A text to put into a line of a file, before the character at `place` of the line as it is read."""

    file: str
    """Below the course's folder: `es/01-uno.md`."""
    line: int
    place: int
    text: str


def insert(raw: bytes, insertions: Iterable[Insertion]) -> bytes:
    """The file's bytes with these insertions, one at most in a line. Raises ValueError where a place can't be found."""
    pieces = _END.split(raw)  # line, its end, line, its end …
    for each in insertions:
        at = 2 * (each.line - 1)
        pieces[at] = _into(pieces[at].decode(), each.place, each.text).encode()
    return b"".join(pieces)


def _into(line: str, place: int, text: str) -> str:
    start = line.startswith(_BOM)
    wanted = _read(line[start:])[:place]
    for end in range(start, len(line) + 1):
        cut_off = end < len(line) and unicodedata.combining(line[end])
        if not cut_off and _read(line[start:end]) == wanted:
            return line[:end] + text + line[end:]
    raise ValueError(line)


def _read(text: str) -> str:
    """The text as `source.read_text` gives it to the parser."""
    return unicodedata.normalize("NFC", text).replace("\t", "    ")
