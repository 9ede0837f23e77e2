"""Signed documents: `{"payload":…,"signature":"…"}` as canonical JSON (RFC 8785), in which no bit can change unseen.

The signature covers the payload's own bytes as they stand in the file, so that a browser needs no JSON library for it. It
is 64 or 96 bytes, r and s one after the other as WebCrypto and JOSE write them, in base64url without padding. Of JSON
only text, whole numbers, true, false, null, lists and mappings are used.
"""

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

MAX_BYTES = 16 * 1024 * 1024
_CODE = re.compile(r"[0-9A-Z]{2,16}")
_BEGINS = b'{"payload":'


@dataclass(frozen=True, slots=True)
class Document:
    """A document taken apart, its signature not yet looked at."""

    payload: Mapping[str, Any]
    signed: bytes
    signature: bytes

    def is_by(self, key: ec.EllipticCurvePublicKey) -> bool:
        """Whether that key signed it."""
        return is_signature(key, self.signed, self.signature)


def canonical(value: object) -> bytes:
    """The one way in which the value is written. (RFC 8785 sorts names by UTF-16; ours are ASCII.)"""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8")


def seal(payload: Mapping[str, Any], key: ec.EllipticCurvePrivateKey) -> bytes:
    """The document with the key's signature."""
    signature = sign(key, canonical(payload))
    return canonical({"payload": payload, "signature": base64url(signature)})


def unseal(data: bytes) -> Document:
    """The document in these bytes, whoever signed it. Raises ValueError for anything that `seal` does not write."""
    if len(data) > MAX_BYTES:
        raise ValueError("too long")
    try:
        value = json.loads(data, parse_float=_no_number, parse_constant=_no_number)
        whole = canonical(value)
    except RecursionError:
        raise ValueError("nested") from None
    if whole != data:
        raise ValueError("not canonical")
    parts = fields(value, {"payload": mapping, "signature": raw})
    signed = data[len(_BEGINS) : -len(canonical({"signature": value["signature"]}))]
    return Document(parts["payload"], signed, parts["signature"])


def sign(key: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
    """ES256 or ES384, as the key's curve has it."""
    r, s = decode_dss_signature(key.sign(data, ec.ECDSA(_hash(key.curve))))
    size = key.curve.key_size // 8
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def is_signature(key: ec.EllipticCurvePublicKey, data: bytes, signature: bytes) -> bool:
    """Whether this is the key's signature over the data."""
    size = key.curve.key_size // 8
    if len(signature) != 2 * size:
        return False
    r, s = int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big")
    try:
        key.verify(encode_dss_signature(r, s), data, ec.ECDSA(_hash(key.curve)))
    except InvalidSignature:
        return False
    return True


def _hash(curve: ec.EllipticCurve) -> hashes.HashAlgorithm:
    return hashes.SHA384() if curve.key_size == 384 else hashes.SHA256()


Kind = Callable[[Any], Any]
"""Turns a JSON value into what it stands for. Raises ValueError."""


def fields(value: Any, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """The values of exactly these names. Raises ValueError, also for a name that is not known."""
    if not isinstance(value, dict) or value.keys() != kinds.keys():
        raise ValueError("fields")
    return {name: kind(value[name]) for name, kind in kinds.items()}


def text(value: Any) -> str:
    """A text."""
    if not isinstance(value, str):
        raise ValueError("text")
    return value


def code(value: Any) -> str:
    """The opaque code of an installation."""
    if not _CODE.fullmatch(text(value)):
        raise ValueError("code")
    return str(value)


def whole_number(value: Any) -> int:
    """A whole number that JavaScript can hold, not negative."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise ValueError("number")
    return value


def flag(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError("flag")
    return value


def day(value: Any) -> date:
    """A date, `2026-11-24`."""
    found = date.fromisoformat(text(value))
    if found.isoformat() != value:
        raise ValueError("date")
    return found


def mapping(value: Any) -> Mapping[str, Any]:
    """A mapping."""
    if not isinstance(value, dict):
        raise ValueError("mapping")
    return value


def raw(value: Any) -> bytes:
    """Bytes, from base64url without padding, in its one spelling."""
    found = base64.urlsafe_b64decode(text(value) + "=" * (-len(value) % 4))
    if base64url(found) != value:
        raise ValueError("base64url")
    return found


def key_id(value: Any) -> bytes:
    """The eight bytes that name a key, from sixteen hexadecimal digits."""
    found = bytes.fromhex(text(value))
    if len(found) != 8 or found.hex() != value:
        raise ValueError("key id")
    return found


def p256(value: Any) -> ec.EllipticCurvePublicKey:
    """A public key of P-256, from its SubjectPublicKeyInfo."""
    try:
        key = load_der_public_key(raw(value))
    except UnsupportedAlgorithm as error:
        raise ValueError("key") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("key")
    if public(key) != value:
        raise ValueError("key")
    return key


def ed25519(value: Any) -> str:
    """The value, if it is a public key of Ed25519 as its SubjectPublicKeyInfo. Raises ValueError."""
    if public(_edwards(text(value))) != value:
        raise ValueError("key")
    return str(value)


def is_by_store(key: str, data: bytes, signature: bytes) -> bool:
    """Whether this is the signature of that key of Ed25519 (as `ed25519` takes it) over the data."""
    try:
        _edwards(key).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def _edwards(value: str) -> Ed25519PublicKey:
    try:
        key = load_der_public_key(raw(value))
    except UnsupportedAlgorithm as error:
        raise ValueError("key") from error
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("key")
    return key


def public(key: ec.EllipticCurvePublicKey | Ed25519PublicKey) -> str:
    """The key's SubjectPublicKeyInfo as such documents hold it."""
    return base64url(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def base64url(data: bytes) -> str:
    """The bytes as text, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _no_number(_: str) -> None:
    raise ValueError("number")
