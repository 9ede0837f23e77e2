"""A line that somebody's phone made: what it may say, checked before anything of it is kept (docs/decisions/0041)."""

import re
from datetime import datetime

from lms.learning.events import MAX_BYTES, Event, MalformedEvent, decode

MOST_N = 2**31 - 1
LONGEST_IN_DATA = 200
IN_DATA = frozenset({"attempt", "language", "section", "scenario", "outcome"})
"""What the fold and the tables take as it is."""
_RELEASE = re.compile(r"[0-9a-f]{64}")
_AT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z")
_ODD = re.compile(rb"\\u(?:0000|[dD][89abAB])")
"""An escape for the character NUL, or for half of a character."""


class RefusedLine(ValueError):
    """No store keeps the line: `why` is malformed, too_long or type."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def read(raw: bytes) -> Event:
    """The act of a learner that a phone tells of in that line. Raises RefusedLine."""
    if len(raw) > MAX_BYTES:
        raise RefusedLine("too_long")
    try:
        event = decode(raw)
    except MalformedEvent as error:
        raise RefusedLine("malformed") from error
    if not event.type.startswith("learner."):
        raise RefusedLine("type")
    if not (_is_hers(event) and _fits(event) and _is_text(raw, event)):
        raise RefusedLine("malformed")
    return event


def _is_hers(event: Event) -> bool:
    return event.learner is not None and event.by == event.learner and event.store is None


def _fits(event: Event) -> bool:
    """Whether every part has a length and a shape that the tables can hold."""
    if len(event.type) > 60 or len(event.course or "") > 64 or len(event.item or "") > 100 or event.n > MOST_N:
        return False
    if event.release is not None and not _RELEASE.fullmatch(event.release):
        return False
    for name in IN_DATA & event.data.keys():
        told = event.data[name]
        if isinstance(told, str) and len(told) > LONGEST_IN_DATA:
            return False
    return _is_moment(event.at)


def _is_moment(at: str) -> bool:
    """Whether a calendar has it, at least: what a phone's clock says decides nothing."""
    if not _AT.fullmatch(at):
        return False
    try:
        datetime.fromisoformat(at)
    except ValueError:
        return False
    return True


def _is_text(raw: bytes, event: Event) -> bool:
    """Whether there is neither the character NUL nor half of one, which no database keeps."""
    try:
        return not _ODD.search(raw) or _is_whole(event)
    except RecursionError:
        return False


def _is_whole(value: object) -> bool:
    match value:
        case str():
            return "\0" not in value and not any("\ud800" <= each <= "\udfff" for each in value)
        case dict():
            return all(_is_whole(each) for pair in value.items() for each in pair)
        case list():
            return all(map(_is_whole, value))
        case Event():
            return all(map(_is_whole, (value.id, value.type, value.at, value.course, value.item, value.data)))
    return True
