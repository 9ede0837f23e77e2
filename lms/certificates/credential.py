"""What a certificate says: frozen when it is asked for."""

import json
from dataclasses import asdict, dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """The facts on a certificate. Nothing else about the learner or the course is in the file."""

    number: str
    name: str
    """The name that its holder chose, in NFC."""
    title: str
    """The course's outward title."""
    code: str
    """The course's opaque code."""
    hours: float
    issued_on: date
    language: str
    program: str
    issuer: str
    demonstration: bool
    signatories: tuple[tuple[str, str], ...] = ()
    """(name, position) of each."""
    verify_base: str = ""
    under_review: bool = False
    """Whether specialists had not signed for the course's content yet; certificates from before this was asked say no."""


def dump(credential: Credential) -> str:
    """The credential as JSON."""
    return json.dumps({**asdict(credential), "issued_on": credential.issued_on.isoformat()}, ensure_ascii=False)


def load(text: str) -> Credential:
    """The credential in such JSON."""
    values = json.loads(text)
    values["issued_on"] = date.fromisoformat(values["issued_on"])
    values["signatories"] = tuple((name, position) for name, position in values["signatories"])
    return Credential(**values)
