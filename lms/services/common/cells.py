"""Texts as cells of a file that spreadsheets open: never a formula, and read back as they were."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

SIGNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
MEANS_MORE = (*SIGNS, "\t", "\r", "\n", "\0")
"""What makes a formula of a cell that begins with it (OWASP ASVS 5.0, 1.2.10), in wide letters too."""
_QUOTED = "'"
_FIRST = frozenset((*MEANS_MORE, _QUOTED))
_SPECIAL = '",;\t\r\n'
_IS_SPECIAL = re.compile(f"[{_SPECIAL}]")
# After what a program may take for the end of a cell that goes by another separator, and so by other quotes: one that
# follows opens a cell there, and is gone.
_AFTER = re.compile(rf"(?<=[;\t\r\n])(?=['\"]*[{re.escape(''.join(SIGNS))}])")
_BACK = re.compile(rf"(?<=[;\t\r\n])'(?=['\"]*[{re.escape(''.join(SIGNS))}])")
END = "\r\n"
"""Of a line (RFC 4180)."""


def plain_cell(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula, whatever it parts cells by, and that `meant` reads back."""
    return _AFTER.sub(_QUOTED, f"{_QUOTED}{text}" if text.lstrip(_QUOTED).startswith(MEANS_MORE) else text)


def meant(cell: str) -> str:
    """What a cell says that `plain_cell` or a spreadsheet wrote."""
    inside = _BACK.sub("", cell)
    return inside[1:] if inside.startswith(_QUOTED) and inside.lstrip(_QUOTED).startswith(MEANS_MORE) else inside


def csv_cell(text: str) -> str:
    """The text as a cell of a CSV file (RFC 4180) that no spreadsheet takes for a formula."""
    if text[:1] not in _FIRST and not _IS_SPECIAL.search(text):
        return text
    safe = plain_cell(text)
    return '"{}"'.format(safe.replace('"', '""')) if _IS_SPECIAL.search(safe) else safe


def csv_cells(texts: Sequence[str]) -> Sequence[str]:
    """The same of many. Most need nothing done to them, which a look at all of them together tells."""
    together = "".join(texts)
    if any(each in together for each in _SPECIAL) or not _FIRST.isdisjoint([text[:1] for text in texts]):
        return [csv_cell(text) for text in texts]
    return texts


def csv_line(texts: Iterable[str]) -> str:
    """A line of such a file."""
    return ",".join(map(csv_cell, texts)) + END


def write_text(sheet: Any, line: int, place: int, text: str, look: Any = None) -> None:
    """The text in a cell of XlsxWriter's, whatever it is: one like that library's own markup would get into the file as it is."""
    if text.startswith("<r>") and text.endswith("</r>"):
        sheet.write_rich_string(line, place, text[:1], text[1:2], text[2:], *([look] if look else []))
    else:
        sheet.write_string(line, place, text, look)
