"""A course is read in a child process; one that never ends is stopped and told."""

import shutil
import signal
import subprocess
import sys
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
    monkeypatch.setattr(compiling, "CHILD", [sys.executable, "-m", "tests.content.greedy"])
    assert [each.code for each in compile_course(folder).diagnostics] == ["limit"]


def test_a_child_that_spins_is_stopped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "WALL_SECONDS", 0.5)
    monkeypatch.setattr(compiling, "CHILD", [sys.executable, "-m", "tests.content.spinning"])
    assert [each.code for each in compile_course(folder).diagnostics] == ["limit"]


def test_a_picture_that_changes_meanwhile_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "_bytes_of", lambda *_: b"another picture")
    assert [each.code for each in compile_course(folder).diagnostics] == ["changed"]


@pytest.mark.parametrize(
    ("code", "finding"),
    [
        ("raise MemoryError", "limit"),
        ("raise MemoryError('in a library')", "limit"),
        ("os.kill(os.getpid(), signal.SIGXCPU)", "limit"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "limit"),
        ("print('memory allocation of 9999 bytes failed', file=sys.stderr); os.abort()", "limit"),
        ("os.abort()", "crash"),
        ("raise KeyError('MemoryError')", "crash"),
        ("sys.exit(1)", "crash"),
    ],
)
def test_a_limit_is_told_from_a_crash(folder: Path, monkeypatch: pytest.MonkeyPatch, code: str, finding: str) -> None:
    monkeypatch.setattr(compiling, "CHILD", [sys.executable, "-c", f"import os, signal, sys; {code}"])
    assert [each.code for each in compile_course(folder).diagnostics] == [finding]


def test_a_child_that_crashes_is_one_finding(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(compiling, "CHILD", [sys.executable, "-m", "tests.content.no_such_module"])
    compiled = compile_course(folder)
    (finding,) = compiled.diagnostics
    assert (finding.code, finding.file, finding.line, finding.severity) == (
        "crash",
        "demo-course/course.yml",
        1,
        "error",
    )
    assert "No module named tests.content.no_such_module" in caplog.text
    assert (compiled.course_json, compiled.media) == (None, {})


def test_a_course_too_large_to_read_is_stopped_by_the_childs_own_clock(folder: Path) -> None:
    """The real child, no stand-in: headings of one name make it search for ever."""
    (folder / "es/02-dos.md").write_text("---\nid: m-dos\ntitle: Dos\n---\n" + "## a\n" * 38_000, "utf-8")
    code = "import sys; from lms.content import compile as c; c.CPU_SECONDS = 1; c.limit(); print(c._child(c.Path(sys.argv[1])))"
    done = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, timeout=60, check=False)
    assert done.returncode in (-signal.SIGXCPU, -signal.SIGKILL)


def test_warnings_come_with_the_course(folder: Path) -> None:
    path = folder / "es/01-uno.md"
    path.write_text(path.read_text("utf-8").replace("  > Es la segunda.\n", ""), "utf-8")
    compiled = compile_course(folder)
    assert compiled.course_json
    assert [(each.code, each.severity) for each in compiled.diagnostics] == [("no-feedback", "warning")]
    assert compiled.diagnostics == tuple(load(folder)[1])


def test_what_the_child_tells_is_what_reading_gives(folder: Path) -> None:
    course, _ = load(folder)
    assert course
    told = compiling._child(folder)
    assert told["course"].encode() == encode(course)
    assert list(told["files"].values()) == ["cuadro.svg"]
    (folder / "es/02-dos.md").unlink()
    told = compiling._child(folder)
    assert (told["course"], told["files"]) == (None, {})
    assert {each["code"] for each in told["diagnostics"]} == {"no-module", "review"}


def test_reading_twice_gives_the_same(folder: Path) -> None:
    assert compile_course(folder) == compile_course(folder)


@pytest.mark.parametrize("name", sorted(path.relative_to(SAMPLE).as_posix() for path in SAMPLE.rglob("*.*")))
def test_the_source_digest_changes_with_every_file(folder: Path, name: str) -> None:
    path, before = folder / name, source_digest(folder)
    content = path.read_bytes()
    path.write_bytes(content + b" ")
    changed = source_digest(folder)
    path.unlink()
    without = source_digest(folder)
    path.with_name("otro-nombre").write_bytes(content)
    renamed = source_digest(folder)
    assert len({before, changed, without, renamed}) == 4


def test_the_source_digest_is_the_same_wherever_the_folder_is(folder: Path, tmp_path: Path) -> None:
    assert source_digest(folder) == source_digest(SAMPLE)
    (folder / "es/enlace.md").symlink_to(tmp_path)
    assert source_digest(folder) == source_digest(SAMPLE)


def test_the_source_digest_changes_with_the_program(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = source_digest(folder)
    monkeypatch.setattr(compiling, "__version__", "999")
    assert source_digest(folder) != before


def test_the_source_digest_changes_with_any_file(folder: Path) -> None:
    before = source_digest(folder)
    assert source_digest(folder) == before
    (folder / "media/otra.svg").write_text("<svg/>", "utf-8")
    assert source_digest(folder) != before
