"""The files of a roster, as programs that know nothing of ours read them."""

import csv
import hashlib
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from lms.content.model import Course
from lms.learning.roster import COLUMNS
from lms.services.common.cells import meant
from lms.services.reporting.roster_files import make
from lms.services.reporting.rosters import Roster
from lms.storage.database import Database
from lms.storage.tables import metadata
from tests.services.conftest import publish
from tests.services.rostering import Line, add_cohort, add_lines, at, roster, rows
from tests.tools import require

MARKUP = '=HYPERLINK("http://evil.test";"x")'


@pytest.fixture
def asked(database: Database, sample: Course) -> Roster:
    """Three people, one with everything, one with hardly anything, one whose name is a formula."""
    release = publish(database, sample)
    add_cohort(database, "Frontera, sur")
    there = {"institution": 'Casa "Luz"; sede 2', "institution_type": "shelters", "country": "GT", "external_id": "007"}
    add_lines(
        database,
        Line(
            name="Ana K'iche' Ñuñez", cohorts=("Frontera, sur",), release=release, started=at(2, 3), person=there,
            certificates=(("7K3Q-ZX0T-9B4M-E2-9", 1, "issued"),),
        ),
        Line(name="Beto", score=None, started=None, release=release),
        Line(name="=1+1", person={"institution": MARKUP, "username": "+503"}),
    )  # fmt: skip
    return roster(database, "all")


def content(roster: Roster, kind: str, *, mark: bool = False) -> bytes:
    made = make(roster, kind, mark=mark)
    found = b"".join(made.pieces)
    assert made.size in (None, len(found))
    return found


def test_every_file_has_the_same_rows_in_the_same_order(asked: Roster) -> None:
    expected = rows(asked)
    assert len(expected) == 3

    in_csv = list(csv.reader(io.StringIO(content(asked, "csv").decode(), newline="")))
    assert in_csv[0] == asked.headings
    assert [[meant(cell) for cell in row] for row in in_csv[1:]] == [[_text(cell) for cell in row] for row in expected]

    in_json = json.loads(content(asked, "json"))
    assert [tuple(row.values()) for row in in_json["rows"]] == [
        tuple(cell.isoformat() if isinstance(cell, date) else cell for cell in row) for row in expected
    ]
    assert list(in_json["rows"][0]) == list(COLUMNS)
    assert (in_json["count"], in_json["language"], in_json["filters"]) == (3, "en", {"state": "completed"})
    assert [column["heading"] for column in in_json["columns"]] == asked.headings

    sheet = load_workbook(io.BytesIO(content(asked, "xlsx"))).worksheets[0]
    head, *lines = sheet.iter_rows()
    assert [cell.value for cell in head] == asked.headings
    assert [tuple(_plain(cell.value) for cell in line) for line in lines] == [
        tuple(None if cell == "" else cell for cell in row) for row in expected
    ]

    require("pdftotext")
    few = roster(asked.database, "name id country completed hours certificate")
    told, expected = _pdf(content(few, "pdf")), rows(few)
    places = [told.index(word) for word in ("K'iche'", "Beto", "=1+1")]
    assert places == sorted(places)
    for row in expected:
        for cell in row:
            for word in _text(cell).split():
                assert word in told


def test_a_spreadsheet_has_days_numbers_and_texts(asked: Roster) -> None:
    book = load_workbook(io.BytesIO(content(asked, "xlsx")))
    sheet, about = book.worksheets
    kinds = {name: sheet.cell(2, place).data_type for place, name in enumerate(COLUMNS, start=1)}
    assert {name for name, kind in kinds.items() if kind == "d"} == {"started", "completed"}
    assert {name for name, kind in kinds.items() if kind == "n"} <= {"score", "hours"}
    assert kinds["id"] == "s" and sheet.cell(2, 2).value == "007"
    assert sheet.cell(2, 10).number_format == "yyyy-mm-dd"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:N4"
    assert sheet.column_dimensions["A"].width > 30
    said = {line[0].value: line[1].value for line in about.iter_rows()}
    assert said["Rows"] == 3 and said["Installation"] == "Vereda" and said["Course"] == "All courses"


def test_csv_is_as_rfc_4180_has_it_with_a_mark_where_it_is_wanted(asked: Roster) -> None:
    plain = content(asked, "csv")
    assert plain.count(b"\r\n") == 4 and b"\n" not in plain.replace(b"\r\n", b"")
    assert content(asked, "csv", mark=True) == b"\xef\xbb\xbf" + plain
    assert b'"Casa ""Luz""; sede 2"' in plain
    assert b"\r\n'=1+1,'+503," in plain


def test_a_pdf_says_what_it_is_and_repeats_its_headings(sqlite_database: Database) -> None:
    require("pdftotext")
    add_lines(sqlite_database, *(Line(name=f"Persona {n}") for n in range(70)))
    asked = roster(sqlite_database, "name course completed", since="2026-11-01")
    told = _pdf(content(asked, "pdf"))
    pages = told.rstrip("\f").split("\f")
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        assert "Completed" in page and re.search(rf"Page {number} of\s+{len(pages)}\b", page)
    assert hashlib.sha256(content(asked, "csv")).hexdigest() in pages[0]
    assert "Period: since 1 November 2026" in pages[0] and "Rows: 70" in pages[0]
    assert re.findall(r"Persona (\d+)", told) == [str(n) for n in range(70)]


def test_a_word_longer_than_its_column_is_broken_and_whole(sqlite_database: Database) -> None:
    require("pdftotext")
    add_lines(sqlite_database, Line(name="W" * 200), Line(name="Ana"))
    told = "".join(_pdf(content(roster(sqlite_database), "pdf")).split())
    assert "W" * 200 in told and "Ana" in told


def test_nobody_is_a_list_too(sqlite_database: Database) -> None:
    asked = roster(sqlite_database)
    assert content(asked, "csv").count(b"\r\n") == 1
    assert json.loads(content(asked, "json"))["rows"] == []
    assert load_workbook(io.BytesIO(content(asked, "xlsx"))).worksheets[0].max_row == 1
    assert content(asked, "pdf").startswith(b"%PDF")


def test_what_is_made_whole_leaves_no_file(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_lines(sqlite_database, Line(name="Ana"))
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    for kind in ("xlsx", "pdf", "csv", "json"):
        made = make(roster(sqlite_database), kind)
        assert list(place.iterdir()) == []
        assert b"".join(made.pieces)


BIG = """
import re, sys
from pathlib import Path
from lms.storage.database import Database
from lms.services.reporting.roster_files import make
from tests.services.rostering import roster
database = Database(sys.argv[1])
lines = roster(database, "all")
size = sum(map(len, make(lines, sys.argv[2]).pieces))
peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())
print(size, int(peak[1]) // 1024)
"""
"""What a process weighs that makes such a file."""


@pytest.fixture(scope="module")
def hundred_thousand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A hundred thousand people who have completed a course, with a certificate."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('big') / 'big.sqlite'}")
    metadata.create_all(database.engine)
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
    key, moment = "printf('01a20000-0000-7000-8000-%012d', i)", "'2026-11-24 12:00:00.000000'"
    with database.writing() as tx:
        for table, values in {
            "people (id, username, display_name, passphrase_hash, must_change, active, institution, institution_type, country, phone, created_at)": f"{key}, 'persona.' || i, 'Ana Lucía Pérez ' || i, '', 0, 1, 'Dirección de Migración, sede ' || i, 'migration', 'GT', '', {moment}",
            "progress (learner, course, started_at, completed_at, major, release, score, body)": f"{key}, 'demo-course', {moment}, {moment}, 1, '', 0.9, '{{}}'",
            "certificates (number, learner, course, major, edition, state, credential, requested_at)": f"'7K3Q-' || i, {key}, 'demo-course', 1, 1, 'issued', '{{}}', {moment}",
        }.items():
            tx.exec_driver_sql(f"INSERT INTO {table} {numbers} SELECT {values} FROM n")
    yield database
    database.close()


@pytest.mark.parametrize(
    ("kind", "most"), [("csv", 80), ("json", 80), pytest.param("xlsx", 150, marks=pytest.mark.audit)]
)
def test_a_hundred_thousand_rows_weigh_little(hundred_thousand: Database, kind: str, most: int) -> None:
    command = [sys.executable, "-c", BIG, hundred_thousand.url, kind]
    told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    size, megabytes = map(int, told.stdout.split())
    assert size > 4_000_000
    assert megabytes < most


def _plain(value: object) -> object:
    """A day for the moment that openpyxl takes it for."""
    return value.date() if isinstance(value, datetime) else value


def _text(cell: object) -> str:
    return "" if cell is None else f"{cell:g}" if isinstance(cell, float) else str(cell)


def _pdf(made: bytes) -> str:
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=made, capture_output=True, check=True)
    return done.stdout.decode()
