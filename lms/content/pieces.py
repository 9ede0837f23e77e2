"""A stretch of text in the pieces that a reader takes one at a time."""

import re
from collections.abc import Iterator

from lms.content.plain import plain_words

_TAG = re.compile(r'<(?P<end>/?)(?P<name>[a-z0-9]+)(?:\s+[a-z-]+="[^"]*")*\s*>')
_EMPTY = ("br", "hr")
_REFERENCE = '<sup class="ref">'
_LISTS = ("<ul", "<ol")
_START = re.compile(r'start="(\d+)"')
_FIRST = re.compile(r"</(?:p|li|t[dh]|dt)>")


def pieces(html: str) -> list[str]:
    """The HTML of a stretch of leaves in pieces: each paragraph, table, quote or item of a list that names a source, and what
    stands between them. A list that names none stays with the paragraph that introduces it with a colon."""
    made: list[str] = []
    goes_on = False
    for part in _parts(html):
        cites = _REFERENCE in part
        if made and not cites and (goes_on or _introduces(made[-1], part)):
            made[-1] += f"\n{part}"
        elif cites and part.startswith(_LISTS):
            made += _items(part)
        else:
            made.append(part)
        goes_on = not cites and (goes_on or made[-1] == part)
    return made


def opening(html: str) -> str:
    """The words with which a piece begins: of its first paragraph, item or cell."""
    return plain_words(_FIRST.split(html)[0])


def _introduces(before: str, part: str) -> bool:
    return part.startswith(_LISTS) and plain_words(before).endswith(":")


def _parts(html: str) -> Iterator[str]:
    """Each element that stands in no other one."""
    depth = start = 0
    for tag in _TAG.finditer(html):
        if tag["name"] in _EMPTY:
            continue
        if not depth:
            start = tag.start()
        depth += -1 if tag["end"] else 1
        if not depth:
            yield html[start : tag.end()]


def _items(part: str) -> Iterator[str]:
    """A list as a list for each of its items; one with numbers keeps them."""
    opening = _TAG.match(part)
    inner = part[opening.end() if opening else 0 : part.rindex("<")]
    start = _START.search(opening[0]) if opening else None
    for place, item in enumerate(_parts(inner), start=int(start[1]) if start else 1):
        yield f'<ol start="{place}">{item}</ol>' if part.startswith("<ol") else f"<ul>{item}</ul>"
