"""The courses there are, one course, and what the learner has of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from lms.content.model import Heading
from lms.content.sections import section_at
from lms.learning.standing import ModuleStanding
from lms.services.people import devices
from lms.services.studying import evaluation, gain
from lms.services.studying.looking import View, is_allowed
from lms.web.frame.locale import course_language
from lms.web.frame.secure import is_secure
from lms.web.frame.security import access
from lms.web.frame.session import has_left, person, signed_in
from lms.web.frame.site import site
from lms.web.frame.templating import spoken_in
from lms.web.learner.blocks import about, tail
from lms.web.learner.courses import catch_up, look, look_at_all

blueprint = Blueprint("catalogue", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoOn:
    """Where a learner goes on in one tap: the course that she did something in last, its module, the section there."""

    view: View
    module: ModuleStanding
    section: Heading | None


def go_on(views: Sequence[View]) -> GoOn | None:
    """Where to go on, in the courses that are hers and not complete; None where there is nothing."""
    open_ = [view for view in views if _is_hers(view) and not view.standing.complete and view.standing.next]
    last = max(open_, key=lambda view: (view.standing.begun, view.progress.touched), default=None)
    if last is None or last.standing.next is None:
        return None
    module = last.standing.next
    return GoOn(view=last, module=module, section=section_at(module.module, module.next_anchor))


def _is_hers(view: View) -> bool:
    return view.standing.begun or view.progress.enrolled


@blueprint.get("/")
@access("public")
def courses() -> str:
    """Every published course; for a learner, how far she is."""
    with site().database.reading() as tx:
        views = look_at_all(tx)
    return render_template("learn/courses.html", views=views, go_on=go_on(views))


@blueprint.get("/courses/<course>")
@access("public")
def course(course: str) -> str | Response:
    """What a course is about, its modules, what is still missing."""
    who = person()
    with site().database.reading() as tx:
        view = look(tx, course)
        evaluable = who is not None and evaluation.is_open(tx, view, learner=who.id)
        allowed = who is None or is_allowed(tx, view.release.course, learner=who.id)
        asks = gain.stage(tx, view, learner=who.id) if who and allowed else None
    if view.release.course.sensitive and has_left():  # "Back", after somebody left in a hurry
        return redirect(url_for("auth.login"), 303)
    catch_up([view])
    return render_template(
        "learn/course.html",
        view=view,
        course=view.release.course,
        edition=view.edition,
        about=about(view.release, view.edition),
        tail=tail(view.release, view.edition, view.edition),
        **spoken_in(view.edition),
        warning=view.release.course.warning(course_language()),
        allowed=allowed,
        evaluable=evaluable,
        asks=asks,
        can_take=is_secure(),
    )


@blueprint.get("/me/learning")
@access("learner")
def learning() -> str:
    """The courses that the learner has begun, the ones to go on with first."""
    with site().database.reading() as tx:
        views = look_at_all(tx)
        phones = devices.of_learner(tx, signed_in().id)
    catch_up(views)
    begun = [view for view in views if _is_hers(view) or view.progress.completed]
    begun.sort(key=lambda view: (view.standing.complete, not view.standing.begun))
    return render_template("learn/learning.html", views=begun, go_on=go_on(begun), phones=phones)
