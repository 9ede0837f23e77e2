"""Roles given and taken, what follows from it, and the passphrase of whoever has one."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from lms.ids import secret
from lms.services.common.oversight import NotYours
from lms.services.common.record import Pen
from lms.services.groups import cohorts
from lms.services.people import accounts, passphrases, powers, staffing, ways_in
from lms.services.people.accounts import UsernameTaken
from lms.services.people.entrance import Entrance, Grant, WrongPassphrase
from lms.services.people.passphrases import ShortForStaff
from lms.services.people.powers import LastAdministrator, NotAdministrator
from lms.services.people.staffing import NoRole
from lms.services.studying.desk import Desk
from lms.storage import audit, cards, event_log, people, resets, roll, second_factors, sessions
from lms.storage import cohorts as stored
from lms.storage.database import Database
from lms.storage.people import Person, Secrets
from tests.conftest import NOW
from tests.services.conftest import add_person

LONG, SHORT = "tres palabras sueltas", "ocho1234"
IDLE = timedelta(minutes=15)


def add(database: Database, pen: Pen, username: str, *roles: str, passphrase: str = "x") -> Person:
    with database.writing() as tx:
        return accounts.add(
            tx,
            pen,
            username=username,
            display_name=username.title(),
            secrets=Secrets(passphrase, None),
            roles=frozenset(roles),
            now=NOW,
        )


@pytest.fixture
def eva(database: Database, pen: Pen) -> Person:
    return add(database, pen, "eva", "administrator")


def change(database: Database, pen: Pen, person: Person, *roles: str, by: Person | None = None) -> bool:
    with database.writing() as tx:
        return powers.change(tx, pen, person.id, roles, by=by, now=NOW)


def roles_of(database: Database, person: Person) -> set[str]:
    with database.reading() as tx:
        found = people.by_id(tx, person.id)
    assert found
    return set(found.roles)


def test_a_first_role_ends_whatever_others_gave_her(database: Database, pen: Pen, eva: Person) -> None:
    ana = add(database, pen, "ana", "learner")
    token = secret()
    with database.writing() as tx:
        people.set_passphrase(tx, ana.id, "given", must_change=True)
        cards.add(tx, "S" * 26, person=ana.id, pin_hash="h", now=NOW)
        resets.give(tx, ana.id, code_hash="c", expires_at=NOW + timedelta(hours=1), by=eva.id, now=NOW)
        sessions.open_(tx, token, ana.id, now=NOW)
    assert change(database, pen, ana, "coordinator", by=eva)
    with database.reading() as tx:
        account, reset = roll.one(tx, ana.id), resets.of(tx, ana.id)
        assert account and reset and not account.has_way_in and reset.code_hash is None
        assert sessions.find(tx, token, idle=IDLE, now=NOW) is None
        (line,) = [each for each in audit.lines(tx) if each.act == "role-given"]
        assert (line.actor, line.subject, line.data) == (eva.id, ana.id, {"role": "coordinator"})
    assert roles_of(database, ana) == {"learner", "coordinator"}


def test_a_passphrase_of_her_own_stays_and_a_second_role_voids_nothing(
    database: Database, pen: Pen, eva: Person
) -> None:
    ana = add_person(database, pen, "ana", LONG)
    for roles in (["author"], ["author", "coordinator"]):
        assert change(database, pen, ana, *roles, by=eva)
        code = ways_in.reset(database, ana.id, eva, now=NOW)
        assert code
    with database.reading() as tx:
        reset = resets.of(tx, ana.id)
    assert reset and reset.code_hash
    assert Entrance(database, b"s").log_in(username="ana", passphrase=LONG, address="", now=NOW).id == ana.id
    assert not change(database, pen, ana, "author", "coordinator", "learner", by=eva), "these she has"


def test_the_last_who_can_administer_stays(database: Database, pen: Pen, eva: Person) -> None:
    gone = add(database, pen, "gone", "administrator")
    without = add(database, pen, "without", "administrator", passphrase="")
    with database.writing() as tx:
        people.set_active(tx, gone.id, False)
    for by in (eva, None):
        with pytest.raises(LastAdministrator):
            change(database, pen, eva, "author", by=by)
    with pytest.raises(LastAdministrator), database.writing() as tx:
        powers.check_others(tx, eva.id, by=None)
    olga = add(database, pen, "olga", "administrator")
    assert change(database, pen, eva, "author", by=eva), "her own too, where there is another one"
    with pytest.raises(NotAdministrator):
        change(database, pen, olga, by=eva)
    with pytest.raises(LastAdministrator):
        change(database, pen, olga, by=olga)
    assert change(database, pen, without, by=olga), "she could not come in anyway"


def test_of_two_who_depose_each_other_one_stays(database: Database, pen: Pen, eva: Person) -> None:
    olga = add(database, pen, "olga", "administrator")
    assert change(database, pen, olga, by=eva)
    with pytest.raises(NotAdministrator):
        change(database, pen, eva, by=olga)  # her page was open since before
    with pytest.raises(NotAdministrator), database.writing() as tx:
        ways_in.deactivate(tx, eva.id, olga, now=NOW)


def test_an_administrator_whose_other_roles_change_is_one_all_the_time(
    database: Database, pen: Pen, eva: Person
) -> None:
    dora = add(database, pen, "dora", "administrator")

    def administrators() -> frozenset[str]:
        with database.writing() as tx:
            return people.administrators(tx)

    with ThreadPoolExecutor() as pool:
        with database.writing() as tx:
            powers.change(tx, pen, dora.id, {"administrator", "author"}, by=eva, now=NOW)
            seen = pool.submit(administrators)
            time.sleep(0.2)  # until it waits; however far it comes, it sees both
        assert seen.result() == {eva.id, dora.id}
    assert roles_of(database, dora) == {"administrator", "author", "learner"}


def test_without_a_role_she_has_neither_groups_nor_a_second_factor(
    database: Database, pen: Pen, desk: Desk, eva: Person
) -> None:
    carla = add(database, pen, "carla", "coordinator", "author")
    with database.writing() as tx:
        group = cohorts.create(tx, pen, name="Sur", courses=["demo-course"], cap=9, days=9, now=NOW)
        cohorts.assign(tx, pen, cohort=group, username="carla", now=NOW)
        second_factors.begin(tx, carla.id, "sealed")
        second_factors.confirm(tx, carla.id, now=NOW)
    assert change(database, pen, carla, "author", by=eva)
    with database.reading() as tx:
        assert stored.of_coordinator(tx, carla.id) == [] and second_factors.is_on(tx, carla.id)
        told = event_log.since(tx, 0)[-1].event
        assert (told.type, told.by, told.data["person"]) == ("store.cohort_unassigned", eva.id, carla.id)
    assert change(database, pen, carla, by=None)
    with database.reading() as tx:
        assert not second_factors.is_on(tx, carla.id)
        assert [each.act for each in audit.lines(tx)][:2] == ["role-taken", "second-factor-removed"]
        assert next(audit.lines(tx)).actor == ""


def test_nobody_and_what_is_no_role(database: Database, pen: Pen, eva: Person) -> None:
    with pytest.raises(NotYours), database.writing() as tx:
        powers.change(tx, pen, "nobody", ["author"], by=eva, now=NOW)
    ana = add(database, pen, "ana", "learner")
    assert not change(database, pen, ana, "queen", "learner", by=eva)
    assert roles_of(database, ana) == {"learner"}


def test_somebody_of_the_staff_comes_in_by_a_code_and_a_long_passphrase(
    database: Database, pen: Pen, eva: Person
) -> None:
    made, code = staffing.open_account(
        database, pen, username="Olga", display_name="Olga Sis", roles=["coordinator", "x"], by=eva, now=NOW
    )
    assert made.roles == {"learner", "coordinator"}
    entrance = Entrance(database, b"secret")

    def recover(passphrase: str, later: int = 0) -> Person:
        grant = Grant(token=secret(), recovery_code=passphrases.new_recovery_code())
        now = NOW + timedelta(hours=later)
        return entrance.recover(pen, grant, username="olga", code=code, passphrase=passphrase, address="", now=now)

    with pytest.raises(ShortForStaff):
        recover(SHORT)
    assert recover(LONG).id == made.id
    for roles, refusal in ((["learner"], NoRole), (["author"], UsernameTaken)):
        with pytest.raises(refusal):
            staffing.open_account(database, pen, username="olga", display_name="O", roles=roles, by=eva, now=NOW)
    with pytest.raises(NotAdministrator):
        staffing.open_account(database, pen, username="pia", display_name="P", roles=["author"], by=made, now=NOW)
    with database.reading() as tx:
        assert people.by_username(tx, "pia") is None
        (line,) = [each for each in audit.lines(tx) if each.act == "account-made"]
        assert line.subject == made.id and line.data == {"roles": ["coordinator"]}


def test_who_gets_a_role_with_a_short_passphrase_chooses_another(database: Database, pen: Pen, eva: Person) -> None:
    entrance = Entrance(database, b"secret")
    ana = add_person(database, pen, "ana", SHORT)

    def log_in(passphrase: str) -> Person:
        return entrance.log_in(username="ana", passphrase=passphrase, address="", now=NOW)

    assert not log_in(SHORT).must_change
    change(database, pen, ana, "author", by=eva)
    with pytest.raises(WrongPassphrase):
        log_in("otra cosa")
    found = log_in(SHORT)
    assert found.must_change
    grant = Grant(token=secret(), recovery_code=passphrases.new_recovery_code())
    with pytest.raises(ShortForStaff):
        entrance.change_passphrase(pen, found, grant, old=SHORT, passphrase="nueve4321", address="", now=NOW)
    entrance.change_passphrase(pen, found, grant, old=SHORT, passphrase=LONG, address="", now=NOW)
    assert not log_in(LONG).must_change


def test_what_is_proposed_serves_the_staff() -> None:
    assert all(len(passphrases.propose(language)) >= 12 for language in ("es", "en") for _ in range(200))
