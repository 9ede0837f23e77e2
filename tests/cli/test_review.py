"""`lms review` makes one file that a reviewer needs nothing else for."""

import csv
import io
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lms.cli.review import command
from tests.cli.conftest import SAMPLE

ROOT = Path(__file__).parents[2]
REAL = ROOT / "courses_content/trata-de-personas"


@pytest.fixture(autouse=True)
def somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Whoever asks for a sheet stands in a folder of her own, at a terminal in English."""
    monkeypatch.setenv("LMS_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("LMS_COURSES", str(SAMPLE))
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def review(*words: str | Path, code: int = 0) -> Result:
    result = CliRunner().invoke(command, [str(word) for word in words])
    assert result.exit_code == code, (result.output, result.exception)
    return result


@pytest.fixture(scope="module")
def real() -> str:
    """The sheet of the repository's course."""
    return review(REAL, "--output", "-").output


@pytest.fixture(scope="module")
def english() -> str:
    """The same in English."""
    return review(REAL, "--lang", "en", "--output", "-").output


class Reader(HTMLParser):
    """Every element with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_a_file_is_written_beside_where_one_stands_and_named_after_its_content(somewhere: Path) -> None:
    told = review("demo-course").output
    (file,) = somewhere.iterdir()
    assert re.fullmatch(r"demo-course-es-[0-9a-f]{12}\.html", file.name)
    assert told.splitlines()[0] == file.name
    assert re.fullmatch(
        r"  \d+ items to review, \d+ with their sources, 0 to confirm in each country", told.splitlines()[1]
    )
    assert f"<code>{file.stem[-12:]}</code>" in file.read_text("utf-8")


def test_a_sheet_that_is_there_is_left_alone(somewhere: Path) -> None:
    file = somewhere / "sheet.html"
    file.write_text("what a reviewer wrote", "utf-8")
    assert "there already" in review("demo-course", "--output", "sheet.html", code=1).output
    assert file.read_text("utf-8") == "what a reviewer wrote"
    assert "can't be written" in review("demo-course", "--output", "nowhere/x.html", code=1).output


def test_a_course_is_named_by_its_id_its_folder_or_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    courses = tmp_path / "courses"
    shutil.copytree(SAMPLE / "demo-course", courses / "carpeta")
    monkeypatch.setenv("LMS_COURSES", str(courses))
    sheets = {review(name, "--output", "-").output for name in ("demo-course", "carpeta", courses / "carpeta")}
    assert len(sheets) == 1
    assert "Did you mean “carpeta”?" in review("carpetta", code=1).output
    assert "There is no course “zzz”." in review("zzz", code=1).output
    assert "There is no course in" in review(tmp_path, code=1).output
    (courses / "carpeta/course.yml").write_text("- no\n", "utf-8")
    assert "There is no course “demo-course”." in review("demo-course", code=1).output


def test_a_course_with_errors_has_no_sheet(tmp_path: Path, somewhere: Path) -> None:
    broken = Path(shutil.copytree(SAMPLE / "demo-course", tmp_path / "broken"))
    path = broken / "es/02-dos.md"
    path.write_text(f"{path.read_text('utf-8')}\n::: zzzzzz\nx\n:::\n", "utf-8")
    told = review(broken, code=1).output
    assert "unknown-block: There is no block called “zzzzzz”." in told
    assert "The course has errors." in told
    assert list(somewhere.iterdir()) == []


def test_each_language_has_a_sheet_in_its_own_words(real: str, english: str) -> None:
    assert "What signing means" in english
    assert "Trafficking in persons" in english
    assert "Qué significa firmar" in real
    assert "Trata de personas" in real
    assert "It has: es." in str(review("demo-course", "--lang", "fr", code=1).exception)


def test_the_file_needs_nothing_else_and_runs_nothing(real: str) -> None:
    for tag, attributes in Reader(real).found:
        assert tag not in ("script", "link", "iframe", "object", "form", "base")
        assert not [name for name in attributes if name.startswith("on")]
        assert (attributes.get("src") or "data:image/").startswith("data:image/")
    assert "url(" not in real
    assert "@import" not in real
    assert len(real.encode()) < 400_000


def test_it_has_the_pictures_but_no_large_one(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SAMPLE / "demo-course", tmp_path / "demo-course"))
    assert "data:image/svg+xml;base64," in review(folder, "--output", "-").output
    picture = folder / "media/cuadro.svg"
    text = picture.read_text("utf-8")
    picture.write_text(text.replace("</svg>", f"{' ' * 200_000}</svg>"), "utf-8")
    assert "data:image" not in review(folder, "--output", "-").output


def test_every_item_can_be_ticked_and_commented(real: str) -> None:
    read = Reader(real).found
    items = [attributes["id"] for tag, attributes in read if tag == "tr" and "id" in attributes]
    boxes = [attributes for tag, attributes in read if tag == "input"]
    assert len(items) > 150
    assert len(boxes) == 3 * len(items)
    comments = [attributes["aria-label"] for _, attributes in read if "contenteditable" in attributes]
    assert {f"Comentario sobre {item.removeprefix('item-')}" for item in items if item} <= set(comments)
    assert all(f'href="#{item}"' not in real or item in items for item in items)


def test_it_says_how_far_the_course_is(english: str, tmp_path: Path) -> None:
    assert "<dd>Draft: specialists have not signed for it</dd>" in english
    folder = Path(shutil.copytree(SAMPLE / "demo-course", tmp_path / "demo-course"))
    path = folder / "course.yml"
    path.write_text(path.read_text("utf-8").replace("status: draft", "status: official, on: 2026-11-24"), "utf-8")
    told = review(folder, "--output", "-").output
    assert "Curso oficial, revisado por especialistas (24 de noviembre de 2026)" in told


def test_a_table_has_a_row_for_each_item(real: str, tmp_path: Path) -> None:
    review(REAL, "--format", "csv", "--output", "table.csv")
    raw = Path("table.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    assert head[0] == "Punto"
    assert [row[0] for row in rows][:2] == ["Punto 0.1", "Punto 0.2"]  # alone, 1.1 and 1.10 are one number, or days
    assert len(rows) == len([tag for tag, attributes in Reader(real).found if tag == "tr" and "id" in attributes])
    assert {len(row) for row in rows} == {len(head)}
    first = next(row for row in rows if "acto, medio y fin" in row[3])
    assert first[4].startswith("[1] Protocolo para prevenir")
    assert first[6].startswith("es/01-que-es-la-trata.md:")
    assert any("✔" in row[3] and "✘" in row[3] for row in rows)


def test_items_and_cells_are_kept_apart_in_a_table(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SAMPLE / "demo-course", tmp_path / "demo-course"))
    path = folder / "es/02-dos.md"
    more = "## Fin\n\nHay dos:\n\n- uno\n- dos\n\n| Antes | Ahora |\n|---|---|\n| tres | cuatro |\n"
    path.write_text(f"{path.read_text('utf-8')}\n{more}", "utf-8")
    told = review(folder, "--format", "csv", "--output", "-").output
    assert "Hay dos:\nuno\ndos\nAntes · Ahora\ntres · cuatro" in told.replace("\r", "")


def test_no_cell_is_taken_for_a_formula(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SAMPLE / "demo-course", tmp_path / "demo-course"))
    path = folder / "es/02-dos.md"
    path.write_text(f"{path.read_text('utf-8')}\n## Fin\n\n=HYPERLINK(1)\n", "utf-8")
    told = review(folder, "--format", "csv", "--output", "-").output
    assert "'=HYPERLINK(1)" in told
