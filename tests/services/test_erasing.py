"""Somebody erased: what is hers, and nobody else's."""

import pytest

from lms.learning.events import ERASED
from lms.services.common.record import Act, Pen, record
from lms.services.groups import cohorts
from lms.services.people import erasing, my_data
from lms.services.people.erasing import StillStaff
from lms.services.running.rebuild import differences, rebuild
from lms.services.studying.desk import Desk
from lms.services.studying.study import end_module
from lms.storage import audit, belongings, event_log, people
from lms.storage.database import Database
from lms.storage.people import Person
from tests.conftest import NOW
from tests.services.conftest import add_person, at


@pytest.fixture
def two(database: Database, pen: Pen, desk: Desk, ana: Person) -> tuple[Person, Person]:
    """Ana and Beto, both in a group and at work."""
    beto = add_person(database, pen, "beto", "tres palabras sueltas")
    with database.writing() as tx:
        made = cohorts.create(tx, pen, name="Consulados", courses=["demo-course"], cap=9, days=9, now=NOW)
        for each in (ana, beto):
            cohorts.join(tx, pen, person=each.id, code=made.code, now=NOW)
            record(tx, pen, Act(type="learner.unknown", learner=each.id, data={"text": each.username}), now=NOW)
            end_module(tx, desk, at(each, "m-dos"), now=NOW)
    return ana, beto


def test_she_is_gone_and_nobody_else(database: Database, pen: Pen, desk: Desk, two: tuple[Person, Person]) -> None:
    ana, beto = two
    with database.reading() as tx:
        hers, his = event_log.all_of(tx, ana.id), my_data.as_json(my_data.gather(tx, beto.id), now=NOW)
        count = len(event_log.since(tx, 0))
        assert hers and belongings.rows(tx, ana.id)["progress"]
    with database.writing() as tx:
        erasing.erase(tx, pen, person=ana.id, by="", now=NOW)
    assert database.forget(compact=True)
    with database.reading() as tx:
        assert people.by_id(tx, ana.id) is None and not any(belongings.rows(tx, ana.id).values())
        assert my_data.as_json(my_data.gather(tx, beto.id), now=NOW) == his
        lines = event_log.since(tx, 0)
        assert len(lines) == count + 1, "what is new says that she was erased"
        stubs = [line for line in lines if line.event.type == ERASED]
        assert [each.event.data["hash"] for each in stubs] == [each.hash for each in hers]
        assert all(ana.id.encode() not in each.raw for each in stubs)
        assert next(audit.lines(tx)).act == "person-erased"
        assert differences(tx, desk.catalogue) == []
    with database.writing() as tx:
        assert rebuild(tx, desk.catalogue) == 1
        erasing.erase(tx, pen, person=ana.id, by="", now=NOW)  # she is gone: nothing happens
        assert len(event_log.since(tx, 0)) == count + 1


def test_nobody_of_the_staff_is(database: Database, pen: Pen, ana: Person) -> None:
    with database.writing() as tx:
        people.set_roles(tx, ana.id, ["learner", "author"])
    with pytest.raises(StillStaff), database.writing() as tx:
        erasing.erase(tx, pen, person=ana.id, by="", now=NOW)
    with database.reading() as tx:
        assert people.by_id(tx, ana.id)
