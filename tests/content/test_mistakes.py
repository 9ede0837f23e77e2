"""Every slip of an author is told at its line, with what it was perhaps meant to be."""

import shutil
from pathlib import Path

import pytest

from lms.content.course import load
from lms.content.diagnostics import Diagnostic
from tests.content.corpus import MISTAKES, Mistake, Q
from tests.reference.codes import findings as every_finding

SAMPLE = Path(__file__).parent / "sample" / "demo-course"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    made = Path(shutil.copytree(SAMPLE, tmp_path / "demo-course"))
    (made / "media/x.mp4").write_bytes(b"\0\0\0\x20ftypisom")
    (made / "media/x.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:02.000\nHola\n", "utf-8")
    return made


def change(course: Path, mistake: Mistake) -> int | None:
    """The mistake is in the course; the line where it is, when it is marked."""
    path = course / mistake.file
    text = path.read_text("utf-8")
    assert mistake.old in text
    text = text.replace(mistake.old, mistake.new, 1) if mistake.old else f"{text}\n{mistake.new}\n"
    line = text[: text.index("@")].count("\n") + 1 if "@" in text else None
    path.write_text(text.replace("@", "", 1), "utf-8")
    return line


def told(findings: list[Diagnostic], mistake: Mistake) -> list[Diagnostic]:
    return [each for each in findings if each.code == mistake.code and each.file.endswith(mistake.file)]


@pytest.mark.parametrize("mistake", MISTAKES, ids=[f"{place}-{each.code}" for place, each in enumerate(MISTAKES)])
def test_a_mistake_is_told_at_its_line(course: Path, mistake: Mistake) -> None:
    line = change(course, mistake)
    if mistake.code == "front-matter-open":
        path = course / mistake.file
        path.write_text(path.read_text("utf-8").replace("\n---\n", "\n", 1), "utf-8")
    loaded, findings = load(course)
    found = told(findings, mistake)
    assert found, [(each.code, each.line, each.sentence(str)) for each in findings]
    assert line is None or found[0].line == line, [(each.line, line) for each in found]
    length = (course / mistake.file).read_text("utf-8").count("\n") + 1
    assert all(1 <= each.line <= length for each in findings if each.file.endswith(mistake.file))
    assert mistake.says in " ".join(each.sentence(str) for each in found)
    assert (loaded is None) == any(each.severity == "error" for each in findings)


def test_sixty_kinds_and_more_are_in_the_corpus() -> None:
    assert len({each.code for each in MISTAKES}) >= 60


def test_every_code_of_the_format_has_a_test() -> None:
    codes = {each.code for each in every_finding()}
    told = {each.code for each in MISTAKES}
    elsewhere = "".join(path.read_text("utf-8") for path in Path(__file__).parent.rglob("test_*.py"))
    assert len(codes) > 90
    assert [code for code in sorted(codes) if code not in told and f'"{code}"' not in elsewhere] == []


def test_the_sample_itself_has_no_mistake() -> None:
    loaded, findings = load(SAMPLE)
    assert loaded is not None
    assert findings == []


@pytest.mark.parametrize(
    "text",
    [
        Q.replace(":::", "：：："),
        Q.replace("[x]", "[X]"),
        Q.replace("- [", "-\u00a0["),
        Q.replace("- [", "• ["),
        Q.replace("- [", "– ["),
        Q.replace("- [", "-["),
        Q.replace("::: unica", ":::unica"),
        Q.replace("::: unica", "::: Única"),
        Q.replace("::: unica", "::: single"),
        Q.replace("#q-x", "#q-x puntos=2 Un título con «comillas»"),
        Q.replace("#q-x", "#q-x points=“2”"),
        Q.replace("  > Sí.", "    > Sí.\n    > Y más."),
        Q.replace("- [x] Uno", "- [x] Uno\n  y medio"),
        Q.replace("::: unica", ":::: unica").replace("\n:::\n", "\n::::\n"),
        Q.replace("::: unica", "  ::: unica"),
        Q.replace("::: unica", ":::\u00a0unica\u00a0"),
        Q.replace("::: unica", "::: UNICA"),
        Q.replace("#q-x", "puntos=«2» #q-x"),
        Q.replace("#q-x", '#q-x points="2"'),
        Q.replace("#q-x", "#q-x points＝2"),
        Q.replace("- [", "* ["),
        Q.replace("- [", "— ["),
        Q.replace("- [", "·\u202f["),
        Q.replace("[ ]", "[\u00a0]"),
        Q.replace("[x]", "［x］"),
        Q.replace("  > ", "> "),
        Q.replace("  > ", "\t> "),
        Q.replace("\n", " \n"),
        Q.replace("unica", "true_false"),
        "::: Reflexión #r-x\n¿Y usted?\n:::",
        "::: relacionar #q-x\nUna.\n\n• a → b\n• c → d\n:::",
        "::: ordenar #q-x\nOrdene.\n\n1) a\n2) b\n3) c\n:::",
        "::: tarjetas #fc-x\n• a → b\n– c -> d\n:::",
        "Dos puntos: notables.\n\nNota: esto es texto.",
        "```\n::: esto no abre nada\n- [x] ni esto responde\n```",
        "~~~ python\n::: nada\n~~~",
        "Un dato.[^dos]\n\n[^dos]: *Un libro*,\n  2026.",
        "*[LMS]: Sistema\n\nUn LMS.",
        "::: details Título\n::: nota\nDentro.\n:::\n:::",
    ],
)
def test_what_word_and_phones_write_is_understood(course: Path, text: str) -> None:
    path = course / "es/01-uno.md"
    path.write_text(f"{path.read_text('utf-8')}\n{text}\n", "utf-8")
    loaded, findings = load(course)
    assert [(each.code, each.line) for each in findings] == []
    assert loaded


def test_a_file_that_is_not_utf8_or_too_long_is_told(course: Path) -> None:
    (course / "es/01-uno.md").write_bytes(b"---\nid: m-uno\n---\n\xff\xfe")
    (course / "es/02-dos.md").write_bytes(b"a" * 200_001)
    codes = {(each.code, each.line) for each in load(course)[1]}
    assert {("encoding", 4), ("file-too-long", 1)} <= codes


def test_missing_files_are_told(course: Path) -> None:
    (course / "es/course.md").unlink()
    (course / "es/02-dos.md").write_text("Sin nada delante.", "utf-8")
    codes = {each.code for each in load(course)[1]}
    assert {"no-about", "no-front-matter"} <= codes
    shutil.rmtree(course / "es")
    assert "no-language" in {each.code for each in load(course)[1]}


def test_settings_that_are_no_mapping_or_too_long_are_told(course: Path) -> None:
    (course / "course.yml").write_text("- una\n- lista\n", "utf-8")
    assert [each.code for each in load(course)[1]] == ["yaml"]
    (course / "course.yml").write_text("a: " + "b" * 65_000, "utf-8")
    assert [each.code for each in load(course)[1]] == ["yaml-too-long"]
    (course / "course.yml").write_text("{[a]: b}", "utf-8")
    assert "yaml" in {each.code for each in load(course)[1]}
    (course / "course.yml").write_bytes(b"\xff")
    assert [each.code for each in load(course)[1]] == ["encoding"]


def test_a_link_out_of_the_folder_is_refused(course: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("x", "utf-8")
    (course / "es/03-tres.md").symlink_to(tmp_path / "secret.md")
    assert [each.code for each in load(course)[1]] == ["link"]


def test_pictures_are_looked_at(course: Path) -> None:
    module = course / "es/01-uno.md"
    pictures = {
        "mala.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        "falsa.png": b"GIF89a",
        "x.tiff": b"II",
    }
    pictures["grande.svg"] = b" " * (2 * 1024 * 1024 + 1)
    for name, content in pictures.items():
        (course / "media" / name).write_bytes(content)
    module.write_text(module.read_text("utf-8") + "".join(f"\n![x](../media/{name})\n" for name in pictures), "utf-8")
    assert {each.code for each in load(course)[1]} == {"file-content", "file-type", "file-size"}


def test_too_many_files_are_refused(course: Path) -> None:
    for number in range(201):
        (course / f"es/x{number:03}.md").write_text("---\nid: m-x\n---\n", "utf-8")
    assert "too-many-files" in {each.code for each in load(course)[1]}


def test_a_test_without_a_draw_is_told(course: Path) -> None:
    path = course / "es/90-prueba.md"
    path.write_text(path.read_text("utf-8").replace("draw: {p1: 2, p2: 2}\n", ""), "utf-8")
    assert {"value", "pool-not-drawn"} <= {each.code for each in load(course)[1]}


def test_a_quiz_mark_without_questions_is_told(course: Path) -> None:
    path = course / "es/02-dos.md"
    path.write_text(path.read_text("utf-8").replace("minutes: 3", "minutes: 3\ncompletion: {quiz: 50}"), "utf-8")
    assert [(each.code, each.line) for each in load(course)[1]] == [("value", 5)]


def test_a_review_of_a_module_that_is_not_there_is_told(course: Path) -> None:
    path = course / "es/90-prueba.md"
    path.write_text(path.read_text("utf-8").replace("p2: m-dos}", "p2: m-nada}"), "utf-8")
    assert [each.code for each in load(course)[1]] == ["review"]
