"""What lists and counts say of one learner in one course: a few figures, read off her progress."""

from dataclasses import dataclass
from datetime import UTC, datetime

from lms.learning.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A learner in a course, in one line. Moments are aware UTC; those of her own acts are as her device told them."""

    started_at: datetime | None
    last_at: datetime | None
    completed_at: datetime | None
    """When she completed the newest major that she has completed."""
    major: int | None
    release: str
    """In which release."""
    score: float | None
    """Her best share in a final test, 0 to 1: of a passed one where there is one."""


def summary(progress: Progress) -> Summary:
    """The line of that progress."""
    major = max(progress.completed, default=None)
    done = progress.completed[major] if major is not None else None
    marked = [each.marked for each in progress.attempts.values() if each.marked]
    best = max(marked, key=lambda each: (each.passed, each.share), default=None)
    return Summary(
        started_at=_moment(progress.first),
        last_at=_moment(progress.last),
        completed_at=_moment(done.at) if done else None,
        major=major,
        release=done.release if done else "",
        score=float(best.share) if best else None,
    )


def _moment(text: str) -> datetime | None:
    """The moment in an event's claim; nothing where it is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
