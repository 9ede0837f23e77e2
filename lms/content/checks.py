"""What only the whole course can tell: ids used twice, rules that name nothing, languages that disagree."""

from collections import Counter
from collections.abc import Iterable, Mapping

from lms.content import strays
from lms.content.course_file import Facts
from lms.content.identity import chain
from lms.content.model import Course, Edition, Module
from lms.content.report import Report
from lms.content.translation import UnitState
from lms.content.units import named, pages_of
from lms.i18n import N_

PROSE = ("section", "source", "term")
"""Kinds of units that a translation may have for itself: nothing of them is marked."""


def check(course: Course, own: Mapping[str, Edition | None], facts: Facts, report: Report, folder: str) -> None:
    """Reports every contradiction between the files of a course; `own` are its editions before anything is borrowed."""
    source = course.editions[course.source]
    for language, edition in own.items():
        if edition:
            _check_ids(edition, report, f"{folder}/{language}")
            strays.check(edition, report, f"{folder}/{language}")
    certificate = source.modules.get(course.certificate)
    if certificate and certificate.kind != "test":
        message = N_("The certificate is earned at a test, and “%(id)s” is none.")
        report.error(facts.lines["completion"], "certificate", message, id=course.certificate)
    if course.certificate and course.certificate not in course.required:
        message = N_("The certificate's test “%(id)s” has to be among the modules that completion asks for.")
        report.error(facts.lines["completion"], "certificate", message, id=course.certificate)
    _check_retired(course, source, facts, report)


def check_translations(
    states: Iterable[UnitState], rules: Mapping[tuple[str, str, str], int], facts: Facts, report: Report, folder: str
) -> None:
    """Reports what would be another course in another language, and counts for each how far it is.

    `rules` are the lines of the front matters' keys, by language, module and key.
    """
    counted: dict[str, Counter[str]] = {}
    for state in states:
        counted.setdefault(state.language, Counter())[state.state] += 1
        own = report.within(f"{folder}/{state.file}")
        for each in state.differs:
            values = {"id": state.id, "name": each.name, "language": facts.source}
            line = rules.get((state.language, state.module, each.name), state.line)
            own.error(line, "structure-differs", each.message, **values)
        if state.state == "orphan" and state.kind not in PROSE:
            message = N_("“%(id)s” is not in “%(language)s”: only some learners would get it. Write it there too.")
            own.error(state.line, "orphan", message, id=state.id, language=facts.source)
    for language, counts in counted.items():
        _count(language, counts, facts, report)


def _count(language: str, counts: Mapping[str, int], facts: Facts, report: Report) -> None:
    """One warning for a language that is there and not done."""
    told = {name: counts[name] for name in ("missing", "stale", "unreviewed", "orphan")}
    if not any(told.values()) or told["missing"] == sum(counts.values()):
        return
    message = N_(
        "“%(language)s”: missing %(missing)s, stale %(stale)s, unreviewed %(unreviewed)s, extra %(orphan)s. See `lms translate status`."
    )
    report.warning(facts.lines["languages"], "translation", message, language=language, **told)


def _check_ids(edition: Edition, report: Report, within: str) -> None:
    seen = dict.fromkeys(edition.modules, "")
    for module in pages_of(edition):
        own = report.within(f"{within}/{module.file}")
        for name, line in _named(module):
            if name and name in seen:
                own.error(
                    line, "same-id", N_("The id “%(id)s” is used before in this course. Ids are unique."), id=name
                )
            seen[name] = module.file


def _check_retired(course: Course, edition: Edition, facts: Facts, report: Report) -> None:
    there = {name for module in pages_of(edition) for name, _ in _named(module)} | {*edition.modules}
    for name in course.retired:
        if name in there:
            message = N_("“%(id)s” is retired and can't be used again. Give the question a new id.")
            report.error(facts.lines["retired"], "retired-used", message, id=name)
    for old, new in course.renamed.items():
        if old in there or chain(old, course.renamed) not in there | {*course.retired}:
            message = N_("“renamed” says that “%(old)s” is now “%(new)s”; the course does not agree.")
            report.error(facts.lines["renamed"], "renamed", message, old=old, new=new)


def _named(module: Module) -> list[tuple[str, int]]:
    """Every id of a module's blocks, with its line."""
    return [(block.id, block.line) for block in named(module.body)]
