"""The badge side of the chain: Ed25519 keys as `did:key`, and the root's word that an issuer's is one of its own."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lms.certificates.signed import base64url, canonical, day, fields, raw, text

_DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"  # base58btc (multibase `z`)
_BEGINS = "did:key:z"
_ED25519 = b"\xed\x01"  # multicodec ed25519-pub
_KINDS = {"issuer": text, "subject": text, "from": day, "until": day}


def did(key: Ed25519PrivateKey | Ed25519PublicKey) -> str:
    """The key's name as a `did:key`."""
    public = key.public_key() if isinstance(key, Ed25519PrivateKey) else key
    value, letters = int.from_bytes(_ED25519 + public.public_bytes_raw(), "big"), ""
    while value:
        value, digit = divmod(value, 58)
        letters = _DIGITS[digit] + letters
    return _BEGINS + letters


def key_of(name: str) -> Ed25519PublicKey:
    """The key that a `did:key` names. Raises ValueError."""
    value = 0
    for letter in name.removeprefix(_BEGINS)[:64]:
        value = value * 58 + _DIGITS.index(letter)
    key = Ed25519PublicKey.from_public_bytes(value.to_bytes(40, "big")[-32:])
    if did(key) != name:
        raise ValueError("did")
    return key


def endorse(root: Ed25519PrivateKey, *, subject: str, starts: date, until: date) -> Mapping[str, Any]:
    """The root's endorsement of the issuer whose did:key is `subject`."""
    said = {"issuer": did(root), "subject": subject, "from": starts.isoformat(), "until": until.isoformat()}
    return {**said, "proof": base64url(root.sign(canonical(said)))}


def is_endorsement(value: Mapping[str, Any], *, root: str, subject: str) -> bool:
    """Whether the root with that did:key endorsed that issuer."""
    try:
        fields(dict(value), {**_KINDS, "proof": raw})
        said = {name: value[name] for name in _KINDS}
        key_of(root).verify(raw(value["proof"]), canonical(said))
    except (ValueError, InvalidSignature):
        return False
    return (value["issuer"], value["subject"]) == (root, subject)
