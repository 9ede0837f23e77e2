"""How people without e-mail get in: passphrases and login cards made for a group, a one-time code for who lost hers.

These take the database, not a transaction: hashing is slow and must not keep a transaction open. So what was true of
somebody before it is looked at again after it: she may be of the staff by then.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice, pairwise

from sqlalchemy import Connection

from lms.i18n import N_
from lms.ids import code as new_code
from lms.ids import grouped, typed_code
from lms.refusals import Refusal
from lms.services.common import oversight
from lms.services.common.record import Pen
from lms.services.common.staff_acts import note
from lms.services.people import accounts, devices, passphrases, powers
from lms.storage import cards, event_log, people, resets, roll, sessions
from lms.storage.cohorts import Cohort
from lms.storage.database import Database
from lms.storage.people import Person
from lms.storage.roll import Account

LOT = 40
"""People on one sheet of slips or cards: a second of hashing, four on a small machine."""
LASTS = timedelta(hours=24)
"""How long a one-time code works."""
SHORT_CODE = 8
"""Characters of a one-time code: 40 random bits, and few tries."""
SECRET = 26
"""Characters of a card's secret: 130 random bits."""
PIN_DIGITS = 6
"""Of a PIN that we make; one that she chooses has four to six."""


class OfStaff(Refusal):
    """Only an administrator changes how somebody of the staff gets in."""

    message = N_("This is somebody of the staff: only an administrator can do that.")
    status = 403


class NotActive(Refusal):
    """She may not sign in at all."""

    message = N_("This account is deactivated. Activate it first.")
    status = 409


class Yourself(Refusal):
    """Nobody locks herself out."""

    message = N_("This is your own account: ask somebody else to do that.")
    status = 409


class BadPin(Refusal):
    """Not four to six digits, or the first that anybody tries."""

    message = N_("A PIN has 4 to 6 digits, not all the same and not in a row such as 1234.")


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody was given, to be shown once: a passphrase, or a card's secret and its PIN."""

    member: Account
    passphrase: str = field(default="", repr=False)
    card: str = field(default="", repr=False)
    pin: str = field(default="", repr=False)


def without_way_in(inside: Sequence[Account]) -> list[Account]:
    """Those who have nothing yet to sign in with."""
    return [each for each in inside if _may_be_given(each) and not each.has_way_in]


def never_came(inside: Sequence[Account]) -> list[Account]:
    """Those who were given a passphrase and have not chosen their own."""
    return [each for each in inside if _may_be_given(each) and each.has_passphrase and each.must_change]


def without_card(inside: Sequence[Account]) -> list[Account]:
    """Those who may have a login card and have none."""
    return [each for each in inside if _may_be_given(each) and not each.has_card]


def give_passphrases(
    database: Database, cohort: Cohort, staff: Person, *, again: bool = False, start: int = 0, now: datetime
) -> list[Given]:
    """New passphrases for up to LOT people of the cohort who have no way in, or, `again`, for those who have not used the
    one that they were given: that one works no more. Raises Busy."""
    whom = _lot(database, cohort, never_came if again else without_way_in, start)
    given = [Given(each, passphrase=passphrases.propose()) for each in whom]
    hashed = [passphrases.hash_(each.passphrase) for each in given]
    with database.writing() as tx:
        _hold(tx, given)
        still = {each.id for each in roll.of_cohort(tx, cohort.id) if each.must_change and _may_be_given(each)}
        done = [(each, hash_) for each, hash_ in zip(given, hashed, strict=True) if each.member.id in still]
        for each, hash_ in done:
            accounts.change_passphrase(tx, person=each.member.id, hashed=hash_, must_change=True)
        if done:
            note(tx, "passphrases-given", by=staff.id, subject=cohort.id, now=now, n=len(done))
    return [each for each, _ in done]


def make_cards(database: Database, cohort: Cohort, staff: Person, *, now: datetime) -> list[Given]:
    """Login cards, each with its PIN, for up to LOT people of the cohort who have none. Raises Busy."""
    whom = _lot(database, cohort, without_card, 0)
    given = [_card(each) for each in whom]
    hashed = [passphrases.hash_(each.pin) for each in given]
    with database.writing() as tx:
        _hold(tx, given)
        still = {each.id: each for each in without_card(roll.of_cohort(tx, cohort.id))}
        both = zip(given, hashed, strict=True)
        done = [(replace(each, member=still[each.member.id]), hash_) for each, hash_ in both if each.member.id in still]
        for each, hash_ in done:
            _keep_card(tx, each, hash_, staff, now)
        if done:
            note(tx, "cards-made", by=staff.id, subject=cohort.id, now=now, n=len(done))
    return [each for each, _ in done]


def make_card(database: Database, person: str, staff: Person, *, pin: str = "", now: datetime) -> Given:
    """A login card for that person, with a PIN that she chose or a new one; those from before are void.
    Raises NotYours, OfStaff, NotActive, BadPin, Busy."""
    with database.reading() as tx:
        found = _learner(tx, person, staff)
    given = _card(found, checked_pin(pin) if pin else "")
    hashed = passphrases.hash_(given.pin)
    with database.writing() as tx:
        event_log.hold(tx, person)
        given = replace(given, member=_learner(tx, person, staff))
        cards.void_all(tx, person, now=now)
        _keep_card(tx, given, hashed, staff, now)
        note(tx, "cards-made", by=staff.id, subject=person, now=now, n=1)
    return given


def void_cards(tx: Connection, person: str, staff: Person, *, now: datetime) -> None:
    """No card of the person's lets in any more. Raises NotYours, OfStaff."""
    found = oversight.learner_of(tx, staff, person)
    _check_rank(found, staff)
    if cards.void_all(tx, person, now=now):
        note(tx, "cards-voided", by=staff.id, subject=person, now=now)


def reset(database: Database, person: str, staff: Person, *, now: datetime) -> str:
    """A one-time code with which the person chooses a new passphrase within LASTS. Her passphrase works until then.
    Raises NotYours, OfStaff, NotActive, Yourself, Busy."""
    with database.reading() as tx:
        found = reachable(tx, person, staff)
    code, hashed = one_time_code()
    with database.writing() as tx:
        event_log.hold(tx, person)
        reachable(tx, person, staff)
        resets.give(tx, found.id, code_hash=hashed, expires_at=now + LASTS, by=staff.id, now=now)
        note(tx, "person-reset", by=staff.id, subject=found.id, now=now)
    return code


def give_passphrase(tx: Connection, pen: Pen, person: str, hashed: str, *, now: datetime) -> None:
    """At the command line: she comes in with that one alone, and has to choose her own then. She is signed in nowhere, and
    no phone may send anything for her until she signs in there."""
    event_log.hold(tx, person)
    accounts.change_passphrase(tx, person=person, hashed=hashed, must_change=True)
    devices.revoke_all(tx, pen, learner=person, why="passphrase", by="", now=now)
    people.set_recovery(tx, person, None)
    resets.take_back(tx, person)
    note(tx, "passphrase-given", by="", subject=person, now=now)


def one_time_code() -> tuple[str, str]:
    """A new one as it is told, and its hash. Raises Busy."""
    code = grouped(new_code(SHORT_CODE), 4)
    return code, passphrases.hash_(code)


def sign_out(tx: Connection, person: str, staff: Person, *, now: datetime) -> None:
    """The person is signed in nowhere; she comes in again as before. Raises NotYours, OfStaff, Yourself."""
    found = oversight.learner_of(tx, staff, person)
    _check_rank(found, staff)
    sessions.end_all(tx, person)
    note(tx, "person-signed-out", by=staff.id, subject=person, now=now)


def revoke_device(tx: Connection, pen: Pen, person: str, device: str, staff: Person, *, now: datetime) -> None:
    """What that phone sends for the person from now on does not count, until she signs in there again.
    Raises NotYours, OfStaff, Yourself."""
    found = oversight.learner_of(tx, staff, person)
    _check_rank(found, staff)
    if devices.revoke(tx, pen, learner=person, device=device, why="staff", by=staff.id, now=now):
        note(tx, "device-revoked", by=staff.id, subject=person, now=now, device=device)


def deactivate(tx: Connection, person: str, staff: Person, *, now: datetime) -> None:
    """The person can't sign in, and is signed in nowhere; cards and codes of hers are void. Raises NotYours, OfStaff,
    Yourself, LastAdministrator."""
    found = oversight.learner_of(tx, staff, person)
    _check_rank(found, staff)
    if "administrator" in found.roles:
        powers.check_others(tx, person, by=staff)
    if found.active:
        people.set_active(tx, person, False)
        sessions.end_all(tx, person)
        cards.void_all(tx, person, now=now)
        resets.take_back(tx, person)
        note(tx, "person-deactivated", by=staff.id, subject=person, now=now)


def reactivate(tx: Connection, person: str, staff: Person, *, now: datetime) -> None:
    """The person can sign in again as before; her cards stay void. Raises NotYours, OfStaff, Yourself."""
    found = oversight.learner_of(tx, staff, person)
    _check_rank(found, staff)
    if not found.active:
        people.set_active(tx, person, True)
        note(tx, "person-reactivated", by=staff.id, subject=person, now=now)


def reachable(tx: Connection, person: str, staff: Person) -> Account:
    """The person, if the staff may give her a way in. Raises NotYours, OfStaff, NotActive, Yourself."""
    found = oversight.learner_of(tx, staff, person)
    _check_rank(found, staff)
    if not found.active:
        raise NotActive
    return found


def is_short(code: str) -> bool:
    """Whether a code as typed is as long as a one-time code is."""
    return len(typed_code(code)) == SHORT_CODE


def fold_secret(text: str) -> str:
    """A card's secret as typed or read, in its one spelling."""
    return typed_code(text)[:SECRET]


def checked_pin(text: str) -> str:
    """The PIN, if it may be one. Raises BadPin."""
    pin = text.strip()
    if not (4 <= len(pin) <= 6 and pin.isascii() and pin.isdigit()):
        raise BadPin
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if steps in ({0}, {1}, {9}):
        raise BadPin
    return pin


def _learner(tx: Connection, person: str, staff: Person) -> Account:
    """The same, of who only learns."""
    found = reachable(tx, person, staff)
    if found.is_staff:
        raise OfStaff
    return found


def _may_be_given(each: Account) -> bool:
    return each.active and not each.is_staff


def _hold(tx: Connection, given: Sequence[Given]) -> None:
    """Until the commit nobody gives one of them a role."""
    event_log.hold_all(tx, (each.member.id for each in given))


def _check_rank(found: Account, staff: Person) -> None:
    if found.id == staff.id:
        raise Yourself
    if found.is_staff and "administrator" not in staff.roles:
        raise OfStaff


def _lot(
    database: Database, cohort: Cohort, which: Callable[[Sequence[Account]], list[Account]], start: int
) -> list[Account]:
    with database.reading() as tx:
        return list(islice(which(roll.of_cohort(tx, cohort.id)), start, start + LOT))


def _card(member: Account, pin: str = "") -> Given:
    return Given(member, card=grouped(new_code(SECRET), 5), pin=pin or _new_pin())


def _new_pin() -> str:
    while True:
        pin = f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}}"
        try:
            return checked_pin(pin)
        except BadPin:
            continue


def _keep_card(tx: Connection, given: Given, hashed: str, by: Person, now: datetime) -> None:
    whom = given.member
    cards.add(tx, fold_secret(given.card), person=whom.id, pin_hash=hashed, now=now)
    if whom.has_passphrase:  # whoever holds the sheet could come in as her: she is told
        resets.tell(tx, whom.id, by=by.id, now=now)
    else:  # she has none that she could be asked to change
        people.set_passphrase(tx, whom.id, "", must_change=False)
