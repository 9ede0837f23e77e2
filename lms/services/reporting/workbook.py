"""The figures as a spreadsheet: numbers that can be added up, one sheet for each table, and one that says what they are."""

import io
import re
from collections.abc import Iterator, Sequence

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from lms.i18n import Reader
from lms.services.common.cells import write_text
from lms.services.reporting import figures
from lms.services.reporting.figures import Table
from lms.services.reporting.indicators import Report

LONGEST_NAME = 31
"""Of a sheet, as spreadsheets have it."""
FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
WIDEST = 60


def workbook(report: Report, reader: Reader, *, name: str, issuer: str) -> bytes:
    """The file. Every text is a text, whatever it begins with; the same report gives the same file."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as made:
        made.set_properties({"title": reader.gettext("Indicators"), "company": issuer, "created": report.at})
        tables = figures.tables(report, reader)
        titles = list(_sheet_names([reader.gettext("About this file"), *(each.title for each in tables)]))
        _write_about(made, made.add_worksheet(titles[0]), report, reader, name)
        for title, table in zip(titles[1:], tables, strict=True):
            _write(made, made.add_worksheet(title), table)
    return out.getvalue()


def _write_about(made: Workbook, sheet: Worksheet, report: Report, reader: Reader, name: str) -> None:
    _ = reader.gettext
    bold, top = made.add_format({"bold": True, "valign": "top"}), made.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, f"{_('Indicators')} · {name}", made.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, _("Made on"), bold)
    sheet.write_datetime(
        1, 1, report.at.replace(tzinfo=None), made.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
    )
    lines = [*figures.narrowed_by(report, reader), ("", ""), (_("How it is counted"), "")]
    lines += [(_(term), _(what)) for term, what in figures.DEFINITIONS]
    for row, (term, what) in enumerate(lines, start=2):
        sheet.write_string(row, 0, term, bold)
        write_text(sheet, row, 1, what, top)
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 1, 90)


def _write(made: Workbook, sheet: Worksheet, table: Table) -> None:
    bold = made.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    whole, part = made.add_format({"num_format": "#,##0"}), made.add_format({"num_format": "0.0"})
    share = made.add_format({"num_format": "0 %"})
    for column, heading in enumerate(table.headings):
        sheet.write_string(0, column, heading, bold)
    for row, values in enumerate(table.rows, start=1):
        for column, value in enumerate(values):
            if isinstance(value, str):
                write_text(sheet, row, column, value)
            elif value is not None:
                kind = share if column in table.shares else whole if isinstance(value, int) else part
                sheet.write_number(row, column, value, kind)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.headings) - 1)
    if table.note:
        sheet.write_string(len(table.rows) + 2, 0, table.note)
    widest = max((len(str(row[0])) for row in table.rows), default=0)
    sheet.set_column(0, 0, min(WIDEST, max(16, widest + 2)))
    sheet.set_column(1, len(table.headings) - 1, 16)
    sheet.freeze_panes(1, 1)


def _sheet_names(titles: Sequence[str]) -> Iterator[str]:
    """A name for each sheet that spreadsheets take, no two the same."""
    taken: set[str] = set()
    for title in titles:
        plain = FORBIDDEN.sub(" ", title)
        tries = (plain[:LONGEST_NAME], *(f"{plain[: LONGEST_NAME - 4]} {n}" for n in range(2, 1000)))
        name = next(each for each in tries if each.casefold() not in taken)
        taken.add(name.casefold())
        yield name
