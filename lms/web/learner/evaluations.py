"""What learners think of a course: they say it once, at its end; authors and coordinators see it when there is enough."""

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from lms.refusals import Refusal
from lms.services.reporting import sexes
from lms.services.studying import evaluation
from lms.services.studying.evaluation import CommentTooLong, NotCompleted, NothingToCount
from lms.services.studying.looking import UnknownPage, View
from lms.services.studying.polls import ENOUGH
from lms.storage import comments
from lms.web.frame.locale import gettext, reader
from lms.web.frame.paging import SHOWN, Paging
from lms.web.frame.security import access, keeps_late
from lms.web.frame.session import signed_in
from lms.web.frame.site import site
from lms.web.learner.courses import look

blueprint = Blueprint("evaluations", __name__)
READERS = ("author", "coordinator", "administrator")


@blueprint.get("/courses/<course>/evaluation")
@access("learner")
def form(course: str) -> str:
    """The questions at the end of a course, or thanks for having answered them."""
    with site().database.reading() as tx:
        view = look(tx, course)
        if not view.standing.complete:
            raise NotCompleted
        is_open = evaluation.is_open(tx, view, learner=signed_in().id)
        asks_sex = is_open and _asks_sex(tx)
    return _page(view, is_open=is_open, asks_sex=asks_sex)


def _send_late(learner: str, course: str) -> None:
    with site().database.writing() as tx:
        _send(tx, look(tx, course, learner=learner), learner)


@blueprint.post("/courses/<course>/evaluation")
@access("learner")
@keeps_late(_send_late)
def send(course: str) -> Response | tuple[str, int]:
    """What she thinks, counted; or the form again with what she filled in."""
    try:
        with site().database.writing() as tx:
            view = look(tx, course)
            asks_sex = _asks_sex(tx)
            _send(tx, view, signed_in().id)
    except (CommentTooLong, NothingToCount) as refusal:
        return _page(view, is_open=True, asks_sex=asks_sex, refusal=refusal), refusal.status
    return redirect(url_for("evaluations.form", course=course), 303)


@blueprint.get("/author/evaluations")
@access(*READERS)
def courses() -> str:
    """Every course, and how many have said what they think of it."""
    with site().database.reading() as tx:
        live = site().desk.catalogue.all_live(tx)
        sent = evaluation.sent_by_course(tx)
    return render_template("author/evaluations.html", live=live, sent=sent)


@blueprint.get("/author/evaluations/<course>")
@access(*READERS)
def results(course: str) -> str:
    """What was said about a course, as far as it hides everybody; `?major=` for an earlier one."""
    with site().database.reading() as tx:
        live = site().desk.catalogue.live(tx, course)
        if live is None:
            raise UnknownPage
        majors = sorted({live.course.major, *evaluation.sent(tx, course)}, reverse=True)
        major = next((each for each in majors if str(each) == request.args.get("major")), live.course.major)
        found = evaluation.results(tx, course, major)
        paging = Paging.read(found.comments)
        said = (
            comments.some(tx, course=course, major=major, limit=SHOWN, offset=paging.offset) if found.comments else []
        )
    return render_template(
        "author/evaluation.html",
        course=live.course,
        edition=live.course.edition(reader().language),
        evaluation=found,
        said=said,
        majors=majors,
        paging=paging,
        enough=ENOUGH,
        questions=evaluation.QUESTIONS,
    )


def _send(tx: Connection, view: View, learner: str) -> None:
    answers = {name: request.form.get(name, "") for name in evaluation.QUESTIONS}
    comment, sex = request.form.get("comment", ""), request.form.get("sex", "") if site().settings.ask_sex else ""
    said_more = sex in sexes.COUNTED
    evaluation.send(tx, view, learner=learner, answers=answers, comment=comment, said_more=said_more)
    if sex:
        sexes.count(tx, learner=learner, course=view.release.course.id, answer=sex, today=_today())


def _today() -> date:
    return site().settings.day(site().clock())


def _asks_sex(tx: Connection) -> bool:
    return site().settings.ask_sex and sexes.is_asked(tx, learner=signed_in().id, today=_today())


def _page(view: View, *, is_open: bool, asks_sex: bool, refusal: Refusal | None = None) -> str:
    return render_template(
        "learn/evaluation.html",
        view=view,
        course=view.release.course,
        edition=view.edition,
        is_open=is_open,
        sexes=sexes.ANSWERS if asks_sex else (),
        error=refusal.sentence(gettext) if refusal else "",
        typed=request.form,
        questions=evaluation.QUESTIONS,
        longest=evaluation.LONGEST,
        enough=ENOUGH,
    )
