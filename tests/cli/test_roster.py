"""`lms roster`: the list of people as a file."""

import csv
import io
import json
import stat
from pathlib import Path

import pytest
from openpyxl import load_workbook

from lms.config import Settings
from lms.storage import audit
from lms.storage.database import Database
from tests.cli.conftest import Lms
from tests.services.rostering import Line, add_cohort, add_lines


@pytest.fixture
def filled(lms: Lms, instance: Path) -> Lms:
    """An installation with three people."""
    lms("init")
    database = Database(Settings.load().url)
    add_cohort(database, "AAAAA-BBBBB")
    add_lines(
        database,
        Line(name="Ana", cohorts=("AAAAA-BBBBB",), person={"country": "GT"}),
        Line(name="Beto", person={"country": "HN"}),
        Line(name="Cata", completed=None),
    )
    database.close()
    return lms


def names(text: str) -> list[str]:
    return [row[0] for row in csv.reader(io.StringIO(text))][1:]


def test_it_writes_the_rows_out(filled: Lms) -> None:
    assert names(filled("roster").stdout) == ["Ana", "Beto"]
    assert names(filled("roster", "--state", "all").stdout) == ["Ana", "Beto", "Cata"]
    assert names(filled("roster", "--country", "HN").stdout) == ["Beto"]
    assert names(filled("roster", "--cohort", "aaaaabbbbb").stdout) == ["Ana"]
    assert names(filled("roster", "--until", "2026-01-01").stdout) == []
    assert filled("roster", "--columns", "country, name").stdout.startswith("Name,Country")
    assert len(filled("roster", "--columns", "all").stdout.splitlines()[0].split(",")) == 14
    assert filled("roster", "--bom").stdout_bytes.startswith(b"\xef\xbb\xbf")
    assert json.loads(filled("roster", "--format", "json").stdout)["count"] == 2


def test_a_file_is_its_owners_alone_and_whole(filled: Lms, tmp_path: Path) -> None:
    for kind in ("xlsx", "pdf", "csv", "json"):
        file = tmp_path / f"list.{kind}"
        assert "2 rows in" in filled("roster", "--format", kind, "--out", str(file)).stderr
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert load_workbook(tmp_path / "list.xlsx").worksheets[0]["A3"].value == "Beto"
    assert sorted(path.suffix for path in tmp_path.glob("list*")) == [".csv", ".json", ".pdf", ".xlsx"]
    assert "can't be written" in filled("roster", "--out", str(tmp_path / "none" / "x.csv"), code=1).output


def test_what_is_wrong_is_told(filled: Lms) -> None:
    for words, part in (
        (["--columns", "sex"], "No column is called “sex”"),
        (["--since", "yesterday"], "is not a date"),
        (["--cohort", "none"], "No cohort has this code"),
    ):
        assert part in filled("roster", *words, code=1).output
    assert "not one of" in filled("roster", "--format", "doc", code=2).output


def test_it_is_in_the_audit(filled: Lms) -> None:
    filled("roster", "--reason", "Donor report")
    database = Database(Settings.load().url)
    with database.reading() as tx:
        line = next(audit.lines(tx))
    database.close()
    assert (line.actor, line.act, line.data["n"], line.data["reason"]) == ("", "roster-taken", 2, "Donor report")


def test_a_bar_shows_how_far_it_is_where_somebody_looks(
    filled: Lms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved: list[int] = []

    class Bar:
        def __init__(self, length: int, **_more: object) -> None:
            self.length = length

        def __enter__(self) -> "Bar":
            return self

        def __exit__(self, *_error: object) -> None:
            assert sum(moved) == self.length
            moved.clear()

        def update(self, n: int) -> None:
            moved.append(n)

    monkeypatch.setattr("lms.cli.roster._is_watched", lambda: True)
    monkeypatch.setattr("click.progressbar", Bar)
    for kind in ("xlsx", "pdf", "csv", "json"):
        filled("roster", "--format", kind, "--out", str(tmp_path / f"list.{kind}"))
