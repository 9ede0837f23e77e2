"""A course is read in a child process; one that never ends is stopped and told."""

import shutil
from pathlib import Path

import pytest

from lms.content import compile as compiling
from lms.content.compile import compile_course, source_digest
from lms.content.course import load
from lms.content.release import encode

SAMPLE = Path(__file__).parent / "sample" / "demo-course"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path / "demo-course"))


def test_the_child_gives_what_reading_gives(folder: Path) -> None:
    course, _ = load(folder)
    compiled = compile_course(folder)
    assert course
    assert compiled.course_json == encode(course)
    assert list(compiled.media) == [course.media["cuadro.svg"].sha256]
    assert compiled.diagnostics == ()


def test_errors_come_back_with_their_lines(folder: Path) -> None:
    (folder / "es/02-dos.md").write_text("---\nid: m-dos\ntitle: Dos\n---\n::: nada\nx\n:::\n", "utf-8")
    compiled = compile_course(folder)
    assert compiled.course_json is None
    assert [(each.code, each.line) for each in compiled.diagnostics] == [("unknown-block", 5)]


def test_a_child_without_memory_is_one_finding(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "CHILD", [*compiling.CHILD[:2], "tests.content.greedy"])
    assert [each.code for each in compile_course(folder).diagnostics] == ["limit"]


def test_a_child_that_spins_is_stopped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "WALL_SECONDS", 0.5)
    monkeypatch.setattr(compiling, "CHILD", [*compiling.CHILD[:2], "tests.content.spinning"])
    assert [each.code for each in compile_course(folder).diagnostics] == ["limit"]


def test_a_picture_that_changes_meanwhile_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "_bytes_of", lambda *_: b"another picture")
    assert [each.code for each in compile_course(folder).diagnostics] == ["changed"]


def test_the_source_digest_changes_with_any_file(folder: Path) -> None:
    before = source_digest(folder)
    assert source_digest(folder) == before
    (folder / "media/otra.svg").write_text("<svg/>", "utf-8")
    assert source_digest(folder) != before
