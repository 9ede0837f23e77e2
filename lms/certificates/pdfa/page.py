"""The content of the one page: each part of it is told to whoever can't see it, or marked as decoration.

What is told becomes an element of the structure (ISO 32000-1, 14.7), in the order in which it is drawn.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Literal, TypeAlias

from lms.certificates.pdfa import fonts
from lms.certificates.pdfa.file import number
from lms.certificates.pdfa.picture import Picture

Kind = Literal["H1", "P", "Figure", "Caption"]
Box: TypeAlias = tuple[float, float, float, float]
"""Left, bottom, right, top."""


@dataclass(frozen=True, slots=True)
class Element:
    """A part of the page that is told."""

    kind: Kind
    alternate: str = ""
    """What is told in its place, for what is no text."""
    actual: str = ""
    """The text itself, where what is drawn differs from it."""
    box: Box | None = None


class Page:
    """A page as it is drawn; see `document.Document` for the file around it."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.elements: list[Element] = []
        self.fonts: dict[str, fonts.Font] = {}
        self.pictures: list[Picture] = []
        self._operators: list[str] = []

    @property
    def content(self) -> bytes:
        """What was drawn, as PDF's operators."""
        return "\n".join(self._operators).encode() + b"\n"

    @contextmanager
    def telling(self, kind: Kind, *, alternate: str = "", actual: str = "", box: Box | None = None) -> Iterator[None]:
        """What is drawn inside is one element of the structure."""
        self._operators.append(f"/{kind} <</MCID {len(self.elements)}>> BDC")
        self.elements.append(Element(kind, alternate, actual, box))
        yield
        self._operators.append("EMC")

    @contextmanager
    def decorating(self) -> Iterator[None]:
        """What is drawn inside says nothing."""
        self._operators.append("/Artifact BMC")
        yield
        self._operators.append("EMC")

    @contextmanager
    def within(self, box: Box) -> Iterator[None]:
        """Nothing of what is drawn inside leaves the box."""
        self._operators.append(f"q {_rectangle(box)} W n")
        yield
        self._operators.append("Q")

    def fill(self, box: Box, colour: str) -> None:
        """A filled rectangle."""
        self._operators.append(f"{_rgb(colour)} rg {_rectangle(box)} f")

    def outline(self, box: Box, colour: str, thickness: float) -> None:
        """The outline of a rectangle."""
        self._operators.append(f"{_rgb(colour)} RG {number(thickness)} w {_rectangle(box)} S")

    def line(self, start: tuple[float, float], end: tuple[float, float], colour: str, thickness: float) -> None:
        """A straight line."""
        places = f"{_numbers(*start)} m {_numbers(*end)} l S"
        self._operators.append(f"{_rgb(colour)} RG {number(thickness)} w {places}")

    def shape(self, start: tuple[float, float], parts: Sequence[Sequence[float]], colour: str) -> None:
        """A filled shape: from its start along lines (two numbers each) and Bézier curves (six)."""
        drawn = " ".join(f"{_numbers(*part)} {'c' if len(part) == 6 else 'l'}" for part in parts)
        self._operators.append(f"{_rgb(colour)} rg {_numbers(*start)} m {drawn} f")

    def modules(self, box: Box, matrix: Sequence[Sequence[int]], colour: str) -> None:
        """A square of dark and light modules; neighbours in a row are one rectangle."""
        left, bottom, right, _ = box
        side = (right - left) / len(matrix)
        drawn = [
            f"{start} {len(matrix) - 1 - row} {length} 1 re"
            for row, modules in enumerate(matrix)
            for start, length in _dark(modules)
        ]
        place = f"q {side:.5f} 0 0 {side:.5f} {_numbers(left, bottom)} cm"
        self._operators.append(f"{place} {_rgb(colour)} rg\n" + "\n".join(drawn) + "\nf Q")

    def picture(self, picture: Picture, box: Box) -> None:
        """A picture that fills the box."""
        self.pictures.append(picture)
        left, bottom, right, top = box
        place = _numbers(right - left, 0, 0, top - bottom, left, bottom)
        self._operators.append(f"q {place} cm /I{len(self.pictures)} Do Q")

    def text(self, at: tuple[float, float], text: str, font: str, size: float, colour: str, spacing: float = 0) -> None:
        """One line of text from that place on."""
        drawn = [self._run(each, size) for each in fonts.runs(text, font)]
        start = f"BT {_rgb(colour)} rg {number(spacing)} Tc {_numbers(*at)} Td"
        self._operators.append(f"{start} {' '.join(drawn)} ET")

    def _run(self, run: fonts.Run, size: float) -> str:
        font = self.fonts.setdefault(run.font, fonts.Font(run.font))
        chosen = f"/F{list(self.fonts).index(run.font) + 1} {number(size)} Tf"
        text = f"<{font.encoded(run.text)}>"
        if not (run.shift or run.back):
            return f"{chosen} {text} Tj"
        placed = f"[{number(-1000 * run.shift)} {text} {number(-1000 * run.back)}] TJ"
        return f"{chosen} {number(run.rise * size)} Ts {placed} 0 Ts"


def _dark(modules: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Start and length of each run of dark modules."""
    start = None
    for place, dark in enumerate([*modules, False]):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            yield start, place - start
            start = None


def _rectangle(box: Box) -> str:
    left, bottom, right, top = box
    return f"{_numbers(left, bottom, right - left, top - bottom)} re"


def _numbers(*values: float) -> str:
    return " ".join(map(number, values))


@cache
def _rgb(colour: str) -> str:
    """`#RRGGBB` as PDF writes it."""
    return " ".join(f"{int(colour[place : place + 2], 16) / 255:.3f}" for place in (1, 3, 5))
