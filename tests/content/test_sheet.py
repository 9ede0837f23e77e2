"""A reviewer's sheet leaves nothing out: every text, source and reason, at its place."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path

import pytest

from lms.content.compile import compile_course
from lms.content.course import load
from lms.content.model import Course
from lms.content.plain import plain_words
from lms.content.question_parts import Part, parts_of
from lms.content.release import decode, digest, encode
from lms.content.sheet import Chapter, Piece, chapters
from tests.content.bilingual import SAMPLE

ROOT = Path(__file__).parents[2]
FOLDERS = [ROOT / "courses_content/trata-de-personas", ROOT / "docs/muestrario"]
NOT_SHOWN = {
    "id",
    "anchor",
    "key",
    "target",
    "media",
    "name",
    "kind",
    "pool",
    "scoring",
    "language",
    "file",
    "outcome",
    "match",
    "captions",
}
"""Fields that no learner reads."""


def files_of(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in folder.glob("*/*.md")}


@cache
def read(folder: Path) -> Course:
    """The course, read once where its folder stays as it is."""
    course, findings = load(folder)
    assert course, findings
    return course


def sheet(folder: Path, language: str) -> tuple[Chapter, ...]:
    return chapters(read(folder), language, files_of(folder))


def pieces_of(made: tuple[Chapter, ...]) -> list[Piece]:
    return [piece for chapter in made for piece in chapter.pieces]


def texts(value: object) -> Iterator[str]:
    """Every text of a value that learners read."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for each in fields(value):
            if each.name not in NOT_SHOWN:
                yield from texts(getattr(value, each.name))
    elif isinstance(value, tuple):
        for each in value:
            yield from texts(each)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", plain_words(text))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
@pytest.mark.parametrize("language", ["es", "en"])
def test_everything_that_learners_read_is_on_the_sheet(folder: Path, language: str) -> None:
    course = read(folder)
    made = chapters(course, language, files_of(folder))
    there = " ".join(words(" ".join(texts(made))))
    edition = course.edition(language)
    for page in (
        edition.about,
        *(module.body for module in edition.modules.values()),
        tuple(edition.glossary.values()),
    ):
        for text in texts(page):
            for part in re.split(r"</?(?:p|li|td|th|ul|ol|table|dd|dt)[^>]*>", text):
                said = words(re.sub(r"<a [^>]*>|<abbr [^>]*>", "", part))[:7]
                assert " ".join(said) in there, part


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
@pytest.mark.parametrize("language", ["es", "en"])
def test_every_source_stands_where_it_is_named(folder: Path, language: str) -> None:
    course = read(folder)
    made = chapters(course, language, files_of(folder))
    for chapter, notes in zip(
        made,
        [course.edition(language).footnotes, *(m.footnotes for m in course.edition(language).modules.values())],
        strict=False,
    ):
        assert {note.name for piece in chapter.pieces for note in piece.sources} <= {note.name for note in notes}
        for piece in chapter.pieces:
            named = set(re.findall(r'<sup class="ref">\[(\d+)\]</sup>', " ".join(texts((piece.texts, piece.parts)))))
            assert named == {str(note.number) for note in piece.sources}, piece.number
    everything = {note.name for module in course.edition(language).modules.values() for note in module.footnotes}
    assert {note.name for piece in pieces_of(made) for note in piece.sources} >= everything


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_piece_says_where_it_stands(language: str) -> None:
    files = {name: text.split("\n") for name, text in files_of(FOLDERS[0]).items()}
    for piece in pieces_of(sheet(FOLDERS[0], language)):
        line = files[piece.file][piece.line - 1]
        if piece.kind == "text" and piece.line > 1:
            first = words(re.split(r"</p>|</li>", piece.texts[0])[0])[:3]
            near = words(re.sub(r"\]\([^)]*\)|\[\^[^]]*\]", " ", f"{line} {files[piece.file][piece.line]}"))
            assert first == [each for each in near if not each.isdigit() or each in first][: len(first)], piece
        elif piece.kind not in ("text", "objectives", "warning", "help"):
            assert line.lstrip().startswith((":::", "###", "![")) or "{#g-" in line, piece


def test_every_notice_is_set_apart_with_what_it_is_about() -> None:
    for language, notice in (("es", "verifique"), ("en", "check")):
        made = sheet(FOLDERS[0], language)
        marked = {plain_words(note.html) for piece in pieces_of(made) for note in piece.sources if note.verify}
        told = [sentence for piece in pieces_of(made) for sentence in piece.local]
        said = [sentence for sentence in told if sentence not in marked]
        assert marked
        assert marked <= {*told}
        assert all(notice in sentence.lower() and len(words(sentence)) > 6 for sentence in said)
        assert len(said) >= 20
        for piece in pieces_of(made):
            text = " ".join(map(plain_words, texts((piece.texts, piece.parts)))).lower()
            noted = bool(re.search(rf"(?<![«“]){notice}[^.;]* (su|your) (país|ley|country|law)", text))
            assert bool(piece.local) == (noted or any(note.verify for note in piece.sources)), piece.number


def test_numbers_are_unique_and_begin_with_the_module() -> None:
    made = sheet(FOLDERS[0], "es")
    numbers = [piece.number for piece in pieces_of(made)]
    assert len(set(numbers)) == len(numbers)
    assert [chapter.number for chapter in made] == ["0", "1", "2", "3", "4", "5", "6", "7", "K", "G"]
    assert all(piece.number.startswith(f"{chapter.number}.") for chapter in made for piece in chapter.pieces)


def test_a_section_is_told_once_with_its_pieces() -> None:
    chapter = sheet(FOLDERS[0], "es")[1]
    titles = [title for title, _ in chapter.sections]
    assert titles[:2] == ["", "Reconozca los tres elementos"]
    assert len(set(titles)) == len(titles)
    assert [piece for _, pieces in chapter.sections for piece in pieces] == list(chapter.pieces)


def test_each_kind_of_question_tells_what_is_right() -> None:
    questions: dict[str, tuple[Part, ...]] = {}
    for module in read(FOLDERS[1]).editions["en"].modules.values():
        for each in module.questions():
            questions[each.kind] = (*questions.get(each.kind, ()), *parts_of(each))
    assert {*questions} == {
        "single",
        "multiple",
        "true-false",
        "match",
        "classify",
        "order",
        "short",
        "numeric",
        "blanks",
    }
    for kind in ("single", "multiple", "true-false", "short", "numeric"):
        assert {part.kind for part in questions[kind]} >= {"right"}
    for kind in ("match", "classify"):
        assert all(part.leads for part in questions[kind] if part.kind == "item")
    assert [part.kind for part in questions["order"]][:3] == ["item"] * 3
    assert questions["blanks"][0].kind == "text"
    assert "<strong>[" in questions["blanks"][0].html
    assert {"hint", "explanation", "wrong"} <= {part.kind for parts in questions.values() for part in parts}


def test_what_is_borrowed_stands_in_the_file_of_its_language(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FOLDERS[1], tmp_path / "muestrario"))
    text = (
        folder / "en/01-caja.md" if (folder / "en/01-caja.md").exists() else sorted(folder.glob("en/0*.md"))[0]
    ).name
    path = folder / "en" / text
    head, front, body = path.read_text("utf-8").split("---\n", 2)
    first = body.index("\n## ")
    path.write_text(f"{head}---\n{front}---\n{body[:first]}\n", "utf-8")
    (folder / "en" / "glossary.md").unlink()
    made = sheet(folder, "en")
    borrowed = [piece for piece in pieces_of(made) if piece.language == "es"]
    assert {piece.file.partition("/")[0] for piece in borrowed} == {"es"}
    assert {piece.kind for piece in borrowed} >= {"text", "term"}
    assert any(piece.box for piece in borrowed)
    assert {piece.file.partition("/")[0] for piece in pieces_of(made) if piece.language == "en"} == {"en"}
    english = [chapter for chapter in made if chapter.language == "en"]
    assert {"es", "en"} <= {piece.language for chapter in english for piece in chapter.pieces}


def test_what_stands_within_a_step_of_a_story_is_told(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "demo-course"))
    path = folder / "es/02-dos.md"
    (folder / "media/voz.mp3").write_bytes(b"ID3...")
    more = (
        '::: escenario #e-mas Otra historia\n### Llega {#uno}\n![Un cuadro](../media/cuadro.svg "Al lado")\n\n'
        "::: nota Mire\nPiense antes.\n:::\n\n::: audio src=media/voz.mp3 La radio\nSe oye: alto.\n:::\n\n- [Hablo](#fin) {score=2}\n  > Escucha.\n\n### Fin {#fin outcome=good}\nBien.\n:::\n"
    )
    path.write_text(f"{path.read_text('utf-8')}\n{more}", "utf-8")
    one, end = [piece for piece in pieces_of(sheet(folder, "es")) if piece.section.endswith("Otra historia")]
    assert [plain_words(text) for text in one.texts] == [
        "Un cuadro Al lado",
        "Mire",
        "Piense antes.",
        "La radio",
        "Se oye: alto.",
    ]
    assert [(part.html, part.leads, part.score, part.reason) for part in one.parts] == [("Hablo", "Fin", 2, "Escucha.")]
    assert (end.title, end.outcome) == ("Fin", "good")


def test_the_courses_own_help_note_is_told_with_its_warning() -> None:
    about = sheet(FOLDERS[1], "en")[0]
    (told,) = [piece for piece in about.pieces if piece.kind == "help"]
    assert told.texts[0].startswith("If a wound does not stop bleeding")
    assert "help" not in {piece.kind for piece in pieces_of(sheet(FOLDERS[0], "en"))}


def test_a_language_whose_notice_is_not_known_sets_nothing_apart(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "demo-course"))
    (folder / "es").rename(folder / "fr")
    path = folder / "course.yml"
    path.write_text(path.read_text("utf-8").replace("source: es", "source: fr").replace("[es]", "[fr]"), "utf-8")
    one = folder / "fr/01-uno.md"
    one.write_text(f"{one.read_text('utf-8')}\nVerifique en su país.\n", "utf-8")
    assert not any(piece.local for piece in pieces_of(sheet(folder, "fr")))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_a_course_keeps_its_lines_when_it_is_asked_for_them(folder: Path) -> None:
    course = read(folder)
    raw = encode(course, lines=True)
    assert decode(raw) == course
    assert encode(decode(raw)) == encode(course)
    assert decode(encode(course)).editions["es"].modules == decode(encode(decode(raw))).editions["es"].modules


def test_the_child_gives_the_lines_only_where_it_is_asked() -> None:
    with_lines, without = compile_course(SAMPLE, lines=True), compile_course(SAMPLE)
    assert with_lines.course_json
    assert without.course_json
    assert decode(with_lines.course_json) == read(SAMPLE)
    assert digest(encode(decode(with_lines.course_json))) == digest(without.course_json)
    assert b'"line":' not in without.course_json
