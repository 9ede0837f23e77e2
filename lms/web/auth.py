"""Signing in and out, registering, getting back in, the profile."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lms.refusals import Refusal
from lms.services import accounts, cohorts, passphrases
from lms.storage import people
from lms.storage.throttles import Limit
from lms.web.errors import status_of
from lms.web.gate import safe_next
from lms.web.locale import gettext, reader
from lms.web.security import access
from lms.web.session import browsers_token, person, sign_in, sign_out, signed_in
from lms.web.site import site

blueprint = Blueprint("auth", __name__)
CODE_COOKIE = "join"
CODE_MINUTES = 30
CODES = Limit(free=60, most=60)
"""Join codes tried from one address: enough for a class, too few to find one by chance."""


@blueprint.get("/login")
@access("public")
def login() -> Response:
    """The form to sign in."""
    if person():
        return redirect(safe_next(request.args.get("next")), 303)
    return _form("auth/login.html", next=safe_next(request.args.get("next")))


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
    _begin_session(found)
    return redirect(target, 303)


@blueprint.post("/logout")
@access("learner")
def logout() -> Response:
    """Signed out."""
    sign_out()
    return redirect(url_for("auth.login", out=1), 303)


@blueprint.get("/register")
@access("public")
def register() -> Response:
    """The form to open an account."""
    if person():
        return redirect("/", 303)
    return _form(
        "auth/register.html", proposal=passphrases.propose(), code=_code(), next=safe_next(request.args.get("next"))
    )


@blueprint.post("/register")
@access("public")
def sign_up() -> Response:
    """A new account, signed in; the page shows the recovery code, once."""
    field, now, target = request.form.get, site().clock(), safe_next(request.form.get("next"))
    code, chosen = field("code", "").strip(), reader().language
    try:
        if code:
            site().entrance.count("code", _address(), CODES, now=now)
        application = accounts.prepare(
            username=field("username", ""),
            display_name=field("display_name", ""),
            passphrase=field("passphrase", ""),
            language=chosen,
            consent=field("consent") == "yes",
        )
        with site().database.writing() as tx:
            policy = site().settings.registration
            found = accounts.register(tx, site().pen, application, policy=policy, code=code, now=now)
    except Refusal as refusal:
        return _form("auth/register.html", refusal, proposal=passphrases.propose(), code=code, next=target)
    _begin_session(found)
    response = _form("auth/recovery_code.html", code=application.recovery_code, next=target)
    response.delete_cookie(CODE_COOKIE)
    return response


@blueprint.get("/recover")
@access("public")
def recover() -> Response:
    """The form for somebody who forgot her passphrase and kept her recovery code."""
    return _form("auth/recover.html", proposal=passphrases.propose())


@blueprint.post("/recover")
@access("public")
def get_back_in() -> Response:
    """A new passphrase and a new recovery code, signed in."""
    field = request.form.get
    try:
        found, code = site().entrance.recover(
            username=field("username", ""),
            code=field("code", ""),
            passphrase=field("passphrase", ""),
            address=_address(),
            now=site().clock(),
        )
    except Refusal as refusal:
        return _form("auth/recover.html", refusal, proposal=passphrases.propose())
    _begin_session(found)
    return _form("auth/recovery_code.html", code=code, next="/")


@blueprint.get("/join/<code>")
@access("public")
def join(code: str) -> Response:
    """A group's code followed: to registering, or to confirming when signed in. The code leaves the address at once."""
    target = "auth.confirm_join" if person() else "auth.register"
    response = make_response(redirect(url_for(target), 303))
    response.set_cookie(
        CODE_COOKIE,
        code[:40],
        max_age=CODE_MINUTES * 60,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=site().settings.https,
    )
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
    try:
        site().entrance.count("code", _address(), CODES, now=now)
        with site().database.writing() as tx:
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
    return _form("auth/profile.html", saved=request.args.get("saved"))


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
        return _form("auth/profile.html", refusal, saved=None)
    return redirect(url_for("auth.profile", saved=1), 303)


@blueprint.get("/me/passphrase")
@access("learner")
def passphrase() -> Response:
    """The form to change the passphrase."""
    return _form("auth/passphrase.html", proposal=passphrases.propose())


@blueprint.post("/me/passphrase", endpoint="passphrase_")
@access("learner")
def change_passphrase() -> Response:
    """A new passphrase and a new recovery code; every other session of hers is over."""
    who, field, now = signed_in(), request.form.get, site().clock()
    try:
        checked = passphrases.check(field("passphrase", ""), who.username)
        site().entrance.check_passphrase(who, field("old", ""), address=_address(), now=now)
    except Refusal as refusal:
        return _form("auth/passphrase.html", refusal, proposal=passphrases.propose())
    code = passphrases.new_recovery_code()
    hashed, hashed_code = passphrases.hash_(checked), passphrases.hash_(code)
    with site().database.writing() as tx:
        accounts.change_passphrase(tx, person=who.id, hashed=hashed)
        people.set_recovery(tx, who.id, hashed_code)
    sign_in(site().entrance.open_session(who, now=now))
    return _form("auth/recovery_code.html", code=code, next="/")


def _begin_session(found: people.Person) -> None:
    sign_in(site().entrance.open_session(found, instead_of=browsers_token(), now=site().clock()))


def _form(template: str, refusal: Refusal | None = None, **values: object) -> Response:
    """The form, with what was wrong and what was typed (never a passphrase)."""
    typed = {name: request.form.get(name, "") for name in ("username", "display_name", "consent")}
    error = refusal.sentence(gettext) if refusal else ""
    return make_response(
        render_template(template, error=error, typed=typed, **values), status_of(refusal) if refusal else 200
    )


def _code() -> str:
    return request.cookies.get(CODE_COOKIE, "")[:40]


def _address() -> str:
    return request.remote_addr or ""
