"""Every unit of a translation has a state; another structure, and a unit that the source has not, stop publishing."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from lms.content.archive_names import places
from lms.content.course import load, load_all
from lms.content.differences import differences
from lms.content.lock import HEAD, LOCK_FILE, Made, read_lock, write_lock
from lms.content.report import Report
from lms.content.translation import UnitState
from lms.content.units import named, structure
from tests.content.bilingual import change, take_out, two_languages


@pytest.fixture(scope="module")
def accepted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course in Spanish and English, every unit accepted."""
    made = two_languages(tmp_path_factory.mktemp("accepted"))
    accept(made)
    return made


@pytest.fixture
def course(accepted: Path, tmp_path: Path) -> Path:
    """Such a course to change."""
    return Path(shutil.copytree(accepted, tmp_path / accepted.name))


def accept(course: Path) -> None:
    write_lock(course, {(each.language, each.id): Made(each.source, each.own) for each in load_all(course).states})


def units(course: Path) -> dict[str, UnitState]:
    return {each.id: each for each in load_all(course).states}


def not_ok(course: Path) -> dict[str, str]:
    return {name: each.state for name, each in units(course).items() if each.state != "ok"}


def codes(course: Path) -> list[tuple[str, str, int]]:
    return [(each.code, each.file, each.line) for each in load(course)[1] if each.severity == "error"]


def test_an_accepted_translation_is_ok_and_makes_no_warning(course: Path) -> None:
    states = units(course)
    assert {each.state for each in states.values()} == {"ok"}
    assert all(each.source != each.own for each in states.values())
    assert {each.kind for each in states.values()} >= {
        "section",
        "source",
        "term",
        "single",
        "scenario",
        "cards",
        "poll",
    }
    assert load(course)[1] == []


def test_a_translation_that_nobody_accepted_is_not_reviewed(course: Path) -> None:
    (course / LOCK_FILE).unlink()
    assert set(not_ok(course).values()) == {"unreviewed"}
    (finding,) = load(course)[1]
    assert (finding.code, finding.severity, finding.line) == ("translation", "warning", 5)
    assert f"unreviewed {len(units(course))}" in finding.sentence(str)


@pytest.mark.parametrize(
    ("file", "old", "new", "unit"),
    [
        ("01-uno.md", "primera letra?", "primera letra de todas?", "q-a"),
        ("01-uno.md", "> Es la segunda.", "> Es la segunda de todas.", "q-a"),
        ("01-uno.md", "Una nota", "Una nota breve", "m-uno#primera"),
        ("01-uno.md", "Un párrafo", "Otro párrafo", "m-uno"),
        ("01-uno.md", "title: Módulo uno", "title: Módulo 1", "m-uno"),
        ("01-uno.md", "*Abecedario*", "*Abecedario nuevo*", "m-uno^uno"),
        ("01-uno.md", "- Leer", "- Leer en papel", "p-uno"),
        ("02-dos.md", "Usted camina", "Usted anda", "e-camino"),
        ("course.md", "summary: Un", "summary: Este es un", "about"),
        ("glossary.md", ": Parte", ": Una parte", "g-muestra"),
    ],
)
def test_a_unit_whose_source_changed_is_stale_and_still_shown(
    course: Path, file: str, old: str, new: str, unit: str
) -> None:
    change(course, f"es/{file}", old, new)
    assert not_ok(course) == {unit: "stale"}
    loaded, findings = load(course)
    assert loaded
    assert not loaded.edition("en").borrowed
    assert [(each.code, each.severity) for each in findings] == [("translation", "warning")]


def test_a_translation_edited_after_it_was_accepted_is_not_reviewed(course: Path) -> None:
    line = change(course, "en/01-uno.md", "primera letter?", "very first letter?")
    assert not_ok(course) == {"q-a": "unreviewed"}
    assert (units(course)["q-a"].file, units(course)["q-a"].line) == ("en/01-uno.md", line - 3)
    change(course, "es/01-uno.md", "primera letra?", "primera letra de todas?")
    assert not_ok(course) == {"q-a": "stale"}
    accept(course)
    assert not_ok(course) == {}


def test_what_is_not_translated_is_missing_and_leads_to_the_source(course: Path) -> None:
    take_out(course, "m-uno", "q-b", "m-uno#segunda", "m-uno^uno", "fc-uno")
    (course / "en/02-dos.md").unlink()
    (course / "en/glossary.md").unlink()
    missing = {"q-b", "m-uno#segunda", "m-uno^uno", "fc-uno", "m-dos", "e-camino", "g-muestra"}
    assert not_ok(course) == dict.fromkeys(missing, "missing")
    assert {each.file for name, each in units(course).items() if name in missing} == {
        "es/01-uno.md", "es/02-dos.md", "es/glossary.md"
    }  # fmt: skip
    (finding,) = load(course)[1]
    assert "missing 7, stale 0" in finding.sentence(str)


def test_a_heading_or_a_title_alone_is_no_translation_of_its_text(course: Path) -> None:
    heading = "## Primera sección {#primera}\n"
    take_out(course, "m-uno", "m-uno#primera", "m-uno")
    change(course, "en/01-uno.md", "::: tarjetas", f"{heading}\n::: tarjetas")
    assert not_ok(course) == {"m-uno": "missing", "m-uno#primera": "missing"}


def test_a_language_without_a_folder_lacks_everything_and_is_told_once(course: Path) -> None:
    change(course, "course.yml", "languages: [es, en]", "languages: [es, en, pt]")
    states = [each.state for each in load_all(course).states if each.language == "pt"]
    assert set(states) == {"missing"}
    assert len(states) == len(units(course))
    assert [each.code for each in load(course)[1]] == ["no-language"]


def test_moving_a_source_up_changes_no_text(course: Path) -> None:
    for language in ("es", "en"):
        change(course, f"{language}/01-uno.md", "---\nUn", "---\nAntes.[^tres]\n\nUn")
    assert not_ok(course) == {"m-uno": "stale"}


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "says"),
    [
        ("01-uno.md", "- [x] La letter A\n  > Correcto", "- [ ] La letter A\n  > Correcto", "#q-a", "another right answer"),
        ("01-uno.md", "- [ ] La letter C\n  > Es la tercera.\n", "", "#q-a", "other options"),
        ("01-uno.md", "- [ ] La letter C", "- [ ] {c} La letter C", "#q-a", "other options"),
        ("01-uno.md", "#q-c", "#q-c points=3", "#q-c", "other points"),
        ("01-uno.md", "multiple #q-b points=2", "multiple #q-b points=2 score=all", "#q-b", "“score”"),
        ("01-uno.md", "multiple #q-b", "unica #q-b", "#q-b", "another kind"),
        ("01-uno.md", "La letter B -> Consonante", "La letter B -> Vocal", "#q-d", "another right answer"),
        ("01-uno.md", "- -> Número\n", "", "#q-d", "other options"),
        ("01-uno.md", "1. Primero", "1. {z} Primero", "#q-e", "other options"),
        ("01-uno.md", "corta #q-f", "corta #q-f match=exact", "#q-f", "“match”"),
        ("01-uno.md", "- [x] 3", "- [x] 4", "#q-g", "another right answer"),
        ("01-uno.md", "La [[sample]]", "La [[sample]] [[más]]", "#q-h", "number of gaps"),
        ("01-uno.md", "[[(pequeña) | grande]]", "[[(pequeña) | grande | otra]]", "#q-h", "other options"),
        ("01-uno.md", "[[(pequeña) | grande]]", "[[grande | (pequeña)]]", "#q-h", "another right answer"),
        ("01-uno.md", "Dos -> Par", "Dos -> Par\n- Tres -> Impar", "#q-i", "other options"),
        ("01-uno.md", "- Oír", "- Oír\n- Ver", "#p-uno", "other options"),
        ("01-uno.md", "escala #s-uno", "escala #s-uno steps=4", "#s-uno", "other options"),
        ("01-uno.md", "- Arriba -> Abajo\n", "", "#fc-uno", "number of cards"),
        ("02-dos.md", "{score=2}", "{score=1}", "#e-camino", "other choices"),
        ("02-dos.md", "outcome=good", "outcome=fair", "#e-camino", "other steps"),
        ("02-dos.md", "minutes: 3\n", "minutes: 3\nkind: test\ndraw: {p: 1}\n", "kind:", "“kind”"),
        ("01-uno.md", "{quiz: 70}", "{quiz: 60}", "completion:", "“completion”"),
        ("90-prueba.md", "pass: 80", "pass: 70", "pass:", "“pass”"),
        ("90-prueba.md", "pass: 80", "pass: 80\nattempts: 2", "attempts:", "“attempts”"),
        ("90-prueba.md", "draw: {p1: 2", "draw: {p1: 1", "draw:", "“draw”"),
        ("90-prueba.md", "#q-t11 pool=p1", "#q-t11 pool=p2", "#q-t11", "another pool"),
    ],
)  # fmt: skip
def test_another_structure_is_an_error_at_its_line(
    course: Path, file: str, old: str, new: str, line: str, says: str
) -> None:
    change(course, f"en/{file}", old, new)
    if "another right answer" in says and "La letter A\n" in old:
        change(course, f"en/{file}", "- [ ] La letter B\n  > Es la segunda", "- [x] La letter B\n  > Es la segunda")
    text = (course / "en" / file).read_text("utf-8")
    loaded = load_all(course)
    findings = [each for each in loaded.findings if each.code == "structure-differs"]
    assert [(each.file, each.line) for each in findings] == [
        (f"demo-course/en/{file}", text[: text.index(line)].count("\n") + 1)
    ]
    assert says in findings[0].sentence(str)
    assert loaded.course is None
    assert [each.state for each in loaded.states].count("structure-differs") == 1


def test_a_question_in_another_module_is_another_structure(course: Path) -> None:
    take_out(course, "m-uno", "r-uno")
    path = course / "en/02-dos.md"
    path.write_text(path.read_text("utf-8") + "\n::: reflexion #r-uno\nWhat?\n:::\n", "utf-8")
    assert [code for code, _, _ in codes(course)] == ["structure-differs"]
    assert "stands in another module" in load(course)[1][0].sentence(str)


def test_a_block_that_the_source_has_not_is_an_error_at_its_line(course: Path) -> None:
    line = change(course, "en/01-uno.md", "#q-c", "#q-z")
    assert codes(course) == [("orphan", "demo-course/en/01-uno.md", line)]
    assert not_ok(course) == {"q-c": "missing", "q-z": "orphan"}


def test_prose_that_the_source_has_not_is_a_warning(course: Path) -> None:
    path = course / "en/02-dos.md"
    path.write_text(path.read_text("utf-8") + "\n## More {#more}\n\nMore.\n", "utf-8")
    loaded, findings = load(course)
    assert loaded
    assert not_ok(course) == {"m-dos#more": "orphan"}
    assert [(each.code, each.severity) for each in findings] == [("translation", "warning")]
    assert "extra 1" in findings[0].sentence(str)


def test_options_with_keys_may_stand_in_another_order(course: Path) -> None:
    keyed = {"es": ("{a} ", "{b} "), "en": ("{b} ", "{a} ")}
    options = {"es": ("Leer", "Oír"), "en": ("Listen", "Read")}
    change(course, "en/01-uno.md", "- Leer\n- Oír", "- Listen\n- Read")
    for language, keys in keyed.items():
        for key, option in zip(keys, options[language], strict=True):
            change(course, f"{language}/01-uno.md", f"- {option}", f"- {key}{option}")
    change(course, "es/01-uno.md", "- Uno -> Impar\n- Dos -> Par", "- {u} Uno -> Impar\n- {d} Dos -> Par")
    change(course, "en/01-uno.md", "- Uno -> Impar\n- Dos -> Par", "- {d} Two -> Even\n- {u} One -> Odd")
    loaded, findings = load(course)
    assert loaded, findings
    said = {
        name: next(each for each in loaded.edition(name).modules["m-uno"].questions() if each.id == "q-i")
        for name in ("es", "en")
    }
    answers = {name: {pair.key: pair.target for pair in question.pairs} for name, question in said.items()}  # type: ignore[union-attr]
    assert answers["es"] == answers["en"]


def test_a_difference_is_named_exactly_when_the_structure_differs(course: Path) -> None:
    loaded, _ = load(course)
    assert loaded
    blocks = [each for module in loaded.edition("es").modules.values() for each in named(module.body)]
    for one in blocks:
        for other in blocks:
            assert bool(differences(one, other)) == (structure(one) != structure(other)), (one.id, other.id)


def test_a_lock_comes_back_as_it_was_written_one_unit_a_line(tmp_path: Path) -> None:
    lock = {
        ("en", "q-b"): Made("0" * 16, "1" * 16),
        ("en", "m-uno#a"): Made("2" * 16, "3" * 16),
        ("pt-BR", "q-b"): Made("4" * 16, "5" * 16),
    }
    report = Report(LOCK_FILE)
    write_lock(tmp_path, lock)
    assert read_lock(tmp_path, report) == lock
    assert report.found == []
    lines = (tmp_path / LOCK_FILE).read_text("utf-8").splitlines()
    assert [line.partition(":")[0] for line in lines[1:]] == ["en m-uno#a", "en q-b", "pt-BR q-b"]
    assert lines[0] == HEAD
    write_lock(tmp_path, dict(reversed(lock.items())))
    assert (tmp_path / LOCK_FILE).read_text("utf-8").splitlines() == lines


@pytest.mark.parametrize(
    "wrong",
    ["<<<<<<< HEAD", "en q-a: x y z", "{", "\ufeff", "en q-a: " + "0" * 16 + " " + "0" * 16 + " 00000000", "x" * 5000],
)
def test_a_line_that_the_tool_did_not_write_is_a_warning_with_its_line(course: Path, wrong: str) -> None:
    path = course / LOCK_FILE
    lines = path.read_text("utf-8").splitlines()
    lines[2:2] = [wrong]
    path.write_text("\n".join(lines), "utf-8")
    loaded, findings = load(course)
    assert loaded
    assert [(each.code, each.file, each.line, each.severity) for each in findings] == [
        ("lock", f"demo-course/{LOCK_FILE}", 3, "warning")
    ]
    assert not_ok(course) == {}


def test_a_line_changed_by_hand_or_there_twice_counts_for_nothing(course: Path) -> None:
    path = course / LOCK_FILE
    lines = path.read_text("utf-8").splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith("en q-a:"))
    old = lines[place]
    lines[place] = old[:-20] + ("0" if old[-20] != "0" else "1") + old[-19:]
    path.write_text("\n".join([*lines, lines[1]]), "utf-8")
    findings = load(course)[1]
    assert [(each.code, each.line) for each in findings] == [("translation", 5), ("lock", place + 1)]
    assert not_ok(course) == {"q-a": "unreviewed", lines[1].split()[1].rstrip(":"): "unreviewed"}


def test_an_archive_of_a_course_may_hold_its_lock() -> None:
    names = [b"course.yml", b"es/01-uno.md", LOCK_FILE.encode()]
    assert places(names) == {each: each.decode() for each in names}


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\x00" * 100, b"x" * 4_000_001, b""])
def test_a_lock_of_any_bytes_is_read(course: Path, content: bytes) -> None:
    (course / LOCK_FILE).write_bytes(content)
    loaded, findings = load(course)
    assert loaded
    assert Counter(each.code for each in findings) == Counter(["translation", *(["lock"] if content else [])])
