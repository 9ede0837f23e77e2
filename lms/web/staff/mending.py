"""Lines of phones that do not count, for administrators: which phones, why, proven again, or taken as new acts."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from lms.refusals import Refusal
from lms.services.common.oversight import NotYours
from lms.services.pocket import mending
from lms.services.pocket.mending import NothingHere
from lms.services.reporting import rosters
from lms.storage import devices, roll
from lms.web.frame.gate import here
from lms.web.frame.locale import gettext, reader
from lms.web.frame.paging import SHOWN, Paging
from lms.web.frame.security import access
from lms.web.frame.session import signed_in
from lms.web.frame.site import site
from lms.web.staff import telling

blueprint = Blueprint("mending", __name__)


@blueprint.get("/staff/quarantine/phones")
@access("administrator")
def phones() -> str:
    """The phones whose lines do not all count."""
    with site().database.reading() as tx:
        every = mending.in_doubt(tx)
        paging = Paging.read(len(every))
        found = every[paging.offset : paging.offset + SHOWN]
        whose = roll.some(tx, {each.learner for each in found})
    return render_template("staff/phones.html", found=found, whose=whose, paging=paging)


@blueprint.get("/staff/quarantine/phones/<person>/<device>")
@access("administrator")
def phone(person: str, device: str) -> Response:
    """The lines of one phone that do not count."""
    return _phone(person, device)


@blueprint.post("/staff/quarantine/phones/<person>/<device>")
@access("administrator")
def check(person: str, device: str) -> Response:
    """Their proofs are looked for again; or, with `line`, what that one tells is taken as a new act."""
    line = request.form.get("line", "")

    def act(tx: Connection, by: str, now: datetime) -> str:
        if not line:
            return str(mending.check_again(tx, site().desk, learner=person, device=device, by=by, now=now))
        why = rosters.what_for(request.form.get("reason", ""))
        mending.accept(tx, site().desk, line, learner=person, device=device, why=why, by=by, now=now)
        return "new"

    try:
        done = _acted(act)
    except NotYours:
        raise
    except Refusal as refusal:
        return _phone(person, device, refusal)
    return redirect(url_for("mending.phone", person=person, device=device, done=done), 303)


def _acted(act: Callable[[Connection, str, datetime], str]) -> str:
    with site().database.writing() as tx:
        return act(tx, signed_in().id, site().clock())


def _phone(person: str, device: str, refusal: Refusal | None = None) -> Response:
    with site().database.reading() as tx:
        known, found = devices.one(tx, device, person), mending.lines(tx, site().desk, device, person)
        whose = roll.some(tx, {person})
    if known is None and not found:
        raise NothingHere
    done = request.args.get("done", "")
    html = render_template(
        "staff/phone.html",
        device=known,
        found=found,
        who=whose.get(person),
        person_id=person,
        device_id=device,
        why=mending.WHY,
        said=lambda line: telling.said(line.event, line.release, reader()),
        now=site().clock(),
        done=done if done == "new" or done.isdecimal() else "",
        longest=rosters.MOST,
        most=mending.MOST,
        typed=request.form,
        error=refusal.sentence(gettext) if refusal else "",
        here=here(),
    )
    return make_response(html, refusal.status if refusal else 200)
