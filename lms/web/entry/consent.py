"""The text that people agree to, and what they say to it."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lms.services.people import consent
from lms.services.people.consent import Agreement, Section
from lms.web.frame.gate import go_back, safe_next
from lms.web.frame.locale import gettext, reader
from lms.web.frame.security import access
from lms.web.frame.session import person, signed_in
from lms.web.frame.site import site

blueprint = Blueprint("consent", __name__)


@blueprint.get("/consent")
@access("public")
def page() -> str:
    """The text; for whoever has not agreed to it as it is now, with the question."""
    who = person()
    return render_template(
        "consent/page.html",
        **shown(),
        asked=who and consent.is_asked(who),
        withdrawn=who and not consent.may_record(who),
        next=safe_next(request.args.get("next")),
    )


@blueprint.post("/consent")
@access("learner")
def decide() -> Response:
    """Agreed to, and on to where she was going; or not, or no longer."""
    who, now = signed_in(), site().clock()
    if request.form.get("choice") == "no":
        with site().database.writing() as tx:
            consent.withdraw(tx, site().pen, person=who.id, now=now)
        return redirect(url_for("consent.declined"), 303)
    if request.form.get("version") == consent.VERSION:  # else the text changed since: it is shown again
        with site().database.writing() as tx:
            consent.give(tx, site().pen, person=who.id, agreed=agreement(), now=now)
    return go_back()


@blueprint.get("/consent/declined")
@access("learner")
def declined() -> str:
    """What it means not to agree, and what she can do."""
    return render_template("consent/declined.html")


def shown() -> dict[str, object]:
    """The text in the reader's language, its version and its date, for a template."""
    return {"text": _text(), "version": consent.VERSION, "since": consent.SINCE}


def agreement() -> Agreement:
    """What this reader agrees to."""
    return consent.agreement(reader().language, _text())


def _text() -> list[Section]:
    return consent.told(gettext, site().settings.issuer)
