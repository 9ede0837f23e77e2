"""Identifiers: UUIDv7 for acts and people, random text for secrets."""

import os
import secrets
import time
import uuid


def uuid7() -> str:
    """A time-ordered UUID (RFC 9562, version 7) as text. Only an identity: never order by it."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))


def is_uuid(text: str) -> bool:
    """Whether the text is a UUID in its one canonical spelling."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def secret() -> str:
    """256 random bits as URL-safe text."""
    return secrets.token_urlsafe(32)
