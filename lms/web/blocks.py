"""A module's blocks as HTML. What holds no state of any learner is rendered once for each release and language."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby

from flask import render_template
from markupsafe import Markup

from lms.content.model import Edition, Module, Poll, Quiz, Scenario, Term
from lms.storage.releases import Release
from lms.web.locale import reader
from lms.web.templating import spoken_in

Piece = Markup | Quiz | Scenario | Poll
"""A stretch of finished HTML, or a block that a template renders with the learner's state."""


def pieces(release: Release, module: Module) -> Sequence[Piece]:
    """The module's body for a page."""
    return _pieces(_Page(release, module), reader().language)


def tail(release: Release, module: Module, edition: Edition) -> Markup:
    """The glossary terms and the sources of the module."""
    return _tail(_Page(release, module), edition.language, reader().language)


class _Page:
    """A module of a release as the key of a cache: by name, not by its whole content."""

    __slots__ = ("_name", "module", "release")

    def __init__(self, release: Release, module: Module) -> None:
        self.release, self.module = release, module
        self._name = (release.digest, module.id, module.language)

    def __hash__(self) -> int:
        return hash(self._name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Page) and self._name == other._name


@lru_cache(maxsize=512)
def _pieces(page: _Page, _language: str) -> tuple[Piece, ...]:
    made: list[Piece] = []
    for alone, run in groupby(page.module.body, lambda block: isinstance(block, Quiz | Scenario | Poll)):
        blocks = list(run)
        if alone:
            made += [block for block in blocks if isinstance(block, Quiz | Scenario | Poll)]
        else:
            made.append(_render("stretch", page, body=blocks))
    return tuple(made)


@lru_cache(maxsize=512)
def _tail(page: _Page, edition: str, _language: str) -> Markup:
    terms = _terms(page, page.release.course.edition(edition))
    return _render("tail", page, terms=terms, footnotes=page.module.footnotes)


def _terms(page: _Page, edition: Edition) -> Sequence[tuple[Term, str]]:
    """The module's terms, each with its language: the edition's where it has them, else the course's own."""
    editions = (edition, page.release.course.edition(page.module.language), page.release.course.edition(""))
    found = ((each.glossary[term], each) for term in page.module.terms for each in editions if term in each.glossary)
    first = {term.id: (term, each.language) for term, each in reversed(list(found))}
    return [first[term] for term in page.module.terms if term in first]


def _render(name: str, page: _Page, **values: object) -> Markup:
    html = render_template(f"learn/{name}.html", course=page.release.course, **spoken_in(page.module), **values)
    return Markup(html)  # noqa: S704 - a template's own output
