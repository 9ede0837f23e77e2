"""The certificates of a cohort, to be handed out: as files in one archive, or as one file to print. They are the bytes that
were kept; the archive is made while it is sent, so that it may be of any size."""

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from lms.i18n import Reader
from lms.services.common.cells import csv_line
from lms.storage import certificates
from lms.storage.certificates import Certificate, Kind
from lms.storage.database import Database

BATCH = 20
"""Files that are in memory at once."""
SHEETS = 100
"""Certificates in one file to print."""


def archive(database: Database, held: Sequence[Certificate], reader: Reader, *, now: datetime) -> Iterator[bytes]:
    """A zip file, piece by piece: each certificate under its number, and a list of whose they are."""
    sink, name = _Sink(), reader.gettext("list")
    with ZipFile(sink, "w", ZIP_STORED) as made:
        made.writestr(_named(f"{name}.csv", now), table(held, reader))
        for number, content in _files(database, held, "pdf"):
            made.writestr(_named(f"{number}.pdf", now), content)
            yield sink.taken()
    yield sink.taken()


def table(held: Iterable[Certificate], reader: Reader) -> bytes:
    """A list of certificates that spreadsheets open (UTF-8 with its mark, RFC 4180)."""
    _ = reader.gettext
    lines = [csv_line([_("Name"), _("Course"), _("Number"), _("Date"), _("File")])]
    for each in held:
        said = each.credential
        lines.append(csv_line([said.name, said.title, each.number, said.issued_on.isoformat(), f"{each.number}.pdf"]))
    return b"\xef\xbb\xbf" + "".join(lines).encode()


def printable(database: Database, held: Sequence[Certificate], reader: Reader) -> bytes:
    """The pages of these certificates in one file to print. It carries no signature: what is printed is checked by its QR
    code or number."""
    from pypdf import PdfReader, PdfWriter  # only who prints needs it
    from pypdf.generic import NameObject, TextStringObject

    writer = PdfWriter()
    for _number, content in _files(database, held, "paper"):
        page = PdfReader(io.BytesIO(content)).pages[0]
        for name in ("/Annots", "/StructParents", "/Tabs"):  # of a signature and a structure that stay behind
            page.pop(name, None)
        writer.add_page(page)
    writer.metadata = {"/Title": reader.gettext("Certificates"), "/Producer": "Vereda"}
    writer.root_object[NameObject("/Lang")] = TextStringObject(reader.language)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _files(database: Database, held: Sequence[Certificate], kind: Kind) -> Iterator[tuple[str, bytes]]:
    """The number and that file of each, in this order; the PDF for one from when there was nothing else."""
    for start in range(0, len(held), BATCH):
        numbers = [each.number for each in held[start : start + BATCH]]
        with database.reading() as tx:
            found = certificates.files(tx, numbers, kind)
            rest = certificates.files(tx, [each for each in numbers if each not in found], "pdf")
        yield from ((each, content) for each in numbers if (content := found.get(each) or rest.get(each)))


def _named(name: str, now: datetime) -> ZipInfo:
    return ZipInfo(name, date_time=(now.year, now.month, now.day, 0, 0, 0))


class _Sink(io.RawIOBase):
    """What is written, until it is taken."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        """What was written since it was last asked."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)
