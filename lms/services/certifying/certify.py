"""Certificates asked for, in the learner's own transaction; `lms.services.certifying.issuing` makes them (docs/decisions/0006)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from lms.certificates import number as numbers
from lms.certificates.credential import UNDATED, Credential
from lms.config import Settings
from lms.learning import events as types
from lms.services.common import clock
from lms.services.common.record import Act, Pen, record
from lms.storage import certificates, people
from lms.storage.releases import Release


def request(
    tx: Connection, pen: Pen, *, learner: str, release: Release, language: str, now: datetime, settings: Settings
) -> str | None:
    """The number reserved for the learner's certificate, what it says frozen; None when there was one already."""
    person = people.by_id(tx, learner)
    if person is None:
        return None
    number = numbers.new(pen.store.id)
    day = UNDATED if clock.is_behind(now, clock.floor(tx)) else settings.day(now)
    credential = _credential(person.display_name, number, release, language, day, settings)
    course = release.course
    major = course.major
    if not certificates.request(tx, learner=learner, course=course.id, major=major, credential=credential, now=now):
        return None
    act = Act(
        type=types.ISSUANCE_REQUESTED,
        learner=learner,
        course=course.id,
        release=release.digest,
        data={"number": number},
    )
    record(tx, pen, act, now=now)
    return number


def _credential(name: str, number: str, release: Release, language: str, day: date, settings: Settings) -> Credential:
    course, edition = release.course, release.course.edition(language)
    titles = course.public_title
    outward = titles.get(edition.language) or titles.get(course.source) or course.code  # never the title itself
    return Credential(
        number=number,
        name=name,
        title=outward if course.sensitive else edition.title,
        code=course.code,
        hours=course.hours,
        issued_on=day,
        language=edition.language,
        under_review=course.is_draft,
        **issuer_as(settings),
    )


def issuer_as(settings: Settings) -> dict[str, Any]:
    """What a certificate says of its issuer, as the settings are now."""
    return {
        "program": settings.name,
        "issuer": settings.issuer,
        "demonstration": settings.demonstration,
        "signatories": tuple((each.name, each.position) for each in settings.signatories),
        "verify_base": settings.verify_base,
    }
