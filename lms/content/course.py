"""A course's folder as one `Course`, or everything that is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lms.content import checks
from lms.content.course_file import Facts, read_course_file
from lms.content.diagnostics import Diagnostic
from lms.content.fields import Fields
from lms.content.media import MediaFolder
from lms.content.model import Course, Edition, Module, Quiz, Scenario, Term
from lms.content.module import Page, read_glossary, read_module, read_page
from lms.content.report import Report
from lms.content.source import Document, read_document
from lms.i18n import N_

COURSE_FILE, ABOUT_FILE, GLOSSARY_FILE = "course.yml", "course.md", "glossary.md"
MAX_FILES = 200


@dataclass(slots=True)
class _Files:
    """The modules of one language by id, each with its file."""

    modules: dict[str, Module] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)


def load(folder: Path) -> tuple[Course | None, list[Diagnostic]]:
    """The course in the folder, None with any error; and all findings, by file and line."""
    report = Report(f"{folder.name}/{COURSE_FILE}")
    course = _load(folder, report)
    findings = sorted(report.found, key=lambda each: (each.file, each.line))
    return (None if report.failed else course), findings


def _load(folder: Path, report: Report) -> Course | None:
    if any(path.is_symlink() for path in folder.rglob("*")):
        report.error(1, "link", N_("A course holds no links to files elsewhere. Copy the file into it."))
        return None
    facts = read_course_file(folder / COURSE_FILE, report)
    if facts is None:
        return None
    _check_folders(folder, facts, report)
    media = MediaFolder(folder / "media")
    source = _edition(folder, facts.source, facts, report, media, {})
    if source is None:
        return None
    others = {
        language: _edition(folder, language, facts, report, media, source.modules)
        for language in facts.languages
        if language != facts.source
    }
    editions = {facts.source: source} | {name: each for name, each in others.items() if each}
    course = Course(**facts.values, editions=editions, media=media.used)
    checks.check(course, facts, report, folder.name)
    return course


def _check_folders(folder: Path, facts: Facts, report: Report) -> None:
    """Reports a language that has a folder and is not among the course's."""
    for path in sorted(folder.glob(f"*/{ABOUT_FILE}")):
        name = path.parent.name
        if name not in facts.languages:
            message = N_("The folder “%(name)s” is not used: add “%(name)s” to “languages”, or move the folder away.")
            report.error(facts.lines["languages"], "folder-not-listed", message, name=name)


def _edition(
    folder: Path, language: str, facts: Facts, report: Report, media: MediaFolder, instead: Mapping[str, Module]
) -> Edition | None:
    """The course in one language; `instead` has the modules to show where one is not translated yet."""
    files = folder / language
    if not files.is_dir():
        add = report.error if language == facts.source else report.warning
        add(facts.lines["languages"], "no-language", N_("There is no folder “%(name)s” yet."), name=language)
        return None
    within = f"{folder.name}/{language}"
    document, about, front = _about(files, language, report.within(f"{within}/{ABOUT_FILE}"), media)
    glossary = _glossary(files, report.within(f"{within}/{GLOSSARY_FILE}"))
    found = _modules(files, language, within, facts, report, media)
    modules = {**instead, **found.modules}
    _check_terms(about, glossary, report.within(f"{within}/{ABOUT_FILE}"))
    for name, page in found.pages.items():
        own = report.within(f"{within}/{found.modules[name].file}")
        _check_terms(page, glossary, own)
        _check_review(found.modules[name], page, modules, own)
    if document is None or front is None:
        return None
    return Edition(
        language=language,
        title=front["title"],
        summary=front["summary"],
        audience=front["audience"],
        about=about.blocks,
        footnotes=about.footnotes,
        modules={name: modules[name] for name in facts.modules if name in modules},
        glossary=glossary,
    )


def _about(
    files: Path, language: str, report: Report, media: MediaFolder
) -> tuple[Document | None, Page, Mapping[str, str] | None]:
    nothing = Page(blocks=(), footnotes=(), terms={}, review_line=1)
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


def _glossary(files: Path, report: Report) -> dict[str, Term]:
    path = files / GLOSSARY_FILE
    return read_glossary(path, report) if path.is_file() else {}


def _modules(files: Path, language: str, within: str, facts: Facts, report: Report, media: MediaFolder) -> _Files:
    found = _Files()
    paths = sorted(
        path for path in files.glob("*.md") if path.is_file() and path.name not in (ABOUT_FILE, GLOSSARY_FILE)
    )
    if len(paths) > MAX_FILES:
        report.error(1, "too-many-files", N_("A course has 200 modules at most."))
    for path in paths[:MAX_FILES]:
        own = report.within(f"{within}/{path.name}")
        read = read_module(path, language, own, media)
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
    for name in facts.modules:
        if name not in found.modules:
            _missing_module(name, language, facts, found, report)
    return found


def _check_review(module: Module, page: Page, modules: Mapping[str, Module], report: Report) -> None:
    for target in module.test.review.values() if module.test else ():
        if target not in modules:
            message = N_("“review” names the module “%(id)s”, which does not exist.")
            report.error(page.review_line, "review", message, id=target)


def _missing_module(name: str, language: str, facts: Facts, found: _Files, report: Report) -> None:
    line = facts.lines["modules"]
    if language != facts.source:
        message = N_("The module “%(id)s” has no file in “%(language)s” yet: it is shown in the source language.")
        report.warning(line, "not-translated", message, id=name, language=language)
        return
    report.unknown(
        line,
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
