"""A roster of a hostile crowd: every file of it has the same lines in the same order, and no formula."""

import csv
import io
import json
import re
import subprocess
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from pypdf import PdfReader

from lms.services.common.cells import MEANS_MORE, SIGNS, meant
from lms.services.reporting.roster_files import make
from tests.exports.conftest import COLUMNS, Crowd, Line
from tests.exports.office import Cell, opened
from tests.services.rostering import roster
from tests.tools import require

TEXTS = (0, 1, 2, 7)
SEPARATORS = ",;\t"
ON_PAPER = 120


def made(crowd: Crowd, kind: str, columns: str = COLUMNS, **filters: str) -> bytes:
    return b"".join(make(roster(crowd.database, columns, **filters), kind).pieces)


def test_csv(crowd: Crowd) -> None:
    head, *rows = csv.reader(io.StringIO(made(crowd, "csv").decode(), newline=""), strict=True)
    assert head[0] == "Name"
    assert [_line(meant(row[0]), row[1], meant(row[2]), *map(_day, row[3:5]), *row[5:]) for row in rows] == crowd.lines


def test_no_program_sees_a_formula_in_csv_whatever_it_parts_cells_by(crowd: Crowd) -> None:
    written = made(crowd, "csv").decode()
    for separator in SEPARATORS:
        for row in csv.reader(io.StringIO(written, newline=""), delimiter=separator):
            assert not [cell for cell in row if cell.startswith(MEANS_MORE if separator == "," else SIGNS)]


def test_json(crowd: Crowd) -> None:
    rows = [list(row.values()) for row in json.loads(made(crowd, "json"))["rows"]]
    assert [_line(*row[:3], *map(_day, row[3:5]), *row[5:]) for row in rows] == crowd.lines


def test_xlsx(crowd: Crowd) -> None:
    file = made(crowd, "xlsx")
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        for name in parts.namelist():
            assert b"<f>" not in parts.read(name) and b"<f " not in parts.read(name), name
    _, *rows = load_workbook(io.BytesIO(file)).worksheets[0].iter_rows()
    kinds = [{row[place].data_type for row in rows if row[place].value is not None} for place in range(8)]
    assert kinds == [{"s"}, {"s"}, {"s"}, {"d"}, {"d"}, {"n"}, {"n"}, {"s"}]
    assert [_line(*(_of_workbook(cell.value) for cell in row)) for row in rows] == [
        _line(_ended(name), who, _ended(place), *more) for name, who, place, *more in crowd.lines
    ]


def test_pdf(crowd: Crowd) -> None:
    """The days keep the list short: some hundred people, of whom everything but their names fits on a line."""
    require("pdftotext")
    columns, days = "id started completed score hours certificate", {"since": "2026-11-01", "until": "2026-11-24"}
    written = made(crowd, "pdf", columns, **days)
    asked = [line for line in crowd.lines if date(2026, 11, 1) <= line[4] <= date(2026, 11, 24)]
    expected = [" ".join(_said(cell) for cell in (line[1], *line[3:]) if cell not in (None, "")) for line in asked]
    told = subprocess.run(["pdftotext", "-layout", "-", "-"], input=written, capture_output=True, check=True)
    for pages in (
        told.stdout.decode(),
        "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(written)).pages),
    ):
        words = " ".join(pages.split())
        places = [words.find(each) for each in expected]
        assert -1 not in places and places == sorted(places)
    assert len(asked) > 20


@pytest.mark.audit
def test_the_reader_sees_a_formula_where_there_is_one(tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(b'a,=1+1,"=2"\r\nb;=3,x\r\n')
    assert [[cell.is_formula for cell in row] for row in opened(file, ",")[0]] == [[False, True, True], [False, False]]
    assert opened(file, ";")[0][1] == [Cell("b"), Cell("Err:509", is_formula=True)]


def test_libreoffice_has_the_same_lines_with_days_and_numbers(crowd: Crowd, tmp_path: Path) -> None:
    file = tmp_path / "list.xlsx"
    file.write_bytes(made(crowd, "xlsx"))
    sheet, _about = opened(file)
    assert not any(cell.is_formula for row in sheet for cell in row)
    assert [_line(*map(_of_office, _padded(row))) for row in sheet[1:]] == [
        _line(_shown(name), who, _shown(place), *more) for name, who, place, *more in crowd.lines
    ]


@pytest.mark.parametrize(
    "separator", [pytest.param(each, marks=pytest.mark.audit) if each != ";" else each for each in SEPARATORS]
)
def test_libreoffice_makes_no_formula_of_csv(crowd: Crowd, tmp_path: Path, separator: str) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(made(crowd, "csv"))
    (sheet,) = opened(file, separator)
    assert not [cell for row in sheet for cell in row if cell.is_formula]
    if separator == ",":
        assert [row[1].value for row in sheet[1:]] == [line[1] for line in crowd.lines]


def _line(name: str, who: str, place: str, *more: Any) -> Line:
    """The line as this program means it, of what a reader has: whole numbers as such, nothing as None or an empty text."""
    started, done, score, hours, certificate = more
    whole = None if score in (None, "") else int(float(score))
    return name or "", who, place or "", started, done, whole, float(hours), certificate or ""


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _of_workbook(value: Any) -> Any:
    return value.date() if isinstance(value, datetime) else _ended(unescape(value)) if isinstance(value, str) else value


def _of_office(cell: Cell) -> Any:
    return _shown(cell.value) if isinstance(cell.value, str) else cell.value


def _ended(text: str) -> str:
    """With the one end of lines that XML knows."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _shown(text: str) -> str:
    """What LibreOffice shows of it: it keeps neither control characters nor every space."""
    return re.sub(r"[\x00-\x1f\ufffe\uffff\s]", "", text)


def _padded(row: list[Cell]) -> list[Cell]:
    return row + [Cell(None)] * (8 - len(row))


def _said(cell: object) -> str:
    return cell.isoformat() if isinstance(cell, date) else f"{cell:g}" if isinstance(cell, float) else str(cell)
