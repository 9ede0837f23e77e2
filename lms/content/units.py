"""Units of a course: what an edit or a translation changes one at a time, each with two fingerprints.

A unit is each block with an id, the prose under each `## … {#id}`, what stands before the first of them (under the
module's own id), each source and each term of the glossary. *Text* is what people read; *structure* is what marking
works with: the kind, option keys, right ones, points, pool, gaps, a scenario's ways.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, TypeGuard

from lms.content.model import Block, Cards, Edition, Footnote, Heading, Module, Poll, Quiz, Reflection, Scenario
from lms.content.question_model import (
    BlanksQuestion,
    ChoiceQuestion,
    MatchQuestion,
    OrderQuestion,
    Question,
    TextQuestion,
)

ABOUT, KNOWLEDGE = "about", "knowledge"
"""The ids of the page about the course and of the questions before and after it, which are no modules."""
FORMS = ("a", "b")
"""The two forms of those questions, as their pools."""
Named = Cards | Poll | Reflection | Scenario | Question
NOT_TEXT = frozenset(
    {
        "line",
        "id",
        "key",
        "target",
        "right",
        "score",
        "points",
        "pool",
        "scoring",
        "kind",
        "named",
        "number",
        "language",
        "verify",
    }
)
_REFERENCE = re.compile(r'(<a href="#fn-[a-z0-9-]+">)\[\d+\](?=</a></sup>)')
"""A reference to a source: its number is a matter of what stands before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One unit of one language; `text` and `structure` are fingerprints (16 hexadecimal digits), equal for equal ones."""

    id: str
    kind: str
    """`single` … `scenario`, `cards`, `reflection`; `section`, `source`, `term`."""
    module: str
    line: int
    text: str
    structure: str


def units(edition: Edition) -> dict[str, Unit]:
    """Every unit of an edition by id, in the order of reading."""
    about = {"title": edition.title, "summary": edition.summary, "audience": edition.audience}
    found = [*_prose(ABOUT, about, edition.about), *_sources(ABOUT, edition.footnotes)]
    found += _blocks(ABOUT, edition.about)
    for module in edition.modules.values():
        found += units_of(module)
    if edition.knowledge:
        found += [*_blocks(KNOWLEDGE, edition.knowledge.body), *_sources(KNOWLEDGE, edition.knowledge.footnotes)]
    found += [_unit(term.id, "term", "", term, ()) for term in edition.glossary.values()]
    return {unit.id: unit for unit in found}


def pages_of(edition: Edition) -> list[Module]:
    """Its modules, and its questions before and after it."""
    return [*edition.modules.values(), *([edition.knowledge] if edition.knowledge else [])]


def units_of(module: Module) -> list[Unit]:
    """Every unit of a module, in the order of reading."""
    head = {"title": module.title, "objectives": module.objectives}
    blocks = _blocks(module.id, module.body)
    return [*_prose(module.id, head, module.body), *blocks, *_sources(module.id, module.footnotes)]


def named(body: Iterable[Block]) -> Iterator[Named]:
    """Every block with an id, in order; the questions of a quiz one by one."""
    for block in body:
        if isinstance(block, Quiz):
            yield from block.questions
        elif isinstance(block, Cards | Poll | Reflection | Scenario):
            yield block


def begins_section(block: Block) -> TypeGuard[Heading]:
    """Whether a section with an id of its own begins here."""
    return isinstance(block, Heading) and block.level == 2 and block.named


def kind_of(block: Named) -> str:
    """The kind of a block with an id, by its English name."""
    return getattr(block, "kind", type(block).__name__.lower())


def structure(block: Named) -> Any:
    """What marking and translations depend on, as plain values: equal for blocks that mean the same."""
    match block:
        case Scenario():
            return [(step.id, step.outcome, [(way.target, way.score) for way in step.ways]) for step in block.steps]
        case Cards():
            return len(block.cards)
        case Poll():
            return block.kind, sorted(option.key for option in block.options)
        case Reflection():
            return ()
    return block.kind, block.points, block.pool, block.scoring, _answers(block)


def differ(old: Question, new: Question) -> bool:
    """Whether an answer to the old one says nothing about the new one: marked by other rules, or by keys that have
    changed places. Both in one language."""
    places: dict[Any, set[str]] = {}
    for text, key in _keyed(old):
        places.setdefault(text, set()).add(key)
    return structure(old) != structure(new) or any(key not in places.get(text, {key}) for text, key in _keyed(new))


def _keyed(question: Question) -> Iterator[tuple[Any, str]]:
    """What each key stands for."""
    match question:
        case ChoiceQuestion():
            yield from ((option.html, option.key) for option in question.options)
        case MatchQuestion():
            yield from ((("item", pair.html), pair.key) for pair in question.pairs)
            yield from ((("target", target.html), target.key) for target in question.targets)
        case OrderQuestion():
            yield from ((item.html, item.key) for item in question.items)
        case BlanksQuestion():
            for gap in question.gaps:
                yield gap.accepted, gap.key
                yield from (((gap.key, option.text), option.key) for option in gap.options)


def _answers(question: Question) -> Any:
    match question:
        case ChoiceQuestion():
            return sorted((option.key, option.right) for option in question.options)
        case MatchQuestion():
            groups: dict[str, list[str]] = {target.key: [] for target in question.targets}
            for pair in question.pairs:
                groups.setdefault(pair.target, []).append(pair.key)
            return sorted(sorted(group) for group in groups.values())
        case OrderQuestion():
            return [item.key for item in question.items]
        case TextQuestion():
            numbers = [(each.text, each.right) for each in question.expected if question.kind == "numeric"]
            return question.match, sorted(numbers)
        case BlanksQuestion():
            return question.match, [
                (gap.key, [(option.key, option.right) for option in gap.options]) for gap in question.gaps
            ]


def _blocks(name: str, body: Iterable[Block]) -> Iterator[Unit]:
    return (_unit(block.id, kind_of(block), name, block, structure(block)) for block in named(body))


def _prose(name: str, head: Mapping[str, Any], body: Iterable[Block]) -> Iterator[Unit]:
    """The unit of a page's beginning, then one for each section with an id."""
    line, kept, started = 1, [dict(head)], name
    for block in body:
        if begins_section(block):
            yield _unit(started, "section", name, kept, (), line=line)
            line, kept, started = block.line, [], f"{name}#{block.anchor}"
        if not isinstance(block, Cards | Poll | Quiz | Reflection | Scenario):
            kept.append(block)  # type: ignore[arg-type]
    yield _unit(started, "section", name, kept, (), line=line)


def _sources(name: str, footnotes: Iterable[Footnote]) -> Iterator[Unit]:
    return (_unit(f"{name}^{note.name}", "source", name, note, ()) for note in footnotes)


def _unit(name: str, kind: str, module: str, content: Any, form: Any, *, line: int | None = None) -> Unit:
    at = line if line is not None else content.line
    return Unit(id=name, kind=kind, module=module, line=at, text=_mark(_words(content)), structure=_mark(form))


def _words(value: Any) -> Any:
    """What people read of a value, in order."""
    if is_dataclass(value) and not isinstance(value, type):
        told = [getattr(value, each.name) for each in fields(value) if each.name not in NOT_TEXT]
        return [
            _words(each) for each in told if each
        ]  # so that a field that comes later, and is empty, changes nothing
    if isinstance(value, Mapping):
        return [_words(each) for each in value.values()]
    if isinstance(value, tuple | list):
        return [_words(each) for each in value]
    return _REFERENCE.sub(r"\1", value) if isinstance(value, str) else value


def _mark(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()[:16]
