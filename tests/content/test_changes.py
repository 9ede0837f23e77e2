"""A course edited and held beside the one before it: what is told, and what stops it, at its line."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lms.content.changes import Changes, compare
from lms.content.course import load
from lms.content.identity import Identity, identity
from lms.content.model import Course
from lms.content.places import places
from lms.content.release import decode, encode

SAMPLE = Path(__file__).parent / "sample" / "demo-course"
QUIZ, STORY, TEST, YML = "es/01-uno.md", "es/02-dos.md", "es/90-prueba.md", "course.yml"
Edit = tuple[str, str, str]
"""In that file, the first text becomes the second."""


@pytest.fixture(scope="module")
def old() -> Course:
    course, _ = load(SAMPLE)
    assert course
    return course


@pytest.fixture
def change(tmp_path: Path, old: Course) -> Callable[..., Changes]:
    def changed(*edits: Edit, without: str = "", before: tuple[Identity, ...] = (), live: Course = old) -> Changes:
        folder = Path(shutil.copytree(SAMPLE, tmp_path / "demo-course", dirs_exist_ok=True))
        for file, text, new in edits:
            whole = (folder / file).read_text("utf-8")
            assert text in whole
            (folder / file).write_text(whole.replace(text, new, 1), "utf-8")
        if without:
            (folder / without).unlink()
        course, findings = load(folder)
        assert course, findings
        return compare(live, decode(encode(course)), before=before, places=places(course, folder))

    return changed


def rule(line: str) -> Edit:
    return YML, "access: open", f"access: open\n{line}"


def told(changes: Changes) -> list[tuple[str, str, int]]:
    return [(each.code, each.file, each.line) for each in changes.problems]


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([(QUIZ, "¿Cuál es la primera letra?", "¿Qué letra va primero?")], Changes(reworded=("q-a",))),
        ([(QUIZ, "Es la segunda.", "Va después.")], Changes(reworded=("q-a",))),
        ([(QUIZ, "Un párrafo", "Una frase")], Changes(sections=("m-uno",))),
        ([(QUIZ, "Una nota con", "Una nota breve con")], Changes(sections=("m-uno#primera",))),
        ([(QUIZ, "*Abecedario*, 2026", "*Abecedario*, 2025")], Changes(sections=("m-uno^uno",))),
        ([("es/glossary.md", "Parte pequeña", "Parte breve")], Changes(sections=("g-muestra",))),
        ([("es/course.md", "cada bloque una vez", "cada bloque")], Changes(sections=("about",))),
        ([(QUIZ, "- [ ] La letra C", "- [ ] La letra D\n  > No.\n- [ ] La letra C")], Changes(questions=("q-a",))),
        ([(QUIZ, "#q-c\n", "#q-c puntos=2\n")], Changes(questions=("q-c",))),
        ([(QUIZ, "::: unica #q-a", "::: multiple #q-a")], Changes(questions=("q-a",))),
        ([(STORY, "{score=0}", "{score=1}")], Changes(blocks=("e-camino",))),
        ([(QUIZ, "completion: {quiz: 70}", "completion: {quiz: 80}")], Changes(rules=("m-uno",))),
        ([(TEST, "pass: 80", "pass: 90")], Changes(rules=("m-prueba",))),
        ([(YML, "modules: all,", "modules: [m-dos, m-prueba],")], Changes(completion=True)),
        ([rule("major: 2")], Changes(major=2)),
        (
            [(QUIZ, "#q-a points=1", "#q-aa"), rule("renamed: {q-a: q-aa}")],
            Changes(renamed=(("q-a", "q-aa"),)),
        ),
        (
            [(QUIZ, "#q-a points=1", "#q-aa"), (QUIZ, "- [x] La letra A", "- [x] La A"), rule("renamed: {q-a: q-aa}")],
            Changes(renamed=(("q-a", "q-aa"),), reworded=("q-aa",)),
        ),
        (
            [
                (STORY, "id: m-dos", "id: m-tres"),
                (YML, "m-dos,", "m-tres,"),
                (TEST, "p2: m-dos", "p2: m-tres"),
                rule("renamed: {m-dos: m-tres}"),
            ],
            Changes(renamed=(("m-dos", "m-tres"),)),
        ),
        (
            [(QUIZ, "::: reflexion #r-uno\n¿Qué aprendió hoy?\n:::\n", ""), rule("retired: [r-uno]")],
            Changes(retired=("r-uno",)),
        ),
        ([(STORY, "::: clave", "::: tarjetas #fc-dos\n- a -> b\n:::\n\n::: clave")], Changes(added=("fc-dos",))),
        (
            [
                (QUIZ, "::: reflexion #r-uno\n¿Qué aprendió hoy?\n:::\n", ""),
                (STORY, "::: clave", "::: reflexion #r-uno\n¿Qué aprendió hoy?\n:::\n\n::: clave"),
            ],
            Changes(moved=(("r-uno", "m-dos"),)),
        ),
    ],
)
def test_each_change_is_told(change: Callable[..., Changes], edits: list[Edit], expected: Changes) -> None:
    assert change(*edits) == expected


def test_a_module_retires_what_is_in_it(change: Callable[..., Changes]) -> None:
    edits = [(YML, " m-dos,", ""), (TEST, "p2: m-dos", "p2: m-uno"), rule("retired: [m-dos]")]
    changes = change(*edits, without=STORY)
    assert (changes.modules_removed, changes.retired, changes.completion) == (("m-dos",), ("e-camino",), True)
    assert told(changes) == []
    assert [code for code, _, _ in told(change(*edits[:2], without=STORY))] == ["gone", "gone"]


REFLECTION = (QUIZ, "::: reflexion #r-uno\n¿Qué aprendió hoy?\n:::\n", "")


@pytest.mark.parametrize(
    ("edits", "expected", "says"),
    [
        ([REFLECTION], ("gone", "demo-course/course.yml", 1), "“r-uno” is gone"),
        ([REFLECTION, rule("retired: [q-z]")], ("gone", "demo-course/course.yml", 13), "“r-uno” is gone"),
        ([(QUIZ, "#q-a points=1", "#q-letra")], ("gone", "demo-course/course.yml", 1), "Is it “q-letra” now?"),
        (
            [
                (QUIZ, "::: verdadero-falso #q-c\nLa A", "::: corta #q-c\nLa A"),
                (QUIZ, "- [ ] Falso\n  > Sí lo es.\n", ""),
            ],
            ("other-kind", "demo-course/es/01-uno.md", 55),
            "another type before",
        ),
        (
            [REFLECTION, (STORY, "::: clave", "::: tarjetas #r-uno\n- a -> b\n:::\n\n::: clave")],
            ("other-kind", "demo-course/es/02-dos.md", 23),
            "another type before",
        ),
        (
            [REFLECTION, rule("renamed: {r-uno: q-a}")],
            ("renamed-kind", "demo-course/course.yml", 13),
            "can't become “q-a”",
        ),
    ],
)
def test_what_would_take_results_away_stops_it_at_its_line(
    change: Callable[..., Changes], edits: list[Edit], expected: tuple[str, str, int], says: str
) -> None:
    changes = change(*edits)
    assert told(changes) == [expected]
    assert says in changes.problems[0].sentence(lambda text: text)
    assert changes.fatal


def test_a_major_never_goes_down(change: Callable[..., Changes], old: Course) -> None:
    assert told(change(rule("major: 2"), live=replace(old, major=3))) == [("major", "demo-course/course.yml", 13)]


def test_what_was_once_another_thing_or_another_name_is_remembered(change: Callable[..., Changes], old: Course) -> None:
    before = identity(encode(old))
    once = Identity(major=1, kinds={"q-z": "order", "q-y": "single"}, renamed={"q-y": "q-a"})
    added = (STORY, "::: clave", "::: tarjetas #{}\n- a -> b\n:::\n\n::: clave")

    def adding(name: str) -> list[tuple[str, str, int]]:
        return told(change((added[0], added[1], added[2].format(name)), before=(once, before)))

    assert adding("fc-x") == []
    assert adding("q-z") == [("other-kind", "demo-course/es/02-dos.md", 23)]
    assert [code for code, _, _ in adding("q-y")] == ["other-kind", "given-up"]


def test_a_renamed_id_that_never_was_is_a_warning(change: Callable[..., Changes], old: Course) -> None:
    changes = change(rule("renamed: {q-nunca: q-a}"))
    assert told(changes) == [("renamed-unknown", "demo-course/course.yml", 13)]
    assert not changes.fatal
    known = Identity(major=1, kinds={"q-nunca": "single"}, renamed={})
    assert told(change(before=(known,))) == []


def test_options_without_keys_that_change_places_are_a_warning(change: Callable[..., Changes]) -> None:
    b, c = "- [ ] La letra B\n  > Es la segunda.\n", "- [ ] La letra C\n  > Es la tercera.\n"
    changes = change((QUIZ, b + c, c + b))
    assert told(changes) == [("keys-moved", "demo-course/es/01-uno.md", 31)]
    assert changes.questions == ("q-a",)
    assert not changes.fatal


def test_a_language_that_is_new_changes_no_text(change: Callable[..., Changes], tmp_path: Path) -> None:
    folder = tmp_path / "demo-course"
    shutil.copytree(SAMPLE / "es", folder / "en")
    assert change((YML, "languages: [es]", "languages: [es, en]")) == Changes(languages=("en",))
