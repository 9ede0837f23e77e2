"""What is kept of people, for how long, and why: to look at; and what is past its time deleted."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lms.i18n import N_
from lms.ids import uuid7
from lms.refusals import Refusal
from lms.services.running import retention
from lms.services.running.retention import Desk
from lms.web.frame.fresh import fresh, is_fresh
from lms.web.frame.locale import gettext
from lms.web.frame.security import access
from lms.web.frame.session import signed_in
from lms.web.frame.site import site
from lms.web.frame.sure import check_sure

blueprint = Blueprint("retention", __name__)
HEADINGS = {
    "period": N_("For a set time"),
    "account": N_("As long as the account"),
    "never": N_("For good"),
    "alone": N_("What goes by itself"),
}
"""By how it ends."""
MOST = 2000
"""How much goes at a press of the button, so that nobody waits for long; the command line knows no such bound."""


class NothingChosen(Refusal):
    """No purpose was chosen."""

    message = N_("Choose at least one thing to delete.")


@blueprint.get("/staff/retention")
@access("administrator")
def page() -> str:
    """Every purpose, and how much of each is past its time."""
    return _page()


@blueprint.post("/staff/retention")
@access("administrator")
@fresh
def run() -> Response:
    """What is past its time, of the purposes that were chosen, is gone."""
    place = site()
    desk = Desk(
        database=place.database, pen=place.pen, catalogue=place.desk.catalogue, periods=place.settings.retention
    )
    try:
        only = _chosen()
        check_sure()
        gone = retention.run(desk, by=signed_in().id, now=place.clock(), only=only, most=MOST)
    except Refusal as refusal:
        return make_response(_page(refusal.sentence(gettext)), refusal.status)
    place.database.forget()
    return redirect(url_for("retention.page", gone=sum(gone.values())), 303)


def _chosen() -> list[str]:
    only = request.form.getlist("purpose")
    if not only:
        raise NothingChosen
    return only


def _page(error: str = "") -> str:
    with site().database.reading() as tx:
        found = retention.look(tx, site().settings.retention, now=site().clock())
        runs = retention.last_runs(tx)
    gone = request.args.get("gone", "")
    return render_template(
        "staff/retention.html",
        kept=found,
        past=[each for each in found if each.past and each.purpose.ends == "period"],
        stays=retention.STAYS,
        headings=HEADINGS,
        whats={each.purpose.name: each.purpose.what for each in found},
        runs=runs,
        most=MOST,
        gone=int(gone) if gone.isascii() and gone.isdigit() and len(gone) < 9 else None,
        by_itself=site().settings.retention_runs,
        fresh=is_fresh(),
        once=uuid7(),
        next=url_for("retention.page") + "#page-past",
        error=error,
    )
