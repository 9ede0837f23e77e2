"""Who is in a group, and what gives many of them a way in."""

from flask import Blueprint, render_template, request, url_for

from lms.ids import is_uuid, uuid7
from lms.services.common import oversight
from lms.services.common.institutions import TYPES
from lms.services.people import ways_in
from lms.services.people.ways_in import Given
from lms.services.reporting import rosters
from lms.storage import roll
from lms.web.frame import codes
from lms.web.frame.fresh import fresh, is_fresh
from lms.web.frame.locale import gettext
from lms.web.frame.security import access
from lms.web.frame.session import signed_in
from lms.web.frame.site import site
from lms.web.staff.cohorts import STAFF

blueprint = Blueprint("members", __name__)
COUNTS = ("new", "changed", "same", "wrong")
"""What the address of the page says that an import did."""


@blueprint.get("/staff/cohorts/<cohort>/people")
@access(*STAFF)
def page(cohort: str) -> str:
    """Everybody in the group, with whether she can get in; from here to what gives them a way in."""
    return shown(cohort)


def shown(cohort: str, error: str = "") -> str:
    """That page. Raises NotYours."""
    with site().database.reading() as tx:
        found = oversight.cohort_of(tx, signed_in(), cohort)
        inside = roll.of_cohort(tx, found.id)
    address = codes.address(request.args.get("at", ""))
    return render_template(
        "staff/group_people.html",
        cohort=found,
        members=inside,
        kinds=TYPES,
        without=ways_in.without_way_in(inside),
        waiting=ways_in.never_came(inside),
        cardless=ways_in.without_card(inside),
        lot=ways_in.LOT,
        done=request.args.get("done", ""),
        counts={name: int(text) for name in COUNTS if (text := request.args.get(name, "")[:6]).isdecimal()},
        address=address,
        here_only=codes.is_here_only(address),
        fresh=is_fresh(),
        longest=rosters.MOST,
        once=uuid7(),
        next=url_for("members.page", cohort=found.id),
        error=error,
        typed=request.form,
    )


@blueprint.post("/staff/cohorts/<cohort>/passphrases")
@access(*STAFF)
@fresh
def give_passphrases(cohort: str) -> str:
    """Slips with new passphrases for some people of the group, shown once."""
    asked, start = request.form.get("again") == "yes", request.form.get("from", "")
    with site().database.reading() as tx:
        found = oversight.cohort_of(tx, signed_in(), cohort)
    given = ways_in.give_passphrases(
        site().database,
        found,
        signed_in(),
        again=asked,
        start=int(start) if start.isdecimal() and len(start) < 6 else 0,
        now=site().clock(),
    )
    return sheet("print/passphrases.html", cohort, given)


@blueprint.post("/staff/cohorts/<cohort>/cards")
@access(*STAFF)
@fresh
def make_cards(cohort: str) -> str:
    """A sheet of login cards for some people of the group, and their PINs apart, shown once."""
    with site().database.reading() as tx:
        found = oversight.cohort_of(tx, signed_in(), cohort)
    given = ways_in.make_cards(site().database, found, signed_in(), now=site().clock())
    return sheet("print/cards.html", cohort, given)


def sheet(template: str, cohort: str, given: list[Given]) -> str:
    """Slips or cards on paper: what stands on them is shown this once."""
    with site().database.reading() as tx:
        found = oversight.cohort_of(tx, signed_in(), cohort) if is_uuid(cohort) else None
    address = codes.address(request.form.get("at", ""))
    return render_template(
        template,
        cohort=found,
        given=given,
        address=address,
        here_only=codes.is_here_only(address),
        qr=lambda each: codes.drawn(
            f"{address}/card#{ways_in.fold_secret(each.card)}", gettext("QR code of the login card")
        ),
    )
