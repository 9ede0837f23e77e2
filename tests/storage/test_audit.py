"""The audit: a chain that shows what was changed or left out."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from lms.services.common.staff_acts import note
from lms.storage import audit
from lms.storage.database import Database
from lms.storage.tables import audit as table
from tests.conftest import NOW


@pytest.fixture
def written(database: Database) -> Database:
    """A database with four acts in its audit."""
    for number in range(4):
        with database.writing() as tx:
            note(tx, "cohort-made", by="carla", subject=f"c-{number}", now=NOW + timedelta(minutes=number), n=number)
    return database


def test_acts_are_told_the_newest_first(written: Database) -> None:
    with written.reading() as tx:
        assert [each.data for each in audit.lines(tx)] == [{"n": number} for number in (3, 2, 1, 0)]
        (one,) = audit.lines(tx, table.c.subject == "c-2")
        assert (one.actor, one.act, one.at) == ("carla", "cohort-made", NOW + timedelta(minutes=2))
        assert audit.first_broken(tx) is None


@pytest.mark.parametrize("change", [{"actor": "eva"}, {"data": "{}"}, {"at": NOW}, {"subject": ""}, {"hash": "0" * 64}])
def test_a_line_that_was_changed_is_found(written: Database, change: dict[str, object]) -> None:
    with written.writing() as tx:
        tx.execute(update(table).where(table.c.subject == "c-2").values(**change))
        assert audit.first_broken(tx) == 3


def test_a_line_that_was_left_out_is_found(written: Database) -> None:
    with written.writing() as tx:
        tx.execute(delete(table).where(table.c.subject == "c-1"))
        assert audit.first_broken(tx) == 3


def test_an_act_needs_a_sentence(database: Database) -> None:
    with database.writing() as tx, pytest.raises(KeyError):
        note(tx, "something", by="", now=NOW)
