"""The typefaces: measured, and put into the file with no more glyphs than the page has.

The files in `fonts/` are DejaVu without hinting and layout tables, which a certificate never uses (see its README).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from struct import unpack
from unicodedata import combining
from zlib import crc32

from reportlab.pdfbase.ttfonts import TTFontFile

from lms.certificates.pdfa.file import File, Name, Ref, Value

FONTS = Path(__file__).parents[1] / "fonts"
TEXT, BOLD, DISPLAY = "DejaVuSans", "DejaVuSans-Bold", "DejaVuSerif-Bold"
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_FALLBACKS = {TEXT: (TEXT,), BOLD: (BOLD, TEXT), DISPLAY: (DISPLAY, BOLD, TEXT)}
_BELOW, _ABOVE = 220, 230  # classes of marks that combine (Unicode, 4.3)
_GAP, _FARTHEST = 0.06, 0.6  # between letter and mark, and how far a mark is moved at most
_SPACES = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\t\n"


@cache
def face(name: str) -> TTFontFile:
    """The typeface, read once."""
    return TTFontFile(str(FONTS / f"{name}.ttf"))


@cache
def _outlines(name: str) -> bytes:
    return bytes(face(name).get_table("glyf"))  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character as it is shown, at size 1: its typeface, its advance, and where its outline lies."""

    font: str
    character: str
    advance: float
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one typeface; a mark that combines has its place over or under its letter, and no advance."""

    font: str
    text: str
    shift: float = 0
    back: float = 0
    rise: float = 0


@cache
def glyph(name: str, character: str) -> Glyph:
    """The character in that typeface, else in one that has it; one that none of them has is shown as �.

    (A glyph that is missing may not be referred to: ISO 19005-3, 6.2.11.8.)
    """
    character = " " if character in _SPACES else character
    found = next((each for each in _FALLBACKS[name] if ord(character) in face(each).charToGlyph), None)
    if found is None:
        return glyph(TEXT, REPLACEMENT)
    font = face(found)
    start, end = font.glyphPos[(place := font.charToGlyph[ord(character)]) : place + 2]
    outline = _outlines(found)[start:end]
    edges = [each / font.unitsPerEm for each in unpack(">4h", outline[2:10])] if outline else [0.0] * 4
    advance = 0 if combining(character) else font.charWidths[ord(character)] / 1000
    return Glyph(found, character, advance, *edges)


def width(text: str, name: str, size: float) -> float:
    """How wide the text is, in points."""
    return sum(glyph(name, each).advance for each in text) * size


def shown(text: str, name: str) -> str:
    """The text as it can be shown: with � for what no typeface has."""
    return "".join(glyph(name, each).character for each in text)


def runs(text: str, name: str) -> Iterator[Run]:
    """The text in pieces of one typeface each."""
    waiting: list[Glyph] = []
    below = above = centre = 0.0  # of the letter with the marks that it has already, from where the pen is
    for each in (glyph(name, character) for character in text):
        kind = combining(each.character)
        if kind in (_BELOW, _ABOVE):
            yield from _together(waiting)
            waiting = []
            gap = above + _GAP - each.bottom if kind == _ABOVE else below - _GAP - each.top
            rise = min(max(gap, 0), _FARTHEST) if kind == _ABOVE else max(min(gap, 0), -_FARTHEST)
            shift = centre - (each.left + each.right) / 2
            advance = face(each.font).charWidths[ord(each.character)] / 1000
            yield Run(each.font, each.character, shift, -shift - advance, rise)
            below, above = (below, rise + each.top) if kind == _ABOVE else (rise + each.bottom, above)
            continue
        if waiting and waiting[-1].font != each.font:
            yield from _together(waiting)
            waiting = []
        waiting.append(each)
        below, above, centre = each.bottom, each.top, (each.left + each.right) / 2 - each.advance
    yield from _together(waiting)


def _together(glyphs: list[Glyph]) -> Iterator[Run]:
    if glyphs:
        yield Run(glyphs[0].font, "".join(each.character for each in glyphs))


class Font:
    """One typeface of one document: it notes which characters were written with it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._codes: dict[str, int] = {}

    def encoded(self, text: str) -> str:
        """The text as the page's content has it: two bytes a character, in hexadecimal."""
        codes = self._codes
        return "".join(f"{codes.setdefault(each, len(codes) + 1):04X}" for each in text)

    def embed(self, file: File) -> Ref:
        """The font in the file, with the glyphs that were used and what each of them means as text."""
        font = face(self.name)
        characters = [ord(each) for each in self._codes]
        called = Name(f"{_tag(characters)}+{self.name}")
        data = bytes(font.makeSubset(characters))
        scale = 1000 / font.unitsPerEm
        widths = [font.charWidths[each] for each in characters]
        descriptor: dict[str, Value] = {
            "Type": Name("FontDescriptor"),
            "FontName": called,
            "Flags": 4,  # symbolic: the codes are our own
            "FontBBox": [round(each) for each in font.bbox],
            "ItalicAngle": 0,
            "Ascent": round(font.ascent),
            "Descent": round(font.descent),
            "CapHeight": round(font.capHeight),
            "StemV": round(font.stemV),
            "MissingWidth": round(font.hmetrics[0][0] * scale),
            "FontFile2": file.stream(data, {"Length1": len(data)}),
        }
        inner: dict[str, Value] = {
            "Type": Name("Font"),
            "Subtype": Name("CIDFontType2"),
            "BaseFont": called,
            "CIDSystemInfo": {"Registry": "Adobe", "Ordering": "Identity", "Supplement": 0},
            "FontDescriptor": file.add(descriptor),
            "W": [1, [round(each) for each in widths]],
            "CIDToGIDMap": file.stream(_glyphs(font, characters)),
        }
        return file.add(
            {
                "Type": Name("Font"),
                "Subtype": Name("Type0"),
                "BaseFont": called,
                "Encoding": Name("Identity-H"),
                "DescendantFonts": [file.add(inner)],
                "ToUnicode": file.stream(_meanings(list(self._codes))),
            }
        )


def _tag(characters: Sequence[int]) -> str:
    """Six letters that tell this subset from others (ISO 32000-1, 9.6.4)."""
    left, letters = crc32(repr(characters).encode()), ""
    for _ in range(6):
        left, letter = divmod(left, 26)
        letters += chr(ord("A") + letter)
    return letters


def _glyphs(font: TTFontFile, characters: Sequence[int]) -> bytes:
    """Which glyph of the subset each code is: ReportLab numbers them as they come, twins once."""
    places = {0: 0}
    for each in characters:
        places.setdefault(font.charToGlyph[each], len(places))
    return b"\0\0" + b"".join(places[font.charToGlyph[each]].to_bytes(2, "big") for each in characters)


def _meanings(characters: Sequence[str]) -> bytes:
    """The table from codes to text (ISO 32000-1, 9.10.3)."""
    told = [f"<{code:04X}> <{each.encode('utf-16-be').hex().upper()}>" for code, each in enumerate(characters, 1)]
    blocks = [told[start : start + 100] for start in range(0, len(told), 100)]
    body = "\n".join(f"{len(each)} beginbfchar\n" + "\n".join(each) + "\nendbfchar" for each in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{body}\n"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode()
