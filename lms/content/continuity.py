"""What a new release would take from learners: results that nothing has any more, or that go to something else."""

from collections.abc import Sequence

from lms.content.diagnostics import Diagnostic, Places
from lms.content.identity import Identity, chain
from lms.content.question_model import Question
from lms.content.report import Report, nearest
from lms.content.side import Side, differs
from lms.content.units import Named, differ, structure
from lms.i18n import N_

FAMILIES = {
    "single": "choice",
    "multiple": "choice",
    "true-false": "choice",
    "short": "written",
    "numeric": "written",
    "match": "match",
    "classify": "match",
}
"""Kinds of questions that may become one another: the answers are of one shape. Any other kind is its own family."""


def problems(was: Side, now: Side, before: Sequence[Identity], places: Places) -> tuple[Diagnostic, ...]:
    """Every problem, at its line; `before` are the releases that there were, the oldest first."""
    search = _Search(was, now, before, places)
    search.look()
    return tuple(search.report.found)


class _Search:
    """Both courses, what earlier releases said, and the report."""

    def __init__(self, was: Side, now: Side, before: Sequence[Identity], places: Places) -> None:
        self.was, self.now, self.places = was, now, places
        self.report = Report(places.get(":id", ("course.yml", 1))[0])
        self.known = {name: kind for each in before for name, kind in each.kinds.items()} | was.kinds
        self.given_up = {old: new for each in before for old, new in each.renamed.items()}

    def look(self) -> None:
        """Reports every problem, at its line."""
        for name in self.was.kinds:
            if name not in self.now.kinds:
                self._gone(name)
        for name in self.now.kinds:
            self._used_before(name)
        for name in self.now.course.renamed:
            if name not in self.known:
                message = N_("“renamed” names “%(id)s”, and no release of this course had it. Is it misspelt?")
                self._at(":renamed").warning(self._line(":renamed"), "renamed-unknown", message, id=name)
        if self.now.course.major < self.was.course.major:
            message = N_("“major” was %(old)s and never goes down. Write %(old)s, or a higher number.")
            self._at(":major").error(self._line(":major"), "major", message, old=self.was.course.major)
        for name, block in self.now.blocks.items():
            self._swapped(name, block)

    def _gone(self, name: str) -> None:
        course = self.now.course
        to = chain(name, course.renamed)
        if to in self.now.kinds and _family(self.now.kinds[to]) != _family(self.was.kinds[name]):
            message = N_("“%(old)s” can't become “%(new)s”: they are of different types. Retire it instead.")
            self._at(":renamed").error(self._line(":renamed"), "renamed-kind", message, old=name, new=to)
        module = self.was.module_of.get(name, "")
        with_its_module = module in course.retired and module not in self.now.modules
        if to not in self.now.kinds and to not in course.retired and not with_its_module:
            self._missing(name)

    def _missing(self, name: str) -> None:
        report, line, guess = self._at(":retired"), self._line(":retired"), self._guess(name)
        if guess:
            message = N_(
                "“%(id)s” is gone, and learners have results for it. Is it “%(guess)s” now? Then write "
                "“renamed: {%(id)s: %(guess)s}”, else “retired: [%(id)s]”."
            )
            report.error(line, "gone", message, id=name, guess=guess)
        else:
            message = N_(
                "“%(id)s” is gone, and learners have results for it. Put it back, or write it in “retired: [%(id)s]”."
            )
            report.error(line, "gone", message, id=name)

    def _guess(self, name: str) -> str:
        """The new id of that family which says the same, or looks most like it."""
        taken = {chain(old, self.now.course.renamed) for old in self.now.course.renamed}
        family = _family(self.was.kinds[name])
        new = [
            each
            for each, kind in self.now.kinds.items()
            if each not in self.was.kinds and each not in taken and _family(kind) == family
        ]
        same = (each for each in new if each in self.now.blocks and not differs(self.was, self.now, name, each))
        return next(same, nearest(name, new))

    def _used_before(self, name: str) -> None:
        known = self.known.get(name)
        if known and _family(known) != _family(self.now.kinds[name]):
            message = N_("“%(id)s” was something of another type before. Results would be mixed up: give it a new id.")
            self._at(name).error(self._line(name), "other-kind", message, id=name)
        back = name in self.now.course.renamed.values()
        if name in self.given_up and name not in self.was.kinds and not back:
            message = N_("“%(id)s” was renamed to “%(new)s” before, and its results went with it. Give this a new id.")
            self._at(name).error(self._line(name), "given-up", message, id=name, new=self.given_up[name])

    def _swapped(self, name: str, block: Named) -> None:
        old = self.was.blocks.get(name)
        if not isinstance(old, Question) or not isinstance(block, Question):
            return
        if structure(old) == structure(block) and differ(old, block):
            message = N_(
                "In “%(id)s” the options changed places, and results are kept by their places: who answered is told that "
                "the question changed. Write keys with `lms ids --write` before you reorder."
            )
            self._at(name).warning(self._line(name), "keys-moved", message, id=name)

    def _at(self, name: str) -> Report:
        return self.report.within(self.places[name][0] if name in self.places else self.report.file)

    def _line(self, name: str) -> int:
        return self.places[name][1] if name in self.places else 1


def _family(kind: str) -> str:
    return FAMILIES.get(kind, kind)
