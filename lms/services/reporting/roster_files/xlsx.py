"""A roster as a spreadsheet: days are days and numbers numbers, every text is a text, and a second sheet says what it is."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO

import xlsxwriter
from sqlalchemy import Connection

from lms.services.common.cells import write_text
from lms.services.reporting.rosters import Roster

_OPTIONS = {
    "constant_memory": True,  # a line at a time
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_WIDTHS = (24, 90)
Write = Callable[[int, int, Any], None]


def write(roster: Roster, out: BinaryIO) -> None:
    """The file is in `out`."""
    _ = roster.reader.gettext
    with tempfile.TemporaryDirectory() as folder, roster.database.reading() as tx:
        book = xlsxwriter.Workbook(out, {**_OPTIONS, "tmpdir": folder})
        made = roster.made_at.replace(tzinfo=None)
        book.set_properties({"title": _("List of people"), "company": roster.program, "created": made})
        strong = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        count = _lines(book, roster, tx, strong)
        _about(book, roster, count)
        book.close()


def _lines(book: Any, roster: Roster, tx: Connection, strong: Any) -> int:
    """The sheet of the lines; how many there are."""
    sheet = book.add_worksheet(roster.reader.gettext("List"))
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    for place, (column, heading) in enumerate(zip(roster.columns, roster.headings, strict=True)):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, heading, strong)
    writers = list(_writers(book, sheet, roster))
    last = 0
    for columns in roster.batches(tx):
        for cells in zip(*columns, strict=True):
            last += 1
            for place, cell in enumerate(cells):
                if cell is not None and cell != "":
                    writers[place](last, place, cell)
    sheet.autofilter(0, 0, last, len(roster.columns) - 1)
    return last


def _writers(book: Any, sheet: Any, roster: Roster) -> Iterator[Write]:
    """How the cells of each column are written."""
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    kinds: dict[str, Write] = {
        "text": lambda line, place, text: write_text(sheet, line, place, text),
        "date": lambda line, place, date: sheet.write_datetime(line, place, date, day),
        "number": sheet.write_number,
    }
    return (kinds[column.kind] for column in roster.columns)


def _about(book: Any, roster: Roster, count: int) -> None:
    """The sheet that says what was asked for, of what and when."""
    _ = roster.reader.gettext
    sheet = book.add_worksheet(_("About this list"))
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    said: Sequence[tuple[str, str]] = [
        (_("Installation"), roster.program),
        (_("Made"), roster.reader.moment(roster.made_at)),
        *roster.facts,
    ]
    for line, (label, value) in enumerate(said):
        sheet.write_string(line, 0, label)
        write_text(sheet, line, 1, value)
    sheet.write_string(len(said), 0, _("Rows"))
    sheet.write_number(len(said), 1, count)
