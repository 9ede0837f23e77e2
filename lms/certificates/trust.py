"""Whom a certificate may come from, and which still stand: signed lists that need no server (`lists.py` makes them).

*Keys* (by the root, ES384, rare): every issuer key with its period, and whether it was withdrawn. *Numbers* (by each issuer,
ES256): hashes of the numbers that were revoked or replaced. *Received* (by central, ES256, one for each issuer key): digests
of what central had received from it on which day; once that key is withdrawn for theft only these stay valid.
*Store* (by each issuer, ES256): which key its installation signs events with, so that another believes what it granted.
Every list has a version that only rises, a day it was made, and one after which it is stale, which is told and no more.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from lms.certificates import signed
from lms.certificates.chain import key_id_of
from lms.certificates.number import dashed
from lms.certificates.signed import base64url
from lms.i18n import N_
from lms.refusals import Refusal

Reason = Literal["retired", "stolen"]


class BadList(Refusal):
    """The file is no list that this program can use; nothing is taken from it."""

    message = N_("This file is not a list of keys or numbers that this version knows, or it was changed.")


class ForeignList(BadList):
    """Signed by nobody whom the list should be signed by."""

    message = N_("This list is not signed by anybody whom this installation trusts.")


class StolenSigner(BadList):
    """Signed with a stolen key: whoever has it would say what she likes."""

    message = N_("This list is signed with a key that was withdrawn because it was stolen.")


class OldList(BadList):
    """Older than the one held: taking it would bring back what was withdrawn."""

    message = N_("This list is older (version %(version)s) than the one held here (version %(held)s).")


class TwoTellings(BadList):
    """Of the same version as the one held, and another."""

    message = N_("There is another list with the same version %(version)s: one of the two was made from an old copy.")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A key that signs no longer, and why. When stolen, what it signed counts only where it was received by that day."""

    on: date
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An issuer key as the root lists it."""

    kid: bytes
    issuer: bytes
    """The key id of the issuer's first key: the same when its key is renewed."""
    code: str
    key: ec.EllipticCurvePublicKey
    did: str
    starts: date
    until: date
    countersigns: bool
    withdrawn: Withdrawal | None = None

    @property
    def is_stolen(self) -> bool:
        """Whether it was withdrawn for theft."""
        return self.withdrawn is not None and self.withdrawn.reason == "stolen"

    def signs_on(self, when: date) -> bool:
        """Whether that day is in its time of use, and before it was withdrawn. (A thief may lie about the day.)"""
        return self.starts <= when <= self.until and (self.withdrawn is None or when <= self.withdrawn.on)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedList:
    """What every list has."""

    version: int
    issued: date
    expires: date
    raw: bytes
    """The list as it is handed on."""

    def is_stale(self, today: date) -> bool:
        """Whether there should be a newer one by now."""
        return today > self.expires


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysList(SignedList):
    """The issuer keys of one root."""

    root: str
    """SHA-256 of the root's certificate."""
    did: str
    """The root's `did:key`."""
    entries: tuple[Entry, ...]

    def entry(self, kid: bytes) -> Entry | None:
        """The issuer key of that id."""
        return next((each for each in self.entries if each.kid == kid), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersList(SignedList):
    """The numbers of one issuer that no longer stand, by their hashes."""

    issuer: bytes
    kid: bytes
    revoked: Mapping[str, date]
    replaced: Mapping[str, tuple[date, bytes]]
    """The day, and the new number hidden by the old one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedList(SignedList):
    """What central had received from one issuer key."""

    of: bytes
    kid: bytes
    days: Mapping[str, date]
    """The day on which each digest came in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreList(SignedList):
    """The key that the issuer's installation signs its events with."""

    issuer: bytes
    kid: bytes
    store: str
    """The installation's opaque code. Two installations may have the same: their keys tell them apart."""
    key: str
    """Ed25519, as its SubjectPublicKeyInfo in base64url."""
    starts: date

    def is_signature(self, data: bytes, signature: bytes) -> bool:
        """Whether that installation signed the data."""
        return signed.is_by_store(self.key, data, signature)


@dataclass(frozen=True, slots=True)
class State:
    """What became of a number."""

    kind: Literal["good", "revoked", "replaced"]
    on: date | None = None
    by: str = ""
    """The number that replaced it."""


AnyList = KeysList | NumbersList | ReceivedList | StoreList
GOOD = State("good")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Everything that one verifier goes by."""

    roots: tuple[x509.Certificate, ...]
    keys: tuple[KeysList, ...] = ()
    numbers: tuple[NumbersList, ...] = ()
    received: tuple[ReceivedList, ...] = ()
    stores: tuple[StoreList, ...] = ()

    def having(self, found: AnyList) -> "Trust":
        """The same with that list, in the place of an older one of the same."""
        if isinstance(found, KeysList):
            return replace(self, keys=(*(each for each in self.keys if each.root != found.root), found))
        if isinstance(found, NumbersList):
            return replace(self, numbers=(*(each for each in self.numbers if each.issuer != found.issuer), found))
        if isinstance(found, StoreList):
            return replace(self, stores=(*(each for each in self.stores if each.issuer != found.issuer), found))
        return replace(self, received=(*(each for each in self.received if each.of != found.of), found))

    def issuer(self, key: bytes | x509.Certificate) -> Entry | None:
        """The issuer key of that id, or of that certificate."""
        kid = key if isinstance(key, bytes) else key_id_of(key)
        entry = next((found for each in self.keys if (found := each.entry(kid))), None)
        if entry and isinstance(key, x509.Certificate) and entry.key != key.public_key():
            return None
        return entry

    def badge_issuer(self, did: str) -> Entry | None:
        """The issuer key whose badge key has that `did:key`."""
        return next((entry for each in self.keys for entry in each.entries if entry.did == did), None)

    def state(self, number: str, issuer: bytes | None = None) -> State:
        """What became of the number, by the list of that issuer (`Entry.issuer`), else of any with the number's code."""
        name = hashed(number)
        for each in self.lists_for(number, issuer):
            if name in each.revoked:
                return State("revoked", each.revoked[name])
            if name in each.replaced:
                on, hidden = each.replaced[name]
                return State("replaced", on, dashed(masked(hidden, number).decode("ascii", "replace")))
        return GOOD

    def lists_for(self, number: str, issuer: bytes | None = None) -> list[NumbersList]:
        """The lists of numbers that could have this one: that of its issuer, else of all with the number's code."""
        code = plain(number)[12:14]
        return [each for each in self.numbers if each.issuer == issuer or (issuer is None and self._code(each) == code)]

    def received_on(self, kid: bytes, digest: str) -> date | None:
        """The day on which central received something with that digest, signed by that key."""
        return next((each.days[digest] for each in self.received if each.of == kid and digest in each.days), None)

    def list_of(self, entry: Entry) -> KeysList:
        """The list that has the entry."""
        return next(each for each in self.keys if entry in each.entries)

    def _code(self, each: NumbersList) -> str:
        entry = self.issuer(each.kid)
        return entry.code if entry else ""


def digest(data: bytes) -> str:
    """What names a signed file in a list of what was received: half its SHA-256."""
    return base64url(hashlib.sha256(data).digest()[:16])


def plain(number: str) -> str:
    """The number's fifteen characters."""
    return number.replace("-", "")


def hashed(number: str) -> str:
    """What stands for the number in a list: nobody learns it who does not have it."""
    return digest(b"vereda number " + plain(number).encode())


def masked(text: bytes, number: str) -> bytes:
    """The text hidden by the number, or the hidden text shown: who does not have the number learns nothing."""
    mask = hashlib.sha256(b"vereda replaced " + plain(number).encode()).digest()
    return bytes(one ^ other for one, other in zip(text, mask, strict=False))
