"""What the database counts: each person once, in the same few statements however many there are."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from lms.learning.indicators import NOT_SAID, Indicators, Quarter, indicators, quarters
from lms.storage import indicators as counting
from lms.storage.database import Database
from lms.storage.indicators import Asked
from lms.storage.tables import certificates, cohorts, enrolments, links, metadata, people, progress
from tests.conftest import NOW
from tests.statements import statements_to

QUARTERS = [
    (each.key, datetime.combine(each.first, datetime.min.time(), UTC))
    for each in quarters(Quarter(2026, 1).first, Quarter(2026, 4).last)
]


def at(month: int, day: int = 15) -> datetime:
    return datetime(2026, month, day, 12, tzinfo=UTC)


class Place:
    """A database with people in it."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def person(self, name: str, country: str = "", kind: str = "") -> None:
        row = {"id": name, "username": name, "display_name": name, "passphrase_hash": "none", "created_at": NOW}
        with self.database.writing() as tx:
            tx.execute(insert(people).values(**row, country=country, institution_type=kind))

    def done(self, name: str, course: str, when: datetime | None, cohort: str = "") -> None:
        with self.database.writing() as tx:
            tx.execute(insert(progress).values(learner=name, course=course, body="{}", completed_at=when))
            tx.execute(insert(enrolments).values(person=name, course=course, cohort=cohort, created_at=NOW))

    def certified(
        self,
        name: str | None,
        course: str,
        when: datetime | None,
        state: str = "issued",
        edition: int = 1,
        major: int = 1,
    ) -> None:
        row = {"number": f"{name}-{course}-{major}-{edition}", "learner": name, "course": course, "major": major}
        row |= {"edition": edition, "state": state, "credential": "{}", "requested_at": NOW, "issued_at": when}
        with self.database.writing() as tx:
            tx.execute(insert(certificates).values(**row))

    def linked(self, name: str, same_as: str) -> None:
        with self.database.writing() as tx:
            tx.execute(insert(links).values(person=name, same_as=same_as, linked_at=NOW))

    def found(self, **asked: object) -> Indicators:
        with self.database.reading() as tx:
            return indicators(counting.count(tx, Asked(**asked), QUARTERS))  # type: ignore[arg-type]

    def table(self, dimension: str, **asked: object) -> dict[str, tuple[int, int]]:
        rows = self.found(**asked).tables[dimension]  # type: ignore[index]
        return {row.key: (row.people, row.certificates) for row in rows}

    def total(self, **asked: object) -> tuple[int, int]:
        total = self.found(**asked).total
        return total.people, total.certificates


@pytest.fixture
def place(database: Database) -> Place:
    made = Place(database)
    made.person("ana", "GT", "health")
    made.person("beto", "GT", "police")
    made.person("carla", "HN", "health")
    made.person("dora")
    made.done("ana", "a", at(1), "c1")
    made.done("ana", "b", at(5), "c1")
    made.done("beto", "a", at(2), "c2")
    made.done("carla", "a", None, "c1")
    made.done("dora", "b", at(11), "")
    for name, course, when in (("ana", "a", at(1)), ("ana", "b", at(5)), ("dora", "b", at(11))):
        made.certified(name, course, when)
    return made


def test_each_person_counts_once_in_each_figure(place: Place) -> None:
    assert place.total() == (3, 3)
    assert place.table("course") == {"a": (2, 1), "b": (2, 2)}
    assert place.table("quarter") == {"2026-1": (2, 1), "2026-2": (1, 1), "2026-3": (0, 0), "2026-4": (1, 1)}
    assert place.table("country") == {"GT": (2, 2), NOT_SAID: (1, 1)}
    assert place.table("type") == {"health": (1, 2), "police": (1, 0), NOT_SAID: (1, 1)}


@pytest.mark.parametrize(
    ("asked", "total"),
    [
        ({"course": "b"}, (2, 2)),
        ({"country": "GT"}, (2, 2)),
        ({"country": NOT_SAID}, (1, 1)),
        ({"institution_type": "police"}, (1, 0)),
        ({"institution_type": NOT_SAID}, (1, 1)),
        ({"cohorts": frozenset({"c1"})}, (1, 2)),
        ({"cohorts": frozenset({"c1", "c2"})}, (2, 2)),
        ({"cohorts": frozenset()}, (0, 0)),
        ({"cohorts": frozenset({"c1"}), "course": "a", "country": "GT", "institution_type": "health"}, (1, 1)),
        ({"within": (at(2), None)}, (3, 2)),
        ({"within": (None, at(2))}, (1, 1)),
        ({"within": (at(1), at(1, 16))}, (1, 1)),
        ({"within": (at(6), at(7))}, (0, 0)),
    ],
)
def test_filters_narrow_what_is_counted(place: Place, asked: dict[str, object], total: tuple[int, int]) -> None:
    assert place.total(**asked) == total


def test_who_is_in_two_groups_counts_once(place: Place) -> None:
    with place.database.writing() as tx:
        tx.execute(insert(enrolments).values(person="ana", course="a", cohort="c2", created_at=NOW))
    assert place.total(cohorts=frozenset({"c1", "c2"})) == (2, 2)
    assert place.total(cohorts=frozenset({"c2"})) == (2, 1), "of this group's course only"


def test_who_has_no_place_of_her_own_has_her_groups(place: Place) -> None:
    with place.database.writing() as tx:
        row = {"cap": 9, "expires_at": NOW, "created_at": NOW}
        tx.execute(insert(cohorts).values(id="c1", name="x", code="x", country="CR", institution_type="youth", **row))
        tx.execute(insert(enrolments).values(person="dora", course="b", cohort="c1", created_at=NOW))
    assert place.table("country") == {"GT": (2, 2), "CR": (1, 1)}
    assert place.total(institution_type="youth") == (1, 1)
    assert place.total(institution_type=NOT_SAID) == (0, 0)
    with place.database.reading() as tx:
        assert counting.place_of(tx, "dora") == ("CR", "youth")
        assert counting.place_of(tx, "ana") == ("GT", "health")
        assert counting.count_each(tx, "people", {"x": Asked(country="CR")}) == {"x": 1}


def test_linked_people_are_one_where_she_is_said_to_work(place: Place) -> None:
    place.person("ana2", "SV", "ngos")
    place.done("ana2", "a", at(3), "c3")
    place.certified("ana2", "a", at(3))
    assert place.total() == (4, 4)
    place.linked("ana2", "ana")
    assert place.total() == (3, 3), "one person, one certificate for the course"
    assert place.table("course") == {"a": (2, 1), "b": (2, 2)}
    assert place.table("country") == {"GT": (2, 2), NOT_SAID: (1, 1)}
    assert place.total(cohorts=frozenset({"c3"})) == (1, 1), "whoever looks after one of the two sees that one"
    assert place.total(country="SV") == (0, 0)


def test_a_certificate_counts_once_when_it_was_first_issued_as_long_as_it_stands(place: Place) -> None:
    place.certified("beto", "a", at(2), "replaced")
    place.certified("beto", "a", at(8), edition=2)
    assert place.table("quarter")["2026-1"] == (2, 2)
    assert place.table("quarter")["2026-3"] == (0, 0)
    place.certified("carla", "a", at(2), "revoked")
    place.certified("carla", "b", None, "requested")
    assert place.total() == (3, 4)
    place.certified("ana", "a", at(9), major=2)
    assert place.table("quarter")["2026-3"] == (0, 1), "a course whose requirements changed has another one"


def test_a_certificate_whose_name_was_erased_counts_by_itself(place: Place) -> None:
    place.certified(None, "a", at(1))
    assert place.total() == (3, 4)
    assert place.table("country")[NOT_SAID] == (1, 2)
    assert place.total(cohorts=frozenset({"c1"})) == (1, 2)
    for asked, nameless in (
        (Asked(), 1),
        (Asked(course="a", country=NOT_SAID, within=(at(1), at(2))), 1),
        (Asked(course="b"), 0),
        (Asked(country="GT"), 0),
        (Asked(within=(at(2), None)), 0),
        (Asked(cohorts=frozenset({"c1"})), 0),
    ):
        with place.database.reading() as tx:
            assert counting.nameless(tx, asked) == nameless, asked


def test_each_number_of_several_at_once(place: Place) -> None:
    wanted = {
        "all": Asked(),
        "a": Asked(course="a"),
        "gt": Asked(country="GT", within=(at(4), at(6))),
        "none": Asked(institution_type="youth"),
    }
    with place.database.reading() as tx:
        assert counting.count_each(tx, "people", wanted) == {"all": 3, "a": 2, "gt": 1, "none": 0}
        assert counting.count_each(tx, "certificates", wanted) == {"all": 3, "a": 1, "gt": 1, "none": 0}
        assert counting.count_each(tx, "people", {}) == {}
        only = {"hers": Asked(cohorts=frozenset({"c2"}), within=(at(1), at(12)))}
        assert counting.count_each(tx, "people", only) == {"hers": 1}


def test_what_there_is_begins_and_ends(place: Place, database: Database) -> None:
    with database.reading() as tx:
        assert counting.span(tx) == (at(1), at(11))
    metadata.drop_all(database.engine)
    metadata.create_all(database.engine)
    with database.reading() as tx:
        assert counting.span(tx) is None
    assert place.total() == (0, 0)


def test_it_costs_the_same_statements_for_many_as_for_few(place: Place) -> None:
    def cost() -> int:
        with statements_to(place.database) as said:
            place.found(cohorts=frozenset({"c1", "c2"}), within=(at(1), at(12)))
        return len(said)

    few = cost()
    rows = [(f"p{n}", NOW - timedelta(days=n % 300)) for n in range(2000)]
    with place.database.writing() as tx:
        who = {"passphrase_hash": "none", "created_at": NOW}
        tx.execute(insert(people), [{"id": name, "username": name, "display_name": name, **who} for name, _ in rows])
        tx.execute(
            insert(progress),
            [{"learner": name, "course": "a", "body": "{}", "completed_at": when} for name, when in rows],
        )
        tx.execute(
            insert(enrolments), [{"person": name, "course": "a", "cohort": "c1", "created_at": NOW} for name, _ in rows]
        )
    assert (few, cost()) == (1, 1)
    with place.database.reading() as tx:
        assert len(tx.execute(select(progress.c.learner)).all()) == 2005
