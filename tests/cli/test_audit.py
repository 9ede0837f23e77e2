"""`lms audit`: what the staff did."""

import csv
import io
import stat
from pathlib import Path

from sqlalchemy import update

from lms.config import Settings
from lms.services.common.staff_acts import note
from lms.storage.database import Database
from lms.storage.tables import audit
from tests.cli.conftest import Lms
from tests.conftest import NOW


def test_it_is_written_checked_and_found_out(lms: Lms, instance: Path, tmp_path: Path) -> None:
    lms("init")
    database = Database(Settings.load().url)
    assert "1 line" in lms("audit", "--check").output
    with database.writing() as tx:
        note(tx, "goal-set", by="", subject="g", now=NOW)
    rows = list(csv.reader(io.StringIO(lms("audit").stdout)))
    assert [row[4] for row in rows] == ["act", "audit-taken", "goal-set", "first-code"]
    file = tmp_path / "audit.csv"
    assert "2 rows" in lms("audit", "--since", "2026-11-24", "--act", "audit-taken", "--out", str(file)).stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "4 lines" in lms("audit", "--check", "--hash", rows[1][-1]).output
    assert "No line has this hash" in lms("audit", "--hash", "0" * 64, code=1).output
    with database.writing() as tx:
        tx.execute(update(audit).where(audit.c.subject == "g").values(actor="x"))
    assert "Line 2 does not follow" in lms("audit", "--check", code=1).output
    assert "The days are not right" in lms("audit", "--since", "x", code=1).output
    database.close()
