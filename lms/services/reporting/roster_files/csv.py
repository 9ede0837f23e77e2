"""A roster as CSV (RFC 4180, UTF-8): sent from its first line on."""

from collections.abc import Iterator
from hashlib import sha256

from sqlalchemy import Connection

from lms.services.common.cells import END, csv_cell, csv_cells, csv_line
from lms.services.reporting.roster_cells import Cell, Form
from lms.services.reporting.rosters import Roster

MARK = b"\xef\xbb\xbf"
"""What tells a spreadsheet that the file is UTF-8."""


def pieces(roster: Roster, *, mark: bool = False) -> Iterator[bytes]:
    """The file, piece by piece; with `mark` it begins with U+FEFF."""
    with roster.database.reading() as tx:
        yield from (MARK,) if mark else ()
        yield from _pieces(roster, tx)


def digest(roster: Roster, tx: Connection) -> str:
    """The SHA-256 of that file without the mark."""
    made = sha256()
    for piece in _pieces(roster, tx):
        made.update(piece)
    return made.hexdigest()


def _pieces(roster: Roster, tx: Connection) -> Iterator[bytes]:
    yield csv_line(roster.headings).encode()
    for columns in roster.batches(tx, _FORM):
        yield (END.join(map(",".join, zip(*columns, strict=True))) + END).encode()


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    return csv_cell(cell) if isinstance(cell, str) else f"{cell:g}" if isinstance(cell, float) else str(cell)


_FORM = Form(cell=_cell, texts=csv_cells)
