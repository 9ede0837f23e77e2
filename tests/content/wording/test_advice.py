"""Everything that is advised, each at its line; what is meant as it is is accepted."""

import dataclasses
from pathlib import Path

import pytest

from lms.content.compile import compile_course
from lms.content.course import load, load_all
from lms.content.diagnostics import Diagnostic
from lms.content.wording.accepted import CODES
from lms.content.wording.advice import Advice, advise
from tests.content.bilingual import two_languages
from tests.content.sourced import sourced
from tests.reference.codes import findings as every_finding

ONE, TWO, TEST = "es/01-uno.md", "es/02-dos.md", "es/90-prueba.md"
LONG = "Esta frase tiene muchas palabras " + "y todavía más " * 8 + "hasta que por fin termina."
ASKED = "::: unica #{}\n{}\n\n{}:::\n"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return sourced(tmp_path) / "demo-course"


def advice(course: Path) -> Advice:
    return advise(course, load_all(course))


def told(course: Path) -> list[tuple[str, str, int]]:
    """Each finding: its code, its file within the course and its line."""
    return [(each.code, each.file.partition("/")[2], each.line) for each in advice(course).findings]


def said(course: Path, code: str) -> list[Diagnostic]:
    return [each for each in advice(course).findings if each.code == code]


def add(course: Path, text: str, file: str = TWO) -> int:
    """The text at the end of the file; the line where it begins, or where `@` stands in it."""
    path = course / file
    before = path.read_text("utf-8")
    path.write_text(f"{before}\n{text.replace('@', '', 1)}\n", "utf-8")
    return before.count("\n") + 2 + text.partition("@")[0].count("\n") * ("@" in text)


def change(course: Path, old: str, new: str, file: str) -> None:
    text = (course / file).read_text("utf-8")
    assert old in text
    (course / file).write_text(text.replace(old, new), "utf-8")


def question(name: str, prompt: str, *options: str) -> str:
    """A single question; the right option begins with `+`."""
    lines = (f"- [{'x' if each[0] == '+' else ' '}] {each.lstrip('+')}\n  > Por algo.[^libro]\n" for each in options)
    return ASKED.format(name, prompt, "".join(lines))


def test_a_course_that_is_well_written_gets_no_advice(course: Path) -> None:
    found = advice(course)
    assert (found.findings, found.accepted) == ([], 0)


def test_every_code_may_be_accepted_and_no_other() -> None:
    there = {each.code for each in every_finding()}
    assert set(CODES) <= there
    assert "accepted-unused" in there
    assert list(CODES) == sorted(CODES)


@pytest.mark.parametrize(
    "text",
    [
        f"Una línea.\n\nOtra. Y\naún otra.\n@{LONG}",
        f"- Uno.\n- Dos. Tres.\n@- {LONG}",
        f"::: nota Título\nUna.\n\n@{LONG}\n:::",
        f"::: desplegable Título\n@{LONG}\n:::",
        f"::: tarjetas #fc-x\n- a -> b\n@- c -> {LONG}\n:::",
        f"::: reflexion #r-x\nUna.\n@{LONG}\n:::",
        f"| a | b |\n|---|---|\n@| c | {LONG} |",
        f"::: encuesta #p-x\n@{LONG}\n\n- Uno\n- Dos\n:::",
        f"::: unica #q-x\n¿Qué?\n\n- [x] Uno\n  > Sí.[^libro]\n- [ ] Dos\n@  > {LONG}[^libro]\n:::",
        f"::: unica #q-x\n@{LONG}\n\n¿Qué?\n\n- [x] Uno\n  > Sí.[^libro]\n- [ ] Dos\n  > No.\n:::",
        f"::: relacionar #q-x\nUna.\n\n- a -> b\n@- c -> {LONG}\n\n::: explicacion\nAsí es.[^libro]\n:::\n:::",
        f"::: ordenar #q-x\nOrdene.\n\n1. a\n2. b\n3. c\n\n::: pista\n@{LONG}[^libro]\n:::\n:::",
        f"::: completar #q-x\nEs [[uno]].\n@{LONG}\n\n::: explicacion\nAsí.[^libro]\n:::\n:::",
        f"::: corta #q-x\n¿Qué?\n\n- [x] Uno\n@  > {LONG}[^libro]\n:::",
        f"::: escenario #e-x Una\n@{LONG}\n\n### A {{#a}}\nx\n\n- [Sigo](#f) {{score=2}}\n  > Bien.\n\n### F {{#f outcome=good}}\nx\n:::",
        f"::: escenario #e-x Una\n### A {{#a}}\nx\n\n- [Sigo](#f) {{score=2}}\n@  > {LONG}\n\n### F {{#f outcome=good}}\nx\n:::",
    ],
)
def test_a_long_sentence_is_told_where_it_begins(course: Path, text: str) -> None:
    line = add(course, text)
    assert ("long-sentence", TWO, line) in told(course)


def test_a_long_sentence_is_told_in_front_matter_and_in_the_glossary(course: Path) -> None:
    change(course, "minutes: 3\n", f"minutes: 3\nobjectives:\n  - Nombrar.\n  - {LONG}\n", TWO)
    line = add(course, f"Otra {{#g-otra}}\n: @{LONG}", "es/glossary.md")
    assert told(course) == [("long-sentence", "es/glossary.md", line), ("long-sentence", TWO, 7)]
    (first, _) = said(course, "long-sentence")
    assert "has 34 words: “Esta frase tiene muchas palabras y …”" in first.sentence(str)


def test_titles_code_and_sources_are_no_sentences(course: Path) -> None:
    add(
        course,
        f"::: corta #q-x {LONG}\n¿Qué?\n\n- [x] Uno\n  > Sí.[^libro]\n:::\n\n## {LONG}\n\n```\n{LONG}\n```\n\nUna.[^l]\n\n[^l]: {LONG}",
    )
    assert told(course) == []


def test_a_module_that_is_hard_to_read_is_told_at_its_title(course: Path) -> None:
    add(course, "La responsabilidad institucional correspondiente considera procedimientos administrativos. " * 20)
    assert told(course) == [("hard-to-read", TWO, 3)]
    assert "INFLESZ -" in said(course, "hard-to-read")[0].sentence(str)


def test_a_word_to_avoid_is_told_with_a_better_one(course: Path) -> None:
    line = add(course, "::: nota\nUna.\n\n@Vinieron unos ilegales. Y *los ilegales*.\n:::")
    assert told(course) == [("term", TWO, line)]
    better = "“unos ilegales” is a word to avoid. Rather: persona en situación migratoria irregular."
    assert said(course, "term")[0].sentence(str) == better


def test_a_word_to_avoid_is_told_in_course_yml(course: Path) -> None:
    settings = course / "course.yml"
    text = settings.read_text("utf-8")
    settings.write_text(f"{text}content_warning:\n  es: Habla de los ilegales.\n", "utf-8")
    assert told(course) == [("term", "course.yml", text.count("\n") + 2)]


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        (
            "::: clasificar #q-x\n¿Qué dice?\n\n- Los ilegales -> Evítelo\n  > No: los ilegales no.[^libro]\n- Ana -> Úselo\n:::",
            False,
        ),
        ("::: clasificar #q-x\n¿Qué dice?\n\n- Los ilegales -> No lo diga\n- Ana -> Diga[^libro]\n:::", False),
        ("::: clasificar #q-x\n¿Qué dice?\n\n- Los ilegales -> Úselo[^libro]\n- Ana -> Evítelo\n:::", True),
        ("::: desplegable «Los ilegales no tienen derechos»\nSí los tienen.\n:::", False),
        ("::: unica #q-x\n¿Qué?\n\n- [x] Ana\n  > Sí.\n- [ ] Los ilegales\n  > Nadie es ilegal.[^libro]\n:::", False),
        ("::: unica #q-x\n¿Qué?\n\n- [x] Ana\n  > Sí.\n- [ ] Los ilegales\n  > No es así.[^libro]\n:::", True),
        ("::: unica #q-x\n¿Qué?\n\n- [ ] Ana\n  > Sí.\n- [x] Los ilegales\n  > Nadie es ilegal.[^libro]\n:::", True),
    ],
)
def test_a_word_that_is_there_to_be_rejected_is_not_told(course: Path, text: str, fires: bool) -> None:
    add(course, text)
    assert [code for code, _, _ in told(course)] == ["term"] * fires


def test_a_module_without_sources_is_told(course: Path) -> None:
    path = course / TWO
    path.write_text(path.read_text("utf-8").replace("[^libro]: *Un libro*, 2026.", "").replace("[^libro]", ""), "utf-8")
    assert told(course) == [("no-sources", TWO, 3)]
    add(course, question("q-x", "¿Qué?", "+Uno", "Dos").replace("[^libro]", ""))
    assert told(course) == [("no-sources", TWO, 3)]


def test_a_question_without_a_source_is_told_where_most_have_one(course: Path) -> None:
    line = add(course, question("q-x", "¿Qué?", "+Uno", "Dos").replace("[^libro]", ""))
    assert told(course) == [("no-source", TWO, line)]


def test_a_course_whose_questions_have_no_sources_is_told_once(course: Path) -> None:
    for file in (ONE, TEST):
        change(course, "[^libro]\n", "\n", file)
        add(course, "Una.[^libro]", file)
    assert told(course) == [("no-source", "es/course.md", 2)]
    assert said(course, "no-source")[0].sentence(str).startswith("10 of the 11 questions")


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("+La respuesta que se ve enseguida por larga", "La que no lo es tanto", "La otra que no"), "longest"),
        (("+La corta", "La que se alarga mucho y con calma", "La que se alarga igual y con calma"), "shortest"),
        (("+Sí", "No nunca"), ""),
        (("+La respuesta que es algo más larga", "La respuesta que lo es menos", "La otra"), ""),
    ],
)
def test_a_right_option_whose_length_gives_it_away_is_told(course: Path, options: tuple[str, ...], word: str) -> None:
    line = add(course, question("q-x", "¿Qué?", *options))
    assert told(course) == ([("option-length", TWO, line)] if word else [])
    assert all(f"the {word} by far" in each.sentence(str) for each in said(course, "option-length"))


LONGER = ("La primera de ellas", "La tercera de todo", "+La segunda de todas ahí")
SHORTER = ("La primera de ellas", "La tercera de todo", "+La segunda de to")


@pytest.mark.parametrize(("options", "word"), [(LONGER, "longest"), (SHORTER, "shortest")])
def test_right_options_that_are_mostly_the_longest_or_shortest_are_told(
    course: Path, options: tuple[str, ...], word: str
) -> None:
    for number in range(3):
        turned = (*options[number:], *options[:number])
        add(course, question(f"q-x{number}", f"¿Qué hay en {number}?", *turned))
    assert told(course) == []
    add(course, question("q-x3", "¿Qué hay al fin?", *options))
    assert told(course) == [("option-lengths", TWO, 3)]
    assert f"In 4 of these 4 questions the right option is the {word}" in said(course, "option-lengths")[0].sentence(
        str
    )


def test_right_options_at_one_position_are_told(course: Path) -> None:
    for number in range(4):
        add(course, question(f"q-x{number}", f"¿Qué hay en {number}?", "Uno", "Dos", "Seis", "+Diez"))
    assert told(course) == [("answer-position", TWO, 3)]
    assert "the right option is number 4" in said(course, "answer-position")[0].sentence(str)


def test_right_options_at_one_position_of_all_quizzes_are_told_for_the_course(course: Path) -> None:
    change(course, "- [x] La letra A\n", "- [ ] La letra A\n", ONE)
    change(course, "- [ ] La letra B\n", "- [x] La letra B\n", ONE)
    for number in range(3):
        add(course, question(f"q-x{number}", f"¿Qué hay en {number}?", "Uno", "+Dos", "Seis", "Diez"))
    codes = told(course)
    assert ("answer-position", "es/course.md", 2) in codes


@pytest.mark.parametrize(("answers", "fires"), [("VVV", True), ("FFF", True), ("VFV", False), ("VV", False)])
def test_true_or_false_that_is_always_the_same_is_told(course: Path, answers: str, fires: bool) -> None:
    for number, answer in enumerate(answers):
        right, wrong = ("Verdadero", "Falso") if answer == "V" else ("Falso", "Verdadero")
        options = f"- [x] {right}\n  > Sí.[^libro]\n- [ ] {wrong}\n  > No.\n"
        text = f"::: verdadero-falso #q-x{number} pool=p1\nHay {number}.\n\n{options}:::"
        add(course, text, TEST)
    assert [code for code, _, _ in told(course)] == ["same-answers"] * fires


@pytest.mark.parametrize(
    ("prompt", "twin"),
    [
        ("¿Cuál es la PRIMERA letra?", "q-y"),
        ("¿Cual es la primera letra", "q-y"),
        ("¿Cuál es la primera letra de aquí?", ""),
        (
            "Una mujer de 30 años llega con su hija a la oficina y pide hablar a solas con usted ahora mismo.\n\n¿Qué hace?",
            "q-z",
        ),
        (
            "Una mujer de 31 años llega con su hija a la oficina y pide hablar a solas con usted ahora.\n\n¿Qué hace?",
            "",
        ),
        ("Un hombre llega solo.\n\n¿Qué hace?", ""),
    ],
)
def test_a_question_that_a_test_repeats_is_told(course: Path, prompt: str, twin: str) -> None:
    add(course, question("q-y", "¿Cuál es la primera letra?", "Uno", "+Dos"), ONE)
    woman = "Una mujer de 30 años llega con su hija a la oficina y pide hablar a solas con usted ahora."
    add(course, question("q-z", f"{woman}\n\n¿Qué hace?", "+Uno", "Dos"))
    line = add(course, question("q-x pool=p1", prompt, "Uno", "+Dos"), TEST)
    assert told(course) == ([("repeated-stem", TEST, line)] if twin else [])
    assert all(f"“{twin}” asks the same" in each.sentence(str) for each in said(course, "repeated-stem"))


WHY = "::: explicacion\nAsí.[^libro]\n:::\n:::"
SORT = f"::: ordenar #{{}}\nOrdene lo que sigue.\n\n1. {{}}\n2. b\n3. c\n\n{WHY}"
GAPS = f"::: completar #{{}}\nComplete lo que falta.\n\n{{}} es [[así]].\n\n{WHY}"
MATCH = f"::: relacionar #{{}}\nUna cada cosa.\n\n- {{}} -> b\n- c -> d\n\n{WHY}"


def test_what_is_to_be_sorted_is_part_of_what_is_asked(course: Path) -> None:
    writes = {"o": SORT, "g": GAPS, "m": MATCH}
    for name, text in writes.items():
        add(course, text.format(f"q-{name}", "Uno"), ONE)
        add(course, text.format(f"q-{name}2 pool=p1", "Otro"), TEST)
    assert told(course) == []
    for name, text in writes.items():
        add(course, text.format(f"q-{name}3 pool=p1", "Uno"), TEST)
    assert [code for code, _, _ in told(course)] == ["repeated-stem"] * 3


def test_a_verify_that_is_left_is_told(course: Path) -> None:
    line = add(course, "Son 90 días.\n@VERIFY.[^l]\n\n[^l]: VERIFY, 2026.")
    assert told(course) == [("verify-left", TWO, line), ("verify-left", TWO, line + 2)]


def test_a_mark_that_marks_no_source_is_told(course: Path) -> None:
    line = add(course, "@Verifique en su país {verify}.[^l]\n\n[^l]: Ley, {Verifique} 2026. {verify}")
    assert told(course) == [("verify-left", TWO, line), ("verify-left", TWO, line + 2)]


ACCEPTED = "accepted:\n  - {code: long-sentence, unit: m-dos, why: Es una prueba.}\n"


def accept(course: Path, text: str) -> int:
    """The settings with that at their end; the line where it begins."""
    path = course / "course.yml"
    before = path.read_text("utf-8")
    path.write_text(before + text, "utf-8")
    return before.count("\n") + 1


def test_what_is_accepted_is_not_told_wherever_it_stands(course: Path) -> None:
    accept(course, ACCEPTED)
    add(course, LONG)
    found = advice(course)
    assert (found.findings, found.accepted) == ([], 1)
    change(course, "Una historia", "Más texto.\n\nUna historia", TWO)
    assert advice(course).accepted == 1


@pytest.mark.parametrize(
    ("entry", "accepted"),
    [
        ("code: long-sentence, unit: m-dos", 2),
        ("code: long-sentence, unit: m-dos, text: muchas palabras", 1),
        ("code: long-sentence, unit: m-dos, text: MUCHAS  palabras", 1),
        ("code: long-sentence, unit: m-dos, text: otra cosa", 0),
        ("code: long-sentence, unit: m-uno", 0),
        ("code: term, unit: m-dos", 0),
    ],
)
def test_an_acceptance_is_for_a_code_a_unit_and_perhaps_for_words(course: Path, entry: str, accepted: int) -> None:
    line = accept(course, f"accepted:\n  - {{{entry}, why: Es una prueba.}}\n") + 1
    add(course, f"{LONG}\n\n{'una ' * 30}.")
    found = advice(course)
    assert found.accepted == accepted
    unused = [("accepted-unused", "course.yml", line)] if not accepted else []
    assert [each for each in told(course) if each[0] == "accepted-unused"] == unused
    assert len(found.findings) == 2 - accepted + len(unused)


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ("{code: long-sentense, unit: m-dos, why: Sí.}", "unknown-code"),
        ("{code: no-right, unit: m-dos, why: Sí.}", "unknown-code"),
        ("{code: term, unit: m-dos}", "missing-key"),
        ("{code: term, why: Sí.}", "missing-key"),
        ("{unit: m-dos, why: Sí.}", "missing-key"),
        ("{code: term, unit: m-dos, line: 3, why: Sí.}", "unknown-key"),
        ("term", "value"),
    ],
)
def test_an_acceptance_that_is_not_whole_is_an_error(course: Path, entry: str, code: str) -> None:
    accept(course, f"accepted: [{entry}]\n")
    assert [each.code for each in load(course)[1]] == [code]


@pytest.mark.parametrize(
    "entry", ["{}", "{code: tern, unit: m-dos, why: Sí.}", "{code: term, unit: [m-dos], why: Sí.}"]
)
def test_an_acceptance_that_says_nothing_is_not_told_twice(course: Path, entry: str) -> None:
    accept(course, f"accepted: [{entry}]\n")
    assert told(course) == []


def test_each_language_is_looked_at_by_itself_and_structure_once(tmp_path: Path) -> None:
    course = two_languages(tmp_path)
    before = {(code, file) for code, file, _ in told(course)}
    assert not any(file.startswith("en/") for _, file in before)
    add(course, "Illegal migrants.", "en/02-dos.md")
    add(course, "This sentence has words " + "and more " * 12 + "at last.", "en/02-dos.md")
    now = {(code, file) for code, file, _ in told(course)}
    assert now - before == {("term", "en/02-dos.md"), ("long-sentence", "en/02-dos.md")}
    assert [each.language for each in advice(course).figures] == ["es", "en"]


def test_a_language_that_nobody_taught_is_counted_and_not_judged(tmp_path: Path) -> None:
    course = two_languages(tmp_path)
    change(course, "languages: [es, en]", "languages: [es, quc]", "course.yml")
    (course / "en").rename(course / "quc")
    add(course, "Jun tzij chik. " * 60, "quc/02-dos.md")
    assert not any(file.startswith("quc/") for _, file, _ in told(course))
    assert [(each.language, each.ease) for each in advice(course).figures][1] == ("quc", None)


def test_a_course_with_errors_is_advised_as_far_as_it_can_be_read(course: Path) -> None:
    add(course, LONG)
    add(course, "::: unica #q-x\n- [ ] Sin nada\n:::\n\n::: completar #q-y\n:::")
    assert any(each.severity == "error" for each in load(course)[1])
    assert "long-sentence" in [code for code, _, _ in told(course)]
    (course / "course.yml").write_text("nada", "utf-8")
    assert advice(course) == Advice()


def test_figures_count_what_a_course_is_made_of(course: Path) -> None:
    (before,) = advice(course).figures
    add(course, f"Cinco palabras son estas aquí. {LONG}")
    (after,) = advice(course).figures
    assert after == dataclasses.replace(before, words=before.words + 5 + 34, ease=after.ease, long_sentences=1)
    assert (before.minutes, before.questions) == (10, 11)
    assert set(before.kinds) == {
        "cards",
        "reflection",
        "scenario",
        "single",
        "multiple",
        "true-false",
        "match",
        "order",
    }


def test_only_who_asks_is_advised(course: Path) -> None:
    line = add(course, LONG)
    plain, advised = compile_course(course), compile_course(course, advice=True)
    assert (plain.diagnostics, plain.figures) == ((), ())
    assert [(each.code, each.line) for each in advised.diagnostics] == [("long-sentence", line)]
    assert (len(advised.figures), advised.accepted) == (1, 0)
    assert plain.course_json == advised.course_json
