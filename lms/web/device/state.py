"""How things stand, as a phone is told: facts only, in the names of the release that it has. No key of a test is in it, nor a
question's name, nor a seed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from lms.certificates import qr
from lms.learning import progress_json
from lms.learning.keys import AnswerKey
from lms.learning.missed import changed
from lms.learning.progress import Last
from lms.learning.today import Record
from lms.services.common.record import timestamp
from lms.services.common.registers import shelf_of
from lms.services.pocket.carried import Course, Fate, course_for
from lms.services.studying.looking import UnknownPage, View, is_allowed, look_at_all
from lms.storage import certificates, devices
from lms.storage.certificates import Certificate
from lms.storage.releases import Release
from lms.web.device.asks import Asked
from lms.web.device.replies import Malformed
from lms.web.device.stores import this_store
from lms.web.frame.site import site
from lms.web.learner import packs
from lms.web.public.verifier import carried

Plain = dict[str, Any]
MOST = 60
"""Courses in one ask."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A course as it is offered, and its release where she may take it along and the phone asked how."""

    about: Plain
    release: Release | None

    def plain(self) -> Plain:
        """What the phone is told. Not within a transaction (see `packs.manifest`)."""
        return self.about | {"manifest": packs.manifest(self.release) if self.release else None}


def courses(tx: Connection, who: Asked) -> list[Offered]:
    """Every published course: what it is, and whether she may take it along. With `manifests`, a list of ids, only those
    courses come with what there is to fetch; else all that she may take."""
    wanted = who.ask.get("manifests")
    if not isinstance(wanted, list | None):
        raise Malformed
    views = look_at_all(tx, site().desk.catalogue, learner=who.person.id, language=_language(who))
    return [_offered(tx, each, who, wanted) for each in views]


def _offered(tx: Connection, view: View, who: Asked, wanted: list[Any] | None) -> Offered:
    course = view.release.course
    allowed = is_allowed(tx, course, learner=who.person.id)
    about = {
        "id": course.id,
        "title": {name: edition.title for name, edition in course.editions.items()},
        "discreet": {name: course.discreet_title(name) for name in course.editions},
        "minutes": course.minutes,
        "sensitive": course.sensitive,
        "release": view.release.digest,
        "enrolled": view.progress.enrolled,
        "allowed": allowed,
    }
    return Offered(about, view.release if allowed and (wanted is None or course.id in wanted) else None)


def told(tx: Connection, who: Asked, now: datetime) -> Plain:
    """The answer to `state`."""
    device, unproven = who.device, devices.unproven(tx, who.person.id)
    mine = certificates.of_learner(tx, who.person.id)
    return {
        "now": timestamp(now),
        "device": {
            "complete_to": device.complete_to,
            "forked_at": device.forked_at,
            "unproven": unproven.get(device.id, 0),
            "expires": timestamp(device.expires_at),
        },
        "store": this_store(),
        "courses": dict(_courses(tx, who, now)),
        "certificates": [_certificate(tx, each) for each in mine if each.issued],
        "making": sum(not each.issued for each in mine),
        "trust": carried(shelf_of(site().settings).load()),
    }


def _courses(tx: Connection, who: Asked, now: datetime) -> Iterator[tuple[str, Plain | None]]:
    """What of each course asked for; nothing of one that is not here."""
    asked = who.ask.get("courses", {})
    asked = dict.fromkeys(asked) if isinstance(asked, list) else asked
    if not isinstance(asked, dict) or len(asked) > MOST:
        raise Malformed
    for name, release in asked.items():
        if not isinstance(name, str) or not isinstance(release, str | None):
            raise Malformed
        try:
            found = course_for(
                tx,
                site().desk.catalogue,
                who.device,
                course=name,
                release=release or "",
                language=_language(who),
                now=now,
            )
        except UnknownPage:
            yield name, None
        else:
            yield name, _course(found, _language(who))


def _course(found: Course, language: str) -> Plain:
    course, tests = found.view.release.course, dict(_tests(found))
    final = tests.get(found.line.now(course.certificate or "")) or next(iter(tests.values()), {})
    return {
        "live": found.view.release.digest,
        "completed": found.view.standing.complete,
        "attempts_left": final.get("attempts_left"),
        "wait_s": final.get("wait_s", 0),
        "tests": tests,
        "attempts": {each.attempt.id: _attempt(found, each, language) for each in found.fates},
        "carried": _carried(found.carried, found.phones.key),
        "progress": _progress(found),
    }


def _tests(found: Course) -> Iterator[tuple[str, Plain]]:
    for name, each in found.chances.items():
        yield (
            name,
            {
                "attempts_left": each.left,
                "wait_s": int(each.wait.total_seconds()),
                "open": each.open is not None,
                "away": [one.id for one in each.away],
            },
        )


def _attempt(found: Course, fate: Fate, language: str) -> Plain:
    opened, marked = fate.attempt, fate.state.marked
    made: Plain = {"state": fate.became, "module": found.line.now(opened.module), "device": opened.device or None}
    if fate.why:
        made["why"] = fate.why
    if marked:
        titles = found.phones.course.edition(language).modules
        live = found.view.edition.modules
        names = [(found.line.now(each), live[each]) for each in fate.review]
        made |= {
            "share": str(marked.share),
            "passed": marked.passed,
            "review": [{"module": name, "title": titles.get(name, now).title} for name, now in names],
        }
    return made


def _carried(record: Record, key: AnswerKey) -> Plain:
    place = record.place
    return {
        "enrolled": record.enrolled,
        "ended": sorted(record.ended),
        "best": {name: str(each.best) for name, each in record.results.items()},
        "last": {name: _last(each.last, told=not changed(record, key, name)) for name, each in record.results.items()},
        "reviewed": {name: _last(each, told=False) for name, each in record.reviewed.items()},
        "scenarios": {name: sorted(each) for name, each in record.scenarios.items()},
        "kept": sorted(record.kept),
        "completed": sorted(record.completed),
        "place": {"at": place.at, "module": place.module, "section": place.section} if place else None,
    }


def _last(last: Last, *, told: bool) -> Plain:
    """An answer of hers; itself only where there is something to tell of it under the phone's release."""
    made = {"at": last.at, "event": last.event, "share": str(last.share)}
    return {**made, "answer": last.answer} if told and last.answer is not None else made


def _progress(found: Course) -> Plain:
    """Her progress as it is kept, without the attempts: these name questions of the test."""
    body: Plain = json.loads(progress_json.dump(found.progress))
    del body["attempts"]
    return body


def _certificate(tx: Connection, held: Certificate) -> Plain:
    code = certificates.file(tx, held.number, "code") or b""
    pdf = certificates.weight(tx, held.number, "pdf")
    return {
        "number": held.number,
        "course": held.course,
        "title": held.credential.title,
        "issued": held.credential.issued_on.isoformat(),
        "stands": held.stands,
        "sha256": pdf.sha256 if pdf else None,
        "size": pdf.bytes if pdf else 0,
        "code": qr.address(code, held.credential.verify_base) or (str(int.from_bytes(code)) if code else ""),
    }


def _language(who: Asked) -> str:
    asked = who.ask.get("language")
    return asked if isinstance(asked, str) else who.person.language or ""
