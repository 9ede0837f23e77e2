"""What is told without a source, and what depends on the country without saying so."""

import re
from collections.abc import Iterable, Mapping

from lms.content.model import Edition, Footnote
from lms.content.notices import notice
from lms.content.plain import plain_words
from lms.content.references import sources_in
from lms.content.wording.remarks import Remarks
from lms.content.wording.texts import Text, at_question, top_of
from lms.i18n import N_

_LEFT = re.compile(r"\bVERIFY\b")
_MARK = re.compile(r"\{(?:verify|verifique)\}", re.IGNORECASE)


def check_cited(edition: Edition, top: Text, report: Remarks) -> None:
    """Tells each module without sources; and each question for whose answer none is given, where most questions have
    one, else once that most have none."""
    questions = [(question, module) for module in edition.modules.values() for question in module.questions()]
    without = [(question, module) for question, module in questions if not sources_in(question)]
    habit = 2 * len(without) <= len(questions)
    for module in edition.modules.values():
        if not module.footnotes:
            message = N_(
                "This module names no source. Write [^name] after what is taken from one, and a line “[^name]: …”."
            )
            report.warning(top_of(module), "no-sources", message)
    for question, module in without if habit else ():
        if module.footnotes:
            message = N_(
                "Neither a reason nor the explanation of this question names its source. Write [^name] after it."
            )
            report.warning(at_question(question, module), "no-source", message)
    if not habit:
        message = N_(
            "%(count)s of the %(all)s questions name no source. Write [^name] after the reasons that rest on one."
        )
        report.warning(top, "no-source", message, count=len(without), all=len(questions))


def check_notices(texts: Iterable[Text], notes: Iterable[Footnote], language: str, report: Remarks) -> None:
    """Tells each text that rests on a source marked {verify} and says nowhere near that it depends on the country."""
    marked = {note.name for note in notes if note.verify}
    says = notice(language)
    if says is None:
        return
    for text in texts if marked else ():
        cited = [name for name in sources_in(text.html) if name in marked]
        if cited and text.role != "source" and not says.search(plain_words(f"{text.html} {text.beside}")):
            message = N_("“[^%(name)s]” depends on the country, and nothing here says so: add “check in your country”.")
            report.warning(text, "no-notice", message, name=cited[0])


def check_marks(notes: Iterable[Footnote], source: Iterable[Footnote], texts: Iterable[Text], report: Remarks) -> None:
    """Tells a source that only the translation marks {verify}."""
    unmarked = {note.name for note in source if not note.verify}
    where: Mapping[str, Text] = {text.unit.partition("^")[2]: text for text in texts if text.role == "source"}
    for note in notes:
        if note.verify and note.name in unmarked and note.name in where:
            message = N_(
                "“[^%(name)s]” is marked {verify} here and not in the source language. Mark it there: translations have its mark."
            )
            report.warning(where[note.name], "mark-differs", message, name=note.name)


def check_left(texts: Iterable[Text], report: Remarks) -> None:
    """Tells each VERIFY that an author left for herself, and each mark {verify} that marks no source."""
    for text in texts:
        if _LEFT.search(text.words):
            message = N_(
                "“VERIFY” would be shown as it is. Verify the fact, or write “check in your country” and mark its source {verify}."
            )
            report.warning(text, "verify-left", message, words="VERIFY")
        for mark in _MARK.findall(text.words):
            message = N_("“%(mark)s” would be shown as it is: it marks a source, at the very end of its line.")
            report.warning(text, "verify-left", message, words=mark, mark=mark)
