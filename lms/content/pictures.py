"""How large a picture is by its own word, so that a page keeps its place before it is there."""

import re
from collections.abc import Callable, Mapping

from lms.content.svg import frame, plain_svg

Size = tuple[int, int]
"""Width and height in CSS pixels; `UNKNOWN` where the file does not say."""
UNKNOWN: Size = (0, 0)
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)(?:px)?\s*")
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""The markers of a JPEG's frame header (ITU-T T.81, B.2.2)."""


def size_of(kind: str, content: bytes) -> Size:
    """The size of a picture of that media type; `UNKNOWN` for what is no picture or does not say."""
    reader = _READERS.get(kind)
    try:
        return reader(content) if reader else UNKNOWN
    except (IndexError, ValueError, OverflowError):
        return UNKNOWN


def _svg(content: bytes) -> Size:
    root = plain_svg(content)
    if root is None:
        return UNKNOWN
    sides = [_LENGTH.fullmatch(root.get(name, "")) for name in ("width", "height")]
    if all(sides):
        return _whole(*(float(side[1]) for side in sides if side))
    box = frame(root)
    return _whole(*box[2:]) if box else UNKNOWN


def _whole(width: float, height: float) -> Size:
    """Rounded; a side too small or too large to be meant is none."""
    found = (round(width), round(height))
    return found if all(0 < side < 100_000 for side in found) else UNKNOWN


def _png(content: bytes) -> Size:
    return _number(content, 16, 4), _number(content, 20, 4)


def _jpeg(content: bytes) -> Size:
    at = 2
    while content[at] == 0xFF:
        marker = content[at + 1]
        if marker in _FRAMES:
            return _number(content, at + 7, 2), _number(content, at + 5, 2)
        at += 1 if marker == 0xFF else 2 + _number(content, at + 2, 2)
    return UNKNOWN


def _webp(content: bytes) -> Size:
    match content[12:16]:
        case b"VP8X":
            return 1 + _little(content, 24, 3), 1 + _little(content, 27, 3)
        case b"VP8L":
            bits = _little(content, 21, 4)
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 ":
            return _little(content, 26, 2) & 0x3FFF, _little(content, 28, 2) & 0x3FFF
    return UNKNOWN


def _number(content: bytes, at: int, count: int) -> int:
    return int.from_bytes(_part(content, at, count), "big")


def _little(content: bytes, at: int, count: int) -> int:
    return int.from_bytes(_part(content, at, count), "little")


def _part(content: bytes, at: int, count: int) -> bytes:
    """So many bytes. Raises IndexError where the file ends before."""
    if at + count > len(content):
        raise IndexError
    return content[at : at + count]


_READERS: Mapping[str, Callable[[bytes], Size]] = {
    "image/svg+xml": _svg,
    "image/png": _png,
    "image/jpeg": _jpeg,
    "image/webp": _webp,
}
