"""The second factor, on either database."""

from concurrent.futures import ThreadPoolExecutor

import pyotp

from lms.ids import uuid7
from lms.services.people import second_factor
from lms.storage import second_factors
from lms.storage.database import Database
from tests.conftest import NOW

KEY = b"secret"
CODES = ["AAAA-AAAA-AAAA-AAAA", "BBBB-BBBB-BBBB-BBBB"]


def letters(database: Database, person: str) -> str:
    with database.writing() as tx:
        second_factor.begin(tx, KEY, person)
        found = second_factor.begun(tx, KEY, person, username="ana", issuer="Vereda")
    assert found
    return found.letters


def set_up(database: Database) -> tuple[str, pyotp.TOTP]:
    person = uuid7()
    app = pyotp.TOTP(letters(database, person))
    with database.writing() as tx:
        assert second_factor.confirm(tx, KEY, person, app.at(NOW.timestamp() - 30), CODES, now=NOW)
    return person, app


def test_one_that_is_on_is_not_begun_anew(database: Database) -> None:
    person, app = set_up(database)
    with database.writing() as tx:
        second_factor.begin(tx, KEY, person)
        assert second_factor.begun(tx, KEY, person, username="ana", issuer="Vereda") is None
        assert second_factor.take(tx, KEY, person, app.at(NOW), now=NOW)


def test_one_that_was_never_confirmed_is_replaced_and_lets_nobody_in(database: Database) -> None:
    person = uuid7()
    first, second = letters(database, person), letters(database, person)
    assert first != second
    with database.writing() as tx:
        assert not second_factor.take(tx, KEY, person, pyotp.TOTP(second).at(NOW), now=NOW)
        assert not second_factor.confirm(tx, KEY, person, pyotp.TOTP(first).at(NOW), CODES, now=NOW)
        assert not second_factors.is_on(tx, person)


def test_of_ten_who_type_a_code_at_once_one_is_let_in(database: Database) -> None:
    person, app = set_up(database)

    def type_(code: str) -> bool:
        with database.writing() as tx:
            return second_factor.take(tx, KEY, person, code, now=NOW)

    for code in (app.at(NOW), CODES[0]):
        with ThreadPoolExecutor(5) as pool:
            assert sum(pool.map(type_, [code] * 10)) == 1


def test_a_secret_is_worth_nothing_with_another_person(database: Database) -> None:
    person, app = set_up(database)
    other = uuid7()
    with database.writing() as tx:
        found = second_factors.of(tx, person)
        assert found
        second_factors.begin(tx, other, found.sealed)
        second_factors.confirm(tx, other, now=NOW)
        assert not second_factor.take(tx, KEY, other, app.at(NOW), now=NOW)
