"""A release beside the one before it: what learners will see changed, and what would take their results away."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lms.content.continuity import problems
from lms.content.diagnostics import Diagnostic, Places
from lms.content.identity import Identity, chain
from lms.content.model import Course
from lms.content.question_model import Question
from lms.content.side import Side, differs
from lms.content.units import Named, Unit, differ, structure

PROSE = ("section", "source", "term")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Ids in the order of reading: by their names now, what is gone by its last one."""

    reworded: tuple[str, ...] = ()
    """Blocks whose text changed and nothing else."""
    sections: tuple[str, ...] = ()
    """Prose, sources and terms whose text changed."""
    questions: tuple[str, ...] = ()
    """Questions that ask for something else: another key, other options, another type."""
    blocks: tuple[str, ...] = ()
    """Scenarios, polls and cards with other ways, options or numbers."""
    added: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    moved: tuple[tuple[str, str], ...] = ()
    """Blocks with the module that has them now."""
    modules_added: tuple[str, ...] = ()
    modules_removed: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    """Modules with another mark, number of tries or way of drawing."""
    completion: bool = False
    """Whether completing the course asks for something else."""
    major: int = 0
    """The new major, when it was raised."""
    languages: tuple[str, ...] = ()
    """Languages that are new."""
    problems: tuple[Diagnostic, ...] = ()

    @property
    def fatal(self) -> bool:
        """Whether publishing would take results away, or give them to something else."""
        return any(each.severity == "error" for each in self.problems)


def compare(old: Course, new: Course, *, before: Iterable[Identity] = (), places: Places | None = None) -> Changes:
    """What changes from the live course to the new one; `before` are all its releases, the oldest first, and `places`
    tell where the new one's ids stand."""
    was, now = Side(old), Side(new)
    kept = {chain(name, new.renamed): name for name in was.blocks if chain(name, new.renamed) in now.blocks}
    changed = [name for name in now.blocks if name in kept and _asks_else(was.blocks[kept[name]], now.blocks[name])]
    gone = [name for name in was.kinds if chain(name, new.renamed) not in now.kinds]
    return Changes(
        reworded=tuple(_reworded(was, now, {each: kept[each] for each in now.blocks if each in kept}, changed)),
        sections=tuple(_sections(was, now)),
        questions=tuple(name for name in changed if isinstance(now.blocks[name], Question)),
        blocks=tuple(name for name in changed if not isinstance(now.blocks[name], Question)),
        added=tuple(name for name in now.blocks if name not in kept),
        retired=tuple(name for name in gone if name in was.blocks),
        renamed=tuple(_renamed(was, now)),
        moved=tuple(_moved(was, now, kept)),
        modules_added=tuple(name for name in now.modules if name not in set(_modules_kept(was, now).values())),
        modules_removed=tuple(name for name in gone if name in was.modules),
        rules=tuple(each for name, each in _modules_kept(was, now).items() if _rules(was, name) != _rules(now, each)),
        completion=_completion(old, new) != (new.required, new.certificate),
        major=new.major if new.major > old.major else 0,
        languages=tuple(each for each in new.editions if each not in old.editions),
        problems=problems(was, now, list(before), places or {}),
    )


def _asks_else(old: Named, new: Named) -> bool:
    if isinstance(old, Question) and isinstance(new, Question):
        return differ(old, new)
    return bool(structure(old) != structure(new))


def _reworded(was: Side, now: Side, kept: Mapping[str, str], changed: Sequence[str]) -> Iterator[str]:
    for name, old in kept.items():
        if name not in changed and differs(was, now, old, name):
            yield name


def _sections(was: Side, now: Side) -> Iterator[str]:
    """The prose that changed, came or went in what both courses have."""
    renamed, there = now.course.renamed, {*_modules_kept(was, now).values(), "", "about"}
    old = {_moved_name(unit, renamed): unit.id for unit in _prose(was) if chain(unit.module, renamed) in there}
    new = {unit.id: unit.id for unit in _prose(now) if unit.module in there}
    for name in {**old, **new}:
        if differs(was, now, old.get(name, name), name):
            yield name


def _prose(side: Side) -> Iterator[Unit]:
    return (unit for each in side.units.values() for unit in each.values() if unit.kind in PROSE)


def _moved_name(unit: Unit, renamed: Mapping[str, str]) -> str:
    """The unit's id once its module is called as it is now."""
    return chain(unit.module, renamed) + unit.id[len(unit.module) :] if unit.module else unit.id


def _renamed(was: Side, now: Side) -> Iterator[tuple[str, str]]:
    for name in was.kinds:
        if name not in now.kinds and chain(name, now.course.renamed) in now.kinds:
            yield name, chain(name, now.course.renamed)


def _modules_kept(was: Side, now: Side) -> dict[str, str]:
    """Each module of before that is still there, with its id now."""
    names = {name: chain(name, now.course.renamed) for name in was.modules}
    return {old: new for old, new in names.items() if new in now.modules}


def _moved(was: Side, now: Side, kept: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, module in now.module_of.items():
        if name in kept and chain(was.module_of[kept[name]], now.course.renamed) != module:
            yield name, module


def _rules(side: Side, name: str) -> object:
    module = side.modules[name]
    return module.quiz_mark, module.quiz_attempts, module.test and replace(module.test, review={})


def _completion(old: Course, new: Course) -> tuple[tuple[str, ...], str]:
    return tuple(chain(name, new.renamed) for name in old.required), chain(old.certificate, new.renamed)
