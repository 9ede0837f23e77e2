"""All advice on a course: what to look at again, what is accepted, and its figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lms.content.course import COURSE_FILE, Loaded
from lms.content.diagnostics import Diagnostic
from lms.content.model import Edition, Module
from lms.content.report import Report
from lms.content.units import pages_of
from lms.content.wording import options, repeats, sources, terms
from lms.content.wording.accepted import Acceptance
from lms.content.wording.ease import ease, formula
from lms.content.wording.figures import Figures, figures, is_read
from lms.content.wording.remarks import Remarks
from lms.content.wording.sentences import MOST_WORDS, opening, too_long
from lms.content.wording.texts import Text, glossary_texts, page_texts, setting_texts, top_of
from lms.i18n import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """The findings that are told, how many more are accepted, and the figures of each language."""

    findings: Sequence[Diagnostic] = ()
    accepted: int = 0
    figures: Sequence[Figures] = ()


def advise(folder: Path, loaded: Loaded) -> Advice:
    """The advice on the course read from that folder, on as much of it as could be read: each language as its own
    files say it. What a translation has from its source (positions, sources, questions) is looked at in the source."""
    facts, report, made = loaded.facts, Remarks(folder), []
    if facts is None:
        return Advice()
    source = loaded.own[facts.source]
    for language, edition in loaded.own.items():
        said = (facts.values["public_title"], facts.values["content_warning"], facts.values["help_text"])
        texts = [*setting_texts(said, language, COURSE_FILE), *glossary_texts(edition)]
        pages: list[Module | Edition] = [edition, *pages_of(edition)]
        for page in pages:
            own = page_texts(page)
            texts += own
            _check_page(page, own, source, report)
        terms.check(texts, terms.to_reject(edition), language, report)
        sources.check_left(texts, report)
        _check_sentences(texts, report)
        made.append(figures(facts.values["id"], edition, texts))
    options.positions(pages_of(source), top_of(source), report)
    sources.check_cited(source, top_of(source), report)
    repeats.check(pages_of(source), report)
    told, accepted, unused = report.sorted_out(facts.accepted)
    return Advice(findings=[*told, *_unused(unused, folder)], accepted=accepted, figures=made)


def _check_page(page: Module | Edition, texts: Sequence[Text], source: Edition, report: Remarks) -> None:
    """What is looked at page by page."""
    originals = {module.id: module for module in pages_of(source)}
    original = originals.get(page.id) if isinstance(page, Module) else source
    notes = original.footnotes if original else ()
    sources.check_notices(texts, (*page.footnotes, *notes), page.language, report)
    sources.check_marks(page.footnotes, notes, texts, report)
    if not isinstance(page, Module):
        return
    _check_ease(texts, page, report)
    options.lengths(page, report)


def _check_sentences(texts: Iterable[Text], report: Remarks) -> None:
    for text in filter(is_read, texts):
        for sentence, count in too_long(text.words):
            message = N_("This sentence has %(count)s words: “%(start)s …”. Make two of it: %(most)s words are enough.")
            report.warning(
                text, "long-sentence", message, words=sentence, count=count, start=opening(sentence), most=MOST_WORDS
            )


def _check_ease(texts: Iterable[Text], module: Module, report: Remarks) -> None:
    rule = formula(module.language)
    found = ease((text.words for text in texts if text.role == "prose"), module.language)
    if rule and found is not None and found < rule.hard:
        message = N_(
            "This module is hard to read: %(scale)s %(ease)s, under %(hard)s. Use shorter sentences and words."
        )
        report.warning(top_of(module), "hard-to-read", message, scale=rule.name, ease=round(found), hard=rule.hard)


def _unused(acceptances: Iterable[Acceptance], folder: Path) -> list[Diagnostic]:
    """A finding for each acceptance that is for nothing."""
    report = Report(f"{folder.name}/{COURSE_FILE}")
    for each in acceptances:
        message = N_("Nothing of the kind “%(kind)s” is found in “%(unit)s” any more: take this acceptance away.")
        report.warning(each.line, "accepted-unused", message, kind=each.code, unit=each.unit)
    return report.found
