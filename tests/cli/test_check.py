"""`lms check` says what is wrong with courses, one line or one JSON object for each finding."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lms.cli.check import command
from lms.cli.speech import terminal_languages
from tests.content.sourced import sourced

SAMPLE = Path(__file__).parents[1] / "content" / "sample"
DRAFT = "En revisión por especialistas, y así se dice a quien aprende: demo-course.\n"


@pytest.fixture
def courses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one course, and a terminal in Spanish."""
    monkeypatch.setenv("LMS_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("LMS_COURSES", str(tmp_path / "courses"))
    monkeypatch.setenv("LC_ALL", "es_GT.UTF-8")
    return sourced(tmp_path / "courses")


@pytest.fixture(autouse=True)
def among_courses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever writes a course stands in the folder of courses, or above it."""
    (tmp_path / "courses").mkdir(exist_ok=True)
    monkeypatch.chdir(tmp_path / "courses")


def check(*words: str | Path) -> Result:
    return CliRunner().invoke(command, [str(word) for word in words])


def add(courses: Path, text: str) -> int:
    """Appends the text to the second module; the line where it begins."""
    path = courses / "demo-course/es/02-dos.md"
    before = path.read_text("utf-8")
    path.write_text(f"{before}\n{text}\n", "utf-8")
    return before.count("\n") + 2


def test_a_course_without_findings_exits_with_zero(courses: Path) -> None:
    result = check(courses)
    assert (result.exit_code, result.output) == (0, f"{DRAFT}1 curso revisado: 0 errores, 0 advertencias\n")


def test_a_draft_is_noted_until_somebody_has_signed(courses: Path) -> None:
    path = courses / "demo-course/course.yml"
    path.write_text(
        path.read_text("utf-8").replace("status: draft", "status: expert_reviewed, on: 2026-11-24"), "utf-8"
    )
    assert check(courses).output == "1 curso revisado: 0 errores, 0 advertencias\n"
    path.write_text(path.read_text("utf-8").replace("review: {status: expert_reviewed, on: 2026-11-24}\n", ""), "utf-8")
    assert check(courses).output.startswith(DRAFT)
    add(courses, "::: zzzzzz\nx\n:::")
    assert "especialistas" not in check(courses).output


def test_without_a_path_the_installations_courses_are_checked(courses: Path) -> None:
    add(courses, "::: nada\nx\n:::")
    assert check().output == check(courses).output
    assert check().exit_code == 1


def test_a_course_may_be_named_itself(courses: Path) -> None:
    assert check(courses / "demo-course").output == check(courses).output


def test_an_error_is_a_line_with_its_place_and_exits_with_one(courses: Path) -> None:
    line = add(courses, "::: escenaro #e-x Otro\nx\n:::")
    result = check(courses, "--lang", "en")
    assert result.exit_code == 1
    first, *_, summary = result.output.splitlines()
    sentence = "There is no block called “escenaro”. Did you mean “escenario”?"
    assert first == f"demo-course/es/02-dos.md:{line}: unknown-block: {sentence}"
    assert summary == "1 course checked: 1 error, 0 warnings"


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_file_is_named_as_an_editor_opens_it(
    courses: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    add(courses, "::: zzzzzz\nx\n:::")
    file = courses / "demo-course/es/02-dos.md"
    (tmp_path / "elsewhere").mkdir()
    for here, path, named in (
        (tmp_path, "courses", "courses/demo-course/es/02-dos.md"),
        (courses, ".", "demo-course/es/02-dos.md"),
        (courses / "demo-course", ".", "es/02-dos.md"),
        (courses / "demo-course", "..", "es/02-dos.md"),
        (tmp_path / "elsewhere", "../courses", str(file)),
    ):
        monkeypatch.chdir(here)
        told = check(path, "--format", form).output
        assert json.loads(told)[0]["file"] == named if form == "json" else told.startswith(f"{named}:")
        assert Path(named).samefile(file)


def test_a_copied_course_with_the_same_id_and_code_is_told_at_their_lines(courses: Path) -> None:
    copy = Path(shutil.copytree(courses / "demo-course", courses / "otro-curso"))
    told = check(courses, "--lang", "en")
    assert told.exit_code == 1
    assert told.output.splitlines() == [
        "otro-curso/course.yml:2: id-taken: The folder “demo-course” has the id “demo-course” too. "
        "Give this course an id of its own.",
        "otro-curso/course.yml:7: code-taken: The folder “demo-course” has the code “D3M0” too. "
        "Give this course a code of its own.",
        "Under review by specialists, and learners are told so: demo-course, otro-curso.",
        "2 courses checked: 2 errors, 0 warnings",
    ]
    assert check(copy).exit_code == 0


def test_a_warning_alone_exits_with_zero(courses: Path) -> None:
    line = add(courses, "::: single #q-x\n¿Cuál?\n\n- [x] Uno\n- [ ] Dos\n  > No.[^libro]\n:::")
    result = check(courses, "--lang", "en")
    assert result.exit_code == 0
    assert result.output.startswith(f"demo-course/es/02-dos.md:{line + 3}: no-feedback: This option has no reason.")
    assert result.output.endswith("1 course checked: 0 errors, 1 warning\n")


def test_the_sentences_are_in_the_language_asked_for(courses: Path) -> None:
    add(courses, "::: zzzzzz\nx\n:::")
    spanish, english = check(courses).output, check(courses, "--lang", "en").output
    assert "There is no block called" in english
    assert "There is no block called" not in spanish
    assert check(courses, "--lang", "es").output == spanish


def test_json_is_a_list_with_a_finding_in_each_entry(courses: Path) -> None:
    line = add(courses, "::: zzzzzz\nx\n:::")
    result = check(courses, "--format", "json", "--lang", "en")
    assert result.exit_code == 1
    assert json.loads(result.output) == [
        {
            "file": "demo-course/es/02-dos.md",
            "line": line,
            "code": "unknown-block",
            "severity": "error",
            "message": "There is no block called “zzzzzz”.",
        }
    ]


def test_json_without_findings_is_an_empty_list(courses: Path) -> None:
    result = check(courses, "--format", "json")
    assert (result.exit_code, json.loads(result.output)) == (0, [])


def test_a_warning_in_json_says_that_it_is_one(courses: Path) -> None:
    add(courses, "::: single #q-x\n¿Cuál?\n\n- [x] Uno\n- [ ] Dos\n  > No.[^libro]\n:::")
    result = check(courses, "--format", "json")
    assert result.exit_code == 0
    assert [(each["code"], each["severity"]) for each in json.loads(result.output)] == [("no-feedback", "warning")]


def test_findings_of_several_courses_are_counted_together(courses: Path) -> None:
    add(courses, "::: zzzzzz\nx\n:::")
    other = Path(shutil.copytree(courses / "demo-course", courses / "otro-curso")) / "course.yml"
    other.write_text(other.read_text("utf-8").replace("demo-course", "otro-curso").replace("D3M0", "0TR0"), "utf-8")
    lines = check(courses, "--lang", "en").output.splitlines()
    assert [line.partition("/")[0] for line in lines[:-1]] == ["demo-course", "otro-curso"]
    assert lines[-1] == "2 courses checked: 2 errors, 0 warnings"


def test_a_folder_without_a_course_is_told(tmp_path: Path) -> None:
    result = check(tmp_path)
    assert result.exit_code == 1
    assert f"No hay ningún curso en {tmp_path}" in result.output


def test_a_path_that_is_not_there_or_an_unknown_form_is_wrong_use(courses: Path) -> None:
    assert check(courses / "nada").exit_code == 2
    assert check(courses / "demo-course/course.yml").exit_code == 2
    assert check(courses, "--format", "xml").exit_code == 2


def test_the_terminals_languages_come_best_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "es_GT.UTF-8")
    monkeypatch.setenv("LC_MESSAGES", "C")
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    assert terminal_languages() == ["es_GT", "en_US"]


COUNTRIES = "format: 1\ncountries:\n  - code: CR\n    gbv_line: {text: {es: 000}, source_url: %s}\n"


def test_the_file_of_countries_is_checked_with_the_courses_and_not_with_one_alone(courses: Path) -> None:
    (courses / "countries.yml").write_text(COUNTRIES % "http://example.org", "utf-8")
    told = check(courses)
    assert told.exit_code == 1
    assert told.output.splitlines()[0] == (
        "countries.yml:4: value: «source_url» es una dirección que empieza con https://."
    )
    assert json.loads(check(courses, "--format", "json").output)[0]["file"] == "countries.yml"
    assert check(courses / "demo-course").exit_code == 0
    (courses / "countries.yml").write_text(COUNTRIES % "https://example.org", "utf-8")
    assert check(courses).output == f"{DRAFT}1 curso revisado: 0 errores, 0 advertencias\n"


def test_a_folder_of_countries_alone_is_checked(tmp_path: Path) -> None:
    (tmp_path / "countries.yml").write_text(COUNTRIES % "https://example.org", "utf-8")
    assert check(tmp_path).exit_code == 0


def test_the_figures_of_each_course_and_language_are_a_table(courses: Path) -> None:
    result = check(courses, "--figures")
    assert result.exit_code == 0
    heading, row, summary = result.output.splitlines()
    assert heading.split("  ")[0] == "Curso"
    assert row.split() == ["demo-course", "es", "91", "10", "11", "8", "–", "0"]
    assert len(heading) == len(row)
    assert summary == "1 curso revisado: 0 errores, 0 advertencias"


def test_the_figures_are_for_programs_too(courses: Path) -> None:
    module = courses / "demo-course/es/02-dos.md"
    module.write_text(module.read_text("utf-8") + "\n" + "La casa es de la hermana de Ana. " * 20, "utf-8")
    (told,) = json.loads(check(courses, "--figures", "--format", "json").output)
    assert (told["course"], told["language"]) == ("demo-course", "es")
    assert (told["scale"], told["questions"], told["long_sentences"]) == ("INFLESZ", 11, 0)
    assert told["kinds"][:2] == ["cards", "reflection"]
    assert told["ease"] > 80


def test_what_is_accepted_is_counted_and_not_told(courses: Path) -> None:
    add(courses, "Una persona ilegal.")
    assert check(courses, "--lang", "en").output.splitlines()[-1] == "1 course checked: 0 errors, 1 warning"
    settings = courses / "demo-course/course.yml"
    accepted = "accepted: [{code: term, unit: m-dos, why: Es una prueba.}]\n"
    settings.write_text(settings.read_text("utf-8") + accepted, "utf-8")
    assert check(courses, "--lang", "en").output.endswith("\n1 course checked: 0 errors, 0 warnings, 1 accepted\n")
    assert check(courses).output == DRAFT + "1 curso revisado: 0 errores, 0 advertencias, 1 aceptada\n"
