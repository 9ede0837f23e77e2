"""The files of a roster: the same lines in the same order in each."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import BinaryIO

from lms.services.reporting.roster_files import csv, json
from lms.services.reporting.rosters import Roster

_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of file: what it is to browsers, and how many lines it can have (None: any number)."""

    content_type: str
    most: int | None = None


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "xlsx": Kind(content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", most=1_048_575),
        "csv": Kind(content_type="text/csv; charset=utf-8"),
        "pdf": Kind(content_type="application/pdf", most=20_000),
        "json": Kind(content_type="application/json"),
    }
)
"""By the end of their names: a sheet has no more lines under its headings, and a PDF of more has over a thousand pages."""


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
    _write(roster, kind, made)
    size = made.seek(0, 2)
    made.seek(0)
    return Made(_read(made), size)


def _write(roster: Roster, kind: str, out: BinaryIO) -> None:
    from lms.services.reporting.roster_files import pdf, xlsx  # heavy: only who makes one needs them

    (xlsx if kind == "xlsx" else pdf).write(roster, out)


def _read(made: BinaryIO) -> Iterator[bytes]:
    with made:
        while piece := made.read(_PIECE):
            yield piece
