"""Progress as the text of a database row, and back; equal progress gives equal text."""

import json
from fractions import Fraction
from typing import Any

from lms.learning.progress import Attempt, Completion, Last, Marked, Opened, Place, Progress, Result, Sheet, Work

COMPLETION = ("at", "event", "release")


def dump(progress: Progress) -> str:
    """The canonical JSON of a progress."""
    body = {
        "enrolled": progress.enrolled,
        "work": {release: _work(work) for release, work in progress.work.items()},
        "attempts": {name: _attempt(attempt) for name, attempt in progress.attempts.items()},
        "place": _fields(progress.place, "at", "event", "release", "module", "section"),
        "completed": {str(major): _fields(each, *COMPLETION) for major, each in progress.completed.items()},
        "pending": sorted(progress.pending),
        "first": progress.first,
        "last": progress.last,
    }
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def load(text: str) -> Progress:
    """The progress in such a text."""
    body = json.loads(text)
    return Progress(
        enrolled=body["enrolled"],
        work={release: _read_work(release, value) for release, value in body["work"].items()},
        attempts={name: _read_attempt(value) for name, value in body["attempts"].items()},
        place=Place(**body["place"]) if body["place"] else None,
        completed={int(major): Completion(**each) for major, each in body["completed"].items()},
        pending=frozenset(body["pending"]),
        first=body["first"],
        last=body["last"],
    )


def _fields(value: Any, *names: str) -> dict[str, Any] | None:
    return {name: getattr(value, name) for name in names} if value is not None else None


def _work(work: Work) -> dict[str, Any]:
    """What she never reviewed is not named, so that a row from before there was a review stays as it is."""
    body: dict[str, Any] = {
        "ended": sorted(work.ended),
        "results": {name: _result(result) for name, result in work.results.items()},
        "scenarios": {name: sorted(outcomes) for name, outcomes in work.scenarios.items()},
    }
    if work.reviewed:
        body["reviewed"] = {name: _last(last) for name, last in work.reviewed.items()}
    return body


def _read_work(release: str, value: Any) -> Work:
    return Work(
        ended=frozenset(value["ended"]),
        results={name: _read_result(release, each) for name, each in value["results"].items()},
        scenarios={name: frozenset(each) for name, each in value["scenarios"].items()},
        reviewed={name: _read_last(release, each) for name, each in value.get("reviewed", {}).items()},
    )


def _result(result: Result) -> dict[str, Any]:
    return {"best": str(result.best), "last": _last(result.last)}


def _read_result(release: str, value: Any) -> Result:
    return Result(best=Fraction(value["best"]), last=_read_last(release, value["last"]))


def _last(last: Last) -> dict[str, Any]:
    return {"at": last.at, "event": last.event, "answer": last.answer, "share": str(last.share)}


def _read_last(release: str, value: Any) -> Last:
    return Last(**{**value, "release": release, "share": Fraction(value["share"])})


def _attempt(attempt: Attempt) -> dict[str, Any]:
    marked, sheet = attempt.marked, _fields(attempt.sheet, "n", "event", "release", "answers")
    if sheet and attempt.sheet and attempt.sheet.shares is not None:
        sheet["shares"] = attempt.sheet.shares
    return {
        "opened": _fields(attempt.opened, "module", "release", "drawn"),
        "sheet": sheet,
        "marked": {"share": str(marked.share), "passed": marked.passed, "missed": marked.missed} if marked else None,
    }


def _read_attempt(value: Any) -> Attempt:
    opened, sheet, marked = value["opened"], value["sheet"], value["marked"]
    return Attempt(
        opened=Opened(**{**opened, "drawn": tuple(opened["drawn"])}) if opened else None,
        sheet=Sheet(**sheet) if sheet else None,
        marked=Marked(share=Fraction(marked["share"]), passed=marked["passed"], missed=tuple(marked["missed"]))
        if marked
        else None,
    )
