"""How large a picture is on a page, in pixels: what a browser needs to keep its place until it is there."""

import struct
from collections.abc import Callable, Mapping

from lms.content.svg import frame, plain_svg

Size = tuple[int, int]
UNKNOWN: Size = (0, 0)
_NO_FRAME = (0xC4, 0xC8, 0xCC)
"""Markers of JPEG that look like a frame's and are none."""


def size_of(kind: str, content: bytes) -> Size:
    """Width and height by the file's own beginning, `UNKNOWN` where it does not say."""
    read = _READERS.get(kind)
    try:
        return read(content) if read else UNKNOWN
    except (struct.error, IndexError):
        return UNKNOWN


def _svg(content: bytes) -> Size:
    root = plain_svg(content)
    box = frame(root) if root is not None else None
    return (round(box[2]), round(box[3])) if box else UNKNOWN


def _png(content: bytes) -> Size:
    width, height = struct.unpack_from(">II", content, 16)
    return width, height


def _jpeg(content: bytes) -> Size:
    at = 2
    while content[at] == 0xFF:
        marker, length = content[at + 1], struct.unpack_from(">H", content, at + 2)[0]
        if 0xC0 <= marker <= 0xCF and marker not in _NO_FRAME:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return width, height
        at += 2 + length
    return UNKNOWN


def _webp(content: bytes) -> Size:
    form = content[12:16]
    if form == b"VP8X":
        width, height = (int.from_bytes(content[at : at + 3], "little") for at in (24, 27))
        return width + 1, height + 1
    if form == b"VP8L":
        bits = struct.unpack_from("<I", content, 21)[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack_from("<HH", content, 26)
    return width & 0x3FFF, height & 0x3FFF


_READERS: Mapping[str, Callable[[bytes], Size]] = {
    "image/svg+xml": _svg,
    "image/png": _png,
    "image/jpeg": _jpeg,
    "image/webp": _webp,
}
