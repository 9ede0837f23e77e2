"""What an intact certificate says, for whoever has the file and not the register: its credential for machines, which is the
file or is in it."""

import json
import re
import zlib
from dataclasses import dataclass
from datetime import date

from lms.certificates.badge import MAX_BYTES
from lms.certificates.verify import Verification

_ATTACHED = re.compile(rb"/Type /EmbeddedFile [^\r\n]{0,400}/Filter /FlateDecode /Length (\d{1,6})>>\nstream\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Its facts. On a PDF without a badge in it only the page says name, course and issuer: they are empty here."""

    number: str
    day: date | None
    """The day on which it was signed."""
    name: str = ""
    title: str = ""
    language: str = ""
    issuer: str = ""
    about: str = ""
    """Its description, with the notices that belong to it."""


def said(found: Verification) -> Said:
    """What the file says. It has been verified before: nothing is checked here."""
    bare = Said(number=found.number, day=found.signed_on.date() if found.signed_on else None)
    badge = found.whole if found.whole.startswith(b"{") else attached(found.whole)
    if not badge:
        return bare
    document = json.loads(badge)
    subject = document["credentialSubject"]
    return Said(
        number=bare.number,
        day=bare.day,
        name=subject["identifier"][0]["identityHash"],
        title=document["name"],
        language=subject["achievement"]["inLanguage"],
        issuer=document["issuer"]["name"],
        about=document["description"],
    )


def attached(pdf: bytes) -> bytes:
    """The badge in a PDF, or nothing. The PDF's signature covers it; its own is not looked at."""
    found = _ATTACHED.search(pdf)
    if not found:
        return b""
    return zlib.decompressobj().decompress(pdf[found.end() : found.end() + int(found[1])], MAX_BYTES)
