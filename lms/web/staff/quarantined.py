"""The quarantine, for administrators: what is in it, two lines side by side, put aside, taken as a file."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from lms.ids import uuid7
from lms.learning.events import Event
from lms.refusals import Refusal
from lms.services.common.oversight import NotYours
from lms.services.pocket import mending
from lms.services.reporting import rosters
from lms.services.running import quarantined
from lms.services.running.quarantined import REASONS, STATES, event_of
from lms.storage import quarantine, roll
from lms.web.frame.fresh import fresh, is_fresh
from lms.web.frame.gate import here
from lms.web.frame.locale import gettext, reader
from lms.web.frame.paging import SHOWN, Paging
from lms.web.frame.security import access
from lms.web.frame.session import signed_in
from lms.web.frame.site import site
from lms.web.staff import telling

blueprint = Blueprint("quarantined", __name__)


@blueprint.get("/staff/quarantine")
@access("administrator")
def page() -> Response:
    """The lines that wait, or those that were put aside, the newest first."""
    return _page()


@blueprint.post("/staff/quarantine")
@access("administrator")
@fresh
def take() -> Response:
    """The same lines as a file."""
    state = _state(request.form.get("state", ""))
    try:
        with site().database.writing() as tx:
            reason, by = request.form.get("reason", ""), signed_in().id
            quarantined.note_taken(tx, state=state, reason=reason, by=by, now=site().clock())
    except Refusal as refusal:
        return _page(refusal)
    response = Response(quarantined.pieces(site().database, state=state), content_type="application/x-ndjson")
    word = gettext("quarantine")
    name = f"{word}-{site().settings.day(site().clock()):%Y-%m-%d}.jsonl"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.get("/staff/quarantine/<digest>")
@access("administrator")
def one(digest: str) -> Response:
    """A line beside the one with its id that is here."""
    return _one(digest)


@blueprint.post("/staff/quarantine/<digest>")
@access("administrator")
def see(digest: str) -> Response:
    """The line is put aside, with a reason; or what it tells is taken as a new act (`act=take`); or it waits again
    (`act=again`)."""
    if request.form.get("act") == "again":
        return _done(digest, lambda tx, by, now: quarantined.take_back(tx, digest, by=by, now=now))
    why = request.form.get("reason", "")
    if request.form.get("act") == "take":
        said = rosters.what_for
        return _done(
            digest,
            lambda tx, by, now: mending.accept_held(tx, site().desk, digest, why=said(why), by=by, now=now),
        )
    return _done(digest, lambda tx, by, now: quarantined.put_aside(tx, digest, why=why, by=by, now=now))


def _done(digest: str, act: Callable[[Connection, str, datetime], None]) -> Response:
    try:
        with site().database.writing() as tx:
            act(tx, signed_in().id, site().clock())
    except NotYours:
        raise
    except Refusal as refusal:
        return _one(digest, refusal)
    done = request.form.get("act", "")
    return redirect(url_for("quarantined.page", done=done if done in ("take", "again") else "aside"), 303)


def _page(refusal: Refusal | None = None) -> Response:
    state = _state(request.values.get("state", ""))
    with site().database.reading() as tx:
        count = quarantine.count(tx, seen=STATES[state])
        paging = Paging.read(count)
        held = quarantine.page(tx, seen=STATES[state], limit=SHOWN, offset=paging.offset)
        told = [(each, event_of(each.raw)) for each in held]
        whose = roll.some(tx, {event.learner for _, event in told if event and event.learner})
    html = render_template(
        "staff/quarantine.html",
        told=told,
        whose=whose,
        reasons=REASONS,
        what=lambda event: telling.what(event, reader()),
        done=request.args.get("done", "") if not refusal else "",
        state=state,
        count=count,
        paging=paging,
        longest=rosters.MOST,
        fresh=is_fresh(),
        once=uuid7(),
        next=here() if request.method == "GET" else url_for("quarantined.page", state=state),
        typed=request.form,
        error=refusal.sentence(gettext) if refusal else "",
    )
    return make_response(html, refusal.status if refusal else 200)


def _one(digest: str, refusal: Refusal | None = None) -> Response:
    with site().database.reading() as tx:
        held = quarantine.one(tx, digest)
        if held is None:
            raise NotYours
        event = event_of(held.raw)
        ids = {each for each in (event.learner if event else None, held.seen_by) if each}
        whose = roll.some(tx, ids)
        said, may = _said(tx, event), bool(event and mending.may_tell(tx, site().desk, event))
    html = render_template(
        "staff/quarantine_line.html",
        held=held,
        event=event,
        fields=quarantined.fields(held),
        said=said,
        may=may,
        whose=whose,
        reasons=REASONS,
        longest=rosters.MOST,
        typed=request.form,
        error=refusal.sentence(gettext) if refusal else "",
    )
    return make_response(html, refusal.status if refusal else 200)


def _said(tx: Connection, event: Event | None) -> str:
    return telling.said(event, mending.release_of(tx, site().desk, event), reader()) if event else ""


def _state(text: str) -> str:
    return text if text in STATES else "waiting"
