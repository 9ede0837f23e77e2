"""The second factor of the staff: set up, turned off; and its code asked for after the passphrase (docs/decisions/0033)."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lms.ids import uuid7
from lms.refusals import Refusal
from lms.services.common import clock
from lms.services.people import second_factor
from lms.services.people.entrance import StartAgain
from lms.storage import second_factors
from lms.web.entry.auth import go_on
from lms.web.frame.codes import drawn
from lms.web.frame.fresh import fresh, is_fresh
from lms.web.frame.gate import safe_next
from lms.web.frame.locale import gettext
from lms.web.frame.security import access
from lms.web.frame.session import browsers_token, grant, new_codes, person, sign_in, signed_in
from lms.web.frame.site import site

blueprint = Blueprint("second", __name__)
STAFF = ("author", "coordinator", "administrator")


@blueprint.get("/login/second")
@access("public")
def ask() -> Response:
    """The form for the code, in the browser in which the passphrase was right just now."""
    target = safe_next(request.args.get("next"))
    if person():
        return redirect(target, 303)
    if not site().entrance.is_held(browsers_token(), now=site().clock()):
        return redirect(url_for("auth.login", next=target, late=1), 303)
    return _ask(target, recovery="recovery" in request.args)


@blueprint.post("/login/second")
@access("public")
def enter() -> Response:
    """Signed in, with a session that nobody had before."""
    given, target = grant(), safe_next(request.form.get("next"))
    if person():  # the form was sent twice
        return redirect(target, 303)
    try:
        found = site().entrance.log_in_second(given, code=request.form.get("code", ""), now=site().clock())
    except StartAgain:
        return redirect(url_for("auth.login", next=target, late=1), 303)
    except Refusal as refusal:
        return _ask(target, refusal, recovery=request.form.get("recovery") == "1")
    sign_in(given.token)
    return go_on(found, target)


@blueprint.get("/me/second-factor")
@access(*STAFF)
def page() -> Response:
    """Whether she has one, and the forms for what she can do about it."""
    return _page()


@blueprint.post("/me/second-factor")
@access(*STAFF)
@fresh
def change() -> Response:
    """A secret to set up (`act=begin`), shown to be in use (`confirm`), other recovery codes (`codes`), none (`off`)."""
    act, who, now = request.form.get("act"), signed_in(), site().clock()
    if act == "confirm":
        return _confirm()
    if act == "codes":
        return _renew()
    with site().database.writing() as tx:
        if act == "begin":
            second_factor.begin(tx, site().secret, who.id)
        elif act == "off":
            second_factor.turn_off(tx, who.id, now=now)
    return redirect(url_for("second.page", done=act if act == "off" else None), 303)


def _confirm() -> Response:
    given, codes = grant(), new_codes(second_factor.CODES)
    try:
        code = request.form.get("code", "")
        site().entrance.turn_on_second(signed_in(), given, code=code, recovery=codes, now=site().clock())
    except Refusal as refusal:
        return _page(refusal)
    sign_in(given.token)
    return make_response(render_template("auth/second_codes.html", codes=codes))


def _renew() -> Response:
    codes = new_codes(second_factor.CODES)
    with site().database.writing() as tx:
        renewed = second_factor.renew(tx, signed_in().id, codes)
    if not renewed:
        return redirect(url_for("second.page"), 303)
    return make_response(render_template("auth/second_codes.html", codes=codes))


def _page(refusal: Refusal | None = None) -> Response:
    who, begun = signed_in(), None
    with site().database.reading() as tx:
        is_on, left = second_factors.is_on(tx, who.id), second_factors.codes_left(tx, who.id)
        if is_fresh() and not is_on:
            name = site().settings.name
            begun = second_factor.begun(tx, site().secret, who.id, username=who.username, issuer=name)
    return _answer(
        "auth/second.html",
        refusal,
        is_on=is_on,
        left=left,
        begun=begun,
        qr=drawn(begun.address, gettext("QR code for the app")) if begun else "",
        is_fresh=is_fresh(),
        next=url_for("second.page", needed=request.args.get("needed")),
    )


def _ask(target: str, refusal: Refusal | None = None, *, recovery: bool) -> Response:
    return _answer("auth/second_ask.html", refusal, next=target, recovery=recovery)


def _answer(template: str, refusal: Refusal | None, **values: object) -> Response:
    """The page, which says so where the clock can't be right: no code fits then."""
    now = site().clock()
    with site().database.reading() as tx:
        behind = clock.is_behind(now, clock.floor(tx))
    error = refusal.sentence(gettext) if refusal else ""
    body = render_template(template, error=error, behind=behind, now=now, once=uuid7(), **values)
    return make_response(body, refusal.status if refusal else 200)
