"""Looking for people, and for accounts that may be of one person."""

from itertools import count
from typing import Any

import pytest
from sqlalchemy import insert

from lms.storage import alike, directory, links, people
from lms.storage.database import Database
from lms.storage.directory import Sought
from lms.storage.people import STAFF
from lms.storage.tables import enrolments, roles
from lms.storage.tables import people as table
from tests.conftest import NOW

_numbers = count(1)


def add(database: Database, name: str, *held: str, groups: tuple[str, ...] = (), **facts: Any) -> str:
    """Somebody with that name; her id begins with it."""
    n = next(_numbers)
    row = {"id": f"{n:06}", "username": f"u{n}", "display_name": name, "passphrase_hash": "h", "created_at": NOW}
    with database.writing() as tx:
        tx.execute(insert(table).values(**row | facts))
        for role in ("learner", *held):
            tx.execute(insert(roles).values(person=row["id"], role=role))
        for group in groups:
            tx.execute(insert(enrolments).values(person=row["id"], course="c", cohort=group, created_at=NOW))
    return row["id"]


def found(database: Database, **typed: str) -> list[str]:
    with database.reading() as tx:
        sought = Sought.read(typed)
        page = directory.page(tx, sought, limit=50)
        assert directory.count(tx, sought) == len(page)
        return [each.display_name for each in page]


def test_somebody_is_found_without_accents(database: Database) -> None:
    names = ["Zoé Núñez", "Álvaro Güix", "Ana 100 %", "Beto_Caal"]
    for name in names:
        add(database, name)
    renamed = add(database, "Otra")
    with database.writing() as tx:
        people.set_profile(tx, renamed, display_name="José Ñandú", language=None)
    add(database, "Sin más", username="rosa.pérez", external_id="H-0801-X")
    assert found(database) == ["Álvaro Güix", "Ana 100 %", "Beto_Caal", "José Ñandú", "Sin más", "Zoé Núñez"]
    for typed, name in {
        "nunez": "Zoé Núñez",
        "NÚÑEZ": "Zoé Núñez",
        "alvaro  gui": "Álvaro Güix",
        "nandu": "José Ñandú",
        "100 %": "Ana 100 %",
        "o_c": "Beto_Caal",
        "ROSA.PÉREZ": "Sin más",
        "0801-x": "Sin más",
    }.items():
        assert found(database, q=typed) == [name], typed
    for typed in ("%", "_"):
        assert len(found(database, q=typed)) == 1, "no signs of the database's"
    assert found(database, q="nadie") == [] and found(database, q="otra") == []


def test_by_role_and_state(database: Database) -> None:
    add(database, "Aura", "author")
    add(database, "Carla", "coordinator", "author", active=False)
    add(database, "Ana")
    add(database, "Beto", passphrase_hash="")
    add(database, "Dora", must_change=True)
    assert found(database, role="author") == ["Aura", "Carla"]
    assert found(database, role="coordinator") == ["Carla"] and found(database, role="administrator") == []
    assert found(database, role="learner") == ["Ana", "Beto", "Dora"]
    assert found(database, state="deactivated") == ["Carla"]
    assert found(database, state="no-way-in") == ["Beto"] and found(database, state="not-yet") == ["Dora"]
    assert found(database, state="active", role="author", q="a") == ["Aura"]
    assert len(found(database, role="queen", state="gone")) == 5
    with database.reading() as tx:
        (carla,) = directory.page(tx, Sought(role="coordinator"), limit=9)
        assert carla.roles == {"learner", "coordinator", "author"} and carla.is_staff and carla.created_at == NOW
        pages = [directory.page(tx, Sought(), limit=2, offset=at) for at in (0, 2, 4)]
    assert [each.display_name for page in pages for each in page] == ["Ana", "Aura", "Beto", "Carla", "Dora"]


def test_who_can_administer(database: Database) -> None:
    eva = add(database, "Eva", *STAFF)
    add(database, "Gone", "administrator", active=False)
    add(database, "Not yet", "administrator", passphrase_hash="")
    with database.writing() as tx:
        assert people.administrators(tx) == {eva}


@pytest.fixture
def twins(database: Database) -> dict[str, str]:
    """Rosa three times, and people who are others."""
    return {
        "rosa": add(database, "Rosa Pérez", institution="Cruz Verde", external_id="0801-1990", groups=("g",)),
        "again": add(database, "rosa perez", groups=("g", "h")),
        "other": add(database, "R. P.", external_id="0801 1990", groups=("h",)),
        "else": add(database, "Rosa Perez", institution="Policía", external_id="-"),
        "none": add(database, "", external_id="/"),
        "nobody": add(database, ""),
    }


def test_capitals_are_the_same_letters_with_accents_too(database: Database) -> None:
    one = add(database, "Ana Núñez", institution="MINISTERIO DE EDUCACIÓN", external_id="Ñ-1")
    other = add(database, "Ana Núñez", institution="Ministerio de Educación")
    third = add(database, "A. N.", external_id="ñ1")
    with database.reading() as tx:
        assert set(alike.of_person(tx, one, within=None, limit=9)) == {other, third}
    assert found(database, q="ñ-1") == ["Ana Núñez"]


def test_accounts_that_may_be_of_one_person(database: Database, twins: dict[str, str]) -> None:
    names = {id_: name for name, id_ in twins.items()}
    with database.reading() as tx:

        def of(name: str, within: frozenset[str] | None = None) -> set[str]:
            return {names[each] for each in alike.of_person(tx, twins[name], within=within, limit=9)}

        def pairs(within: frozenset[str] | None = None) -> set[tuple[str, str]]:
            return {(names[one], names[two]) for one, two in alike.pairs(tx, within=within, limit=9)}

        assert of("rosa") == {"again", "other"} and of("again") == {"rosa", "else"}
        assert of("other") == {"rosa"} and of("else") == {"again"}, "at two institutions they are two"
        assert of("none") == of("nobody") == set()
        assert pairs() == {("rosa", "other"), ("rosa", "again"), ("again", "else")}
        assert of("rosa", frozenset("g")) == {"again"} and pairs(frozenset("g")) == {("rosa", "again")}
        assert pairs(frozenset()) == set() and of("rosa", frozenset()) == set()
        assert len(alike.pairs(tx, within=None, limit=1)) == 1
        assert alike.of_person(tx, "nobody at all", within=None, limit=9) == []


def test_what_counts_as_one_already_is_left_out(database: Database, twins: dict[str, str]) -> None:
    with database.writing() as tx:
        links.add(tx, person=twins["again"], same_as=twins["rosa"], now=NOW)
        links.add(tx, person=twins["other"], same_as=twins["rosa"], now=NOW)
        assert links.all_of(tx, twins["other"]) == (twins["rosa"], twins["again"], twins["other"])
        assert links.all_of(tx, twins["else"]) == (twins["else"],)
    with database.reading() as tx:
        assert alike.of_person(tx, twins["rosa"], within=None, limit=9) == []
        assert alike.pairs(tx, within=None, limit=9) == [(twins["again"], twins["else"])]
