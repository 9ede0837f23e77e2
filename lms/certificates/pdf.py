"""The page of a certificate, drawn: one A4 sheet, sober, with every font inside."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import hypot
from pathlib import Path
from typing import Any

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from lms.certificates.credential import Credential
from lms.i18n import Reader

WIDTH, HEIGHT = landscape(A4)
FONTS = Path(__file__).parent / "fonts"
TEXT, BOLD, DISPLAY = "DejaVuSans", "DejaVuSans-Bold", "DejaVuSerif-Bold"

PAPER, INK, DEEP = HexColor("#FCFAF5"), HexColor("#20343A"), HexColor("#12464C")
QUIET, WARM, PALE = HexColor("#5A6B70"), HexColor("#A8481F"), HexColor("#DCE7E4")
BAND = 168.0  # points: the coloured band on the left
LEFT, RIGHT = BAND + 52, WIDTH - 56
COLUMN = RIGHT - LEFT


def draw(credential: Credential, reader: Reader, logo: Path | None = None) -> bytes:
    """The certificate as an unsigned PDF, in the reader's language. The same facts give the same bytes."""
    _register_fonts()
    out = io.BytesIO()
    first_font: Any = TEXT  # ReportLab's stubs take it for a number
    size = (WIDTH, HEIGHT)
    canvas = Canvas(out, size, invariant=1, pageCompression=1, lang=reader.language, initialFontName=first_font)
    canvas.setTitle(reader.gettext("Certificate"))
    canvas.setAuthor(credential.issuer)
    canvas.setSubject(credential.number)
    canvas.setCreator(credential.program)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    _page(canvas)
    _text(canvas, credential, reader)
    _foot(canvas, credential, reader)
    if logo:
        canvas.drawImage(
            str(logo), RIGHT - 130, HEIGHT - 112, 130, 60, preserveAspectRatio=True, anchor="ne", mask="auto"
        )
    canvas.showPage()
    canvas.save()
    return out.getvalue()


@cache
def _register_fonts() -> None:
    for name in (TEXT, BOLD, DISPLAY):
        pdfmetrics.registerFont(TTFont(name, FONTS / f"{name}.ttf"))


def _page(canvas: Canvas) -> None:
    canvas.setFillColor(PAPER)
    canvas.rect(0, 0, WIDTH, HEIGHT, stroke=0, fill=1)
    canvas.setStrokeColor(PALE)
    canvas.setLineWidth(1)
    canvas.rect(BAND + 22, 22, WIDTH - BAND - 44, HEIGHT - 44, stroke=1, fill=0)
    canvas.saveState()
    clip = canvas.beginPath()
    clip.rect(0, 0, BAND, HEIGHT)
    canvas.clipPath(clip, stroke=0, fill=0)
    canvas.setFillColor(DEEP)
    canvas.rect(0, 0, BAND, HEIGHT, stroke=0, fill=1)
    _landscape(canvas)
    canvas.restoreState()


def _landscape(canvas: Canvas) -> None:
    """Hills, a low sun, and a footpath that climbs towards it."""
    canvas.setFillColor(HexColor("#E9B56B"))
    canvas.circle(112, 452, 25, stroke=0, fill=1)
    hills: Sequence[tuple[str, float, float, float, float]] = (
        ("#1C5A60", 400, 470, 380, 430),
        ("#256B6E", 300, 350, 340, 320),
        ("#2F7C7B", 190, 270, 170, 215),
    )
    for colour, left, first, second, right in hills:
        canvas.setFillColor(HexColor(colour))
        hill = canvas.beginPath()
        hill.moveTo(0, 0)
        hill.lineTo(0, left)
        hill.curveTo(BAND * 0.3, first, BAND * 0.65, second, BAND, right)
        hill.lineTo(BAND, 0)
        hill.close()
        canvas.drawPath(hill, stroke=0, fill=1)
    canvas.setFillColor(HexColor("#FCF6E8"))
    _ribbon(canvas, ((26, -30), (52, 60), (170, 84), (112, 170), (84, 212), (14, 214), (48, 274)), 19, 9)
    _ribbon(canvas, ((48, 274), (68, 309), (140, 312), (110, 356), (97, 376), (72, 388), (92, 412)), 9, 3)


def _ribbon(canvas: Canvas, points: Sequence[tuple[float, float]], width: float, end: float) -> None:
    """A path along two joined Bézier curves that grows narrower with the distance."""
    middle = [_bezier(points[start : start + 4], step / 24) for start in (0, 3) for step in range(25 if start else 24)]
    left, right = [], []
    for place, (x, y, dx, dy) in enumerate(middle):
        half = (width + (end - width) * place / (len(middle) - 1)) / 2
        length = hypot(dx, dy)
        left.append((x - dy / length * half, y + dx / length * half))
        right.append((x + dy / length * half, y - dx / length * half))
    shape = canvas.beginPath()
    shape.moveTo(*left[0])
    for point in (*left[1:], *reversed(right)):
        shape.lineTo(*point)
    shape.close()
    canvas.drawPath(shape, stroke=0, fill=1)


def _bezier(points: Sequence[tuple[float, float]], t: float) -> tuple[float, float, float, float]:
    """The point at t on a cubic Bézier curve, and its direction there."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = points
    u = 1 - t

    def place(a: float, b: float, c: float, d: float) -> float:
        return u**3 * a + 3 * u * u * t * b + 3 * u * t * t * c + t**3 * d

    def slope(a: float, b: float, c: float, d: float) -> float:
        return 3 * u * u * (b - a) + 6 * u * t * (c - b) + 3 * t * t * (d - c)

    return place(x0, x1, x2, x3), place(y0, y1, y2, y3), slope(x0, x1, x2, x3), slope(y0, y1, y2, y3)


def _text(canvas: Canvas, credential: Credential, reader: Reader) -> None:
    y = HEIGHT - 84
    _spaced(canvas, LEFT, y, credential.program.upper(), BOLD, 11, DEEP)
    _line(canvas, LEFT, y - 19, credential.issuer, TEXT, 11, QUIET, COLUMN - 140)
    y -= 92
    _line(canvas, LEFT, y, reader.gettext("This certifies that"), TEXT, 14, QUIET)
    y = _block(canvas, y - 16, _fit(credential.name, DISPLAY, (38, 34, 30, 26, 22, 18, 14), 3), DEEP)
    y -= 28
    _line(canvas, LEFT, y, reader.gettext("has completed the course"), TEXT, 14, QUIET)
    y = _block(canvas, y - 14, _fit(credential.title, BOLD, (24, 22, 20, 18, 15, 12), 3), INK)
    y -= 26
    _line(canvas, LEFT, y, _when(credential, reader), TEXT, 12, INK)
    if credential.under_review:
        notice = reader.gettext(
            "The content of the course was under review by specialists when this certificate was issued."
        )
        _line(canvas, LEFT, y - 17, notice, TEXT, 10, QUIET, COLUMN)
    if credential.demonstration:
        notice = reader.gettext("Demonstration: this certificate was issued to try the program and has no value.")
        _line(canvas, LEFT, y - 30, notice, BOLD, 10.5, WARM, COLUMN)


def _when(credential: Credential, reader: Reader) -> str:
    date = reader.date(credential.issued_on)
    if not credential.hours:
        return date
    hours = int(credential.hours) if credential.hours == int(credential.hours) else credential.hours
    length = reader.ngettext("Estimated length: %(n)s hour", "Estimated length: %(n)s hours", round(credential.hours))
    return f"{length % {'n': reader.number(hours)}}  ·  {date}"


def _foot(canvas: Canvas, credential: Credential, reader: Reader) -> None:
    width = COLUMN / 3
    for place, (name, position) in enumerate(credential.signatories[:3]):
        x = LEFT + place * width
        canvas.setStrokeColor(QUIET)
        canvas.setLineWidth(0.6)
        canvas.line(x, 150, x + width - 24, 150)
        _line(canvas, x, 136, name, BOLD, 10, INK, width - 24)
        _line(canvas, x, 123, position, TEXT, 9, QUIET, width - 24)
    canvas.setStrokeColor(PALE)
    canvas.line(LEFT, 100, RIGHT, 100)
    label = reader.gettext("Certificate number")
    _line(canvas, LEFT, 80, label, TEXT, 9, QUIET)
    _line(canvas, LEFT, 62, credential.number, BOLD, 14, DEEP)
    for place, sentence in enumerate(_how_to_verify(credential, reader)):
        _line(canvas, LEFT + 215, 80 - 13 * place, sentence, TEXT, 8.5, QUIET)


def _how_to_verify(credential: Credential, reader: Reader) -> list[str]:
    if credential.verify_base:
        sentence = reader.gettext("Check this number, or this file, at %(address)s") % {
            "address": f"{credential.verify_base.rstrip('/')}/verify"
        }
    else:
        sentence = reader.gettext("Check this number, or this file, with whoever issued it.")
    signed = reader.gettext("This file carries an electronic signature: any change to it shows.")
    return [str(line) for line in simpleSplit(f"{sentence} {signed}", TEXT, 8.5, COLUMN - 215)]


@dataclass(frozen=True, slots=True)
class _Fitted:
    lines: Sequence[str]
    font: str
    size: float


def _fit(text: str, font: str, sizes: Sequence[float], most: int) -> _Fitted:
    """The text at the largest size that needs no more than that many lines; one line is preferred for a short text."""
    for lines_allowed in (1, most):
        for size in sizes if lines_allowed > 1 else sizes[:3]:
            lines = _split(text, font, size)
            if len(lines) <= lines_allowed:
                return _Fitted(lines, font, size)
    return _Fitted(_split(text, font, sizes[-1]), font, sizes[-1])


def _split(text: str, font: str, size: float) -> list[str]:
    """Lines of the text, a word longer than a line broken."""
    lines: list[str] = []
    for line in simpleSplit(text, font, size, COLUMN):
        rest = str(line)
        while pdfmetrics.stringWidth(rest, font, size) > COLUMN:
            cut = next(n for n in range(len(rest), 0, -1) if pdfmetrics.stringWidth(rest[:n], font, size) <= COLUMN)
            lines.append(rest[:cut])
            rest = rest[cut:]
        lines.append(rest)
    return lines


def _block(canvas: Canvas, y: float, fitted: _Fitted, colour: Color) -> float:
    for line in fitted.lines:
        y -= fitted.size * 1.16
        _line(canvas, LEFT, y, line, fitted.font, fitted.size, colour)
    return y - fitted.size * 0.25


def _line(
    canvas: Canvas, x: float, y: float, text: str, font: str, size: float, colour: Color, most: float = 0
) -> None:
    while most and size > 6 and pdfmetrics.stringWidth(text, font, size) > most:
        size -= 0.5
    canvas.setFillColor(colour)
    canvas.setFont(font, size)
    canvas.drawString(x, y, text)


def _spaced(canvas: Canvas, x: float, y: float, text: str, font: str, size: float, colour: Color) -> None:
    canvas.setFillColor(colour)
    canvas.setFont(font, size)
    canvas.drawString(x, y, text, charSpace=2.4)
