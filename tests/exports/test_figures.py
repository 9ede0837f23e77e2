"""The indicators as a spreadsheet and as a page for a donor, where program, issuer and group have hostile names."""

import io
import subprocess
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from lms.i18n import Reader
from lms.learning.indicators import DIMENSIONS
from lms.services.reporting import figures, indicators
from lms.services.reporting.donor_page import donor_page
from lms.services.reporting.goals import Goal
from lms.services.reporting.indicators import Filters, Report, Scope
from lms.services.reporting.workbook import workbook
from lms.services.running.publish import publish
from lms.storage import cohorts, goals
from lms.storage.database import Database
from lms.storage.releases import Catalogue
from tests import hostile, programme
from tests.conftest import NOW
from tests.exports.office import opened
from tests.installation import SAMPLE
from tests.services.rostering import add_cohort
from tests.tools import require

ZONE = ZoneInfo("America/Costa_Rica")
READER = Reader("en", ZONE)
ISSUER = "<r><f>1+1</f></r>"


@pytest.fixture
def report(sqlite_database: Database) -> Report:
    """Four hundred and eighty people; a coordinator of one group asks, which has the name of a formula."""
    publish(sqlite_database, SAMPLE / "demo-course", position=0, now=NOW)
    add_cohort(sqlite_database, hostile.MARKUP)
    with sqlite_database.writing() as tx:
        programme.fill(tx, courses=("demo-course",))
        goals.save(tx, Goal(id="g", measure="people", year=2026, quarter=0, target=500))
    with sqlite_database.reading() as tx:
        release = Catalogue().live(tx, "demo-course")
        assert release
        cohort = cohorts.by_code(tx, hostile.MARKUP)
        scope = Scope(cohorts=None, cohort=cohort)
        return indicators.report(tx, scope=scope, filters=Filters(), courses=[release.course], zone=ZONE, now=NOW)


def made(report: Report) -> bytes:
    return workbook(report, READER, name="=1+1", issuer=ISSUER)


def test_the_spreadsheet_has_the_same_rows_with_numbers_as_numbers(report: Report) -> None:
    about, *sheets = load_workbook(io.BytesIO(made(report))).worksheets
    tables = figures.tables(report, READER)
    assert len(tables) > 6
    for sheet, table in zip(sheets, tables, strict=True):
        head, *rows = sheet.iter_rows(max_row=len(table.rows) + 1)
        assert [cell.value for cell in head] == list(table.headings)
        assert [[cell.value for cell in row] for row in rows] == [list(row) for row in table.rows]
        assert {row[0].data_type for row in rows} == {"s"}
        assert {cell.data_type for row in rows for cell in row[1:]} == {"n"}
    assert (about["B2"].data_type, about["B2"].value) == ("d", datetime(2026, 11, 24, 6, 0))
    said = {row[0].value: row[1].value for row in about.iter_rows(min_row=3)}
    assert said["Groups"] == hostile.MARKUP
    assert not [cell for each in (about, *sheets) for row in each.iter_rows() for cell in row if cell.data_type == "f"]


def test_a_group_called_like_markup_stays_a_text(report: Report) -> None:
    assert report.cohort
    called = replace(report, cohort=replace(report.cohort, name=ISSUER))
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(made(called))).read("xl/sharedStrings.xml")
    about = load_workbook(io.BytesIO(made(called))).worksheets[0]
    assert {row[0].value: row[1].value for row in about.iter_rows(min_row=3)}["Groups"] == ISSUER


def test_libreoffice_has_them_too(report: Report, tmp_path: Path) -> None:
    file = tmp_path / "indicators.xlsx"
    file.write_bytes(made(report))
    about, *sheets = opened(file)
    assert not [cell for sheet in (about, *sheets) for row in sheet for cell in row if cell.is_formula]
    for sheet, table in zip(sheets, figures.tables(report, READER), strict=True):
        told = [[cell.value for cell in row] for row in sheet[1 : len(table.rows) + 1]]
        assert told == [_without_end(list(row)) for row in table.rows]
    assert about[1][1].value == datetime(2026, 11, 24, 6, 0)


def test_the_page_for_a_donor_has_the_same_rows_in_the_same_order(report: Report) -> None:
    require("pdftotext")
    page = donor_page(report, READER, name="=1+1", issuer=ISSUER)
    drawn = subprocess.run(["pdftotext", "-raw", "-", "-"], input=page, capture_output=True, check=True).stdout.decode()
    (only,) = PdfReader(io.BytesIO(page)).pages
    for text in (drawn, only.extract_text()):
        told = " ".join(text.split())
        assert f"=1+1 · {ISSUER}" in told and hostile.MARKUP in told
        for dimension in DIMENSIONS:
            rows = figures.of_dimension(report, READER, dimension).rows
            shown = rows[-12:] if dimension == "quarter" else rows[:12]
            places = [told.find(" ".join(map(str, row))) for row in shown]
            assert -1 not in places and places == sorted(places), dimension


def _without_end(values: list[object]) -> list[object]:
    while values and values[-1] is None:
        values.pop()
    return values
