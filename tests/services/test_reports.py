"""Reports of mistakes: kept once, with what they are about and nothing of who sent them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.ids import uuid4
from lms.services.people.entrance import Entrance, TooManyTries
from lms.services.studying import reports
from lms.services.studying.desk import Desk
from lms.services.studying.looking import UnknownPage
from lms.services.studying.reports import NoKind, NothingSaid, ReportTooLong, Sent, Subject, find_subject
from lms.storage import reports as stored
from lms.storage.database import Database
from lms.storage.reports import Count, Report
from lms.storage.tables import reports as table
from tests.conftest import NOW


@pytest.fixture
def entrance(database: Database) -> Entrance:
    return Entrance(database, b"secret")


def subject(database: Database, desk: Desk, **names: str) -> Subject:
    asked = {"course": "demo-course", "release": "", "module": "m-uno", "language": "es", **names}
    with database.reading() as tx:
        return find_subject(tx, desk.catalogue, **asked)


def form(about: Subject, **changes: str) -> Sent:
    values = {"once": uuid4(), "section": "", "language": "es", "page": "/x", "kind": "fact", "body": "No es así."}
    return Sent(subject=about, **{**values, **changes})


def send(entrance: Entrance, sent: Sent, *, browser: str = "b", address: str = "10.0.0.1") -> None:
    reports.send(entrance, sent, browser=browser, address=address, now=NOW, today=NOW.date())


def kept(database: Database, course: str | None = None, done: bool | None = None) -> list[Report]:
    with database.reading() as tx:
        return stored.some(tx, course=course, done=done)


def test_a_report_says_what_it_is_about(database: Database, desk: Desk, entrance: Entrance) -> None:
    about = subject(database, desk)
    section = next(iter(about.sections))
    send(entrance, form(about, section=section))
    (report,) = kept(database)
    assert about.release
    assert (report.course, report.release, report.module) == ("demo-course", about.release.digest, "m-uno")
    assert (report.anchor, report.language, report.kind, report.body) == (section, "es", "fact", "No es así.")
    assert not report.done


def test_names_that_stand_for_nothing_are_left_out(database: Database, desk: Desk, entrance: Entrance) -> None:
    for names in ({"course": "nada"}, {"module": "nada"}, {"release": "f" * 64, "language": "xx"}):
        about = subject(database, desk, **names)
        send(entrance, form(about, section="nada"), browser=str(names))
    assert {(each.course, each.module, each.anchor) for each in kept(database)} == {
        ("", "", ""),
        ("demo-course", "", ""),
        ("demo-course", "m-uno", ""),
    }


def test_the_sections_of_a_test_are_not_shown(database: Database, desk: Desk) -> None:
    assert subject(database, desk).sections
    assert not subject(database, desk, module="m-prueba").sections


def test_a_report_sent_twice_is_kept_once(database: Database, desk: Desk, entrance: Entrance) -> None:
    first = form(subject(database, desk))
    send(entrance, first)
    send(entrance, first)
    assert len(kept(database)) == 1
    send(entrance, replace(first, body="Otra cosa que está mal."))
    assert len(kept(database)) == 2


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"kind": "nada"}, NoKind),
        ({"body": " \r\n\t "}, NothingSaid),
        ({"body": "x" * 2001}, ReportTooLong),
    ],
)
def test_what_can_not_be_kept_is_refused(
    database: Database, desk: Desk, entrance: Entrance, changes: dict[str, str], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        send(entrance, form(subject(database, desk), **changes))
    assert kept(database) == []


def test_a_text_keeps_its_lines_and_no_control_character(database: Database, desk: Desk, entrance: Entrance) -> None:
    send(entrance, form(subject(database, desk), body="uno  \r\n\x1b[2Jdos\x9b\x07\n\n" + "ñ" * 1980))
    (report,) = kept(database)
    assert report.body.splitlines()[:2] == ["uno", " [2Jdos"]
    assert not set(report.body) & {"\x1b", "\x9b", "\x07", "\r"}


def test_nothing_leads_back_to_a_person(database: Database, desk: Desk, entrance: Entrance) -> None:
    assert set(table.c.keys()) == {
        *("id", "course", "release", "module", "anchor", "language", "page", "kind", "body", "state", "made_on")
    }
    send(entrance, form(subject(database, desk)), browser="her-cookie", address="10.9.8.7")
    with database.reading() as tx:
        row = tx.execute(select(table)).one()
    assert "cookie" not in str(row)
    assert "10.9.8.7" not in str(row)
    assert row.made_on.isoformat() == "2026-11-24", "a day and no moment"
    assert row.id[14] == "5", "made from a random number, not from the time"


def test_a_class_behind_one_address_is_not_held_up(database: Database, desk: Desk, entrance: Entrance) -> None:
    about = subject(database, desk)
    for number in range(40):
        for _ in range(2):
            send(entrance, form(about), browser=f"browser-{number}")
    assert len(kept(database)) == 80
    assert reports.ADDRESS.free >= 400, "ten for each of forty, in a day"


def test_a_flood_is(database: Database, desk: Desk, entrance: Entrance, monkeypatch: pytest.MonkeyPatch) -> None:
    about = subject(database, desk)
    with pytest.raises(TooManyTries):
        for _ in range(30):
            send(entrance, form(about))
    assert len(kept(database)) == 21
    monkeypatch.setattr(reports, "ADDRESS", replace(reports.ADDRESS, free=30))
    with pytest.raises(TooManyTries):
        for number in range(30):
            send(entrance, form(about), browser=f"browser-{number}")
    assert len(kept(database)) == 31
    later = NOW + timedelta(days=1)
    reports.send(entrance, form(about), browser="b", address="10.0.0.1", now=later, today=later.date())


def add(database: Database, **changes: object) -> str:
    values = {"id": uuid4(), "course": "a", "release": "", "module": "m", "anchor": "", "language": "es", "page": "",
              "kind": "fact", "body": "x", "made_on": NOW.date()}  # fmt: skip
    report = Report(**{**values, **changes})  # type: ignore[arg-type]
    with database.writing() as tx:
        assert stored.keep(tx, report)
    return report.id


def test_reports_stand_by_course_and_module_the_newest_first(database: Database) -> None:
    day = timedelta(days=1)
    for course, module, back in (("", "", 0), ("b", "m", 0), ("a", "n", 0), ("a", "m", 2), ("a", "m", 1), ("a", "", 5)):
        add(database, course=course, module=module, made_on=NOW.date() - back * day, body=str(back))
    found = [(each.course, each.module, each.body) for each in kept(database)]
    assert found == [("a", "", "5"), ("a", "m", "1"), ("a", "m", "2"), ("a", "n", "0"), ("b", "m", "0"), ("", "", "0")]
    assert [each.course for each in kept(database, "")] == [""]
    with database.reading() as tx:
        page = stored.some(tx, course="a", done=None, limit=2, offset=2)
    assert [each.body for each in page] == ["2", "0"]


def test_a_report_is_done_and_open_again(database: Database) -> None:
    one = add(database)
    add(database)
    for done, count in ((True, Count(open=1, done=1)), (True, Count(open=1, done=1)), (False, Count(open=2, done=0))):
        with database.writing() as tx:
            reports.mark(tx, one, done=done)
        with database.reading() as tx:
            assert stored.counts(tx) == {"a": count}
        assert [each.id for each in kept(database, done=True)] == ([one] if done else [])
    with database.writing() as tx, pytest.raises(UnknownPage):
        reports.mark(tx, "nada", done=True)
