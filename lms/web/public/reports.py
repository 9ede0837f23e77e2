"""What is wrong with a page: anybody says it, the authors read it and mark it as done."""

import re
from dataclasses import dataclass

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from lms.ids import uuid4
from lms.refusals import Refusal
from lms.services.studying import looking, reports
from lms.services.studying.reports import Sent, Subject
from lms.storage import reports as stored
from lms.web.frame.gate import safe_next
from lms.web.frame.locale import gettext, reader
from lms.web.frame.paging import SHOWN, Paging
from lms.web.frame.security import access
from lms.web.frame.session import browsers_token, has_left, person
from lms.web.frame.site import site
from lms.web.public.inbox import Choice, groups, link

blueprint = Blueprint("reports", __name__)
KEPT = ("course", "module")
"""The parts of an address that say nothing of a person."""
LONGEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class Origin:
    """The page that a report is about: its address, what is kept of that (nothing where a form was sent to, which nobody
    can look at), and the course and module in it."""

    page: str = ""
    kept: str = ""
    course: str = ""
    module: str = ""

    @property
    def back(self) -> str:
        """Where to go back to."""
        return self.page if self.kept else "/"


@blueprint.get("/report")
@access("public")
def form() -> str | Response:
    """The form to say what is wrong, about the page it is reached from."""
    with site().database.reading() as tx:
        subject = _subject(tx)
        sections = _sections(tx, subject)
    if _tells_of_who_left(subject):
        return redirect(url_for("auth.login"), 303)
    return _form(subject, sections)


@blueprint.post("/report")
@access("public")
def send() -> Response | tuple[str, int]:
    """A report sent: thanks, or the form again with what was typed."""
    field, origin = request.form.get, _origin()
    with site().database.reading() as tx:
        subject = _subject(tx)
        sections = _sections(tx, subject)
    sent = Sent(
        once=field("once", ""),
        subject=subject,
        section=field("section", ""),
        language=reader().language,
        page=origin.kept,
        kind=field("kind", ""),
        body=field("body", ""),
    )
    address, now = request.remote_addr or "", site().clock()
    today = site().settings.day(now)
    try:
        reports.send(site().entrance, sent, browser=browsers_token(), address=address, now=now, today=today)
    except Refusal as refusal:
        return _form(subject, sections, refusal.sentence(gettext)), refusal.status
    return redirect(url_for("reports.thanks", page=origin.back), 303)


@blueprint.get("/report/thanks")
@access("public")
def thanks() -> str | Response:
    """It arrived; back to the page."""
    with site().database.reading() as tx:
        subject = _subject(tx)
    if _tells_of_who_left(subject):
        return redirect(url_for("auth.login"), 303)
    return render_template("reports/thanks.html", back=_origin().back)


@blueprint.get("/author/reports")
@access("author", "administrator")
def inbox() -> str:
    """What was reported, by course and module, and what of it is done."""
    chosen = Choice.read(request.args)
    with site().database.reading() as tx:
        live = {each.course.id: each for each in site().desk.catalogue.all_live(tx)}
        counts = stored.counts(tx)
        paging = Paging.read(chosen.of(counts))
        found = stored.some(tx, course=chosen.course_id, done=chosen.done, limit=SHOWN, offset=paging.offset)
    return render_template(
        "author/reports.html",
        groups=groups(found, live),
        live=live,
        counts=counts,
        chosen=chosen,
        paging=paging,
        link=link,
        kinds=reports.KINDS,
        marked=request.args.get("marked", ""),
    )


@blueprint.post("/author/reports/<report>")
@access("author", "administrator")
def mark(report: str) -> Response:
    """A report is done (`act=done`), or open again (`act=open`)."""
    done = request.form.get("act") == "done"
    with site().database.writing() as tx:
        reports.mark(tx, report, done=done)
    here = {name: request.form[name] for name in ("course", "state", "number") if name in request.form}
    return redirect(url_for("reports.inbox", **here, marked=report if done else None), 303)  # type: ignore[arg-type]


def _form(subject: Subject, sections: dict[str, str], error: str = "") -> str:
    field = request.values.get
    origin = _origin()
    return render_template(
        "reports/form.html",
        subject=subject,
        course=subject.release.course if subject.release else None,
        sections=sections,
        back=origin.back,
        page=origin.page,
        error=error,
        kinds=reports.KINDS,
        longest=reports.LONGEST,
        typed={name: field(name, "") for name in ("kind", "body", "section")},
        once=request.form.get("once") or uuid4(),
    )


def _subject(tx: Connection) -> Subject:
    field, origin = request.values.get, _origin()
    names = {
        "course": field("course", origin.course),
        "release": field("release", ""),
        "module": field("module", origin.module),
    }
    return reports.find_subject(tx, site().desk.catalogue, **names, language=field("language", reader().language))


def _tells_of_who_left(subject: Subject) -> bool:
    """Whether this is "Back", after somebody left a sensitive course in a hurry."""
    return subject.release is not None and subject.release.course.sensitive and has_left()


def _sections(tx: Connection, subject: Subject) -> dict[str, str]:
    """The sections to choose from: those of a module that she may read."""
    who = person()
    if not who or not subject.release or not looking.is_allowed(tx, subject.release.course, learner=who.id):
        return {}
    return dict(subject.sections)


def _origin() -> Origin:
    """The page that the form was reached from; what is kept of its address has no number, code or id but a course's and
    a module's."""
    asked = request.values.get("page", "")
    back = safe_next(asked)
    path = back.partition("?")[0]
    if asked != back:
        return Origin()
    return _place(back, path, "GET") or _place(back, path, "POST") or Origin()


def _place(page: str, path: str, method: str) -> Origin | None:
    try:
        rule, parts = current_app.url_map.bind("").match(path, method=method, return_rule=True)
    except (HTTPException, RequestRedirect):
        return None
    kept = re.sub(r"<(?:[^:<>]*:)?(\w+)>", lambda part: str(parts[part[1]]) if part[1] in KEPT else "…", rule.rule)
    within = {name: str(parts[name]) for name in KEPT if name in parts}
    return Origin(page=page, kept=kept[:LONGEST_PAGE] if method == "GET" else "", **within)
