"""Going over what was missed in a course, a few questions at a time, without a grade."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from lms.content.sections import Asked
from lms.i18n import N_
from lms.ids import uuid7
from lms.learning.attempts import PracticeWiring
from lms.learning.feedback import Feedback
from lms.learning.forms import Draft
from lms.refusals import Refusal
from lms.services.studying import reviewing
from lms.services.studying.looking import View
from lms.services.studying.study import NothingAnswered
from lms.web.frame.locale import gettext
from lms.web.frame.security import access
from lms.web.frame.session import signed_in
from lms.web.frame.site import site
from lms.web.frame.templating import spoken_in
from lms.web.learner.courses import enter
from lms.web.learner.learn import answers, where_here
from lms.web.learner.shown import QuestionShown, question_shown

blueprint = Blueprint("review", __name__)


class ToMend(Refusal):
    """An answer can't be checked as it is."""

    message = N_("Nothing was checked yet: one of your answers has to be mended first.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A question of the page, and where it is from."""

    asked: Asked
    shown: QuestionShown
    url: str
    """Of its module, where the sources and terms stand that it links to."""

    @property
    def anchor(self) -> str:
        """Of its section there."""
        return f"#{self.asked.section.anchor}" if self.asked.section else ""

    def leading(self, html: Markup) -> Markup:
        """The HTML of the question, its links leading into its module."""
        return html.replace('href="#', Markup('href="{}#').format(self.url))


@blueprint.get("/courses/<course>/review")
@access("learner")
def questions(course: str) -> str:
    """The next few questions; with `?checked=1` what there is to tell of the last ones."""
    view = _view(course)
    if request.args.get("checked") == "1":
        told = reviewing.told(view)
        return _page(view, told=[_item(view, each.asked, {}, each.feedback) for each in told], checked=True)
    return _page(view, form=[_item(view, each, {}) for each in reviewing.next_few(view)])


@blueprint.post("/courses/<course>/review")
@access("learner")
def check(course: str) -> Response:
    """A few questions answered; where nothing can be checked yet, the form as it was filled in."""
    names, where = request.form.get("questions", "").split(), where_here(course, "")
    try:
        with site().database.writing() as tx:
            filled = reviewing.answer(tx, site().desk, where, questions=names, form=answers(), now=site().clock())
    except NothingAnswered as refusal:
        return _again(course, names, {}, refusal)
    if filled.unfinished:
        return _again(course, names, filled.draft, ToMend())
    return redirect(url_for("review.questions", course=course, checked=1), 303)


def _again(course: str, names: Sequence[str], draft: Draft, problem: Refusal) -> Response:
    view = _view(course)
    form = [_item(view, each, draft) for each in reviewing.asked(view, names)]
    return make_response(_page(view, form=form, problem=problem), problem.status)


def _view(course: str) -> View:
    with site().database.reading() as tx:
        return enter(tx, course)


def _item(view: View, asked: Asked, draft: Draft, told: Feedback | None = None) -> Item:
    shown = question_shown(asked.question, PracticeWiring(signed_in().id), draft, told)
    url = url_for("learn.module", course=view.release.course.id, module=asked.module.id)
    return Item(asked=asked, shown=shown, url=url)


def _page(
    view: View,
    *,
    form: Sequence[Item] = (),
    told: Sequence[Item] = (),
    checked: bool = False,
    problem: Refusal | None = None,
) -> str:
    return render_template(
        "learn/review.html",
        view=view,
        course=view.release.course,
        edition=view.edition,
        **spoken_in(view.edition),
        form=form,
        told_items=told,
        checked=checked,
        problem=problem.sentence(gettext) if problem else "",
        changed=[_item(view, each, {}) for each in reviewing.changed(view)],
        event=uuid7(),
    )
