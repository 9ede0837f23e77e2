"""A course's folder as one `Course`, or everything that is wrong with it; and how far its translations are."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from lms.content import checks, fallback, translation
from lms.content.course_file import Facts, read_course_file
from lms.content.diagnostics import Diagnostic
from lms.content.fields import Fields
from lms.content.knowledge import read_knowledge
from lms.content.lock import LOCK_FILE, read_lock
from lms.content.media import MediaFolder
from lms.content.model import Block, Course, Edition, Footnote, Module, Quiz, Scenario, Term
from lms.content.module import Page, check_page, read_glossary, read_module, read_page
from lms.content.references import anchors_in
from lms.content.report import Report
from lms.content.source import Document, read_document
from lms.content.translation import ABOUT_FILE, GLOSSARY_FILE, KNOWLEDGE_FILE, UnitState
from lms.content.units import ABOUT, KNOWLEDGE
from lms.i18n import N_

COURSE_FILE = "course.yml"
MAX_FILES = 200
NO_MODULES = (ABOUT_FILE, GLOSSARY_FILE, KNOWLEDGE_FILE)


@dataclass(slots=True)
class _Files:
    """The modules of one language by id, each with its file."""

    modules: dict[str, Module] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One language as its own files say it, with each page's references by module id."""

    edition: Edition
    pages: Mapping[str, Page]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a folder came to: the course, None with any error; every finding, by file and line; every unit's state."""

    course: Course | None
    findings: list[Diagnostic]
    states: list[UnitState]
    facts: Facts | None = None
    """What course.yml says; None where it could not be read."""
    own: Mapping[str, Edition] = field(default_factory=dict)
    """Each language that has files, as they say it: with errors too, and with nothing borrowed. With `facts` the source
    language is there."""


NOTHING = Loaded(None, [], [])


def load(folder: Path) -> tuple[Course | None, list[Diagnostic]]:
    """The course in the folder, None with any error; and all findings, by file and line."""
    loaded = load_all(folder)
    return loaded.course, loaded.findings


def load_all(folder: Path) -> Loaded:
    """The course in the folder with how far its translations are."""
    report = Report(f"{folder.name}/{COURSE_FILE}")
    loaded = _load(folder, report)
    findings = sorted(report.found, key=lambda each: (each.file, each.line))
    return replace(loaded, course=None if report.failed else loaded.course, findings=findings)


def _load(folder: Path, report: Report) -> Loaded:
    if any(path.is_symlink() for path in folder.rglob("*")):
        report.error(1, "link", N_("A course holds no links to files elsewhere. Copy the file into it."))
        return NOTHING
    facts = read_course_file(folder / COURSE_FILE, report)
    if facts is None:
        return NOTHING
    _check_folders(folder, facts, report)
    media = MediaFolder(folder / "media")
    source = _edition(folder, facts.source, facts, report, media, None)
    if source is None:
        return NOTHING
    others = (name for name in facts.languages if name != facts.source)
    read = {facts.source: source} | {name: _edition(folder, name, facts, report, media, source) for name in others}
    course = Course(**facts.values, editions=_whole(read, source.edition), media=media.used)
    own = {language: reading.edition if reading else None for language, reading in read.items()}
    states = translation.states(own, facts.source, read_lock(folder, report.within(f"{folder.name}/{LOCK_FILE}")))
    _check_references(course, read, report, folder.name)
    checks.check(course, own, facts, report, folder.name)
    checks.check_translations(states, _lines(read), facts, report, folder.name)
    there = {language: edition for language, edition in own.items() if edition}
    return Loaded(course, [], states, facts, there)


def _lines(read: Mapping[str, _Reading | None]) -> dict[tuple[str, str, str], int]:
    """The lines of the front matters' keys, by language, module and key."""
    return {
        (language, module, name): line
        for language, reading in read.items()
        for module, page in (reading.pages.items() if reading else ())
        for name, line in page.lines.items()
    }


def _whole(read: Mapping[str, _Reading | None], source: Edition) -> dict[str, Edition]:
    """Every language with what it lacks borrowed from the source."""
    editions = {language: reading.edition for language, reading in read.items() if reading}
    return {language: own if own is source else fallback.filled(own, source) for language, own in editions.items()}


def _check_references(course: Course, read: Mapping[str, _Reading | None], report: Report, folder: str) -> None:
    """Reports what a page refers to and has neither of its own nor borrowed."""
    for language, edition in course.editions.items():
        reading, files = read[language], {ABOUT: ABOUT_FILE, KNOWLEDGE: KNOWLEDGE_FILE}
        if reading is None:
            continue
        files |= {name: module.file for name, module in reading.edition.modules.items()}
        for name, page in reading.pages.items():
            own = report.within(f"{folder}/{language}/{files[name]}")
            body, notes = _text(edition, name)
            if language == course.source:
                check_page(page, (), (), own)
            else:
                check_page(page, {note.name for note in notes}, anchors_in(body), own)
            _check_terms(page, edition.glossary, own)
            if name in edition.modules:
                _check_review(edition.modules[name], page, edition.modules, own)


def _text(edition: Edition, name: str) -> tuple[tuple[Block, ...], tuple[Footnote, ...]]:
    """The text of one page with its sources."""
    module = edition.knowledge if name == KNOWLEDGE else edition.modules.get(name)
    if name == KNOWLEDGE and module is None:
        return (), ()
    return (module.body, module.footnotes) if module else (edition.about, edition.footnotes)


def _check_folders(folder: Path, facts: Facts, report: Report) -> None:
    """Reports a language that has a folder and is not among the course's."""
    for path in sorted(folder.glob(f"*/{ABOUT_FILE}")):
        name = path.parent.name
        if name not in facts.languages:
            message = N_("The folder “%(name)s” is not used: add “%(name)s” to “languages”, or move the folder away.")
            report.error(facts.lines["languages"], "folder-not-listed", message, name=name)


def _edition(
    folder: Path, language: str, facts: Facts, report: Report, media: MediaFolder, source: _Reading | None
) -> _Reading | None:
    """The course in one language as its files say it; beside it stands the `source`, but for the source itself."""
    files = folder / language
    if not files.is_dir():
        add = report.error if language == facts.source else report.warning
        add(facts.lines["languages"], "no-language", N_("There is no folder “%(name)s” yet."), name=language)
        return None
    within = f"{folder.name}/{language}"
    document, about, front = _about(files, language, report.within(f"{within}/{ABOUT_FILE}"), media)
    known = source.edition.glossary if source else ()
    glossary = _glossary(files, report.within(f"{within}/{GLOSSARY_FILE}"), known)
    found = _modules(files, language, within, facts, report, media)
    knowledge = _knowledge(files, language, report.within(f"{within}/{KNOWLEDGE_FILE}"), media, facts)
    if document is None or front is None:
        return None
    wanted = facts.cover if source is None or source.edition.cover else ""  # what is wrong with it is told once
    cover = media.picture(wanted, language, report, facts.lines["cover"])
    edition = Edition(
        language=language,
        title=front["title"],
        summary=front["summary"],
        audience=front["audience"],
        about=about.blocks,
        footnotes=about.footnotes,
        modules={name: found.modules[name] for name in facts.modules if name in found.modules},
        glossary=glossary,
        cover=cover,
        knowledge=knowledge[0] if knowledge else None,
    )
    pages = {name: page for name, page in found.pages.items() if name in edition.modules}
    asked = {KNOWLEDGE: knowledge[1]} if knowledge else {}
    return _Reading(edition, {ABOUT: about, **pages, **asked})


def _about(
    files: Path, language: str, report: Report, media: MediaFolder
) -> tuple[Document | None, Page, Mapping[str, str] | None]:
    nothing = Page(blocks=(), footnotes=(), terms={})
    if not (files / ABOUT_FILE).is_file():
        report.error(
            1, "no-about", N_("This file is missing: it holds the title, the summary and what the course is about.")
        )
        return None, nothing, None
    document = read_document(files / ABOUT_FILE, report)
    if document is None:
        return None, nothing, None
    fields = Fields(document.front, report)
    front = {
        "title": fields.text("title", required=True),
        "summary": fields.text("summary", required=True),
        "audience": fields.text("audience"),
    }
    fields.end()
    page = read_page(document, language, report, media)
    for block in page.blocks:
        if isinstance(block, Quiz | Scenario):
            message = N_("Questions and scenarios belong in a module, not on the page about the course.")
            report.error(block.line, "question-place", message)
    return document, page, front


def _glossary(files: Path, report: Report, known: Collection[str]) -> dict[str, Term]:
    path = files / GLOSSARY_FILE
    return read_glossary(path, report, known) if path.is_file() else {}


def _knowledge(
    files: Path, language: str, report: Report, media: MediaFolder, facts: Facts
) -> tuple[Module, Page] | None:
    path = files / KNOWLEDGE_FILE
    if not path.is_file():
        return None
    return read_knowledge(path, language, report, media, translated=language != facts.source)


def _modules(files: Path, language: str, within: str, facts: Facts, report: Report, media: MediaFolder) -> _Files:
    found = _Files()
    paths = sorted(path for path in files.glob("*.md") if path.is_file() and path.name not in NO_MODULES)
    if len(paths) > MAX_FILES:
        report.error(1, "too-many-files", N_("A course has 200 modules at most."))
    for path in paths[:MAX_FILES]:
        own = report.within(f"{within}/{path.name}")
        read = read_module(path, language, own, media, translated=language != facts.source)
        if read is None:
            continue
        module, page = read
        if module.id in found.modules:
            other = found.modules[module.id].file
            own.error(1, "same-module", N_("The file “%(file)s” has the id “%(id)s” too."), file=other, id=module.id)
        elif module.id not in facts.modules and module.id:
            message = N_(
                "The module “%(id)s” is not in the list “modules” of course.yml. Add it, or move the file away."
            )
            own.error(1, "not-listed", message, id=module.id)
        found.modules[module.id], found.pages[module.id] = module, page
    for name in facts.modules if language == facts.source else ():
        if name not in found.modules:
            _missing_module(name, facts, found, report)
    return found


def _check_review(module: Module, page: Page, modules: Mapping[str, Module], report: Report) -> None:
    for target in module.test.review.values() if module.test else ():
        if target not in modules:
            message = N_("“review” names the module “%(id)s”, which does not exist.")
            report.error(page.lines["review"], "review", message, id=target)


def _missing_module(name: str, facts: Facts, found: _Files, report: Report) -> None:
    report.unknown(
        facts.lines["modules"],
        "no-module",
        name,
        [each for each in found.modules if each not in facts.modules],
        plain=N_("No file has the module id “%(name)s”."),
        guess=N_("No file has the module id “%(name)s”. Did you mean “%(guess)s”?"),
    )


def _check_terms(page: Page, glossary: Mapping[str, Term], report: Report) -> None:
    for name, line in page.terms.items():
        if name not in glossary:
            report.unknown(
                line,
                "no-term",
                name,
                glossary,
                plain=N_("The glossary has no term “%(name)s”. Add it to glossary.md."),
                guess=N_("The glossary has no term “%(name)s”. Did you mean “%(guess)s”?"),
            )
