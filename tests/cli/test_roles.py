"""`lms users grant|revoke`, `lms quarantine`."""

import json
import stat
from dataclasses import replace
from pathlib import Path

from lms.cli.place import open_pen
from lms.config import Settings
from lms.learning.events import encode
from lms.services.common.record import Act, record
from lms.storage import audit, event_log
from lms.storage.database import Database
from tests.cli.conftest import Lms
from tests.conftest import NOW


def test_roles_are_given_and_taken(lms: Lms, instance: Path) -> None:
    lms("init")
    lms("users", "add", "eva", "--role", "administrator")
    lms("users", "add", "ana")
    given = lms("users", "grant", "ANA", "coordinator")
    assert given.stdout == "ana: coordinator, learner\n" and "lms users reset ana" in given.stderr
    assert lms("users", "grant", "ana", "author").stdout == "ana: author, coordinator, learner\n"
    assert lms("users", "revoke", "ana", "coordinator").stdout == "ana: author, learner\n"
    assert lms("users", "revoke", "ana", "author").stdout == "ana: learner\n"
    assert "Nobody else who can sign in" in lms("users", "revoke", "eva", "administrator", code=1).output
    assert "nobody called" in lms("users", "grant", "zoe", "author", code=1).output
    lms("users", "grant", "ana", "queen", code=2)
    lms("users", "reset", "ana")
    database = Database(Settings.load().url)
    with database.reading() as tx:
        told = [(each.actor, each.act) for each in audit.lines(tx, newest=False)]
    acts = ["first-code", "account-made", *["role-given"] * 2, *["role-taken"] * 2, "passphrase-given"]
    assert told == [("", act) for act in acts], "of who only learns there is nothing to tell"
    database.close()


def test_lines_in_quarantine_are_listed_and_exported(lms: Lms, instance: Path, tmp_path: Path) -> None:
    lms("init")
    settings = Settings.load()
    database = Database(settings.url)
    with database.writing() as tx:
        act = Act(type="learner.written", learner=None, course="c", data={"text": "una"})
        event = record(tx, open_pen(settings, database), act, now=NOW)
        assert event
        other = replace(event, data={"text": "otra"})
        event_log.append(tx, encode(other), other, now=NOW, via="file")
    (line,) = lms("quarantine", "list").stdout.splitlines()
    assert event.id in line and "learner.written" in line and line.endswith("waits")
    assert lms("quarantine", "list", "--state", "seen").stdout == ""
    file = tmp_path / "lines.jsonl"
    assert "1 line in" in lms("quarantine", "export", "--out", str(file), "--reason", "To mend it").stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(json.loads(file.read_text())["line"])["data"] == {"text": "otra"}
    with database.reading() as tx:
        last = next(audit.lines(tx))
    assert last.act == "quarantine-taken" and last.data["reason"] == "To mend it" and last.actor == ""
    database.close()
