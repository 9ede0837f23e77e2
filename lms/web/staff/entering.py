"""A sheet of paper of somebody in the group: found by its code, entered by its letters, looked over, kept."""

from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from lms.content.model import Course
from lms.i18n import N_
from lms.learning.forms import Form
from lms.learning.paper import PaperQuestion
from lms.refusals import Refusal
from lms.services.common import oversight
from lms.services.common.oversight import NotYours
from lms.services.studying import entering
from lms.services.studying.entering import Paper
from lms.storage import cohorts
from lms.storage.cohorts import Cohort
from lms.web.frame.locale import gettext, reader
from lms.web.frame.security import access
from lms.web.frame.session import signed_in
from lms.web.frame.site import site
from lms.web.frame.sure import NotSure, check_sure

blueprint = Blueprint("entering", __name__)
STAFF = ("coordinator", "administrator")
CHOSEN = ("course", "person", "module", "sheet")
"""What says whose sheet of what it is; whatever else a form holds, but these and `OURS`, is an answer."""
OURS = ("csrf", "act", "sure", "ended")


class NobodyChosen(Refusal):
    """Whose sheet it is was not said, or it is nobody in the group."""

    message = N_("Choose the person whose sheet it is.")


@dataclass(frozen=True, slots=True)
class _Desk:
    """The group, its published courses, who is in it, and what was chosen."""

    cohort: Cohort
    live: dict[str, Course]
    people: dict[str, str]
    chosen: dict[str, str]

    @property
    def course(self) -> Course | None:
        """The course chosen, else the first."""
        return self.live.get(self.chosen["course"]) or next(iter(self.live.values()), None)


@blueprint.get("/staff/cohorts/<cohort>/paper")
@access(*STAFF)
def page(cohort: str) -> str | tuple[str, int]:
    """Whose sheet of what it is; with all of that in the address, the sheet to fill in."""
    with site().database.reading() as tx:
        desk = _desk(tx, cohort)
        if not desk.chosen["sheet"] or request.args.get("done") or not desk.course:
            return _which(desk)
        try:
            found = _paper(tx, desk)
            return _sheet(_named(desk, found), found, {})
        except NotYours:
            raise
        except Refusal as refusal:
            return _which(desk, error=refusal.sentence(gettext)), refusal.status


@blueprint.post("/staff/cohorts/<cohort>/paper")
@access(*STAFF)
def enter(cohort: str) -> str | tuple[str, int] | Response:
    """The sheet looked over (`act=look`), corrected (`act=correct`) or kept (`act=keep`)."""
    act, form = request.form.get("act"), _answers()
    with site().database.reading() as tx:
        desk = _desk(tx, cohort)
        found = _paper(tx, desk)
    desk = _named(desk, found)
    if act == "correct":
        return _sheet(desk, found, form)
    try:
        if act != "keep":
            return _look(desk, found, form)
        check_sure()
        with site().database.writing() as tx:
            entering.keep(
                tx,
                site().desk,
                found,
                staff=signed_in(),
                learner=_desk(tx, cohort).chosen["person"],
                form=form,
                ended=request.form.get("ended") == "yes",
                now=site().clock(),
            )
    except NotSure as refusal:
        return _look(desk, found, form, error=refusal.sentence(gettext)), refusal.status
    except Refusal as refusal:
        return _sheet(desk, found, form, error=refusal.sentence(gettext)), refusal.status
    said: dict[str, Any] = {**desk.chosen, "done": "1"}
    return redirect(url_for("entering.page", cohort=cohort, **said), 303)


def _desk(tx: Connection, cohort: str) -> _Desk:
    """The group as the request asks for it. Raises NotYours."""
    found = oversight.cohort_of(tx, signed_in(), cohort)
    live = {each.course.id: each.course for each in site().desk.catalogue.all_live(tx)}
    chosen = {name: request.values.get(name, "") for name in CHOSEN}
    people = cohorts.members(tx, found.id)
    chosen["person"] = chosen["person"] if chosen["person"] in people else ""
    return _Desk(found, {name: course for name, course in live.items() if name in found.courses}, people, chosen)


def _paper(tx: Connection, desk: _Desk) -> Paper:
    """The sheet that was chosen. Raises NobodyChosen, and what `entering.find_paper` does."""
    if not desk.chosen["person"]:
        raise NobodyChosen
    course = desk.course.id if desk.course else ""
    return entering.find_paper(
        tx,
        site().desk.catalogue,
        staff=signed_in(),
        course=course,
        module=desk.chosen["module"],
        typed=desk.chosen["sheet"],
        language=reader().language,
    )


def _named(desk: _Desk, found: Paper) -> _Desk:
    """The sheet by its whole code: a course edited meanwhile makes it no other one."""
    return replace(desk, chosen={**desk.chosen, "sheet": found.sheet.code})


def _answers() -> Form:
    return {name: values for name, values in request.form.lists() if name not in (*OURS, *CHOSEN)}


def _which(desk: _Desk, error: str = "") -> str:
    return _page("staff/paper_which.html", desk, error=error, done=request.args.get("done") == "1")


def _sheet(desk: _Desk, found: Paper, form: Form, error: str = "") -> str:
    ended = request.form.get("ended") == "yes"
    return _page("staff/paper_sheet.html", desk, found=found, form=form, ended=ended, error=error)


def _look(desk: _Desk, found: Paper, form: Form, error: str = "") -> str:
    """What is about to be kept. Raises UnknownAnswer, AnswerTooLong, NothingEntered."""
    filled, ended = found.read(form), request.form.get("ended") == "yes" and not found.is_test
    if not filled.answers and not ended:
        raise entering.NothingEntered
    worth = entering.worth(found, filled.answers)
    said = {each.id: _said(each, form) for each in found.asked}
    more = {"worth": worth, "said": said, "unfinished": filled.unfinished, "ended": ended}
    return _page("staff/paper_look.html", desk, found=found, form=form, error=error, **more)


def _said(asked: PaperQuestion, form: Form) -> str:
    """What was entered for a question, as the sheet has it: `B`, `1 C, 2 A`, or words."""
    whole = [_letter(asked, value) for value in form.get(asked.id, ())]
    places = range(1, max(len(asked.items), len(asked.options), len(asked.gaps)) + 1)
    parts = [(place, _first(form, f"{asked.id}.{'p' if asked.kind == 'order' else ''}{place}")) for place in places]
    return ", ".join([each for each in whole if each] + [f"{n} {_letter(asked, part, n)}" for n, part in parts if part])


def _letter(asked: PaperQuestion, value: str, place: int = 0) -> str:
    """The letter of that number, or what was written."""
    lettered = asked.gaps[place - 1].words if asked.gaps and place else asked.options
    return (
        lettered[int(value) - 1].letter if lettered and value.isdecimal() and 0 < int(value) <= len(lettered) else value
    )


def _first(form: Form, name: str) -> str:
    return next(iter(form.get(name, ())), "").strip()


def _page(template: str, desk: _Desk, **more: object) -> str:
    return render_template(template, cohort=desk.cohort, desk=desk, chosen=desk.chosen, live=desk.live, **more)
