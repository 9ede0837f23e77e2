"""The key of a phone (ECDSA on P-256, by Web Crypto) and its signatures.

A signature is r and s, 32 bytes each (IEEE P1363); both travel in base64url without padding (RFC 4648, section 5)."""

import base64
import binascii
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

SIGNATURE_BYTES = 64
LONGEST_KEY = 200
_BY = ec.ECDSA(SHA256())
_USUAL = bytes.maketrans(b"-_", b"+/")


def unpacked(text: object, most: int = 1024) -> bytes | None:
    """The bytes of base64url without padding, in its one spelling; None for anything else."""
    if not isinstance(text, str) or len(text) > most:
        return None
    try:
        raw = binascii.a2b_base64(text.encode().translate(_USUAL) + b"=" * (-len(text) % 4), strict_mode=True)
    except ValueError:
        return None
    return raw if packed(raw) == text else None


def packed(raw: bytes) -> str:
    """Bytes in base64url without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def is_key(text: object) -> bool:
    """Whether the text is a public key of a phone (SPKI)."""
    return isinstance(text, str) and _key(text) is not None


def is_signed(key: str, raw: bytes, signature: bytes) -> bool:
    """Whether that key signed these bytes."""
    public = _key(key)
    if public is None or len(signature) != SIGNATURE_BYTES:
        return False
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    try:
        public.verify(encode_dss_signature(r, s), raw, _BY)
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=4096)
def _key(text: str) -> ec.EllipticCurvePublicKey | None:
    raw = unpacked(text, LONGEST_KEY)
    if raw is None:
        return None
    try:
        key = load_der_public_key(raw)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1) else None
