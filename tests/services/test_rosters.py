"""Rosters: who is in one, what it says of each, and whom a coordinator sees."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from lms.content.model import Course
from lms.learning.roster import COLUMNS, BackwardPeriod, BadDay, Filters, NoSuchColumn, NoSuchState, chosen
from lms.services.common.oversight import NotYours
from lms.services.reporting import rosters
from lms.services.reporting.roster_cells import Days
from lms.services.reporting.rosters import LongReason, NoReason, TooManyLines
from lms.storage import audit
from lms.storage import roster as lines
from lms.storage.database import Database
from lms.storage.people import Person
from lms.storage.tables import links
from tests.conftest import NOW
from tests.services.conftest import publish
from tests.services.rostering import Line, add_cohort, add_lines, at, names, roster, rows

FILTERS: list[tuple[dict[str, str], list[str]]] = [
    ({}, ["Ana", "Beto"]),
    ({"state": "begun"}, ["Eva", "Cata"]),
    ({"state": "waiting"}, ["Dora"]),
    ({"state": "all"}, ["Eva", "Ana", "Beto", "Cata", "Dora"]),
    ({"course": "another", "state": "all"}, ["Eva"]),
    ({"cohort": "Sur"}, ["Beto"]),
    ({"institution": "direccion DE migracion"}, ["Ana"]),
    ({"institution": "100%"}, []),
    ({"type": "police"}, ["Beto"]),
    ({"country": "GT"}, ["Ana"]),
    ({"country": "HN"}, ["Beto"]),
    ({"since": "2026-11-10"}, ["Ana"]),
    ({"until": "2026-11-09"}, ["Beto"]),
    ({"since": "2026-11-09", "until": "2026-11-10"}, ["Ana", "Beto"]),
    ({"since": "2026-10-26", "until": "2026-10-26", "state": "waiting"}, []),
    ({"since": "2026-10-25", "until": "2026-10-25", "state": "waiting"}, ["Dora"]),
    ({"since": "2026-11-05", "until": "2026-11-05", "state": "begun"}, ["Cata"]),
    ({"since": "2026-11-05", "until": "2026-11-05", "state": "all"}, ["Cata"]),
    ({"country": "GT", "type": "police"}, []),
]
"""Filters, and whom they find."""


def staff(name: str, *roles: str) -> Person:
    held = frozenset(roles or ("coordinator",))
    return Person(id=name, username=name, display_name=name, language=None, active=True, must_change=False, roles=held)


def test_a_line_says_everything_of_a_person_in_a_course(database: Database, sample: Course) -> None:
    release = publish(database, sample)
    add_cohort(database, "Sur", institution_type="police", country="GT")
    ana = {"external_id": "MS-7", "institution": "Ministerio de Salud", "institution_type": "health", "country": "HN"}
    add_lines(
        database,
        Line(
            name="Ana", cohorts=("Sur",), release=release, started=at(2, 3), score=0.799999, person=ana,
            certificates=(("N1", 1, "replaced"), ("N2", 2, "issued")),
        ),
        Line(name="Beto", cohorts=("Sur",), completed=None, score=None, release=""),
    )  # fmt: skip
    hours = sample.hours or None
    assert rows(roster(database, "all", state="all")) == [
        ("Ana", "MS-7", "Ministerio de Salud", "Health", "Honduras", "Sur", "Curso de muestra", sample.version,
         date(2026, 11, 1), date(2026, 11, 24), 79, hours, "N2", "Valid"),
        ("Beto", "u2", "", "Police", "Guatemala", "Sur", "Curso de muestra", "", date(2026, 11, 21), None, None, None, "", ""),
    ]  # fmt: skip


def test_lines_come_by_course_and_then_in_the_order_of_the_accounts(database: Database) -> None:
    add_lines(
        database,
        Line(name="Zoe"),
        Line(name="Ana", completed=at(1)),
        Line(name="Zoe", course="another"),
        Line(name="Ñusta"),
    )
    assert rows(roster(database, "name course")) == [
        ("Zoe", "another"),
        ("Zoe", "demo-course"),
        ("Ana", "demo-course"),
        ("Ñusta", "demo-course"),
    ]


def test_who_is_in_two_cohorts_is_there_once_in_the_one_she_joined_last(database: Database) -> None:
    add_cohort(database, "Norte", "carla")
    add_cohort(database, "Sur")
    add_lines(database, Line(name="Ana", cohorts=("Norte", "Sur")))
    assert rows(roster(database, "name cohort")) == [("Ana", "Sur")]
    assert rows(roster(database, "name cohort", cohort="Norte")) == [("Ana", "Norte")]
    assert rows(roster(database, "name cohort", staff=staff("carla"))) == [("Ana", "Norte")]


def test_a_coordinator_sees_her_cohorts_and_nobody_else(database: Database) -> None:
    add_cohort(database, "Norte", "carla")
    add_cohort(database, "Sur", "dora")
    add_lines(
        database,
        Line(name="Ana", cohorts=("Norte",)),
        Line(name="Beto", cohorts=("Sur",)),
        Line(name="Cata"),
        Line(name="Ana", course="another"),
    )
    assert names(database, staff=staff("carla")) == ["Ana"]
    assert names(database, staff=staff("dora")) == ["Beto"]
    assert names(database, staff=staff("eva", "administrator")) == ["Ana", "Ana", "Beto", "Cata"]
    assert names(database, staff=staff("nora")) == []
    with pytest.raises(NotYours):
        names(database, staff=staff("carla"), cohort="Sur")
    with pytest.raises(NotYours):
        names(database, cohort="none")


def test_filters(database: Database) -> None:
    add_cohort(database, "Norte")
    add_cohort(database, "Sur", institution_type="police", country="HN")
    there = {"institution": "DIRECCIÓN de Migración", "institution_type": "migration", "country": "GT"}
    add_lines(
        database,
        Line(name="Ana", cohorts=("Norte",), completed=at(10), person=there),
        Line(name="Beto", cohorts=("Sur",), completed=at(10, 5)),  # still the 9th there
        Line(name="Cata", cohorts=("Norte",), started=at(5), completed=None),
        Line(name="Dora", cohorts=("Norte",), started=None, completed=None),
        Line(name="Eva", course="another", started=at(2), completed=None),
    )
    for filters, found in FILTERS:
        assert names(database, **filters) == found, filters


def test_who_has_a_valid_certificate_has_a_line_for_each_that_stands(database: Database) -> None:
    add_cohort(database, "Norte", "carla")
    gt = {"country": "GT"}
    add_lines(
        database,
        Line(name="Ana", cohorts=("Norte",), issued=at(5), certificates=(("N1", 1, "replaced"), ("N2", 2, "issued"))),
        Line(name="Ana", course="another", issued=at(6), certificates=(("N3", 1, "issued"),)),
        Line(name="Beto", issued=at(7), certificates=(("N4", 1, "revoked"),)),
        Line(name="Cata", certificates=(("N5", 1, "requested"),)),
        Line(name="Dora", person=gt, issued=at(10, 5), certificates=(("N6", 1, "issued"),)),  # still the 9th there
        Line(name="Dora 2", issued=at(12), certificates=(("N7", 1, "issued"),)),
    )
    with database.writing() as tx:
        tx.execute(insert(links).values(person="person-0004", same_as="person-0003", linked_at=NOW))

    def found(staff: Person | None = None, **filters: str) -> list[tuple[object, ...]]:
        return rows(roster(database, "name certificate state", staff=staff, **{"state": "certified", **filters}))

    ana, other = ("Ana", "N2", "Valid"), ("Ana", "N3", "Valid")
    dora, again = ("Dora", "N6", "Valid"), ("Dora 2", "N7", "Valid")
    assert found() == [other, ana, dora, again]
    assert found(since="2026-11-05", until="2026-11-05") == [ana], "the day of the first, not of what replaced it"
    assert found(since="2026-11-09", until="2026-11-09") == [dora, again], "who is one person has one first certificate"
    assert found(since="2026-11-10") == []
    assert found(country="GT") == [dora, again]
    assert found(course="another") == [other]
    assert found(staff=staff("carla")) == found(cohort="Norte") == [ana]
    with database.writing() as tx:
        tx.exec_driver_sql("UPDATE certificates SET learner = NULL WHERE number = 'N2'")
    assert found(staff=staff("carla")) == []


def test_an_erased_certificate_is_nobodys(database: Database) -> None:
    add_lines(database, Line(name="Ana", certificates=(("N1", 1, "issued"),)))
    with database.writing() as tx:
        tx.exec_driver_sql("UPDATE certificates SET learner = NULL")
    assert rows(roster(database, "name certificate state")) == [("Ana", "", "")]


def test_a_thousand_lines_take_as_many_statements_as_one(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "BATCH", 7)
    add_lines(sqlite_database, *(Line(name=f"P{n}", certificates=((f"N{n}", 1, "issued"),)) for n in range(50)))
    asked = roster(sqlite_database, "all")
    with sqlite_database.reading() as tx:
        sizes = [len(columns[0]) for columns in asked.batches(tx)]
    assert sizes == [7] * 7 + [1]
    with sqlite_database.reading() as tx:
        assert [len(columns[0]) for columns in asked.batches(tx, limit=20)] == [7, 7, 6]


def test_the_first_line_comes_before_the_last_is_read(sqlite_database: Database) -> None:
    asked = roster(sqlite_database, "all").asked
    with sqlite_database.reading() as tx:
        query = lines.statement(tx, asked, list(COLUMNS)).compile(tx.engine, compile_kwargs={"literal_binds": True})
        plan = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}").all()
    outer = [row for row in plan if row.parent == 0]
    assert "USING INDEX progress_of_course" in outer[0].detail
    assert not [row for row in outer if "TEMP B-TREE" in row.detail]


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
    st.timezone_keys(allow_prefix=False),
    st.booleans(),
)
def test_a_day_is_the_day_in_the_zone(moment: datetime, zone: str, long: bool) -> None:
    days = Days(ZoneInfo(zone), lambda cell: cell)
    written = f"{moment:%Y-%m-%d %H:%M:%S}" + (f".{moment:%f}" if long else "")
    there = moment.astimezone(ZoneInfo(zone)).date()
    assert days.column([written, "", written]) == [there, None, there]


def test_columns_have_their_own_order_and_unknown_ones_are_told() -> None:
    assert [column.name for column in chosen(["hours", "name"])] == ["name", "hours"]
    assert chosen([])[0].name == "name"
    with pytest.raises(NoSuchColumn, match="sex"):
        chosen(["name", "sex"])


def test_filters_are_read_as_they_are_said() -> None:
    typed = {"course": "demo", "institution": "  a   b ", "since": "2026-01-01", "until": "2026-01-01", "state": "all"}
    read = Filters.read(typed)
    assert read.said() == {**typed, "institution": "a b"}
    assert Filters.read(read.said()) == read
    assert Filters.read({}).said() == {"state": "completed"}
    for wrong, refusal in (
        ({"since": "yesterday"}, BadDay),
        ({"since": "2026-02-30"}, BadDay),
        ({"since": "0001-01-01"}, BadDay),
        ({"until": "9999-12-31"}, BadDay),
        ({"since": "2026-02-02", "until": "2026-02-01"}, BackwardPeriod),
        ({"state": "gone"}, NoSuchState),
    ):
        with pytest.raises(refusal):
            Filters.read(wrong)


def test_taking_one_is_in_the_audit_without_anybodys_name(database: Database) -> None:
    add_lines(database, Line(name="Ana Lucía"))
    asked = roster(database, "name id", country="")
    with database.writing() as tx:
        assert rosters.note_taken(tx, asked, by="eva", form="csv", reason=" Informe  trimestral ", most=None) == 1
    with database.reading() as tx:
        (line,) = audit.lines(tx)
    assert (line.act, line.actor) == ("roster-taken", "eva")
    assert dict(line.data) == {
        "form": "csv", "filters": {"state": "completed"}, "columns": ["name", "id"], "n": 1, "reason": "Informe trimestral",
    }  # fmt: skip
    with database.writing() as tx:
        for reason, most, refusal in (("", None, NoReason), ("x" * 201, None, LongReason), ("x", 0, TooManyLines)):
            with pytest.raises(refusal):
                rosters.note_taken(tx, asked, by="eva", form="csv", reason=reason, most=most)


def test_what_was_asked_for_is_said_in_words(database: Database, sample: Course) -> None:
    publish(database, sample)
    add_cohort(database, "Sur")
    facts = roster(
        database, course="demo-course", cohort="Sur", institution="salud", type="health", country="GT",
        since="2026-01-01", until="2026-03-31",
    ).facts  # fmt: skip
    assert dict(facts) == {
        "Who": "Has completed the course", "Course": "Curso de muestra", "Group": "Sur", "Institution": "salud",
        "Kind of institution": "Health", "Country": "Guatemala", "Period": "1 January 2026 to 31 March 2026",
    }  # fmt: skip
    assert dict(roster(database, since="2026-01-01").facts)["Period"] == "since 1 January 2026"
    assert dict(roster(database, until="2026-01-01").facts)["Period"] == "until 1 January 2026"
    assert dict(roster(database).facts) == {"Who": "Has completed the course", "Course": "All courses"}
    assert roster(database).made_at == NOW
