"""The list of people: who has completed which course, to look at and to take away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as Answer

from lms.content.stems import fold
from lms.ids import uuid7
from lms.learning.indicators import NOT_SAID
from lms.learning.roster import COLUMNS, STATES, Column, Filters, chosen
from lms.refusals import Refusal
from lms.services.common import oversight
from lms.services.common.oversight import NotYours
from lms.services.reporting import rosters
from lms.services.reporting.roster_cells import Cell
from lms.services.reporting.roster_files import KINDS, make
from lms.services.reporting.rosters import Desk, Roster
from lms.storage import preferences
from lms.storage import roster as lines
from lms.web.frame.fresh import fresh, is_fresh
from lms.web.frame.locale import gettext, reader
from lms.web.frame.security import access
from lms.web.frame.session import signed_in
from lms.web.frame.site import site

blueprint = Blueprint("rosters", __name__)
STAFF = ("coordinator", "administrator")
SHOWN = 20
"""Lines to look at before taking them all."""
SUGGESTED = 300
"""Institutions that are suggested at most."""
LONG = 5000
"""Lines from which on a whole file takes a while."""


@dataclass(frozen=True, slots=True)
class _Choices:
    """What there is to choose from, by the value in the form."""

    courses: Mapping[str, tuple[str, str]]
    """Language and title."""
    cohorts: Mapping[str, str]
    countries: Mapping[str, str]
    institutions: Sequence[str]


@blueprint.get("/staff/roster")
@access(*STAFF)
def page() -> Response:
    """The filters, how many lines there are, the first ones, and the forms to take them."""
    return _page(request.args)


@blueprint.post("/staff/roster")
@access(*STAFF)
@fresh
def take() -> Response:
    """The lines as a file."""
    kind, form = request.form.get("form", ""), request.form
    kind = kind if kind in KINDS else "csv"
    try:
        with site().database.writing() as tx:
            roster = _roster(tx, Filters.read(form))
            reason, most = form.get("reason", ""), KINDS[kind].most
            rosters.note_taken(tx, roster, by=signed_in().id, form=kind, reason=reason, most=most)
    except NotYours:
        raise
    except Refusal as refusal:
        return _page(form, refusal)
    made = make(roster, kind, mark=form.get("mark") == "yes")
    response = Response(made.pieces, content_type=KINDS[kind].content_type)
    if made.size is not None:
        response.content_length = made.size
    name = f"{gettext('list')}-{site().settings.day(roster.made_at):%Y-%m-%d}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.post("/staff/roster/columns")
@access(*STAFF)
def keep_columns() -> Answer:
    """Her lists have these columns from now on."""
    names = [column.name for column in chosen(set(request.form.getlist("column")) & COLUMNS.keys())]
    with site().database.writing() as tx:
        preferences.change(tx, signed_in().id, roster_columns=names)
    try:
        filters = Filters.read(request.form)
    except Refusal:
        filters = Filters()
    return redirect(_address(filters), 303)


def _page(fields: Mapping[str, str], refusal: Refusal | None = None) -> Response:
    try:
        filters = Filters.read(fields)
    except Refusal as bad:
        filters, refusal = Filters(), bad
    with site().database.reading() as tx:
        roster = _roster(tx, filters)
        count = roster.count(tx)
        shown = [line for columns in roster.batches(tx, limit=SHOWN) for line in zip(*columns, strict=True)]
        choices = _choices(tx, filters)
    html = render_template(
        "staff/roster.html",
        roster=roster,
        filters=filters,
        count=count,
        shown=shown,
        choices=choices,
        columns=[(column, gettext(column.heading)) for column in COLUMNS.values()],
        states=STATES,
        types=rosters.KINDS,
        longest=rosters.MOST,
        long=count > LONG,
        kinds=[name for name, kind in KINDS.items() if kind.most is None or count <= kind.most],
        told=_told,
        fresh=is_fresh(),
        once=uuid7(),
        next=_address(filters),
        error=refusal.sentence(gettext) if refusal else "",
        typed=request.form,
    )
    return make_response(html, refusal.status if refusal else 200)


def _roster(tx: Connection, filters: Filters) -> Roster:
    """The roster that is asked for, with her columns. Raises NotYours."""
    here, who = site(), signed_in()
    desk = Desk(database=here.database, catalogue=here.desk.catalogue, reader=reader(), program=here.settings.name)
    return desk.ask(tx, filters, _columns(who.preferences.roster_columns), staff=who, now=here.clock())


def _address(filters: Filters) -> str:
    said: dict[str, Any] = filters.said()
    return url_for("rosters.page", **said)


def _columns(kept: Sequence[str]) -> tuple[Column, ...]:
    return chosen(name for name in kept if name in COLUMNS)


def _choices(tx: Connection, filters: Filters) -> _Choices:
    who, here = signed_in(), site()
    hers = oversight.cohorts_of(tx, who)
    all_ = oversight.sees_all(who)
    mine = {course for cohort in hers for course in cohort.courses}
    editions = {
        release.course.id: release.course.edition(reader().language)
        for release in here.desk.catalogue.all_live(tx)
        if all_ or release.course.id in mine
    }
    places = lines.places(tx, None if all_ else who.id)
    codes = {place.country for place in places} | {filters.country} - {NOT_SAID}
    countries = {code: reader().country(code) for code in codes if code}
    institutions = {place.institution for place in places if place.institution}
    by_name = sorted(institutions, key=lambda each: (fold(each), each))
    return _Choices(
        courses={name: (edition.language, edition.title) for name, edition in editions.items()},
        cohorts={cohort.id: cohort.name for cohort in hers},
        countries=dict(sorted(countries.items(), key=lambda each: fold(each[1])))
        | {NOT_SAID: gettext(rosters.UNKNOWN)},
        institutions=by_name if len(by_name) <= SUGGESTED else [],
    )


def _told(cell: Cell) -> str:
    """The cell as the page shows it."""
    if cell is None or cell == "":
        return "–"
    if isinstance(cell, str):
        return cell
    return reader().number(cell) if isinstance(cell, int | float) else reader().day(cell)
