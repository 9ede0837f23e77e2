"""The courses there are, one course, and what the learner has of them."""

from flask import Blueprint, render_template

from lms.services import study
from lms.storage import certificates
from lms.web.blocks import about
from lms.web.locale import course_language, reader
from lms.web.security import access
from lms.web.session import person, signed_in
from lms.web.site import site
from lms.web.templating import spoken_in

blueprint = Blueprint("catalogue", __name__)


@blueprint.get("/")
@access("public")
def courses() -> str:
    """Every published course; for a learner, how far she is."""
    who = person()
    with site().database.reading() as tx:
        views = study.look_at_all(
            tx, site().desk.catalogue, learner=who.id if who else None, language=reader().language
        )
    return render_template("learn/courses.html", views=views)


@blueprint.get("/courses/<course>")
@access("public")
def course(course: str) -> str:
    """What a course is about, its modules, what is still missing."""
    who = person()
    with site().database.reading() as tx:
        view = study.look(
            tx, site().desk.catalogue, learner=who.id if who else None, course=course, language=course_language()
        )
        allowed = who is None or study.is_allowed(tx, view.release.course, learner=who.id)
        mine = certificates.of_learner(tx, who.id) if who and view.standing.complete else []
    number = next((each.number for each in mine if each.course == course), "")
    return render_template(
        "learn/course.html",
        view=view,
        course=view.release.course,
        edition=view.edition,
        about=about(view.release, view.edition),
        **spoken_in(view.edition),
        allowed=allowed,
        certificate=number,
    )


@blueprint.get("/me/learning")
@access("learner")
def learning() -> str:
    """The courses that the learner has begun, the ones to go on with first."""
    with site().database.reading() as tx:
        views = study.look_at_all(tx, site().desk.catalogue, learner=signed_in().id, language=reader().language)
    begun = [view for view in views if view.standing.begun or view.progress.enrolled or view.progress.completed]
    begun.sort(key=lambda view: (view.standing.complete, not view.standing.begun))
    return render_template("learn/learning.html", views=begun)
