"""Questions before and after a course, which show the programme whether it teaches: answered, kept for later, or refused."""

from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from lms.content.model import Edition
from lms.learning.gain import ENOUGH
from lms.services.studying import evaluation, gain
from lms.services.studying.gain import OtherQuestions
from lms.services.studying.looking import UnknownPage, View
from lms.services.studying.study import NothingAnswered
from lms.web.frame.gate import wants_part
from lms.web.frame.locale import gettext, reader
from lms.web.frame.security import access, keeps_late
from lms.web.frame.session import signed_in
from lms.web.frame.site import site
from lms.web.frame.templating import spoken_in
from lms.web.learner.courses import enter, look
from lms.web.learner.learn import answers
from lms.web.learner.patterns import ask, place, words
from lms.web.learner.shown import question_shown

blueprint = Blueprint("gains", __name__)


@blueprint.get("/courses/<course>/knowledge")
@access("learner")
def form(course: str) -> str:
    """The form that she may answer now; or thanks, or that there is nothing to answer."""
    return _page(course)


def _save_late(learner: str, course: str) -> None:
    with site().database.writing() as tx:
        view = look(tx, course, learner=learner)
        gain.save(tx, view, _edition(tx, view), learner=learner, form=answers(), now=site().clock())


@blueprint.post("/courses/<course>/knowledge")
@access("learner")
@keeps_late(_save_late)
def send(course: str) -> Response | tuple[str, int]:
    """Her answers counted (`act=send`), or kept for later (`act=save`)."""
    now, saving = site().clock(), request.form.get("act") == "save"
    try:
        with site().database.writing() as tx:
            view, learner = enter(tx, course), signed_in().id
            edition = _edition(tx, view)
            if saving:
                gain.save(tx, view, edition, learner=learner, form=answers(), now=now)
            else:
                today = site().settings.day(now)
                done = gain.send(tx, view, edition, learner=learner, form=answers(), now=now, today=today)
    except (NothingAnswered, OtherQuestions) as refusal:
        return _page(course, error=refusal.sentence(gettext)), refusal.status
    if wants_part():
        return Response(status=204)
    saved, sent = (1 if saving else None), (None if saving or done.unfinished else 1)
    return redirect(url_for("gains.form", course=course, lang=request.args.get("lang"), saved=saved, sent=sent), 303)


@blueprint.post("/courses/<course>/knowledge/skip")
@access("learner")
def skip(course: str) -> Response:
    """She would rather not: on with the course, and never asked again."""
    with site().database.writing() as tx:
        gain.skip(tx, enter(tx, course), learner=signed_in().id)
    return redirect(url_for("catalogue.course", course=course), 303)


def _edition(tx: Connection, view: View) -> Edition:
    digest, language = request.form.get("release", ""), request.form.get("language", "")
    return gain.shown(tx, site().desk.catalogue, view, digest=digest, language=language)


def _page(course: str, *, error: str = "") -> str:
    learner = signed_in().id
    with site().database.reading() as tx:
        view = enter(tx, course)
        sheet = gain.sheet(tx, view, learner=learner)
        evaluable = sheet is None and evaluation.is_open(tx, view, learner=learner)
    module = view.edition.knowledge
    if module is None:
        raise UnknownPage
    questions = [question_shown(each, sheet.wiring, sheet.draft, None) for each in sheet.questions] if sheet else []
    return render_template(
        "learn/gain.html",
        view=view,
        course=view.release.course,
        edition=view.edition,
        **spoken_in(module),
        sheet=sheet,
        questions=questions,
        ask=partial(ask, view.release, module),
        place=place,
        words=words(reader()),
        enough=ENOUGH,
        evaluable=evaluable,
        error=error,
    )
