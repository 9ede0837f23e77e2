"""For paper: a module, a whole course, a quiz with its sheet for answers, and the key to mark it by hand."""

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lms.content.model import Course, Edition, Module
from lms.content.printing import GlossaryPart, ModulePart, Part, SourcesPart, printed
from lms.content.references import on_paper, sources_in
from lms.learning.paper import paper_key, paper_questions
from lms.services.studying import paper
from lms.services.studying.paper import NothingToAsk, Sheet
from lms.storage.people import STAFF
from lms.storage.releases import Release
from lms.web.frame import words
from lms.web.frame.locale import course_language, reader
from lms.web.frame.security import access
from lms.web.frame.session import signed_in
from lms.web.frame.site import site
from lms.web.frame.templating import spoken_in
from lms.web.learner import paper_blocks

blueprint = Blueprint("printing", __name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """A module of a release, as it is printed now."""

    release: Release
    module: Module

    @property
    def course(self) -> Course:
        """The course."""
        return self.release.course

    @property
    def edition(self) -> Edition:
        """The course in the language asked for."""
        return self.course.edition(course_language())

    @property
    def number(self) -> int:
        """The module's number in the course."""
        return list(self.edition.modules).index(self.module.id) + 1


@blueprint.get("/courses/<course>/print")
@access("learner")
def course(course: str) -> str:
    """The whole course: cover, contents, modules, glossary, sources."""
    with site().database.reading() as tx:
        release = paper.open_course(tx, site().desk.catalogue, person=signed_in(), course=course)
    edition = release.course.edition(course_language())
    parts = [_written_out(part) for part in printed(edition)]
    modules = [part.module for part in parts if isinstance(part, ModulePart)]
    bodies = {each.id: paper_blocks.body(release, each, edition, whole=True) for each in modules}
    return render_template(
        "print/course.html",
        course=release.course,
        edition=edition,
        parts=parts,
        bodies=bodies,
        warning=release.course.warning(course_language()),
        about=paper_blocks.body(release, edition, edition, whole=True),
        sheet=paper.plain_sheet(release),
        now=site().clock(),
        **spoken_in(edition),
    )


@blueprint.get("/courses/<course>/<module>/print")
@access("learner")
def module(course: str, module: str) -> str:
    """A module, everything in it open. A test has its text and none of its questions."""
    opened = _open(course, module)
    shown = paper_blocks.cited(opened.module)
    return render_template(
        "print/module.html",
        **_page(opened),
        body=paper_blocks.body(opened.release, opened.module, opened.edition, whole=False),
        terms=paper_blocks.endnotes(opened.module, opened.edition),
        footnotes=on_paper(shown.footnotes, {}),
        sheet=paper.plain_sheet(opened.release),
    )


@blueprint.get("/courses/<course>/<module>/paper")
@access("learner")
def questions(course: str, module: str) -> str | Response:
    """The module's questions with a sheet for answers, in the order of `?sheet=`; those of a test for the staff only."""
    opened, sheet = _sheet(course, module)
    if opened.module.kind == "test" and not signed_in().is_staff:
        abort(403)
    if not request.args.get("sheet"):
        return redirect(url_for("printing.questions", course=course, module=opened.module.id, sheet=sheet.code), 303)
    asked = on_paper(paper_questions(opened.module, sheet.order), {})
    if not asked:
        raise NothingToAsk
    return render_template("print/paper.html", **_page(opened), sheet=sheet, questions=asked)


@blueprint.get("/courses/<course>/<module>/key")
@access(*STAFF)
def key(course: str, module: str) -> str:
    """The key of the sheet with the code in `?sheet=`; without one, the form to type it."""
    opened, sheet = _sheet(course, module)
    if not request.args.get("sheet"):
        return render_template("print/which.html", **_page(opened))
    keyed = paper_key(opened.module, sheet.order, paper.translations(opened.release, opened.module))
    if not keyed:
        raise NothingToAsk
    rules = opened.module.test
    mark = rules.pass_mark if rules else opened.module.quiz_mark
    told = sources_in(keyed)
    total = sum(each.asked.points for each in keyed)
    return render_template(
        "print/key.html",
        **_page(opened),
        sheet=sheet,
        keyed=on_paper(keyed, {}),
        footnotes=on_paper(tuple(note for note in opened.module.footnotes if note.name in told), {}),
        mark=mark,
        total=total,
        marking=lambda each: words.marking(each, reader()),
    )


def _written_out(part: Part) -> Part:
    """The part with its addresses in words; modules and what the course is about are rendered apart."""
    return on_paper(part, {}) if isinstance(part, GlossaryPart | SourcesPart) else part


def _open(course: str, module: str) -> Opened:
    catalogue = site().desk.catalogue
    with site().database.reading() as tx:
        release = paper.open_course(tx, catalogue, person=signed_in(), course=course)
        return Opened(release, paper.module_of(catalogue, release, module, course_language()))


def _sheet(course: str, module: str) -> tuple[Opened, Sheet]:
    """The sheet asked for, or a new one, and its module in the release that it was printed from."""
    catalogue, typed = site().desk.catalogue, request.args.get("sheet", "")
    with site().database.reading() as tx:
        live = paper.open_course(tx, catalogue, person=signed_in(), course=course)
        sheet = paper.find_sheet(tx, catalogue, live, typed, person=signed_in()) if typed else paper.new_sheet(live)
        return Opened(sheet.release, paper.module_of(catalogue, sheet.release, module, course_language())), sheet


def _page(opened: Opened) -> dict[str, object]:
    """What every printed page of a module shows."""
    return {
        "course": opened.course,
        "edition": opened.edition,
        "module": opened.module,
        "number": opened.number,
        "warning": opened.course.warning(course_language()),
        "now": site().clock(),
        **spoken_in(opened.module),
    }
