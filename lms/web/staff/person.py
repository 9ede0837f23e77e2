"""Somebody on the staff's pages: how she gets in, what the staff can do about it, and which roles she has."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from lms.ids import is_uuid, uuid7
from lms.refusals import Refusal
from lms.services.common import oversight
from lms.services.common.institutions import TYPES
from lms.services.common.oversight import NotYours
from lms.services.people import linking, powers, ways_in
from lms.storage import cohorts, devices, roll, second_factors
from lms.storage.people import Person
from lms.storage.roll import Account
from lms.web.frame import codes
from lms.web.frame.fresh import fresh, is_fresh
from lms.web.frame.locale import gettext
from lms.web.frame.security import access
from lms.web.frame.session import signed_in
from lms.web.frame.site import site
from lms.web.staff.cohorts import STAFF
from lms.web.staff.members import sheet

blueprint = Blueprint("person", __name__)
Answer = Response | tuple[str, int] | str


@blueprint.get("/staff/people/<person>")
@access(*STAFF)
def one(person: str) -> str:
    """Somebody: where they work, her groups, how she gets in, and the forms to give her another way in or none."""
    return _one(person)


@blueprint.post("/staff/people/<person>/reset")
@access(*STAFF)
@fresh
def reset(person: str) -> Answer:
    """A one-time code, shown once."""

    def act(staff: Person) -> Answer:
        code = ways_in.reset(site().database, person, staff, now=site().clock())
        return _one(person, code=code)

    return _tried(person, "reset", act)


@blueprint.post("/staff/people/<person>/card")
@access(*STAFF)
@fresh
def make_card(person: str) -> Answer:
    """A login card, in the place of one that she has; shown once."""

    def act(staff: Person) -> Answer:
        pin, cohort = request.form.get("pin", "").strip(), request.form.get("cohort", "")
        with site().database.reading() as tx:  # before: afterwards nobody would see the card that was made
            found = oversight.cohort_of(tx, staff, cohort) if is_uuid(cohort) else None
        given = ways_in.make_card(site().database, person, staff, pin=pin, now=site().clock())
        return sheet("print/cards.html", found.id if found else "", [given])

    return _tried(person, "card", act)


@blueprint.post("/staff/people/<person>/void")
@access(*STAFF)
def void(person: str) -> Answer:
    """No card of hers lets in any more."""
    return _done(person, "void", ways_in.void_cards)


@blueprint.post("/staff/people/<person>/sign-out")
@access(*STAFF)
def sign_out(person: str) -> Answer:
    """She is signed in nowhere."""
    return _done(person, "sign-out", ways_in.sign_out)


@blueprint.post("/staff/people/<person>/phone")
@access(*STAFF)
def revoke_phone(person: str) -> Answer:
    """A phone of hers, `device`, may send nothing more."""

    def act(tx: Connection, person: str, staff: Person, *, now: datetime) -> None:
        ways_in.revoke_device(tx, site().pen, person, request.form.get("device", ""), staff, now=now)

    return _done(person, "phone", act)


@blueprint.post("/staff/people/<person>/deactivate")
@access(*STAFF)
def deactivate(person: str) -> Answer:
    """She can't sign in any more."""
    return _done(person, "deactivate", ways_in.deactivate)


@blueprint.post("/staff/people/<person>/reactivate")
@access(*STAFF)
def reactivate(person: str) -> Answer:
    """She can sign in again."""
    return _done(person, "reactivate", ways_in.reactivate)


@blueprint.post("/staff/people/<person>/roles")
@access("administrator")
@fresh
def change_roles(person: str) -> Answer:
    """She has exactly the roles that are ticked."""

    def act(staff: Person) -> Answer:
        with site().database.writing() as tx:
            roles = request.form.getlist("role")
            changed = powers.change(tx, site().pen, person, roles, by=staff, now=site().clock())
        if changed and person == staff.id:  # her sessions are over
            return redirect(url_for("auth.login"), 303)
        return redirect(url_for("person.one", person=person, done="roles" if changed else "same"), 303)

    return _tried(person, "roles", act)


def _done(person: str, form: str, act: Callable[..., None]) -> Answer:
    def once(staff: Person) -> Answer:
        with site().database.writing() as tx:
            act(tx, person, staff, now=site().clock())
        return redirect(url_for("person.one", person=person, done=form), 303)

    return _tried(person, form, once)


def _tried(person: str, form: str, act: Callable[[Person], Answer]) -> Answer:
    """What the act answers, or her page with what was wrong."""
    try:
        return act(signed_in())
    except NotYours:
        raise
    except Refusal as refusal:
        return _one(person, refused=form, error=refusal.sentence(gettext)), refusal.status


def _one(person: str, *, refused: str = "", error: str = "", code: str = "") -> str:
    who = signed_in()
    with site().database.reading() as tx:
        found = oversight.learner_of(tx, who, person)
        groups = _groups(tx, who, found)
        together = linking.together(tx, who, person)
        looks_after = cohorts.of_coordinator(tx, person) if oversight.sees_all(who) else []
        has_second = second_factors.is_on(tx, person)
        phones, unproven = devices.of_learner(tx, person), devices.unproven(tx, person)
    address = codes.address(request.form.get("at", ""))
    return render_template(
        "staff/person.html",
        each=found,
        address=address,
        here_only=codes.is_here_only(address),
        groups=groups,
        kinds=TYPES,
        together=together,
        looks_after=looks_after,
        has_second=has_second,
        phones=phones,
        unproven=unproven,
        moment=site().clock(),
        names=powers.ROLES,
        chosen=request.form.getlist("role") if refused == "roles" else found.roles,
        may=found.id != who.id and (not found.is_staff or "administrator" in who.roles),
        done=request.args.get("done", ""),
        opened=request.args.get("open", ""),
        refused=refused,
        error=error,
        code=code,
        hours=int(ways_in.LASTS.total_seconds()) // 3600,
        fresh=is_fresh(),
        once=uuid7(),
        next=url_for("person.one", person=person, open="roles") + "#page-roles",
    )


def _groups(tx: Connection, staff: Person, member: Account) -> list[cohorts.Cohort]:
    """Her groups, as far as whoever asks sees them."""
    hers = roll.cohorts_of(tx, member.id)
    return [each for each in oversight.cohorts_of(tx, staff) if each.id in hers]
