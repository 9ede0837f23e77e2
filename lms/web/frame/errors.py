"""Every refusal and failure as one page with its status: what happened, and what to do next."""

import logging
import secrets
from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, make_response, render_template, request
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException

from lms.i18n import N_
from lms.refusals import Refusal
from lms.web.frame.gate import safe_next
from lms.web.frame.locale import gettext, reader, speak_to_a_stranger
from lms.web.frame.site import site

log = logging.getLogger("lms")

Say = Callable[[Callable[[str], str]], str]
"""What a page says, by the gettext of whom it is said to."""

SENTENCES = {
    400: N_("The page you sent could not be understood. Go back, open it again and repeat what you did."),
    403: N_("You do not have permission to see this page."),
    404: N_("This page does not exist, or no longer. Go to the list of courses to find what you were looking for."),
    405: N_("This address can't be used in this way. Go to the list of courses and start from there."),
    413: N_("What you sent is too large. Make it smaller and send it again."),
    429: N_("There were too many tries. Wait a moment and try again."),
    500: N_("Something failed on our side. Nothing that was confirmed to you is lost. Try again in a moment."),
    503: N_("The server is busy. Nothing that was confirmed to you is lost. Wait a few seconds and try again."),
    507: N_("The server's disk is full: nothing was saved. Tell the person in charge of this site."),
}

BUSY = ("40P01", "40001")
"""What PostgreSQL answers when another transaction was in the way: deadlock detected, serialization failure."""


def install(app: Flask) -> None:
    """Refusals, HTTP errors, database failures and bugs each get their page."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(Exception, _bug)


def page(status: int, say: Say, *, code: str = "") -> Response:
    """An error page; `code` is what the reader may tell whoever looks into the log."""
    try:
        body = render_template("errors/error.html", status=status, sentence=say(gettext), code=code, back=_back())
    except Exception as error:  # what failed once fails again: the page asks the database who she is
        log.warning("plain error page", extra={"kind": type(error).__name__, "status": status})
        body = _plain(status, say, code)
    response = make_response(body, status)
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response


def _plain(status: int, say: Say, code: str) -> str:
    """The same without what needs to know who reads it: no person, no token, no database."""
    speak_to_a_stranger()
    template = current_app.jinja_env.get_template("errors/plain.html")
    values = {"status": status, "sentence": say(gettext), "code": code, "language": reader().language}
    return template.render(**values, name=site().settings.name, static=site().assets.url)


def _back() -> str:
    """The page that the reader sent a form from, to go on there; empty where it is not known."""
    try:
        parts = urlsplit(request.referrer or "")
    except ValueError:
        return ""
    if request.method != "POST" or parts.netloc != request.host:
        return ""
    back = safe_next(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    return "" if back == "/" else back


def _refused(refusal: Refusal) -> Response:
    return page(refusal.status, refusal.sentence)


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return make_response(error.get_response())
    return page(error.code, _sentence(error.code))


def status_of(error: DBAPIError) -> int | None:
    """507 for a full disk, 503 where the database is busy or away; None for a bug."""
    text, state = str(error.orig).lower(), getattr(error.orig, "sqlstate", "")
    if "full" in text or "disk i/o" in text or "no space" in text:
        return 507
    if "locked" in text or "timeout" in text or state in BUSY or error.connection_invalidated or _no_connection(error):
        return 503
    return None


def _database(error: DBAPIError) -> Response:
    status = status_of(error)
    if status is None:
        return _bug(error)
    log.error("database refused", extra={"status": status, "route": request.endpoint})
    return page(status, _sentence(status))


def _no_connection(error: DBAPIError) -> bool:
    """Whether it failed before there was a statement: the database is not there."""
    return isinstance(error, OperationalError) and error.statement is None


def _sentence(status: int) -> Say:
    return lambda gettext: gettext(SENTENCES.get(status, SENTENCES[400]))


def log_bug(error: Exception) -> str:
    """The code by which a bug is found in the log, where it is now, without what the error says."""
    code, kind = secrets.token_hex(4), type(error).__name__
    log.error("bug", extra={"code": code, "kind": kind, "route": request.endpoint}, exc_info=_without_values(error))
    return code


def _bug(error: Exception) -> Response:
    return page(500, _sentence(500), code=log_bug(error))


def _without_values(error: Exception) -> BaseException:
    """The error without what it says: a database error's text holds the row's values, personal ones among them."""
    return Exception(type(error).__name__).with_traceback(error.__traceback__)
