"""Signing in: guesses are counted before they are compared."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from lms.ids import secret
from lms.services.common.record import Pen
from lms.services.people import accounts, passphrases
from lms.services.people.entrance import ACCOUNT, Entrance, Grant, TooManyTries, WrongCode, WrongPassphrase
from lms.services.people.passphrases import WeakPassphrase
from lms.storage import people, sessions
from lms.storage.database import Database
from lms.storage.people import Person
from lms.storage.tables import throttles
from tests.conftest import NOW
from tests.services.conftest import add_person, pen_of

PASSPHRASE = "tres palabras sueltas"
NEW = "otras palabras nuevas"


@pytest.fixture
def entrance(database: Database) -> Entrance:
    return Entrance(database, b"secret")


@pytest.fixture
def ana(database: Database, pen: Pen) -> Person:
    return add_person(database, pen, "ana", PASSPHRASE)


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every secret that reached the hash; none is right."""
    reached: list[str] = []
    monkeypatch.setattr(passphrases, "is_right", lambda _hashed, secret: reached.append(secret) or False)
    yield reached


def log_in(
    entrance: Entrance,
    passphrase: str = PASSPHRASE,
    *,
    username: str = "ana",
    address: str = "10.0.0.1",
    **later: float,
) -> Person:
    return entrance.log_in(username=username, passphrase=passphrase, address=address, now=NOW + timedelta(**later))


def test_the_right_passphrase_lets_in(entrance: Entrance, ana: Person) -> None:
    assert log_in(entrance) == ana
    assert log_in(entrance, f" {PASSPHRASE} ", username=" ANA ") == ana


def test_unknown_and_wrong_are_told_alike(entrance: Entrance, ana: Person) -> None:
    told = []
    for username in ("ana", "nadie"):
        with pytest.raises(WrongPassphrase) as refused:
            log_in(entrance, "something else", username=username)
        told.append(str(refused.value))
    assert told[0] == told[1]


def test_five_tries_are_free_and_then_each_waits_twice_as_long() -> None:
    assert [ACCOUNT.delay(n).seconds for n in range(5, 17)] == [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_a_wait_is_told(entrance: Entrance, ana: Person) -> None:
    for _ in range(6):
        with pytest.raises(WrongPassphrase):
            log_in(entrance, "wrong")
    with pytest.raises(TooManyTries, match="1 seconds"):
        log_in(entrance)
    assert log_in(entrance, seconds=2) == ana
    for _ in range(5):
        with pytest.raises(WrongPassphrase):
            log_in(entrance, "wrong", seconds=3)


@pytest.mark.no_cover
def test_a_day_of_guessing_reaches_the_hash_some_three_hundred_times(
    sqlite_database: Database, hashes: list[str]
) -> None:
    entrance = Entrance(sqlite_database, b"secret")
    for guess in range(10_000):
        with pytest.raises((WrongPassphrase, TooManyTries)):
            log_in(entrance, f"guess {guess}", address=f"10.0.{guess % 250}.1", seconds=guess * 8.64)
    assert len(hashes) <= 310


def test_guesses_at_once_count_one_by_one(entrance: Entrance, ana: Person, hashes: list[str]) -> None:
    def guess(number: int) -> None:
        with pytest.raises((WrongPassphrase, TooManyTries)):
            log_in(entrance, f"guess {number}")

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(guess, range(50)))
    assert len(hashes) <= 6


def test_a_class_behind_one_address_is_not_held_up(entrance: Entrance, database: Database, pen: Pen) -> None:
    for number in range(40):
        add_person(database, pen, f"persona{number}", PASSPHRASE)
    for number in range(40):
        for _ in range(2):
            with pytest.raises(WrongPassphrase):
                log_in(entrance, "a slip", username=f"persona{number}")
        assert log_in(entrance, username=f"persona{number}")


def test_one_address_that_guesses_at_many_names_is_held_up(sqlite_database: Database, hashes: list[str]) -> None:
    entrance = Entrance(sqlite_database, b"secret")
    for number in range(400):
        with pytest.raises((WrongPassphrase, TooManyTries)):
            log_in(entrance, "x", username=f"name{number}")
    assert len(hashes) <= 201


def test_what_was_counted_survives_a_restart(entrance: Entrance, ana: Person, database: Database) -> None:
    for _ in range(6):
        with pytest.raises(WrongPassphrase):
            log_in(entrance, "wrong")
    again = Database(database.url)
    with pytest.raises(TooManyTries):
        log_in(Entrance(again, b"secret"))
    again.close()


def test_a_day_later_all_is_forgotten(entrance: Entrance, ana: Person) -> None:
    for hours in range(8):
        with pytest.raises(WrongPassphrase):
            log_in(entrance, "wrong", hours=hours)
    for _ in range(5):
        with pytest.raises(WrongPassphrase):
            log_in(entrance, "wrong", hours=40)
    assert log_in(entrance, hours=40) == ana


def test_what_was_counted_long_ago_leaves_no_row(entrance: Entrance, database: Database, ana: Person) -> None:
    for number in range(3):
        with pytest.raises(WrongPassphrase):
            log_in(entrance, "wrong", username=f"name{number}", address=f"10.0.0.{number}")
    with pytest.raises(WrongPassphrase):
        log_in(entrance, "wrong", hours=25)
    with database.reading() as tx:
        assert len(tx.execute(select(throttles.c.key)).all()) == 2


def test_a_name_is_counted_as_one_however_it_is_typed(
    entrance: Entrance, hashes: list[str], database: Database, pen: Pen
) -> None:
    add_person(database, pen, "josé", PASSPHRASE)
    for number in range(20):
        with pytest.raises((WrongPassphrase, TooManyTries)):
            log_in(entrance, "wrong", username=("josé", "jose\u0301", "ＪＯＳÉ")[number % 3])
    assert len(hashes) == 6


def test_no_name_and_no_address_is_kept(entrance: Entrance, database: Database, ana: Person) -> None:
    with pytest.raises(WrongPassphrase):
        log_in(entrance, "wrong")
    with database.reading() as tx:
        kept = " ".join(tx.execute(select(throttles.c.key)).scalars())
    assert "ana" not in kept
    assert "10.0.0.1" not in kept


def test_somebody_not_active_stays_out(entrance: Entrance, database: Database, ana: Person) -> None:
    with database.writing() as tx:
        people.set_active(tx, ana.id, False)
    with pytest.raises(WrongPassphrase):
        log_in(entrance)


def with_code(database: Database, person: Person) -> str:
    code = passphrases.new_recovery_code()
    with database.writing() as tx:
        people.set_recovery(tx, person.id, passphrases.hash_(code))
    return code


def recover(entrance: Entrance, code: str, passphrase: str = NEW) -> tuple[Person, str]:
    grant = Grant(token=secret(), recovery_code=passphrases.new_recovery_code())
    facts = {"username": "ana", "code": code, "passphrase": passphrase, "address": "10.0.0.1", "now": NOW}
    return entrance.recover(pen_of(entrance.database), grant, **facts), grant.recovery_code  # type: ignore[arg-type]


def test_a_recovery_code_works_once(entrance: Entrance, database: Database, ana: Person) -> None:
    code = with_code(database, ana)
    token = entrance.open_session(ana, now=NOW)
    person, new_code = recover(entrance, code.lower().replace("-", " "))
    assert person == ana
    with database.reading() as tx:
        assert sessions.find(tx, token, idle=timedelta(hours=1), now=NOW) is None
    assert log_in(entrance, NEW) == ana
    with pytest.raises(WrongPassphrase):
        log_in(entrance)
    with pytest.raises(WrongCode):
        recover(entrance, code)
    assert recover(entrance, new_code)


def test_a_code_used_twice_at_once_works_once(entrance: Entrance, database: Database, ana: Person) -> None:
    code = with_code(database, ana)

    def attempt(_: int) -> bool:
        try:
            recover(entrance, code)
        except (WrongCode, TooManyTries):
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, range(4))) == 1


def test_without_a_code_nobody_recovers(entrance: Entrance, ana: Person) -> None:
    with pytest.raises(WrongCode):
        recover(entrance, "AAAA-BBBB-CCCC-DDDD")
    with pytest.raises(WeakPassphrase):
        recover(entrance, "AAAA-BBBB-CCCC-DDDD", "12345678")


def test_her_own_passphrase_is_asked_for(entrance: Entrance, ana: Person) -> None:
    entrance.check_passphrase(ana, PASSPHRASE, address="10.0.0.1", now=NOW)
    with pytest.raises(WrongPassphrase):
        entrance.check_passphrase(ana, "wrong", address="10.0.0.1", now=NOW)


def test_a_reset_forgives(entrance: Entrance, ana: Person) -> None:
    for _ in range(6):
        with pytest.raises(WrongPassphrase):
            log_in(entrance, "wrong")
    entrance.forgive("ana")
    assert log_in(entrance) == ana


def test_the_real_hash_is_argon2id_as_owasp_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert isinstance(passphrases.HASHER, PasswordHasher)
    assert passphrases.hash_("x").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_passphrase_that_is_changed_while_it_is_looked_at_lets_nobody_in(
    database: Database, entrance: Entrance, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_right(_hashed: str | None, _typed: str) -> bool:
        with database.writing() as tx:
            accounts.change_passphrase(tx, person=ana.id, hashed="another")
        return True

    monkeypatch.setattr(passphrases, "is_right", is_right)
    with pytest.raises(WrongPassphrase):
        entrance.log_in(username="ana", passphrase=PASSPHRASE, address="10.0.0.1", now=NOW)
