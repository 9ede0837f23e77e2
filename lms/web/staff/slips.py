"""A group's code on paper: a poster with a QR code, and a sheet of slips to cut apart."""

from flask import Blueprint, render_template, request

from lms.services.common import oversight
from lms.web.frame import codes
from lms.web.frame.locale import gettext
from lms.web.frame.security import access
from lms.web.frame.session import signed_in
from lms.web.frame.site import site
from lms.web.staff.cohorts import STAFF

blueprint = Blueprint("slips", __name__)
MOST = 80
"""Slips on one page of the browser: ten sheets."""


@blueprint.get("/staff/cohorts/<cohort>/code")
@access(*STAFF)
def page(cohort: str) -> str:
    """The group's code and its QR code, to be shown on a screen; from here to what is printed."""
    return _page("staff/group_code.html", cohort, most=MOST)


@blueprint.get("/staff/cohorts/<cohort>/poster")
@access(*STAFF)
def poster(cohort: str) -> str:
    """The code on one sheet for the wall."""
    return _page("print/poster.html", cohort)


@blueprint.get("/staff/cohorts/<cohort>/slips")
@access(*STAFF)
def slips(cohort: str) -> str:
    """The code many times, to be cut apart and handed out."""
    asked = request.args.get("n", "")
    many = min(max(int(asked), 1), MOST) if asked.isdecimal() and len(asked) < 4 else 12
    return _page("print/slips.html", cohort, many=many, most=MOST)


def _page(template: str, cohort: str, **values: object) -> str:
    with site().database.reading() as tx:
        found = oversight.cohort_of(tx, signed_in(), cohort)
        live = {each.course.id: each.course for each in site().desk.catalogue.all_live(tx)}
    address = codes.address(request.args.get("at", ""))
    target = f"{address}/join/{found.code}"
    return render_template(
        template,
        cohort=found,
        live=live,
        now=site().clock(),
        address=address,
        here_only=codes.is_here_only(address),
        target=target,
        qr=codes.drawn(target, gettext("QR code that opens the page to join")),
        **values,
    )
