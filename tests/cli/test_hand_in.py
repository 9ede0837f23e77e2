"""`lms hand-in`: a file of saved progress, taken where there are no pages."""

import json
import stat
from pathlib import Path

from sqlalchemy import select

from lms.certificates.keys import load_store_key
from lms.certificates.signed import is_by_store, raw
from lms.config import Settings
from lms.ids import uuid7
from lms.storage.database import Database
from lms.storage.tables import events
from tests.cli.conftest import Lms
from tests.phone import Phone


def test_a_file_is_taken_and_a_receipt_written(lms: Lms, instance: Path, tmp_path: Path) -> None:
    lms("init")
    phone = Phone(None, uuid7())  # type: ignore[arg-type]
    lines = [phone.line("learner.module_completed", item="m-uno", release="0" * 64), {"raw": "x", "signature": ""}]
    head = {"vereda": "file 1", "learner": phone.learner, "device": phone.device, "made": ""}
    whole = "".join(json.dumps(each) + "\n" for each in (head, *lines, {"end": 2}))
    file = tmp_path / "avance.ndjson"
    file.write_text(whole)
    said = lms("hand-in", str(file)).output
    assert "1 act is here and does not count yet" in said
    assert "1 line was not taken" in said
    assert "missing" not in said
    made = tmp_path / "avance.ndjson.receipt.json"
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    receipt = json.loads(made.read_bytes())
    key = load_store_key(Settings.load().keys)
    assert is_by_store(key, receipt["payload"].encode(), raw(receipt["signature"]))
    database = Database(Settings.load().url)
    with database.reading() as tx:
        query = select(events.c.via, events.c.proof).where(events.c.learner == phone.learner)
        assert [tuple(row) for row in tx.execute(query)] == [("file", "")]
    database.close()
    file.write_text(whole[:-10])
    other = tmp_path / "other.json"
    assert "The end of the file is missing" in lms("hand-in", str(file), "--receipt", str(other)).output
    assert other.exists()
    file.write_text("x")
    assert "not a file of saved progress" in lms("hand-in", str(file), code=1).output


def test_a_folder_of_files_is_taken_file_by_file(lms: Lms, tmp_path: Path) -> None:
    lms("init")
    stick = tmp_path / "stick"
    stick.mkdir()
    assert "ends in .ndjson" in lms("hand-in", str(stick), code=1).output
    for name in ("a", "b"):
        phone = Phone(None, uuid7())  # type: ignore[arg-type]
        head = {"vereda": "file 1", "learner": phone.learner, "device": phone.device, "made": ""}
        line = phone.line("learner.module_completed", item="m-uno", release="0" * 64)
        (stick / f"{name}.ndjson").write_text("".join(json.dumps(each) + "\n" for each in (head, line, {"end": 1})))
    (stick / "._a.ndjson").write_text("what a Mac leaves there")
    (stick / "photo.jpg").write_text("x")
    assert lms("hand-in", str(stick)).output.count("1 act is here") == 2
    assert {each.name for each in stick.glob("*.json")} == {"a.ndjson.receipt.json", "b.ndjson.receipt.json"}
    assert "only one file" in lms("hand-in", str(stick), "--receipt", "x", code=1).output
    (stick / "a.ndjson").write_text("x")
    said = lms("hand-in", str(stick), code=1).output
    assert "not a file of saved progress" in said
    assert "1 act is here" in said, "one that is none keeps none of the others out"
    said = lms("hand-in", str(stick / "b.ndjson"), "--receipt", str(tmp_path / "no" / "x.json"), code=1).output
    assert "was taken all the same" in said
