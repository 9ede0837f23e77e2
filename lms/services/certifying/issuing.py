"""Certificates made by the worker: drawn, signed, verified, kept. Only here are the libraries that do so loaded, and the
issuer's key used: web processes have neither."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from lms.certificates import badge, pades, pdf, qr
from lms.certificates.credential import FIRST_DAY, Credential
from lms.certificates.keys import Issuer
from lms.certificates.trust import Trust
from lms.certificates.verify import verify_pdf
from lms.config import Settings
from lms.i18n import Reader, spoken
from lms.learning import events as types
from lms.services.common import clock
from lms.services.common.record import Act, Pen, record
from lms.services.common.registers import shelf_of
from lms.storage import certificates
from lms.storage.certificates import Certificate, Kind
from lms.storage.database import Database

log = logging.getLogger("lms.certify")


class Unverifiable(Exception):
    """What was signed does not verify: it must not be handed out."""


def finish(
    database: Database, pen: Pen, issuer: Issuer, settings: Settings, *, number: str, now: datetime
) -> Certificate | None:
    """The certificate, drawn, signed and kept, once, however often and from wherever this is called.

    Signs outside a transaction; None when it was issued meanwhile, when there is no such number, or when the clock,
    the key's time of use or its withdrawal forbids it (which is logged).
    """
    with database.reading() as tx:
        found = certificates.by_number(tx, number)
        lowest = clock.floor(tx)
    if found is None or found.state != "requested" or not _may_issue(issuer, settings, now, lowest):
        return None
    credential = _dated(found.credential, settings.day(now))
    made = make(credential, issuer, settings, now)
    with database.writing() as tx:
        held = certificates.hold(tx, number)
        if held is None or held.state != "requested":
            return None
        if credential != held.credential:
            certificates.restate(tx, number, credential)
        return _keep(tx, pen, held, made, settings, now)


def _dated(credential: Credential, today: date) -> Credential:
    """The credential; one that was asked for while the clock could not be right is of today."""
    return credential if credential.issued_on >= FIRST_DAY else replace(credential, issued_on=today)


def _keep(
    tx: Connection, pen: Pen, held: Certificate, made: Mapping[Kind, bytes], settings: Settings, now: datetime
) -> Certificate | None:
    """The certificate is issued, and the one in whose place it is stands no longer."""
    digests = certificates.keep(tx, held.number, made, now=now)
    data = {"number": held.number, "sha256": digests["pdf"], "files": dict(digests)}
    if held.replaces:
        certificates.end(tx, held.replaces, "replaced", on=settings.day(now))
        data["replaces"] = held.replaces
    act = Act(type=types.CREDENTIAL_ISSUED, learner=held.learner or None, course=held.course, data=data)
    record(tx, pen, act, now=now)
    return certificates.by_number(tx, held.number)


def make(credential: Credential, issuer: Issuer, settings: Settings, now: datetime) -> Mapping[Kind, bytes]:
    """Every file of the certificate. Raises Unverifiable."""
    language = spoken(credential.language, settings.catalogues)
    reader = Reader(language, ZoneInfo(settings.timezone), settings.catalogues)
    code, proof = qr.payload(credential, issuer), badge.sign(credential, issuer, reader, when=now.date())
    address = qr.address(code, credential.verify_base)
    drawn = pdf.draw_each(
        credential,
        reader,
        logo=settings.logo,
        accent=settings.accent,
        qr=qr.matrix(address) if address else None,
        badges=(proof, None),
    )
    signed, paper = (pades.sign(each, issuer, when=now) for each in drawn)
    trust = Trust(roots=(issuer.root,))
    checked = (*(verify_pdf(each, trust.roots) for each in (signed, paper)), badge.verify(proof, trust, now))
    if any(each.outcome != "valid" for each in checked) or not qr.is_by(code, issuer):
        raise Unverifiable(credential.number)
    return {"pdf": signed, "paper": paper, "badge": proof, "code": code}


def _may_issue(issuer: Issuer, settings: Settings, now: datetime, lowest: datetime) -> bool:
    if clock.is_behind(now, lowest):
        log.error("certificates wait: the clock of this computer is behind; set it, or see `lms clock`")
        return False
    if not issuer.may_sign(now):
        log.error("certificates wait: the issuer's key is not in its time of use")
        return False
    entry = shelf_of(settings).load().issuer(issuer.kid)
    if entry and entry.withdrawn:
        log.error("certificates wait: the issuer's key was withdrawn; see `lms keys show`")
        return False
    return True
