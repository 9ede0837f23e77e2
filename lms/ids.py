"""Identifiers: UUIDv7 for acts and people, UUIDv4 for what nobody is to be known by, UUIDv8 for
what may be entered once, random text for secrets, codes that people type."""

import hashlib
import os
import re
import secrets
import time
import uuid

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U."""
_UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_MISREAD = str.maketrans("OIL", "011")


def uuid7() -> str:
    """A time-ordered UUID (RFC 9562, version 7) as text. Only an identity: never order by it."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))


def uuid4() -> str:
    """A random UUID (version 4) as text: it tells neither when it was made nor after which other."""
    return str(uuid.uuid4())


def uuid8(name: str) -> str:
    """The UUID of that name (RFC 9562, version 8, appendix B.2: the first bits of its SHA-256): the same name, the same
    id, and no other version's."""
    value = int.from_bytes(hashlib.sha256(name.encode()).digest()[:16])
    value = value & ~(0xF << 76) | 0x8 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))


def is_uuid(text: str) -> bool:
    """Whether the text is a UUID in its one canonical spelling."""
    return _UUID.fullmatch(text) is not None


def secret() -> str:
    """256 random bits as URL-safe text."""
    return secrets.token_urlsafe(32)


def code(length: int) -> str:
    """So many random characters that can be read out and typed in; five bits each."""
    return code_of(os.urandom(length))


def code_of(raw: bytes) -> str:
    """Such characters for these bytes, one for each."""
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in raw)


def typed_code(text: str) -> str:
    """A code as it was meant: small letters, O, I and L forgiven, everything else between the characters dropped."""
    return "".join(each for each in text[:64].upper().translate(_MISREAD) if each in ALPHABET)


def grouped(code_: str, size: int) -> str:
    """A code in groups with hyphens between them."""
    return "-".join(code_[start : start + size] for start in range(0, len(code_), size))
