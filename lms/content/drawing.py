"""A small SVG as a part of a page: shapes in colours that follow the reader's, and nothing else.

It is written anew from what was read, name by name and value by value, so that nothing of the file itself gets into a page.
What may not be in it (text, references, styles, effects) is not dropped: the drawing would be another one. Such a
picture is shown as a file of its own instead.
"""

import re
from collections.abc import Iterator, Mapping
from html import escape
from xml.etree import ElementTree

from lms.content.svg import SPACE, frame, plain_svg

MOST = 8 * 1024
"""Bytes of a file that may become part of a page."""
COLOURS = 6
"""How many colours of the theme there are: `var(--art-1, #12464c)` and so on."""
_DEPTH = 12
_SHAPES = set("g path rect circle ellipse line polyline polygon".split())
_SILENT = set("title desc metadata".split())
_NUMBER = r"[-+.0-9eE]{1,24}(?:px|%)?"
_NUMBERS = r"[-+.0-9eE,\s]*"
_HEX = r"#[0-9a-fA-F]{3,8}"
_COLOUR = rf"[a-zA-Z]{{3,24}}|{_HEX}|var\(\s*--art-[1-{COLOURS}]\s*(?:,\s*{_HEX}\s*)?\)"
_MOVES = rf"(?:(?:matrix|translate|scale|rotate|skewX|skewY)\({_NUMBERS}\)[\s,]*)*"
_VALUES = {
    _NUMBER: "x y x1 y1 x2 y2 cx cy r rx ry width height opacity fill-opacity stroke-opacity stroke-width stroke-miterlimit"
    " stroke-dashoffset",
    r"[MmLlHhVvCcSsQqTtAaZz\-+.0-9eE,\s]*": "d",
    _NUMBERS: "points",
    rf"none|{_NUMBERS}": "stroke-dasharray",
    _COLOUR: "fill stroke color",
    _MOVES: "transform",
    r"[a-z-]{1,24}": "fill-rule stroke-linecap stroke-linejoin vector-effect",
}
_ATTRIBUTES: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern) for pattern, names in _VALUES.items() for name in names.split()
}
_IDLE = re.compile(r"\{.*|id|class|clip-rule|version|baseProfile|role|(?:data|aria)-.*")
"""Attributes that draw nothing: names for others to refer to, and editors' notes."""
_ROOT = ("viewBox", "preserveAspectRatio", "width", "height", "x", "y")
_FRAME = 'preserveAspectRatio="xMidYMid slice" aria-hidden="true" focusable="false"'
"""A page may give it another form than its own: what is too much is cut off, as of any picture that fills a place."""


def drawing(content: bytes) -> str:
    """The SVG as HTML, silent to a screen reader; empty where it is larger than `MOST`, or more than plain shapes."""
    root = plain_svg(content) if len(content) <= MOST else None
    box = frame(root) if root is not None else None
    if root is None or box is None:
        return ""
    for name in _ROOT:
        root.attrib.pop(name, None)
    try:
        attributes, inner = "".join(_attributes(root)), "".join(_inner(root, 0))
    except _More:
        return ""
    view = " ".join(f"{each:g}" for each in box)
    return f'<svg class="art" viewBox="{view}" {_FRAME}{attributes}>{inner}</svg>'


class _More(Exception):
    """There is more than shapes."""


def _inner(element: ElementTree.Element, depth: int) -> Iterator[str]:
    if depth > _DEPTH:
        raise _More
    for each in element:
        name = str(each.tag).removeprefix(SPACE)
        if name in _SHAPES:
            inner = "".join(_inner(each, depth + 1))
            yield f"<{name}{''.join(_attributes(each))}" + (f">{inner}</{name}>" if inner else "/>")
        elif str(each.tag).startswith(SPACE) and name not in _SILENT and (name != "defs" or len(each)):
            raise _More


def _attributes(element: ElementTree.Element) -> Iterator[str]:
    for name, written in element.items():
        if _IDLE.fullmatch(name):
            continue
        value = " ".join(written.split())
        if name not in _ATTRIBUTES or not _ATTRIBUTES[name].fullmatch(value):
            raise _More
        yield f' {name}="{escape(value)}"'
