"""A learner's bookmarks and private notes: made at a section, found again on one page, taken away as a file."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from lms.refusals import Refusal
from lms.services.studying import looking, notes
from lms.services.studying.desk import Where
from lms.web.frame.gate import wants_part
from lms.web.frame.locale import course_languages, gettext, reader
from lms.web.frame.security import access, keeps_late
from lms.web.frame.session import signed_in
from lms.web.frame.site import site
from lms.web.learner import notes_file
from lms.web.learner.learn import where_here

blueprint = Blueprint("notes", __name__)
FIELDS = ("course", "module", "section", "release", "language", "event", "act")
"""What the form of a note says of it, beside its text."""


@blueprint.get("/me/notes")
@access("learner")
def mine() -> str:
    """Everything she keeps, by course and module."""
    courses = _all()
    sensitive = any(each.release and each.release.course.sensitive for each in courses)
    return render_template("notes/mine.html", courses=courses, sensitive=sensitive, most=notes.MAX_NOTES)


@blueprint.get("/me/notes.txt", defaults={"kind": "txt"})
@blueprint.get("/me/notes.json", defaults={"kind": "json"})
@access("learner")
def download(kind: str) -> Response:
    """The same as a file to take away; its name says nothing of what is in it."""
    made = notes_file.text(_all(), reader()) if kind == "txt" else notes_file.data(_all())
    response = make_response(made)
    response.mimetype = "text/plain" if kind == "txt" else "application/json"
    name = gettext("notes")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


@blueprint.get("/me/notes/here")
@access("learner")
def here() -> AnyResponse:
    """One place of a module: whether she marked it, her notes there, and a form for a new one. Where an edit took the
    module away, what she keeps of it is on the page of all her notes."""
    where = where_here(request.args.get("course", ""), request.args.get("module", ""))
    try:
        page = _place("notes/here.html", where, request.args.get("section", ""), saved=request.args.get("saved"))
    except looking.UnknownPage:
        return redirect(url_for("notes.mine"), 303)
    return make_response(page)


@blueprint.post("/me/notes/mark")
@access("learner")
def mark() -> AnyResponse:
    """A bookmark put (`act=mark`) or taken away (`act=unmark`); without either, put where she keeps nothing yet."""
    where, section, act = _where(), request.form.get("section", ""), request.form.get("act", "")
    with site().database.writing() as tx:
        if act == "unmark":
            notes.unmark(tx, site().desk.catalogue, where, section=section)
        else:
            notes.mark(tx, site().desk, where, section=section, only_first=act != "mark", now=site().clock())
    then = request.form.get("then")
    if then:
        undo: dict[str, Any] = (
            {"course": where.course, "module": where.module, "section": section} if then == "undo" else {}
        )
        return redirect(url_for("notes.mine", **undo), 303)
    return _there(where, section)


def _write_late(learner: str) -> None:
    _write(_where(learner=learner))


@blueprint.post("/me/notes/write")
@access("learner")
@keeps_late(_write_late)
def write() -> AnyResponse:
    """A note written or changed, or saved meanwhile (`act=save`); a refused one is shown again as it was typed."""
    where, act = _where(), request.form.get("act")
    try:
        written = _write(where)
    except Refusal as refusal:
        return _refused(refusal)
    if act == "save":
        return Response(status=204)
    if act == "change":
        return redirect(url_for("notes.mine", _anchor=f"page-note-{written}"), 303)
    return _there(where, request.form.get("section", ""), saved=1)


@blueprint.get("/me/notes/<note>")
@access("learner")
def note(note: str) -> str:
    """One note, to change or delete it."""
    with site().database.reading() as tx:
        found = notes.note(tx, learner=signed_in().id, note=note)
    sent = {"course": found.course, "module": found.module, "section": found.anchor, "event": found.id}
    return _form({**sent, "act": "change"}, found.body, note=found.id)


@blueprint.post("/me/notes/<note>/delete")
@access("learner")
def delete(note: str) -> AnyResponse:
    """The note is gone."""
    with site().database.writing() as tx:
        notes.delete(tx, learner=signed_in().id, note=note)
    return redirect(url_for("notes.mine", deleted=1), 303)


def _all() -> list[notes.CourseNotes]:
    with site().database.reading() as tx:
        return notes.of_learner(
            tx,
            site().desk.catalogue,
            learner=signed_in().id,
            language=reader().language,
            chosen=course_languages(),
        )


def _where(*, learner: str | None = None) -> Where:
    return where_here(request.form.get("course", ""), request.form.get("module", ""), learner=learner)


def _write(where: Where) -> str:
    section, text = request.form.get("section", ""), request.form.get("text", "")
    with site().database.writing() as tx:
        return notes.write(tx, site().desk, where, section=section, text=text, now=site().clock()).id


def _refused(refusal: Refusal) -> AnyResponse:
    sent = {name: request.form[name] for name in FIELDS if name in request.form}
    page = _form(sent, request.form.get("text", ""), error=refusal.sentence(gettext))
    return make_response(page, refusal.status)


def _form(sent: Mapping[str, str], text: str, **values: object) -> str:
    """A note to write on, with what its form says of where it belongs."""
    with site().database.reading() as tx:
        live = site().desk.catalogue.live(tx, sent.get("course", ""))
    sensitive = live is not None and live.course.sensitive
    return render_template("notes/note.html", sent=sent, text=text, sensitive=sensitive, **values)


def _there(where: Where, section: str, *, saved: int | None = None) -> AnyResponse:
    """On to the page of that place, or for a page with a script its parts that are others now."""
    if wants_part():
        return make_response(_place("notes/part.html", where, section, saved=saved))
    other = where.language if where.language != reader().language else None
    place: dict[str, Any] = {"course": where.course, "module": where.module, "section": section}
    return redirect(url_for("notes.here", **place, saved=saved, lang=other), 303)


def _place(template: str, where: Where, section: str, *, saved: object) -> str:
    with site().database.reading() as tx:
        catalogue, spoken = site().desk.catalogue, where.language
        view = looking.enter(tx, catalogue, learner=where.learner, course=where.course, language=spoken)
        module = view.module_now(where.module)
        kept = notes.in_module(tx, view, module, learner=where.learner)
    return render_template(
        template,
        view=view,
        release=view.release.digest,
        course=view.release.course,
        edition=view.edition,
        module=module,
        kept=kept,
        place=notes.at(kept, module, section),
        saved=saved,
    )
