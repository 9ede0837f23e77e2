"""`lms retention`, and what the worker deletes by itself."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from lms.cli import housekeeping
from lms.cli.housekeeping import DAY, HOUR, Housekeeping
from lms.cli.place import open_pen
from lms.config import BadSetting, Periods, Settings
from lms.services.common.record import Act, record
from lms.services.running import retention
from lms.services.running.purposes import PURPOSES
from lms.storage import audit
from lms.storage.database import Database
from lms.storage.tables import drafts
from tests.cli.conftest import Lms
from tests.conftest import NOW

OLD = {"learner": "a", "item": "c/m/q", "body": "{}", "saved_at": NOW - timedelta(days=3650)}
LIST = {**OLD, "item": "import/x"}


@pytest.fixture
def database(lms: Lms, instance: Path) -> Database:
    lms("init")
    return Database(Settings.load().url)


def items(database: Database) -> list[str]:
    with database.reading() as tx:
        return list(tx.execute(select(drafts.c.item)).scalars())


def add(database: Database, *rows: dict[str, object]) -> None:
    with database.writing() as tx:
        tx.execute(insert(drafts), list(rows))


def test_it_tells_every_purpose_and_changes_nothing(lms: Lms, database: Database) -> None:
    add(database, OLD, LIST)
    told = lms("retention").output
    for each in PURPOSES:
        assert f"\n{each.name}: " in f"\n{told}", each.name
    assert "drafts: 365 days after being last saved  [1 would go now]" in told
    assert "lists: goes by itself: an hour after it was sent  [1 would go now]" in told
    assert "idle: until it is erased: no period is set" in told and "audit: for good" in told
    assert len(items(database)) == 2


def test_it_deletes_what_is_past_its_time_once_somebody_says_so(lms: Lms, database: Database) -> None:
    assert "Nothing is past its time." in lms("retention", "run").output
    add(database, OLD)
    assert "Nothing was deleted." in lms("retention", "run", typed="n\n").output and items(database)
    assert "There is no such purpose" in lms("retention", "run", "--only", "audit", code=1).output
    assert "Nothing is past its time." in lms("retention", "run", "--only", "cards", "--yes").output
    told = lms("retention", "run", typed="y\n").output
    assert "1  drafts: Answer sheets begun and not sent" in told and items(database) == []
    with database.reading() as tx:
        assert next((line.act, line.data) for line in audit.lines(tx)) == ("retention-run", {"drafts": 1})


def test_periods_are_settings(lms: Lms, database: Database, instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (instance / "settings.toml").write_text("retention_runs = true\n[retention]\ndrafts = 0\nidle = 1095\n", "utf-8")
    settings = Settings.load()
    assert settings.retention == Periods(drafts=0, idle=1095) and settings.retention_runs
    add(database, OLD)
    assert "Nothing is past its time." in lms("retention", "run").output
    monkeypatch.setenv("LMS_RETENTION", "drafts=30, cards=7")
    assert Settings.load().retention == Periods(drafts=30, cards=7)
    for wrong in ("drafts=x", "drafts=-1", "drafts", "nothing=3", "drafts=99999999"):
        monkeypatch.setenv("LMS_RETENTION", wrong)
        with pytest.raises(BadSetting, match="retention"):
            Settings.load()


class Hands:
    """A clock for hours and days."""

    at = 0.0

    def __call__(self) -> float:
        return self.at


def test_the_worker_deletes_by_itself_what_it_may(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settings, hands = Settings.load(), Hands()
    pen = open_pen(settings, database)
    monkeypatch.setattr(housekeeping, "now", lambda: NOW)
    house = Housekeeping(settings, database, pen, hands)
    add(database, OLD, LIST)
    house.keep()
    assert items(database) == ["c/m/q"], "what has a period stays, unless the settings say that it goes"
    add(database, LIST)
    hands.at += HOUR - 1
    house.keep()
    assert len(items(database)) == 2, "once an hour"
    hands.at += 1
    house.keep()
    assert items(database) == ["c/m/q"]

    object.__setattr__(settings, "retention_runs", True)
    with caplog.at_level(logging.WARNING, "lms.housekeeping"):
        house.keep()
    assert items(database) == ["c/m/q"] and "this clock may be wrong" in caplog.text
    with database.writing() as tx:
        record(tx, pen, Act(type="learner.unknown", learner=None), now=NOW - timedelta(days=9))
    hands.at += DAY - 1
    house.keep()
    assert items(database) == ["c/m/q"], "once a day"
    hands.at += 1
    house.keep()
    assert items(database) == []
    with database.reading() as tx:
        assert next(audit.lines(tx)).data == {"automatic": True, "drafts": 1}


def test_what_fails_keeps_no_certificate_waiting(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> int:
        raise RuntimeError("canario")

    settings = Settings.load()
    monkeypatch.setattr(retention, "sweep", fail)
    with caplog.at_level(logging.ERROR, "lms.housekeeping"):
        Housekeeping(settings, database, open_pen(settings, database), Hands()).keep()
    assert "was not deleted" in caplog.text and "canario" not in caplog.text
