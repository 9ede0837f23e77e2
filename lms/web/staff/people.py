"""Everybody with an account, for administrators: looked for, and one more of the staff."""

from flask import Blueprint, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from lms.ids import uuid7
from lms.refusals import Refusal
from lms.services.people import accounts, powers, staffing, ways_in
from lms.services.people.accounts import UsernameTaken
from lms.storage import directory, people
from lms.storage.directory import Sought
from lms.web.frame.fresh import fresh, is_fresh
from lms.web.frame.locale import gettext
from lms.web.frame.paging import SHOWN, Paging
from lms.web.frame.security import access
from lms.web.frame.session import signed_in
from lms.web.frame.site import site

blueprint = Blueprint("people", __name__)


@blueprint.get("/staff/people")
@access("administrator")
def everybody() -> str:
    """The people who are looked for, by name, a page at a time."""
    sought = Sought.read(request.args)
    with site().database.reading() as tx:
        count = directory.count(tx, sought)
        paging = Paging.read(count)
        found = directory.page(tx, sought, limit=SHOWN, offset=paging.offset)
    return render_template(
        "staff/people.html",
        sought=sought,
        count=count,
        paging=paging,
        found=found,
        names=powers.ROLES,
        erased=request.args.get("erased", ""),
    )


@blueprint.get("/staff/people/new")
@access("administrator")
def new() -> Response:
    """The form for somebody of the staff who has no account yet."""
    return _new()


@blueprint.post("/staff/people/new")
@access("administrator")
@fresh
def create() -> Response:
    """Her account, and the code to come in with, shown once."""
    try:
        made, code = staffing.open_account(
            site().database,
            site().pen,
            username=request.form.get("username", ""),
            display_name=request.form.get("display_name", ""),
            roles=request.form.getlist("role"),
            by=signed_in(),
            now=site().clock(),
        )
    except Refusal as refusal:
        return _new(refusal)
    hours = int(ways_in.LASTS.total_seconds()) // 3600
    return make_response(render_template("staff/person_made.html", made=made, code=code, hours=hours))


def _new(refusal: Refusal | None = None) -> Response:
    taken = None
    if isinstance(refusal, UsernameTaken):  # perhaps by this very form, sent twice
        with site().database.reading() as tx:
            taken = people.by_username(tx, accounts.fold(request.form.get("username", "")))
    html = render_template(
        "staff/person_new.html",
        typed=request.form,
        chosen=request.form.getlist("role"),
        names=powers.ROLES,
        taken=taken,
        fresh=is_fresh(),
        once=uuid7(),
        next=url_for("people.new"),
        error=refusal.sentence(gettext) if refusal else "",
    )
    return make_response(html, refusal.status if refusal else 200)
