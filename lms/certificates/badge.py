"""The certificate for machines: an Open Badges 3.0 credential with a Data Integrity proof, `credential.json`.

It says what the page says, and like it neither when in the day, nor how well, nor who the learner is beyond the name that
she chose. Whoever reads one takes exactly the terms that `sign` writes: a proof does not cover any other.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from lms.certificates import endorsement, integrity
from lms.certificates import number as numbers
from lms.certificates.chain import did_of
from lms.certificates.credential import Credential, length, notices
from lms.certificates.endorsement import Endorsement
from lms.certificates.integrity import CONTROLS, UnknownTerm, just, known, line, midnight, on_day, one, uri, urn
from lms.certificates.judgement import judged
from lms.certificates.keys import Issuer
from lms.certificates.linked import BADGES, CREDENTIALS, EXTENSIONS, Template, slot
from lms.certificates.multikey import did, did_key
from lms.certificates.number import NoSuchNumber
from lms.certificates.signed import Kind, canonical, text
from lms.certificates.trust import Entry, Trust, digest
from lms.certificates.verify import (
    CHANGED,
    IN_TIME,
    KNOWN,
    OUT_OF_TIME,
    SIGNED,
    UNCHANGED,
    UNKNOWN,
    UNSIGNED,
    WHOLE,
    Check,
    Outcome,
    Verification,
)
from lms.i18n import N_, Reader

MAX_BYTES = 64 * 1024
SCHEMA = {
    "id": "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json",
    "type": "1EdTechJsonSchemaValidator2019",
}

ADDED = N_("The file says something that its signature does not cover: “%(term)s”.")
UNLIKE = N_("The file is not written as certificates of this kind are: it is by another program, or was changed.")


def sign(credential: Credential, issuer: Issuer, reader: Reader, *, when: date) -> bytes:
    """The bytes of `credential.json`, in the reader's language, signed on that day: the same for the same facts."""
    said, name = _said(credential, reader), did(issuer.badge_key)
    form, proof_form = _templates(name, canonical(issuer.endorsement))
    proof = integrity.proof_of(name, when)
    signed = integrity.proved(
        _document(said, name, issuer.endorsement),
        issuer.badge_key,
        proof,
        form.filled(said),
        proof_form.filled({"created": proof["created"]}),
    )
    return canonical(signed)


def _said(credential: Credential, reader: Reader) -> dict[str, str]:
    """The texts of a credential, each in one line."""
    title, program = {"title": credential.title}, {"program": credential.program}
    duration = length(credential, reader)
    about = [reader.gettext("A course of %(program)s.") % program, *([f"{duration}."] if duration else [])]
    more = list(notices(credential, reader))
    texts = {
        "id": urn(f"certificate {credential.number}"),
        "title": credential.title,
        "summary": " ".join([*about, *more]),
        "issuer": credential.issuer,
        "awarded": midnight(credential.issued_on),
        "name": credential.name,
        "number": credential.number,
        "course": urn(f"course {credential.code}"),
        "code": credential.code,
        "about": " ".join(about),
        "criteria": " ".join([reader.gettext("To have completed the course “%(title)s”.") % title, *more]),
        "language": credential.language,
    }
    return {name: CONTROLS.sub(" ", each) for name, each in texts.items()}


def _document(said: Mapping[str, str], name: str, word: Mapping[str, Any]) -> dict[str, Any]:
    """The credential that says so, by the issuer with that did:key and the root's word for it, without a proof."""
    achievement = {
        "id": said["course"],
        "type": ["Achievement"],
        "achievementType": "Course",
        "name": said["title"],
        "description": said["about"],
        "criteria": {"narrative": said["criteria"]},
        "humanCode": said["code"],
        "inLanguage": said["language"],
    }
    identity = {"type": "IdentityObject", "identityType": "name", "identityHash": said["name"], "hashed": False}
    profile = {"id": name, "type": ["Profile"], "name": said["issuer"]}
    return {
        "@context": [CREDENTIALS, BADGES, EXTENSIONS],
        "id": said["id"],
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": said["title"],
        "description": said["summary"],
        "issuer": {**profile, "endorsement": [word]} if word else profile,
        "validFrom": said["awarded"],
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [identity],
            "licenseNumber": said["number"],
            "achievement": achievement,
        },
        "credentialSchema": [SCHEMA],
    }


_SLOTS = (
    *("id", "title", "summary", "issuer", "awarded", "name", "number"),
    *("course", "code", "about", "criteria", "language"),
)


@lru_cache(maxsize=4)
def _templates(name: str, word: bytes) -> tuple[Template, Template]:
    """The canonical forms of this issuer's credentials, and of its proofs."""
    document = _document({each: slot(each) for each in _SLOTS}, name, json.loads(word))
    proof = {**integrity.proof_of(name, date.min), "created": slot("created")}
    return Template(document), Template(integrity.with_context(proof, document))


@dataclass(frozen=True, slots=True)
class _Read:
    """What a badge says of itself, none of it verified."""

    whole: bytes
    """All of it, as `sign` writes it."""
    number: str
    issuer: str
    word: Endorsement | None
    made: date


def verify(data: bytes, trust: Trust, now: datetime) -> Verification:
    """What became of each check of the file, against these roots and lists. Blanks between its parts do not matter."""
    checks: list[Check] = []
    try:
        found = _read(data, checks)
    except _Broken as broken:
        return Verification(outcome="invalid", checks=(*checks, broken.check))
    entry = trust.badge_issuer(found.issuer)
    trusted = _is_vouched_for(found, entry, trust)
    checks.append(Check("issuer", trusted, KNOWN if trusted else UNKNOWN))
    span = (entry or found.word) if trusted else None
    in_time = span is None or span.starts <= found.made <= span.until
    if span:
        checks.append(Check("period", in_time, IN_TIME if in_time else OUT_OF_TIME))
    outcome: Outcome = "unknown" if not trusted else "valid" if in_time else "invalid"
    verification = Verification(
        outcome=outcome,
        checks=tuple(checks),
        number=found.number,
        signer=found.issuer,
        signed_on=datetime(found.made.year, found.made.month, found.made.day, tzinfo=UTC),
        kid=entry.kid if entry else b"",
        whole=found.whole,
    )
    return judged(verification, trust, digest=digest(found.whole), today=now.date())


class _Broken(Exception):
    """A check failed."""

    def __init__(self, check: Check) -> None:
        super().__init__(check)
        self.check = check


def _read(data: bytes, checks: list[Check]) -> _Read:
    """The badge, every statement of which its issuer's key signed. Raises _Broken."""
    document = _parsed(data)
    if not isinstance(document, dict) or not isinstance(document.get("proof"), list):
        raise _Broken(Check("signed", False, UNSIGNED))
    checks.append(Check("signed", True, SIGNED))
    try:
        whole = canonical(document)
        found = known(document, _BADGE)
    except UnknownTerm as error:
        raise _Broken(Check("whole", False, ADDED, {"term": _shown(str(error))})) from None
    except (ValueError, NoSuchNumber, RecursionError):
        raise _Broken(Check("whole", False, UNLIKE)) from None
    checks.append(Check("whole", True, WHOLE))
    name, word = found["issuer"]
    if not integrity.is_proved(document, name):
        raise _Broken(Check("unchanged", False, CHANGED))
    checks.append(Check("unchanged", True, UNCHANGED))
    return _Read(whole, found["credentialSubject"], name, word, found["proof"])


def _is_vouched_for(found: _Read, entry: Entry | None, trust: Trust) -> bool:
    """Whether a trusted root endorsed the issuer. (Before the root has done so, its list alone may say it.)"""
    word = found.word
    if word is None:
        return entry is not None
    roots = {each.did for each in trust.keys} | {did_of(root) for root in trust.roots}
    return word.root in roots and word.subject == found.issuer and word.is_genuine


def _parsed(data: bytes) -> Any:
    """The JSON in these bytes; None where there is none."""
    if len(data) > MAX_BYTES:
        return None
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The mapping, in which no name stands twice: others might read the other one."""
    if len(dict(pairs)) != len(pairs):
        raise ValueError("twice")
    return dict(pairs)


def _shown(term: str) -> str:
    return "".join(each for each in term if each.isprintable())[:40]


def _number(value: Any) -> str:
    if numbers.parse(text(value)) != value:
        raise ValueError("number")
    return str(value)


def _profile(value: Any) -> tuple[str, Endorsement | None]:
    kinds: dict[str, Kind] = {"id": did_key, "type": just(["Profile"]), "name": line}
    if isinstance(value, dict) and "endorsement" in value:
        kinds["endorsement"] = one(endorsement.read)
    found = known(value, kinds)
    return found["id"], found.get("endorsement")


def _subject(value: Any) -> str:
    """The certificate's number."""
    kinds: dict[str, Kind] = {
        "type": just(["AchievementSubject"]),
        "identifier": one(_identity),
        "licenseNumber": _number,
        "achievement": _achievement,
    }
    return str(known(value, kinds)["licenseNumber"])


def _identity(value: Any) -> Any:
    kinds: dict[str, Kind] = {
        "type": just("IdentityObject"),
        "identityType": just("name"),
        "identityHash": line,
        "hashed": just(False),
    }
    return known(value, kinds)


def _achievement(value: Any) -> Any:
    kinds: dict[str, Kind] = {
        "id": uri,
        "type": just(["Achievement"]),
        "achievementType": just("Course"),
        "name": line,
        "description": line,
        "criteria": lambda each: known(each, {"narrative": line}),
        "humanCode": line,
        "inLanguage": line,
    }
    return known(value, kinds)


_BADGE: dict[str, Kind] = {
    "@context": just([CREDENTIALS, BADGES, EXTENSIONS]),
    "id": uri,
    "type": just(["VerifiableCredential", "OpenBadgeCredential"]),
    "name": line,
    "description": line,
    "issuer": _profile,
    "validFrom": on_day,
    "credentialSubject": _subject,
    "credentialSchema": one(lambda each: known(each, {name: just(value) for name, value in SCHEMA.items()})),
    "proof": one(integrity.proof),
}
