"""Where a translation has no text yet, the source's block stands in its place and says so with its `language`.

A borrowed block comes after what precedes it in the source. Sources are numbered anew along the page; anchors stay
unique, and a borrowed link to a heading that is translated without an id leads to its section.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from typing import Any, cast

from lms.content.model import Block, Edition, Footnote, Heading, Module, Quiz, Term
from lms.content.question_model import MatchQuestion, Question
from lms.content.references import anchored, anchors_in, headings_in, led, numbered, sources_in, terms_in
from lms.content.units import begins_section, named

BEGINNING = "#"
"""The part of a page before its first section; a section's part is `#anchor`, a block's its id."""


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A block with an id, or a run of the others of one section."""

    part: str
    blocks: tuple[Block | Question, ...]
    borrowed: bool = False


@dataclass(frozen=True, slots=True)
class _Text:
    """The text of a page, and whether some of it is borrowed."""

    body: tuple[Block, ...]
    notes: tuple[Footnote, ...]
    borrowed: bool


def filled(own: Edition, source: Edition) -> Edition:
    """The translation, whole: with the source's modules, blocks, sources and terms where it has none."""
    about = _filled(_Text(own.about, own.footnotes, False), _Text(source.about, source.footnotes, False), source)
    modules = {name: _module(own.modules.get(name), module, source) for name, module in source.modules.items()}
    glossary = _glossary(own.glossary, source)
    borrowed = any(each.borrowed or each.language != own.language for each in modules.values())
    return replace(
        own,
        about=about.body,
        footnotes=about.notes,
        modules=modules,
        glossary=glossary,
        knowledge=_knowledge(own.knowledge, source.knowledge),
        borrowed=borrowed or about.borrowed or any(term.language for term in glossary.values()),
    )


def lacking(own: Iterable[Block], source: Iterable[Block]) -> frozenset[str]:
    """The parts of a page that the translation has nothing of, or only a section's heading where there is text."""
    ours, theirs = _chunks(own), _chunks(source)
    without = {chunk.part for chunk in theirs} - {chunk.part for chunk in ours}
    hollow = {chunk.part for chunk in theirs if _text_of(chunk)} - {chunk.part for chunk in ours if _text_of(chunk)}
    return frozenset(without | hollow)


def _module(own: Module | None, source: Module, edition: Edition) -> Module:
    if own is None:
        return source
    before = _Text(own.body, own.footnotes, False)
    text = _filled(before, _Text(source.body, source.footnotes, False), edition)
    own = replace(own, picture=own.picture or source.picture)
    if text is before:
        return own
    terms = tuple(terms_in((text.body, text.notes)))
    return replace(own, body=text.body, footnotes=text.notes, terms=terms, borrowed=text.borrowed)


def _knowledge(own: Module | None, source: Module | None) -> Module | None:
    """The questions before and after the course, where all of them are there: in a foreign language they would ask how
    well somebody reads it."""
    asked, wanted = ({question.id for question in each.questions()} if each else set() for each in (own, source))
    return own if asked == wanted else None


def _glossary(own: Mapping[str, Term], source: Edition) -> dict[str, Term]:
    borrowed = {name: replace(term, language=source.language) for name, term in source.glossary.items()}
    return {**borrowed, **own}


def _filled(own: _Text, source: _Text, edition: Edition) -> _Text:
    own = _marked(own, source)
    chunks = _merged(own.body, source.body, edition.language)
    body = _body(chunks, source.body)
    names = _names(body, own.notes, source.notes)
    borrowed = any(chunk.borrowed for chunk in chunks)
    if body == own.body and set(names) == {note.name for note in own.notes}:
        return own
    body, notes = _noted(_linked(body, source.body) if borrowed else body, own.notes, source.notes, edition)
    return _Text(body, notes, borrowed or any(note.language for note in notes))


def _marked(own: _Text, source: _Text) -> _Text:
    """The text with the marks of its sources: {verify} on the source language's holds for its translations."""
    verify = {note.name for note in source.notes if note.verify} - {note.name for note in own.notes if note.verify}
    if not any(note.name in verify for note in own.notes):
        return own
    return replace(own, notes=tuple(replace(note, verify=True) if note.name in verify else note for note in own.notes))


def _chunks(body: Iterable[Block]) -> list[_Chunk]:
    made: list[_Chunk] = []
    part = BEGINNING
    for block in body:
        ids = [each.id for each in named([block])]
        if begins_section(block):
            part = f"#{block.anchor}"
        if ids:
            blocks = block.questions if isinstance(block, Quiz) else (block,)
            made += [_Chunk(name, (each,)) for name, each in zip(ids, blocks, strict=True)]
        elif made and made[-1].part == part:
            made[-1] = _Chunk(part, (*made[-1].blocks, block))
        else:
            made.append(_Chunk(part, (block,)))
    return made


def _text_of(chunk: _Chunk) -> tuple[Block | Question, ...]:
    """What the chunk says beside a section's heading."""
    return tuple(each for each in chunk.blocks if isinstance(each, Question) or not begins_section(each))


def _merged(own: Sequence[Block], source: Sequence[Block], language: str) -> list[_Chunk]:
    """The translation's chunks, with the source's where it lacks them."""
    missing, theirs = lacking(own, source), _chunks(source)
    made = _aligned(_chunks(own), theirs)
    parts = {chunk.part for chunk in made}
    begun: set[str] = set()
    at = sum(chunk.part == BEGINNING for chunk in made[:1])
    for chunk in theirs:
        if chunk.part not in begun:
            begun.add(chunk.part)
            at = next((place + 1 for place, each in enumerate(made) if _is_own(each, chunk.part)), at)
        elif at < len(made) and _is_own(made[at], chunk.part):  # more of a section, unless it ran on when a part went
            at += 1
        blocks = _text_of(chunk) if chunk.part in parts else chunk.blocks
        if chunk.part in missing and blocks:
            made.insert(at, _Chunk(chunk.part, tuple(_said_in(language, each) for each in blocks), True))
            at += 1
    return made


def _is_own(chunk: _Chunk, part: str) -> bool:
    return chunk.part == part and not chunk.borrowed


def _said_in(language: str, block: Any) -> Any:
    return replace(block, language=language)


def _aligned(own: list[_Chunk], source: Sequence[_Chunk]) -> list[_Chunk]:
    """The chunks with the targets of their matches under the source's keys: those count in order of appearance."""
    models = {chunk.part: chunk.blocks[0] for chunk in source}
    made = []
    for chunk in own:
        block, model = chunk.blocks[0], models.get(chunk.part)
        if isinstance(block, MatchQuestion) and isinstance(model, MatchQuestion):
            made.append(_Chunk(chunk.part, (_with_keys_of(model, block),)))
        else:
            made.append(chunk)
    return made


def _with_keys_of(model: MatchQuestion, own: MatchQuestion) -> MatchQuestion:
    there = {pair.key: pair.target for pair in model.pairs}
    keys = {pair.target: there[pair.key] for pair in own.pairs if pair.key in there}
    spare = [target.key for target in model.targets if target.key not in keys.values()]
    for target in own.targets:
        if target.key not in keys and spare:
            keys[target.key] = spare.pop(0)
    if len(set(keys.values())) < len(own.targets):  # another structure, which is told as an error
        return own
    return replace(
        own,
        pairs=tuple(replace(pair, target=keys.get(pair.target, "")) for pair in own.pairs),
        targets=tuple(replace(target, key=keys.get(target.key, "")) for target in own.targets),
    )


def _body(chunks: Iterable[_Chunk], source: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks, a run of questions as one quiz; beside a borrowed one as many as in the source."""
    forms = {each.id: block.id for block in source if isinstance(block, Quiz) for each in block.questions}
    made: list[Block] = []
    for block in (each for chunk in chunks for each in chunk.blocks):
        last = made[-1] if made else None
        if not isinstance(block, Question):
            made.append(block)
        elif isinstance(last, Quiz) and _is_one_form(last.questions[-1], block, forms):
            made[-1] = replace(last, questions=(*last.questions, block))
        else:
            made.append(Quiz(line=block.line, id=block.id, questions=(block,)))
    return tuple(made)


def _is_one_form(one: Question, next_: Question, forms: Mapping[str, str]) -> bool:
    return not (one.language or next_.language) or forms.get(one.id) == forms.get(next_.id)


def _names(body: tuple[Block, ...], own: Iterable[Footnote], source: Iterable[Footnote]) -> list[str]:
    """The sources that the page refers to, also through one another, in the order of reading."""
    html = {note.name: note.html for note in (*source, *own)}
    names = sources_in(body)
    for name in names:
        names += [each for each in sources_in(html.get(name, "")) if each not in names]
    return names


def _noted(
    body: tuple[Block, ...], own: Iterable[Footnote], source: Iterable[Footnote], edition: Edition
) -> tuple[tuple[Block, ...], tuple[Footnote, ...]]:
    """The page with its sources numbered along it."""
    numbers = {name: number for number, name in enumerate(_names(body, own, source), start=1)}
    known = {note.name: replace(note, language=edition.language) for note in source} | {note.name: note for note in own}
    notes = (replace(known[name], number=number) for name, number in numbers.items() if name in known)
    return numbered(body, numbers), tuple(numbered(note, numbers) for note in notes)


def _linked(body: tuple[Block, ...], source: Sequence[Block]) -> tuple[Block, ...]:
    """The page with its anchors unique and its borrowed links leading to one of them."""
    placed = [(bool(getattr(block, "language", "")), each) for block in body for each in headings_in(block)]
    placed.sort(key=lambda each: (not each[1].named, each[0]))
    body = anchored(body, _anchors([each for _, each in placed]))
    there, section = anchors_in(body), ""
    targets: dict[str, str] = {}
    for block in source:
        section = block.anchor if begins_section(block) else section
        targets |= dict.fromkeys(anchors_in(block) - there, section if section in there else "")
    return tuple(_led(block, targets) for block in body)


def _anchors(headings: Iterable[Heading]) -> dict[int, str]:
    """An anchor for each heading (by identity), its own unless one before has it."""
    taken: dict[str, int] = {}
    for each in headings:
        more = (f"{each.anchor}-{number}" for number in count(2))
        taken[next(name for name in chain([each.anchor], more) if name not in taken)] = id(each)
    return {heading: name for name, heading in taken.items()}


def _led(block: Block, targets: Mapping[str, str]) -> Block:
    if isinstance(block, Quiz):
        questions = [led(each, targets) if each.language else each for each in block.questions]
        return cast(Block, replace(block, questions=tuple(questions)))
    return led(block, targets) if block.language else block
