"""Questions that show whether a course teaches: two forms alike, of which each learner answers one before the course and the
other after it, without a mark (docs/decisions/0038)."""

from collections.abc import Sequence
from pathlib import Path

from lms.content.fields import Fields
from lms.content.media import MediaFolder
from lms.content.model import Module, Quiz
from lms.content.module import Page, read_page
from lms.content.question_model import Question
from lms.content.report import Report
from lms.content.source import read_document
from lms.content.units import FORMS, KNOWLEDGE
from lms.i18n import N_

LEAST, MOST = 2, 10
"""Questions in each form: fewer tell nothing, more are skipped."""


def read_knowledge(
    path: Path, language: str, report: Report, media: MediaFolder, *, translated: bool = False
) -> tuple[Module, Page] | None:
    """The questions of both forms, as a module that is none of the course's, with their page; None with the reason
    reported. A translation may lack some: then the forms are not for its readers."""
    document = read_document(path, report)
    if document is None:
        return None
    Fields(document.front, report).end()
    page = read_page(document, language, report, media)
    for block in page.blocks:
        if not isinstance(block, Quiz):
            message = N_("This file holds questions alone, and their sources: nothing else in it would be shown.")
            report.error(block.line, "knowledge-text", message)
    questions = [question for block in page.blocks if isinstance(block, Quiz) for question in block.questions]
    _check_each(questions, report)
    if not translated:
        _check_forms(questions, report)
    return _module(path.name, language, page), page


def _check_each(questions: Sequence[Question], report: Report) -> None:
    for question in questions:
        if question.pool not in FORMS:
            message = N_(
                "Each question here is of form a or of form b: “pool=a” or “pool=b” on the line that opens it."
            )
            report.error(question.line, "knowledge-form", message)
        if question.hints:
            message = N_("A hint would be a lesson before the course. Take it away.")
            report.error(question.line, "knowledge-hint", message)


def _check_forms(questions: Sequence[Question], report: Report) -> None:
    """Reports forms that are not alike: what somebody knows before and after could not be compared."""
    one, other = ([question for question in questions if question.pool == form] for form in FORMS)
    if len(one) != len(other):
        message = N_("Form a has %(a)s questions and form b has %(b)s. Both need as many, or they can't be compared.")
        report.error(1, "knowledge-number", message, a=len(one), b=len(other))
    elif not LEAST <= len(one) <= MOST:
        message = N_("Each form has %(least)s to %(most)s questions; here each has %(count)s.")
        report.error(1, "knowledge-number", message, least=LEAST, most=MOST, count=len(one))
    for first, second in zip(one, other, strict=False):
        if (first.kind, first.points) != (second.kind, second.points):
            message = N_(
                "This question stands where form a has “%(id)s”, and is of another kind or has other points. Make them alike."
            )
            report.error(second.line, "knowledge-pair", message, id=first.id)


def _module(file: str, language: str, page: Page) -> Module:
    return Module(
        id=KNOWLEDGE,
        file=file,
        language=language,
        title="",
        minutes=0,
        objectives=(),
        kind="module",
        quiz_mark=0,
        quiz_attempts=0,
        reviewed="",
        translators=(),
        test=None,
        body=page.blocks,
        footnotes=page.footnotes,
        terms=tuple(page.terms),
    )
