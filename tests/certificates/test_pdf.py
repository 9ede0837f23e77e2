"""The page of a certificate."""

import io
import json
import os
import random
import re
import struct
import subprocess
import zlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PIL import Image
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
    assert picture_at(pdf.draw(credential(), READER, logo=logo)) == (4, 2)


def test_a_logo_of_any_kind_is_drawn_without_transparency(credential: Make, tmp_path: Path) -> None:
    for name, mode in (("a.png", "RGBA"), ("b.png", "LA"), ("c.png", "P"), ("d.jpg", "CMYK"), ("e.jpg", "L")):
        Image.new(mode, (2000, 700)).save(tmp_path / name)
        raw = pdf.draw(credential(), READER, logo=tmp_path / name)
        assert b"/SMask" not in raw
        assert picture_at(raw) == (625, 219)  # 300 dots an inch


def test_a_logo_that_changes_is_drawn_anew(credential: Make, tmp_path: Path) -> None:
    facts, logo = credential(), tmp_path / "logo.png"
    for size in ((40, 20), (20, 40)):
        Image.new("RGB", size).save(logo)
        os.utime(logo, ns=(size[0], size[0]))
        assert picture_at(pdf.draw(facts, READER, logo=logo)) == size


def test_the_qr_is_drawn_to_scale_and_can_be_read_off(credential: Make, tmp_path: Path) -> None:
    require("pdftoppm")
    chance = random.Random(1)
    matrix = [[chance.random() < 0.5 for _ in range(61)] for _ in range(61)]
    (tmp_path / "c.pdf").write_bytes(pdf.draw(credential(), READER, qr=matrix))
    subprocess.run(["pdftoppm", "-r", "300", "-png", "-singlefile", "c.pdf", "c"], cwd=tmp_path, check=True)
    with Image.open(tmp_path / "c.png") as opened:
        page = opened.convert("L")
    dots = 300 / 72
    left, top = (pdf.RIGHT - pdf.QR_SIDE) * dots, (pdf.HEIGHT - pdf.QR_BOTTOM - pdf.QR_SIDE) * dots
    module = pdf.QR_SIDE * dots / 61
    assert pytest.approx(85.04, abs=0.01) == pdf.QR_SIDE  # 30 mm

    def dark(row: int, column: int) -> bool:
        return page.getpixel((left + (column + 0.5) * module, top + (row + 0.5) * module)) < 128

    assert [[dark(row, column) for column in range(61)] for row in range(61)] == matrix
    around = [(-4, each) for each in range(-4, 65)] + [(each, -4) for each in range(-4, 65)] + [(64, 64)]
    assert not any(dark(*place) for place in around)


def test_the_badge_is_inside_as_it_came(credential: Make) -> None:
    badge = b'{"name": "Ana"}'
    root = PdfFileReader(io.BytesIO(pdf.draw(credential(), READER, badge=badge))).root
    held = root["/AF"][0]
    assert held["/AFRelationship"] == "/Data"
    assert held["/F"] == held["/UF"] == "credential.json"
    assert held["/EF"]["/F"].data == badge
    assert held["/EF"]["/F"]["/Subtype"] == "/application/vc+ld+json"
    assert root["/Names"]["/EmbeddedFiles"]["/Names"][0] == "credential.json"
    assert "/AF" not in PdfFileReader(io.BytesIO(pdf.draw(credential(), READER))).root


def test_who_cannot_see_the_page_is_told_all_of_it_in_order(credential: Make) -> None:
    facts = credential("Ana 漢", signatories=(("Carla", "Coordinadora"),), program="Vereda")
    root = PdfFileReader(io.BytesIO(pdf.draw(facts, READER, qr=[[True]]))).root
    assert root["/Lang"] == "es"
    parts = [each.get_object() for each in root["/StructTreeRoot"]["/K"]["/K"]]
    kinds = [each["/S"][1:] for each in parts]
    assert kinds == ["P", "P", "H1", *["P"] * 6, *["P", "P"], *["P"] * 4, "Figure", "Caption", "Form"]
    told = [str(each.get("/Alt") or each.get("/ActualText") or "") for each in parts]
    assert [each for each in told if each] == [
        "Vereda",
        "Ana 漢",  # of which the page shows a part
        "Código QR con el contenido firmado de este certificado",
        "Firma electrónica de quien emite",
    ]


@pytest.mark.tools
@pytest.mark.parametrize("name", ["", "María " * 33, "W" * 200])
def test_nothing_leaves_the_frame_or_meets_anything_else(credential: Make, tmp_path: Path, name: str) -> None:
    require("pdftotext")
    everything = {
        "signatories": (("Carla " * 9, "Jefa " * 20),) * 4,
        "title": "Título largo " * 15,
        "issuer": "Ministerio " * 15,
    }
    facts = credential(name.strip() or "Li", under_review=True, **everything)
    (tmp_path / "c.pdf").write_bytes(pdf.draw(facts, READER, qr=[[True] * 61] * 61))
    told = subprocess.run(
        ["pdftotext", "-bbox", "c.pdf", "-"], cwd=tmp_path, check=True, capture_output=True, text=True
    ).stdout
    boxes = [
        tuple(map(float, each))
        for each in re.findall(r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)"', told)
    ]
    assert len(boxes) > 30
    left, bottom, right, top = pdf.FRAME
    for x, y, x_end, y_end in boxes:
        assert left < x < x_end < right
        assert pdf.HEIGHT - top < y < y_end < pdf.HEIGHT - bottom
    for place, first in enumerate(boxes):
        for second in boxes[place + 1 :]:
            wide = min(first[2], second[2]) - max(first[0], second[0])
            high = min(first[3], second[3]) - max(first[1], second[1])
            assert wide <= 0 or high < 0.4 * min(first[3] - first[1], second[3] - second[1]), (first, second)


def test_a_credential_comes_back_from_its_json(credential: Make) -> None:
    facts = credential(signatories=(("Carla", "Coordinadora"),), issued_on=date(2026, 1, 2))
    assert credentials.load(credentials.dump(facts)) == facts


def picture_at(raw: bytes) -> tuple[int, int]:
    page = PdfFileReader(io.BytesIO(raw)).root["/Pages"]["/Kids"][0]
    picture = page["/Resources"]["/XObject"]["/I1"]
    return picture["/Width"], picture["/Height"]


def png(width: int, height: int) -> bytes:
    """A red picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\xff\0\0" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
