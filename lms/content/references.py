"""What the blocks of a page refer to, read from their HTML: sources, terms, headings of the same page."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from lms.content.model import Heading

Thing = TypeVar("Thing")
_SOURCE = re.compile(r'(<sup class="ref"><a href="#fn-([a-z0-9-]+)">)\[\d+\](?=</a></sup>)')
_TERM = re.compile(r'<a class="term" href="#(g-[a-z0-9-]+)">')
_LINK = re.compile(r'<a href="#(?!fn-)([a-z0-9-]{1,80})">(.*?)</a>', re.DOTALL)
_POINTER = re.compile(r'<a (?:class="term" )?href="#([a-z0-9-]{1,80})">(.*?)</a>', re.DOTALL)
_OUTWARD = re.compile(r'<a href="((?:https://|mailto:|tel:)[^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_SHORT = re.compile(r'<abbr title="([^"]*)">(.*?)</abbr>', re.DOTALL)


def sources_in(value: object) -> list[str]:
    """The names of the sources that are referred to, in the order of reading."""
    return list(dict.fromkeys(found[2] for text in _texts(value) for found in _SOURCE.finditer(text)))


def terms_in(value: object) -> list[str]:
    """The ids of the glossary terms that are linked to, in the order of reading."""
    return list(dict.fromkeys(found[1] for text in _texts(value) for found in _TERM.finditer(text)))


def anchors_in(value: object) -> set[str]:
    """The anchors of every heading, also within other blocks."""
    return {each.anchor for each in headings_in(value)}


def headings_in(value: object) -> list[Heading]:
    """Every heading, also within other blocks, in the order of reading."""
    return [each for each in _parts(value) if isinstance(each, Heading)]


def anchored(value: Any, anchors: Mapping[int, str]) -> Any:
    """The same with these anchors at its headings, given by identity."""
    if isinstance(value, Heading):
        return replace(value, anchor=anchors[id(value)])
    if isinstance(value, tuple):
        return tuple(anchored(each, anchors) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{each.name: anchored(getattr(value, each.name), anchors) for each in fields(value)})
    return value


def numbered(value: Thing, numbers: Mapping[str, int]) -> Thing:
    """The same with these numbers at its references to sources."""
    return _changed(value, lambda text: _SOURCE.sub(lambda found: f"{found[1]}[{numbers[found[2]]}]", text))


def led(value: Thing, targets: Mapping[str, str]) -> Thing:
    """The same with its links to headings leading to these targets instead; one that leads to nothing is plain text."""

    def link(found: re.Match[str]) -> str:
        target = targets.get(found[1], found[1])
        return f'<a href="#{target}">{found[2]}</a>' if target else found[2]

    return _changed(value, lambda text: _LINK.sub(link, text))


def on_paper(value: Thing, letters: Mapping[str, str]) -> Thing:
    """The same as it is printed: links within the page are plain text (a term with its letter after it, where it has one),
    those that lead out have their address after them, and the first use of an abbreviation what it stands for."""
    said: set[str] = set()

    def pointer(found: re.Match[str]) -> str:
        letter = letters.get(found[1], "")
        return f'{found[2]}<sup class="ref">{letter}</sup>' if letter else found[2]

    def outward(found: re.Match[str]) -> str:
        address = found[1].removeprefix("mailto:").removeprefix("tel:")
        return found[0] if found[2] == address else f"{found[0]} ({address})"

    def short(found: re.Match[str]) -> str:
        new = found[2] not in said
        said.add(found[2])
        return f"{found[2]} ({found[1]})" if new else found[2]

    return _changed(
        value,
        lambda text: _SHORT.sub(short, _OUTWARD.sub(outward, _POINTER.sub(pointer, text))) if "<" in text else text,
    )


def _parts(value: object) -> Iterator[object]:
    """Every dataclass and text within, in order."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        yield value
        for each in fields(value):
            yield from _parts(getattr(value, each.name))
    elif isinstance(value, Iterable):
        for inner in value:
            yield from _parts(inner)


def _texts(value: object) -> Iterator[str]:
    return (each for each in _parts(value) if isinstance(each, str))


def _changed(value: Thing, change: Callable[[str], str]) -> Thing:
    """The value with every text changed."""
    made: Any = value
    if isinstance(value, str):
        made = change(value)
    elif isinstance(value, tuple):
        made = tuple(_changed(each, change) for each in value)
    elif is_dataclass(value) and not isinstance(value, type):
        made = replace(value, **{each.name: _changed(getattr(value, each.name), change) for each in fields(value)})
    return made  # type: ignore[no-any-return]
