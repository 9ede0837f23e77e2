"""Bookmarks and private notes at the sections of a course. Only their learner reads them; no event tells of them.

What she keeps outlives every edit: a place that has another name now is found by it, one that is gone is still listed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from lms.content.model import Edition, Module, Reflection
from lms.content.plain import plain_words
from lms.content.references import headings_in
from lms.i18n import N_
from lms.ids import is_uuid, uuid7
from lms.learning.lineage import Lineage
from lms.refusals import Refusal
from lms.services.studying.desk import Desk, Where
from lms.services.studying.looking import View
from lms.services.studying.study import find_spot
from lms.storage import notes
from lms.storage.notes import Kept
from lms.storage.releases import Catalogue, Release

MAX_NOTE = 4000  # characters
MAX_NOTES = 500  # of one learner in one course


class EmptyNote(Refusal):
    """A note without text."""

    message = N_("The note is empty: write something in it first.")


class NoteTooLong(Refusal):
    """More text than a note holds."""

    message = N_("A note holds %(most)s characters, and this one has %(n)s. Shorten it, or make two of it.")


class TooManyNotes(Refusal):
    """The course has as many of her notes as it may have."""

    message = N_("You have %(most)s notes in this course, and it can't hold more. Delete one that you no longer need.")


class UnknownNote(Refusal):
    """No such note of hers."""

    message = N_("This note does not exist, or no longer. What you have is on the page of your notes.")
    status = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place of a module, by the names it has now, and what she keeps there."""

    anchor: str
    """Empty: the top of the module."""
    title: str
    """Plain text; empty where it has none, or is gone."""
    language: str
    """Of the title."""
    is_here: bool
    """Whether the module still has it, in the language it is read in; else only its top can be led to."""
    marked: bool
    notes: tuple[Kept, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleNotes:
    """What she keeps in one module; `module` is None for one that the course no longer has."""

    id: str
    module: Module | None
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseNotes:
    """What she keeps in one course; `release` and `edition` are None for one that is not published here any more."""

    id: str
    release: Release | None
    edition: Edition | None
    modules: tuple[ModuleNotes, ...]


def mark(tx: Connection, desk: Desk, where: Where, *, section: str, now: datetime, only_first: bool = False) -> None:
    """The section has her bookmark (`only_first`: unless she keeps a note there); where an edit took the section away,
    the module's top has it.

    Raises UnknownPage, NotEnrolled.
    """
    module, anchor = _place_of(tx, desk, where, section)
    kept = notes.of_learner(tx, where.learner, course=where.course, modules=[module]) if only_first else []
    if any(each.anchor == anchor for each in kept):
        return
    notes.mark(tx, learner=where.learner, course=where.course, module=module, anchor=anchor, now=now)


def unmark(tx: Connection, catalogue: Catalogue, where: Where, *, section: str) -> None:
    """The place has no bookmark of hers any more, under none of its names."""
    live = catalogue.live(tx, where.course)
    line = catalogue.lineage(live) if live else Lineage(live="", majors={})
    for kept in notes.of_learner(tx, where.learner, course=where.course):
        same = line.now(kept.module) == line.now(where.module) and line.now(kept.anchor) == line.now(section)
        if same and not kept.id:
            notes.unmark(tx, kept)


def write(tx: Connection, desk: Desk, where: Where, *, section: str, text: str, now: datetime) -> Kept:
    """The note that the form's number (`where.event`) names has this text. One that is not there yet is made at the
    section: the same form sent twice is one note.

    Raises EmptyNote, NoteTooLong, TooManyNotes, UnknownNote, UnknownPage, NotEnrolled.
    """
    body = _body(text)
    found = notes.note(tx, where.learner, where.event) if where.event else None
    if found is None:
        module, anchor = _place_of(tx, desk, where, section)
        if notes.count(tx, where.learner, where.course) >= MAX_NOTES:
            raise TooManyNotes(most=MAX_NOTES)
    else:
        module, anchor = found.module, found.anchor
    written = Kept(
        id=where.event or uuid7(),
        learner=where.learner,
        course=found.course if found else where.course,
        module=module,
        anchor=anchor,
        body=body,
        made_at=found.made_at if found else now,
        changed_at=now,
    )
    if not notes.write(tx, written):
        raise UnknownNote
    return written


def note(tx: Connection, *, learner: str, note: str) -> Kept:
    """Her note with that id. Raises UnknownNote."""
    found = notes.note(tx, learner, note) if is_uuid(note) else None
    if found is None:
        raise UnknownNote
    return found


def delete(tx: Connection, *, learner: str, note: str) -> None:
    """Her note is gone; one that is gone already stays so. Raises UnknownNote where the text is no id."""
    if not is_uuid(note):
        raise UnknownNote
    notes.drop(tx, learner, note)


def in_module(tx: Connection, view: View, module: Module, *, learner: str) -> tuple[Place, ...]:
    """What she keeps in that module, in the order of reading; one query."""
    line = view.lineage
    names = [module.id, *(old for old, new in line.names.items() if new == module.id)]
    rows = notes.of_learner(tx, learner, course=view.release.course.id, modules=names)
    return _places(rows, module, view.release, line) if rows else ()


def at(places: Iterable[Place], module: Module, section: str) -> Place:
    """That place among those of its module; with nothing kept there, an empty one. A section that the module does not
    have is its top."""
    titles = sections(module)
    anchor = section if section in titles else ""
    title, language = titles[anchor]
    empty = Place(anchor=anchor, title=title, language=language, is_here=True, marked=False, notes=())
    return next((each for each in places if each.is_here and each.anchor == anchor), empty)


def of_learner(
    tx: Connection, catalogue: Catalogue, *, learner: str, language: str, chosen: Mapping[str, str] | None = None
) -> list[CourseNotes]:
    """Everything she keeps, by course and module in the catalogue's order; what is gone comes last. `chosen` are the
    languages of single courses."""
    rows = notes.of_learner(tx, learner)
    by_course: dict[str, list[Kept]] = {}
    for row in rows:
        by_course.setdefault(row.course, []).append(row)
    live = {release.course.id: release for release in catalogue.all_live(tx)} if rows else {}
    known = [(name, live[name]) for name in live if name in by_course]
    gone = [(name, None) for name in by_course if name not in live]
    return [
        _course(name, release, by_course[name], catalogue, (chosen or {}).get(name, language))
        for name, release in (*known, *gone)
    ]


def sections(module: Module) -> Mapping[str, tuple[str, str]]:
    """Where notes can be kept in a module, in the order of reading: (plain title, its language) by anchor."""
    found = {"": (module.title, module.language)}
    for block in module.body:
        language = getattr(block, "language", "") or module.language
        found |= {each.anchor: (plain_words(each.html), each.language or language) for each in headings_in(block)}
        if isinstance(block, Reflection):
            found[block.id] = (block.title, language)
    return found


def _course(
    name: str, release: Release | None, rows: Iterable[Kept], catalogue: Catalogue, language: str
) -> CourseNotes:
    if release is None:
        return CourseNotes(id=name, release=None, edition=None, modules=tuple(_gone(rows, Lineage(live="", majors={}))))
    edition, line = release.course.edition(language), catalogue.lineage(release)
    by_module: dict[str, list[Kept]] = {}
    for row in rows:
        by_module.setdefault(line.now(row.module), []).append(row)
    there = [
        ModuleNotes(id=each.id, module=each, places=_places(by_module.pop(each.id), each, release, line))
        for each in edition.modules.values()
        if each.id in by_module
    ]
    rest = [row for gone in by_module.values() for row in gone]
    return CourseNotes(id=name, release=release, edition=edition, modules=(*there, *_gone(rest, line)))


def _gone(rows: Iterable[Kept], line: Lineage) -> Iterator[ModuleNotes]:
    by_module: dict[str, list[Kept]] = {}
    for row in rows:
        by_module.setdefault(line.now(row.module), []).append(row)
    for name, found in by_module.items():
        yield ModuleNotes(id=name, module=None, places=_grouped(found, {}, {}, line))


def _places(rows: Iterable[Kept], module: Module, release: Release, line: Lineage) -> tuple[Place, ...]:
    """The rows of a module by place. A section of another language's edition is known by its title there."""
    others = [
        edition.modules[module.id] for edition in release.course.editions.values() if module.id in edition.modules
    ]
    elsewhere = {anchor: title for other in others for anchor, title in sections(other).items()}
    return _grouped(rows, sections(module), elsewhere, line)


def _grouped(
    rows: Iterable[Kept],
    here: Mapping[str, tuple[str, str]],
    elsewhere: Mapping[str, tuple[str, str]],
    line: Lineage,
) -> tuple[Place, ...]:
    by_anchor: dict[str, list[Kept]] = {anchor: [] for anchor in here}
    for row in rows:
        anchor = row.anchor if row.anchor in here else line.now(row.anchor)
        by_anchor.setdefault(anchor, []).append(row)
    return tuple(
        _place(anchor, found, here.get(anchor) or elsewhere.get(anchor) or ("", ""), is_here=anchor in here)
        for anchor, found in by_anchor.items()
        if found
    )


def _place(anchor: str, rows: Iterable[Kept], title: tuple[str, str], *, is_here: bool) -> Place:
    found = list(rows)
    return Place(
        anchor=anchor,
        title=title[0],
        language=title[1],
        is_here=is_here,
        marked=any(not each.id for each in found),
        notes=tuple(each for each in found if each.id),
    )


def _place_of(tx: Connection, desk: Desk, where: Where, section: str) -> tuple[str, str]:
    """The module and anchor that her page's section has now."""
    spot = find_spot(tx, desk, where)
    known = sections(spot.current)
    anchor = section if section in known else spot.lineage.now(section)
    return spot.current.id, anchor if anchor in known else ""


def _body(text: str) -> str:
    body = text.replace("\r\n", "\n").strip()
    if not body:
        raise EmptyNote
    if len(body) > MAX_NOTE:
        raise NoteTooLong(most=MAX_NOTE, n=len(body))
    return body
