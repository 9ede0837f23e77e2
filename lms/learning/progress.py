"""The fold: what a learner has done in one course, from her events in any order (docs/decisions/0005)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from lms.content.question_model import Question
from lms.learning import events as types
from lms.learning.events import Event
from lms.learning.grading import earned
from lms.learning.keys import AnswerKey, graded, weighted_share

Releases = Mapping[str, AnswerKey]
"""Every release known, by digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """The last answer given to a question, by the device's clock and then the event's id: for display only."""

    at: str
    event: str
    release: str
    answer: Any
    """None where it was removed, with its share kept."""
    share: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One practice question: the best share ever and the last answer."""

    best: Fraction
    last: Last


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The one answer sheet that counts for an attempt: the first by (n, id). `answers` go once it is marked; `shares` are
    in their place where they were removed."""

    n: int
    event: str
    release: str
    answers: Mapping[str, Any] | None
    shares: Mapping[str, str | None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An attempt as the store opened it."""

    module: str
    release: str
    drawn: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """What a sheet was worth by the rules of its own release; `missed` names pools with a wrong answer."""

    share: Fraction
    passed: bool
    missed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try at a test: opened, perhaps sent, perhaps marked (a sheet waits for a release that is not here yet)."""

    opened: Opened | None = None
    sheet: Sheet | None = None
    marked: Marked | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where she was last, by the device's clock: for display only."""

    at: str
    event: str
    release: str
    module: str
    section: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """A course completed: when, by the store's clock, and in which release."""

    at: str
    event: str
    release: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What she did in one release, by that release's own ids."""

    ended: frozenset[str] = frozenset()
    results: Mapping[str, Result] = field(default_factory=dict)
    scenarios: Mapping[str, frozenset[str]] = field(default_factory=dict)
    reviewed: Mapping[str, Last] = field(default_factory=dict)
    """What she answered when she reviewed what she had missed: it counts for nothing (docs/decisions/0017)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The facts of one learner in one course, release by release; `lms.learning.today` reads them for the live one."""

    enrolled: bool = False
    work: Mapping[str, Work] = field(default_factory=dict)
    attempts: Mapping[str, Attempt] = field(default_factory=dict)
    place: Place | None = None
    completed: Mapping[int, Completion] = field(default_factory=dict)
    """By major."""
    pending: frozenset[str] = frozenset()
    """Ids of answers whose release is not known here: not marked yet, not 0."""
    first: str = ""
    """When she first did something here, as her device tells it: for display and lists only."""
    last: str = ""
    """When she last did."""


def fold(events: Iterable[Event], releases: Releases) -> Progress:
    """What these events of one learner and course add up to; order and repeats make no difference."""
    progress = Progress()
    for event in events:
        progress = apply(progress, event, releases)
    return progress


def apply(progress: Progress, event: Event, releases: Releases) -> Progress:
    """The progress with one more event; an event already in it, or of an unknown type, changes nothing."""
    step = _STEPS.get(event.type)
    if step is None:
        return progress
    after = step(progress, event, releases)
    return after if event.type in _OF_OTHERS else _seen(after, event.at)


def _seen(progress: Progress, at: str) -> Progress:
    if progress.first and progress.first <= at <= progress.last:
        return progress
    return replace(progress, first=min(progress.first or at, at), last=max(progress.last, at))


def _enrolled(progress: Progress, _event: Event, _releases: Releases) -> Progress:
    return replace(progress, enrolled=True)


def _ended(progress: Progress, event: Event, _releases: Releases) -> Progress:
    if not event.item or not event.release:
        return progress
    work = _in(progress, event)
    return _with(progress, event, replace(work, ended=work.ended | {event.item}))


def _reached(progress: Progress, event: Event, _releases: Releases) -> Progress:
    section = event.data.get("section")
    if not event.item or not event.release or not isinstance(section, str):
        return progress
    place = Place(at=event.at, event=event.id, release=event.release, module=event.item, section=section)
    if progress.place and (progress.place.at, progress.place.event) >= (place.at, place.event):
        return progress
    return replace(progress, place=place)


def _scenario(progress: Progress, event: Event, _releases: Releases) -> Progress:
    name, outcome = event.data.get("scenario"), event.data.get("outcome")
    if not event.release or not isinstance(name, str) or not isinstance(outcome, str):
        return progress
    work = _in(progress, event)
    outcomes = work.scenarios.get(name, frozenset()) | {outcome}
    return _with(progress, event, replace(work, scenarios={**work.scenarios, name: outcomes}))


def _completed(progress: Progress, event: Event, _releases: Releases) -> Progress:
    major = event.data.get("major")
    if not isinstance(major, int):
        return progress
    told = Completion(at=event.at, event=event.id, release=event.release or "")
    first = min(progress.completed.get(major, told), told, key=lambda each: (each.at, each.event))
    return replace(progress, completed={**progress.completed, major: first})


def _opened(progress: Progress, event: Event, releases: Releases) -> Progress:
    drawn = event.data.get("drawn")
    if not event.item or not event.release or not isinstance(drawn, list):
        return progress
    opened = Opened(module=event.item, release=event.release, drawn=tuple(map(str, drawn)))
    before = progress.attempts.get(event.id, Attempt())
    return _with_attempt(progress, event.id, replace(before, opened=opened), releases)


def _submitted(progress: Progress, event: Event, releases: Releases) -> Progress:
    answers, attempt = event.data.get("answers"), event.data.get("attempt")
    if not isinstance(answers, dict):
        return progress
    if isinstance(attempt, str):
        return _sheet(progress, event, attempt, answers, releases)
    return _practice(progress, event, answers, releases)


def _removed(progress: Progress, event: Event, releases: Releases) -> Progress:
    """The answers are gone, what they were worth is told."""
    shares, attempt, release = event.data.get("shares"), event.data.get("attempt"), event.release or ""
    if not isinstance(shares, dict):
        return progress
    if isinstance(attempt, str):
        sheet = Sheet(n=event.n, event=event.id, release=release, answers=None, shares=shares)
        return _with_sheet(progress, attempt, sheet, releases)
    told = {name: Fraction(share) for name, share in shares.items() if share is not None}
    lasts = {
        name: Last(at=event.at, event=event.id, release=release, answer=None, share=share)
        for name, share in told.items()
    }
    return (
        _reviewing(progress, event, lasts)
        if event.data.get("was") == types.PRACTICE_ANSWERED
        else _results(progress, event, lasts)
    )


def _sheet(progress: Progress, event: Event, attempt: str, answers: Any, releases: Releases) -> Progress:
    sheet = Sheet(n=event.n, event=event.id, release=event.release or "", answers=answers)
    return _with_sheet(progress, attempt, sheet, releases)


def _with_sheet(progress: Progress, attempt: str, sheet: Sheet, releases: Releases) -> Progress:
    before = progress.attempts.get(attempt, Attempt())
    if before.sheet and (before.sheet.n, before.sheet.event) <= (sheet.n, sheet.event):
        return progress
    return _with_attempt(progress, attempt, replace(before, sheet=sheet, marked=None), releases)


def _with_attempt(progress: Progress, name: str, attempt: Attempt, releases: Releases) -> Progress:
    return replace(progress, attempts={**progress.attempts, name: _mark(attempt, releases)})


def _mark(attempt: Attempt, releases: Releases) -> Attempt:
    opened, sheet = attempt.opened, attempt.sheet
    key = releases.get(opened.release) if opened else None
    if not opened or not sheet or not key or sheet.release != opened.release:
        return attempt
    if sheet.answers is None and sheet.shares is None:
        return attempt
    questions = [key.test_question(opened.module, name) for name in opened.drawn]
    known = [question for question in questions if question is not None]
    shares = _shares(known, sheet)
    share = weighted_share(known, shares)
    rules = key.tests[opened.module].test if opened.module in key.tests else None
    marked = Marked(
        share=share,
        passed=rules is not None and share * 100 >= rules.pass_mark,
        missed=tuple(sorted({question.pool for question in known if shares[question.id] < 1})),
    )
    return replace(attempt, marked=marked, sheet=replace(sheet, answers=None, shares=None))


def _shares(questions: Iterable[Question], sheet: Sheet) -> dict[str, Fraction]:
    """What each question earned; one without an answer earned nothing."""
    if sheet.shares is None:
        return graded(questions, sheet.answers or {})
    return {each.id: Fraction(sheet.shares.get(each.id) or 0) for each in questions}


def _practice(progress: Progress, event: Event, answers: Mapping[str, Any], releases: Releases) -> Progress:
    key = releases.get(event.release or "")
    if key is None:
        return replace(progress, pending=progress.pending | {event.id})
    return _results(_waited(progress, event), event, dict(_given(event, answers, key)))


def _results(progress: Progress, event: Event, lasts: Mapping[str, Last]) -> Progress:
    work = _in(progress, event)
    results = dict(work.results)
    for name, last in lasts.items():
        results[name] = better(results.get(name), Result(best=last.share, last=last))
    return _with(progress, event, replace(work, results=results)) if results else progress


def _reviewed(progress: Progress, event: Event, releases: Releases) -> Progress:
    answers, key = event.data.get("answers"), releases.get(event.release or "")
    if not isinstance(answers, dict):
        return progress
    if key is None:
        return replace(progress, pending=progress.pending | {event.id})
    return _reviewing(_waited(progress, event), event, dict(_given(event, answers, key)))


def _reviewing(progress: Progress, event: Event, lasts: Mapping[str, Last]) -> Progress:
    work = _in(progress, event)
    reviewed = dict(work.reviewed)
    for name, last in lasts.items():
        reviewed[name] = later(reviewed.get(name), last)
    return _with(progress, event, replace(work, reviewed=reviewed)) if reviewed else progress


def _given(event: Event, answers: Mapping[str, Any], key: AnswerKey) -> Iterator[tuple[str, Last]]:
    """The answers to questions that the release has, each marked."""
    for name, answer in answers.items():
        question = key.practice.get(name)
        share = earned(question, answer) if question is not None else None
        if share is not None:
            yield name, Last(at=event.at, event=event.id, release=event.release or "", answer=answer, share=share)


def better(one: Result | None, other: Result) -> Result:
    """Both results as one: the better share, the later answer."""
    if one is None:
        return other
    return Result(best=max(one.best, other.best), last=later(one.last, other.last))


def later(one: Last | None, other: Last) -> Last:
    """The later of two answers."""
    return other if one is None else max(one, other, key=lambda each: (each.at, each.event))


def _waited(progress: Progress, event: Event) -> Progress:
    """The progress with the event no longer waiting for its release, which is here."""
    return replace(progress, pending=progress.pending - {event.id}) if event.id in progress.pending else progress


def _in(progress: Progress, event: Event) -> Work:
    return progress.work.get(event.release or "", _NONE)


def _with(progress: Progress, event: Event, work: Work) -> Progress:
    return replace(progress, work={**progress.work, event.release or "": work})


_NONE = Work()
_STEPS = {
    types.ENROLLED: _enrolled,
    types.STORE_ENROLLED: _enrolled,
    types.MODULE_COMPLETED: _ended,
    types.SECTION_REACHED: _reached,
    types.SCENARIO_ENDED: _scenario,
    types.ATTEMPT_OPENED: _opened,
    types.ATTEMPT_SUBMITTED: _submitted,
    types.PRACTICE_ANSWERED: _reviewed,
    types.COURSE_COMPLETED: _completed,
    types.ANSWERS_REMOVED: _removed,
}
_OF_OTHERS = (types.ENROLLED, types.STORE_ENROLLED, types.COURSE_COMPLETED)
"""What is told of her and is no act of hers in the course."""
