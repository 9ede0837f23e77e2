"""Two folders with one id or code."""

import shutil
from pathlib import Path

from lms.content.doubles import doubles

SAMPLE = Path(__file__).parent / "sample" / "demo-course"


def test_only_what_comes_second_is_told(tmp_path: Path) -> None:
    folders = [Path(shutil.copytree(SAMPLE, tmp_path / name)) for name in ("a", "b", "c")]
    path = folders[2] / "course.yml"
    path.write_text(path.read_text("utf-8").replace("id: demo-course", "# the code alone\nid: c"), "utf-8")
    found = doubles(folders)
    assert {folder.name: [(each.file, each.line, each.code) for each in found[folder]] for folder in found} == {
        "b": [("b/course.yml", 2, "id-taken"), ("b/course.yml", 7, "code-taken")],
        "c": [("c/course.yml", 8, "code-taken")],
    }
    assert {each.values["folder"] for told in found.values() for each in told} == {"a"}


def test_a_file_that_can_not_be_read_is_no_double(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("a", "b", "c", "d")]
    for folder, text in zip(folders, ("id: [x]", "id: [x]", "id: 'x", "- id: x"), strict=True):
        folder.mkdir()
        (folder / "course.yml").write_text(text, "utf-8")
    assert doubles([*folders, tmp_path / "none"]) == {}
