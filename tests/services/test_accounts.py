"""Accounts without e-mail."""

import math
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path

import pytest
from sqlalchemy import select

from lms.config import Registration
from lms.services.common.record import Pen
from lms.services.groups import cohorts
from lms.services.groups.cohorts import BadCohortName, CodeOver, CohortFull, NoSuchCourse, UnknownCode
from lms.services.people import accounts, consent, passphrases
from lms.services.people.accounts import (
    BadName,
    BadUsername,
    CodeNeeded,
    NoConsent,
    RegistrationClosed,
    UsernameTaken,
)
from lms.services.people.consent import Agreement
from lms.services.people.passphrases import Busy, ShortPassphrase, WeakPassphrase
from lms.services.running import demo
from lms.services.running.rebuild import differences
from lms.services.studying.desk import Desk
from lms.storage import cohorts as stored
from lms.storage import people, projection, sessions
from lms.storage.cohorts import Cohort
from lms.storage.database import Database
from lms.storage.people import Person, Secrets
from lms.storage.releases import Catalogue
from lms.storage.tables import events
from tests.conftest import NOW
from tests.services.conftest import add_person

PASSPHRASE = "tres palabras sueltas"
HURTFUL = {
    "es": "aborto abuso acoso asalto asno baba bestia bobo borracho bruto burro cerdo chupar ciego coger cochino cojo cola "
    "criada culo enano enfermo esclavo esposa feo flaco gordo golpe guerra gusano hembra hijo huevo indio infiel joroba "
    "loco macho mama manco marica matar morir mono mortal muerte mujer necio negro obeso odio padre pecho perra perro "
    "piojo pobre preso puta rapto rata sapo sexo sordo sucio tonto torpe tuerto viejo viudo violar vulgar yegua zorra",
    "en": "abuse addict animal attack bastard beast bitch black blood bomb cattle chicken cow crazy cripple dead death "
    "disease dog donkey dumb dwarf evil fat female ghetto girl guilt gun hate idiot ill illegal insane kill lame male "
    "monkey monster naked obese orphan pig poison poor prison rape rat savage sex sick slave snake stupid suicide "
    "trash ugly victim war weak white whore widow wife witch woman",
}
"""Words that nobody is to get as a passphrase; the lists had many of them, or might."""
AGREED = Agreement(consent.VERSION, "es", "digest")


def apply(username: str = "ana", **values: object) -> accounts.Application:
    facts = {"display_name": "Ana Pérez", "passphrase": PASSPHRASE, "language": "es", "agreed": AGREED, "code": ""}
    return accounts.check(username=username, **{**facts, **values})  # type: ignore[arg-type]


def register(
    database: Database, pen: Pen, username: str = "ana", *, policy: Registration = "open", code: str = ""
) -> Person:
    with database.writing() as tx:
        accounts.check_policy(policy, code)
        return accounts.register(tx, pen, apply(username, code=code), Secrets("no hash", None), now=NOW)


def kinds(database: Database, person: Person) -> list[str]:
    with database.reading() as tx:
        return list(
            tx.execute(select(events.c.type).where(events.c.learner == person.id).order_by(events.c.seq)).scalars()
        )


@pytest.fixture
def cohort(database: Database, pen: Pen, desk: Desk) -> Callable[..., Cohort]:
    def make(cap: int = 40, days: int = 30) -> Cohort:
        with database.writing() as tx:
            return cohorts.create(tx, pen, name="Consulados", courses=["demo-course"], cap=cap, days=days, now=NOW)

    return make


def test_somebody_registers(database: Database, pen: Pen) -> None:
    ana = register(database, pen)
    assert (ana.username, ana.display_name, ana.roles) == ("ana", "Ana Pérez", frozenset({"learner"}))
    assert kinds(database, ana) == ["store.learner_profile", "learner.consent_given"]
    with database.reading() as tx:
        assert people.by_username(tx, "ana") == ana
        assert people.everyone(tx) == [ana]


def test_a_username_is_taken_once(database: Database, pen: Pen) -> None:
    register(database, pen, "Ana")
    with pytest.raises(UsernameTaken):
        register(database, pen, "ＡＮＡ")


def test_two_at_once_do_not_get_one_username(database: Database, pen: Pen) -> None:
    def attempt(_: int) -> bool:
        try:
            register(database, pen)
        except UsernameTaken:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(attempt, range(6))) == 1


@pytest.mark.parametrize("username", ["", "ab", "a" * 41, "ana maría", "ana@example", "ana/..", "an\u202ea", "<b>"])
def test_a_username_that_cant_be_used_is_refused(username: str) -> None:
    with pytest.raises(BadUsername):
        apply(username)


@pytest.mark.parametrize("name", ["", "   ", "a" * 201, "Ana\x00", "Ana\u202e", "Ana\u200b"])
def test_a_name_that_cant_be_printed_is_refused(name: str) -> None:
    with pytest.raises(BadName):
        apply(display_name=name)


def test_a_name_is_kept_as_it_is_written() -> None:
    assert accounts.clean_name("  K'iche'   Ñuñez  Ixche\u0301l ") == "K'iche' Ñuñez Ixchél"


def test_without_agreement_nothing_is_kept() -> None:
    with pytest.raises(NoConsent):
        apply(agreed=None)


def test_registration_may_be_closed_or_need_a_code(database: Database, pen: Pen, cohort: Callable[..., Cohort]) -> None:
    with pytest.raises(RegistrationClosed):
        register(database, pen, policy="closed")
    with pytest.raises(CodeNeeded):
        register(database, pen, policy="code")
    assert register(database, pen, policy="code", code=cohort().code.lower())


def test_a_code_enrols_in_its_courses_once(database: Database, pen: Pen, cohort: Callable[..., Cohort]) -> None:
    made = cohort()
    ana = register(database, pen, code=made.code)
    with database.writing() as tx:
        assert cohorts.join(tx, pen, person=ana.id, code=made.code, now=NOW).name == "Consulados"
        assert projection.of_course(tx, ana.id, "demo-course").enrolled
        assert [each.members for each in stored.every(tx)] == [1]
        assert stored.is_enrolled(tx, ana.id, "demo-course")
        assert differences(tx, Catalogue()) == []
    assert kinds(database, ana).count("store.enrolled") == 1


def test_a_code_that_does_not_let_in_says_why(database: Database, pen: Pen, cohort: Callable[..., Cohort]) -> None:
    with pytest.raises(UnknownCode):
        register(database, pen, code="AAAAA-BBBBB")
    with pytest.raises(CodeOver):
        register(database, pen, code=cohort(days=0).code)
    with database.reading() as tx:
        assert people.everyone(tx) == []
    for name in ("", "  ", "a" * 201):
        with pytest.raises(BadCohortName), database.writing() as tx:
            cohorts.create(tx, pen, name=name, courses=["demo-course"], cap=1, days=1, now=NOW)
    with pytest.raises(NoSuchCourse, match="no-hay"), database.writing() as tx:
        cohorts.create(tx, pen, name="x", courses=["no-hay"], cap=1, days=1, now=NOW)


def test_the_last_place_is_given_once(database: Database, pen: Pen, cohort: Callable[..., Cohort]) -> None:
    code = cohort(cap=2).code
    crowd = [add_person(database, pen, f"persona{n}") for n in range(6)]

    def attempt(person: Person) -> bool:
        try:
            with database.writing() as tx:
                cohorts.join(tx, pen, person=person.id, code=code, now=NOW)
        except CohortFull:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(attempt, crowd)) == 2


def test_registering_and_joining_with_one_code_at_once_do_not_stop_each_other(
    database: Database, pen: Pen, cohort: Callable[..., Cohort]
) -> None:
    code = cohort().code
    there = [add_person(database, pen, f"persona{n}") for n in range(16)]
    applications = [apply(f"nueva{n}", code=code) for n in range(16)]

    def join(n: int) -> None:
        with database.writing() as tx:
            cohorts.join(tx, pen, person=there[n].id, code=code, now=NOW)

    def join_anew(n: int) -> None:
        with database.writing() as tx:
            accounts.register(tx, pen, applications[n], Secrets("no hash", None), now=NOW)

    with ThreadPoolExecutor(8) as pool:
        tries = [pool.submit(act, n) for n in range(16) for act in (join, join_anew)]
    assert [each.exception() for each in tries] == [None] * 32
    with database.reading() as tx:
        assert [each.members for each in stored.every(tx)] == [32]


def test_a_code_as_people_type_it(cohort: Callable[..., Cohort]) -> None:
    code = cohort().code
    assert cohorts.fold_code(f" {code.lower().replace('-', ' ')} ") == code
    assert cohorts.fold_code("oil") == "011"


def test_a_profile_is_told_when_it_changes(database: Database, pen: Pen) -> None:
    ana = register(database, pen)
    for name in ("Ana Lucía", "Ana Lucía"):
        with database.writing() as tx:
            person = people.by_id(tx, ana.id)
            assert person
            accounts.change_profile(tx, pen, person=person, display_name=name, language="es", now=NOW)
    assert kinds(database, ana).count("store.learner_profile") == 2


def test_a_language_changes_nothing_else(database: Database, pen: Pen) -> None:
    ana = register(database, pen)
    with database.writing() as tx:
        accounts.change_profile(tx, pen, person=ana, display_name="Ana Lucía", language="es", now=NOW)
        accounts.change_language(tx, pen, person=ana.id, language="en", now=NOW)
        changed = people.by_id(tx, ana.id)
    assert changed
    assert (changed.display_name, changed.language) == ("Ana Lucía", "en")
    assert kinds(database, ana).count("store.learner_profile") == 3


def test_a_new_passphrase_ends_every_session(database: Database, pen: Pen) -> None:
    ana = register(database, pen)
    with database.writing() as tx:
        sessions.open_(tx, "token", ana.id, now=NOW)
        accounts.change_passphrase(tx, person=ana.id, hashed="other", must_change=True)
        assert sessions.find(tx, "token", idle=sessions.LIFETIME, now=NOW) is None
        changed = people.by_id(tx, ana.id)
    assert changed
    assert changed.must_change


def test_the_demonstration_has_four_people_once(database: Database, pen: Pen) -> None:
    made = demo.demo_people(database, pen, now=NOW)
    assert [role for _, _, role in made] == ["learner", "coordinator", "author", "administrator"]
    assert len({passphrase for _, passphrase, _ in made}) == 4
    assert demo.demo_people(database, pen, now=NOW) == []


def words_of(language: str) -> list[str]:
    """The words that passphrases are proposed of."""
    return (files("lms.services") / "words" / passphrases.PROPOSED[language]).read_text("utf-8").split("\n")[:-1]


@pytest.mark.parametrize("language", ["es", "en", "quc"])
def test_three_words_are_a_good_passphrase(language: str) -> None:
    for _ in range(50):
        proposed = passphrases.propose(language)
        assert len(proposed.split()) == 3
        assert passphrases.check(proposed, "ana") == proposed
        assert set(proposed.split()) <= set(words_of("en" if language == "en" else "es"))


@pytest.mark.parametrize("language", passphrases.PROPOSED)
def test_words_to_propose_can_be_typed_anywhere_and_are_enough_not_to_be_guessed(language: str) -> None:
    words = words_of(language)
    assert words == sorted(set(words))
    assert all(re.fullmatch("[a-z]{3,12}", each) for each in words)
    assert 3 * math.log2(len(words)) > 30
    assert not set(words) & set(HURTFUL[language].split())


def test_no_spanish_word_to_propose_has_lost_its_accent_or_its_tilde() -> None:
    """`unaccented.txt`: words of BIP 39 that are only right with ñ or an accent, without it. `ano` is no year."""
    lost = set((Path(__file__).parent / "unaccented.txt").read_text("utf-8").split())
    words = words_of("es")
    assert {"ano", "nino", "bano", "sueno", "diseno", "engano"} <= lost
    assert not lost & set(words)
    assert not [each for each in words if re.search("(cion|sion|tion|xion|ogia|ergia|ogo|ografo|ilogo)$", each)]


@pytest.mark.parametrize(
    "text", ["12345678", "contraseña", "Password", "pass word", "anaperez", "aaaaaaaaaa", "abababab", "qwertyuiop"]
)
def test_what_is_guessed_first_is_refused(text: str) -> None:
    with pytest.raises(WeakPassphrase):
        passphrases.check(text, "anaperez")


@pytest.mark.parametrize("text", ["", "corta", " 1234567 ", "a" * 201])
def test_what_is_too_short_or_too_long_is_refused(text: str) -> None:
    with pytest.raises(ShortPassphrase):
        passphrases.check(text, "ana")


def test_a_passphrase_is_what_was_typed_on_any_keyboard() -> None:
    hashed = passphrases.hash_(passphrases.check("cancio\u0301n azul lenta", "ana"))
    assert passphrases.is_right(hashed, passphrases.fold(" canción azul lenta "))
    assert not passphrases.is_right(hashed, "cancion azul lenta")
    assert not passphrases.is_right(None, "canción azul lenta")
    assert not passphrases.is_right("no hash", "canción azul lenta")


def test_two_hashes_at_once_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrases, "PATIENCE", 0.01)
    with passphrases._turn(), passphrases._turn(), pytest.raises(Busy):
        passphrases.hash_("x")
    assert passphrases.hash_("x")


def test_a_recovery_code_is_read_as_it_is_typed() -> None:
    code = passphrases.new_recovery_code()
    assert len(code) == 19
    assert passphrases.fold_code(f" {code.lower()} ".replace("-", " ").replace("0", "o").replace("1", "l")) == code
