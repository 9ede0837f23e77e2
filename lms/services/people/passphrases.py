"""Passphrases and recovery codes: proposed, checked, hashed with argon2id, at most two at once."""

import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lms.i18n import DEFAULT_LANGUAGE, N_
from lms.ids import code, code_of, grouped, typed_code
from lms.refusals import Refusal

SHORTEST, LONGEST = 8, 200
SHORTEST_OF_STAFF = 12
"""Of whoever sees what is others'."""
PATIENCE = 2.0  # seconds that a request waits for its turn; as long it keeps one of the server's threads
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""OWASP's minimum (19 MiB, t=2, p=1): a Raspberry Pi takes a tenth of a second."""
PROPOSED = {"es": "spanish.txt", "en": "english.txt"}
"""The words that passphrases are proposed of, by language."""
_turns = BoundedSemaphore(2)


class WeakPassphrase(Refusal):
    """Easily guessed."""

    message = N_("This passphrase is easy to guess. Choose another one: three words that have nothing in common.")


class ShortPassphrase(Refusal):
    """Too short or too long."""

    message = N_("A passphrase has at least 8 characters and at most 200.")


class ShortForStaff(ShortPassphrase):
    """Long enough for a learner, not for somebody of the staff."""

    message = N_("Whoever is of the staff has a passphrase of at least 12 characters. Three words are enough.")


class Busy(Refusal):
    """Too many people sign in at once."""

    message = N_("Many people are signing in right now. Wait a few seconds and try again.")
    status = 503


def propose(language: str = DEFAULT_LANGUAGE) -> str:
    """Three words of that language, drawn at random (30 bits), long enough for the staff; Spanish ones where there is no
    list of its words."""
    words = _words(PROPOSED.get(language, PROPOSED[DEFAULT_LANGUAGE]))
    while True:
        proposed = " ".join(secrets.choice(words) for _ in range(3))
        if len(proposed) >= SHORTEST_OF_STAFF:
            return proposed


def check(passphrase: str, username: str, *, of_staff: bool = False) -> str:
    """The passphrase as it is hashed (NFC, no spaces around). Raises ShortPassphrase, ShortForStaff, WeakPassphrase."""
    text = fold(passphrase)
    if not SHORTEST <= len(text) <= LONGEST:
        raise ShortPassphrase
    if of_staff and len(text) < SHORTEST_OF_STAFF:
        raise ShortForStaff
    plain = text.casefold()
    if plain in _common() or plain.replace(" ", "") in _common() or plain == username or len(set(plain)) < 4:
        raise WeakPassphrase
    return text


def fold(passphrase: str) -> str:
    """What keyboards write in several ways, written in one."""
    return unicodedata.normalize("NFC", passphrase.strip())[: LONGEST + 1]


def hash_(secret: str) -> str:
    """The argon2id hash of a secret. Raises Busy. Never call it within a transaction."""
    with _turn():
        return HASHER.hash(secret)


def is_right(hashed: str | None, secret: str) -> bool:
    """Whether the secret is the hashed one; with no hash it takes as long and is never right. Raises Busy."""
    with _turn():
        try:
            return HASHER.verify(hashed or _nobodys(), secret) and hashed is not None
        except (VerificationError, InvalidHashError):
            return False


def new_recovery_code() -> str:
    """A code to write down: four groups of four, 80 random bits."""
    return grouped(code(16), 4)


def recovery_code_of(raw: bytes) -> str:
    """The code that these sixteen bytes or more stand for."""
    return grouped(code_of(raw[:16]), 4)


def fold_code(text: str) -> str:
    """A recovery code as typed, written as it was shown."""
    return grouped(typed_code(text), 4)


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=PATIENCE):
        raise Busy
    try:
        yield
    finally:
        _turns.release()


@cache
def _nobodys() -> str:
    return HASHER.hash(secrets.token_urlsafe(16))


@cache
def _common() -> frozenset[str]:
    return frozenset(_words("common.txt"))


@cache
def _words(name: str) -> tuple[str, ...]:
    return tuple((files("lms.services") / "words" / name).read_text("utf-8").split("\n")[:-1])
