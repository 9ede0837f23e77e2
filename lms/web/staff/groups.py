"""A group made and changed in the browser, closed, given another code, handed over to other coordinators."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from lms.i18n import N_
from lms.refusals import Refusal
from lms.services.common import oversight, places
from lms.services.common.institutions import TYPES
from lms.services.common.oversight import NotYours
from lms.services.groups import cohort_care, cohorts
from lms.services.groups.cohorts import MOST, Plan
from lms.storage import cohorts as stored
from lms.storage import people
from lms.storage.cohorts import Cohort
from lms.web.frame.locale import gettext, reader
from lms.web.frame.security import access
from lms.web.frame.session import signed_in
from lms.web.frame.site import site
from lms.web.staff.cohorts import STAFF

blueprint = Blueprint("groups", __name__)
Answer = Response | tuple[str, int]
Act = Callable[[Connection, Cohort], object]
CAP, DAYS = 40, 90
"""What the form for a new group begins with."""


class BadDay(Refusal):
    """Not a day."""

    message = N_("Write each day as year, month and day, such as 2026-11-30; the code needs a last day.")


@blueprint.get("/staff/cohorts/new")
@access(*STAFF)
def new() -> str:
    """The form for a new group."""
    last = site().settings.day(site().clock()) + timedelta(days=DAYS)
    return _form(None, {"cap": str(CAP), "expires": last.isoformat()}, chosen=())


@blueprint.post("/staff/cohorts/new")
@access(*STAFF)
def make() -> Answer:
    """The group is there; a coordinator who makes one looks after it."""
    who, now = signed_in(), site().clock()
    try:
        plan = _plan()
        with site().database.writing() as tx:
            made = cohorts.make(tx, site().pen, plan, by=who.id, now=now)
            if "coordinator" in who.roles:
                cohorts.assign(tx, site().pen, cohort=made, username=who.username, by=who.id, now=now)
    except Refusal as refusal:
        return _form(None, request.form, _chosen(), refusal.sentence(gettext)), refusal.status
    return redirect(url_for("groups.edit", cohort=made.id, done="made"), 303)


@blueprint.get("/staff/cohorts/<cohort>/edit")
@access(*STAFF)
def edit(cohort: str) -> str:
    """The group's facts, its code and who looks after it, each to be changed."""
    with site().database.reading() as tx:
        found = oversight.cohort_of(tx, signed_in(), cohort)
    return _form(found, _facts(found), found.courses)


@blueprint.post("/staff/cohorts/<cohort>/edit")
@access(*STAFF)
def change(cohort: str) -> Answer:
    """The group is as the form says."""

    def act(tx: Connection, found: Cohort) -> None:
        plan = _plan(found)
        cohort_care.change(tx, site().pen, found, plan, by=signed_in().id, now=site().clock())

    return _done(cohort, act, "changed", typed=True)


@blueprint.post("/staff/cohorts/<cohort>/state")
@access(*STAFF)
def state(cohort: str) -> Answer:
    """The group is closed, or open again."""
    closing = request.form.get("closed") == "yes"
    turn = cohort_care.close if closing else cohort_care.reopen
    return _done(cohort, lambda tx, found: turn(tx, site().pen, found, by=signed_in().id, now=site().clock()), "state")


@blueprint.post("/staff/cohorts/<cohort>/code")
@access(*STAFF)
def code(cohort: str) -> Answer:
    """The group has another code."""
    return _done(
        cohort, lambda tx, found: cohort_care.renew_code(tx, found, by=signed_in().id, now=site().clock()), "code"
    )


@blueprint.post("/staff/cohorts/<cohort>/coordinators")
@access(*STAFF)
def hand_to(cohort: str) -> Answer:
    """Another coordinator looks after the group too."""
    whom = request.form.get("person", "")
    return _done(
        cohort,
        lambda tx, found: cohort_care.hand_to(tx, site().pen, found, whom, by=signed_in().id, now=site().clock()),
        "people",
    )


@blueprint.post("/staff/cohorts/<cohort>/coordinators/remove")
@access(*STAFF)
def take_from(cohort: str) -> Answer:
    """A coordinator looks after the group no longer."""
    whom = request.form.get("person", "")
    answer = _done(
        cohort,
        lambda tx, found: cohort_care.take_from(tx, site().pen, found, whom, by=signed_in(), now=site().clock()),
        "people",
    )
    hers = whom == signed_in().id and "administrator" not in signed_in().roles
    return redirect(url_for("cohorts.mine"), 303) if hers and isinstance(answer, Response) else answer


def _done(cohort: str, act: Act, done: str, *, typed: bool = False) -> Answer:
    """The page again, with what was done or what was wrong."""
    with site().database.reading() as tx:
        found = oversight.cohort_of(tx, signed_in(), cohort)
    try:
        with site().database.writing() as tx:
            act(tx, oversight.cohort_of(tx, signed_in(), cohort))
    except NotYours:
        raise
    except Refusal as refusal:
        values, chosen = (request.form, _chosen()) if typed else (_facts(found), found.courses)
        return _form(found, values, chosen, refusal.sentence(gettext)), refusal.status
    return redirect(url_for("groups.edit", cohort=cohort, done=done), 303)


def _form(cohort: Cohort | None, values: object, chosen: tuple[str, ...], error: str = "") -> str:
    with site().database.reading() as tx:
        live = [each.course for each in site().desk.catalogue.all_live(tx)]
        after = stored.coordinators(tx, cohort.id) if cohort else {}
        others = {name: said for name, said in people.holding(tx, "coordinator").items() if name not in after}
    near, far = places.offered(reader())
    return render_template(
        "staff/group_edit.html" if cohort else "staff/group_new.html",
        cohort=cohort,
        typed=values,
        chosen=chosen,
        editions={each.id: each.edition(reader().language) for each in live},
        kinds=TYPES,
        near=near,
        far=far,
        after=after,
        others=others,
        most=MOST,
        done=request.args.get("done", ""),
        error=error,
        now=site().clock(),
    )


def _facts(cohort: Cohort) -> dict[str, str]:
    """The group as its form says it."""
    return {
        "name": cohort.name,
        "cap": str(cohort.cap),
        "expires": site().settings.day(cohort.last_moment).isoformat(),
        "starts_on": cohort.starts_on.isoformat() if cohort.starts_on else "",
        "ends_on": cohort.ends_on.isoformat() if cohort.ends_on else "",
        "institution_type": cohort.institution_type,
        "country": cohort.country,
    }


def _plan(cohort: Cohort | None = None) -> Plan:
    """What the form says. Raises BadDay."""
    field = request.form.get
    last = _day("expires")
    if last is None:
        raise BadDay
    as_it_was = cohort is not None and site().settings.day(cohort.last_moment) == last
    cap = field("cap", "").strip()
    return Plan(
        name=field("name", ""),
        courses=_chosen(),
        cap=int(cap) if cap.isdecimal() and len(cap) < 7 else 0,
        expires_at=cohort.expires_at if cohort and as_it_was else _end_of(last),
        starts_on=_day("starts_on"),
        ends_on=_day("ends_on"),
        institution_type=field("institution_type", ""),
        country=field("country", ""),
    )


def _chosen() -> tuple[str, ...]:
    return tuple(request.form.getlist("courses"))


def _day(name: str) -> date | None:
    text = request.form.get(name, "").strip()
    try:
        found = date.fromisoformat(text) if text else None
    except ValueError:
        raise BadDay from None
    if found and not 2000 <= found.year <= 2200:
        raise BadDay
    return found


def _end_of(day: date) -> datetime:
    """The first moment after that day, here."""
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(site().settings.timezone)).astimezone(UTC)
