"""QR codes in pages and on paper, and the address that they open."""

import re

from flask import request
from markupsafe import Markup

ADDRESS = re.compile(r"https?://[A-Za-z0-9.\[\]:-]{1,200}")
BARE = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]{1,5})?")
"""An address as many write it, without what comes before the host."""
MARGIN = 4
"""Modules of white that a code needs around it (ISO/IEC 18004)."""


def drawn(text: str, label: str) -> Markup:
    """The text as a QR code: an image in the page, black on white in every look."""
    import segno  # only who draws needs it

    rows = [bytes(row) for row in segno.make(text, error="m", boost_error=False, micro=False).matrix]
    size = len(rows) + 2 * MARGIN
    strokes = "".join(_strokes(row, place + MARGIN) for place, row in enumerate(rows))
    frame = (
        '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="{1}" shape-rendering="crispEdges">'
        '<path fill="#fff" d="M0 0h{0}v{0}H0z"/><path stroke="#000" d="{2}"/></svg>'
    )
    return Markup(frame).format(size, label, strokes)  # noqa: S704 - the frame is written here, what fills it is escaped


def _strokes(row: bytes, line: int) -> str:
    """The dark modules of a row, a stroke for each run of them."""
    runs = re.finditer(rb"\x01+", row)
    return "".join(f"M{found.start() + MARGIN} {line}.5h{found.end() - found.start()}" for found in runs)


def address(asked: str = "") -> str:
    """Where this installation answers: as asked for, else as whoever asks has reached it."""
    asked = asked.strip().rstrip("/")
    asked = f"http://{asked}" if BARE.fullmatch(asked) else asked
    return asked if ADDRESS.fullmatch(asked) else request.host_url.rstrip("/")


def is_here_only(address: str) -> bool:
    """Whether the address leads each device to itself."""
    host = address.partition("://")[2]
    return re.match(r"(localhost|127\.|\[::1\]|0\.0\.0\.0)", host) is not None
