"""A clock that can't be right issues nothing and says so; once it is right, everything that waited is issued, once."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner

from lms.certificates import qr
from lms.cli import main
from lms.services.common.clock import BUILT
from lms.storage import certificates, schema
from lms.storage.tables import metadata
from tests.certificates.instance import Place, make_place, verify
from tests.conftest import NOW

WRONG = {
    "1970": datetime(1970, 1, 1, 0, 7, tzinfo=UTC),
    "the day before it was built": BUILT - timedelta(days=1),
    "earlier than the newest receipt": NOW - timedelta(minutes=11),
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    made = make_place(tmp_path, monkeypatch)
    metadata.drop_all(made.database.engine)
    schema.upgrade(made.database)
    with made.database.writing() as tx:
        tx.exec_driver_sql(
            "INSERT INTO store (one, id, device, epoch, created_at) VALUES (1, ?, ?, 1, ?)",
            (made.pen.store.id, made.pen.store.device, NOW.replace(tzinfo=None).isoformat(" ")),
        )
    yield made
    made.database.close()


def lms_clock(place: Place) -> tuple[int, str]:
    """What the administrator is told who asks."""
    environment = {"LMS_INSTANCE": str(place.settings.instance), "LC_ALL": "en_US.UTF-8"}
    with time_machine.travel(place.now, tick=False):
        done = CliRunner().invoke(main, ["clock"], prog_name="lms", env=environment)
    return done.exit_code, done.output


@pytest.mark.parametrize("wrong", WRONG)
def test_a_clock_that_can_not_be_right_issues_nothing_and_is_told(
    place: Place, wrong: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = [place.ask(place.person(f"Ana {n}")) for n in range(3)]
    place.now = WRONG[wrong]
    during = [place.ask(place.person(f"Eva {n}")) for n in range(3)]
    asked = [*before, *during]
    with caplog.at_level(logging.ERROR):
        assert place.work() == 0
    told = [each.getMessage() for each in caplog.records]
    assert told == ["certificates wait: the clock of this computer is behind; set it, or see `lms clock`"] * len(asked)
    assert lms_clock(place)[0] == 1 and "Certificates wait: the clock says" in lms_clock(place)[1]
    if wrong == "1970":
        assert not place.trust.numbers  # which would be of that day too
    with place.database.reading() as tx:
        assert set(certificates.pending(tx)) == set(asked)
    assert place.issued_events() == 0 and not any(place.files(each) for each in asked)

    place.now = NOW + timedelta(days=2)
    assert lms_clock(place) == (0, "The clock says 2026-11-26 12:00 UTC: certificates are made.\n")
    caplog.clear()
    assert (place.work(), place.work()) == (len(asked), 0)
    assert place.issued_events() == len(asked) and not caplog.records
    for numbers, day in ((before, NOW), (during, place.now)):
        for number in numbers:
            assert place.one(number).credential.issued_on == place.settings.day(day)
            for kind, data in place.files(number).items():
                assert verify(kind, data, place.trust, place.now).outcome == "valid"
            assert qr.read(place.files(number)["code"]).claims.issued_on == place.settings.day(day)


def test_a_clock_a_little_behind_is_no_matter(place: Place) -> None:
    number = place.ask(place.person("Ana"))
    place.now = NOW - timedelta(minutes=9)
    other = place.ask(place.person("Eva"))
    assert place.work() == 2
    for each in (number, other):
        assert place.one(each).credential.issued_on == place.settings.day(NOW)
