"""`lms indicators`: the figures as a file."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from lms.cli.place import open_database
from lms.config import Settings
from lms.services.reporting.goals import Goal
from lms.storage import audit, goals
from lms.storage.database import Database
from tests import programme
from tests.cli.conftest import Lms

ALWAYS = ("--from", "2000-01-01", "--to", "2099-12-31")


@pytest.fixture
def filled(lms: Lms) -> Database:
    """A programme with 480 people and 30 goals."""
    lms("init")
    lms("publish")
    database = open_database(Settings.load())
    with database.writing() as tx:
        programme.fill(tx)
        for n in range(30):
            goals.save(tx, Goal(id=f"g{n}", measure="people", year=2025 + n % 2, quarter=n % 5, target=100 + n))
    return database


def test_a_spreadsheet(lms: Lms, filled: Database, tmp_path: Path) -> None:
    out = tmp_path / "made.xlsx"
    assert "480 people trained, 533 certificates" in lms("indicators", "--out", str(out), *ALWAYS).output
    book = load_workbook(out)
    rows = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
    assert rows["Por país"][1] == ("Guatemala", 130, 144)
    assert len(rows["Metas"]) == 30 + 1 + 2
    assert max(map(len, rows)) <= 31 and len(rows) == len(book.worksheets)
    assert any("Mujeres y hombres, 2025" in title for title in rows)
    with filled.reading() as tx:
        line = next(audit.lines(tx))
    assert (line.actor, line.act, line.data["form"]) == ("", "indicators-taken", "xlsx")


def test_a_page_stays_one_however_much_there_is(lms: Lms, filled: Database, tmp_path: Path) -> None:
    out = tmp_path / "made.pdf"
    lms("indicators", "--out", str(out), "--language", "en", *ALWAYS)
    (page,) = PdfReader(out).pages
    told = page.extract_text()
    assert "480" in told and "533" in told and "rows more" in told
    assert "160 women and 100 men" in told


def test_filters_and_what_is_not_known(lms: Lms, filled: Database, tmp_path: Path) -> None:
    out = str(tmp_path / "made.xlsx")
    assert "130 people" in lms("indicators", "--out", out, "--country", "gt", *ALWAYS).output
    assert "0 people" in lms("indicators", "--out", out, "--from", "2001-01-01", "--to", "2001-12-31").output
    code = lms("cohorts", "add", "Frontera", "--course", "demo-course").output.strip().rpartition("/")[2]
    assert "0 people" in lms("indicators", "--out", out, "--cohort", code, *ALWAYS).output
    for wrong in (("--country", "ZZ"), ("--type", "x"), ("--course", "x"), ("--from", "yesterday"), ("--cohort", "X")):
        assert "Error" in lms("indicators", "--out", out, *wrong, code=1).output
    assert "must end in" in lms("indicators", "--out", str(tmp_path / "made.doc"), code=1).output
