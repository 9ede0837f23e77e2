"""The size of a picture, read from its first bytes."""

import struct
import zlib

import pytest

from lms.content.effort import FIGURE, THINKING, effort
from lms.content.model import Callout, Cards, Figure, Poll, Prose, Quiz
from lms.content.pictures import UNKNOWN, size_of

SVG = '<svg xmlns="http://www.w3.org/2000/svg" {}><path d="M0 0h1"/></svg>'
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBB", 13, b"IHDR", 640, 300, 8, 2, 0, 0, 0)
FRAME = struct.pack(">BBHBHH", 0xFF, 0xC2, 17, 8, 300, 640) + b"\x03" + b"\0" * 9
JPEG = b"\xff\xd8" + b"\xff\xe0" + struct.pack(">H", 6) + b"JFIF" + b"\xff" + FRAME
LOSSY = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 640, 300)
LOSSLESS = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f" + struct.pack("<I", 639 | 299 << 14)
EXTENDED = b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0" + (639).to_bytes(3, "little") + (299).to_bytes(3, "little")


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("image/svg+xml", SVG.format('viewBox="0 0 640 300"').encode()),
        ("image/svg+xml", SVG.format('width="640" height="300px" viewBox="0 0 1 1"').encode()),
        ("image/svg+xml", SVG.format('width="100%" viewBox="0,0, 639.6,300.2"').encode()),
        ("image/png", PNG),
        ("image/jpeg", JPEG),
        ("image/webp", LOSSY),
        ("image/webp", LOSSLESS),
        ("image/webp", EXTENDED),
    ],
)
def test_a_picture_says_its_size(kind: str, content: bytes) -> None:
    assert size_of(kind, content) == (640, 300)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("image/svg+xml", SVG.format("").encode()),
        ("image/svg+xml", SVG.format('viewBox="0 0 0 1e9"').encode()),
        ("image/svg+xml", SVG.format('viewBox="0 0 nan inf"').encode()),
        ("image/png", PNG[:20]),
        ("image/jpeg", JPEG[:12]),
        ("image/jpeg", b"\xff\xd8\0\0"),
        ("image/webp", b"RIFF\0\0\0\0WEBPOTHER"),
        ("image/webp", LOSSLESS[:22]),
        ("audio/mpeg", zlib.compress(b"no picture")),
    ],
)
def test_one_that_does_not_is_of_no_size(kind: str, content: bytes) -> None:
    assert size_of(kind, content) == UNKNOWN


def test_what_takes_time_is_words_and_answers() -> None:
    prose = Prose(line=0, html="<p>Tres <b>palabras</b> aquí.</p>")
    assert effort([prose]) == 3
    assert effort([Callout(line=0, kind="note", title="Una más", body=(prose, prose))]) == 8
    assert effort([Figure(line=0, media="a.svg", alt="", caption="")]) == FIGURE
    assert effort([Cards(line=0, id="c", title="", cards=())]) == 0
    poll = Poll(line=0, id="p", kind="poll", title="", vignette="", prompt="¿Dónde está?", options=())
    assert effort([poll, Quiz(line=0, id="q", questions=())]) == 2 + THINKING
