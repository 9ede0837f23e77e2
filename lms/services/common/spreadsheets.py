"""A table from a file that somebody sent: CSV as spreadsheets write it, or XLSX; anything that is not plainly one is refused.

An XLSX file is a zip of XML: it is unpacked here first, counted while it is read, and refused where it declares entities.
"""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from lms.i18n import N_
from lms.refusals import Refusal
from lms.services.common.cells import meant

MAX_BYTES, MAX_ROWS, MAX_COLUMNS, MAX_CELL = 1024 * 1024, 2000, 20, 500
MAX_UNPACKED, MAX_PARTS, PIECE = 20 * 1024 * 1024, 200, 64 * 1024
LAST_LINE = 10 * MAX_ROWS  # of a sheet: a file may claim any, and each is gone through
SEPARATORS = (",", ";", "\t")


class TooLarge(Refusal):
    """More than a list of people is."""

    message = N_("The file is too large: at most 1 MB, %(rows)s rows and %(columns)s columns. Send it in parts.")
    status = 413

    def __init__(self) -> None:
        super().__init__(rows=MAX_ROWS, columns=MAX_COLUMNS)


class NoTable(Refusal):
    """Neither CSV nor XLSX, or a damaged one."""

    message = N_("This file can't be read as a list. Save it as CSV (UTF-8) or XLSX and send that.")


class Suspicious(Refusal):
    """A workbook that holds what no list of people needs."""

    message = N_(
        "This workbook holds parts that a list does not have. Copy the list into a new one, or save it as CSV."
    )


class EmptyFile(Refusal):
    """There is nothing in it."""

    message = N_("There is no list in this file. Its first row names the columns.")


@dataclass(frozen=True, slots=True)
class Row:
    """A row with the number that it has in a spreadsheet; a cell is text without spaces around it."""

    line: int
    cells: tuple[str, ...]


def read(content: bytes) -> list[Row]:
    """The rows of the file's first table that are not empty, the names of the columns first.

    Raises TooLarge, NoTable, Suspicious, EmptyFile.
    """
    if len(content) > MAX_BYTES:
        raise TooLarge
    rows = list(islice(_of_workbook(content) if content.startswith(b"PK") else _of_text(content), MAX_ROWS + 2))
    if not rows:
        raise EmptyFile
    if len(rows) > MAX_ROWS + 1:
        raise TooLarge
    return rows


def _of_text(content: bytes) -> Iterator[Row]:
    text = _decoded(content)
    if "\0" in text:
        raise NoTable
    first = text.lstrip("\r\n").partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    found, line = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 1
    try:
        for values in found:
            yield from _row(line, values)
            line = found.line_num + 1
    except csv.Error as error:
        raise NoTable from error


def _decoded(content: bytes) -> str:
    """The text in UTF-8, in UTF-16 with its mark, else as older spreadsheets of Windows write it."""
    try:
        return content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise NoTable from error


def _of_workbook(content: bytes) -> Iterator[Row]:
    from openpyxl import load_workbook  # only who imports needs it

    _check_parts(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # they are told by the file, and may be anything
        for line, cells in enumerate(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS + 1), 1):
            if line > LAST_LINE:
                raise TooLarge
            yield from _row(line, [_text(cell) for cell in cells])
    except Refusal:
        raise
    except Exception as error:  # whatever the library says of a file that is no workbook
        raise NoTable from error


def _check_parts(content: bytes) -> None:
    """Raises NoTable, TooLarge, Suspicious."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS:
                raise TooLarge
            if len({part.filename for part in parts}) < len(parts):
                raise Suspicious
            total = 0
            for part in parts:
                total += _checked(archive, part, MAX_UNPACKED - total)
    except Refusal:
        raise
    except Exception as error:  # zipfile raises a dozen kinds, for what is encrypted, cut, or pressed in another way
        raise NoTable from error


def _checked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> int:
    """How long the part is. Raises TooLarge, Suspicious."""
    size, before = 0, b""
    if "vbaProject" in part.filename or "externalLinks/" in part.filename:
        raise Suspicious
    with archive.open(part) as file:
        while piece := file.read(PIECE):
            size += len(piece)
            if size > most:
                raise TooLarge
            if size == len(piece) and piece[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise Suspicious  # XML in UTF-16 could say the same where we do not see it
            if b"<!DOCTYPE" in before + piece or b"<!ENTITY" in before + piece:
                raise Suspicious
            before = piece[-10:]
    return size


def _row(line: int, values: Sequence[str]) -> Iterator[Row]:
    """The row, unless it is empty."""
    cells = [meant(value.strip()) for value in values]
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > MAX_COLUMNS or any(len(cell) > MAX_CELL for cell in cells):
        raise TooLarge
    if cells:
        yield Row(line, tuple(cells))


def _text(cell: Any) -> str:
    """What a cell of a workbook shows."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    return str(cell)
