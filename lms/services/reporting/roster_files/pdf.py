"""A roster to print and hand in: what was asked for, when, and the digest of its lines; then a table whose headings stand
on each page, with its number and how many there are.

The digest is the SHA-256 of the CSV file of the same lines, columns and language, without the mark.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any, BinaryIO

from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from lms.certificates.pdfa.fonts import BOLD, FONTS, TEXT
from lms.i18n import Reader
from lms.lines import split
from lms.services.reporting.roster_cells import Cell
from lms.services.reporting.roster_files import csv
from lms.services.reporting.rosters import Roster

_WIDE, _HIGH, _MARGIN, _FOOT = 841.89, 595.28, 34.0, 22.0  # A4 lying, in points
_SIZE, _LEADING, _GAP = 7.5, 9.5, 6.0
_LONGEST = {
    "started": "2026-11-24",
    "completed": "2026-11-24",
    "score": "100",
    "hours": "12,55",
    "certificate": "MMMM-MMMM-MMMM-00-0",
    "state": "Reemplazado",
}
"""About the widest cell of a column."""
_PAGES = "pages"


def write(roster: Roster, out: BinaryIO) -> None:
    """The file is in `out`."""
    with roster.database.reading() as tx:
        count, sha256 = roster.count(tx), csv.digest(roster, tx)
        sheet = _Sheet(roster, out)
        sheet.begin(count, sha256)
        for columns in roster.batches(tx):
            for cells in zip(*columns, strict=True):
                sheet.add(cells)
        sheet.end()


class _Sheet:
    """The pages, from the top of the first on."""

    def __init__(self, roster: Roster, out: BinaryIO) -> None:
        _register()
        self._roster, self._reader = roster, roster.reader
        self._canvas: Any = Canvas(out, pagesize=(_WIDE, _HIGH), pageCompression=1, lang=roster.reader.language)
        self._canvas.setTitle(f"{roster.program} · {roster.reader.gettext('List of people')}")
        self._canvas.setCreator("Vereda")
        self._places = list(_places(roster))
        self._page, self._y = 1, _HIGH - _MARGIN

    def begin(self, count: int, sha256: str) -> None:
        """The head of the first page."""
        _ = self._reader.gettext
        self._line(_("List of people"), BOLD, 15, 20)
        self._line(self._roster.program, TEXT, 9, 14)
        for label, value in (
            *self._roster.facts,
            (_("Rows"), self._reader.number(count)),
            (_("Made"), self._reader.moment(self._roster.made_at)),
            (_("SHA-256 of the same list as CSV"), sha256),
        ):
            for line in _split(f"{label}: {value}", TEXT, 8, _WIDE - 2 * _MARGIN):
                self._line(line, TEXT, 8, 11)
        self._y -= 6
        self._headings()

    def add(self, cells: Sequence[Cell]) -> None:
        """A line of the table, on the next page where there is no place left."""
        told = [
            _split(_said(cell, self._reader), TEXT, _SIZE, width - _GAP)
            for cell, (_left, width) in zip(cells, self._places, strict=True)
        ]
        high = max(map(len, told)) * _LEADING + 3
        if self._y - high < _MARGIN + _FOOT:
            self._turn()
        self._row(told, TEXT, high)

    def end(self) -> None:
        """The file, with the number of its pages known."""
        self._foot()
        self._canvas.showPage()
        self._canvas.beginForm(_PAGES)
        self._canvas.setFont(TEXT, _SIZE)
        self._canvas.drawString(0, 0, str(self._page))
        self._canvas.endForm()
        self._canvas.save()

    def _turn(self) -> None:
        self._foot()
        self._canvas.showPage()
        self._page += 1
        self._y = _HIGH - _MARGIN
        self._headings()

    def _headings(self) -> None:
        told = [
            _split(heading, BOLD, _SIZE, width - _GAP)
            for heading, (_left, width) in zip(self._roster.headings, self._places, strict=True)
        ]
        self._row(told, BOLD, max(map(len, told)) * _LEADING + 3)

    def _row(self, told: Sequence[Sequence[str]], font: str, high: float) -> None:
        text = self._canvas.beginText()
        text.setFont(font, _SIZE)
        for lines, (left, _width) in zip(told, self._places, strict=True):
            for number, line in enumerate(lines):
                text.setTextOrigin(left, self._y - _LEADING * (number + 1) + 2)
                text.textOut(line)
        self._canvas.drawText(text)
        self._y -= high
        self._canvas.setLineWidth(0.9 if font == BOLD else 0.25)
        self._canvas.line(_MARGIN, self._y + 1, _WIDE - _MARGIN, self._y + 1)

    def _line(self, text: str, font: str, size: float, leading: float) -> None:
        self._canvas.setFont(font, size)
        self._y -= leading
        self._canvas.drawString(_MARGIN, self._y, text)

    def _foot(self) -> None:
        """`Page 3 of`, and the number that is known at the end."""
        said = self._reader.gettext("Page %(n)s of") % {"n": self._page}
        self._canvas.setFont(TEXT, _SIZE)
        self._canvas.drawString(_MARGIN, _MARGIN, self._reader.moment(self._roster.made_at))
        right = _WIDE - _MARGIN - 30
        self._canvas.drawRightString(right, _MARGIN, said)
        self._canvas.saveState()
        self._canvas.translate(right + 3, _MARGIN)
        self._canvas.doForm(_PAGES)
        self._canvas.restoreState()


def _places(roster: Roster) -> Iterator[tuple[float, float]]:
    """The left edge and the width of each column: what is not broken into lines gets as much as it needs."""
    needed = {
        column.name: max(_width(_LONGEST[column.name], TEXT, _SIZE), _width(heading, BOLD, _SIZE)) + _GAP
        for column, heading in zip(roster.columns, map(_longest_word, roster.headings), strict=True)
        if column.name in _LONGEST
    }
    shared = sum(column.width for column in roster.columns if column.name not in needed)
    unit = (_WIDE - 2 * _MARGIN - sum(needed.values())) / max(shared, 1)
    left = _MARGIN
    for column in roster.columns:
        width = needed.get(column.name, column.width * unit)
        yield left, width
        left += width


def _longest_word(heading: str) -> str:
    return max(heading.split(), key=len)


def _said(cell: Cell, reader: Reader) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    return cell if isinstance(cell, str) else reader.number(cell)


def _split(text: str, font: str, size: float, most: float) -> list[str]:
    """The text in lines no wider than that."""
    return split(text, lambda line: _width(line, font, size) <= most)


def _width(text: str, font: str, size: float) -> float:
    return float(stringWidth(text, font, size))


@cache
def _register() -> None:
    for name in (TEXT, BOLD):
        registerFont(TTFont(name, str(FONTS / f"{name}.ttf")))
