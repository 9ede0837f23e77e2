"""The few words of a text around what was looked for."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from lms.content.stems import WORD, fold

BEFORE, LENGTH = 60, 180  # characters


@dataclass(frozen=True, slots=True)
class Snippet:
    """Plain text, cut between words, and the ranges `(start, end)` of it to mark, in order."""

    text: str
    marks: tuple[tuple[int, int], ...]

    def parts(self) -> Iterator[tuple[str, bool]]:
        """The text in pieces, each with whether it is to be marked."""
        done = 0
        for start, end in self.marks:
            yield self.text[done:start], False
            yield self.text[start:end], True
            done = end
        yield self.text[done:], False


def snippet(text: str, forms: Collection[str]) -> Snippet:
    """The part of a text in NFC that has most of these folded words, all of them marked; without any, its beginning."""
    found = [(*match.span(), word) for match in WORD.finditer(text) if (word := fold(match[0])) in forms]
    start, end = _window(text, *_centre(found))
    before = "… " if start else ""
    after = " …" if end < len(text) else ""
    shift = len(before) - start
    marks = tuple((a + shift, b + shift) for a, b, _ in found if start <= a and b <= end)
    return Snippet(f"{before}{text[start:end]}{after}", marks)


def _centre(found: Sequence[tuple[int, int, str]]) -> tuple[int, int]:
    """Where the word stands that has most different words soon after it, the first such."""
    if not found:
        return 0, 0
    near = [len({word for at, _, word in found if 0 <= at - start < LENGTH - BEFORE}) for start, _, _ in found]
    return found[near.index(max(near))][:2]


def _window(text: str, first: int, last: int) -> tuple[int, int]:
    """Where to cut so that what stands from `first` to `last` is whole, between words."""
    start = 0
    if first > BEFORE:
        start = text.find(" ", first - BEFORE, first) + 1 or text.rfind(" ", 0, first) + 1
    end = len(text)
    if start + LENGTH < len(text):
        end = text.rfind(" ", last, start + LENGTH + 1)
        end = end if end >= 0 else text.find(" ", last)
    return start, end if end >= 0 else len(text)
