"""One certificate, for whoever looks after its holder: what became of it, and what can be done about it."""

from collections.abc import Callable
from typing import Literal

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from lms.certificates import number as numbers
from lms.ids import is_uuid, uuid7
from lms.refusals import Refusal
from lms.services.certifying import amending
from lms.services.certifying.amending import Why
from lms.services.common import oversight
from lms.services.common.oversight import NotYours
from lms.storage import people
from lms.web.frame.locale import gettext
from lms.web.frame.security import access
from lms.web.frame.session import signed_in
from lms.web.frame.site import site
from lms.web.frame.sure import check_sure

blueprint = Blueprint("amending", __name__)
STAFF = ("coordinator", "administrator")
Form = Literal["replace", "revoke", "erase"]
Answer = Response | tuple[str, int]


@blueprint.get("/staff/certificates")
@access(*STAFF)
def find() -> Answer:
    """To the certificate with the number that was typed."""
    try:
        number = numbers.parse(request.args.get("number", ""))
        with site().database.reading() as tx:
            oversight.certificate_of(tx, signed_in(), number)
    except Refusal as refusal:
        typed, error = request.args.get("number", ""), refusal.sentence(gettext)
        return render_template("staff/find.html", typed=typed, error=error), refusal.status
    return redirect(url_for("amending.certificate", number=number), 303)


@blueprint.get("/staff/certificates/<number>")
@access(*STAFF)
def certificate(number: str) -> str:
    """The certificate, its history, and the forms to replace, revoke or erase it."""
    return _page(number)


@blueprint.post("/staff/certificates/<number>/replace")
@access(*STAFF)
def replace(number: str) -> Answer:
    """Another certificate is being made in its place."""
    return _done(number, "replace", _replace)


@blueprint.post("/staff/certificates/<number>/revoke")
@access(*STAFF)
def revoke(number: str) -> Answer:
    """It stands no longer."""
    return _done(number, "revoke", _revoke)


@blueprint.post("/staff/certificates/<number>/erase")
@access("administrator")
def erase(number: str) -> Answer:
    """Its holder's name and its files are here no longer."""
    return _done(number, "erase", _erase)


def _replace(tx: Connection, number: str) -> None:
    place, name = site(), request.form.get("name", "")
    amending.issue_anew(tx, place.pen, place.settings, number=number, name=name, why=_why(), now=place.clock())


def _revoke(tx: Connection, number: str) -> None:
    check_sure()
    amending.revoke(tx, site().pen, site().settings, number=number, why=_why(), now=site().clock())


def _erase(tx: Connection, number: str) -> None:
    check_sure()
    amending.erase(tx, site().pen, number=number, by=signed_in().id, now=site().clock())


def _why() -> Why:
    field, event = request.form.get, request.form.get("event", "")
    return Why(
        by=signed_in().id,
        reason=field("reason", ""),
        note=field("note", ""),
        event=event if is_uuid(event) else None,
    )


def _done(number: str, form: Form, act: Callable[[Connection, str], None]) -> Answer:
    """The page with what was done, or with the form again and what was wrong."""
    try:
        with site().database.writing() as tx:
            act(tx, oversight.certificate_of(tx, signed_in(), number).number)
    except NotYours:
        raise
    except Refusal as refusal:
        return _page(number, refused=form, error=refusal.sentence(gettext)), refusal.status
    return redirect(url_for("amending.certificate", number=number, done=form), 303)


def _page(number: str, *, refused: Form | None = None, error: str = "") -> str:
    with site().database.reading() as tx:
        held = oversight.certificate_of(tx, signed_in(), number)
        holder = people.by_id(tx, held.learner)
        told = amending.history(tx, held)
        names = {each.event.by: who.display_name for each in told if (who := people.by_id(tx, each.event.by or ""))}
    return render_template(
        "staff/certificate.html",
        certificate=held,
        holder=holder,
        history=told,
        names=names,
        reasons={"replace": amending.REPLACE, "revoke": amending.REVOKE},
        longest=amending.MOST,
        done=request.args.get("done", ""),
        refused=refused,
        error=error,
        typed=request.form,
        once=uuid7(),
    )
