"""One page for whoever pays: the figures of a period, against the goals, with what learners think of the courses."""

import io
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, TableStyle
from reportlab.platypus import Table as Grid

from lms.certificates.pdfa.fonts import BOLD, DISPLAY, FONTS, TEXT
from lms.i18n import Reader
from lms.learning.indicators import DIMENSIONS, Dimension
from lms.services.reporting import figures
from lms.services.reporting.indicators import Report

INK, QUIET, LINE, DEEP, PALE = (
    colors.HexColor(each) for each in ("#1d2b2f", "#4c5a5f", "#c9c3b4", "#12464c", "#e3eeec")
)
MARGIN = 15 * mm
WIDTH = A4[0] - 2 * MARGIN
GAP = 8 * mm
PADDING = 6
"""Of the frame that ReportLab puts around a page's text."""
COLUMN = (WIDTH - GAP) / 2
ROWS = (12, 9, 7, 5, 3)
"""So many rows of each table are shown, and fewer until it all has its place on one page."""


def donor_page(report: Report, reader: Reader, *, name: str, issuer: str) -> bytes:
    """The page, A4, as a PDF: what does not fit in a table is said to be left out."""
    _register()
    for most in ROWS:
        made, pages = _drawn(report, reader, name, issuer, most)
        if pages == 1:
            break
    return made


def _drawn(report: Report, reader: Reader, name: str, issuer: str, most: int) -> tuple[bytes, int]:
    _, out = reader.gettext, io.BytesIO()
    title = f"{_('Training indicators')} · {name}"
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=MARGIN - PADDING,
        rightMargin=MARGIN - PADDING,
        topMargin=13 * mm,
        bottomMargin=12 * mm,
        title=title,
        author=issuer,
        lang=reader.language,
        initialFontName=TEXT,
    )
    document.build(_story(report, reader, name, issuer, most))
    return out.getvalue(), document.page


def _story(report: Report, reader: Reader, name: str, issuer: str, most: int) -> list[Flowable]:
    _ = reader.gettext
    filters = figures.narrowed_by(report, reader)
    parts: list[Flowable] = [
        _text(_("Training indicators"), 20, DISPLAY, DEEP),
        _text(f"{name} · {issuer}", 9, colour=QUIET),
    ]
    parts += [_text(" · ".join(f"<b>{escape(what)}</b>" for _term, what in filters), 9, marked=True), Spacer(0, 5 * mm)]
    parts += [_totals(report, reader), Spacer(0, 4 * mm)]
    if report.goals:
        parts += [_heading(_("Goals")), _goals(report, reader, most)]
        parts += [*_left_out(reader, max(0, len(report.goals) - most)), Spacer(0, 3 * mm)]
    halves = [_dimension(report, reader, each, most) for each in DIMENSIONS]
    for left, right in zip(halves[::2], halves[1::2], strict=True):
        parts.append(_side_by_side(left, right))
    if report.evaluations:
        parts += _evaluations(report, reader, most)
    parts += _gains(report, reader, most)
    if report.published:
        year = report.published[0]
        women, men = (reader.number(each) for each in year.total)
        sentence = _("Of those who said it in %(year)s: %(women)s women and %(men)s men.")
        parts += [Spacer(0, 2 * mm), _text(sentence % {"year": year.year, "women": women, "men": men}, 9)]
    counted = _(
        "People trained: whoever completed a course in the period, each counted once. Certificates: one for each person and "
        "course. The rows of a table may add up to more than its total."
    )
    made = _("Made on %(date)s.") % {"date": reader.date(report.at)}
    return [*parts, Spacer(0, 3 * mm), _text(f"{counted} {made}", 7.5, colour=QUIET)]


def _totals(report: Report, reader: Reader) -> Flowable:
    total = report.figures.total
    cells = [
        [_text(reader.number(n), 28, DISPLAY, DEEP), _text(reader.gettext(label), 10)]
        for n, label in zip((total.people, total.certificates), figures.MEASURED.values(), strict=True)
    ]
    grid = Grid([cells], colWidths=[WIDTH / 2] * 2)
    grid.setStyle(TableStyle([("BACKGROUND", (0, 0), (-1, -1), PALE), ("LEFTPADDING", (0, 0), (-1, -1), 10)]))
    return grid


def _goals(report: Report, reader: Reader, most: int) -> Flowable:
    rows = []
    for each in report.goals[:most]:
        numbers = reader.gettext("%(n)s of %(target)s") % {
            "n": reader.number(each.n),
            "target": reader.number(each.goal.target),
        }
        bar = _Bar(min(each.share, 1), 150, outlined=True)
        rows.append(
            [
                _text(figures.goal_name(report, reader, each.goal), 9),
                bar,
                _right(f"{numbers} · {reader.percent(each.share)}"),
            ]
        )
    grid = Grid(rows, colWidths=[WIDTH - 160 - 110, 160, 110])
    grid.setStyle(TableStyle(_TIGHT))
    return grid


def _dimension(report: Report, reader: Reader, dimension: Dimension, most: int) -> list[Flowable]:
    """The rows of a table with a bar for the people, the first of them; of quarters the last."""
    _, table = reader.gettext, report.figures.tables[dimension]
    rows = table[-most:] if dimension == "quarter" else table[:most]
    greatest = max((row.people for row in table), default=0) or 1
    short = {"people": _("People"), "certificates": _("Certif.")}
    cells: list[list[Any]] = [[_text("", 8), "", _right(short["people"], QUIET), _right(short["certificates"], QUIET)]]
    for row in rows:
        called = figures.name_of(report, reader, dimension, row.key)
        bar = _Bar(row.people / greatest, 42)
        cells.append(
            [_text(called, 9), bar, _right(reader.number(row.people)), _right(reader.number(row.certificates))]
        )
    made: list[Flowable] = [_heading(_(figures.HEADINGS[dimension]))]
    if not rows:
        return [*made, _text(_("Nobody in this period."), 9, colour=QUIET)]
    grid = Grid(cells, colWidths=[COLUMN - 46 - 86, 46, 48, 38])
    grid.setStyle(TableStyle(_TIGHT))
    made.append(grid)
    made += _left_out(reader, len(table) - len(rows))
    return made


def _left_out(reader: Reader, n: int) -> list[Flowable]:
    """That so many rows are not shown, if any."""
    said = reader.ngettext("and %(n)s row more", "and %(n)s rows more", n) % {"n": n}
    return [_text(said, 7.5, colour=QUIET)] if n else []


def _evaluations(report: Report, reader: Reader, most: int) -> list[Flowable]:
    table = figures.evaluations(report, reader)
    told = [row for row in table.rows if any(value is not None for value in row[2:])]
    shown = told[:most]
    if not shown:
        return []
    _ = reader.gettext
    short = (_("Answers"), _("Useful"), _("Clear"), _("Length"), _("Safe"), _("Recommend it"))
    cells: list[list[Any]] = [[_text("", 8), *(_right(each, QUIET) for each in short)]]
    for row in shown:
        *scales, yes = row[2:]
        values = [*(_or_dash(each, reader.number) for each in scales), _or_dash(yes, reader.percent)]
        cells.append([_text(str(row[0]), 9), _right(_or_dash(row[1], reader.number)), *map(_right, values)])
    grid = Grid(cells, colWidths=[WIDTH - 60 - 4 * 50 - 84, 60, *[50] * 4, 84])
    grid.setStyle(TableStyle(_TIGHT))
    note = _(
        "Anonymous, of everybody who completed the course, from 1 (not at all) to 5 (completely); from ten answers on."
    )
    return [
        _heading(_("What learners think")),
        grid,
        *_left_out(reader, len(told) - len(shown)),
        _text(note, 7.5, colour=QUIET),
    ]


def _gains(report: Report, reader: Reader, most: int) -> list[Flowable]:
    """What people knew before and after each course, as bars and numbers, where it may be told."""
    table = figures.gains(report, reader)
    told = [row for row in table.rows if row[1] is not None]
    shown = told[:most]
    if not shown:
        return []
    _ = reader.gettext
    cells: list[list[Any]] = [[_text("", 8), "", *(_right(each, QUIET) for each in table.headings[1:])]]
    for name, people, *shares in shown:
        before, after, _gain = (float(each or 0) for each in shares)
        bars = [_Bar(before, 90), Spacer(0, 1.5), _Bar(after, 90, filled=False)]
        values = [_or_dash(people, reader.number), *(_or_dash(each, reader.percent) for each in shares)]
        cells.append([_text(str(name), 9), bars, *map(_right, values)])
    key = _("Full: before. Outlined: after.")
    grid = Grid(cells, colWidths=[WIDTH - 100 - 3 * 50 - 90, 100, *[50] * 3, 90])
    grid.setStyle(TableStyle(_TIGHT))
    return [
        _heading(table.title),
        grid,
        *_left_out(reader, len(told) - len(shown)),
        _text(f"{table.note} {key}", 7.5, colour=QUIET),
    ]


def _or_dash(value: Any, say: Callable[[float], str]) -> str:
    return "–" if value is None else say(value)


def _side_by_side(left: Sequence[Flowable], right: Sequence[Flowable]) -> Flowable:
    grid = Grid([[list(left), "", list(right)]], colWidths=[COLUMN, GAP, COLUMN])
    grid.setStyle(
        TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *_NO_PADDING, ("BOTTOMPADDING", (0, 0), (-1, -1), 8)])
    )
    return grid


class _Bar(Flowable):
    """A bar for a share of the whole; its number stands beside it."""

    def __init__(self, share: float, width: float, *, outlined: bool = False, filled: bool = True) -> None:
        super().__init__()
        self.share, self.width, self.height, self.outlined, self.filled = share, width, 7, outlined, filled

    def draw(self) -> None:
        """Draws it where it stands."""
        self.canv.setFillColor(DEEP)
        self.canv.setStrokeColor(DEEP)
        self.canv.setLineWidth(0.6)
        if self.outlined:
            self.canv.rect(0, 0, self.width, self.height, stroke=1, fill=0)
        if self.share > 0:
            self.canv.rect(
                0, 0, max(0.8, self.width * self.share), self.height, stroke=not self.filled, fill=self.filled
            )


_NO_PADDING: list[Any] = [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
_TIGHT: list[Any] = [
    *_NO_PADDING,
    ("TOPPADDING", (0, 0), (-1, -1), 2.5),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
    ("RIGHTPADDING", (0, 0), (0, -1), 5),
    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
]


@cache
def _register() -> None:
    for name in (TEXT, BOLD, DISPLAY):
        pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{name}.ttf")))
    pdfmetrics.registerFontFamily(TEXT, normal=TEXT, bold=BOLD, italic=TEXT, boldItalic=BOLD)


def _text(text: str, size: float, font: str = TEXT, colour: Any = INK, *, marked: bool = False) -> Paragraph:
    style = ParagraphStyle("", fontName=font, fontSize=size, leading=size * 1.25, textColor=colour)
    return Paragraph(text if marked else escape(text), style)


def _right(text: str, colour: Any = INK) -> Paragraph:
    return Paragraph(
        escape(text),
        ParagraphStyle("", fontName=TEXT, fontSize=9, leading=11, alignment=TA_RIGHT, textColor=colour),
    )


def _heading(text: str) -> Paragraph:
    style = ParagraphStyle("", fontName=BOLD, fontSize=10.5, leading=14, textColor=DEEP, spaceBefore=4, spaceAfter=2)
    return Paragraph(escape(text), style)
