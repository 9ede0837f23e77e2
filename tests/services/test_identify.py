"""Ids and keys written into an author's files: once, in every language the same, every other byte as it was."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from lms.content.compile import compile_course
from lms.content.course import load
from lms.content.insertion import Insertion, insert
from lms.content.release import encode
from lms.services.running.identify import HARMLESS, identify

ROOT = Path(__file__).parents[2]
SAMPLE, REAL = ROOT / "tests/content/sample/demo-course", ROOT / "courses_content/trata-de-personas"
OPENS = re.compile(r"(?m)^(::: [a-z-]+) #[a-z0-9-]+")
KEYS = re.compile(r"(?m)^( *(?:- (?:\[[ x]\] )?|\d+\. ))\{[a-z0-9-]+\} ")
WRITTEN = re.compile(rb" #[a-z0-9-]+|\{[a-z0-9-]+\} ")


@pytest.fixture(params=[SAMPLE, REAL], ids=["sample", "real"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A course whose options have no keys yet."""
    made = Path(shutil.copytree(request.param, tmp_path / request.param.name))
    change(made, lambda text: KEYS.sub(r"\1", text))
    return made


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path / "demo-course"))


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def change(folder: Path, with_: Callable[[str], str], pattern: str = "*/*.md") -> None:
    for path in folder.glob(pattern):
        path.write_bytes(with_(path.read_bytes().decode()).encode())


def test_keys_are_the_places_that_results_are_kept_under_and_the_release_is_the_same(folder: Path) -> None:
    before, course = files(folder), compile_course(folder).course_json
    assert identify(folder, write=False).outcome == "missing"
    assert files(folder) == before
    assert identify(folder, write=True).outcome == "written"
    after = files(folder)
    assert compile_course(folder).course_json == course
    assert after != before
    for name, raw in after.items():
        for old, new in zip(before[name].split(b"\n"), raw.split(b"\n"), strict=True):
            assert old == new or (WRITTEN.sub(b"", new) == WRITTEN.sub(b"", old) and len(new) > len(old))


def test_twice_changes_nothing(folder: Path) -> None:
    identify(folder, write=True)
    once = files(folder)
    assert identify(folder, write=True).outcome == "whole"
    assert files(folder) == once


def test_a_course_without_any_id_gets_them_in_every_language_alike(folder: Path) -> None:
    change(folder, lambda text: OPENS.sub(r"\1", text))
    assert load(folder)[0] is None
    done = identify(folder, write=True)
    assert (done.outcome, done.diagnostics) == ("written", ())
    course, findings = load(folder)
    assert course is not None, findings
    ids = [
        re.findall(r"(?m)^::: [a-z-]+ (#[a-z0-9-]+)", path.read_text("utf-8"))
        for path in sorted((folder / "es").glob("*"))
    ]
    for language in course.languages:
        there = sorted((folder / language).glob("*"))
        assert [re.findall(r"(?m)^::: [a-z-]+ (#[a-z0-9-]+)", path.read_text("utf-8")) for path in there] == ids
    assert len({each for found in ids for each in found}) == sum(map(len, ids))
    keys = {
        option.key
        for each in course.editions["es"].modules["m-uno" if folder.name == "demo-course" else "m-que-es"].questions()
        for option in getattr(each, "options", ())
    }
    assert keys <= set("abcdef")


@pytest.mark.parametrize("seed", range(4))
def test_whichever_ids_are_missing_the_course_is_the_one_it_was(tmp_path: Path, seed: int) -> None:
    """Taken out of one language at random, they come back from the other one."""
    folder = Path(shutil.copytree(REAL, tmp_path / REAL.name))
    chance, language = Random(seed), ("es", "en")[seed % 2]
    whole = compile_course(folder).course_json
    change(
        folder,
        lambda text: OPENS.sub(lambda found: found[1] if chance.random() < 0.4 else found[0], text),
        f"{language}/*.md",
    )
    assert compile_course(folder).course_json is None
    done = identify(folder, write=True)
    assert (done.outcome, done.diagnostics) == ("written", ())
    assert compile_course(folder).course_json == whole


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_ends_tabs_and_decomposed_accents_stay(small: Path, ending: str) -> None:
    import unicodedata

    path = small / "es/01-uno.md"
    text = path.read_text("utf-8").replace("::: unica #q-a points=1", ":::\túnica points=1  Título con ñ  ")
    text = unicodedata.normalize("NFD", text).replace("- [x] La letra A", "-\t[x]\tLá letra A").replace("\n", ending)
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert identify(small, write=True).outcome == "written"
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf---" + ending.encode())
    assert WRITTEN.sub(b"", raw) == WRITTEN.sub(b"", b"\xef\xbb\xbf" + text.encode())
    assert ":::\túnica #q-cual-es-la-primera-letra points=1" in unicodedata.normalize("NFC", raw.decode())
    assert "-\t[x]\t{a} Lá" in unicodedata.normalize("NFC", raw.decode())


def test_ids_are_unique_and_never_one_that_was_retired(small: Path) -> None:
    two = "\n::: reflexion\n¿Qué aprendió hoy?\n:::\n"
    (small / "es/02-dos.md").open("a", encoding="utf-8").write(two + two)
    (small / "course.yml").open("a", encoding="utf-8").write("retired: [r-que-aprendio-hoy]\n")
    identify(small, write=True)
    found = re.findall(r"#r-[a-z0-9-]+", (small / "es/02-dos.md").read_text("utf-8"))
    assert found == ["#r-que-aprendio-hoy-2", "#r-que-aprendio-hoy-3"]


def test_keys_that_an_author_wrote_are_left_and_not_given_twice(small: Path) -> None:
    path = small / "es/01-uno.md"
    path.write_text(
        path.read_text("utf-8").replace("#q-a points", "points").replace("- [ ] La letra B", "- [ ] {a} La letra B", 1),
        "utf-8",
    )
    identify(small, write=True)
    assert re.findall(r"\{(\w+)\} La letra", path.read_text("utf-8"))[:3] == ["b", "a", "c"]


def test_a_translations_block_that_can_not_be_told_is_named_and_left(small: Path) -> None:
    shutil.copytree(small / "es", small / "en")
    text = (small / "course.yml").read_text("utf-8")
    (small / "course.yml").write_text(text.replace("languages: [es]", "languages: [es, en]"), "utf-8")
    path = small / "en/02-dos.md"
    path.write_text(path.read_text("utf-8") + "\n::: reflexion\nOnly here.\n:::\n", "utf-8")
    done = identify(small, write=True)
    assert [(each.file, each.line, each.code) for each in done.diagnostics] == [
        ("demo-course/en/02-dos.md", 27, "unpaired")
    ]
    assert "::: reflexion\nOnly here." in path.read_text("utf-8")


def test_options_in_another_order_than_the_sources_get_no_key(small: Path) -> None:
    shutil.copytree(small / "es", small / "en")
    text = (small / "course.yml").read_text("utf-8")
    (small / "course.yml").write_text(text.replace("languages: [es]", "languages: [es, en]"), "utf-8")
    path = small / "en/01-uno.md"
    right, wrong = "- [x] Verdadero\n  > Así es.\n", "- [ ] Falso\n  > Sí lo es.\n"
    path.write_text(path.read_text("utf-8").replace(right + wrong, wrong + right), "utf-8")
    assert identify(small, write=True).outcome == "written"
    assert wrong + right in path.read_text("utf-8")


@pytest.mark.parametrize(
    "slip",
    [
        ("::: nota\nUna nota", "::: nata\nUna nota"),
        (":::\n\n::: desplegable", "\n::: desplegable"),
        ("- [x] La letra A", "- [✓] La letra A"),
        ("#q-c", "#q-a"),
        ("::: unica #q-a points=1", "::: unica #Q.a points=1"),
    ],
)
def test_with_a_slip_that_hides_where_blocks_begin_nothing_is_written(small: Path, slip: tuple[str, str]) -> None:
    path = small / "es/01-uno.md"
    path.write_text(path.read_text("utf-8").replace(*slip, 1), "utf-8")
    before = files(small)
    done = identify(small, write=True)
    assert done.outcome == "refused"
    assert done.diagnostics
    assert files(small) == before


def test_a_picture_without_words_keeps_no_id_from_being_written(small: Path) -> None:
    path = small / "es/01-uno.md"
    path.write_text(path.read_text("utf-8").replace("![Un cuadrado verde.]", "![]"), "utf-8")
    assert identify(small, write=True).outcome == "written"


def test_what_can_not_be_read_is_refused(small: Path) -> None:
    (small / "course.yml").write_text("nothing", "utf-8")
    assert identify(small, write=True).outcome == "refused"


def test_what_would_change_the_course_is_not_written(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "lms.services.running.identify.insert", lambda raw, _: raw.replace(b"La letra B", b"La letra Z")
    )
    before = files(small)
    assert identify(small, write=True).outcome == "unsafe"
    monkeypatch.setattr("lms.content.insertion._read", lambda text: f"{text}x")
    monkeypatch.setattr("lms.services.running.identify.insert", insert)
    assert identify(small, write=True).outcome == "unsafe"
    assert files(small) == before


def test_every_error_that_does_not_matter_exists() -> None:
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "lms/content").glob("*.py"))
    assert [code for code in sorted(HARMLESS) if f'"{code}"' not in sources] == []


def test_an_insertion_goes_where_the_parser_reads() -> None:
    raw = "\ufeffuno\r\ndo\u0301s\ttres\rcuatro".encode()
    there = [Insertion(file="", line=2, place=7, text="+"), Insertion(file="", line=3, place=0, text="-")]
    assert insert(raw, there).decode() == "\ufeffuno\r\ndo\u0301s\t+tres\r-cuatro"
    with pytest.raises(ValueError, match="tres"):
        insert(raw, [Insertion(file="", line=2, place=5, text="+")])


def test_the_release_of_the_sample_is_what_it_was(small: Path) -> None:
    """Keys are written, and the course's bytes are those of a course without them."""
    course, _ = load(small)
    identify(small, write=True)
    again, _ = load(small)
    assert course
    assert again
    assert encode(course) == encode(again)
