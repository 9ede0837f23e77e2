"""Accounts without e-mail: registering, signing in, getting back in with the printed code, being reset."""

import unicodedata
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from lms.config import Registration
from lms.i18n import N_
from lms.ids import uuid7
from lms.learning import events as types
from lms.refusals import Refusal
from lms.services.common.record import Act, Pen, record
from lms.services.groups import cohorts
from lms.services.people import consent, passphrases
from lms.services.people.consent import Agreement
from lms.storage import event_log, people, roll, sessions
from lms.storage.people import Person, Secrets
from lms.storage.roll import FACTS, Work

LEARNER = frozenset({"learner"})


class BadUsername(Refusal):
    """A username that can't be used."""

    message = N_("A username has 3 to 40 letters, digits, dots, hyphens or underscores, and no spaces.")


class UsernameTaken(Refusal):
    """Somebody has it."""

    message = N_("Somebody has this username already. Choose another one.")
    status = 409


class BadName(Refusal):
    """No name, or one with characters that are not of a name."""

    message = N_("Write the name that your certificate will show, with at most 200 characters.")


class NoConsent(Refusal):
    """The box was not ticked."""

    message = N_("To keep your progress we need your agreement: tick the box about your data.")


class RegistrationClosed(Refusal):
    """Nobody registers here by herself."""

    message = N_("Here only the person in charge opens accounts. Ask for yours.")
    status = 403


class CodeNeeded(Refusal):
    """Registering needs a code."""

    message = N_("To register here you need the code of your group. Ask your coordinator for it.")
    status = 403


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """A registration as it was asked for and checked. `code` is the group's, empty without one."""

    username: str
    display_name: str
    passphrase: str = field(repr=False)
    language: str | None
    code: str
    agreed: Agreement


def check(
    *,
    username: str,
    display_name: str,
    passphrase: str,
    language: str | None,
    agreed: Agreement | None,
    code: str,
) -> Application:
    """The registration, once everything that was typed can be used.

    Raises BadUsername, BadName, NoConsent, ShortPassphrase, WeakPassphrase.
    """
    folded = fold_username(username)
    name = clean_name(display_name)
    checked = passphrases.check(passphrase, folded)
    if agreed is None:
        raise NoConsent
    return Application(
        username=folded, display_name=name, passphrase=checked, language=language, code=code, agreed=agreed
    )


def check_policy(policy: Registration, code: str) -> None:
    """Nothing, where one may register so. Raises RegistrationClosed, CodeNeeded."""
    if policy == "closed":
        raise RegistrationClosed
    if policy == "code" and not code:
        raise CodeNeeded


def register(tx: Connection, pen: Pen, application: Application, secrets: Secrets, *, now: datetime) -> Person:
    """A new learner, in the code's cohort when there is one. Raises UsernameTaken, UnknownCode, CodeOver, CohortFull."""
    cohorts.hold(tx, application.code)  # before the first event: see there
    person = add(
        tx,
        pen,
        username=application.username,
        display_name=application.display_name,
        secrets=secrets,
        language=application.language,
        now=now,
    )
    consent.give(tx, pen, person=person.id, agreed=application.agreed, now=now)
    if application.code:
        cohorts.join(tx, pen, person=person.id, code=application.code, now=now)
    return replace(person, preferences=replace(person.preferences, consent=application.agreed.version))


def add(
    tx: Connection,
    pen: Pen,
    *,
    username: str,
    display_name: str,
    secrets: Secrets,
    language: str | None = None,
    roles: frozenset[str] = LEARNER,
    must_change: bool = False,
    work: Work | None = None,
    now: datetime,
) -> Person:
    """A new person. Raises BadUsername, BadName, UsernameTaken."""
    person = Person(
        id=uuid7(),
        username=fold_username(username),
        display_name=clean_name(display_name),
        language=language,
        active=True,
        must_change=must_change,
        roles=roles | LEARNER,
    )
    if not people.add(tx, person, secrets, now=now):
        raise UsernameTaken
    if work:
        roll.set_work(tx, person.id, work)
    _tell_profile(tx, pen, person, work, now=now)
    return person


def change_profile(
    tx: Connection, pen: Pen, *, person: Person, display_name: str, language: str | None, now: datetime
) -> None:
    """The name on certificates to come, and the language. Raises BadName."""
    name = clean_name(display_name)
    people.set_profile(tx, person.id, display_name=name, language=language)
    changed = people.by_id(tx, person.id)
    if changed and changed != person:
        _tell_profile(tx, pen, changed, now=now)


def place(
    tx: Connection, pen: Pen, *, person: str, display_name: str, language: str | None, work: Work, now: datetime
) -> None:
    """Her name, her language and where they work, as whoever looks after her says. Raises BadName."""
    people.set_profile(tx, person, display_name=clean_name(display_name), language=language)
    roll.set_work(tx, person, work)
    changed = people.by_id(tx, person)
    if changed:
        _tell_profile(tx, pen, changed, work, now=now)


def change_language(tx: Connection, pen: Pen, *, person: str, language: str, now: datetime) -> None:
    """The language of the interface, and nothing else of her."""
    event_log.hold(tx, person)
    found = people.by_id(tx, person)
    if found:
        change_profile(tx, pen, person=found, display_name=found.display_name, language=language, now=now)


def change_passphrase(tx: Connection, *, person: str, hashed: str, must_change: bool = False) -> None:
    """Another passphrase; whoever was signed in with the old one no longer is."""
    people.set_passphrase(tx, person, hashed, must_change=must_change)
    sessions.end_all(tx, person)


def fold(username: str) -> str:
    """A username as it is looked for, however it was typed: NFKC, small letters."""
    return unicodedata.normalize("NFKC", username.strip()).casefold()


def fold_username(text: str) -> str:
    """The username in its one spelling. Raises BadUsername."""
    folded = fold(text)
    if not 3 <= len(folded) <= 40 or not all(each.isalnum() or each in ".-_" for each in folded):
        raise BadUsername
    return folded


def clean_name(text: str) -> str:
    """A person's name: NFC, single spaces, no control or direction characters. Raises BadName."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name or len(name) > 200 or any(unicodedata.category(each) in ("Cc", "Cf", "Cs", "Co") for each in name):
        raise BadName
    return name


def _tell_profile(tx: Connection, pen: Pen, person: Person, work: Work | None = None, *, now: datetime) -> None:
    data: dict[str, object] = {"username": person.username, "name": person.display_name, "language": person.language}
    if work:  # her telephone is only here: no other store needs it
        data |= {name: getattr(work, name) for name in FACTS if name != "phone"}
    record(tx, pen, Act(type=types.PROFILE, learner=person.id, data=data), now=now)
