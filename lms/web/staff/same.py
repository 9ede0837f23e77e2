"""The same person twice: found, held side by side, linked and unlinked."""

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from lms.refusals import Refusal
from lms.services.common import oversight
from lms.services.common.institutions import TYPES
from lms.services.common.oversight import NotYours
from lms.services.people import linking
from lms.storage import links
from lms.web.frame.locale import gettext, reader
from lms.web.frame.security import access
from lms.web.frame.session import signed_in
from lms.web.frame.site import site
from lms.web.staff.cohorts import STAFF

blueprint = Blueprint("same", __name__)
Answer = Response | tuple[str, int] | str


@blueprint.get("/staff/same")
@access(*STAFF)
def likely() -> str:
    """Pairs of accounts that may be of one person each."""
    with site().database.reading() as tx:
        pairs = linking.likely_pairs(tx, signed_in())
    return render_template("staff/same_likely.html", pairs=pairs, most=linking.PAIRS)


@blueprint.get("/staff/people/<person>/same")
@access(*STAFF)
def of(person: str) -> str:
    """Which accounts count as one with hers, which may be hers too, and a search for another one."""
    return _of(person)


@blueprint.get("/staff/people/<person>/same/<other>")
@access(*STAFF)
def both(person: str, other: str) -> Answer:
    """Both accounts side by side, and the form that links them."""
    return _both(person, other)


@blueprint.post("/staff/people/<person>/same/<other>")
@access(*STAFF)
def link(person: str, other: str) -> Answer:
    """They count as one; `counts` is the one that counts."""
    counts = other if request.form.get("counts") == other else person
    try:
        with site().database.writing() as tx:
            for each in (person, other):
                linking.check_hers(tx, signed_in(), each)
            linked = person if counts == other else other
            linking.link(tx, site().pen, person=linked, same_as=counts, by=signed_in().id, now=site().clock())
    except NotYours:
        raise
    except Refusal as refusal:
        return _of(person, refusal.sentence(gettext)), refusal.status
    return redirect(url_for("same.of", person=person, done="linked"), 303)


@blueprint.post("/staff/people/<person>/unlink")
@access(*STAFF)
def unlink(person: str) -> Answer:
    """She counts by herself again."""
    try:
        with site().database.writing() as tx:
            linking.check_hers(tx, signed_in(), person)
            counted = links.stands_for(tx, person)
            linking.unlink(tx, site().pen, person=person, by=signed_in().id, now=site().clock())
    except NotYours:
        raise
    except Refusal as refusal:
        return _of(person, refusal.sentence(gettext)), refusal.status
    back = request.form.get("from", "")
    return redirect(url_for("same.of", person=back if back == counted else person, done="unlinked"), 303)


def _of(person: str, error: str = "") -> str:
    who, text = signed_in(), request.args.get("q", "")
    with site().database.reading() as tx:
        found = oversight.learner_of(tx, who, person)
        together = linking.together(tx, who, person)
        inside = {each.id for each in (together.counts, *together.others) if each}
        searched = [each for each in linking.search(tx, who, person, text) if each.id not in inside]
        maybe = linking.likely(tx, who, person)
    return render_template(
        "staff/same.html",
        each=found,
        together=together,
        maybe=maybe,
        text=text,
        searched=searched,
        done=request.args.get("done", ""),
        error=error,
    )


def _both(person: str, other: str) -> Answer:
    who = signed_in()
    try:
        with site().database.reading() as tx:
            sides = linking.sides(tx, who, person, other)
            titles = _titles(tx)
    except NotYours:
        raise
    except Refusal as refusal:
        return _of(person, refusal.sentence(gettext)), refusal.status
    return render_template("staff/same_both.html", each=sides[0].account, sides=sides, titles=titles, kinds=TYPES)


def _titles(tx: Connection) -> dict[str, tuple[str, str]]:
    """What each course is called, with the language that it is called so in."""
    editions = {each.course.id: each.course.edition(reader().language) for each in site().desk.catalogue.all_live(tx)}
    return {course: (edition.language, edition.title) for course, edition in editions.items()}
