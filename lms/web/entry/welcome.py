"""The first run: the printed code typed, and the first administrator made (docs/decisions/0035). There is no such page once
somebody administers."""

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lms.ids import secret as new_token
from lms.ids import uuid7
from lms.refusals import Refusal
from lms.services.people import first_run
from lms.services.people.accounts import UsernameTaken
from lms.services.people.first_run import Over
from lms.web.entry.auth import proposal
from lms.web.frame.locale import gettext, reader
from lms.web.frame.security import access
from lms.web.frame.session import browsers_token, grant, hold, sign_in
from lms.web.frame.site import site

blueprint = Blueprint("welcome", __name__)


@blueprint.get("/welcome")
@access("public")
def page() -> Response:
    """The form for the code, in the language that is chosen first; once it was right, the one for the account."""
    with site().database.reading() as tx:
        if not first_run.is_open(tx):
            abort(404)
        further = first_run.may_go_on(tx, browsers_token(), now=site().clock())
    return _account() if further else _page("auth/welcome.html")


@blueprint.post("/welcome")
@access("public")
def code() -> Response:
    """The code is used up; on to the account, in this browser only."""
    _check_open()
    token, now = new_token(), site().clock()
    try:
        first_run.take(
            site().entrance,
            code=request.form.get("code", ""),
            token=token,
            instead_of=browsers_token(),
            address=request.remote_addr or "",
            now=now,
        )
    except Refusal as refusal:
        return _page("auth/welcome.html", refusal)
    hold(token)
    return redirect(url_for("welcome.page"), 303)


@blueprint.post("/welcome/account")
@access("public")
def account() -> Response:
    """The first administrator, signed in; the page shows her recovery code, once."""
    field, given = request.form.get, grant()
    try:
        first_run.make(
            site().entrance,
            site().pen,
            given,
            username=field("username", ""),
            display_name=field("display_name", ""),
            passphrase=field("passphrase", ""),
            language=reader().language,
            now=site().clock(),
        )
    except Refusal as refusal:
        if not isinstance(refusal, Over | UsernameTaken) or not _sent_before():
            if isinstance(refusal, Over):
                abort(404)
            return _account(refusal)
    sign_in(given.token)
    target = url_for("settings.form", part="first")
    return make_response(render_template("auth/recovery_code.html", code=given.recovery_code, next=target))


def _sent_before() -> bool:
    """Whether this browser sent this very form before, and it was taken."""
    return site().entrance.has_let_in(
        grant(),
        username=request.form.get("username", ""),
        passphrase=request.form.get("passphrase", ""),
        idle=site().settings.idle,
        now=site().clock(),
    )


def _check_open() -> None:
    with site().database.reading() as tx:
        if not first_run.is_open(tx):
            abort(404)


def _account(refusal: Refusal | None = None) -> Response:
    return _page("auth/welcome_account.html", refusal, proposal=proposal(of_staff=True))


def _page(template: str, refusal: Refusal | None = None, **values: object) -> Response:
    typed = {name: request.form.get(name, "") for name in ("username", "display_name", "code")}
    error = refusal.sentence(gettext) if refusal else ""
    html = render_template(template, error=error, typed=typed, once=uuid7(), **values)
    return make_response(html, refusal.status if refusal else 200)
