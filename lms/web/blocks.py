"""A module's blocks as HTML. What holds no state of any learner is rendered once for each release and language."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby

from flask import render_template
from markupsafe import Markup

from lms.content.model import Block, Edition, Module, Poll, Quiz, Scenario, Term
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

    @property
    def is_lesson(self) -> bool:
        """Whether its sections can be marked and have notes."""
        return isinstance(self.spoken, Module) and self.spoken.kind == "module"

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
            made.append(_render("stretch", page, language, body=blocks, borrowed=language, keeps=page.is_lesson))
    return tuple(made)


def _stands_alone(block: Block) -> bool:
    return isinstance(block, Quiz | Scenario | Poll)


@lru_cache(maxsize=512)
def _tail(page: _Page, edition: str, _language: str) -> Markup:
    module, words = page.spoken, page.release.course.edition(edition)
    terms = _terms(module, words) if isinstance(module, Module) else ()
    return _render("tail", page, terms=terms, footnotes=module.footnotes)


def _terms(module: Module, edition: Edition) -> Sequence[tuple[Term, str]]:
    """The module's terms, each with its language."""
    found = (edition.glossary[term] for term in module.terms if term in edition.glossary)
    return [(term, term.language or edition.language) for term in found]


def _render(name: str, page: _Page, language: str = "", **values: object) -> Markup:
    spoken = spoken_in(page.spoken, language)
    html = render_template(f"learn/{name}.html", course=page.release.course, **spoken, **values)
    return Markup(html)  # noqa: S704 - a template's own output
