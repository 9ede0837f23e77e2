"""Progress as the text of a database row, and back; equal progress gives equal text."""

import json
from fractions import Fraction
from typing import Any

from lms.learning.progress import Attempt, Last, Marked, Opened, Place, Progress, Result, Sheet


def dump(progress: Progress) -> str:
    """The canonical JSON of a progress."""
    body = {
        "enrolled": progress.enrolled,
        "ended": sorted(progress.ended),
        "results": {name: _result(result) for name, result in progress.results.items()},
        "attempts": {name: _attempt(attempt) for name, attempt in progress.attempts.items()},
        "scenarios": {name: sorted(outcomes) for name, outcomes in progress.scenarios.items()},
        "place": _fields(progress.place, "at", "event", "module", "section"),
        "completed": sorted(progress.completed),
        "pending": sorted(progress.pending),
    }
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def load(text: str) -> Progress:
    """The progress in such a text."""
    body = json.loads(text)
    return Progress(
        enrolled=body["enrolled"],
        ended=frozenset(body["ended"]),
        results={name: _read_result(value) for name, value in body["results"].items()},
        attempts={name: _read_attempt(value) for name, value in body["attempts"].items()},
        scenarios={name: frozenset(value) for name, value in body["scenarios"].items()},
        place=Place(**body["place"]) if body["place"] else None,
        completed=frozenset(body["completed"]),
        pending=frozenset(body["pending"]),
    )


def _fields(value: Any, *names: str) -> dict[str, Any] | None:
    return {name: getattr(value, name) for name in names} if value is not None else None


def _result(result: Result) -> dict[str, Any]:
    last = _fields(result.last, "at", "event", "release", "answer") or {}
    return {"best": str(result.best), "last": {**last, "share": str(result.last.share)}}


def _read_result(value: Any) -> Result:
    last = value["last"]
    return Result(best=Fraction(value["best"]), last=Last(**{**last, "share": Fraction(last["share"])}))


def _attempt(attempt: Attempt) -> dict[str, Any]:
    marked = attempt.marked
    return {
        "opened": _fields(attempt.opened, "module", "release", "drawn"),
        "sheet": _fields(attempt.sheet, "n", "event", "release", "answers"),
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
