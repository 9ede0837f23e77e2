"""Lines of text that fit their place, whatever the text: two letters, or two hundred without a space."""

from collections.abc import Sequence
from dataclasses import dataclass

from lms.certificates.pdfa.fonts import shown, width
from lms.lines import split as lines_of

LEADING = 1.22
"""From one baseline to the next, at size 1."""


@dataclass(frozen=True, slots=True)
class Block:
    """A text in its lines."""

    text: str
    lines: Sequence[str]
    font: str
    size: float

    @property
    def actual(self) -> str:
        """The text, where what is shown is not quite it: a word is broken, a character is in no typeface."""
        seen = shown(" ".join(self.lines), self.font)
        return "" if seen == " ".join(self.text.split()) else self.text

    @property
    def height(self) -> float:
        """From the top of the first line to the bottom of the last."""
        return len(self.lines) * self.size * LEADING


def fitted(text: str, font: str, steps: Sequence[tuple[int, Sequence[float]]], most: float) -> Block:
    """The text at the first size that needs no more lines than its step allows, else at the last."""
    for lines_allowed, sizes in steps:
        for size in sizes:
            lines = split(text, font, size, most)
            if len(lines) <= lines_allowed:
                return Block(text, _balanced(lines, text, font, size, most), font, size)
    return Block(text, lines, font, size)


def paragraph(text: str, font: str, size: float, most: float) -> Block:
    """The text at that size, in as many lines as it takes."""
    return Block(text, split(text, font, size, most), font, size)


def split(text: str, font: str, size: float, most: float) -> list[str]:
    """The text in lines no wider than that."""
    return lines_of(text, lambda line: width(line, font, size) <= most)


def _balanced(lines: list[str], text: str, font: str, size: float, most: float) -> list[str]:
    """As many lines, as alike in length as the words allow: a last word is not left alone."""
    shares = (0.5, 0.6, 0.7, 0.8, 0.9) if len(lines) > 1 else ()
    narrower = (split(text, font, size, most * share) for share in shares)
    return next((each for each in narrower if len(each) == len(lines)), lines)
