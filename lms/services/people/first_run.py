"""The first run: whoever has the code that `lms init` printed makes the first administrator in the browser, once
(OWASP ASVS 5.0, 6.3.2: nobody has an account by default; docs/decisions/0035)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from lms.i18n import N_
from lms.ids import code as new_code
from lms.ids import grouped, typed_code
from lms.refusals import Refusal
from lms.services.common.record import Pen
from lms.services.common.staff_acts import note
from lms.services.people import accounts, passphrases
from lms.services.people.entrance import Entrance, Grant
from lms.storage import first_codes, people, sessions
from lms.storage.people import Person, Secrets
from lms.storage.throttles import Limit

LETTERS = 16
"""Characters of the code: 80 random bits."""
LASTS = timedelta(hours=24)
"""How long the code waits to be typed."""
WORKS = timedelta(hours=1)
"""How long whoever typed it may take over the form that comes next."""
TRIES = Limit(free=10, most=300)
"""Codes that were not right, from one address."""


class WrongFirstCode(Refusal):
    """Not the code, or no longer."""

    message = N_(
        "This code is not right, was used, or is older than a day. Whoever runs this computer gets another one with: "
        "lms init --code"
    )
    status = 401


class Over(Refusal):
    """Nobody in this browser typed the code, or too long ago; or there is an administrator already."""

    message = N_("This was done already, or took too long. If there is no administrator yet: lms init --code")
    status = 404


@dataclass(frozen=True, slots=True)
class Printed:
    """The code that was given; empty where an earlier one still is good, which nobody can read again, or was typed just now
    (`is_typed`), so that somebody may be making the account."""

    code: str
    until: datetime
    is_typed: bool = False


def is_over(tx: Connection) -> bool:
    """Whether somebody administers, or did: no code is any good."""
    return people.is_held(tx, "administrator")


def is_open(tx: Connection) -> bool:
    """Whether a code was given and nobody administers yet."""
    return first_codes.until(tx) is not None and not is_over(tx)


def give(tx: Connection, *, anew: bool = False, now: datetime) -> Printed | None:
    """A code for whoever is to administer; one that is still good stays, unless another is asked for (`anew`). None where
    somebody administers."""
    if is_over(tx):
        first_codes.end(tx)
        return None
    until = first_codes.until(tx)
    if until and until > now and not anew:
        return Printed("", until, first_codes.is_typed(tx))
    code = new_code(LETTERS)
    first_codes.give(tx, code, until=now + LASTS)
    note(tx, "first-code", by="", now=now)
    return Printed(grouped(code, 4), now + LASTS)


def take(entrance: Entrance, *, code: str, token: str, instead_of: str, address: str, now: datetime) -> None:
    """The code is used up, and the bearer of the token may make the administrator; the one that the browser had until now
    is worth nothing any more. Raises WrongFirstCode, TooManyTries."""
    with entrance.counted("first", address, TRIES, now=now), entrance.database.writing() as tx:
        right = first_codes.take(tx, typed_code(code), token, until=now + WORKS, now=now)
        if not right or is_over(tx):
            raise WrongFirstCode
        sessions.end(tx, instead_of)


def may_go_on(tx: Connection, token: str, *, now: datetime) -> bool:
    """Whether the code was typed in the browser with that token, and nobody administers yet."""
    return bool(token) and first_codes.is_held(tx, token, now=now) and not is_over(tx)


def make(
    entrance: Entrance,
    pen: Pen,
    grant: Grant,
    *,
    username: str,
    display_name: str,
    passphrase: str,
    language: str,
    now: datetime,
) -> Person:
    """The first administrator, signed in, the way closed behind her.
    Raises Over, BadUsername, BadName, UsernameTaken, ShortPassphrase, ShortForStaff, WeakPassphrase, Busy."""
    with entrance.database.reading() as tx:
        if not may_go_on(tx, grant.instead_of, now=now):
            raise Over
    name, called = accounts.fold_username(username), accounts.clean_name(display_name)
    checked = passphrases.check(passphrase, name, of_staff=True)
    secrets = Secrets(passphrases.hash_(checked), passphrases.hash_(grant.recovery_code))
    with entrance.database.writing() as tx:
        if not first_codes.use(tx, grant.instead_of, now=now) or is_over(tx):
            raise Over
        person = accounts.add(
            tx,
            pen,
            username=name,
            display_name=called,
            secrets=secrets,
            language=language,
            roles=frozenset({"administrator"}),
            now=now,
        )
        sessions.end(tx, grant.instead_of)
        sessions.open_(tx, grant.token, person.id, confirmed=True, now=now)
        note(tx, "first-administrator", by="", subject=person.id, now=now)
    return person
