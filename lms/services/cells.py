"""Texts as cells of a file that spreadsheets open: never a formula."""

import re
from collections.abc import Sequence

_SIGNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
MEANS_MORE = (*_SIGNS, "\t", "\r", "\n", "\0")
"""What makes a formula of a cell that begins with it (OWASP ASVS 5.0, 1.2.10), in wide letters too."""
_QUOTED = "'"
_FIRST = frozenset((*MEANS_MORE, _QUOTED))
_AFTER = re.compile(rf"(?<=[;\t\r\n])(?=[{re.escape(''.join(_SIGNS))}])")
"""The same after what a program may take for the end of a cell that goes by another separator, and so by no quotes."""
_SPECIAL = '",;\t\r\n'
_IS_SPECIAL = re.compile(f"[{_SPECIAL}]")


def plain_cell(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula, and that `meant` reads back."""
    return f"{_QUOTED}{text}" if text.lstrip(_QUOTED).startswith(MEANS_MORE) else text


def meant(cell: str) -> str:
    """What a cell says that `plain_cell` or a spreadsheet wrote."""
    return cell[1:] if cell.startswith(_QUOTED) and cell.lstrip(_QUOTED).startswith(MEANS_MORE) else cell


def csv_cell(text: str) -> str:
    """The text as a cell of a CSV file (RFC 4180) that no spreadsheet takes for a formula."""
    if text[:1] not in _FIRST and not _IS_SPECIAL.search(text):
        return text
    safe = _AFTER.sub("'", plain_cell(text))
    return '"{}"'.format(safe.replace('"', '""')) if _IS_SPECIAL.search(safe) else safe


def csv_cells(texts: Sequence[str]) -> Sequence[str]:
    """The same of many. Most need nothing done to them, which a look at all of them together tells."""
    together = "".join(texts)
    if any(each in together for each in _SPECIAL) or not _FIRST.isdisjoint([text[:1] for text in texts]):
        return [csv_cell(text) for text in texts]
    return texts
