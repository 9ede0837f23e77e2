"""The page of a certificate."""

import io
import json
import struct
import subprocess
import zlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from lms.certificates import credential as credentials
from lms.certificates import pdf
from tests.certificates.conftest import READER, Make
from tests.tools import require


def words(raw: bytes, folder: Path) -> str:
    require("pdftotext")
    (folder / "page.pdf").write_bytes(raw)
    told = subprocess.run(["pdftotext", "-layout", str(folder / "page.pdf"), "-"], check=True, capture_output=True)
    return " ".join(told.stdout.decode().split())


@pytest.mark.tools
@pytest.mark.parametrize("name", ["Li", "Ana Lucía Pérez", "K'iche' Ñuñez Ixchél Tz’utujil", "María " * 33, "A" * 200])
def test_every_name_is_on_the_one_page_with_its_fonts(credential: Make, tmp_path: Path, name: str) -> None:
    raw = pdf.draw(credential(name.strip()), READER)
    reader = PdfFileReader(io.BytesIO(raw))
    assert reader.root["/Pages"]["/Count"] == 1
    text = words(raw, tmp_path)
    assert all(text.count(word) >= name.split().count(word) for word in name.split() if len(word) < 100)
    assert text.count("A") >= name.count("A")
    fonts = subprocess.run(["pdffonts", str(tmp_path / "page.pdf")], check=True, capture_output=True, text=True).stdout
    rows = [line.split() for line in fonts.splitlines()[2:]]
    assert len(rows) == 3
    assert all("yes" in row and "no" not in row[-5:-3] for row in rows)


@pytest.mark.tools
def test_the_page_says_what_the_credential_says(credential: Make, tmp_path: Path) -> None:
    facts = credential(
        signatories=(("Carla Méndez", "Coordinadora"), ("Diego Ruiz", "Director")),
        verify_base="https://cursos.example.org/",
        demonstration=False,
        hours=1.5,
    )
    text = words(pdf.draw(facts, READER), tmp_path)
    for part in (facts.title, facts.number, "24 de noviembre de 2026", "1,5", "Carla Méndez", "Director"):
        assert part in text
    assert "https://cursos.example.org/verify" in text


@pytest.mark.tools
def test_a_certificate_of_a_draft_says_so_on_its_one_page(credential: Make, tmp_path: Path) -> None:
    name, signatories = "María " * 33, (("Carla Méndez", "Coordinadora"),)
    sentence = "Al emitirse este certificado, el contenido del curso estaba en revisión por especialistas."
    facts = credential(name.strip(), signatories=signatories, title="Curso de protección con un título largo " * 3)
    assert sentence not in words(pdf.draw(facts, READER), tmp_path)
    raw = pdf.draw(replace(facts, under_review=True), READER)
    text = words(raw, tmp_path)
    assert text.index(sentence) < text.index("Demostración") < text.index("Carla Méndez")
    assert PdfFileReader(io.BytesIO(raw)).root["/Pages"]["/Count"] == 1


def test_a_certificate_from_before_a_review_was_spoken_of_is_read(credential: Make) -> None:
    facts = credential()
    old = {name: value for name, value in json.loads(credentials.dump(facts)).items() if name != "under_review"}
    assert credentials.load(json.dumps(old)) == facts
    reviewed = replace(facts, under_review=True)
    assert credentials.load(credentials.dump(reviewed)) == reviewed


def test_the_same_facts_give_the_same_bytes(credential: Make) -> None:
    facts = credential(hours=0)
    assert pdf.draw(facts, READER) == pdf.draw(facts, READER)


def test_a_logo_is_drawn(credential: Make, tmp_path: Path) -> None:
    logo = tmp_path / "logo.png"
    logo.write_bytes(png(4, 2))
    assert b"/Image" in pdf.draw(credential(), READER, logo)


def test_a_credential_comes_back_from_its_json(credential: Make) -> None:
    facts = credential(signatories=(("Carla", "Coordinadora"),), issued_on=date(2026, 1, 2))
    assert credentials.load(credentials.dump(facts)) == facts


def png(width: int, height: int) -> bytes:
    """A red picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\xff\0\0" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
