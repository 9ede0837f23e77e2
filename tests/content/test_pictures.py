"""The picture of a course and of a module: found, told of, kept, and never a reason to translate or do again."""

import json
import shutil
import struct
from dataclasses import replace
from pathlib import Path

import pytest

from lms.content.changes import Changes, compare
from lms.content.course import load, load_all
from lms.content.drawing import MOST
from lms.content.lock import Made, write_lock
from lms.content.model import Course
from lms.content.release import decode, encode
from tests.content.bilingual import change, two_languages

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 320"><path d="M{} 0h9"/></svg>'
LARGE = SVG.format("0 " * MOST)
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 640, 321) + b"\x08\x02\0\0\0"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The sample course in two languages, with two pictures that nothing names yet."""
    made = two_languages(tmp_path)
    (made / "media/valle.svg").write_text(SVG.format(1), "utf-8")
    (made / "media/puente.svg").write_text(SVG.format(2), "utf-8")
    return made


def with_cover(course: Path, name: str = "valle.svg") -> int:
    return change(course, "course.yml", "access: open", f"access: open\ncover: {name}") + 1


def with_picture(course: Path, name: str = "puente.svg", language: str = "es") -> int:
    return change(course, f"{language}/01-uno.md", "id: m-uno\n", f"id: m-uno\npicture: {name}\n") + 1


def loaded(course: Path) -> Course:
    made, findings = load(course)
    assert made, findings
    return made


def pictures(course: Course) -> dict[str, tuple[str, str]]:
    """The cover and the first module's picture in each language."""
    return {name: (each.cover, each.modules["m-uno"].picture) for name, each in course.editions.items()}


def told(course: Path) -> list[tuple[str, str, int]]:
    return [
        (each.code, each.file.partition("/")[2], each.line) for each in load(course)[1] if each.code != "translation"
    ]


def test_they_are_kept_as_parts_of_the_page(course: Path) -> None:
    with_cover(course)
    with_picture(course, "media/puente.svg")
    made = loaded(course)
    assert pictures(made) == dict.fromkeys(("es", "en"), ("valle.svg", "puente.svg"))
    assert made.media["valle.svg"].drawing.endswith('<path d="M1 0h9"/></svg>')
    assert (made.media["puente.svg"].width, made.media["puente.svg"].height) == (640, 320)
    assert made.media["cuadro.svg"].drawing == ""  # a figure, which is a file of its own


def test_a_language_may_have_its_own(course: Path) -> None:
    with_cover(course)
    with_picture(course)
    with_picture(course, "otro.svg", "en")
    for name in ("valle.en", "otro.en", "puente.en"):
        (course / f"media/{name}.svg").write_text(SVG.format(3), "utf-8")
    assert pictures(loaded(course)) == {"es": ("valle.svg", "puente.svg"), "en": ("valle.en.svg", "otro.en.svg")}


def test_a_course_and_a_module_do_without(course: Path) -> None:
    assert pictures(loaded(course)) == dict.fromkeys(("es", "en"), ("", ""))


def test_a_missing_one_is_told_once_at_its_line(course: Path) -> None:
    cover, picture = with_cover(course, "vale.svg"), with_picture(course, "nada-de-nada.svg")
    assert told(course) == [
        ("no-file-in-media", "course.yml", cover),
        ("no-file-in-media", "es/01-uno.md", picture),
    ]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("valle.svg", SVG.format("0").replace("<path", "<script>x</script><path"), "file-content"),
        ("grande.svg", " " * (2 * 1024 * 1024 + 1), "file-size"),
        ("oir.mp3", "ID3", "file-type"),
        ("Valle.svg", "", "file-name"),
    ],
    ids=["script", "size", "sound", "name"],
)
def test_one_that_is_none_is_refused(course: Path, name: str, content: str, code: str) -> None:
    (course / "media" / name).write_text(content, "utf-8")
    assert (code, "course.yml", with_cover(course, name)) in told(course)
    assert load(course)[0] is None


def test_a_large_drawing_is_a_warning_and_a_file_of_its_own(course: Path) -> None:
    (course / "media/valle.svg").write_text(LARGE, "utf-8")
    line = with_cover(course)
    assert told(course) == [("large-drawing", "course.yml", line)]
    assert loaded(course).media["valle.svg"].drawing == ""


def test_one_that_is_more_than_shapes_is_a_file_of_its_own(course: Path) -> None:
    (course / "media/valle.svg").write_text(
        SVG.format(0).replace("<path", "<style>path{fill:red}</style><path"), "utf-8"
    )
    with_cover(course)
    assert told(course) == []
    assert loaded(course).media["valle.svg"].drawing == ""


def test_a_photograph_is_kept_with_its_size(course: Path) -> None:
    (course / "media/valle.png").write_bytes(PNG)
    with_cover(course, "valle.png")
    kept = loaded(course).media["valle.png"]
    assert (kept.drawing, kept.width, kept.height) == ("", 640, 321)


def test_no_translation_is_older_for_a_picture(course: Path) -> None:
    write_lock(course, {(each.language, each.id): Made(each.source, each.own) for each in load_all(course).states})
    with_cover(course)
    with_picture(course)
    (course / "media/cuadro.svg").write_text(SVG.format(4), "utf-8")
    assert {each.state for each in load_all(course).states} == {"ok"}


def test_a_release_with_pictures_changes_nothing_for_learners(course: Path) -> None:
    before = loaded(Path(shutil.copytree(course, course.parent / "before" / course.name)))
    with_cover(course)
    with_picture(course)
    assert compare(before, loaded(course)) == Changes()


def test_a_release_is_read_back_and_so_is_one_from_before_pictures(course: Path) -> None:
    with_cover(course)
    with_picture(course)
    made = loaded(course)
    assert decode(encode(made)).media == made.media
    raw = json.loads(encode(made))
    for each in raw["editions"].values():
        del each["cover"]
        for module in each["modules"].values():
            del module["picture"]
    for file in raw["media"].values():
        del file["width"], file["height"], file["drawing"]
    old = decode(json.dumps(raw).encode())
    assert pictures(old) == dict.fromkeys(("es", "en"), ("", ""))
    assert old.media["valle.svg"] == replace(made.media["valle.svg"], width=0, height=0, drawing="")


def chunk(form: bytes, rest: bytes) -> bytes:
    return b"RIFF\0\0\0\0WEBP" + form + b"\0\0\0\0" + rest


def jpeg(frame: int) -> bytes:
    table = b"\xff\xc4\0\x06abcd"
    return b"\xff\xd8\xff\xe0\0\x04JF" + table + bytes([0xFF, frame]) + struct.pack(">HBHH", 11, 8, 321, 640) + bytes(8)
