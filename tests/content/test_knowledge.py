"""Questions before and after a course: what is checked of them, and where else they are not."""

from pathlib import Path

import pytest

from lms.content.course import load, load_all
from lms.content.model import Course
from lms.content.passages import passages
from lms.content.printing import printed
from lms.content.release import decode, encode
from lms.content.sheet import chapters
from lms.content.wording.advice import advise
from tests.content.bilingual import in_english, two_languages
from tests.content.knowing import FILE, KNOWLEDGE, knowing


def read(folder: Path) -> Course:
    course, findings = load(folder)
    assert course is not None, [(each.file, each.line, each.sentence(str)) for each in findings]
    return course


@pytest.mark.parametrize(
    ("code", "old", "new", "line"),
    [
        ("knowledge-text", "::: unica #k-a-1", "Un párrafo.\n\n::: unica #k-a-1", 1),
        ("knowledge-text", "::: unica #k-a-1", "## Sección\n\n::: unica #k-a-1", 1),
        ("knowledge-form", "#k-a-1 banco=a", "#k-a-1 banco=c", 1),
        ("knowledge-form", "#k-a-1 banco=a", "#k-a-1", 1),
        ("knowledge-number", KNOWLEDGE[KNOWLEDGE.index("::: numerica #k-b-n") : KNOWLEDGE.index("[^lista]:")], "", 1),
        ("knowledge-number", KNOWLEDGE, "", 1),
        ("knowledge-pair", "#k-b-1 banco=b", "#k-b-1 banco=b puntos=2", 41),
        ("knowledge-hint", "- [x] Tejón a1", "::: pista\nAyuda.\n:::\n\n- [x] Tejón a1", 1),
        ("same-id", "#k-a-1", "#q-a", 1),
        ("no-id", " #k-a-1", "", 1),
    ],
)
def test_what_is_wrong_is_told_at_its_line(tmp_path: Path, code: str, old: str, new: str, line: int) -> None:
    folder = knowing(tmp_path)
    assert old in KNOWLEDGE
    (folder / FILE).write_text(KNOWLEDGE.replace(old, new, 1), "utf-8")
    course, findings = load(folder)
    found = [each for each in findings if each.code == code]
    assert course is None and found, findings
    assert (found[0].file, found[0].line) == (f"demo-course/{FILE}", line)


def test_as_many_questions_as_a_person_answers(tmp_path: Path) -> None:
    one = "".join(
        KNOWLEDGE[KNOWLEDGE.index(f"::: numerica #k-{form}") :].partition(":::\n\n")[0] + ":::\n\n" for form in "ab"
    )
    many = "".join(one.replace("-n ", f"-n{n} ") for n in range(11))
    for text in (one, many):
        findings = load(knowing(tmp_path / str(len(text)), text))[1]
        assert [each.code for each in findings] == ["knowledge-number"], findings
        assert "2 to 10" in findings[0].sentence(str)


def test_a_slip_in_its_front_matter_is_told(tmp_path: Path) -> None:
    findings = load(knowing(tmp_path, f"---\ntitle: Antes\n---\n{KNOWLEDGE}"))[1]
    assert [(each.code, each.line) for each in findings] == [("unknown-key", 2)]
    assert load(knowing(tmp_path / "none", "---\nsin fin\n"))[0] is None


def test_no_module_may_take_its_place(tmp_path: Path) -> None:
    folder = knowing(tmp_path)
    for name in ("course.yml", "es/02-dos.md"):
        path = folder / name
        path.write_text(path.read_text("utf-8").replace("m-dos", "knowledge"), "utf-8")
    assert "reserved-id" in [each.code for each in load(folder)[1]]


def test_it_has_two_forms_and_is_no_module(tmp_path: Path) -> None:
    course = read(knowing(tmp_path))
    edition = course.editions["es"]
    assert [len(edition.form(form)) for form in "ab"] == [4, 4]
    assert {question.pool for question in edition.form("b")} == {"b"}
    assert list(edition.modules) == ["m-uno", "m-dos", "m-prueba"]
    assert decode(encode(course)).editions["es"].form("a")[0].id == "k-a-1"


def test_nobody_finds_or_prints_it(tmp_path: Path) -> None:
    course = read(knowing(tmp_path))
    told = str(passages(course.editions["es"])) + str(printed(course.editions["es"]))
    assert "Muestra" in told or "muestra" in told
    assert "Tejón" not in told


def test_whoever_reviews_reads_it_with_its_answers(tmp_path: Path) -> None:
    folder = knowing(tmp_path)
    made = chapters(read(folder), "es", {FILE: KNOWLEDGE})
    (asked,) = [chapter for chapter in made if chapter.kind == "knowledge"]
    assert [piece.number for piece in asked.pieces] == [f"K.{n}" for n in range(1, 9)]
    first = asked.pieces[0]
    assert (first.file, first.pool) == (FILE, "a")
    assert [part.kind for part in first.parts] == ["wrong", "right", "wrong"]
    assert [note.name for note in first.sources] == ["lista"]


def test_its_wording_is_looked_at(tmp_path: Path) -> None:
    long = KNOWLEDGE.replace("Tejón a1", "Un tejón que es con mucho la más larga de las tres opciones que hay")
    folder = knowing(tmp_path, long)
    told = [each for each in advise(folder, load_all(folder)).findings if each.file.endswith(FILE)]
    assert "option-length" in [each.code for each in told]


def test_a_translation_that_lacks_a_question_asks_none(tmp_path: Path) -> None:
    folder = two_languages(tmp_path)
    (folder / FILE).write_text(KNOWLEDGE, "utf-8")
    english = folder / "en/knowledge.md"
    assert read(folder).editions["en"].knowledge is None, "and nothing is borrowed"
    states = {state.id: state.state for state in load_all(folder).states}
    assert states["k-a-1"] == states["knowledge^lista"] == "missing"
    whole = in_english(KNOWLEDGE)
    english.write_text(whole.replace("::: unica #k-b-3", "::: nota #k-b-3"), "utf-8")
    assert load(folder)[0] is None
    english.write_text(whole[: whole.index("::: numerica #k-b-n")] + "[^lista]: *List*, 2026.\n", "utf-8")
    course, findings = load(folder)
    assert course and course.editions["en"].knowledge is None
    assert [each.code for each in findings] == ["translation"]
    english.write_text(whole, "utf-8")
    course = read(folder)
    assert [question.id for question in course.editions["en"].form("a")] == [
        question.id for question in course.editions["es"].form("a")
    ]


def test_the_languages_ask_the_same(tmp_path: Path) -> None:
    folder = two_languages(tmp_path)
    (folder / FILE).write_text(KNOWLEDGE, "utf-8")
    other = KNOWLEDGE.replace("- [x] Tejón a1", "- [ ] Tejón a1").replace("- [ ] Zorro a1", "- [x] Zorro a1")
    (folder / "en/knowledge.md").write_text(other, "utf-8")
    assert ("structure-differs", "demo-course/en/knowledge.md") in [(each.code, each.file) for each in load(folder)[1]]
    (folder / FILE).unlink()
    assert {each.code for each in load(folder)[1]} >= {"orphan"}


def test_a_source_is_used_and_defined(tmp_path: Path) -> None:
    for old, new, code in (("[^lista]:", "[^otra]:", "no-reference"), ("[^lista]\n", "\n", "unused-reference")):
        text = KNOWLEDGE.replace(old, new)
        findings = load(knowing(tmp_path / code, text))[1]
        assert (code, f"demo-course/{FILE}") in [(each.code, each.file) for each in findings]
