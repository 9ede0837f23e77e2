"""The language that a person reads a course in, where she wants another one than the pages'."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from lms.services.studying import looking
from lms.storage import preferences
from lms.web.frame.locale import reader
from lms.web.frame.security import access
from lms.web.frame.session import signed_in
from lms.web.frame.site import site

blueprint = Blueprint("languages", __name__)


@blueprint.post("/courses/<course>/language")
@access("learner")
def choose(course: str) -> Response:
    """She reads that course in this language from now on; in one that it does not have nothing changes."""
    language = request.form.get("language", "")
    with site().database.writing() as tx:
        view = looking.look(tx, site().desk.catalogue, learner=None, course=course, language=reader().language)
        if language in view.release.course.editions:
            preferences.read_in(tx, signed_in().id, course=view.release.course.id, language=language)
    return redirect(url_for("catalogue.course", course=course), 303)
