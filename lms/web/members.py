"""Who is in a group, and one of them: how she gets in, and what the staff can do about it."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from lms.ids import is_uuid, uuid7
from lms.refusals import Refusal
from lms.services import oversight, rosters, ways_in
from lms.services.institutions import TYPES
from lms.services.oversight import NotYours
from lms.services.ways_in import Given
from lms.storage import cohorts, roll
from lms.storage.people import Person
from lms.storage.roll import Account
from lms.web import codes
from lms.web.cohorts import STAFF
from lms.web.fresh import fresh, is_fresh
from lms.web.locale import gettext
from lms.web.security import access
from lms.web.session import signed_in
from lms.web.site import site

blueprint = Blueprint("members", __name__)
Answer = Response | tuple[str, int] | str
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
    return _sheet("print/passphrases.html", cohort, given)


@blueprint.post("/staff/cohorts/<cohort>/cards")
@access(*STAFF)
@fresh
def make_cards(cohort: str) -> str:
    """A sheet of login cards for some people of the group, and their PINs apart, shown once."""
    with site().database.reading() as tx:
        found = oversight.cohort_of(tx, signed_in(), cohort)
    given = ways_in.make_cards(site().database, found, signed_in(), now=site().clock())
    return _sheet("print/cards.html", cohort, given)


@blueprint.get("/staff/people/<person>")
@access(*STAFF)
def one(person: str) -> str:
    """Somebody: where she works, her groups, how she gets in, and the forms to give her another way in or none."""
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
        pin = request.form.get("pin", "").strip()
        given = ways_in.make_card(site().database, person, staff, pin=pin, now=site().clock())
        return _sheet("print/cards.html", request.form.get("cohort", ""), [given])

    return _tried(person, "card", act)


@blueprint.post("/staff/people/<person>/void")
@access(*STAFF)
def void(person: str) -> Answer:
    """No card of hers lets in any more."""
    return _done(person, "void", ways_in.void_cards)


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


def _done(person: str, form: str, act: Callable[..., None]) -> Answer:
    def once(staff: Person) -> Answer:
        with site().database.writing() as tx:
            act(tx, person, staff, now=site().clock())
        return redirect(url_for("members.one", person=person, done=form), 303)

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
    return render_template(
        "staff/person.html",
        each=found,
        groups=groups,
        kinds=TYPES,
        may=found.id != who.id and (not found.is_staff or "administrator" in who.roles),
        done=request.args.get("done", ""),
        refused=refused,
        error=error,
        code=code,
        fresh=is_fresh(),
        hours=int(ways_in.LASTS.total_seconds()) // 3600,
    )


def _groups(tx: Connection, staff: Person, member: Account) -> list[cohorts.Cohort]:
    """Her groups, as far as whoever asks sees them."""
    hers = roll.cohorts_of(tx, member.id)
    return [each for each in oversight.cohorts_of(tx, staff) if each.id in hers]


def _sheet(template: str, cohort: str, given: list[Given]) -> str:
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
