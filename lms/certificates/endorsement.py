"""The root's word that an issuer's badge key is one of its own: an EndorsementCredential of Open Badges 3.0.

When the issuer's key signs is said in the words of the endorsement, which no term of Open Badges has a place for. An end
of its validity would not do: it would end what the issuer had signed in time as well.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lms.certificates.integrity import is_proved, just, known, midnight, on_day, one, proof, prove, uri, urn
from lms.certificates.linked import BADGES, CREDENTIALS
from lms.certificates.multikey import did, did_key
from lms.certificates.signed import Kind, canonical, day, text

_NAME = "Issuer of certificates"
_COMMENT = re.compile(r"Issues certificates from (\d{4}-\d\d-\d\d) until (\d{4}-\d\d-\d\d)\.")


def endorse(root: Ed25519PrivateKey, *, subject: str, starts: date, until: date) -> Mapping[str, Any]:
    """The root's endorsement of the issuer whose did:key is `subject`, and who signs between these days."""
    document = {
        "@context": [CREDENTIALS, BADGES],
        "id": urn(f"endorsement {did(root)} {subject}"),
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": _NAME,
        "issuer": {"id": did(root), "type": ["Profile"]},
        "validFrom": midnight(starts),
        "credentialSubject": {
            "id": subject,
            "type": ["EndorsementSubject"],
            "endorsementComment": f"Issues certificates from {starts} until {until}.",
        },
    }
    return prove(document, root, starts)


def is_endorsement(value: Mapping[str, Any], *, root: str, subject: str) -> bool:
    """Whether the root with that did:key endorsed that issuer."""
    try:
        found = read(value)
    except ValueError:
        return False
    return (found.root, found.subject) == (root, subject) and found.is_genuine


@dataclass(frozen=True, slots=True)
class Endorsement:
    """What an endorsement says."""

    root: str
    subject: str
    starts: date
    until: date
    _whole: bytes

    @property
    def is_genuine(self) -> bool:
        """Whether that root made it."""
        return _is_genuine(self._whole, self.root)


def read(value: Any) -> Endorsement:
    """The endorsement, its proof not yet looked at. Raises ValueError."""
    found = known(value, _KINDS)
    subject, starts, until = found["credentialSubject"]
    return Endorsement(found["issuer"], subject, starts, until, canonical(value))


@lru_cache(maxsize=64)
def _is_genuine(whole: bytes, root: str) -> bool:
    return is_proved(json.loads(whole), root)


def _comment(value: Any) -> tuple[date, date]:
    found = _COMMENT.fullmatch(text(value))
    if not found:
        raise ValueError("comment")
    return day(found[1]), day(found[2])


def _root(value: Any) -> str:
    return str(known(value, {"id": did_key, "type": just(["Profile"])})["id"])


def _subject(value: Any) -> tuple[str, date, date]:
    kinds: dict[str, Kind] = {"id": did_key, "type": just(["EndorsementSubject"]), "endorsementComment": _comment}
    found = known(value, kinds)
    return (found["id"], *found["endorsementComment"])


_KINDS: dict[str, Kind] = {
    "@context": just([CREDENTIALS, BADGES]),
    "id": uri,
    "type": just(["VerifiableCredential", "EndorsementCredential"]),
    "name": just(_NAME),
    "issuer": _root,
    "validFrom": on_day,
    "credentialSubject": _subject,
    "proof": one(proof),
}
