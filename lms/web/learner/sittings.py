"""The final test: open an attempt, fill in its sheet, review it, send it, see the result."""

from collections.abc import Mapping
from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from lms.ids import uuid7
from lms.learning.feedback import Feedback
from lms.services.studying import evaluation, gain, testing
from lms.services.studying.looking import View
from lms.services.studying.testing import Sitting
from lms.storage import certificates
from lms.web.frame.gate import wants_part
from lms.web.frame.locale import course_language, course_languages, reader
from lms.web.frame.security import access, keeps_late
from lms.web.frame.session import signed_in
from lms.web.frame.site import site
from lms.web.frame.templating import spoken_in
from lms.web.learner.blocks import referred, tail
from lms.web.learner.courses import look
from lms.web.learner.learn import answers, where_here
from lms.web.learner.patterns import ask, place, tell, words
from lms.web.learner.shown import question_shown

blueprint = Blueprint("sittings", __name__)


@blueprint.post("/courses/<course>/<module>/test")
@access("learner")
def begin(course: str, module: str) -> Response:
    """A new attempt, or the one still open."""
    where = where_here(course, module)
    with site().database.writing() as tx:
        attempt = testing.open_attempt(tx, site().desk, where, now=site().clock())
    return redirect(url_for("sittings.sheet", attempt=attempt), 303)


@blueprint.get("/attempts/<attempt>")
@access("learner")
def sheet(attempt: str) -> str:
    """The sheet to fill in (`?review=1`: with what is still empty), or, once sent, its result."""
    with site().database.reading() as tx:
        seat = _sitting(tx, attempt, signed_in().id)
        if not seat.sent:
            return _sheet(seat, review=request.args.get("review") == "1")
        reasons = testing.reasons(tx, seat)
        view = look(tx, seat.attempt.course)
        mine = certificates.of_learner(tx, signed_in().id) if view.standing.complete else []
        evaluable = evaluation.is_open(tx, view, learner=signed_in().id)
        asks = gain.stage(tx, view, learner=signed_in().id) if view.standing.complete else None
    told = _told(seat, reasons) if reasons else Markup("")
    return render_template(
        "learn/result.html",
        seat=seat,
        course=seat.release.course,
        edition=view.edition,
        module=seat.module,
        **spoken_in(seat.module),
        view=view,
        questions=told,
        review=_to_review(seat, view),
        tail=tail(seat.release, seat.module, view.edition, referred(told)),
        evaluable=evaluable,
        asks=asks,
        certificate=next((each for each in mine if each.course == seat.attempt.course), None),
    )


def _save_late(learner: str, attempt: str) -> None:
    with site().database.writing() as tx:
        seat = _sitting(tx, attempt, learner)
        where = where_here(seat.attempt.course, seat.attempt.module, learner=learner)
        testing.save_sheet(tx, site().desk, where, attempt=attempt, form=answers(), now=site().clock())


@blueprint.post("/attempts/<attempt>")
@access("learner")
@keeps_late(_save_late)
def send(attempt: str) -> Response:
    """The sheet saved (`act=save`), looked over (`act=review`) or sent (`act=send`)."""
    act, now = request.form.get("act"), site().clock()
    with site().database.writing() as tx:
        seat = _sitting(tx, attempt, signed_in().id)
        where = where_here(seat.attempt.course, seat.attempt.module)
        if act != "send":
            testing.save_sheet(tx, site().desk, where, attempt=attempt, form=answers(), now=now)
        else:
            done = testing.send_sheet(tx, site().desk, where, attempt=attempt, form=answers(), now=now)
            act = "review" if done.unfinished else act
    if wants_part():
        return Response(status=204)
    review, saved = (1 if act == name else None for name in ("review", "save"))
    return redirect(url_for("sittings.sheet", attempt=attempt, review=review, saved=saved), 303)


def _sitting(tx: Connection, attempt: str, learner: str) -> Sitting:
    return testing.sitting(
        tx, site().desk, learner=learner, attempt=attempt, language=course_language(), chosen=course_languages()
    )


def _sheet(seat: Sitting, *, review: bool) -> str:
    shown = [question_shown(each, seat.wiring, seat.draft, None) for each in seat.questions]
    return render_template(
        "learn/sheet.html",
        seat=seat,
        course=seat.release.course,
        edition=seat.release.course.edition(course_language(seat.attempt.course)),
        module=seat.module,
        **spoken_in(seat.module),
        questions=shown,
        ask=partial(ask, seat.release, seat.module),
        place=place,
        words=words(reader()),
        review=review,
        empty=[n for n, each in enumerate(shown, start=1) if not each.answered or each.unfinished],
        event=uuid7(),
    )


def _told(seat: Sitting, reasons: Mapping[str, Feedback]) -> Markup:
    """Every question with what is told of its answer."""
    shown = [question_shown(each, seat.wiring, {}, reasons[each.id]) for each in seat.questions]
    tell_one = partial(tell, seat.release, seat.module)
    return Markup("").join(tell_one(each, place=place(n, len(shown))) for n, each in enumerate(shown, start=1))


def _to_review(seat: Sitting, view: View) -> list[str]:
    """The ids of the modules that the questions missed belong to, in the course's order."""
    rules = seat.module.test
    if seat.marked is None or rules is None:
        return []
    named = {view.lineage.now(rules.review.get(pool, "")) for pool in seat.marked.missed}
    return [each for each in view.edition.modules if each in named]
