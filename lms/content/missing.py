"""Ids and keys that a course's files lack, and what to write for each: one id in every language, the keys that results
are kept under (docs/decisions/0011)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from string import ascii_lowercase

from lms.content.arrows import sides
from lms.content.blocks import RESERVED, Directive, scan
from lms.content.closed_questions import natural, target_keys
from lms.content.course_file import Facts
from lms.content.diagnostics import Diagnostic
from lms.content.entries import Entry, read_entries
from lms.content.fields import Fields
from lms.content.insertion import Insertion
from lms.content.module import apart
from lms.content.names import CHOICES, POLLS, QUESTIONS
from lms.content.report import Report
from lms.content.source import Line, read_document
from lms.i18n import N_

IDENTIFIED = (*QUESTIONS, *POLLS, "scenario", "reflection", "cards")
MATCHES = ("match", "classify")
KEYED = (*CHOICES, *MATCHES, "order", "poll")
GLOSSARY = "glossary.md"
_OPENS = re.compile(r"\s*[:：]{3,}\s*")


@dataclass(frozen=True, slots=True)
class _Entry:
    """The first line of an option or item: `place` is where its text begins in the line."""

    line: int
    mark: str
    text: str
    key: str
    place: int

    @property
    def is_other(self) -> bool:
        """Whether it is a match's target that nothing belongs to."""
        written = sides(self.text)
        return written is not None and not written[0]


@dataclass(slots=True)
class _Block:
    """A block with an id, or that should have one, as it is written in one language."""

    file: str
    line: Line
    kind: str
    word: str
    id: str
    entries: list[_Entry]
    bare: bool
    """Whether its id has to be written."""
    new: bool = False
    """Whether no language had an id for it: nobody has a result under it."""
    keys: list[str] = field(default_factory=list)
    """The key of each entry, written or to be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What to write, and what can't be told and has to be written by hand."""

    insertions: tuple[Insertion, ...]
    unpaired: tuple[Diagnostic, ...]


def missing(folder: Path, facts: Facts, proposed: Mapping[tuple[str, int], str]) -> Missing:
    """What the course in the folder lacks. `proposed` are ids made from the blocks' words, by file and line."""
    languages = [facts.source, *(each for each in facts.languages if each != facts.source)]
    files = {language: _pages(folder, language) for language in languages}
    report = Report("")
    _name(files, facts, proposed, report)
    insertions = [each for pages in files.values() for blocks in pages.values() for each in _insertions(blocks)]
    unpaired = tuple(replace(each, file=f"{folder.name}/{each.file}") for each in report.found)
    return Missing(insertions=tuple(insertions), unpaired=unpaired)


def _pages(folder: Path, language: str) -> dict[str, list[_Block]]:
    """The blocks of each file of a language, by its module's id (or its file's name)."""
    paths = sorted(path for path in (folder / language).glob("*.md") if path.name != GLOSSARY)
    return dict(_page(path, f"{language}/{path.name}") for path in paths)


def _page(path: Path, file: str) -> tuple[str, list[_Block]]:
    nothing = Report("")
    document = read_document(path, nothing)
    if document is None:
        return path.name, []
    lines, _, _ = apart(document.lines, nothing)
    texts = {line.number: line for line in lines}
    found = [each for each in scan(lines, nothing) if isinstance(each, Directive) and each.kind.name in IDENTIFIED]
    name = Fields(document.front, nothing).text("id") if document.front else ""
    return name or path.name, [_block(each, file, texts) for each in found]


def _block(found: Directive, file: str, texts: Mapping[int, Line]) -> _Block:
    entries = read_entries(found, Report("")).entries if found.kind.name in KEYED else []
    return _Block(
        file=file,
        line=texts[found.line],
        kind=found.kind.name,
        word=found.word,
        id=found.id,
        entries=[_entry(each, texts) for each in entries],
        bare=not found.id,
    )


def _entry(found: Entry, texts: Mapping[int, Line]) -> _Entry:
    first = found.text.split("\n")[0]
    place = len(texts[found.line].text) - len(first)
    return _Entry(line=found.line, mark=found.mark, text=first, key=found.key, place=place)


def _name(
    files: Mapping[str, Mapping[str, list[_Block]]],
    facts: Facts,
    proposed: Mapping[tuple[str, int], str],
    report: Report,
) -> None:
    """Gives every block its id and keys, the source language first."""
    source, others = files[facts.source], [pages for language, pages in files.items() if language != facts.source]
    taken = {block.id for pages in files.values() for blocks in pages.values() for block in blocks}
    taken |= {*facts.modules, *facts.values["retired"], *facts.values["renamed"], *RESERVED}
    for name, blocks in source.items():
        for translated in others:
            _take(blocks, translated.get(name, []))
        for block in blocks:
            if not block.id:
                block.id, block.new = _free(proposed.get((block.file, block.line.number), "q-1"), taken), True
                taken.add(block.id)
            block.keys = _keys(block)
    for translated in others:
        for name, blocks in translated.items():
            _follow(blocks, source.get(name, []), report)


def _take(blocks: Sequence[_Block], translated: Sequence[_Block]) -> None:
    """Ids that only a translation has go to the source's blocks of the same kind, in order, where they are as many."""
    there = {block.id for block in blocks}
    for kind in IDENTIFIED:
        bare = [block for block in blocks if block.kind == kind and not block.id]
        named = [block for block in translated if block.kind == kind and block.id and block.id not in there]
        if len(bare) == len(named):
            for block, other in zip(bare, named, strict=True):
                block.id = other.id


def _follow(blocks: Sequence[_Block], source: Sequence[_Block], report: Report) -> None:
    """A translation's blocks without an id are those of the source that it lacks, kind by kind in order."""
    there = {block.id for block in blocks if block.id}
    for kind in IDENTIFIED:
        bare = [block for block in blocks if block.kind == kind and not block.id]
        lacked = [block for block in source if block.kind == kind and block.id not in there]
        if len(bare) == len(lacked):
            for block, model in zip(bare, lacked, strict=True):
                block.id = model.id
        for block in bare:
            if not block.id:
                message = N_("It can't be told which block of the source language this one translates. Write its id.")
                report.within(block.file).error(block.line.number, "unpaired", message)
    models = {block.id: block for block in source}
    for block in blocks:
        block.keys = _keys_like(block, models.get(block.id))


def _keys_like(block: _Block, model: _Block | None) -> list[str]:
    """The keys of the source's block, where the entries of both stand in one order as far as can be told."""
    if not block.id:
        return [entry.key for entry in block.entries]
    if model is None:
        return _keys(block)
    return list(model.keys) if _agree(block, model) else [entry.key for entry in block.entries]


def _agree(block: _Block, model: _Block) -> bool:
    """Whether the entries of both stand in one order, as far as can be told without reading."""
    ours, theirs = ([(each.mark, each.is_other) for each in one.entries] for one in (block, model))
    return ours == theirs and all(each.key in ("", key) for each, key in zip(block.entries, model.keys, strict=True))


def _keys(block: _Block) -> list[str]:
    """The key of each entry: the written one; for a new block a letter; else the place that results are kept under."""
    mine = [entry for entry in block.entries if not (block.kind in MATCHES and entry.is_other)]
    used = {entry.key for entry in mine}
    letters = iter([each for each in ascii_lowercase if each not in used])
    places = {
        entry.line: next(letters) if block.new else str(n) for n, entry in enumerate(mine, start=1) if not entry.key
    }
    own = {entry.line: entry.key or places[entry.line] for entry in mine}
    others = _other_keys(block, own) if block.kind in MATCHES else {}
    return [own.get(entry.line) or others.get(entry.line, "") for entry in block.entries]


def _other_keys(block: _Block, own: Mapping[int, str]) -> dict[int, str]:
    """The keys of a match's targets that nothing belongs to, by line: those that the parser gives them."""
    ordered = sorted((entry for entry in block.entries if entry.line in own), key=lambda each: natural(own[each.line]))
    belonging = [written[1] for entry in ordered if (written := sides(entry.text))]
    left = [entry for entry in block.entries if entry.line not in own]
    others = [(written[1], entry) for entry in left if (written := sides(entry.text))]
    read = [(text, Entry(entry.line, entry.mark, text, key=entry.key)) for text, entry in others]
    keys = target_keys(belonging, read, Report(""))
    return {entry.line: keys[text] for text, entry in others if text not in belonging}


def _free(name: str, taken: set[str]) -> str:
    return next(each for each in _numbered(name) if each not in taken)


def _numbered(name: str) -> Iterator[str]:
    yield name
    for number in range(2, 10_000):
        yield f"{name}-{number}"


def _insertions(blocks: Sequence[_Block]) -> Iterator[Insertion]:
    for block in blocks:
        if block.bare and block.id:
            opens = _OPENS.match(block.line.text)
            place = (opens.end() if opens else 0) + len(block.word)
            yield Insertion(file=block.file, line=block.line.number, place=place, text=f" #{block.id}")
        for entry, key in zip(block.entries, block.keys, strict=True):
            if key and not entry.key:
                yield Insertion(file=block.file, line=entry.line, place=entry.place, text=f"{{{key}}} ")
