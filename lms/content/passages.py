"""The passages of a course that can be found: text as a reader sees it, with where it stands.

Only what is named here is searched. Questions, what follows from a scenario's choices and the text of a test are not: a search
must not tell an answer. A kind of block that this file does not know has no words.
"""

import re
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from lms.content.model import (
    Block,
    Callout,
    Cards,
    Details,
    Edition,
    Figure,
    Heading,
    Module,
    Prose,
    Recording,
    Reflection,
    Scenario,
)
from lms.content.plain import plain_words
from lms.content.references import terms_in

MAX_PASSAGE = 600  # characters
_SENTENCE_END = re.compile(r"(?<=[.!?…;:])\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of plain text. `module` is empty for the page about the course; `anchor` for the top of a page."""

    module: str
    anchor: str
    title: str
    text: str
    section: bool = False
    """Whether the title is a heading within a page, else a page's own or a term."""


def passages(edition: Edition) -> tuple[Passage, ...]:
    """Every passage, in the course's order; long sections as several with the same anchor and title."""
    return tuple(part for passage in _whole(edition) for part in _parts(passage))


def words_of(blocks: Iterable[Block]) -> str:
    """The text that a reader sees in these blocks, without questions and the ways of scenarios."""
    return " ".join(words for block in blocks if (words := _words(block)))


def _whole(edition: Edition) -> Iterator[Passage]:
    top = Passage(module="", anchor="", title=edition.title, text=edition.summary)
    yield from _sections(top, edition.about)
    for module in edition.modules.values():
        yield from _of_module(module)
    yield from _terms(edition)


def _of_module(module: Module) -> Iterator[Passage]:
    top = Passage(module=module.id, anchor="", title=module.title, text="")
    if module.kind == "test":
        yield top
    else:
        yield from _sections(replace(top, text=" ".join(module.objectives)), module.body)


def _sections(top: Passage, body: Iterable[Block]) -> Iterator[Passage]:
    """The passage at the top of a page and one for each heading and scenario."""
    passage = top
    for block in body:
        if isinstance(block, Heading):
            yield passage
            title = plain_words(block.html)
            passage = Passage(module=top.module, anchor=block.anchor, title=title, text="", section=True)
        elif isinstance(block, Scenario):
            text = words_of(block.intro)
            yield Passage(module=top.module, anchor=block.id, title=block.title, text=text, section=True)
        else:
            passage = replace(passage, text=f"{passage.text} {_words(block)}".strip())
    yield passage


def _terms(edition: Edition) -> Iterator[Passage]:
    """The glossary: a term leads to the first module that explains it, or to the page about the course."""
    shown = [module for module in edition.modules.values() if module.kind != "test"]
    about = terms_in((edition.about, edition.footnotes))
    for term in edition.glossary.values():
        place = next((module.id for module in shown if term.id in module.terms), "")
        anchor = term.id if place or term.id in about else ""
        yield Passage(module=place, anchor=anchor, title=term.term, text=plain_words(term.html))


def _words(block: Block) -> str:
    match block:
        case Prose():
            return plain_words(block.html)
        case Figure():
            return block.caption
        case Callout() | Details():
            return _titled(plain_words(block.title), words_of(block.body))
        case Reflection() | Recording():
            return _titled(block.title, words_of(block.transcript if isinstance(block, Recording) else block.body))
        case Cards():
            sides = [_titled(plain_words(card.front), plain_words(card.back)) for card in block.cards]
            return _titled(block.title, " ".join(sides))
    return ""


def _titled(title: str, text: str) -> str:
    end = "" if not title or title[-1] in ".!?…:" else "."
    return f"{title}{end} {text}".strip()


def _parts(passage: Passage) -> Iterator[Passage]:
    """The passage in parts that end with a sentence, or with a word where a sentence is too long."""
    text = unicodedata.normalize("NFC", " ".join(passage.text.split()))
    part = ""
    for piece in _pieces(text):
        if part and len(part) + 1 + len(piece) > MAX_PASSAGE:
            yield replace(passage, text=part)
            part = piece
        else:
            part = f"{part} {piece}".strip()
    yield replace(passage, text=part)


def _pieces(text: str) -> Iterator[str]:
    for sentence in _SENTENCE_END.split(text):
        yield from textwrap.wrap(sentence, MAX_PASSAGE, break_on_hyphens=False)
