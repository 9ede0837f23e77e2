"""What lists say of a learner in a course."""

from datetime import UTC, datetime
from fractions import Fraction

from lms.learning.progress import Attempt, Completion, Marked, Progress
from lms.learning.summary import Summary, summary


def marked(share: Fraction, *, passed: bool) -> Attempt:
    return Attempt(marked=Marked(share=share, passed=passed, missed=()))


def test_nothing_done_is_an_empty_line() -> None:
    nothing = Summary(started_at=None, last_at=None, completed_at=None, major=None, release="", score=None)
    assert summary(Progress()) == nothing


def test_the_newest_major_and_the_best_passed_test_count() -> None:
    progress = Progress(
        first="2026-11-24T12:00:00.000Z",
        last="yesterday",
        completed={
            1: Completion(at="2026-11-20T12:00:00Z", event="a", release="r1"),
            2: Completion(at="2026-11-24T13:00:00-06:00", event="b", release="r2"),
        },
        attempts={
            "a": Attempt(),
            "b": marked(Fraction(9, 10), passed=False),
            "c": marked(Fraction(8, 10), passed=True),
        },
    )
    assert summary(progress) == Summary(
        started_at=datetime(2026, 11, 24, 12, tzinfo=UTC),
        last_at=None,
        completed_at=datetime(2026, 11, 24, 19, tzinfo=UTC),
        major=2,
        release="r2",
        score=0.8,
    )
