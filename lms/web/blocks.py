"""A module's blocks as HTML. What holds no state of any learner is rendered once for each release and language."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

from flask import render_template
from markupsafe import Markup

from lms.content.model import Block, Edition, Module, Poll, Quiz, Scenario, Term
from lms.content.printing import printed_module
from lms.content.references import on_paper
from lms.learning.paper import paper_body
from lms.storage.releases import Release
from lms.web.locale import reader
from lms.web.templating import spoken_in

Piece = Markup | Quiz | Scenario | Poll
"""A stretch of finished HTML, or a block that a template renders with the learner's state."""


def pieces(release: Release, module: Module) -> Sequence[Piece]:
    """The module's body for a page."""
    return _pieces(_Page(release, module), reader().language)


def about(release: Release, edition: Edition) -> Sequence[Piece]:
    """What the course is about, for its page."""
    return _pieces(_Page(release, edition), reader().language)


def tail(release: Release, module: Module, edition: Edition) -> Markup:
    """The glossary terms and the sources of the module."""
    return _tail(_Page(release, module), edition.language, reader().language)


def printed(release: Release, spoken: Module | Edition, edition: Edition, *, whole: bool) -> Markup:
    """A module's body on paper, or what the edition is about. Terms bear the letters of the list after it (`endnotes`); in
    the printing of a `whole` course they bear an asterisk, and headings are one level deeper."""
    return _printed(_Page(release, spoken), edition.language, whole, reader().language)


def endnotes(module: Module, edition: Edition) -> Sequence[tuple[str, Term, str]]:
    """The module's terms as they stand after it on paper: letter, term, its language."""
    terms = _terms(module, edition)
    return [(_letter(place), on_paper(term, {}), language) for place, (term, language) in enumerate(terms)]


class _Page:
    """A module of a release, or its page about the course, as the key of a cache: by name, not by its whole content."""

    __slots__ = ("_name", "release", "spoken")

    def __init__(self, release: Release, spoken: Module | Edition) -> None:
        self.release, self.spoken = release, spoken
        self._name = (release.digest, getattr(spoken, "id", None), spoken.language)

    @property
    def body(self) -> tuple[Block, ...]:
        """Its blocks."""
        return self.spoken.body if isinstance(self.spoken, Module) else self.spoken.about

    def borrowed(self, block: Block) -> str:
        """The language of a block, where it is another one than the page's."""
        language = getattr(block, "language", "")
        return language if language != self.spoken.language else ""

    def __hash__(self) -> int:
        return hash(self._name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Page) and self._name == other._name


@lru_cache(maxsize=512)
def _pieces(page: _Page, _language: str) -> tuple[Piece, ...]:
    made: list[Piece] = []
    for (alone, language), run in groupby(page.body, lambda block: (_stands_alone(block), page.borrowed(block))):
        blocks = list(run)
        if alone:
            made += [block for block in blocks if isinstance(block, Quiz | Scenario | Poll)]
        else:
            made.append(_render("stretch", page, language, body=blocks, borrowed=language))
    return tuple(made)


def _stands_alone(block: Block) -> bool:
    return isinstance(block, Quiz | Scenario | Poll)


@lru_cache(maxsize=512)
def _tail(page: _Page, edition: str, _language: str) -> Markup:
    module, words = page.spoken, page.release.course.edition(edition)
    terms = _terms(module, words) if isinstance(module, Module) else ()
    return _render("tail", page, terms=terms, footnotes=module.footnotes)


@lru_cache(maxsize=512)
def _printed(page: _Page, edition: str, whole: bool, _language: str) -> Markup:
    words = page.release.course.edition(edition)
    body: Sequence[object] = page.body
    letters = dict.fromkeys(words.glossary, "*")
    if isinstance(page.spoken, Module):
        body = paper_body(page.spoken)
        if not whole:
            letters = {term.id: letter for letter, term, _ in endnotes(printed_module(page.spoken), words)}
    printed_as: dict[str, Any] = {
        "body": on_paper(tuple(body), letters),
        "depth": int(whole),
        "spoken_language": page.spoken.language,
    }
    return _render("printed", page, **printed_as)


def _letter(place: int) -> str:
    """a … z, aa, bb …"""
    return chr(ord("a") + place % 26) * (place // 26 + 1)


def _terms(module: Module, edition: Edition) -> Sequence[tuple[Term, str]]:
    """The module's terms, each with its language."""
    found = (edition.glossary[term] for term in module.terms if term in edition.glossary)
    return [(term, term.language or edition.language) for term in found]


def _render(name: str, page: _Page, language: str = "", **values: object) -> Markup:
    spoken = spoken_in(page.spoken, language)
    html = render_template(f"learn/{name}.html", course=page.release.course, **spoken, **values)
    return Markup(html)  # noqa: S704 - a template's own output
