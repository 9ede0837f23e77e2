"""Where a learner stands in a course as it is now: what is done, what comes next, what is missing."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from lms.content.model import Course, Module, Quiz
from lms.learning.grading import NOTHING
from lms.learning.keys import weighted_share
from lms.learning.progress import Attempt
from lms.learning.today import Record

Missing = Literal["end", "quiz", "test"]
"""What a module still asks for: its end button, a better quiz score, or a passed test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleStanding:
    """One module: whether it is done, and what it still asks for. `share` is the quiz or best test score, 0 to 1; a
    module that was done by an earlier release's rules is done, whatever the share."""

    module: Module
    required: bool
    begun: bool
    done: bool
    share: Fraction
    missing: tuple[Missing, ...]
    next_anchor: str
    """Where in the page she goes on: her last section, or the first quiz without an answer; may be empty."""
    last: bool = False
    """Whether this is the module that she was in last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A learner in a course."""

    modules: tuple[ModuleStanding, ...]
    complete: bool
    """Every rule of the course as it is now is met, or it was completed before in this major."""
    met: bool
    """Every rule is met by what she has done, whether or not completion is recorded."""

    @property
    def missing(self) -> tuple[ModuleStanding, ...]:
        """The required modules that are not done."""
        return tuple(module for module in self.modules if module.required and not module.done)

    @property
    def done(self) -> int:
        """How many required modules are done."""
        return sum(module.required and module.done for module in self.modules)

    @property
    def required(self) -> int:
        """How many modules are required."""
        return sum(module.required for module in self.modules)

    @property
    def minutes_left(self) -> int:
        """About how long the missing modules take."""
        return sum(standing.module.minutes for standing in self.missing)

    @property
    def begun(self) -> bool:
        """Whether she has done anything here."""
        return any(module.begun for module in self.modules)

    @property
    def next(self) -> ModuleStanding | None:
        """The module to go on with, of the required ones that are not done: the one that she was in last, else the first,
        a test only after the others."""
        return min(self.missing, key=lambda each: (not each.last, each.module.kind == "test"), default=None)

    def after(self, module: str) -> ModuleStanding | None:
        """The one to go on with when that module is done as well."""
        others = (each for each in self.missing if each.module.id != module)
        return min(others, key=lambda each: each.module.kind == "test", default=None)

    def of(self, module: str) -> ModuleStanding:
        """The standing in one module. Raises KeyError."""
        found = next((each for each in self.modules if each.module.id == module), None)
        if found is None:
            raise KeyError(module)
        return found


def standing(record: Record, course: Course, language: str) -> Standing:
    """Where the record puts a learner in the live course, with the modules in that language."""
    modules = tuple(_module(record, course, each) for each in course.edition(language).modules.values())
    asked = [module for module in modules if module.required]
    met = bool(asked) and all(module.done for module in asked)
    return Standing(modules=modules, complete=met or course.major in record.completed, met=met)


def best_attempt(record: Record, module: str) -> Attempt | None:
    """The marked attempt at that test with the best score: a passed one first."""
    marked = [each for each in record.attempts.values() if each.marked and each.opened and each.opened.module == module]
    return max(marked, key=lambda each: (each.marked.passed, each.marked.share) if each.marked else (), default=None)


def _module(record: Record, course: Course, module: Module) -> ModuleStanding:
    share, missing = _test(record, module) if module.kind == "test" else _lesson(record, module)
    if module.id in record.kept:
        missing = ()
    begun = _begun(record, module)
    return ModuleStanding(
        module=module,
        required=module.id in course.required,
        begun=begun,
        done=not missing,
        share=share,
        missing=missing,
        next_anchor=_next_anchor(record, module) if begun else "",
        last=record.place is not None and record.place.module == module.id,
    )


def _lesson(record: Record, module: Module) -> tuple[Fraction, tuple[Missing, ...]]:
    questions = list(module.questions())
    share = weighted_share(
        questions, {each.id: record.results[each.id].best for each in questions if each.id in record.results}
    )
    missing: list[Missing] = []
    if module.quiz_mark and share * 100 < module.quiz_mark:
        missing.append("quiz")
    if module.id not in record.ended:
        missing.append("end")
    return share, tuple(missing)


def _test(record: Record, module: Module) -> tuple[Fraction, tuple[Missing, ...]]:
    best = best_attempt(record, module.id)
    if best is None or best.marked is None:
        return NOTHING, ("test",)
    return best.marked.share, () if best.marked.passed else ("test",)


def _begun(record: Record, module: Module) -> bool:
    return (
        module.id in record.ended
        or any(question.id in record.results for question in module.questions())
        or any(each.opened and each.opened.module == module.id for each in record.attempts.values())
        or any(scenario.id in record.scenarios for scenario in module.scenarios())
        or (record.place is not None and record.place.module == module.id)
    )


def _next_anchor(record: Record, module: Module) -> str:
    if record.place and record.place.module == module.id:
        return record.place.section
    quizzes = [block for block in module.body if isinstance(block, Quiz)]
    answered = [all(question.id in record.results for question in quiz.questions) for quiz in quizzes]
    if True in answered and False in answered:
        return f"quiz-{quizzes[answered.index(False)].id}"
    return ""
