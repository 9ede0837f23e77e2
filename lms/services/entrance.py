"""Signing in: counted before anything is compared, and the same for those we know and those we do not.

These take the database, not a transaction: hashing is slow and must not keep a transaction open.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from lms.i18n import N_
from lms.ids import secret as new_token
from lms.refusals import Refusal
from lms.services import accounts, passphrases
from lms.storage import people, sessions, throttles
from lms.storage.database import Database
from lms.storage.people import Person
from lms.storage.throttles import Limit

ACCOUNT = Limit(free=5, most=300)
ADDRESS = Limit(free=200, most=60)
"""A class of forty behind one address is never held up; a machine that guesses at many names is."""


class WrongPassphrase(Refusal):
    """Unknown username, wrong passphrase, wrong code: we do not say which."""

    message = N_("The username or the passphrase is not right. Check both and try again.")
    status = 401


class WrongCode(Refusal):
    """Unknown username or wrong recovery code."""

    message = N_("The username or the recovery code is not right. Check both and try again.")
    status = 401


class TooManyTries(Refusal):
    """Counted out for a while."""

    message = N_("There were too many tries. Wait %(seconds)s seconds and try again.")
    status = 429


@dataclass(frozen=True, slots=True)
class Entrance:
    """What signing in works with: the database and the site's secret (names and addresses are kept as HMACs)."""

    database: Database
    secret: bytes

    def log_in(self, *, username: str, passphrase: str, address: str, now: datetime) -> Person:
        """The person whose username and passphrase these are. Raises WrongPassphrase, TooManyTries, Busy."""
        person, secrets = self._begin(username, address, now)
        right = passphrases.is_right(secrets.passphrase if secrets else None, passphrases.fold(passphrase))
        if not right or person is None or not person.active:
            raise WrongPassphrase
        self._succeed(username, address)
        return person

    def recover(self, *, username: str, code: str, passphrase: str, address: str, now: datetime) -> tuple[Person, str]:
        """The person and her new recovery code: the old one is used up, her passphrase is the new one, and she is
        signed in nowhere. Raises WrongCode, TooManyTries, ShortPassphrase, WeakPassphrase, Busy."""
        checked = passphrases.check(passphrase, username.strip().casefold())
        person, secrets = self._begin(username, address, now)
        right = passphrases.is_right(secrets.recovery if secrets else None, passphrases.fold_code(code))
        if not right or person is None or not person.active or secrets is None or secrets.recovery is None:
            raise WrongCode
        new_code = passphrases.new_recovery_code()
        hashed, hashed_code = passphrases.hash_(checked), passphrases.hash_(new_code)
        with self.database.writing() as tx:
            if not people.use_recovery(tx, person.id, secrets.recovery, hashed_code):
                raise WrongCode  # used meanwhile: it works once
            accounts.change_passphrase(tx, person=person.id, hashed=hashed)
        self._succeed(username, address)
        return person, new_code

    def check_passphrase(self, person: Person, passphrase: str, *, address: str, now: datetime) -> None:
        """Nothing, when it is the person's passphrase. Raises WrongPassphrase, TooManyTries, Busy."""
        self.log_in(username=person.username, passphrase=passphrase, address=address, now=now)

    def open_session(self, person: Person, *, instead_of: str = "", now: datetime) -> str:
        """A new token for that person's cookie; the one that the browser had until now is worth nothing any more."""
        token = new_token()
        with self.database.writing() as tx:
            sessions.end(tx, instead_of)
            sessions.open_(tx, token, person.id, now=now)
        return token

    def forgive(self, username: str) -> None:
        """Tries counted against that username are forgotten."""
        with self.database.writing() as tx:
            throttles.forgive(tx, self._key("account", username))

    def count(self, kind: str, value: str, limit: Limit, *, now: datetime) -> None:
        """One try of that kind is counted. Raises TooManyTries."""
        with self.database.writing() as tx:
            wait = throttles.count(tx, self._key(kind, value), limit, now=now)
        _refuse(wait)

    def _begin(self, username: str, address: str, now: datetime) -> tuple[Person | None, people.Secrets | None]:
        folded = username.strip().casefold()
        with self.database.writing() as tx:
            wait = throttles.count(tx, self._key("account", username), ACCOUNT, now=now)
            wait = wait or throttles.count(tx, self._key("address", address), ADDRESS, now=now)
        _refuse(wait)
        with self.database.reading() as tx:
            person = people.by_username(tx, folded)
            return person, people.secrets_of(tx, person.id) if person else None

    def _succeed(self, username: str, address: str) -> None:
        with self.database.writing() as tx:
            throttles.forgive(tx, self._key("account", username))
            throttles.take_back(tx, self._key("address", address))

    def _key(self, kind: str, value: str) -> str:
        text = f"{kind}\0{value.strip().casefold()}".encode()
        return f"{kind}:{hmac.new(self.secret, text, hashlib.sha256).hexdigest()[:48]}"


def _refuse(wait: timedelta) -> None:
    if wait > timedelta(0):
        raise TooManyTries(seconds=-(-int(wait.total_seconds() * 1000) // 1000))
