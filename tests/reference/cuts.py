"""Blocks of the muestrario as its authors wrote them, cut out by the lines that the program's own scanner tells."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from lms.content.blocks import Directive, scan
from lms.content.report import Report
from lms.content.source import Line, read_document

MUESTRARIO = Path(__file__).parents[2] / "docs/muestrario"


@cache
def blocks(language: str) -> dict[str, str]:
    """The first block of each kind in that edition, as written."""
    found: dict[str, str] = {}
    for path in sorted((MUESTRARIO / language).glob("[0-9]*.md")):
        lines = path.read_text("utf-8").split("\n")
        document = read_document(path, Report(path.name))
        for block in _every(scan(document.lines, Report(path.name)) if document else ()):
            found.setdefault(block.kind.name, "\n".join(lines[block.line - 1 : _end(block)]))
    return found


def openings(language: str, kind: str) -> list[str]:
    """The lines of that block which carry the names and options of this language."""
    marks = (":::", "###", "- [")
    lines = blocks(language)[kind].split("\n")
    return [line for line in lines if line.startswith(marks) and line != ":::" and ("{" in line or line[0] == ":")]


def section(language: str, file: str, first: str, last: str) -> str:
    """The lines of a file from one that begins so up to the one before another."""
    lines = (MUESTRARIO / language / file).read_text("utf-8").split("\n")
    begin = next(place for place, line in enumerate(lines) if line.startswith(first))
    end = next(place for place, line in enumerate(lines) if place > begin and line.startswith(last))
    return "\n".join(lines[begin:end]).strip("\n")


def whole(file: str) -> str:
    """A file of the muestrario."""
    return (MUESTRARIO / file).read_text("utf-8").strip("\n")


def _every(pieces: Sequence[Line | Directive]) -> Iterator[Directive]:
    for piece in pieces:
        if isinstance(piece, Directive):
            yield piece
            yield from _every(piece.children)


def _end(block: Directive) -> int:
    """The line of the `:::` that closes it."""
    last = block.children[-1] if block.children else None
    if last is None:
        return block.line + 1
    return (_end(last) if isinstance(last, Directive) else last.number) + 1
