"""Signing in and out, registering, getting back in, the profile."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from lms.i18n import DEFAULT_LANGUAGE
from lms.ids import uuid7
from lms.refusals import Refusal
from lms.services.groups import cohorts
from lms.services.people import accounts, passphrases
from lms.services.people.accounts import UsernameTaken
from lms.services.people.consent import is_asked
from lms.services.people.entrance import CODES, Grant, WrongCode, WrongPassphrase
from lms.storage import people, resets
from lms.storage.people import Person
from lms.web.entry.consent import agreement, shown
from lms.web.frame.cookies import keep_cookie
from lms.web.frame.gate import safe_next
from lms.web.frame.locale import gettext, reader
from lms.web.frame.security import access
from lms.web.frame.session import browsers_token, grant, hold, person, sign_in, sign_out, signed_in
from lms.web.frame.site import site

blueprint = Blueprint("auth", __name__)
CODE_COOKIE = "join"
CODE_MINUTES = 30
SENT_BEFORE = (UsernameTaken, WrongCode, WrongPassphrase)
"""What a form is refused with that was sent a second time, the first having done what it asks for."""


@blueprint.get("/login")
@access("public")
def login() -> Response:
    """The form to sign in."""
    target = _onward(request.args.get("next"))
    return redirect(target, 303) if person() else _form("auth/login.html", next=target)


@blueprint.post("/login")
@access("public")
def log_in() -> Response:
    """Signed in, and on to where she was going; the same answer for a wrong name and a wrong passphrase."""
    field, target = request.form.get, safe_next(request.form.get("next"))
    try:
        found = site().entrance.log_in(
            username=field("username", ""), passphrase=field("passphrase", ""), address=_address(), now=site().clock()
        )
    except Refusal as refusal:
        return _form("auth/login.html", refusal, next=target)
    return come_in(found, target)


@blueprint.post("/logout")
@access("public")
def logout() -> Response:
    """Signed out; also when the session had ended by itself."""
    sign_out()
    return redirect(url_for("auth.login", out=1), 303)


@blueprint.get("/register")
@access("public")
def register() -> Response:
    """The form to open an account."""
    if person():
        return redirect(_onward(None), 303)
    return _registering(safe_next(request.args.get("next")), code=_code())


@blueprint.post("/register")
@access("public")
def sign_up() -> Response:
    """A new account, signed in; the page shows the recovery code, once."""
    field, target, given = request.form.get, safe_next(request.form.get("next")), grant()
    code = field("code", "").strip()
    try:
        accounts.check_policy(site().settings.registration, code)
        application = accounts.check(
            username=field("username", ""),
            display_name=field("display_name", ""),
            passphrase=field("passphrase", ""),
            language=reader().language,
            agreed=agreement() if field("consent") == "yes" else None,
            code=code,
        )
        site().entrance.register(site().pen, application, given, address=_address(), now=site().clock())
    except Refusal as refusal:
        if not _sent_before(refusal, given, field("username", "")):
            return _registering(target, refusal, code=code)
    if code and target == url_for("auth.confirm_join"):
        target = url_for("catalogue.learning")
    response = _let_in(given, target)
    response.delete_cookie(CODE_COOKIE)
    return response


@blueprint.get("/recover")
@access("public")
def recover() -> Response:
    """The form for somebody who forgot her passphrase and kept her recovery code."""
    return _form("auth/recover.html", proposal=proposal())


@blueprint.post("/recover")
@access("public")
def get_back_in() -> Response:
    """A new passphrase and a new recovery code, signed in."""
    field, given = request.form.get, grant()
    try:
        found = site().entrance.recover(
            site().pen,
            given,
            username=field("username", ""),
            code=field("code", ""),
            passphrase=field("passphrase", ""),
            address=_address(),
            now=site().clock(),
        )
    except Refusal as refusal:
        if not _sent_before(refusal, given, field("username", "")):
            kept = "" if isinstance(refusal, WrongCode) else field("code", "")
            return _form("auth/recover.html", refusal, proposal=proposal(), code=kept)
    else:
        if site().entrance.asks_second(found):
            return _form("auth/recovery_code.html", code=given.recovery_code, next=url_for("auth.login"))
    return _let_in(given, _told_first(field("username", ""), _onward(None)))


@blueprint.get("/join/<code>")
@access("public")
def join(code: str) -> Response:
    """A group's code followed: to registering, or to confirming when signed in. The code leaves the address at once."""
    target = "auth.confirm_join" if person() else "auth.register"
    response = make_response(redirect(url_for(target), 303))
    response.headers["Referrer-Policy"] = "no-referrer"
    keep_cookie(response, CODE_COOKIE, code[:40], seconds=CODE_MINUTES * 60)
    return response


@blueprint.get("/me/join")
@access("learner")
def confirm_join() -> Response:
    """The form to join a group with its code."""
    return _form("auth/join.html", code=_code())


@blueprint.post("/me/join")
@access("learner")
def join_now() -> Response:
    """In the group, enrolled in its courses."""
    code, now = request.form.get("code", ""), site().clock()
    counted = site().entrance.counted("code", _address(), CODES, now=now)
    try:
        with counted, site().database.writing() as tx:
            cohorts.join(tx, site().pen, person=signed_in().id, code=code, now=now)
    except Refusal as refusal:
        return _form("auth/join.html", refusal, code=code)
    response = make_response(redirect(url_for("catalogue.learning"), 303))
    response.delete_cookie(CODE_COOKIE)
    return response


@blueprint.get("/me/profile")
@access("learner")
def profile() -> Response:
    """Her name on certificates, her language, her passphrase."""
    return _profile(saved=request.args.get("saved"))


@blueprint.post("/me/profile")
@access("learner")
def change_profile() -> Response:
    """The name and language changed."""
    language = request.form.get("language", "")
    try:
        with site().database.writing() as tx:
            accounts.change_profile(
                tx,
                site().pen,
                person=signed_in(),
                display_name=request.form.get("display_name", ""),
                language=language if language in site().settings.languages else None,
                now=site().clock(),
            )
    except Refusal as refusal:
        return _profile(refusal)
    return redirect(url_for("auth.profile", saved=1), 303)


@blueprint.get("/me/passphrase")
@access("learner")
def passphrase() -> Response:
    """The form to change the passphrase."""
    return _form("auth/passphrase.html", proposal=proposal())


@blueprint.post("/me/passphrase", endpoint="passphrase_")
@access("learner")
def change_passphrase() -> Response:
    """A new passphrase and a new recovery code; every other session of hers is over."""
    who, field, given = signed_in(), request.form.get, grant()
    try:
        site().entrance.change_passphrase(
            site().pen,
            who,
            given,
            old=field("old", ""),
            passphrase=field("passphrase", ""),
            address=_address(),
            now=site().clock(),
        )
    except Refusal as refusal:
        if not _sent_before(refusal, given, who.username):
            return _form("auth/passphrase.html", refusal, proposal=proposal())
    return _let_in(given, "/")


def come_in(found: Person, target: str) -> Response:
    """Signed in, and on; whoever has a second factor is asked for its code first, and is not signed in before."""
    if site().entrance.asks_second(found):
        hold(site().entrance.hold(found, instead_of=browsers_token(), now=site().clock()))
        return redirect(url_for("second.ask", next=target), 303)
    sign_in(site().entrance.open_session(found, instead_of=browsers_token(), now=site().clock()))
    return go_on(found, target)


def go_on(found: Person, target: str) -> Response:
    """On: to what she has yet to be told or asked, and from there to where she was going."""
    target = _told_first(found.username, target)
    return redirect(url_for("consent.page", next=target) if is_asked(found) and not found.must_change else target, 303)


def proposal(*, of_staff: bool = False) -> Markup:
    """What to say of a new passphrase: how long it is, and three words of the reader's language, else Spanish ones."""
    who, language = person(), reader().language
    is_staff = of_staff or (who is not None and who.is_staff)
    least = passphrases.SHORTEST_OF_STAFF if is_staff else passphrases.SHORTEST
    if language in passphrases.PROPOSED:
        hint = gettext("At least %(n)s characters. Three words are easy to remember, such as: “%(words)s”")
        return escape(hint) % {"n": least, "words": passphrases.propose(language)}
    hint = gettext("At least %(n)s characters. Three words are easy to remember, such as these in Spanish: “%(words)s”")
    words = Markup('<span lang="{}">{}</span>').format(DEFAULT_LANGUAGE, passphrases.propose())
    return escape(hint) % {"n": least, "words": words}


def _told_first(username: str, target: str) -> str:
    """Where she was going, by the page that says who gave her a way in, until she has seen that."""
    with site().database.reading() as tx:
        found = people.by_username(tx, accounts.fold(username))
        reset = resets.of(tx, found.id) if found else None
    return url_for("ways.told", next=target) if reset and not reset.seen else target


def _profile(refusal: Refusal | None = None, *, saved: str | None = None) -> Response:
    return _form("auth/profile.html", refusal, saved=saved, asked=is_asked(signed_in()))


def _sent_before(refusal: Refusal, given: Grant, username: str) -> bool:
    """Whether it is refused only because this browser sent this form before."""
    if not isinstance(refusal, SENT_BEFORE):
        return False
    passphrase, idle = request.form.get("passphrase", ""), site().settings.idle
    return site().entrance.has_let_in(given, username=username, passphrase=passphrase, idle=idle, now=site().clock())


def _let_in(given: Grant, target: str) -> Response:
    """Signed in; the page shows the recovery code, once."""
    sign_in(given.token)
    return _form("auth/recovery_code.html", code=given.recovery_code, next=target)


def _registering(target: str, refusal: Refusal | None = None, *, code: str) -> Response:
    return _form(
        "auth/register.html",
        refusal,
        proposal=proposal(),
        code=code,
        next=target,
        **shown(),
        onward=_onward(None if _code() else target),
    )


def _onward(text: str | None) -> str:
    """Where to go on to once signed in: where she was going, else with a group's code at hand to joining the group."""
    target = safe_next(text)
    return url_for("auth.confirm_join") if target == "/" and _code() else target


def _form(template: str, refusal: Refusal | None = None, **values: object) -> Response:
    """The form, with what was wrong and what was typed (never a passphrase)."""
    typed = {name: request.form.get(name, "") for name in ("username", "display_name", "consent")}
    error = refusal.sentence(gettext) if refusal else ""
    return make_response(
        render_template(template, error=error, typed=typed, once=uuid7(), **values),
        refusal.status if refusal else 200,
    )


def _code() -> str:
    return request.cookies.get(CODE_COOKIE, "")[:40]


def _address() -> str:
    return request.remote_addr or ""
