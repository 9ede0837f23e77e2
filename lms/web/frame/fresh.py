"""Is it still she? What matters most asks for the passphrase again (OWASP ASVS 5.0, 7.5.3), for five minutes at a time.

A view is kept behind it by `@fresh`, under `@access`. A page may have the form in it instead: where `is_fresh()` says no it
includes `auth/confirm_form.html`, and what it would send is behind `@fresh` all the same.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lms.ids import uuid7
from lms.refusals import Refusal
from lms.services.people.entrance import Grant
from lms.web.frame.gate import SAFE, here, safe_next
from lms.web.frame.locale import gettext
from lms.web.frame.security import access
from lms.web.frame.session import confirmed_at, grant, sign_in, signed_in
from lms.web.frame.site import site

blueprint = Blueprint("fresh", __name__)
FOR = timedelta(minutes=5)
_Answer = TypeVar("_Answer")
_Parts = ParamSpec("_Parts")


def is_fresh() -> bool:
    """Whether whoever is signed in has typed her passphrase again just now."""
    confirmed = confirmed_at()
    return confirmed is not None and timedelta(0) <= site().clock() - confirmed < FOR


def fresh(view: Callable[_Parts, _Answer]) -> Callable[_Parts, _Answer | Response]:
    """A decorator for a view that asks for the passphrase first. A form that comes too late is not taken: she types her
    passphrase, comes back to the page that it was on, and sends it again."""

    @wraps(view)
    def asked(*args: _Parts.args, **kwargs: _Parts.kwargs) -> _Answer | Response:
        if is_fresh():
            return view(*args, **kwargs)
        late = request.method not in SAFE
        return redirect(url_for("fresh.page", next=_from() if late else here(), late=1 if late else None), 303)

    return asked


def confirm_with_form() -> None:
    """Whoever sends a form with her passphrase in it has typed it again: so nothing is lost of what the form holds besides.
    Raises NotHerPassphrase, TooManyTries, Busy."""
    if not is_fresh():
        given = grant()
        _confirm(given)
        sign_in(given.token)


@blueprint.get("/me/confirm")
@access("learner")
def page() -> Response:
    """The form for typing the passphrase again."""
    return _page(safe_next(request.args.get("next")), late="late" in request.args)


@blueprint.post("/me/confirm")
@access("learner")
def confirm() -> Response:
    """Another session in the place of this one, in which she has typed it; on to where she was going."""
    given, target = grant(), safe_next(request.form.get("next"))
    try:
        _confirm(given)
    except Refusal as refusal:
        return _page(target, refusal)
    sign_in(given.token)
    return redirect(target, 303)


def _confirm(given: Grant) -> None:
    site().entrance.confirm(
        signed_in(),
        given,
        passphrase=request.form.get("passphrase", ""),
        address=request.remote_addr or "",
        now=site().clock(),
    )


def _page(target: str, refusal: Refusal | None = None, *, late: bool = False) -> Response:
    error = refusal.sentence(gettext) if refusal else ""
    values = {"next": target, "late": late, "error": error, "once": uuid7()}
    return make_response(render_template("auth/confirm.html", **values), refusal.status if refusal else 200)


def _from() -> str:
    """The page of this site that the form was on."""
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host:
        return "/"
    return safe_next(f"{parts.path}?{parts.query}" if parts.query else parts.path)
