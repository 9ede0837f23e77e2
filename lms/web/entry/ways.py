"""Other ways in: with a login card and its PIN; and what a person is told when somebody of the staff gave her one."""

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from lms.refusals import Refusal
from lms.storage import resets
from lms.web.entry.auth import come_in
from lms.web.frame.gate import safe_next
from lms.web.frame.locale import gettext
from lms.web.frame.security import access
from lms.web.frame.session import person, signed_in
from lms.web.frame.site import site

blueprint = Blueprint("ways", __name__)


@blueprint.get("/card")
@access("public")
def card() -> Response:
    """The form for a card and its PIN. The card's secret comes in the fragment, which no server gets, or is typed."""
    target = safe_next(request.args.get("next"))
    return redirect(target, 303) if person() else make_response(_form(target))


@blueprint.post("/card")
@access("public")
def log_in() -> Response:
    """Signed in with the card and its PIN; the same answer for a wrong card and a wrong PIN."""
    field, target = request.form.get, safe_next(request.form.get("next"))
    try:
        found = site().entrance.log_in_by_card(
            card=field("card", ""), pin=field("pin", ""), address=request.remote_addr or "", now=site().clock()
        )
    except Refusal as refusal:
        return make_response(_form(target, refusal.sentence(gettext), field("card", "")), refusal.status)
    return come_in(found, target)


@blueprint.get("/me/access")
@access("learner")
def told() -> Response:
    """Who gave her a way in, and when, until she says that she has seen it."""
    target = safe_next(request.args.get("next"))
    with site().database.reading() as tx:
        found = resets.of(tx, signed_in().id)
    if found is None or found.seen:
        return redirect(target, 303)
    return make_response(render_template("auth/told.html", reset=found, next=target))


@blueprint.post("/me/access")
@access("learner")
def know() -> Response:
    """She has seen it."""
    with site().database.writing() as tx:
        resets.set_seen(tx, signed_in().id)
    return redirect(safe_next(request.form.get("next")), 303)


def _form(target: str, error: str = "", typed: str = "") -> str:
    return render_template("auth/card.html", next=target, error=error, typed=typed)
