"""What a learner has done, as the live release calls it: the facts of its major, in its ids (docs/decisions/0005)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from lms.content.model import Module
from lms.content.question_model import Question
from lms.learning.grading import NOTHING
from lms.learning.keys import weighted_share
from lms.learning.lineage import Lineage
from lms.learning.progress import Attempt, Last, Place, Progress, Releases, Result, Work, better, later


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The facts that count now. A result, an ending or an attempt follows what was renamed or moved."""

    enrolled: bool = False
    ended: frozenset[str] = frozenset()
    results: Mapping[str, Result] = field(default_factory=dict)
    scenarios: Mapping[str, frozenset[str]] = field(default_factory=dict)
    attempts: Mapping[str, Attempt] = field(default_factory=dict)
    place: Place | None = None
    completed: frozenset[int] = frozenset()
    kept: frozenset[str] = frozenset()
    """Lessons done by the rules of an earlier release that she worked in."""
    asked: Mapping[str, Question] = field(default_factory=dict)
    """Questions that she answered last in an earlier release, as they were then, by their id now."""
    reviewed: Mapping[str, Last] = field(default_factory=dict)
    """Her last answer to each question that she reviewed."""

    @property
    def touched(self) -> str:
        """When she was here last, as far as she did something that has a moment; empty where she did nothing."""
        places = [self.place.at] if self.place else []
        answers = [*(result.last for result in self.results.values()), *self.reviewed.values()]
        return max([*places, *(each.at for each in answers)], default="")


def today(progress: Progress, lineage: Lineage, releases: Releases) -> Record:
    """The record under the live release of that lineage; a release that is not known counts for nothing yet."""
    major = lineage.majors[lineage.live]
    work = {name: each for name, each in progress.work.items() if lineage.majors.get(name) == major}
    ended = frozenset(lineage.now(module) for each in work.values() for module in each.ended)
    results, asked = _results(work, lineage, releases)
    shares = {name: result.best for name, result in results.items()}
    return Record(
        enrolled=progress.enrolled,
        ended=ended,
        results=results,
        scenarios=_scenarios(work, lineage),
        attempts=dict(_attempts(progress, lineage, major)),
        place=_place(progress.place, lineage, major),
        completed=frozenset(progress.completed),
        kept=frozenset(name for name in _kept(work, lineage, releases, shares) if name in ended),
        asked=asked,
        reviewed=_reviewed(work, lineage),
    )


def _results(
    work: Mapping[str, Work], lineage: Lineage, releases: Releases
) -> tuple[dict[str, Result], dict[str, Question]]:
    """Every result by its question's id now, and the questions that were other releases' when she answered last."""
    results: dict[str, Result] = {}
    asked: dict[str, Question] = {}
    for digest, each in work.items():
        key = None if digest == lineage.live else releases.get(digest)
        for old, result in each.results.items():
            name = lineage.now(old)
            results[name] = better(results.get(name), result)
            if results[name].last is result.last:
                asked.pop(name, None)
                if key and old in key.practice:
                    asked[name] = key.practice[old]
    return results, asked


def _reviewed(work: Mapping[str, Work], lineage: Lineage) -> dict[str, Last]:
    found: dict[str, Last] = {}
    for each in work.values():
        for old, last in each.reviewed.items():
            found[lineage.now(old)] = later(found.get(lineage.now(old)), last)
    return found


def _scenarios(work: Mapping[str, Work], lineage: Lineage) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for each in work.values():
        for old, outcomes in each.scenarios.items():
            name = lineage.now(old)
            found[name] = found.get(name, frozenset()) | outcomes
    return found


def _attempts(progress: Progress, lineage: Lineage, major: int) -> Iterator[tuple[str, Attempt]]:
    for name, attempt in progress.attempts.items():
        opened = attempt.opened
        if opened and lineage.majors.get(opened.release) == major:
            yield name, replace(attempt, opened=replace(opened, module=lineage.now(opened.module)))


def _place(place: Place | None, lineage: Lineage, major: int) -> Place | None:
    if place is None or lineage.majors.get(place.release) != major:
        return None
    return replace(place, module=lineage.now(place.module))


def _kept(
    work: Mapping[str, Work], lineage: Lineage, releases: Releases, shares: Mapping[str, Fraction]
) -> Iterator[str]:
    """The lessons whose mark is reached as an earlier release asked for it, in which she worked on them."""
    for digest, each in work.items():
        key = None if digest == lineage.live else releases.get(digest)
        for module in key.lessons.values() if key else ():
            if _worked(each, module) and _reaches(module, lineage, shares):
                yield lineage.now(module.id)


def _worked(work: Work, module: Module) -> bool:
    return module.id in work.ended or any(question.id in work.results for question in module.questions())


def _reaches(module: Module, lineage: Lineage, shares: Mapping[str, Fraction]) -> bool:
    mine = {question.id: shares.get(lineage.now(question.id), NOTHING) for question in module.questions()}
    return weighted_share(module.questions(), mine) * 100 >= module.quiz_mark
