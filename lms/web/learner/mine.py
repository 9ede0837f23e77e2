"""“My data”: what is kept about whoever asks, to read, to take away, and to have erased."""

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from lms.ids import uuid7
from lms.refusals import Refusal
from lms.services.common.institutions import TYPES
from lms.services.common.staff_acts import SENTENCES
from lms.services.people import consent, erasing, my_data
from lms.web.frame.fresh import fresh, is_fresh
from lms.web.frame.locale import gettext, reader
from lms.web.frame.security import access
from lms.web.frame.session import sign_out, signed_in
from lms.web.frame.site import site
from lms.web.frame.sure import check_sure

blueprint = Blueprint("mine", __name__)


@blueprint.get("/me/data")
@access("learner")
def page() -> str:
    """What is kept about her, and what she can do about it."""
    return _page()


@blueprint.get("/me/data.json")
@access("learner")
def download() -> Response:
    """The same for programs, with every row and event of hers."""
    with site().database.reading() as tx:
        text = my_data.as_json(my_data.gather(tx, signed_in().id), now=site().clock())
    response = Response(text, content_type="application/json")
    word = gettext("my-data")
    response.headers["Content-Disposition"] = f'attachment; filename="{word}.json"'
    return response


@blueprint.post("/me/data/erase")
@access("learner")
@fresh
def erase() -> Answer:
    """Nothing of hers is here any more, and nobody is signed in."""
    try:
        check_sure()
        with site().database.writing() as tx:
            who = signed_in().id
            erasing.erase(tx, site().pen, person=who, by=who, now=site().clock())
    except Refusal as refusal:
        return make_response(_page(refusal.sentence(gettext)), refusal.status)
    site().database.forget()
    sign_out()
    return redirect(url_for("mine.erased"), 303)


@blueprint.get("/erased")
@access("public")
def erased() -> str:
    """What somebody is told who had her data erased."""
    return render_template("mine/erased.html")


def _page(error: str = "") -> str:
    who = signed_in()
    with site().database.reading() as tx:
        found = my_data.gather(tx, who.id)
        live = site().desk.catalogue.all_live(tx)
    return render_template(
        "mine/page.html",
        mine=found,
        titles={each.course.id: each.course.edition(reader().language) for each in live},
        kinds=TYPES,
        sentences=SENTENCES,
        agreed=not consent.is_asked(who),
        today=site().settings.day(site().clock()),
        fresh=is_fresh(),
        once=uuid7(),
        next=url_for("mine.page") + "#page-erase",
        error=error,
    )
