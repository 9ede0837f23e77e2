"""A module: read it, answer, save, end it. Each POST is one act of the learner."""

from collections.abc import Callable, Mapping
from datetime import datetime

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from lms.content.model import Module, Poll, Quiz, Scenario
from lms.ids import is_uuid
from lms.learning.forms import Form
from lms.learning.paper import entered_at
from lms.services.people import devices
from lms.services.studying import drafting, notes, polls, study, testing, tries
from lms.services.studying.desk import Where
from lms.services.studying.looking import View
from lms.services.studying.polls import PollState
from lms.services.studying.testing import Chances
from lms.web.frame.gate import wants_part
from lms.web.frame.locale import course_language
from lms.web.frame.security import access, keeps_late
from lms.web.frame.session import signed_in
from lms.web.frame.site import site
from lms.web.frame.templating import spoken_in
from lms.web.learner import patterns
from lms.web.learner.blocks import pieces
from lms.web.learner.courses import enter, look
from lms.web.learner.lesson import finish as end_of
from lms.web.learner.lesson import lesson
from lms.web.learner.shown import quiz_shown

blueprint = Blueprint("learn", __name__)
OURS = ("csrf", "event", "release", "act", "language", "questions")
"""Fields of a form that are not answers."""


@blueprint.get("/courses/<course>/<module>")
@access("learner")
def module(course: str, module: str) -> str | Response:
    """A module to read and answer, or the first page of a test; one that has another name now is looked for there."""
    learner, now = signed_in().id, site().clock()
    if wants_part():
        return _part(course, module, request.args.get("again", ""))
    with site().database.reading() as tx:
        view = enter(tx, course)
        found = view.module_now(module)
        if found.id != module:
            return redirect(url_for("learn.module", course=course, module=found.id, lang=request.args.get("lang")))
        if found.kind == "test":
            chances = testing.chances(tx, view, learner=learner, module=found, now=now)
            phones = {each.id: each.name for each in devices.of_learner(tx, learner)} if chances.away else {}
            return _test(view, found, chances, phones)
        quiz = _quizzes(tx, view, found, learner)
        asked = polls.states(tx, found.polls(), course=course, learner=learner, lineage=view.lineage)
        kept = notes.in_module(tx, view, found, learner=learner)
    blocks = {block.id: quiz(block) for block in found.body if isinstance(block, Quiz)}
    blocks |= {block.id: _scenario(view, found, block) for block in found.scenarios()}
    blocks |= {block.id: _poll(view, found, block, asked[block.id]) for block in found.polls()}
    ended = view.edition.modules.get(request.args.get("ended", ""))
    entered = entered_at(view.progress, found)
    return render_template(
        "learn/module.html",
        **_page(view, found),
        entered=datetime.fromisoformat(entered) if entered else None,
        lesson=lesson(view, found, blocks, kept, ended),
    )


def _save_late(learner: str, course: str, module: str, quiz: str) -> None:
    where = where_here(course, module, learner=learner)
    with site().database.writing() as tx:
        study.save_quiz(tx, site().desk, where, quiz=quiz, form=answers(), now=site().clock())


@blueprint.post("/courses/<course>/<module>/quiz/<quiz>")
@access("learner")
@keeps_late(_save_late)
def answer(course: str, module: str, quiz: str) -> Response:
    """A quiz answered (`act=check`) or kept for later (`act=save`)."""
    where, now, saving = where_here(course, module), site().clock(), request.form.get("act") == "save"
    with site().database.writing() as tx:
        if saving:
            study.save_quiz(tx, site().desk, where, quiz=quiz, form=answers(), now=now)
        else:
            study.answer_quiz(tx, site().desk, where, quiz=quiz, form=answers(), now=now)
    if saving and wants_part():
        return Response(status=204)
    if wants_part():
        return _part(course, module, quiz)
    return redirect(_module_url(course, module, anchor=f"quiz-{quiz}", saved=quiz if saving else None), 303)


@blueprint.post("/courses/<course>/<module>/finish")
@access("learner")
def finish(course: str, module: str) -> Response:
    """ "I have finished this module": on to the next one; to the course, where this one or nothing more is missing."""
    where = where_here(course, module)
    with site().database.writing() as tx:
        study.end_module(tx, site().desk, where, now=site().clock())
        view = look(tx, course)
    where_now = _after_ending(view, view.module_now(module).id)
    if wants_part():
        return Response(where_now, mimetype="text/plain")
    return redirect(where_now, 303)


def _after_ending(view: View, ended: str) -> str:
    """The address to go on at after ending that module."""
    course, after = view.release.course.id, view.standing.next
    if after is None or not view.standing.of(ended).done:
        return url_for("catalogue.course", course=course, _anchor="modules")
    return url_for("learn.module", course=course, module=after.module.id, ended=ended)


@blueprint.post("/courses/<course>/<module>/scenario/<scenario>")
@access("learner")
def scenario(course: str, module: str, scenario: str) -> Response:
    """An ending of a scenario reached."""
    where, ending = where_here(course, module), request.form.get("ending", "")
    with site().database.writing() as tx:
        study.end_scenario(tx, site().desk, where, scenario=scenario, ending=ending, now=site().clock())
    if wants_part():
        return Response(status=204)
    return redirect(_module_url(course, module, anchor=f"{scenario}-{ending}"), 303)


@blueprint.post("/courses/<course>/<module>/poll/<poll>")
@access("learner")
def poll(course: str, module: str, poll: str) -> Response:
    """A poll or scale answered."""
    where, option = where_here(course, module), request.form.get(poll, "")
    with site().database.writing() as tx:
        polls.choose(tx, site().desk, where, poll=poll, option=option)
    return redirect(_module_url(course, module, anchor=poll), 303)


@blueprint.post("/courses/<course>/<module>/place")
@access("learner")
def place(course: str, module: str) -> Response:
    """She has come as far as this section; sent by the page's script."""
    where = where_here(course, module)
    with site().database.writing() as tx:
        study.reach_section(tx, site().desk, where, section=request.form.get("section", ""), now=site().clock())
    return Response(status=204)


def answers() -> Form:
    """The answers in the form that was sent."""
    return {name: request.form.getlist(name) for name in request.form if name not in OURS}


def where_here(course: str, module: str, *, learner: str | None = None) -> Where:
    """Whose act this is, and where, as her form tells it."""
    event = request.form.get("event", "")
    return Where(
        learner=learner or signed_in().id,
        course=course,
        module=module,
        release=request.form.get("release", ""),
        event=event if is_uuid(event) else None,
        language=request.form.get("language") or course_language(course),
    )


def _test(view: View, found: Module, chances: Chances, phones: Mapping[str, str]) -> str:
    return render_template(
        "learn/test.html",
        **_page(view, found),
        **spoken_in(found),
        pieces=pieces(view.release, found),
        standing=view.standing.of(found.id),
        chances=chances,
        phones=phones,
    )


def _page(view: View, found: Module) -> dict[str, object]:
    """What the frame of a module's page shows."""
    return {
        "view": view,
        "course": view.release.course,
        "edition": view.edition,
        "module": found,
        "number": list(view.edition.modules).index(found.id) + 1,
    }


def _quizzes(tx: Connection, view: View, found: Module, learner: str) -> Callable[[Quiz], Markup]:
    """How the quizzes of that module are shown to her: with her drafts, and the tries that are left."""
    course, line = view.release.course.id, view.lineage
    draft = drafting.load(tx, learner=learner, course=course, lineage=line)
    left = tries.left(tx, learner=learner, course=course, module=found, lineage=line)

    def show(quiz: Quiz) -> Markup:
        again, mine = request.args.get("again") == quiz.id, drafting.part(draft, quiz.questions)
        shown = quiz_shown(quiz, learner=learner, view=view, draft=mine, again=again, left=left.get(quiz.id))
        return patterns.quiz(view.release, found, view.edition, shown)

    return show


def _scenario(view: View, found: Module, block: Scenario) -> Markup:
    ended = view.progress.scenarios.get(block.id, frozenset())
    return patterns.scenario(view.release, found, view.edition, block, ended)


def _poll(view: View, found: Module, block: Poll, state: PollState) -> Markup:
    return patterns.poll(view.release, found, view.edition, block, state)


def _part(course: str, module: str, quiz: str) -> Response:
    """The quiz and what the module still asks for, for a page that replaces both in place; where an edit left no such quiz,
    that page loads anew."""
    learner = signed_in().id
    with site().database.reading() as tx:
        view = enter(tx, course)
        found = view.module_now(module)
        block = _quiz_with(view.lineage.now(quiz), found)
        if block is None or found.kind == "test":
            return Response(status=409)
        shown = _quizzes(tx, view, found, learner)(block)
    return make_response(shown + end_of(view, found))


def _quiz_with(question: str, found: Module) -> Quiz | None:
    quizzes = (block for block in found.body if isinstance(block, Quiz))
    return next((quiz for quiz in quizzes if question in [each.id for each in quiz.questions]), None)


def _module_url(course: str, module: str, *, anchor: str, saved: str | None = None) -> str:
    return url_for("learn.module", course=course, module=module, saved=saved, _anchor=anchor)
