"""What a phone asks, signed by its own key: nobody need be signed in, and nothing is sent that a form could forge."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from flask import request
from sqlalchemy import Connection

from lms.certificates.device_key import is_signed, unpacked
from lms.i18n import N_
from lms.ids import is_uuid
from lms.refusals import Refusal
from lms.services.people.consent import may_record
from lms.storage import devices, people
from lms.storage.devices import Device
from lms.storage.people import Person
from lms.web.device import challenges
from lms.web.device.replies import Malformed
from lms.web.frame.site import site

MOST_BYTES = 64 * 1024
FIELDS = {"device", "learner", "challenge", "ask"}


class NotGranted(Refusal):
    """The phone may not ask; `why` is the word that programs know it by."""

    why: ClassVar[str]
    status = 403


class UnknownPhone(NotGranted):
    """There is no such phone of that learner's, or it is not that phone which asks."""

    why = "unknown"
    message = N_("This phone is not known here. Sign in, and take the course along again.")


class RevokedPhone(NotGranted):
    """The phone may send nothing more."""

    why = "revoked"
    message = N_("This phone may not send anything for you any more. Sign in, and take the course along again.")


class ExpiredPhone(NotGranted):
    """The grant is over."""

    why = "expired"
    message = N_("This phone was not here for half a year. Sign in, and take the course along again.")


class OldChallenge(NotGranted):
    """What was to be signed with the ask is not of this installation, or older than five minutes."""

    why = "challenge"
    message = N_("The answer took too long. Try again.")


class NoConsent(NotGranted):
    """She has withdrawn her consent, or not given it: nothing new of hers is kept."""

    why = "consent"
    message = N_("You have not agreed to what is kept about you. Sign in and read the text; then go on.")


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks by which phone, and what."""

    person: Person
    device: Device
    ask: Mapping[str, Any]

    @property
    def agrees(self) -> bool:
        """Whether what she does may be kept."""
        return may_record(self.person)

    def text(self, name: str) -> str:
        """The text of that name in the ask. Raises Malformed."""
        value = self.ask.get(name)
        if not isinstance(value, str) or "\0" in value:
            raise Malformed
        return value


def asked(tx: Connection, now: datetime) -> Asked:
    """What this request asks, by whom. Raises Malformed, UnknownPhone, OldChallenge, RevokedPhone, ExpiredPhone."""
    raw, signature = _sent()
    said = _said(raw)
    device = devices.one(tx, said["device"], said["learner"])
    if device is None or not is_signed(device.key, raw, signature):
        raise UnknownPhone
    if not challenges.is_good(said["challenge"], site().secret, now):
        raise OldChallenge
    who = people.by_id(tx, device.learner)
    if who is None or not who.active or device.revoked_at is not None:
        raise RevokedPhone
    if not device.is_good(now):
        raise ExpiredPhone
    return Asked(who, device, said["ask"])


def _sent() -> tuple[bytes, bytes]:
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict) or sent.keys() != {"raw", "signature"} or not isinstance(sent["raw"], str):
        raise Malformed
    try:
        raw = sent["raw"].encode("utf-8")
    except UnicodeEncodeError as error:
        raise Malformed from error
    return raw, unpacked(sent["signature"]) or b""


def _said(raw: bytes) -> dict[str, Any]:
    try:
        said = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    if not isinstance(said, dict) or said.keys() != FIELDS or not isinstance(said["ask"], dict):
        raise Malformed
    if not all(isinstance(said[name], str) and is_uuid(said[name]) for name in ("device", "learner")):
        raise Malformed
    return said
