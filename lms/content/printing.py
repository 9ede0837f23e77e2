"""A course in the order to print it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lms.content.model import Block, Edition, Footnote, Module, Quiz, Term
from lms.content.references import terms_in
from lms.content.stems import folded_words


@dataclass(frozen=True, slots=True)
class AboutPart:
    """The page about the course."""

    body: Sequence[Block]


@dataclass(frozen=True, slots=True)
class ModulePart:
    """A module with its number in the course; a test has its text and none of its questions."""

    number: int
    module: Module


@dataclass(frozen=True, slots=True)
class GlossaryPart:
    """Every term, by alphabet."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class SourcesPart:
    """The sources of each page that is printed with them, under its title; their numbers are those of the page."""

    pages: tuple[tuple[str, tuple[Footnote, ...]], ...]


Part = AboutPart | ModulePart | GlossaryPart | SourcesPart


def printed(edition: Edition) -> Sequence[Part]:
    """The whole edition in the order to print it: about it, modules, tests, glossary, sources; no empty part."""
    numbered = [ModulePart(number, module) for number, module in enumerate(edition.modules.values(), 1)]
    lessons = [part for part in numbered if part.module.kind != "test"]
    tests = [replace(part, module=printed_module(part.module)) for part in numbered if part.module.kind == "test"]
    terms = tuple(sorted(edition.glossary.values(), key=lambda term: folded_words(term.term)))
    pages = [(edition.title, edition.footnotes), *((part.module.title, part.module.footnotes) for part in lessons)]
    sources = tuple((title, notes) for title, notes in pages if notes)
    about = [AboutPart(edition.about)] if edition.about else []
    return [
        *about,
        *lessons,
        *tests,
        *([GlossaryPart(terms)] if terms else []),
        *([SourcesPart(sources)] if sources else []),
    ]


def printed_module(module: Module) -> Module:
    """The module as it is printed. A test's pools never leave the store whole, and its sources stand in what is told after
    an answer."""
    if module.kind != "test":
        return module
    body = tuple(block for block in module.body if not isinstance(block, Quiz))
    return replace(module, body=body, footnotes=(), terms=tuple(terms_in(body)))
