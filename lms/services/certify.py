"""Certificates: asked for in the learner's own transaction, made by the worker afterwards (docs/decisions/0006)."""

import hashlib
import logging
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from lms.certificates import credential as credentials
from lms.certificates import number as numbers
from lms.certificates import pades, pdf
from lms.certificates.credential import Credential
from lms.certificates.keys import Issuer
from lms.certificates.verify import verify_pdf
from lms.config import Settings
from lms.i18n import Reader, spoken
from lms.learning import events as types
from lms.services import clock
from lms.services.record import Act, Pen, record
from lms.storage import certificates, people
from lms.storage.certificates import Certificate
from lms.storage.database import Database
from lms.storage.releases import Release

log = logging.getLogger("lms.certify")


class Unverifiable(Exception):
    """What was signed does not verify: it must not be handed out."""


def request(
    tx: Connection, pen: Pen, *, learner: str, release: Release, language: str, now: datetime, settings: Settings
) -> str | None:
    """The number reserved for the learner's certificate, what it says frozen; None when there was one already."""
    person = people.by_id(tx, learner)
    if person is None:
        return None
    number = numbers.new(pen.store.id)
    credential = _credential(person.display_name, number, release, language, now, settings)
    course = release.course
    first = certificates.request(
        tx,
        number=number,
        learner=learner,
        course=course.id,
        major=course.major,
        text=credentials.dump(credential),
        now=now,
    )
    if not first:
        return None
    _tell(tx, pen, types.ISSUANCE_REQUESTED, learner, course.id, release.digest, {"number": number}, now=now)
    return number


def finish(
    database: Database, pen: Pen, issuer: Issuer, settings: Settings, *, number: str, now: datetime
) -> Certificate | None:
    """The certificate, drawn, signed and kept, once, however often and from wherever this is called.

    Signs outside a transaction; None when it was issued meanwhile, when there is no such number, or when the clock or
    the key's time of use forbids it (which is logged).
    """
    with database.reading() as tx:
        found = certificates.by_number(tx, number)
        lowest = clock.floor(tx)
    if found is None or found.issued or not _may_issue(issuer, now, lowest):
        return None
    signed = _make(found.credential, issuer, settings, now)
    digest = hashlib.sha256(signed).hexdigest()
    with database.writing() as tx:
        if not certificates.hold(tx, number):
            return None
        certificates.keep(tx, number, signed, digest, now=now)
        data = {"number": number, "sha256": digest}
        _tell(tx, pen, types.CREDENTIAL_ISSUED, found.learner, found.course, None, data, now=now)
        return certificates.by_number(tx, number)


def _credential(
    name: str, number: str, release: Release, language: str, now: datetime, settings: Settings
) -> Credential:
    course, edition = release.course, release.course.edition(language)
    titles = course.public_title
    outward = titles.get(edition.language) or titles.get(course.source) or course.code  # never the title itself
    return Credential(
        number=number,
        name=name,
        title=outward if course.sensitive else edition.title,
        code=course.code,
        hours=course.hours,
        issued_on=now.astimezone(ZoneInfo(settings.timezone)).date(),
        language=edition.language,
        program=settings.name,
        issuer=settings.issuer,
        demonstration=settings.demonstration,
        signatories=tuple((each.name, each.position) for each in settings.signatories),
        verify_base=settings.verify_base,
    )


def _make(credential: Credential, issuer: Issuer, settings: Settings, now: datetime) -> bytes:
    language = spoken(credential.language, settings.catalogues)
    reader = Reader(language, ZoneInfo(settings.timezone), settings.catalogues)
    signed = pades.sign(pdf.draw(credential, reader, settings.logo), issuer, when=now)
    if verify_pdf(signed, [issuer.root]).outcome != "valid":
        raise Unverifiable(credential.number)
    return signed


def _may_issue(issuer: Issuer, now: datetime, lowest: datetime) -> bool:
    if clock.is_behind(now, lowest):
        log.error("certificates wait: the clock of this computer is behind; set it, or see `lms clock`")
        return False
    if not issuer.may_sign(now):
        log.error("certificates wait: the issuer's key is not in its time of use")
        return False
    return True


def _tell(
    tx: Connection,
    pen: Pen,
    kind: str,
    learner: str,
    course: str,
    release: str | None,
    data: dict[str, str],
    *,
    now: datetime,
) -> None:
    record(tx, pen, Act(type=kind, learner=learner, course=course, release=release, data=data), now=now)
