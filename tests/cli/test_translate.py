"""`lms translate` says how far translations are and records what agrees."""

import json
from pathlib import Path

import pytest

from lms.content.lock import LOCK_FILE
from tests.cli.conftest import Lms
from tests.content.bilingual import change, take_out, two_languages


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course in Spanish and English, the only one of the installation."""
    monkeypatch.setenv("LMS_COURSES", str(tmp_path / "courses"))
    return two_languages(tmp_path / "courses")


def test_a_course_that_nobody_reviewed_has_every_unit_to_work_on(lms: Lms, course: Path) -> None:
    lines = lms("translate", "status").output.splitlines()
    assert lines[0] == "demo-course · en · not reviewed 33"
    assert lines[1:6] == [
        "  about: not reviewed 3",
        "  m-uno: not reviewed 20",
        "  m-dos: not reviewed 2",
        "  m-prueba: not reviewed 7",
        "  glossary: not reviewed 1",
    ]
    assert lines[6] == "demo-course/en/course.md:1: not reviewed: about"
    assert len(lines) == 6 + 33


def test_what_is_accepted_is_up_to_date_until_the_source_changes(lms: Lms, course: Path) -> None:
    assert lms("translate", "accept", str(course), "--lang", "en").output == "33 units recorded.\n"
    assert lms("translate", "status", str(course)).output.splitlines()[0] == "demo-course · en · up to date 33"
    line = change(course, "es/01-uno.md", "primera letra?", "primera letra de todas?") - 3
    last = lms("translate", "status", str(course), "--lang", "en").output.splitlines()[-1]
    assert last == f"demo-course/en/01-uno.md:{line}: made from an older text: q-a"
    assert lms("translate", "accept", str(course), "--lang", "en", "q-a").output == "1 unit recorded.\n"
    assert "older text" not in lms("translate", "status").output


def test_what_is_missing_or_of_another_structure_is_not_recorded(lms: Lms, course: Path) -> None:
    take_out(course, "m-uno", "q-b")
    change(course, "en/01-uno.md", "#q-c", "#q-c points=3")
    assert lms("translate", "accept", str(course), "--lang", "en").output == "31 units recorded.\n"
    lines = lms("translate", "status", code=1).output.splitlines()
    assert lines[0] == "demo-course · en · up to date 31, missing 1, another structure 1"
    assert [line.partition(": ")[2] for line in lines[6:]] == ["missing: q-b", "another structure: q-c"]
    assert lines[6].startswith("demo-course/es/01-uno.md:")
    told = lms("translate", "accept", str(course), "--lang", "en", "q-c", code=1).output
    assert told == "Error: “q-c” can't be recorded: another structure.\n"


def test_the_lock_keeps_what_it_had_and_forgets_what_is_gone(lms: Lms, course: Path) -> None:
    lms("translate", "accept", str(course), "--lang", "en")
    for language in ("es", "en"):
        take_out(course, "m-uno", "r-uno", language=language)
    lms("translate", "accept", str(course), "--lang", "en", "q-a")
    text = (course / LOCK_FILE).read_text("utf-8")
    assert text.count("\nen ") == 32
    assert "r-uno" not in text


def test_json_has_every_unit(lms: Lms, course: Path) -> None:
    change(course, "en/01-uno.md", "#q-c", "#q-c points=3")
    rows = json.loads(lms("translate", "status", "--format", "json", code=1).output)
    assert len(rows) == 33
    row = next(each for each in rows if each["id"] == "q-c")
    assert (row["course"], row["language"], row["kind"], row["module"], row["state"]) == (
        "demo-course", "en", "true-false", "m-uno", "structure-differs"
    )  # fmt: skip
    assert row["differs"][0]["message"].startswith("“%(id)s” has other points")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["q-aa"], "There is no unit “q-aa”. Did you mean “q-a”?"),
        (["zzzzzzzz"], "There is no unit “zzzzzzzz”."),
    ],
)
def test_an_unknown_unit_is_told(lms: Lms, course: Path, words: list[str], says: str) -> None:
    assert lms("translate", "accept", str(course), "--lang", "en", *words, code=1).output == f"Error: {says}\n"
    assert not (course / LOCK_FILE).exists()


def test_a_language_or_a_course_that_is_not_there_is_told(lms: Lms, course: Path) -> None:
    told = lms("translate", "accept", str(course), "--lang", "pt", code=1).output
    assert told == "Error: This course has no translation into “pt”.\n"
    assert "There is no course in" in lms("translate", "accept", str(course.parent), "--lang", "en", code=1).output
    assert "There is no course in" in lms("translate", "status", str(course / "es"), code=1).output
    assert lms("translate", "status", "--lang", "pt").output == "demo-course: no translation.\n"
    change(course, "course.yml", "format: 1", "format: 9")
    told = lms("translate", "status", code=1).output
    assert told.startswith("demo-course/course.yml:1: value: ")


def test_it_speaks_its_readers_language(lms: Lms, course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "es_GT.UTF-8")
    assert lms("translate", "status").output.startswith("demo-course · en · sin revisar 33\n  about: sin revisar 3\n")
    assert lms("translate", "accept", str(course), "--lang", "en").output == "33 unidades anotadas.\n"
    assert lms("translate", "status").output.startswith("demo-course · en · al día 33\n")
