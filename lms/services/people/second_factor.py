"""The second factor of the staff: a code of six digits that changes each half minute (RFC 6238), made without a network
by an app on a phone or computer; ten recovery codes for when that is lost (docs/decisions/0033)."""

import hashlib
import hmac
import os
from base64 import b32encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection

from lms.ids import typed_code
from lms.services.common.staff_acts import note
from lms.storage import second_factors

CODES = 10
"""Recovery codes that somebody has at once."""
STEP = 30
"""Seconds that a code lasts; the one before and the one after are taken too."""
DIGITS = 6
_NONCE = 12


@dataclass(frozen=True, slots=True)
class Begun:
    """A second factor to be set up: its secret in letters, and the address that an app takes it from."""

    letters: str = field(repr=False)
    address: str = field(repr=False)


def begin(tx: Connection, key: bytes, person: str) -> None:
    """A new secret for the person, to be confirmed; one that is on stays."""
    second_factors.begin(tx, person, _seal(key, person, pyotp.random_base32()))


def begun(tx: Connection, key: bytes, person: str, *, username: str, issuer: str) -> Begun | None:
    """The secret that the person has yet to confirm, if there is one that can be read."""
    found = second_factors.of(tx, person)
    letters = _open(key, person, found.sealed) if found and not found.is_on else None
    if letters is None:
        return None
    return Begun(letters, pyotp.TOTP(letters).provisioning_uri(name=username, issuer_name=issuer))


def confirm(tx: Connection, key: bytes, person: str, typed: str, codes: Sequence[str], *, now: datetime) -> bool:
    """Whether that is the code of the secret that was begun; then it is on, and those are the recovery codes."""
    found = second_factors.of(tx, person)
    if found is None or found.is_on or not _take_digits(tx, key, person, _digits(typed), now):
        return False
    second_factors.confirm(tx, person, now=now)
    second_factors.set_codes(tx, person, [_hash(person, each) for each in codes])
    note(tx, "second-factor-on", by=person, subject=person, now=now)
    return True


def is_done(tx: Connection, person: str, codes: Sequence[str]) -> bool:
    """Whether it is on and those are the recovery codes."""
    return second_factors.is_on(tx, person) and second_factors.has_codes(
        tx, person, [_hash(person, each) for each in codes]
    )


def take(tx: Connection, key: bytes, person: str, typed: str, *, now: datetime) -> bool:
    """Whether that is the code of now, or a recovery code; either is taken once. Only of a second factor that is on."""
    if not second_factors.is_on(tx, person):
        return False
    digits = _digits(typed)
    if len(digits) == DIGITS:
        return _take_digits(tx, key, person, digits, now)
    return second_factors.use_code(tx, person, _hash(person, typed))


def renew(tx: Connection, person: str, codes: Sequence[str]) -> bool:
    """Whether the second factor is on; then those are the recovery codes, and no others."""
    if not second_factors.is_on(tx, person):
        return False
    second_factors.set_codes(tx, person, [_hash(person, each) for each in codes])
    return True


def turn_off(tx: Connection, person: str, *, now: datetime) -> None:
    """The person is asked for no code any more, as she wished herself."""
    if second_factors.remove(tx, person):
        note(tx, "second-factor-off", by=person, subject=person, now=now)


def remove(tx: Connection, person: str, *, by: str = "", now: datetime) -> bool:
    """Whether the person had one, which is gone: at the command line for somebody who lost hers, and for whoever is of the
    staff no longer."""
    had = second_factors.remove(tx, person)
    if had:
        note(tx, "second-factor-removed", by=by, subject=person, now=now)
    return had


def _take_digits(tx: Connection, key: bytes, person: str, digits: str, now: datetime) -> bool:
    found = second_factors.of(tx, person)
    letters = _open(key, person, found.sealed) if found else None
    if letters is None:
        return False
    step, codes = int(now.timestamp()) // STEP, pyotp.TOTP(letters, digits=DIGITS, interval=STEP)
    right = [each for each in (step - 1, step, step + 1) if hmac.compare_digest(codes.generate_otp(each), digits)]
    return any(second_factors.take_step(tx, person, each) for each in right)


def _digits(typed: str) -> str:
    """What was typed without blanks, if nothing but digits is left."""
    bare = "".join(typed[:40].split())
    return bare if bare.isascii() and bare.isdecimal() else ""


def _hash(person: str, code: str) -> str:
    """Eighty random bits need no slow hash."""
    return hashlib.sha256(f"{person}\0{typed_code(code)}".encode()).hexdigest()


def _seal(key: bytes, person: str, letters: str) -> str:
    """The secret as it is kept: a copy of the database alone makes no codes."""
    nonce = os.urandom(_NONCE)
    sealed = _cipher(key).encrypt(nonce, pyotp.OTP(letters).byte_secret(), person.encode())
    return urlsafe_b64encode(nonce + sealed).decode()


def _open(key: bytes, person: str, sealed: str) -> str | None:
    """The secret, or None: sealed with a key that is lost."""
    raw = urlsafe_b64decode(sealed)
    try:
        return b32encode(_cipher(key).decrypt(raw[:_NONCE], raw[_NONCE:], person.encode())).decode()
    except InvalidTag:
        return None


def _cipher(key: bytes) -> AESGCM:
    return AESGCM(hmac.new(key, b"second factor", hashlib.sha256).digest())
