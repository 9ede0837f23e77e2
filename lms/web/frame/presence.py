"""Whether somebody is still there: what keeps her session alive while she reads or writes, and what closes it
(docs/decisions/0018)."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from lms.web.frame.gate import safe_next
from lms.web.frame.security import access
from lms.web.frame.session import go_idle, person

blueprint = Blueprint("presence", __name__)


@blueprint.post("/me/here")
@access("learner")
def here() -> Response:
    """She was active on a page; asking for anything keeps the session, so there is nothing to do."""
    return Response(status=204)


@blueprint.post("/idle")
@access("public")
def idle() -> Response:
    """Nobody was there for too long: the session is closed, and whoever signs in goes on where she was."""
    if person():
        go_idle()
    return redirect(url_for("auth.login", next=safe_next(request.form.get("next")), idle=1), 303)
