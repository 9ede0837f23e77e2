"""Erasing somebody at her wish, by an administrator: what goes, what stays, and her username typed once more."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lms.ids import uuid7
from lms.refusals import Refusal
from lms.services.common.oversight import NotYours
from lms.services.people import erasing, my_data
from lms.storage import links, roll
from lms.web.frame.fresh import fresh, is_fresh
from lms.web.frame.locale import gettext
from lms.web.frame.security import access
from lms.web.frame.session import signed_in
from lms.web.frame.site import site

blueprint = Blueprint("forgetting", __name__)


@blueprint.get("/staff/people/<person>/erase")
@access("administrator")
def page(person: str) -> Response:
    """What goes and what stays."""
    return _page(person)


@blueprint.post("/staff/people/<person>/erase")
@access("administrator")
@fresh
def erase(person: str) -> Response:
    """Nothing of hers is here any more."""
    try:
        with site().database.writing() as tx:
            erasing.check_username(tx, person, request.form.get("username", ""))
            erasing.erase(tx, site().pen, person=person, by=signed_in().id, now=site().clock())
    except NotYours:
        raise
    except Refusal as refusal:
        return _page(person, refusal)
    wiped = site().database.forget()
    return redirect(url_for("people.everybody", erased="yes" if wiped else "busy"), 303)


def _page(person: str, refusal: Refusal | None = None) -> Response:
    with site().database.reading() as tx:
        found = roll.one(tx, person)
        if found is None:
            raise NotYours
        hers, together = my_data.gather(tx, person), links.all_of(tx, person)
    html = render_template(
        "staff/person_erase.html",
        each=found,
        counts=hers.counts(),
        linked=len(together) - 1,
        fresh=is_fresh(),
        once=uuid7(),
        next=url_for("forgetting.page", person=person),
        error=refusal.sentence(gettext) if refusal else "",
    )
    return make_response(html, refusal.status if refusal else 200)
