"""Passphrases on slips, one-time codes, login cards: who may give them, and how they let in."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from lms.ids import secret
from lms.services.common.oversight import NotYours
from lms.services.common.record import Pen
from lms.services.groups import cohorts
from lms.services.people import accounts, devices, importing, passphrases, people_file, powers, ways_in
from lms.services.people.entrance import CARD, Entrance, Grant, TooManyTries, WrongCard, WrongCode, WrongPassphrase
from lms.services.people.ways_in import BadPin, NotActive, OfStaff, Yourself
from lms.services.studying.desk import Desk
from lms.storage import audit, people, resets, roll, sessions
from lms.storage import cohorts as stored
from lms.storage.cohorts import Cohort
from lms.storage.database import Database
from lms.storage.people import Person, Secrets
from tests.conftest import NOW
from tests.phone import Phone
from tests.services.conftest import add_person, pen_of

PASSPHRASE, NEW = "tres palabras sueltas", "otras palabras nuevas"
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def entrance(database: Database) -> Entrance:
    return Entrance(database, b"secret")


@pytest.fixture
def cohort(database: Database, pen: Pen, desk: Desk) -> Cohort:
    with database.writing() as tx:
        return cohorts.create(tx, pen, name="Consulados", courses=["demo-course"], cap=100, days=9, now=NOW)


@pytest.fixture
def carla(database: Database, pen: Pen, cohort: Cohort) -> Person:
    return staff(database, pen, "carla", cohort)


@pytest.fixture
def ana(database: Database, pen: Pen, cohort: Cohort) -> Person:
    """Ana, in the cohort, who signs in with a passphrase of her own."""
    found = add_person(database, pen, "ana", PASSPHRASE)
    with database.writing() as tx:
        cohorts.join(tx, pen, person=found.id, code=cohort.code, now=NOW)
    return found


def staff(database: Database, pen: Pen, username: str, cohort: Cohort | None, *roles: str) -> Person:
    with database.writing() as tx:
        found = accounts.add(
            tx,
            pen,
            username=username,
            display_name=username.title(),
            secrets=Secrets("x", None),
            roles=frozenset(roles or ["coordinator"]),
            now=NOW,
        )
        if cohort:
            stored.assign(tx, cohort.id, found.id)
    return found


def bring(database: Database, pen: Pen, cohort: Cohort, many: int) -> None:
    """So many new people in the cohort."""
    text = "usuario,nombre\n" + "".join(f"p{n:03},Persona {n:03}\n" for n in range(many))
    entries = people_file.read(text.encode(), languages=["es"]).entries
    importing.take(database, pen, entries, cohort=cohort, staff=None, now=NOW)


def acts(database: Database) -> list[str]:
    with database.reading() as tx:
        return [each.act for each in audit.lines(tx, newest=False)][1:]


def recover(entrance: Entrance, code: str, *, minutes: float = 0, username: str = "ana") -> Person:
    given = Grant(token=secret(), recovery_code=passphrases.new_recovery_code())
    now = NOW + timedelta(minutes=minutes)
    return entrance.recover(
        pen_of(entrance.database), given, username=username, code=code, passphrase=NEW, address="10.0.0.1", now=now
    )


# passphrases on slips


def test_who_has_no_way_in_gets_a_passphrase_that_she_changes(
    database: Database, pen: Pen, cohort: Cohort, carla: Person, ana: Person, entrance: Entrance
) -> None:
    bring(database, pen, cohort, 43)
    with pytest.raises(WrongPassphrase):
        entrance.log_in(username="p000", passphrase="", address="x", now=NOW)
    first = ways_in.give_passphrases(database, cohort, carla, now=NOW)
    rest = ways_in.give_passphrases(database, cohort, carla, now=NOW)
    assert ([len(first), len(rest)], ways_in.give_passphrases(database, cohort, carla, now=NOW)) == ([40, 3], [])
    assert ana.id not in {each.member.id for each in first + rest}
    person = entrance.log_in(username="p000", passphrase=first[0].passphrase, address="x", now=NOW)
    assert person.must_change
    assert acts(database)[-2:] == ["passphrases-given", "passphrases-given"]
    again = ways_in.give_passphrases(database, cohort, carla, again=True, start=40, now=NOW)
    assert [each.member.username for each in again] == ["p040", "p041", "p042"]
    with pytest.raises(WrongPassphrase):
        entrance.log_in(username="p042", passphrase=rest[-1].passphrase, address="y", now=NOW)
    assert "palabra" not in repr(first) and first[0].passphrase not in repr(first)


# one-time codes


def test_a_one_time_code_lets_her_choose_a_new_passphrase_once(
    database: Database, carla: Person, ana: Person, entrance: Entrance
) -> None:
    code = ways_in.reset(database, ana.id, carla, now=NOW)
    assert entrance.log_in(username="ana", passphrase=PASSPHRASE, address="x", now=NOW) == ana  # until it is used
    assert recover(entrance, code.lower().replace("-", " ")) == ana
    with pytest.raises(WrongPassphrase):
        entrance.log_in(username="ana", passphrase=PASSPHRASE, address="x", now=NOW)
    assert entrance.log_in(username="ana", passphrase=NEW, address="x", now=NOW) == ana
    with pytest.raises(WrongCode):
        recover(entrance, code)
    with database.reading() as tx:
        told = resets.of(tx, ana.id)
    assert told and (told.by, told.made_at, told.seen) == ("Carla", NOW, False)
    with database.writing() as tx:
        resets.set_seen(tx, ana.id)
        assert resets.of(tx, ana.id).seen  # type: ignore[union-attr]
    assert acts(database) == ["person-reset"]


def test_a_one_time_code_lasts_a_day_and_only_the_last_one_works(
    database: Database, pen: Pen, carla: Person, ana: Person, entrance: Entrance
) -> None:
    old = ways_in.reset(database, ana.id, carla, now=NOW)
    new = ways_in.reset(database, ana.id, carla, now=NOW)
    add_person(database, pen, "beto", PASSPHRASE)
    with pytest.raises(WrongCode):
        recover(entrance, old)
    with pytest.raises(WrongCode):
        recover(entrance, new, username="beto")
    assert recover(entrance, new, minutes=24 * 60 - 1) == ana
    late = ways_in.reset(database, ana.id, carla, now=NOW)
    with pytest.raises(WrongCode):
        recover(entrance, late, minutes=24 * 60)


def test_a_code_used_by_two_at_once_lets_one_in(
    database: Database, carla: Person, ana: Person, entrance: Entrance
) -> None:
    code = ways_in.reset(database, ana.id, carla, now=NOW)

    def tried(_: int) -> bool:
        try:
            return recover(entrance, code) == ana
        except WrongCode:
            return False

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(tried, range(4))) == 1


def test_guesses_at_a_one_time_code_are_counted(
    database: Database, carla: Person, ana: Person, entrance: Entrance
) -> None:
    ways_in.reset(database, ana.id, carla, now=NOW)
    with pytest.raises(TooManyTries):
        for _ in range(10):
            with pytest.raises(WrongCode):
                recover(entrance, "0000-0000")


# login cards


def test_a_card_lets_in_with_its_pin_and_never_alone(
    database: Database, pen: Pen, cohort: Cohort, carla: Person, entrance: Entrance
) -> None:
    bring(database, pen, cohort, 2)
    one, two = ways_in.make_cards(database, cohort, carla, now=NOW)
    assert ways_in.make_cards(database, cohort, carla, now=NOW) == []
    assert len(ways_in.fold_secret(one.card)) == 26 and one.card != two.card
    for card, pin in ((one.card, ""), (one.card, two.pin), ("", one.pin), (two.card[:-1], two.pin)):
        with pytest.raises(WrongCard):
            entrance.log_in_by_card(card=card, pin=pin, address="x", now=NOW)
    person = entrance.log_in_by_card(card=one.card.lower().replace("-", ""), pin=f" {one.pin} ", address="x", now=NOW)
    assert (person.id, person.must_change) == (one.member.id, False)
    with database.reading() as tx:
        rows = str(tx.exec_driver_sql("SELECT * FROM login_cards").all())
        assert resets.of(tx, person.id) is None  # who had no way in before needs no warning
    for kept in (one.card, ways_in.fold_secret(one.card), one.pin):
        assert kept not in rows
    assert one.card not in repr(one) and one.pin not in repr(one)


def test_guesses_at_a_pin_are_counted_by_card(
    database: Database, carla: Person, ana: Person, entrance: Entrance
) -> None:
    given = ways_in.make_card(database, ana.id, carla, pin="2580", now=NOW)
    reached, now = 0, NOW
    for n in range(24 * 6):
        now = NOW + timedelta(minutes=n * 10)  # a day long
        try:
            entrance.log_in_by_card(card=given.card, pin=f"{n:04}", address=f"10.0.{n}", now=now)
        except WrongCard:
            reached += 1
        except TooManyTries:
            continue
    assert reached <= 40
    later = now + timedelta(hours=2)
    assert entrance.log_in_by_card(card=given.card, pin="2580", address="x", now=later) == ana
    assert CARD.free == 5


def test_a_new_card_makes_the_old_one_void_and_she_is_told(
    database: Database, carla: Person, ana: Person, entrance: Entrance
) -> None:
    old = ways_in.make_card(database, ana.id, carla, now=NOW)
    new = ways_in.make_card(database, ana.id, carla, now=LATER)
    with pytest.raises(WrongCard):
        entrance.log_in_by_card(card=old.card, pin=old.pin, address="x", now=LATER)
    assert entrance.log_in_by_card(card=new.card, pin=new.pin, address="x", now=LATER) == ana
    assert entrance.log_in(username="ana", passphrase=PASSPHRASE, address="x", now=LATER) == ana
    with database.writing() as tx:
        told = resets.of(tx, ana.id)
        assert told and (told.by, told.seen, told.made_at) == ("Carla", False, LATER)
        ways_in.void_cards(tx, ana.id, carla, now=LATER)
    with pytest.raises(WrongCard):
        entrance.log_in_by_card(card=new.card, pin=new.pin, address="x", now=LATER)
    assert acts(database) == ["cards-made", "cards-made", "cards-voided"]


def test_a_card_made_does_not_undo_a_code_given(
    database: Database, carla: Person, ana: Person, entrance: Entrance
) -> None:
    code = ways_in.reset(database, ana.id, carla, now=NOW)
    ways_in.make_card(database, ana.id, carla, now=NOW)
    assert recover(entrance, code) == ana


@pytest.mark.parametrize("pin", ["", "123", "1234567", "12a4", "1111", "1234", "4321", "7890", "٤٥٦٩", "24 80"])
def test_some_pins_are_no_pins(pin: str) -> None:
    with pytest.raises(BadPin):
        ways_in.checked_pin(pin)


def test_many_made_pins_are_good_and_differ() -> None:
    made = {ways_in._new_pin() for _ in range(200)}
    assert len(made) > 190 and all(ways_in.checked_pin(each) == each and len(each) == 6 for each in made)


# who may


def test_a_person_is_deactivated_and_active_again(
    database: Database, carla: Person, ana: Person, entrance: Entrance
) -> None:
    token = entrance.open_session(ana, now=NOW)
    card = ways_in.make_card(database, ana.id, carla, now=NOW)
    code = ways_in.reset(database, ana.id, carla, now=NOW)
    with database.writing() as tx:
        for _ in range(2):
            ways_in.deactivate(tx, ana.id, carla, now=NOW)
        assert sessions.find(tx, token, idle=timedelta(hours=1), now=NOW) is None
    for _ in range(2):
        with pytest.raises(WrongPassphrase):
            entrance.log_in(username="ana", passphrase=PASSPHRASE, address="x", now=NOW)
        with pytest.raises(WrongCard):
            entrance.log_in_by_card(card=card.card, pin=card.pin, address="x", now=NOW)
        with pytest.raises(WrongCode):
            recover(entrance, code)
    with pytest.raises(NotActive):
        ways_in.reset(database, ana.id, carla, now=NOW)
    with database.writing() as tx:
        for _ in range(2):
            ways_in.reactivate(tx, ana.id, carla, now=NOW)
    for attempt in ((card.card, card.pin), ("x", "y")):
        with pytest.raises(WrongCard):
            entrance.log_in_by_card(card=attempt[0], pin=attempt[1], address="x", now=LATER)
    assert entrance.log_in(username="ana", passphrase=PASSPHRASE, address="x", now=LATER) == ana
    assert acts(database)[2:] == ["person-deactivated", "person-reactivated"]


def test_nobody_reaches_whom_she_does_not_see_nor_the_staff(
    database: Database, pen: Pen, cohort: Cohort, carla: Person, ana: Person
) -> None:
    dora = staff(database, pen, "dora", None)
    eva = staff(database, pen, "eva", None, "administrator")
    with database.writing() as tx:
        cohorts.join(tx, pen, person=dora.id, code=cohort.code, now=NOW)
        cohorts.join(tx, pen, person=carla.id, code=cohort.code, now=NOW)
    acts_ = (
        lambda whom, by: ways_in.reset(database, whom, by, now=NOW),
        lambda whom, by: ways_in.make_card(database, whom, by, now=NOW),
        lambda whom, by: _in(database, ways_in.deactivate, whom, by),
        lambda whom, by: _in(database, ways_in.reactivate, whom, by),
        lambda whom, by: _in(database, ways_in.void_cards, whom, by),
    )
    for act in acts_:
        with pytest.raises(NotYours):
            act(ana.id, dora)
        with pytest.raises(NotYours):
            act("x", eva)
        with pytest.raises(OfStaff):
            act(dora.id, carla)
        with pytest.raises(Yourself):
            act(carla.id, carla)
    ways_in.reset(database, dora.id, eva, now=NOW)
    with pytest.raises(OfStaff):
        ways_in.make_card(database, dora.id, eva, now=NOW)
    given = ways_in.make_cards(database, cohort, carla, now=NOW)
    assert [each.member.id for each in given] == [ana.id]
    with database.reading() as tx:
        assert roll.one(tx, dora.id).active  # type: ignore[union-attr]


def test_a_card_lets_nobody_in_who_has_become_staff(
    database: Database, carla: Person, ana: Person, entrance: Entrance
) -> None:
    given = ways_in.make_card(database, ana.id, carla, now=NOW)
    with database.writing() as tx:
        people.set_roles(tx, ana.id, ["learner", "author"])
    with pytest.raises(WrongCard):
        entrance.log_in_by_card(card=given.card, pin=given.pin, address="x", now=NOW)


def test_nor_who_becomes_so_while_the_pin_is_looked_at(
    database: Database, pen: Pen, carla: Person, ana: Person, entrance: Entrance, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = ways_in.make_card(database, ana.id, carla, now=NOW)

    def is_right(_hashed: str | None, _typed: str) -> bool:
        promote(database, pen, "ana")
        return True

    monkeypatch.setattr(passphrases, "is_right", is_right)
    with pytest.raises(WrongCard):
        entrance.log_in_by_card(card=given.card, pin=given.pin, address="x", now=NOW)


def _in(database: Database, act: object, whom: str, by: Person) -> None:
    with database.writing() as tx:
        act(tx, whom, by, now=NOW)  # type: ignore[operator]


# what changes while a passphrase is hashed, which takes long


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """While something is hashed next, that happens."""
    real = passphrases.hash_

    def hash_(text: str) -> str:
        monkeypatch.setattr(passphrases, "hash_", real)
        act()
        return real(text)

    monkeypatch.setattr(passphrases, "hash_", hash_)


def promote(database: Database, pen: Pen, username: str) -> None:
    with database.writing() as tx:
        found = people.by_username(tx, username)
        assert found
        powers.change(tx, pen, found.id, {"administrator"}, by=None, now=NOW)


def test_who_gets_a_role_meanwhile_is_given_no_way_in_by_a_coordinator(
    database: Database, pen: Pen, cohort: Cohort, carla: Person, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(monkeypatch, lambda: promote(database, pen, "ana"))
    with pytest.raises(OfStaff):
        ways_in.reset(database, ana.id, carla, now=NOW)
    with database.reading() as tx:
        assert resets.of(tx, ana.id) is None
    beto = add_person(database, pen, "beto", PASSPHRASE)
    with database.writing() as tx:
        cohorts.join(tx, pen, person=beto.id, code=cohort.code, now=NOW)
    meanwhile(monkeypatch, lambda: promote(database, pen, "beto"))
    with pytest.raises(OfStaff):
        ways_in.make_card(database, beto.id, carla, now=NOW)
    with database.reading() as tx:
        found = roll.one(tx, beto.id)
        assert found and not found.has_card


@pytest.mark.parametrize("again", [False, True])
def test_nor_by_a_lot_of_slips(
    database: Database, pen: Pen, cohort: Cohort, carla: Person, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    bring(database, pen, cohort, 2)
    if again:
        ways_in.give_passphrases(database, cohort, carla, now=NOW)
    meanwhile(monkeypatch, lambda: promote(database, pen, "p000"))
    given = ways_in.give_passphrases(database, cohort, carla, again=again, now=NOW)
    assert [each.member.username for each in given] == ["p001"]
    with database.reading() as tx:
        found = people.by_username(tx, "p000")
        secrets = people.secrets_of(tx, found.id) if found else None
    assert secrets and not secrets.passphrase


@pytest.mark.parametrize("many", [False, True])
def test_a_card_takes_nobodys_passphrase_that_she_chose_meanwhile(
    database: Database, pen: Pen, cohort: Cohort, carla: Person, monkeypatch: pytest.MonkeyPatch, many: bool
) -> None:
    bring(database, pen, cohort, 1)
    with database.reading() as tx:
        p000 = roll.of_cohort(tx, cohort.id)[0].id

    def choose() -> None:
        with database.writing() as tx:
            people.set_passphrase(tx, p000, "hers")

    meanwhile(monkeypatch, choose)
    if many:
        ways_in.make_cards(database, cohort, carla, now=NOW)
    else:
        ways_in.make_card(database, p000, carla, now=NOW)
    with database.reading() as tx:
        secrets, told = people.secrets_of(tx, p000), resets.of(tx, p000)
    assert secrets and secrets.passphrase == "hers"
    assert told and told.by == "Carla", "and she is told of the card"


# phones


def granted(database: Database, pen: Pen, who: Person) -> Phone:
    phone = Phone(None, who.id)  # type: ignore[arg-type]
    with database.writing() as tx:
        devices.grant(tx, pen, learner=who.id, device=phone.device, key=phone.public_key, name="", now=NOW)
    return phone


def states(database: Database, who: Person) -> list[str]:
    with database.reading() as tx:
        return sorted(each.revoked_why for each in devices.of_learner(tx, who.id))


def test_who_gets_a_new_passphrase_has_no_phone_that_may_send(
    database: Database, pen: Pen, entrance: Entrance, ana: Person, carla: Person
) -> None:
    beto = add_person(database, pen, "beto")
    granted(database, pen, ana)
    granted(database, pen, beto)
    code = ways_in.reset(database, ana.id, carla, now=NOW)
    assert states(database, ana) == [""]
    recover(entrance, code)
    assert (states(database, ana), states(database, beto)) == (["passphrase"], [""])
    again = granted(database, pen, ana)
    grant = Grant(token=secret(), recovery_code=passphrases.new_recovery_code())
    entrance.change_passphrase(pen, ana, grant, old=NEW, passphrase="tres palabras mas", address="", now=NOW)
    assert states(database, ana) == ["passphrase", "passphrase"]
    with database.writing() as tx:
        devices.grant(tx, pen, learner=ana.id, device=again.device, key=again.public_key, name="", now=NOW)
        ways_in.give_passphrase(tx, pen, ana.id, "hash", now=NOW)
    assert states(database, ana) == ["passphrase", "passphrase"]


def test_the_staff_revokes_a_phone(database: Database, pen: Pen, ana: Person, carla: Person) -> None:
    phone = granted(database, pen, ana)
    with database.writing() as tx:
        for _ in range(2):
            ways_in.revoke_device(tx, pen, ana.id, phone.device, carla, now=NOW)
        with pytest.raises(NotYours):
            ways_in.revoke_device(tx, pen, carla.id, phone.device, carla, now=NOW)
    assert states(database, ana) == ["staff"]
    with database.reading() as tx:
        assert [each.act for each in audit.lines(tx)][:1] == ["device-revoked"]
