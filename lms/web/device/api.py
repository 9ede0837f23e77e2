"""What a phone asks by its own signature: which courses, how things stand, attempts to take away, certificates."""

from flask import Blueprint, Response, abort, make_response, request
from sqlalchemy import Connection

from lms.ids import is_uuid
from lms.services.pocket.files import MOST_BYTES as MOST_FILE
from lms.services.studying import tickets as ahead
from lms.services.studying.desk import Where
from lms.storage import certificates
from lms.storage.projection import OpenedAttempt
from lms.web.device import challenges, files, state, tickets
from lms.web.device.asks import MOST_BYTES, Asked, NoConsent, asked
from lms.web.device.replies import Malformed, answer_in_json, reply
from lms.web.frame.security import access, sessionless, takes
from lms.web.frame.site import site

blueprint = answer_in_json(Blueprint("api", __name__), strangers=True)


@blueprint.post("/api/v1/challenge")
@access("public")
@sessionless
def challenge() -> Response:
    """What the next ask has to be signed with."""
    return reply("challenge 1", challenge=challenges.make(site().secret, site().clock()))


@blueprint.post("/api/v1/courses")
@access("public")
@sessionless
@takes(MOST_BYTES)
def courses() -> Response:
    """The courses that she may take along."""
    with site().database.reading() as tx:
        offered = state.courses(tx, asked(tx, site().clock()))
    return reply("courses 1", courses=[each.plain() for each in offered])


@blueprint.post("/api/v1/state")
@access("public")
@sessionless
@takes(MOST_BYTES)
def how_it_stands() -> Response:
    """What this store knows: of these courses, of her certificates, of the phone itself."""
    now = site().clock()
    with site().database.reading() as tx:
        return reply("state 1", **state.told(tx, asked(tx, now), now))


@blueprint.post("/api/v1/tickets")
@access("public")
@sessionless
@takes(MOST_BYTES)
def take_tests() -> Response:
    """Attempts at a test, opened ahead: the same for the same ask."""
    now = site().clock()
    with site().database.writing() as tx:
        who = asked(tx, now)
        if not who.agrees:
            raise NoConsent
        opened = ahead.open_ahead(
            tx, site().desk, _where(who), device=who.device.id, ask=_ask_id(who), count=_count(who), now=now
        )
        return reply("tickets 1", tickets=[_ticket(tx, each) for each in opened])


@blueprint.post("/api/v1/certificate")
@access("public")
@sessionless
@takes(MOST_BYTES)
def certificate() -> Response:
    """The PDF of one of her certificates."""
    with site().database.reading() as tx:
        who = asked(tx, site().clock())
        held = certificates.by_number(tx, who.text("number"))
        content = certificates.file(tx, held.number, "pdf") if held and held.learner == who.person.id else None
    if content is None:
        abort(404)
    response = make_response(content)
    response.headers["Content-Type"] = "application/pdf"
    return response


@blueprint.post("/api/v1/file")
@access("public")
@sessionless
@takes(MOST_FILE)
def file() -> Response:
    """The bytes of a file of saved progress, answered with the receipt."""
    response = make_response(files.taken(request.get_data(cache=False)).receipt.as_file)
    response.headers["Content-Type"] = "application/json"
    return response


def _ticket(tx: Connection, opened: OpenedAttempt) -> tickets.Ticket:
    release = site().desk.catalogue.release(tx, opened.release)
    if release is None:
        raise RuntimeError("an attempt is opened in a release that is here")
    return tickets.ticket(release, opened)


def _where(who: Asked) -> Where:
    language = who.ask.get("language")
    return Where(
        learner=who.person.id,
        course=who.text("course"),
        module=who.text("module"),
        release=who.text("release") if "release" in who.ask else "",
        event=None,
        language=language if isinstance(language, str) else "",
    )


def _ask_id(who: Asked) -> str:
    found = who.text("id")
    if not is_uuid(found):
        raise Malformed
    return found


def _count(who: Asked) -> int:
    count = who.ask.get("count", 1)
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= ahead.MOST:
        raise Malformed
    return count
