"""A cohort at a glance, on both databases."""

from datetime import timedelta

from lms.content.model import Course
from lms.content.release import digest, encode
from lms.learning.stuck import Reason
from lms.services.common.record import Pen
from lms.services.groups import cohorts
from lms.services.people import consent, devices
from lms.services.reporting.overview import Overview, overview
from lms.services.studying import study
from lms.services.studying.desk import Desk
from lms.storage import cohorts as stored
from lms.storage import people
from lms.storage.cohorts import Cohort
from lms.storage.database import Database
from lms.storage.devices import Phone
from lms.storage.people import Person
from tests.conftest import NOW
from tests.services.conftest import add_person, at
from tests.services.sending import ended, granted
from tests.services.sending import send as send_lines
from tests.services.test_testing import TEST, begin, send


def made(database: Database, pen: Pen, *members: Person) -> Cohort:
    with database.writing() as tx:
        cohort = cohorts.create(tx, pen, name="Grupo", courses=["demo-course"], cap=50, days=9, now=NOW)
        for each in members:
            cohorts.join(tx, pen, person=each.id, code=cohort.code, now=NOW)
    return cohort


def glance(database: Database, desk: Desk, cohort: Cohort, *, days: float = 0) -> Overview:
    with database.reading() as tx:
        release = desk.catalogue.live(tx, "demo-course")
        assert release
        return overview(tx, desk.catalogue, release, cohort=cohort.id, language="es", now=NOW + timedelta(days=days))


def test_each_person_has_a_cell_for_each_module(database: Database, desk: Desk, pen: Pen, ana: Person) -> None:
    beto, other = add_person(database, pen, "beto"), add_person(database, pen, "otra")
    cohort = made(database, pen, beto, ana)
    with database.writing() as tx:
        study.end_module(tx, desk, at(ana, "m-dos"), now=NOW)
        study.end_module(tx, desk, at(other, "m-dos"), now=NOW)
    send(database, desk, ana, begin(database, desk, ana), right=False)
    found = glance(database, desk, cohort, days=3)
    assert [each.member.name for each in found.rows] == ["Ana", "Beto"]
    marks = [[cell.mark for cell in each.cells] for each in found.rows]
    assert marks == [["none", "done", "failed"], ["none", "none", "none"]]
    assert [each.id for each in found.modules][-1] == TEST
    tried = found.rows[0].cells[-1].tries
    assert tried and tried.used == 1
    assert [found.done(column) for column in range(3)] == [0, 1, 0]
    assert (found.complete, found.unbegun, found.stuck) == (0, 1, [])
    assert (found.rows[0].last, found.rows[1].last) == (NOW, None)


def test_who_needs_a_call_comes_by_need(database: Database, desk: Desk, pen: Pen, ana: Person) -> None:
    beto, caro, dora = (add_person(database, pen, name) for name in ("beto", "caro", "dora"))
    cohort = made(database, pen, ana, beto, caro, dora)
    with database.writing() as tx:
        study.end_module(tx, desk, at(ana, "m-dos"), now=NOW + timedelta(days=2))
        people.set_active(tx, caro.id, False)
        consent.withdraw(tx, pen, person=dora.id, now=NOW)
    found = glance(database, desk, cohort, days=9)
    assert [(each.member.name, each.outlook.silent) for each in found.stuck] == [("Beto", 9), ("Ana", 7)]
    assert [each.member.name for each in found.under_way] == ["Caro", "Dora"]
    with database.writing() as tx:
        study.end_module(tx, desk, at(ana, "m-uno"), now=NOW + timedelta(days=9))
    assert [each.member.name for each in glance(database, desk, cohort, days=9).stuck] == ["Beto"]


def test_whoever_is_in_it_for_another_course_too_joined_this_one_then(
    database: Database, desk: Desk, pen: Pen, ana: Person
) -> None:
    beto, cohort = add_person(database, pen, "beto"), made(database, pen)
    with database.writing() as tx:
        for each in (ana, beto):
            stored.enrol(tx, person=each.id, course="otro", cohort=cohort.id, now=NOW - timedelta(days=20))
        stored.enrol(tx, person=ana.id, course="demo-course", cohort=cohort.id, now=NOW)
    assert [each.outlook.silent for each in glance(database, desk, cohort).rows] == [0, 20]


def test_what_a_phone_has_not_sent_is_not_called_nothing(
    database: Database, desk: Desk, pen: Pen, ana: Person, sample: Course
) -> None:
    cohort = made(database, pen, ana)
    phone = granted(database, desk, ana)
    (row,) = (found := glance(database, desk, cohort, days=9)).rows
    assert row.outlook.reasons == (Reason("unheard", 9),)
    assert (row.phone, found.unbegun, found.with_phones) == (Phone(NOW, None), 0, True)
    sent = NOW + timedelta(days=3)
    for at_ in ("2001-01-01T00:00:00.000Z", "2099-01-01T00:00:00.000Z"):
        send_lines(database, desk, ended(phone, digest(encode(sample)), at=at_), at=sent)
        (row,) = glance(database, desk, cohort, days=9).rows
        assert (row.last, row.outlook.silent) == (sent, 6), "not by its clock, which may be wrong"
    assert row.phone == Phone(NOW, sent)
    with database.writing() as tx:
        devices.revoke(tx, pen, learner=ana.id, device=phone.device, why="self", by=ana.id, now=NOW)
    (row,) = glance(database, desk, cohort, days=12).rows
    assert row.phone is None
    assert [each.kind for each in row.outlook.reasons] == ["modules-and-test", "silent"]
