"""What a certificate says: frozen when it is asked for."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date

from lms.i18n import N_, Reader

UNDER_REVIEW = N_("The content of the course was under review by specialists when this certificate was issued.")
DEMONSTRATION = N_("Demonstration: this certificate was issued to try the program and has no value.")
FIRST_DAY = date(2020, 1, 1)
"""No certificate is older: a day before it is that of a clock which had lost the time."""
UNDATED = date.min
"""The day of one that was asked for while the clock could not be right; it gets the day on which it is made."""


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


def length(credential: Credential, reader: Reader) -> str:
    """How long the course takes, in a few words; nothing where nobody said."""
    if not credential.hours:
        return ""
    hours = int(credential.hours) if credential.hours == int(credential.hours) else credential.hours
    told = reader.ngettext("Estimated length: %(n)s hour", "Estimated length: %(n)s hours", round(credential.hours))
    return told % {"n": reader.number(hours)}


def notices(credential: Credential, reader: Reader) -> Iterator[str]:
    """What whoever reads the certificate has to know, in sentences."""
    if credential.under_review:
        yield reader.gettext(UNDER_REVIEW)
    if credential.demonstration:
        yield reader.gettext(DEMONSTRATION)
