"""What somebody gets for a file that she handed in: this store's word for what it has now, which her phone can check by itself
under the same root (docs/decisions/0042)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lms.certificates.device_key import packed
from lms.services.common.record import Pen, timestamp
from lms.services.common.registers import Signer
from lms.services.pocket.files import Received

OUTCOMES = ("accepted", "duplicate", "unproven", "quarantined", "refused")
SHORT = 22
"""Letters of a digest in a QR code: 128 bits of it."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt: `plain` for a file, `short` for a QR code."""

    plain: Mapping[str, Any]
    short: str

    @property
    def as_file(self) -> bytes:
        """The file."""
        return json.dumps(self.plain, ensure_ascii=False, indent=1).encode() + b"\n"


def receipt(pen: Pen, signer: Signer, received: Received, *, now: datetime) -> Receipt:
    """This store's receipt for that file."""
    lines = {name: received.counts.get(name, 0) for name in OUTCOMES}
    said = {
        "vereda": "receipt 1",
        "store": pen.store.id,
        "device": received.device,
        "learner": received.learner,
        "complete_to": received.complete_to,
        "lines": lines,
        "digest": received.digest,
        "at": timestamp(now),
    }
    payload = _line(said)
    plain = {
        "vereda": "receipt 1",
        "payload": payload,
        "signature": packed(pen.sign(payload.encode())),
        "key": signer.key,
        "trust": dict(signer.voucher),
    }
    return Receipt(plain, _short(pen, received, now))


def _short(pen: Pen, received: Received, now: datetime) -> str:
    """`R1.<payload>.<signature>`, both in base64url: which store has up to which number of the phone's lines, how many it
    took of this file, and the beginning of their digest. Its key is found by the store's id."""
    body = [pen.store.id, received.device, received.complete_to, received.taken]
    payload = b"R1" + _line([*body, packed(bytes.fromhex(received.digest))[:SHORT], timestamp(now)[:19] + "Z"]).encode()
    return f"R1.{packed(payload[2:])}.{packed(pen.sign(payload))}"


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
