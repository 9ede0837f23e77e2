"""Reports of mistakes: anybody sends one, the course's authors see it, and nothing says whose it is."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from lms.content.model import Edition, Module
from lms.content.plain import plain_words
from lms.content.references import headings_in
from lms.i18n import N_
from lms.ids import is_uuid, uuid4
from lms.refusals import Refusal
from lms.services.common.texts import plain_lines
from lms.services.people.entrance import Entrance
from lms.services.studying.looking import UnknownPage
from lms.storage import reports
from lms.storage.releases import Catalogue, Release
from lms.storage.reports import Report
from lms.storage.throttles import Limit

KINDS = {
    "fact": N_("Something is not true, or no longer"),
    "wording": N_("How it is written or translated"),
    "broken": N_("Something does not work"),
    "harm": N_("It may hurt or endanger somebody"),
    "other": N_("Something else"),
}
LONGEST = 2000
"""Characters of a report."""
BROWSER = Limit(free=20, most=60)
ADDRESS = Limit(free=400, most=60)
"""Reports from one address in one day: ten for each of a class of forty, and then one a minute."""


class NothingSaid(Refusal):
    """A report without a word."""

    message = N_("Write what is wrong, in a few words, so that it can be mended.")


class NoKind(Refusal):
    """A report that does not say what it is about."""

    message = N_("Choose what your report is about.")


class ReportTooLong(Refusal):
    """More than a report may hold."""

    message = N_("Your text has %(length)s characters and may have %(longest)s. Make it shorter and send it again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a report is about, as far as it is known here: a course as the page showed it, and a module of it."""

    release: Release | None = None
    edition: Edition | None = None
    module: Module | None = None

    @property
    def sections(self) -> Mapping[str, str]:
        """The headings of the module by their anchors; none of a test, whose questions are nobody's to read."""
        if self.module is None or self.module.kind == "test":
            return {}
        return {each.anchor: plain_words(each.html) for each in headings_in(self.module.body)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A form that was filled in. `once` is its number, so that sending it twice is sending it once; `language` that of
    the page, `page` its address without anything of a person."""

    once: str
    subject: Subject
    section: str
    language: str
    page: str
    kind: str
    body: str


def find_subject(
    tx: Connection, catalogue: Catalogue, *, course: str, release: str, module: str, language: str
) -> Subject:
    """What these names stand for; names that stand for nothing here are left out."""
    live = catalogue.live(tx, course) if course else None
    if live is None:
        return Subject()
    shown = catalogue.release(tx, release) if release else None
    found = shown if shown and shown.course.id == live.course.id else live
    edition = found.course.edition(language)
    return Subject(release=found, edition=edition, module=edition.modules.get(module))


def send(entrance: Entrance, sent: Sent, *, browser: str, address: str, now: datetime, today: date) -> None:
    """The report is kept, without who sent it; of when only the day that it is here (`today`).

    Raises NoKind, NothingSaid, ReportTooLong, TooManyTries.
    """
    report = _report(sent, today)
    entrance.count("report", browser, BROWSER, now=now)
    entrance.count("reports", f"{address} {now:%Y-%m-%d}", ADDRESS, now=now)
    with entrance.database.writing() as tx:
        reports.keep(tx, report)


def mark(tx: Connection, report: str, *, done: bool) -> None:
    """The report is done, or open again. Raises UnknownPage."""
    if not reports.mark(tx, report, done=done):
        raise UnknownPage


def _report(sent: Sent, today: date) -> Report:
    body, subject = plain_lines(sent.body), sent.subject
    if sent.kind not in KINDS:
        raise NoKind
    if not body:
        raise NothingSaid
    if len(body) > LONGEST:
        raise ReportTooLong(length=len(body), longest=LONGEST)
    return Report(
        id=_id(sent, body),
        course=subject.release.course.id if subject.release else "",
        release=subject.release.digest if subject.release else "",
        module=subject.module.id if subject.module else "",
        anchor=sent.section if sent.section in subject.sections else "",
        language=subject.edition.language if subject.edition else sent.language,
        page=sent.page,
        kind=sent.kind,
        body=body,
        made_on=today,
    )


def _id(sent: Sent, body: str) -> str:
    """The same for the same form with the same words; the number of the form is random, and so this is."""
    number = sent.once if is_uuid(sent.once) else uuid4()
    return str(uuid.uuid5(uuid.UUID(number), f"{sent.kind}\n{sent.section}\n{body}"))
