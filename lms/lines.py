"""A text in lines that fit, whatever measures them."""

import unicodedata
from collections.abc import Callable, Iterator


def split(text: str, fits: Callable[[str], bool]) -> list[str]:
    """The text in lines that fit; a word that is longer than a line is broken, never between a letter and its marks."""
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if fits(longer):
            line = longer
            continue
        if line:
            lines.append(line)
        *whole, line = _broken(word, fits)
        lines.extend(whole)
    return [*lines, line]


def _broken(word: str, fits: Callable[[str], bool]) -> Iterator[str]:
    line = ""
    for letter in _letters(word):
        if line and not fits(line + letter):
            yield line
            line = ""
        line += letter
    yield line


def _letters(word: str) -> Iterator[str]:
    """Each letter with the marks that combine with it."""
    letter = ""
    for each in word:
        if letter and not unicodedata.combining(each):
            yield letter
            letter = ""
        letter += each
    yield letter
