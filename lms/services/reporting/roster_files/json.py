"""A roster as JSON, for programs: what was asked for, the columns, and then the lines as they come."""

import json
from collections.abc import Iterator
from datetime import date

from lms.services.reporting.roster_cells import Cell, Form
from lms.services.reporting.rosters import Roster


def pieces(roster: Roster) -> Iterator[bytes]:
    """The file, piece by piece. Days are as in 2026-11-24; what is absent is null, or empty where it is a text."""
    names = [column.name for column in roster.columns]
    with roster.database.reading() as tx:
        yield _head(roster, roster.count(tx))
        comma = ""
        for columns in roster.batches(tx, _FORM):
            lines = (dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True))
            yield (comma + ",\n".join(map(_dump, lines))).encode()
            comma = ",\n"
        yield b"\n]}\n"


def _head(roster: Roster, count: int) -> bytes:
    columns = [
        {"name": column.name, "heading": heading, "kind": column.kind}
        for column, heading in zip(roster.columns, roster.headings, strict=True)
    ]
    said = {
        "program": roster.program,
        "made_at": roster.made_at.isoformat(timespec="seconds"),
        "language": roster.reader.language,
        "filters": roster.filters.said(),
        "filters_in_words": dict(roster.facts),
        "columns": columns,
        "count": count,
    }
    return f'{_dump(said)[:-1]}, "rows": [\n'.encode()


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _cell(cell: Cell) -> Cell:
    return cell.isoformat() if isinstance(cell, date) else cell


_FORM = Form(cell=_cell, texts=lambda texts: texts)
