"""A learner's notes as a file that any device opens: plain text to read, JSON for other programs."""

import json
from collections.abc import Iterable, Iterator

from lms.i18n import Reader
from lms.services.studying.notes import CourseNotes, ModuleNotes, Place


def text(courses: Iterable[CourseNotes], reader: Reader) -> str:
    """The notes as text."""
    return "\n".join(line for course in courses for line in _course(course, reader))


def data(courses: Iterable[CourseNotes]) -> str:
    """The notes as JSON: courses with modules with places with notes, by their ids and titles."""
    made = [
        {
            "course": course.id,
            "title": course.edition.title if course.edition else "",
            "modules": [
                {
                    "module": each.id,
                    "title": each.module.title if each.module else "",
                    "places": [_place(place) for place in each.places],
                }
                for each in course.modules
            ],
        }
        for course in courses
    ]
    return json.dumps({"courses": made}, ensure_ascii=False, indent=2)


def _place(place: Place) -> dict[str, object]:
    return {
        "section": place.anchor,
        "title": place.title,
        "bookmark": place.marked,
        "notes": [
            {"text": note.body, "made_at": note.made_at.isoformat(), "changed_at": note.changed_at.isoformat()}
            for note in place.notes
        ],
    }


def _course(course: CourseNotes, reader: Reader) -> Iterator[str]:
    title = course.edition.title if course.edition else course.id
    yield from (title, "=" * len(title), "")
    for module in course.modules:
        yield from _module(module, reader)


def _module(module: ModuleNotes, reader: Reader) -> Iterator[str]:
    title = module.module.title if module.module else module.id
    yield from (title, "-" * len(title), "")
    bookmark = reader.gettext("bookmark")
    for place in module.places:
        marked = f" [{bookmark}]" if place.marked else ""
        if place.anchor or marked:
            yield from (f"{place.title or place.anchor}{marked}", "")
        for note in place.notes:
            yield from (note.body, reader.date(note.changed_at), "")
