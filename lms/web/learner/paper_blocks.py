"""A module's blocks as HTML for paper, rendered once for each release and language (for a screen: `blocks.py`)."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from flask import render_template
from markupsafe import Markup

from lms.content.model import Edition, Module, Term
from lms.content.printing import printed_module
from lms.content.references import on_paper, sources_in, terms_in
from lms.learning.paper import paper_body
from lms.storage.releases import Release
from lms.web.frame.locale import reader
from lms.web.frame.templating import spoken_in
from lms.web.learner.blocks import Page, terms_in_edition


def body(release: Release, spoken: Module | Edition, edition: Edition, *, whole: bool) -> Markup:
    """A module's body, or what the edition is about. Terms bear the letters of the list after it (`endnotes`); in the
    printing of a `whole` course they bear an asterisk, and headings are one level deeper."""
    return _body(Page(release, spoken), edition.language, whole, reader().language)


def cited(module: Module) -> Module:
    """The module as it is printed, with those of its terms and sources that are on its paper: what only the reasons after
    an answer refer to is not."""
    shown, body = printed_module(module), paper_body(module)
    sources, terms = sources_in(body), terms_in(body)
    return replace(
        shown,
        footnotes=tuple(each for each in shown.footnotes if each.name in sources),
        terms=tuple(each for each in shown.terms if each in terms),
    )


def endnotes(module: Module, edition: Edition) -> Sequence[tuple[str, Term, str]]:
    """The terms that stand after the printed module: letter, term, its language."""
    found = terms_in_edition(cited(module).terms, edition)
    return [(_letter(place), on_paper(term, {}), language) for place, (term, language) in enumerate(found)]


@lru_cache(maxsize=512)
def _body(page: Page, edition: str, whole: bool, _language: str) -> Markup:
    words = page.release.course.edition(edition)
    blocks: Sequence[object] = page.body
    letters = dict.fromkeys(words.glossary, "*")
    if isinstance(page.spoken, Module):
        blocks = paper_body(page.spoken)
        if not whole:
            letters = {term.id: letter for letter, term, _ in endnotes(page.spoken, words)}
    html = render_template(
        "print/body.html",
        course=page.release.course,
        body=on_paper(tuple(blocks), letters),
        depth=int(whole),
        spoken_language=page.spoken.language,
        **spoken_in(page.spoken),
    )
    return Markup(html)  # noqa: S704 - a template's own output


def _letter(place: int) -> str:
    """a … z, aa, bb …"""
    return chr(ord("a") + place % 26) * (place // 26 + 1)
