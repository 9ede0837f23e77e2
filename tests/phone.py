"""A phone that takes courses along, as far as the server meets it: its key, its signed asks, its lines."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from werkzeug.test import TestResponse

from lms.certificates.device_key import packed
from lms.certificates.signed import public, sign
from lms.ids import uuid7
from lms.learning.events import FIELDS
from tests.web.client import Client


@dataclass
class Phone:
    """Somebody's phone."""

    app: Flask
    learner: str
    device: str = field(default_factory=uuid7)
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    n: int = 0
    grant: dict[str, Any] = field(default_factory=dict)

    @property
    def public_key(self) -> str:
        """Its public key as it is granted."""
        return public(self.key.public_key())

    def signed(self, raw: str) -> dict[str, str]:
        """The text with the phone's signature."""
        return {"raw": raw, "signature": packed(sign(self.key, raw.encode()))}

    def challenge(self) -> str:
        """A new one."""
        found: str = self.app.test_client().post("/api/v1/challenge").get_json()["challenge"]
        return found

    def body(self, ask: Mapping[str, Any], **changes: Any) -> dict[str, str]:
        """A signed ask."""
        said = {"device": self.device, "learner": self.learner, "challenge": self.challenge(), "ask": dict(ask)}
        return self.signed(json.dumps({**said, **changes}))

    def ask(self, what: str, **ask: Any) -> TestResponse:
        """What comes back to a signed ask."""
        return self.app.test_client().post(f"/api/v1/{what}", json=self.body(ask))

    def line(self, kind: str, *, n: int | None = None, **values: Any) -> dict[str, str]:
        """The next line of its log, signed."""
        if n is None:
            self.n += 1
            n = self.n
        known = {
            "v": 1,
            "id": uuid7(),
            "type": kind,
            "learner": self.learner,
            "device": self.device,
            "n": n,
            "by": self.learner,
            "store": None,
            "at": "2026-11-24T11:39:13.123Z",
            "course": "demo-course",
            "release": None,
            "item": None,
            "data": {},
        }
        told = {**known, **values}
        return self.signed(json.dumps({name: told[name] for name in FIELDS}, separators=(",", ":")))


def granted(app: Flask, who: Client, *, name: str = "Chrome, Android") -> Phone:
    """A phone that may write for whoever is signed in."""
    me = who.get("/pocket/me").get_json()
    phone = Phone(app, me["learner"])
    asked = {"csrf": me["csrf"], "device": phone.device, "key": phone.public_key, "name": name}
    answer = who.browser.post("/pocket/devices", json=asked)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    phone.grant = answer.get_json()
    return phone
