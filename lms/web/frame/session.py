"""The session cookie: who is signed in, and the token that binds a form to it (docs/decisions/0008)."""

import hashlib
import hmac
import logging
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime

from flask import Flask, Request, Response, g, request
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from lms.ids import is_uuid
from lms.ids import secret as new_token
from lms.services.people import accounts, passphrases
from lms.services.people.consent import may_record
from lms.services.people.entrance import Grant
from lms.storage import people, sessions
from lms.storage.people import Person
from lms.web.frame.cookies import keep_cookie
from lms.web.frame.site import site

log = logging.getLogger("lms")
LEFT = "left"
"""A cookie that says, for as long as a session may be idle, that somebody signed out here: nothing of who it was."""


class User(UserMixin):  # type: ignore[misc]
    """The signed-in person, as Flask-Login wants her."""

    def __init__(self, session: sessions.Session) -> None:
        self.person = session.person
        self.id = session.person.id
        self.confirmed_at = session.confirmed_at


def install(app: Flask) -> None:
    """Each request may ask for `person()`; each answer sets the cookie where it changed.

    Flask gets no secret key: so its own session is empty, never kept, and a write to it fails.
    """
    manager = LoginManager(app, add_context_processor=False)
    manager.session_protection = None  # it would trust X-Forwarded-For; our sessions are rows
    manager.request_loader(_load)
    app.config["REMEMBER_COOKIE_NAME"] = ";"  # no cookie can be called so: with one of that name we would not be asked
    app.after_request(_set_cookie)


def person() -> Person | None:
    """Who is signed in, or None."""
    found: Person | None = getattr(current_user, "person", None)
    return found


def account() -> Person | None:
    """Who is signed in, where what she chooses may be kept with her account: not once she has withdrawn her consent."""
    who = person()
    return who if who and may_record(who) else None


def signed_in() -> Person:
    """Who is signed in, in a view that the gate keeps for signed-in people."""
    found = person()
    if found is None:
        raise RuntimeError("the view is not behind the gate")
    return found


def confirmed_at() -> datetime | None:
    """When whoever is signed in last typed her passphrase again in this session."""
    found: datetime | None = getattr(current_user, "confirmed_at", None)
    return found


def late_person() -> str | None:
    """The id of the person whose session has just gone idle in this browser, if what she does may be kept."""
    with site().database.reading() as tx:
        owner = sessions.owner(tx, _token(), now=site().clock())
        who = people.by_id(tx, owner) if owner else None
    return who.id if who and may_record(who) else None


def browsers_token() -> str:
    """What this browser's cookie held when it asked; empty without one."""
    return request.cookies.get(_name(), "")


def grant() -> Grant:
    """What the form that was sent gives to whom it lets in: the same for the same form, browser and username, so that
    sending it twice is sending it once (docs/decisions/0008)."""
    old = browsers_token()
    if not _is_numbered():
        return Grant(token=new_token(), recovery_code=passphrases.new_recovery_code(), instead_of=old)
    code = passphrases.recovery_code_of(_given(b"code"))
    return Grant(token=_next_token(), recovery_code=code, instead_of=old)


def new_codes(count: int) -> list[str]:
    """So many recovery codes for the form that was sent; the same ones for the same form and browser."""
    if not _is_numbered():
        return [passphrases.new_recovery_code() for _ in range(count)]
    return [passphrases.recovery_code_of(_given(f"second {n}".encode())) for n in range(count)]


def hold(token: str) -> None:
    """The browser gets a token that signs nobody in yet."""
    g.new_token = token


def sign_in(token: str) -> None:
    """The browser gets the cookie of a new session."""
    g.new_token = token
    g.left = False


def sign_out() -> None:
    """The session is over, and the browser gets a cookie that never was one."""
    try:
        with site().database.writing() as tx:
            sessions.end(tx, _token())
    except DBAPIError as error:  # the cookie is gone all the same, and the row goes idle
        log.warning("session not ended", extra={"kind": type(error).__name__, "route": request.endpoint})
    g.new_token = new_token()
    g.left = True


def go_idle() -> None:
    """The session is over as if nobody had been there; what is still on its way from her pages is kept as drafts."""
    with site().database.writing() as tx:
        sessions.lapse(tx, _token())


def has_left() -> bool:
    """Whether somebody has just signed out here, and nobody has signed in since: her addresses lead nowhere."""
    return LEFT in request.cookies and person() is None


def csrf_token() -> str:
    """What a form carries: bound to the cookie, and different on each page so that its compression tells nothing."""
    if not _token():
        g.new_token = new_token()
    pad = os.urandom(32)
    return urlsafe_b64encode(pad + _xor(pad, _mac(_token()))).decode()


def is_csrf_token(text: str) -> bool:
    """Whether the text is such a token for this request's cookie."""
    cookie = browsers_token()
    try:
        raw = urlsafe_b64decode(text)
    except ValueError:
        return False
    return bool(cookie) and len(raw) == 64 and hmac.compare_digest(_xor(raw[:32], raw[32:]), _mac(cookie))


def _load(_request: Request) -> User | None:
    token = browsers_token()
    if not token:
        return None
    found = _find(token)
    if found is None and _is_numbered():  # the form's first answer, with the new cookie, may have got lost
        token = _next_token()
        found = _find(token)
        g.new_token = token if found else None
    if found is None:
        return None
    if site().clock() - found.seen_at >= sessions.STEP:
        _touch(token)
    return User(found)


def _find(token: str) -> sessions.Session | None:
    with site().database.reading() as tx:
        return sessions.find(tx, token, idle=site().settings.idle, now=site().clock())


def _touch(token: str) -> None:
    """She was seen now; a disk that is full does not keep her from reading."""
    try:
        with site().database.writing() as tx:
            sessions.touch(tx, token, idle=site().settings.idle, now=site().clock())
    except DBAPIError as error:
        log.warning("session not touched", extra={"kind": type(error).__name__, "route": request.endpoint})


def _set_cookie(response: Response) -> Response:
    token, settings = g.get("new_token"), site().settings
    if token:
        keep_cookie(response, _name(), token)
    if g.get("left"):
        keep_cookie(response, LEFT, "1", seconds=settings.idle_minutes * 60)
        if settings.https:  # browsers heed it nowhere else
            response.headers["Clear-Site-Data"] = (
                '"cache"'  # not "storage": that would take what a phone has not sent yet
            )
    elif "left" in g and LEFT in request.cookies:
        response.delete_cookie(LEFT, path="/")
    return response


def _name() -> str:
    return "__Host-s" if site().settings.https else "s"


def _token() -> str:
    token: str = g.get("new_token") or browsers_token()
    return token


def _is_numbered() -> bool:
    try:
        return request.method == "POST" and is_uuid(request.form.get("once", ""))
    except HTTPException:  # a form that is too large to be read
        return False


def _next_token() -> str:
    """The token of the session that the form which was sent opens, or has opened before."""
    return urlsafe_b64encode(_given(b"session")).rstrip(b"=").decode()


def _given(kind: bytes) -> bytes:
    parts = (request.form.get("once", ""), browsers_token(), accounts.fold(request.form.get("username", "")))
    return hmac.new(site().secret, b"\0".join((b"once", kind, *map(str.encode, parts))), hashlib.sha256).digest()


def _mac(token: str) -> bytes:
    return hmac.new(site().secret, b"csrf" + token.encode(), hashlib.sha256).digest()


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
