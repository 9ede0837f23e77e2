"""Ed25519 keys and signatures as the badge side writes them: multibase base58btc, and `did:key` names."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lms.certificates.signed import text

_DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BEGINS = "did:key:"
_ED25519 = b"\xed\x01"  # multicodec ed25519-pub
SIGNATURE_BYTES = 64


def multibase(data: bytes) -> str:
    """The bytes in base 58, after the letter that says so."""
    value, letters = int.from_bytes(data, "big"), ""
    while value:
        value, digit = divmod(value, 58)
        letters = _DIGITS[digit] + letters
    return "z" + "1" * (len(data) - len(data.lstrip(b"\0"))) + letters


def from_multibase(text: str, length: int) -> bytes:
    """So many bytes, from their one spelling. Raises ValueError."""
    value = 0
    for letter in text[1 : 2 * length + 2]:
        value = value * 58 + _DIGITS.index(letter)
    try:
        data = value.to_bytes(length, "big")
    except OverflowError as error:
        raise ValueError("multibase") from error
    if multibase(data) != text:
        raise ValueError("multibase")
    return data


def did(key: Ed25519PrivateKey | Ed25519PublicKey) -> str:
    """The key's name as a `did:key`."""
    public = key.public_key() if isinstance(key, Ed25519PrivateKey) else key
    return _BEGINS + multibase(_ED25519 + public.public_bytes_raw())


def key_of(name: str) -> Ed25519PublicKey:
    """The key that a `did:key` names. Raises ValueError."""
    found = from_multibase(name.removeprefix(_BEGINS), len(_ED25519) + 32)
    key = Ed25519PublicKey.from_public_bytes(found[len(_ED25519) :])
    if did(key) != name:
        raise ValueError("did")
    return key


def did_key(value: Any) -> str:
    """The value, if it is a `did:key` of Ed25519. Raises ValueError."""
    key_of(text(value))
    return str(value)


def method(name: str) -> str:
    """The verification method of a `did:key`: its one key."""
    return f"{name}#{name.removeprefix(_BEGINS)}"
