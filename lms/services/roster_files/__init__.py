"""The files of a roster: the same lines in the same order in each."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import BinaryIO

from lms.services.roster_files import csv, json, pdf, xlsx
from lms.services.rosters import Roster

_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of file: what it is to browsers, and how many lines it can have (None: any number)."""

    content_type: str
    most: int | None = None


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "xlsx": Kind(content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", most=xlsx.MOST),
        "csv": Kind(content_type="text/csv; charset=utf-8"),
        "pdf": Kind(content_type="application/pdf", most=pdf.MOST),
        "json": Kind(content_type="application/json"),
    }
)
"""By the end of their names."""
_WHOLE: Mapping[str, Callable[[Roster, BinaryIO], None]] = {"xlsx": xlsx.write, "pdf": pdf.write}


@dataclass(frozen=True, slots=True)
class Made:
    """A file, piece by piece, and how many bytes it has where that is known before."""

    pieces: Iterator[bytes]
    size: int | None = None


def make(roster: Roster, kind: str, *, mark: bool = False) -> Made:
    """The file. CSV (with `mark` after U+FEFF) and JSON are made while they are sent; the others have to be whole first, in a
    file that has no name and is gone once it was read."""
    if kind == "csv":
        return Made(csv.pieces(roster, mark=mark))
    if kind == "json":
        return Made(json.pieces(roster))
    made = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it was read
    _WHOLE[kind](roster, made)
    size = made.seek(0, 2)
    made.seek(0)
    return Made(_read(made), size)


def _read(made: BinaryIO) -> Iterator[bytes]:
    with made:
        while piece := made.read(_PIECE):
            yield piece
