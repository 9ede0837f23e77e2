"""How a hub comes to sign under central's root: a request, and one answer.

The request holds public keys only, each shown to be the sender's by a signature; when it renews a key, the old one signs
too. The answer, signed by the root, holds the certificate, the endorsement, the root's list and, where certificates say
that they are verified. Both are short files that may travel in any way: people compare fingerprints.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding

from lms.certificates import chain, lists, signed
from lms.certificates.endorsement import is_endorsement
from lms.certificates.keys import Authority, Issuer, endorsed
from lms.certificates.multikey import did, key_of
from lms.certificates.signed import base64url, canonical, fields, key_id, raw
from lms.certificates.trust import BadList, Entry, KeysList
from lms.i18n import N_
from lms.ids import ALPHABET
from lms.refusals import Refusal

REQUEST, ANSWER = "vereda request 1", "vereda answer 1"


class BadRequest(Refusal):
    """No request, or one that was changed."""

    message = N_(
        "This file is not a request for an issuer's certificate, or it was changed. A hub makes one with `lms keys request`."
    )


class BadAnswer(Refusal):
    """No answer, or one that was changed or does not hang together."""

    message = N_(
        "This file is not an answer to a request, or it was changed. Whoever has the root makes one with `lms keys issue`."
    )


class StolenPredecessor(Refusal):
    """Whoever has a stolen key could ask for a new one."""

    message = N_(
        "This request is signed with a key that was withdrawn for theft: anybody who has it could have made it. Make "
        "sure whose it is; then let the hub make a request with `lms keys request --new`, and name the old key with --continues."
    )


class NoSuchKey(Refusal):
    """The root's list has no such issuer key."""

    message = N_("The root's list has no key %(key)s. `lms keys show` lists the keys.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a hub asks for."""

    code: str
    key: ec.EllipticCurvePublicKey
    badge_key: Ed25519PublicKey
    continues: bytes | None
    """The id of the key that this one renews, when that key signed the request; the root looks whether it is listed."""
    continuity: bytes
    core: bytes
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the root gives."""

    root: x509.Certificate
    certificate: x509.Certificate
    endorsement: Mapping[str, Any]
    keys: KeysList
    entry: Entry
    verify_base: str


def make_request(
    code: str, key: ec.EllipticCurvePrivateKey, badge_key: Ed25519PrivateKey, renews: Issuer | None = None
) -> bytes:
    """The request for these keys."""
    core = {"type": REQUEST, "code": code, "key": signed.public(key.public_key()), "did": did(badge_key)}
    plain = canonical(core)
    continuity = {"kid": renews.kid.hex(), "signature": base64url(signed.sign(renews.key, plain))} if renews else None
    return signed.seal({**core, "proof": base64url(badge_key.sign(plain)), "continues": continuity}, key)


def read_request(data: bytes) -> Request:
    """The request in these bytes, made by whoever has its keys. Raises BadRequest."""
    try:
        document = signed.unseal(data)
        kinds: dict[str, signed.Kind] = {
            "type": _is(REQUEST),
            "code": _code,
            "key": signed.p256,
            "did": key_of,
            "proof": raw,
            "continues": _continuity,
        }
        found = fields(document.payload, kinds)
        core = canonical({name: document.payload[name] for name in ("type", "code", "key", "did")})
        found["did"].verify(found["proof"], core)
    except (ValueError, TypeError, InvalidSignature) as error:
        raise BadRequest from error
    if not document.is_by(found["key"]):
        raise BadRequest
    kid, continuity = found["continues"]
    return Request(
        code=found["code"],
        key=found["key"],
        badge_key=found["did"],
        continues=kid,
        continuity=continuity,
        core=core,
        fingerprint=fingerprint(data),
    )


def fingerprint(data: bytes) -> str:
    """What two people compare about a file: the first half of its SHA-256, in groups of four."""
    digits = hashlib.sha256(data).hexdigest()[:32].upper()
    return " ".join(digits[start : start + 4] for start in range(0, 32, 4))


def predecessor(request: Request, book: KeysList | None) -> Entry | None:
    """The entry of the listed key that the request renews. Raises StolenPredecessor, BadRequest."""
    entry = book.entry(request.continues) if book and request.continues else None
    if entry is None:
        return None
    if entry.is_stolen:
        raise StolenPredecessor
    if not signed.is_signature(entry.key, request.core, request.continuity):
        raise BadRequest
    return entry


def delegate(
    authority: Authority, request: Request, *, renews: Entry | None, countersigns: bool, now: datetime
) -> tuple[x509.Certificate, Entry]:
    """The issuer's certificate, and its entry for the root's list. The same request gets a new certificate each time."""
    certificate = chain.issuer_certificate(
        request.key, root_key=authority.key, root=authority.certificate, code=request.code, now=now
    )
    issuer = renews.issuer if renews else None
    entry = lists.listed(certificate, request.badge_key, issuer=issuer, countersigns=countersigns)
    return certificate, entry


def make_answer(
    authority: Authority, certificate: x509.Certificate, entry: Entry, book: KeysList, verify_base: str
) -> bytes:
    """The file that answers a request."""
    payload = {
        "type": ANSWER,
        "root": base64url(authority.certificate.public_bytes(Encoding.DER)),
        "certificate": base64url(certificate.public_bytes(Encoding.DER)),
        "endorsement": endorsed(authority, entry),
        "keys": book.raw.decode("utf-8"),
        "verify_base": verify_base,
    }
    return signed.seal(payload, authority.key)


def read_answer(data: bytes) -> Answer:
    """The answer in these bytes: all of it is by the root that it names, which the caller has to know. Raises BadAnswer."""
    try:
        document = signed.unseal(data)
        kinds: dict[str, signed.Kind] = {
            "type": _is(ANSWER),
            "root": _certificate,
            "certificate": _certificate,
            "endorsement": signed.mapping,
            "keys": signed.text,
            "verify_base": signed.text,
        }
        found = fields(document.payload, kinds)
        root, certificate = found["root"], found["certificate"]
        book = lists.read_keys(found["keys"].encode("utf-8"), [root])
    except (ValueError, UnsupportedAlgorithm, BadList) as error:
        raise BadAnswer from error
    entry = book.entry(chain.key_id_of(certificate))
    whole = (
        document.is_by(root.public_key())
        and chain.is_issued_by(certificate, root)
        and entry is not None
        and entry.key == certificate.public_key()
        and is_endorsement(found["endorsement"], root=book.did, subject=entry.did)
    )
    if not whole or entry is None:
        raise BadAnswer
    return Answer(
        root=root,
        certificate=certificate,
        endorsement=found["endorsement"],
        keys=book,
        entry=entry,
        verify_base=found["verify_base"],
    )


def _is(kind: str) -> signed.Kind:
    def check(value: Any) -> str:
        if value != kind:
            raise ValueError("type")
        return kind

    return check


def _code(value: Any) -> str:
    if len(signed.text(value)) != 2 or not set(value) <= set(ALPHABET):
        raise ValueError("code")
    return str(value)


def _continuity(value: Any) -> tuple[bytes | None, bytes]:
    if value is None:
        return None, b""
    found = fields(value, {"kid": key_id, "signature": raw})
    return found["kid"], found["signature"]


def _certificate(value: Any) -> x509.Certificate:
    der = raw(value)
    try:
        found = x509.load_der_x509_certificate(der)
        found.public_key()
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
        raise ValueError("certificate") from error
    return found
