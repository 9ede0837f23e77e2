"""What only the whole course can tell: ids used twice, rules that name nothing, languages that disagree."""

from lms.content.course_file import Facts
from lms.content.identity import chain
from lms.content.model import Course, Edition, Module
from lms.content.report import Report
from lms.content.units import named, structure
from lms.i18n import N_


def check(course: Course, facts: Facts, report: Report, folder: str) -> None:
    """Reports every contradiction between the files of a course."""
    source = course.editions[course.source]
    for language, edition in course.editions.items():
        _check_ids(edition, report, f"{folder}/{language}")
        if edition is not source:  # a module that is not translated is the source's own
            _check_structure(edition, source, report, f"{folder}/{language}")
    certificate = source.modules.get(course.certificate)
    if certificate and certificate.kind != "test":
        message = N_("The certificate is earned at a test, and “%(id)s” is none.")
        report.error(facts.lines["completion"], "certificate", message, id=course.certificate)
    if course.certificate and course.certificate not in course.required:
        message = N_("The certificate's test “%(id)s” has to be among the modules that completion asks for.")
        report.error(facts.lines["completion"], "certificate", message, id=course.certificate)
    _check_retired(course, source, facts, report)


def _check_ids(edition: Edition, report: Report, within: str) -> None:
    seen = dict.fromkeys(edition.modules, "")
    for module in edition.modules.values():
        own = report.within(f"{within}/{module.file}")
        for name, line in _named(module):
            if name and name in seen:
                own.error(
                    line, "same-id", N_("The id “%(id)s” is used before in this course. Ids are unique."), id=name
                )
            seen[name] = module.file


def _check_retired(course: Course, edition: Edition, facts: Facts, report: Report) -> None:
    there = {name for module in edition.modules.values() for name, _ in _named(module)} | {*edition.modules}
    for name in course.retired:
        if name in there:
            message = N_("“%(id)s” is retired and can't be used again. Give the question a new id.")
            report.error(facts.lines["retired"], "retired-used", message, id=name)
    for old, new in course.renamed.items():
        if old in there or chain(old, course.renamed) not in there | {*course.retired}:
            message = N_("“renamed” says that “%(old)s” is now “%(new)s”; the course does not agree.")
            report.error(facts.lines["renamed"], "renamed", message, old=old, new=new)


def _check_structure(edition: Edition, source: Edition, report: Report, within: str) -> None:
    for name, module in edition.modules.items():
        model = source.modules.get(name)
        if model is None or _structure(module) == _structure(model):
            continue
        message = N_(
            "This file does not have the same questions, options, right answers, points or scenario steps as in “%(language)s”."
        )
        report.within(f"{within}/{module.file}").error(1, "structure-differs", message, language=source.language)


def _structure(module: Module) -> object:
    blocks = {block.id: structure(block) for block in named(module.body)}
    return (module.kind, module.quiz_mark, module.quiz_attempts, module.test), blocks


def _named(module: Module) -> list[tuple[str, int]]:
    """Every id of a module's blocks, with its line."""
    return [(block.id, block.line) for block in named(module.body)]
