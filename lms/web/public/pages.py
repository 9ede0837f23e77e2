"""Pages that belong to no course: about, privacy, accessibility, safety, the language, the way out."""

from datetime import date

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from lms.services.people import accounts
from lms.web.frame.cookies import YEAR, keep_cookie
from lms.web.frame.gate import go_back
from lms.web.frame.locale import COOKIE
from lms.web.frame.security import access
from lms.web.frame.session import account, sign_out
from lms.web.frame.site import site

blueprint = Blueprint("pages", __name__)
STATED = date(2026, 11, 25)
"""When the accessibility statement was last gone through."""


@blueprint.get("/about")
@access("public")
def about() -> str:
    """What this program is, and who answers for it."""
    return render_template("pages/about.html")


@blueprint.get("/privacy")
@access("public")
def privacy() -> str:
    """What is kept about people, why, and what they can do."""
    return render_template("pages/privacy.html")


@blueprint.get("/accessibility")
@access("public")
def accessibility() -> str:
    """How the pages can be used by everybody, and what to do when they can't."""
    return render_template("pages/accessibility.html", stated=STATED)


@blueprint.get("/safety")
@access("public")
def safety() -> str:
    """For whoever shares a device or is watched: what "Leave now" does, what it can't do, what she can do herself."""
    return render_template("pages/safety.html")


@blueprint.get("/exit")
@access("public")
def exit_() -> str:
    """A page of everyday use that shows nothing of what was on the screen."""
    return render_template("pages/exit.html")


@blueprint.post("/exit")
@access("public")
def leave() -> AnyResponse:
    """Signed out, and on to the page that shows nothing."""
    sign_out()
    return redirect("/exit", 303)


@blueprint.post("/language")
@access("public")
def language() -> AnyResponse:
    """The interface in another language, for this browser and, when signed in, for this person."""
    chosen = request.form.get("language", "")
    response: Response = make_response(go_back())
    if chosen in site().settings.languages:
        who = account()
        if who:
            with site().database.writing() as tx:
                accounts.change_language(tx, site().pen, person=who.id, language=chosen, now=site().clock())
        keep_cookie(response, COOKIE, chosen, seconds=YEAR)
    return response
