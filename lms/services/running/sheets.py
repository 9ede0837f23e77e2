"""A sheet for whoever reviews a course, as one file: HTML to print or to fill in, or a table."""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from lms.content.compile import compile_course
from lms.content.course_file import read_course_file
from lms.content.dates import day
from lms.content.diagnostics import Diagnostic
from lms.content.model import Course, Edition
from lms.content.plain import plain_words
from lms.content.release import decode, digest, encode
from lms.content.report import Report
from lms.content.sheet import Chapter, Piece, chapters
from lms.content.source import read_text
from lms.i18n import N_, Reader
from lms.refusals import Refusal
from lms.services.common.cells import csv_line
from lms.services.running.publish import course_folders

MAX_PICTURE = 200_000
"""Bytes of a picture that is in the file; a larger one is there by its description alone."""
UNTITLED = {"glossary": N_("Glossary"), "knowledge": N_("Questions before and after the course")}
"""What chapters without a title of their own are called."""
DIGITS = 12
"""Hexadecimal digits by which the sheet names the content that it was made from."""
_LEAF_END, _CELL_END = re.compile(r"</(?:p|li|tr)>"), re.compile(r"</t[hd]>")


class NoSuchEdition(Refusal):
    """The course is not in that language."""

    message = N_("This course has no edition in “%(language)s”. It has: %(languages)s.")
    status = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A course in one language, to be reviewed. `content` names exactly what it says; `pictures` are addresses that hold
    them, by name."""

    course: Course
    edition: Edition
    chapters: Sequence[Chapter]
    content: str
    pictures: Mapping[str, str]

    @property
    def pieces(self) -> list[Piece]:
        """Everything to look at."""
        return [piece for chapter in self.chapters for piece in chapter.pieces]


def find_folder(courses: Path, name: str) -> Path | None:
    """The folder, among those of the courses, that is called so or whose course has that id."""
    folders = course_folders(courses)
    called = (each for each in folders if each.name == name)
    return next(called, None) or next((each for each in folders if _id_of(each) == name), None)


def make(folder: Path, language: str = "") -> tuple[Sheet | None, Sequence[Diagnostic]]:
    """The sheet of the course in the folder, in that language or its source's, None with any error; and every finding.
    Raises NoSuchEdition."""
    compiled = compile_course(folder, lines=True)
    if compiled.course_json is None:
        return None, compiled.diagnostics
    course = decode(compiled.course_json)
    language = language or course.source
    if language not in course.editions:
        raise NoSuchEdition(language=language, languages=", ".join(course.editions))
    made = chapters(course, language, _texts(folder))
    pictures = {
        name: f"data:{each.type};base64,{b64encode(compiled.media[each.sha256]).decode()}"
        for name, each in course.media.items()
        if each.type.startswith("image/") and each.size <= MAX_PICTURE
    }
    sheet = Sheet(
        course=course,
        edition=course.edition(language),
        chapters=made,
        content=digest(encode(course))[:DIGITS],
        pictures=pictures,
    )
    return sheet, compiled.diagnostics


def as_html(sheet: Sheet, reader: Reader, *, today: date) -> str:
    """The sheet as one HTML file that needs nothing else, in the reader's language."""
    return _environment().get_template("review.html").render(sheet=sheet, today=today, reader=reader, **_spoken(reader))


def as_csv(sheet: Sheet, reader: Reader) -> str:
    """The sheet as a table with a row for each piece, for a spreadsheet."""
    _ = reader.gettext
    head = (_("Item"), _("Part"), _("Section"), _("Text"), _("Sources"), _("To confirm in each country"), _("File"))
    lines = [csv_line((*head, _("OK, change or delete"), _("Comment")))]
    for chapter in sheet.chapters:
        for piece in chapter.pieces:
            sources = "\n".join(f"[{note.number}] {plain_words(note.html)}" for note in piece.sources)
            row = (
                _("Item %(number)s") % {"number": piece.number},
                chapter.title or _(UNTITLED[chapter.kind]),
                piece.section,
                _text(piece),
                sources,
            )
            place = f"{piece.file}:{piece.line}"
            lines.append(csv_line((*row, "\n".join(piece.local), place, "", "")))
    return "\ufeff" + "".join(lines)  # without it spreadsheets take its letters for others


def _text(piece: Piece) -> str:
    """Everything that the piece says, line by line."""
    lines = [piece.title, *piece.texts]
    for part in piece.parts:
        mark = {"right": "✔ ", "wrong": "✘ "}.get(part.kind, "– ")
        lines.append(f"{mark}{part.html}{' → ' if part.leads else ''}{part.leads}")
        lines += [f"    {part.reason}"] if part.reason else []
    broken = (part for line in lines for part in _LEAF_END.split(_CELL_END.sub(" · ", line)))
    return "\n".join(words for part in broken if (words := plain_words(part).removesuffix(" ·")))


def _id_of(folder: Path) -> str:
    facts = read_course_file(folder / "course.yml", Report(""))
    return facts.values["id"] if facts else ""


def _texts(folder: Path) -> dict[str, str]:
    """Each text of the course, by its path in the folder."""
    paths = [path for path in folder.glob("*/*.md") if path.is_file()]
    return {path.relative_to(folder).as_posix(): read_text(path, Report("")) or "" for path in paths}


def _spoken(reader: Reader) -> dict[str, object]:
    """How the template says its sentences."""
    return {
        "_": lambda message, **values: reader.gettext(message) % values if values else reader.gettext(message),
        "ngettext": lambda one, many, n: reader.ngettext(one, many, n) % {"n": n},
    }


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("lms.services"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["leaf"] = Markup  # sanitised when the course was compiled
    made.filters["day"] = day
    return made
