"""Whatever becomes of a module, reading it ends well: a course or errors with lines, and no answer key in the text."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.content.course import load
from lms.content.markdown import Leaves
from lms.content.release import decode, digest, encode
from lms.content.report import Report

SAMPLE = Path(__file__).parent / "sample" / "demo-course"
ROUNDS = 2000 if os.environ.get("LMS_REQUIRE_AUDIT") else 60
PIECES = [
    ":::",
    "::: unica #q-n",
    "::: nota",
    "- [x] a",
    "- [ ] b",
    "> c",
    "```",
    "## T {#t}",
    "[^n]",
    "[^n]: x",
    "",
    "---",
    "{#x}",
    "1. a",
    "- a -> b",
    "[a](term:g-x)",
    "|a|b|",
    "*[A]: b",
    "\u00a0",
    "：：：",
]

NAMES = ["01-uno.md", "02-dos.md", "90-prueba.md"]
CHARACTERS = st.lists(
    st.tuples(
        st.integers(0, 10_000),
        st.integers(0, 3),
        st.one_of(st.sampled_from(list(":#[]{}()<>*_`-|!\\&^>=\"'\n ~→%")), st.text(max_size=3)),
    ),
    min_size=1,
    max_size=8,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path_factory.mktemp("mutants") / "demo-course"))


def edits() -> st.SearchStrategy[list[tuple[str, int, int, str]]]:
    place = st.integers(0, 10_000)
    return st.lists(
        st.tuples(st.sampled_from(["drop", "double", "swap", "add", "cut"]), place, place, st.sampled_from(PIECES)),
        min_size=1,
        max_size=6,
    )


def mutated(text: str, changes: list[tuple[str, int, int, str]]) -> str:
    lines = text.split("\n")
    for kind, one, other, piece in changes:
        a, b = one % len(lines), other % len(lines)
        if kind == "drop" and len(lines) > 1:
            del lines[a]
        elif kind == "double":
            lines.insert(b, lines[a])
        elif kind == "swap":
            lines[a], lines[b] = lines[b], lines[a]
        elif kind == "add":
            lines.insert(a, piece)
        else:
            lines[a] = lines[a][: other % (len(lines[a]) + 1)]
    return "\n".join(lines)


def texts(value: Any) -> Iterator[str]:
    if is_dataclass(value):
        for each in fields(value):
            yield from texts(getattr(value, each.name))
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


@pytest.mark.no_cover
@given(changes=edits(), name=st.sampled_from(["01-uno.md", "02-dos.md", "90-prueba.md"]))
@settings(max_examples=ROUNDS, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_mutated_module_gives_a_course_or_errors_with_lines(folder: Path, changes: Any, name: str) -> None:
    text = mutated((SAMPLE / "es" / name).read_text("utf-8"), changes)
    (folder / "es" / name).write_text(text, "utf-8")
    try:
        course, findings = load(folder)
    finally:
        shutil.copy(SAMPLE / "es" / name, folder / "es" / name)
    assert all(each.line >= 1 for each in findings)
    assert all(each.sentence(str) for each in findings)
    assert (course is None) == any(each.severity == "error" for each in findings)
    if course:
        assert not any(mark in each for each in texts(course) for mark in ("[x]", "[X]", "[ ]"))
        assert encode(decode(encode(course))) == encode(course)


@pytest.mark.no_cover
@given(name=st.sampled_from(NAMES), data=st.data())
@settings(max_examples=ROUNDS // 2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_module_with_other_characters_gives_a_course_or_errors_within_it(folder: Path, name: str, data: Any) -> None:
    text = (SAMPLE / "es" / name).read_text("utf-8")
    for place, removed, put in data.draw(CHARACTERS):
        at = place % (len(text) + 1)
        text = text[:at] + put + text[at + removed :]
    (folder / "es" / name).write_text(text, "utf-8")
    try:
        course, findings = load(folder)
    finally:
        shutil.copy(SAMPLE / "es" / name, folder / "es" / name)
    length = text.count("\n") + 1
    assert all(1 <= each.line <= length for each in findings if each.file.endswith(name))
    assert {each.file.partition("/")[0] for each in findings} <= {"demo-course"}
    assert (course is None) == any(each.severity == "error" for each in findings)
    if course:
        assert encode(decode(encode(course))) == encode(course)


@given(raw=st.binary(max_size=400))
@settings(max_examples=ROUNDS // 6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_for_settings_are_a_course_or_errors(folder: Path, raw: bytes) -> None:
    (folder / "course.yml").write_bytes(raw)
    try:
        course, findings = load(folder)
    finally:
        shutil.copy(SAMPLE / "course.yml", folder / "course.yml")
    assert course is None
    assert findings


def test_a_release_comes_back_exactly_without_its_lines() -> None:
    course, _ = load(SAMPLE)
    assert course
    raw = encode(course)
    again = decode(raw)
    assert encode(again) == raw
    assert digest(raw) == digest(encode(again))
    assert again.editions["es"].modules["m-uno"].body[0].line == 0
    assert b'"line"' not in raw


def test_moving_text_down_makes_no_new_release(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "demo-course"))
    before, _ = load(folder)
    path = folder / "es/02-dos.md"
    path.write_text(path.read_text("utf-8").replace("::: clave", "\n\n::: clave"), "utf-8")
    after, _ = load(folder)
    assert before
    assert after
    assert digest(encode(before)) == digest(encode(after))


CHARACTER = st.sampled_from([*"aZñé0 ,;:.¿?¡!«»“”‘’\"'()–—…%/+°$€@=-1_*&<[]#>`\\|", "[^a]", "[^b-1]", "[^A]"])


@pytest.mark.no_cover
@given(text=st.lists(CHARACTER, min_size=1, max_size=12).map("".join))
@settings(max_examples=20 * ROUNDS, deadline=None)
def test_a_plain_line_is_what_markdown_makes_of_it(text: str) -> None:
    quick, slow = Leaves(Report("x")), Leaves(Report("x"), "*[QQ]: never")
    assert quick.inline(text, 1) == slow.inline(text, 1)
    assert (quick.uses, quick.report.found) == (slow.uses, slow.report.found)
