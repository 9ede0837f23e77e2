"""A sheet for whoever reviews a course: everything that its readers are told in one language, piece by piece, each with
its sources, where it stands in its file, and whether it differs from country to country."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from itertools import groupby

from lms.content.lines import Lines
from lms.content.model import (
    Block,
    Callout,
    Cards,
    Course,
    Details,
    Edition,
    Figure,
    Footnote,
    Heading,
    Poll,
    Prose,
    Quiz,
    Recording,
    Reflection,
    Scenario,
    Step,
)
from lms.content.notices import notice
from lms.content.pieces import opening, pieces
from lms.content.plain import plain_words
from lms.content.question_parts import Part, parts_of
from lms.content.references import on_paper, sources_in
from lms.content.translation import ABOUT_FILE, GLOSSARY_FILE

_SENTENCE_END = re.compile(r"(?<=[.!?…])[»”\"]?\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One thing to look at. `kind` is `text`, `figure`, `cards`, `poll`, `step`, `term`, `objectives`, `warning`, `help`, or the kind
    of a question; `texts` (HTML) stand before the `parts`."""

    number: str
    kind: str
    file: str
    line: int
    language: str
    section: str = ""
    """The headings above it, in plain words."""
    box: str = ""
    """The kind of the box that it stands in."""
    title: str = ""
    """HTML: of the box, the question, the step."""
    pool: str = ""
    outcome: str = ""
    """Of a story's ending: `good`, `fair` or `bad`."""
    media: str = ""
    texts: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    sources: tuple[Footnote, ...] = ()
    local: tuple[str, ...] = ()
    """The sentences, in plain words, that have to be confirmed in each country."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A page of the course, its questions before and after it, or its glossary: `kind` is `about`, `module`, `test`,
    `knowledge` or `glossary`."""

    number: str
    kind: str
    title: str
    language: str
    pieces: tuple[Piece, ...]

    @property
    def sections(self) -> list[tuple[str, list[Piece]]]:
        """The pieces under each heading."""
        return [(section, list(group)) for section, group in groupby(self.pieces, key=lambda each: each.section)]


def chapters(course: Course, language: str, files: Mapping[str, str]) -> tuple[Chapter, ...]:
    """The course in that language in chapters, made for paper. The course was read with its lines; `files` are the texts of
    its files by their path in its folder (`es/01-first.md`)."""
    edition = course.edition(language)
    words = {name: Lines(text) for name, text in files.items()}
    return on_paper(tuple(each for each in _chapters(course, edition, words) if each.pieces), {})


def _chapters(course: Course, edition: Edition, words: Mapping[str, Lines]) -> Iterator[Chapter]:
    yield _about(course, edition, words)
    for number, module in enumerate(edition.modules.values(), start=1):
        own = course.editions[course.source].modules[module.id]
        reader = _Reader(str(number), _names(course, module.language, module.file, own.file), module.footnotes, words)
        reader.list("objectives", module.objectives)
        reader.blocks(module.body)
        yield reader.chapter(module.kind, module.title)
    if edition.knowledge:
        asked = edition.knowledge
        reader = _Reader("K", _names(course, asked.language, asked.file, asked.file), asked.footnotes, words)
        reader.blocks(asked.body)
        yield reader.chapter("knowledge", "")
    reader = _Reader("G", _names(course, edition.language, GLOSSARY_FILE, GLOSSARY_FILE), (), words)
    for term in sorted(edition.glossary.values(), key=lambda each: (each.language, each.line)):
        reader.add("term", term.line, term.language, title=_plain(term.term), texts=(term.html,))
    yield reader.chapter("glossary", "")


def _about(course: Course, edition: Edition, words: Mapping[str, Lines]) -> Chapter:
    names = _names(course, edition.language, ABOUT_FILE, ABOUT_FILE)
    reader = _Reader("0", names, edition.footnotes, words)
    reader.add("text", 1, texts=tuple(_plain(each) for each in (edition.summary, edition.audience) if each))
    warning = course.warning(edition.language)
    if warning:
        reader.add("warning", 1, warning[0], texts=(_plain(warning[1]),))
    if course.help_text:
        spoken = course.help_language(edition.language)
        reader.add("help", 1, spoken, texts=(_plain(course.help_text[spoken]),))
    reader.blocks(edition.about)
    return reader.chapter("about", edition.title)


def _names(course: Course, language: str, own: str, source: str) -> Mapping[str, str]:
    """The file of a page by the language of its text, its own language first."""
    return {language: f"{language}/{own}"} | (
        {course.source: f"{course.source}/{source}"} if course.source != language else {}
    )


@dataclass(slots=True)
class _Reader:
    """Reads one page."""

    number: str
    files: Mapping[str, str]
    notes: Sequence[Footnote]
    words: Mapping[str, Lines]
    section: str = ""
    above: dict[int, str] = field(default_factory=dict)
    """The headings above, by their level."""
    box: str = ""
    title: str = ""
    borrowed: str = ""
    """The language of the block at hand, where it is the source's."""
    made: list[Piece] = field(default_factory=list)

    @property
    def language(self) -> str:
        """The page's own language."""
        return next(iter(self.files))

    def chapter(self, kind: str, title: str) -> Chapter:
        """What was read."""
        return Chapter(number=self.number, kind=kind, title=title, language=self.language, pieces=tuple(self.made))

    def blocks(self, body: Iterable[Block]) -> None:
        """Reads these blocks."""
        for block in body:
            self._block(block)

    def list(self, kind: str, items: Sequence[str]) -> None:
        """Adds a list of plain texts, where there are any."""
        if items:
            self.add(kind, 1, texts=(f"<ul>{''.join(f'<li>{_plain(each)}</li>' for each in items)}</ul>",))

    def add(self, kind: str, line: int, language: str = "", **told: object) -> None:
        """Adds a piece that stands at that line, in that language or the page's own."""
        language = language or self.borrowed or self.language
        piece = Piece(
            number=f"{self.number}.{len(self.made) + 1}",
            kind=kind,
            file=self.files[language],
            line=line,
            language=language,
            section=self.section,
            box=self.box,
            **{"title": self.title, **told},  # type: ignore[arg-type]
        )
        names = sources_in((piece.texts, piece.parts))
        piece = replace(piece, sources=tuple(note for note in self.notes if note.name in names))
        self.made.append(replace(piece, local=tuple(dict.fromkeys(_local(piece)))))

    def _block(self, block: Block) -> None:
        outer = self.borrowed
        self.borrowed = outer if isinstance(block, Quiz) else block.language or outer
        self._one(block)
        self.borrowed = outer

    def _one(self, block: Block) -> None:
        match block:
            case Heading():
                self.above = {level: each for level, each in self.above.items() if level < block.level}
                self.above[block.level] = plain_words(block.html)
                self.section = " › ".join(self.above.values())
            case Prose():
                self._prose(block)
            case Figure() if block.alt or block.caption:
                texts = tuple(_plain(each) for each in (block.alt, block.caption) if each)
                self.add("figure", block.line, media=block.media, texts=texts)
            case Callout() | Details():
                self._within(getattr(block, "kind", "details"), block.title, block.body)
            case Reflection() | Recording():
                inner = block.body if isinstance(block, Reflection) else block.transcript
                self._within(getattr(block, "kind", "reflection"), _plain(block.title), inner)
            case Cards():
                parts = tuple(Part(kind="item", html=card.front, leads=card.back) for card in block.cards)
                self.add("cards", block.line, title=_plain(block.title), parts=parts)
            case Poll():
                self._poll(block)
            case Scenario():
                self._scenario(block)
            case Quiz():
                for each in block.questions:
                    texts = tuple(text for text in (each.vignette, each.prompt) if text)
                    told = {"title": _plain(each.title), "pool": each.pool, "texts": texts}
                    self.add(each.kind, each.line, each.language, **told, parts=parts_of(each))

    def _prose(self, block: Prose) -> None:
        line, words = block.line, self.words.get(self.files[self.borrowed or self.language])
        for html in pieces(block.html):
            line = words.of(opening(html), line) if words else line
            self.add("text", line, texts=(html,))

    def _within(self, box: str, title: str, body: Iterable[Block]) -> None:
        outer = self.box, self.title
        self.box, self.title = box, title
        self.blocks(body)
        self.box, self.title = outer

    def _poll(self, block: Poll) -> None:
        ends = {"1": block.low, str(len(block.options)): block.high}
        parts = tuple(
            Part(kind="option", html=each.html, leads=_plain(ends.get(each.key, ""))) for each in block.options
        )
        texts = tuple(text for text in (block.vignette, block.prompt) if text)
        self.add("poll", block.line, title=_plain(block.title), texts=texts, parts=parts)

    def _scenario(self, block: Scenario) -> None:
        outer = self.section
        self.section = " › ".join(each for each in (outer, block.title) if each)
        self.blocks(block.intro)
        titles = {step.id: step.title for step in block.steps}
        for step in block.steps:
            self._step(step, titles)
        self.section = outer

    def _step(self, step: Step, titles: Mapping[str, str]) -> None:
        parts = tuple(
            Part(
                kind="choice", html=way.html, leads=_plain(titles[way.target]), score=way.score, reason=way.consequence
            )
            for way in step.ways
        )
        texts = tuple(_said(step.body))
        self.add("step", step.line, title=_plain(step.title), outcome=step.outcome, texts=texts, parts=parts)


def _said(body: Iterable[Block]) -> Iterator[str]:
    """The HTML of what happens in a step."""
    for block in body:
        match block:
            case Prose() | Heading():
                yield block.html
            case Figure():
                yield _plain(" ".join((block.alt, block.caption)).strip())
            case Callout() | Details():
                yield block.title
                yield from _said(block.body)
            case Recording():
                yield _plain(block.title)
                yield from _said(block.transcript)


def _plain(text: str) -> str:
    return escape(text, quote=False)


def _local(piece: Piece) -> Iterator[str]:
    """The sentences of the piece that say that they differ from country to country, one that says nothing else with the one
    before it; then its sources that are marked so."""
    says = notice(piece.language)
    for text in (*piece.texts, *(text for part in piece.parts for text in (part.html, part.reason))):
        before = ""
        for sentence in _SENTENCE_END.split(plain_words(text)):
            found = says and says.search(sentence)
            if found:
                yield sentence if found.start() else f"{before} {sentence}".strip()
            before = sentence
    yield from (plain_words(note.html) for note in piece.sources if note.verify)
