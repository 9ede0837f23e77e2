"""How far each translation is: the state of every unit, against the source as it is today and against the lock."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from lms.content.differences import OTHER_MODULE, Difference, differences, rules_that_differ
from lms.content.fallback import BEGINNING, lacking
from lms.content.lock import Lock, Made
from lms.content.model import Block, Edition
from lms.content.units import ABOUT, KNOWLEDGE, Named, Unit, named, units

ABOUT_FILE, GLOSSARY_FILE, KNOWLEDGE_FILE = "course.md", "glossary.md", "knowledge.md"
State = Literal["ok", "unreviewed", "stale", "missing", "orphan", "structure-differs"]
STATES: tuple[State, ...] = ("ok", "unreviewed", "stale", "missing", "orphan", "structure-differs")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitState:
    """One unit in one language. `file` and `line` lead to the translation, or to the source where it is missing."""

    language: str
    id: str
    kind: str
    module: str
    """`about` for the page about the course, `knowledge` for the questions before and after it, empty for a term."""
    file: str
    line: int
    state: State
    source: str
    """The source's text fingerprint, empty for an orphan."""
    own: str
    """The translation's, empty where it is missing."""
    differs: tuple[Difference, ...] = ()

    @property
    def acceptable(self) -> bool:
        """Whether it can be recorded as made from today's source."""
        return self.state in ("ok", "unreviewed", "stale")


def states(editions: Mapping[str, Edition | None], source: str, lock: Lock) -> list[UnitState]:
    """Every unit of every other language, by language and in the source's order, orphans last.

    The editions are as their own files say them, before anything falls back; None is a language without files yet.
    """
    original = editions[source]
    if original is None:
        return []
    return [
        state
        for language, edition in editions.items()
        if language != source
        for state in _states(original, edition, language, lock)
    ]


def _states(source: Edition, own: Edition | None, language: str, lock: Lock) -> Iterator[UnitState]:
    ours, missing, differing = _compared(source, own)
    theirs = units(source)
    for name, unit in theirs.items():
        mine = None if name in missing else ours.get(name)
        made = lock.get((language, name))
        yield UnitState(
            language=language,
            id=name,
            kind=unit.kind,
            module=unit.module,
            file=_file(own, mine) if own and mine else _file(source, unit),
            line=(mine or unit).line,
            state="structure-differs" if differing.get(name) else _state(unit, mine, made),
            source=unit.text,
            own=mine.text if mine else "",
            differs=differing.get(name, ()),
        )
    for name, unit in ours.items():
        if own and name not in theirs and unit.module in ("", ABOUT, KNOWLEDGE, *source.modules):
            yield UnitState(
                language=language,
                id=name,
                kind=unit.kind,
                module=unit.module,
                file=_file(own, unit),
                line=unit.line,
                state="orphan",
                source="",
                own=unit.text,
            )


def _state(source: Unit, own: Unit | None, made: Made | None) -> State:
    if own is None:
        return "missing"
    if made is None:
        return "unreviewed"
    if made.source != source.text:
        return "stale"
    return "ok" if made.own == own.text else "unreviewed"


def _compared(
    source: Edition, own: Edition | None
) -> tuple[Mapping[str, Unit], set[str], Mapping[str, tuple[Difference, ...]]]:
    """The translation's units, which of the source's are missing in it, and what differs in structure."""
    if own is None:
        return {}, set(units(source)), {}
    return units(own), _missing(source, own), _differing(source, own)


def _missing(source: Edition, own: Edition) -> set[str]:
    """The units without text in the translation, though perhaps with a heading."""
    theirs, ours = _pages(source), _pages(own)
    return {
        _unit_id(page, part)
        for page, body in theirs.items()
        if page in ours
        for part in lacking(ours[page], body)
        if part.startswith(BEGINNING)
    }


def _unit_id(page: str, part: str) -> str:
    return page if part == BEGINNING else f"{page}{part}"


def _differing(source: Edition, own: Edition) -> dict[str, tuple[Difference, ...]]:
    theirs, ours = _named(source), _named(own)
    found = {
        name: differences(block, ours[name][1]) if ours[name][0] == page else (Difference(message=OTHER_MODULE),)
        for name, (page, block) in theirs.items()
        if name in ours
    }
    rules = {
        name: rules_that_differ(module, own.modules[name])
        for name, module in source.modules.items()
        if name in own.modules
    }
    return {name: each for name, each in (found | rules).items() if each}


def _pages(edition: Edition) -> dict[str, tuple[Block, ...]]:
    asked = {KNOWLEDGE: edition.knowledge.body} if edition.knowledge else {}
    return {ABOUT: edition.about} | {name: module.body for name, module in edition.modules.items()} | asked


def _named(edition: Edition) -> dict[str, tuple[str, Named]]:
    """Every block with an id, with its page."""
    return {block.id: (page, block) for page, body in _pages(edition).items() for block in named(body)}


def _file(edition: Edition, unit: Unit) -> str:
    names = {"": GLOSSARY_FILE, ABOUT: ABOUT_FILE, KNOWLEDGE: KNOWLEDGE_FILE}
    names |= {name: each.file for name, each in edition.modules.items()}
    return f"{edition.language}/{names[unit.module]}"
