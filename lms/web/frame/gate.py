"""Deny by default: the one place that decides whether a request reaches its view."""

from collections.abc import Mapping, Sequence
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from lms.i18n import N_
from lms.refusals import Refusal
from lms.services.people.consent import is_asked, may_record
from lms.storage.people import Person
from lms.web.frame.session import has_left, is_csrf_token, late_person, person
from lms.web.frame.site import site

SAFE = ("GET", "HEAD", "OPTIONS")
ALWAYS = (
    "auth.passphrase",
    "auth.passphrase_",
    "auth.logout",
    "pages.exit_",
    "pages.leave",
    "pages.language",
    "look.choose",
    "presence.here",
)
"""Where somebody may go who has yet to choose her own passphrase."""
SECOND = ("second.change", "second.page")
"""Where somebody of the staff may go who has yet to set up her second factor, beside what is open to every learner."""
WITHOUT_CONSENT = (
    "auth.passphrase",
    "auth.passphrase_",
    "auth.profile",
    "certificates.badge",
    "certificates.download",
    "certificates.mine",
    "certificates.paper",
    "consent.decide",
    "consent.declined",
    "devices.ask",
    "devices.page",
    "devices.revoke",
    "fresh.confirm",
    "fresh.page",
    "mine.download",
    "mine.erase",
    "mine.page",
    "notes.delete",
    "notes.download",
    "notes.mine",
    "notes.note",
    "presence.here",
    "ways.know",
    "ways.told",
)
"""Where somebody may go who does not agree to the consent text as it is now: to what is hers, and nothing new is kept."""


class StaleForm(Refusal):
    """The form does not carry the token of this browser's session."""

    message = N_("This page was open for too long, or in another session. Open it again and repeat what you did.")
    status = 400


class NotYet(Refusal):
    """A script asks for somebody who has something else to do first."""

    message = N_("Open the site's first page: there is something to do there before you can go on.")
    status = 403


class SignInAgain(Refusal):
    """The session ended before the form was sent."""

    message = N_("Your session ended. Sign in again: what you had saved is where you left it.")
    status = 401


class AnswersKept(SignInAgain):
    """The session ended before the form was sent, and what it held was kept."""

    message = N_(
        "Your session ended after some time without use. Sign in again: what you answered or wrote was kept where you left it."
    )


def install(app: Flask) -> None:
    """Every request passes here first."""
    app.before_request(_check)


def safe_next(text: str | None) -> str:
    """The path to go on to after signing in; `/` unless it is a plain path of this site."""
    if not text or len(text) > 500 or not text.startswith("/") or text.startswith("//"):
        return "/"
    if "\\" in text or any(ord(each) <= 32 or ord(each) == 127 for each in text):
        return "/"
    parts = urlsplit(text)
    return "/" if parts.scheme or parts.netloc else text


def here() -> str:
    """The address of this request's page, to come back to; `/` where a form was sent."""
    if request.method not in SAFE:
        return "/"
    return request.full_path if request.query_string else request.path


def wants_part() -> bool:
    """Whether a page's script asks, which needs no whole page for an answer."""
    return request.headers.get("X-Fragment") == "1"


def go_back() -> Response:
    """Back to the page that the form which was sent says it is from."""
    return redirect(safe_next(request.form.get("next")), 303)


def _check() -> Response | None:
    if request.routing_exception is not None or request.endpoint is None:
        return None  # Flask answers 404 or 405
    view = current_app.view_functions[request.endpoint]
    if hasattr(view, "most_bytes"):  # before anything reads the form
        request.max_content_length = view.most_bytes
    sessionless = getattr(view, "sessionless", False)
    _check_text([request.args] if sessionless else [request.args, request.form])
    access = getattr(view, "access", None)
    if access is None:
        abort(403)
    if request.method not in SAFE and not sessionless:
        _check_form()
    if access == "public":
        return None
    who = person()
    answer = _to_login() if who is None else _check_person(who, {access, *getattr(view, "others", ())})
    if answer is not None and getattr(view, "for_programs", False):
        raise SignInAgain if who is None else NotYet
    return answer


def _check_person(who: Person, open_to: set[str]) -> Response | None:
    """Where she is sent first, if the page is open to her role at all."""
    if who.roles.isdisjoint(open_to):
        abort(403)
    if who.must_change and request.endpoint not in ALWAYS:
        return redirect(url_for("auth.passphrase"), 303)
    if _lacks_second(who, open_to):
        return redirect(url_for("second.page", needed=1), 303)
    if _is_held_up(who):
        return redirect(url_for("consent.page", next=safe_next(here()) if request.method in SAFE else None), 303)
    return None


def _is_held_up(who: Person) -> bool:
    """Whether she is asked for her consent first. What she sends from a page that she had open before the text changed
    is still taken; nothing is once she has withdrawn."""
    if request.endpoint in WITHOUT_CONSENT or not is_asked(who):
        return False
    return request.method in SAFE or not may_record(who)


def _lacks_second(who: Person, open_to: set[str]) -> bool:
    """Whether the page is for the staff only, a second factor is needed for those, and she has none. Whoever has one is
    never signed in without it."""
    if "learner" in open_to or request.endpoint in SECOND or not _needs_second():
        return False
    return not site().entrance.asks_second(who)


def _needs_second() -> bool:
    settings = site().settings
    if settings.staff_needs_second_factor is not None:
        return settings.staff_needs_second_factor
    return not settings.https and not _is_local()


def _is_local() -> bool:
    """Whether this computer itself asks: nobody on the network reads what it sends."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def _keep_late() -> bool:
    """Whether what somebody sent whose session had gone idle was kept as a draft; its token shows that it was hers."""
    save = getattr(current_app.view_functions[request.endpoint or ""], "save_late", None)
    who = late_person() if save else None
    if not save or not who:
        return False
    try:
        save(who, **(request.view_args or {}))
    except Refusal:
        return False
    return True


def _check_text(given: Sequence[MultiDict[str, str]]) -> None:
    """No text holds the character NUL: PostgreSQL can't even compare with it."""
    if "\0" in request.path:
        abort(404)
    for fields in given:
        if any("\0" in text for name, values in fields.lists() for text in (name, *values)):
            abort(400)


def _check_form() -> None:
    origin = request.headers.get("Origin", "")
    if origin and origin != "null" and origin.partition("://")[2] != request.host:
        raise StaleForm
    if not is_csrf_token(_sent_token()):
        raise StaleForm


def _sent_token() -> str:
    """The token in what was sent: a form, or JSON, which no other site's page can send without being asked first."""
    sent = request.get_json(silent=True) if request.is_json else request.form
    token = sent.get("csrf", "") if isinstance(sent, Mapping) else ""
    return token if isinstance(token, str) else ""


def _to_login() -> Response:
    if request.method not in SAFE:
        raise AnswersKept if _keep_late() else SignInAgain
    if has_left():
        return redirect(url_for("auth.login"), 303)
    return redirect(url_for("auth.login", next=safe_next(here()), idle=1 if late_person() else None), 303)
