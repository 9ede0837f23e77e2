"""What a phone signs together with what it asks, so that an ask that somebody overheard is soon worth nothing. Nothing is kept
here: a challenge carries when it was made, and this installation's mark."""

import hashlib
import hmac
import os
from datetime import UTC, datetime, timedelta

from lms.certificates.signed import base64url, raw

GOOD_FOR = timedelta(minutes=5)
_RANDOM, _MOMENT, _MARK = 16, 8, 32


def make(secret: bytes, now: datetime) -> str:
    """A challenge, good for five minutes."""
    body = os.urandom(_RANDOM) + int(now.timestamp()).to_bytes(_MOMENT)
    return base64url(body + _mark(secret, body))


def is_good(text: object, secret: bytes, now: datetime) -> bool:
    """Whether the text is a challenge of this installation's that was made in the last five minutes."""
    try:
        found = raw(text)
    except ValueError:
        return False
    body, mark = found[:-_MARK], found[-_MARK:]
    if len(body) != _RANDOM + _MOMENT or not hmac.compare_digest(mark, _mark(secret, body)):
        return False
    made = datetime.fromtimestamp(int.from_bytes(body[_RANDOM:]), UTC)
    return timedelta(0) <= now.replace(microsecond=0) - made <= GOOD_FOR


def _mark(secret: bytes, body: bytes) -> bytes:
    return hmac.new(secret, b"device challenge" + body, hashlib.sha256).digest()
