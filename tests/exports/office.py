"""LibreOffice, without a window: what a spreadsheet makes of our files."""

import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from xml.etree import ElementTree

from tests.tools import require

_O, _T, _X = (f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "table", "text"))
EMPTY = 1000
"""So many empty cells or rows on end are the rest of the sheet."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as LibreOffice has it: a text, a number or a day, None for an empty one."""

    value: str | float | date | None
    is_formula: bool = False


def opened(file: Path, separator: str = "") -> list[list[list[Cell]]]:
    """The sheets of the file, row by row; of a CSV file with that separator, whatever could be a formula made one.

    Skips loudly without LibreOffice, or fails where the audit asks for it.
    """
    require("soffice", variable="LMS_REQUIRE_AUDIT", where="Debian: libreoffice-calc-nogui")
    # UTF-8 from the first line on; quoted cells may be formulas too; no special numbers; formulas are made (token 13).
    options = f"CSV:{ord(separator)},34,76,1,,0,false,false,false,false,false,0,true" if separator else ""
    folder = file.parent / f"opened-{file.name}-{ord(separator or ' ')}"
    command = [
        "soffice", f"-env:UserInstallation=file://{file.parent}/profile", "--headless", "--norestore",
        *([f"--infilter={options}"] if options else []),
        "--convert-to", "fods", "--outdir", str(folder), str(file),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    made = folder / f"{file.stem}.fods"
    assert made.exists(), done.stdout + done.stderr
    return [_without_empty_end(_rows(sheet)) for sheet in ElementTree.parse(made).iter(f"{_T}table")]


def _without_empty_end(rows: Iterable[list[Cell]]) -> list[list[Cell]]:
    found = list(rows)
    while found and not found[-1]:
        found.pop()
    return found


def _rows(sheet: ElementTree.Element) -> Iterator[list[Cell]]:
    for row in sheet.iter(f"{_T}table-row"):
        cells = list(_cells(row))
        while cells and cells[-1].value is None:
            cells.pop()
        again = int(row.get(f"{_T}number-rows-repeated", "1"))
        yield from [cells] * (again if again < EMPTY else 0)


def _cells(row: ElementTree.Element) -> Iterator[Cell]:
    for cell in row:
        again = int(cell.get(f"{_T}number-columns-repeated", "1"))
        found = Cell(_value(cell), cell.get(f"{_T}formula") is not None)
        yield from [found] * (again if again < EMPTY else 0)


def _value(cell: ElementTree.Element) -> str | float | date | None:
    match cell.get(f"{_O}value-type"):
        case None:
            return None
        case "float" | "percentage":
            return float(cell.get(f"{_O}value", ""))
        case "date":
            moment = datetime.fromisoformat(cell.get(f"{_O}date-value", ""))
            return moment if "T" in cell.get(f"{_O}date-value", "") else moment.date()
        case _:
            return "\n".join(_text(each) for each in cell.findall(f"{_X}p"))


def _text(part: ElementTree.Element) -> str:
    said = part.text or ""
    for each in part:
        if each.tag == f"{_X}s":
            said += " " * int(each.get(f"{_X}c", "1"))
        elif each.tag == f"{_X}tab":
            said += "\t"
        elif each.tag == f"{_X}line-break":
            said += "\n"
        else:
            said += _text(each)
        said += each.tail or ""
    return said
