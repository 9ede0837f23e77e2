"""Signing in: counted before anything is compared, and the same for those we know and those we do not.

These take the database, not a transaction: hashing is slow and must not keep a transaction open.
"""

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from lms.i18n import N_
from lms.ids import secret as new_token
from lms.refusals import Refusal
from lms.services.common.record import Pen
from lms.services.groups import cohorts
from lms.services.people import accounts, devices, passphrases, second_factor, ways_in
from lms.services.people.accounts import Application
from lms.storage import cards, event_log, people, resets, second_factors, sessions, throttles
from lms.storage.database import Database
from lms.storage.people import Person, Secrets
from lms.storage.throttles import Limit

ACCOUNT = Limit(free=5, most=300)
CARD = Limit(free=5, most=3600)
"""Of a card that somebody found: thirty tries a day at one of ten thousand PINs or more."""
SECOND = Limit(free=5, most=3600)
"""Of a second factor, by whoever knows the passphrase: thirty tries a day, three of a million codes being right."""
WAITS = timedelta(minutes=5)
"""How long the code may take to be typed once the passphrase was right."""
ADDRESS = Limit(free=200, most=60)
"""A class of forty behind one address is never held up; a machine that guesses at many names is."""
CODES = Limit(free=60, most=60)
"""Join codes that were not right, from one address: enough for a class, too few to find one by chance."""
REFUSED = Limit(free=200, most=60)
"""Registrations from one address that came to nothing: each tells whether somebody has that name."""
ACCOUNTS = Limit(free=400, most=60)
"""Registrations from one address in one day, whatever came of them: ten classes, and then one a minute."""


class WrongPassphrase(Refusal):
    """Unknown username, wrong passphrase, wrong code: we do not say which."""

    message = N_("The username and the passphrase do not match. Check both and try again.")
    status = 401


class NotHerPassphrase(WrongPassphrase):
    """Who is signed in typed another one."""

    message = N_("This is not your passphrase. Try again.")


class WrongCode(Refusal):
    """Unknown username, wrong recovery code or one-time code."""

    message = N_(
        "The username or the code is not right. Check both and try again; a one-time code works once, for 24 hours."
    )
    status = 401


class WrongCard(Refusal):
    """Unknown or void card, wrong PIN, or nobody who may sign in so."""

    message = N_("The card or the PIN is not right. Check both and try again, or ask whoever gave you the card.")
    status = 401


class WrongSecondCode(Refusal):
    """Neither the code of now nor a recovery code that was not used."""

    message = N_("This code is not right, or it was used before. Wait for the next one and type that.")
    status = 401


class StartAgain(Refusal):
    """Nobody in this browser has typed a passphrase just now."""

    message = N_("More than five minutes went by. Sign in again from the start.")
    status = 401


class TooManyTries(Refusal):
    """Counted out for a while."""

    message = N_("There were too many tries. Wait %(seconds)s seconds and try again.")
    status = 429


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a form gives to somebody whom it lets in: a session's token and a recovery code. They are the same each time
    the same form is sent from the same browser. `instead_of` is the token that the browser had until now."""

    token: str
    recovery_code: str
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class Entrance:
    """What signing in works with: the database and the site's secret (names and addresses are kept as HMACs)."""

    database: Database
    secret: bytes

    def log_in(self, *, username: str, passphrase: str, address: str, now: datetime) -> Person:
        """The person whose username and passphrase these are; somebody of the staff whose passphrase is short has to
        choose another one. Raises WrongPassphrase, TooManyTries, Busy."""
        person, secrets = self._begin(username, address, now)
        right = passphrases.is_right(secrets.passphrase if secrets else None, passphrases.fold(passphrase))
        if not right or person is None or not person.active or not self._is_still(person, secrets):
            raise WrongPassphrase
        self._succeed(username, address)
        if person.is_staff and len(passphrases.fold(passphrase)) < passphrases.SHORTEST_OF_STAFF:
            with self.database.writing() as tx:
                people.demand_change(tx, person.id)
            person = replace(person, must_change=True)
        return person

    def register(self, pen: Pen, application: Application, grant: Grant, *, address: str, now: datetime) -> Person:
        """A new learner, signed in. Raises TooManyTries, UsernameTaken, UnknownCode, CodeOver, CohortFull, Busy."""
        self.count("accounts", f"{address} {now:%Y-%m-%d}", ACCOUNTS, now=now)
        with self.counted("refused", address, REFUSED, now=now):
            if application.code:
                with self.counted("code", address, CODES, now=now), self.database.reading() as tx:
                    cohorts.look(tx, application.code, now=now)
            secrets = Secrets(passphrases.hash_(application.passphrase), passphrases.hash_(grant.recovery_code))
            with self.database.writing() as tx:
                person = accounts.register(tx, pen, application, secrets, now=now)
                _let_in(tx, grant, person, now=now)
        return person

    def recover(
        self, pen: Pen, grant: Grant, *, username: str, code: str, passphrase: str, address: str, now: datetime
    ) -> Person:
        """The person, signed in here and nowhere else: her recovery code, or the one-time code that she was given, is used
        up, her passphrase is the new one, and no phone may send anything for her until she signs in there. Where she has a
        second factor she is signed in nowhere.
        Raises WrongCode, TooManyTries, ShortPassphrase, ShortForStaff, WeakPassphrase, Busy."""
        checked = passphrases.check(passphrase, accounts.fold(username))
        person, secrets = self._begin(username, address, now)
        short = ways_in.is_short(code)  # which of the two it is, whoever types it knows
        used = self._one_time(person, now) if short else secrets.recovery if secrets else None
        right = passphrases.is_right(used, passphrases.fold_code(code))
        if not right or person is None or not person.active or used is None:
            raise WrongCode
        if person.is_staff:  # not before: it would tell who is
            passphrases.check(passphrase, person.username, of_staff=True)
        hashed, hashed_code = passphrases.hash_(checked), passphrases.hash_(grant.recovery_code)
        with self.database.writing() as tx:
            event_log.hold(tx, person.id)
            if short and resets.use(tx, person.id, used):
                people.set_recovery(tx, person.id, hashed_code)
            elif short or not people.use_recovery(tx, person.id, used, hashed_code):
                raise WrongCode  # used meanwhile: it works once
            accounts.change_passphrase(tx, person=person.id, hashed=hashed)
            devices.revoke_all(tx, pen, learner=person.id, why="passphrase", by=person.id, now=now)
            if second_factors.is_on(tx, person.id):
                sessions.end(tx, grant.instead_of)
            else:
                _let_in(tx, grant, person, now=now)
        self._succeed(username, address)
        return person

    def log_in_by_card(self, *, card: str, pin: str, address: str, now: datetime) -> Person:
        """The person whose card and PIN these are; a card lets nobody of the staff in.
        Raises WrongCard, TooManyTries, Busy."""
        secret = ways_in.fold_secret(card)
        with self.database.writing() as tx:
            wait = throttles.count(tx, self._key("card", secret), CARD, now=now)
            wait = wait or throttles.count(tx, self._key("address", address), ADDRESS, now=now)
        _refuse(wait)
        with self.database.reading() as tx:
            found = cards.find(tx, secret)
            person = people.by_id(tx, found.person) if found else None
        right = passphrases.is_right(found.pin_hash if found else None, pin.strip()[:12])
        if not right or person is None or not person.active or person.is_staff:
            raise WrongCard
        with self.database.writing() as tx:
            still = people.by_id(tx, person.id)
            if cards.find(tx, secret) != found or still is None or not still.active or still.is_staff:
                raise WrongCard  # void meanwhile, or she has a role by now
            throttles.forgive(tx, self._key("card", secret))
            throttles.take_back(tx, self._key("address", address))
        return person

    def change_passphrase(
        self, pen: Pen, person: Person, grant: Grant, *, old: str, passphrase: str, address: str, now: datetime
    ) -> None:
        """Her passphrase and her recovery code are new, she is signed in nowhere else, and no phone may send anything for her
        until she signs in there.
        Raises WrongPassphrase, TooManyTries, ShortPassphrase, ShortForStaff, WeakPassphrase, Busy."""
        checked = passphrases.check(passphrase, person.username, of_staff=person.is_staff)
        self.check_passphrase(person, old, address=address, now=now)
        hashed, hashed_code = passphrases.hash_(checked), passphrases.hash_(grant.recovery_code)
        with self.database.writing() as tx:
            event_log.hold(tx, person.id)
            accounts.change_passphrase(tx, person=person.id, hashed=hashed)
            devices.revoke_all(tx, pen, learner=person.id, why="passphrase", by=person.id, now=now)
            people.set_recovery(tx, person.id, hashed_code)
            _let_in(tx, grant, person, now=now)

    def has_let_in(self, grant: Grant, *, username: str, passphrase: str, idle: timedelta, now: datetime) -> bool:
        """Whether this very form was sent before and what it gave is in force: its session lives, and the username and
        the passphrase are those of its person. Raises Busy."""
        with self.database.reading() as tx:
            found = sessions.find(tx, grant.token, idle=idle, now=now)
            secrets = people.secrets_of(tx, found.person.id) if found else None
        if found is None or secrets is None or found.person.username != accounts.fold(username):
            return False
        return passphrases.is_right(secrets.passphrase, passphrases.fold(passphrase))

    def check_passphrase(self, person: Person, passphrase: str, *, address: str, now: datetime) -> None:
        """Nothing, when it is the person's passphrase. Raises WrongPassphrase, TooManyTries, Busy."""
        self.log_in(username=person.username, passphrase=passphrase, address=address, now=now)

    def confirm(self, person: Person, grant: Grant, *, passphrase: str, address: str, now: datetime) -> None:
        """It is still she: her session goes on as another one, in which she has just typed her passphrase. The same form
        sent twice is sent once. Raises NotHerPassphrase, TooManyTries, Busy."""
        try:
            self.check_passphrase(person, passphrase, address=address, now=now)
        except WrongPassphrase:
            raise NotHerPassphrase from None
        with self.database.writing() as tx:
            for token in (grant.instead_of, grant.token):
                sessions.end(tx, token)
            sessions.open_(tx, grant.token, person.id, confirmed=True, now=now)

    def open_session(self, person: Person, *, instead_of: str = "", now: datetime) -> str:
        """A new token for that person's cookie; the one that the browser had until now is worth nothing any more."""
        token = new_token()
        with self.database.writing() as tx:
            sessions.end(tx, instead_of)
            sessions.open_(tx, token, person.id, now=now)
        return token

    def asks_second(self, person: Person) -> bool:
        """Whether passphrase or card are not enough for that person."""
        with self.database.reading() as tx:
            return second_factors.is_on(tx, person.id)

    def hold(self, person: Person, *, instead_of: str = "", now: datetime) -> str:
        """A new token for the cookie of somebody who has yet to type the code of her second factor: it is no session."""
        token = new_token()
        with self.database.writing() as tx:
            sessions.end(tx, instead_of)
            second_factors.wait(tx, token, person.id, until=now + WAITS, now=now)
        return token

    def is_held(self, token: str, *, now: datetime) -> bool:
        """Whether the bearer of that token is asked for the code."""
        with self.database.reading() as tx:
            return second_factors.waiting(tx, token, now=now) is not None

    def log_in_second(self, grant: Grant, *, code: str, now: datetime) -> Person:
        """The person who was held in this browser, signed in: the code is that of her second factor, or a recovery code
        of hers. Raises StartAgain, WrongSecondCode, TooManyTries."""
        with self.database.reading() as tx:
            held = second_factors.waiting(tx, grant.instead_of, now=now)
            person = people.by_id(tx, held) if held else None
        if person is None or not person.active:
            raise StartAgain
        self.count("second", person.id, SECOND, now=now)
        with self.database.writing() as tx:
            if not second_factor.take(tx, self.secret, person.id, code, now=now):
                raise WrongSecondCode
            if not second_factors.end_wait(tx, grant.instead_of):
                raise StartAgain  # used meanwhile: it works once
            _let_in(tx, grant, person, now=now)
            throttles.forgive(tx, self._key("second", person.id))
        return person

    def turn_on_second(
        self, person: Person, grant: Grant, *, code: str, recovery: Sequence[str], now: datetime
    ) -> None:
        """The second factor that was begun is asked for from now on; she is signed in here only. The same form sent twice
        is sent once. Raises WrongSecondCode, TooManyTries."""
        with self.database.reading() as tx:
            if second_factor.is_done(tx, person.id, recovery):
                return
        self.count("second", person.id, SECOND, now=now)
        with self.database.writing() as tx:
            if not second_factor.confirm(tx, self.secret, person.id, code, recovery, now=now):
                raise WrongSecondCode
            sessions.end_all(tx, person.id)
            sessions.open_(tx, grant.token, person.id, confirmed=True, now=now)
            throttles.forgive(tx, self._key("second", person.id))

    def forgive(self, username: str) -> None:
        """Tries counted against that username are forgotten."""
        with self.database.writing() as tx:
            throttles.forgive(tx, self._key("account", username))

    def count(self, kind: str, value: str, limit: Limit, *, now: datetime) -> None:
        """One try of that kind is counted. Raises TooManyTries."""
        with self.database.writing() as tx:
            wait = throttles.count(tx, self._key(kind, value), limit, now=now)
        _refuse(wait)

    @contextmanager
    def counted(self, kind: str, value: str, limit: Limit, *, now: datetime) -> Iterator[None]:
        """A try of that kind, which counts only where the block is refused. Raises TooManyTries."""
        self.count(kind, value, limit, now=now)
        yield
        with self.database.writing() as tx:
            throttles.take_back(tx, self._key(kind, value))

    def _begin(self, username: str, address: str, now: datetime) -> tuple[Person | None, people.Secrets | None]:
        with self.database.writing() as tx:
            wait = throttles.count(tx, self._key("account", username), ACCOUNT, now=now)
            wait = wait or throttles.count(tx, self._key("address", address), ADDRESS, now=now)
        _refuse(wait)
        with self.database.reading() as tx:
            person = people.by_username(tx, accounts.fold(username))
            return person, people.secrets_of(tx, person.id) if person else None

    def _is_still(self, person: Person, secrets: people.Secrets | None) -> bool:
        """Whether it is her passphrase after the hashing too: whoever changes hers ends what others began with the old one."""
        with self.database.reading() as tx:
            now = people.secrets_of(tx, person.id)
        return now is not None and secrets is not None and now.passphrase == secrets.passphrase

    def _one_time(self, person: Person | None, now: datetime) -> str | None:
        """The hash of the one-time code that the person was given, if it still works."""
        with self.database.reading() as tx:
            found = resets.of(tx, person.id if person else "")
        return found.code_hash if found and found.expires_at > now else None

    def _succeed(self, username: str, address: str) -> None:
        with self.database.writing() as tx:
            throttles.forgive(tx, self._key("account", username))
            throttles.take_back(tx, self._key("address", address))

    def _key(self, kind: str, value: str) -> str:
        text = f"{kind}\0{accounts.fold(value)}".encode()
        return f"{kind}:{hmac.new(self.secret, text, hashlib.sha256).hexdigest()[:48]}"


def _let_in(tx: Connection, grant: Grant, person: Person, *, now: datetime) -> None:
    sessions.end(tx, grant.instead_of)
    sessions.open_(tx, grant.token, person.id, now=now)


def _refuse(wait: timedelta) -> None:
    if wait > timedelta(0):
        raise TooManyTries(seconds=-(-int(wait.total_seconds() * 1000) // 1000))
