"""Each block, name and setting becomes what the format says; files that name each other agree."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from lms.content.course import load
from lms.content.model import (
    Callout,
    Cards,
    Course,
    Details,
    Heading,
    Module,
    Poll,
    Prose,
    Quiz,
    Recording,
    Reflection,
    Scenario,
)
from lms.content.names import CALLOUTS, KINDS
from lms.content.question_model import ChoiceQuestion, MatchQuestion, OrderQuestion
from tests.content.corpus import Q

SAMPLE = Path(__file__).parent / "sample" / "demo-course"
BODIES = {
    "details": "{} Título\nx\n:::",
    "cards": "{} #fc-x\n- a -> b\n:::",
    "reflection": "{} #r-x\nx\n:::",
    "scenario": "{} #e-x Una\n### F {{#f outcome=good}}\nx\n:::",
    "match": "{} #q-x\nUna.\n\n- a -> b\n- c -> d\n:::",
    "classify": "{} #q-x\nUna.\n\n- a -> b\n- c -> d\n:::",
    "numeric": "{} #q-x\n¿Cuántos?\n\n- [x] 18\n  > s\n:::",
    "blanks": "{} #q-x\nUna.\n\nEs [[uno]].\n:::",
    "poll": "{} #p-x\n¿Cuál?\n\n- a\n- b\n:::",
    "scale": '{} #s-x low="a" high="b"\n¿Cuánto?\n:::',
    "audio": "{} src=media/x.mp3 Título\nx\n:::",
    "video": "{} src=media/x.mp4 captions=media/x.vtt Título\nx\n:::",
    "hint": "::: single #q-x\n¿Cuál?\n\n{}\nx\n:::\n\n- [x] a\n  > s\n- [ ] b\n  > n\n:::",
    "order": "{} #q-x\nOrdene.\n\n1. a\n2. b\n3. c\n:::",
}
BODIES["explanation"] = BODIES["hint"]
CHOICE = "{} #q-x\n¿Cuál?\n\n- [x] a\n  > s\n- [ ] b\n  > n\n:::"

RECORDINGS = {
    "x.mp3": b"ID3...",
    "x.mp4": b"\0\0\0\x20ftypisom",
    "x.vtt": "WEBVTT\n\n00:00.000 --> 00:02.000\nHola, ¿qué tal?\n".encode(),
    "x.en.vtt": b"WEBVTT\n\n00:00.000 --> 00:02.000\nHello\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = Path(shutil.copytree(SAMPLE, tmp_path / "demo-course"))
    for name, content in RECORDINGS.items():
        (made / "media" / name).write_bytes(content)
    return made


def module_with(folder: Path, text: str) -> Module:
    """The second module with that text after its own."""
    path = folder / "es/02-dos.md"
    path.write_text(f"{path.read_text('utf-8')}\n{text}\n", "utf-8")
    course, findings = load(folder)
    assert course, [(each.code, each.line, each.sentence(str)) for each in findings]
    return course.editions["es"].modules["m-dos"]


def settings(folder: Path, *changes: tuple[str, str], file: str = "course.yml") -> Course:
    path = folder / file
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    course, findings = load(folder)
    assert course, [(each.code, each.line, each.sentence(str)) for each in findings]
    return course


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_block_may_be_named_in_english_or_spanish_with_accents_or_capitals(folder: Path, kind: object) -> None:
    name, spanish = kind.name, kind.spanish  # type: ignore[attr-defined]
    body = "{}\nx\n:::" if name in CALLOUTS else BODIES.get(name, CHOICE)
    made = set()
    for word in (name, spanish.upper(), spanish.replace("u", "ú", 1).replace("-", "_")):
        block = module_with(folder, body.format(f"::: {word}")).body[-1]
        made.add(getattr(block.questions[0], "kind", "") if isinstance(block, Quiz) else type(block).__name__)
        shutil.copy(SAMPLE / "es/02-dos.md", folder / "es/02-dos.md")
    assert len(made) == 1


@pytest.mark.parametrize("kind", CALLOUTS)
def test_a_callout_has_its_kind_title_and_blocks(folder: Path, kind: str) -> None:
    block = module_with(folder, f"::: {kind} Un *título*\nUno.\n\n::: details Más\nDos.\n:::\n:::").body[-1]
    assert isinstance(block, Callout)
    assert (block.kind, block.title) == (kind, "Un <em>título</em>")
    prose, details = block.body
    assert isinstance(prose, Prose)
    assert isinstance(details, Details)
    assert (prose.html, details.title) == ("<p>Uno.</p>", "Más")


def test_a_scenario_has_its_steps_ways_and_endings(folder: Path) -> None:
    course, _ = load(folder)
    assert course
    (scenario,) = course.editions["es"].modules["m-dos"].scenarios()
    assert isinstance(scenario, Scenario)
    assert (scenario.id, scenario.title) == ("e-camino", "El camino")
    assert isinstance(scenario.intro[0], Prose)
    assert [(step.id, step.title, step.outcome) for step in scenario.steps] == [
        ("cruce", "El cruce", ""),
        ("llegada", "La llegada", "good"),
    ]
    assert [(way.target, way.score, way.consequence) for way in scenario.steps[0].ways] == [
        ("cruce", 0, "Está cerrado. Vuelva a elegir."),
        ("llegada", 2, "Es el camino bueno."),
    ]
    assert scenario.steps[0].ways[0].html == "Tomo el de la izquierda."


def test_outcomes_and_scores_have_spanish_names_and_a_consequence_may_take_two_lines(folder: Path) -> None:
    text = (
        "::: escenario #e-x Una\n### A {#a}\nx\n\n- [A](#f) {nota=1}\n  > Uno\n  > y dos.\n- [B](#g)\n  > Tres\n  y cuatro."
        "\n\n### F {#f final=regular}\nx\n\n### G {#g outcome=malo}\nx\n:::"
    )
    (_, scenario) = module_with(folder, text).scenarios()
    assert [step.outcome for step in scenario.steps] == ["", "fair", "bad"]
    assert [way.consequence for way in scenario.steps[0].ways] == ["Uno y dos.", "Tres y cuatro."]
    assert [way.score for way in scenario.steps[0].ways] == [1, 0]


def test_cards_and_reflections_have_their_text(folder: Path) -> None:
    course, _ = load(folder)
    assert course
    body = course.editions["es"].modules["m-uno"].body
    cards = next(block for block in body if isinstance(block, Cards))
    assert (cards.id, cards.title) == ("fc-uno", "Dos caras")
    assert [(card.front, card.back) for card in cards.cards] == [("Frente", "Dorso"), ("Arriba", "Abajo")]
    reflection = next(block for block in body if isinstance(block, Reflection))
    assert (reflection.id, reflection.line) == ("r-uno", 89)


def test_keys_of_authors_stay_and_the_others_are_their_places(folder: Path) -> None:
    block = module_with(folder, Q.replace("[ ] Dos", "[ ] {dos} Dos")).body[-1]
    assert isinstance(block, Quiz)
    question = block.questions[0]
    assert isinstance(question, ChoiceQuestion)
    assert [(option.key, option.html) for option in question.options] == [("1", "Uno"), ("dos", "Dos")]


def test_options_of_a_question_are_read_in_both_languages(folder: Path) -> None:
    text = "::: multiple #q-x puntos=3 nota=todo Un título\n¿?\n\n- [x] a\n  > s\n- [ ] b\n  > n\n:::"
    block = module_with(folder, text).body[-1]
    assert isinstance(block, Quiz)
    question = block.questions[0]
    assert (question.points, question.scoring, question.title) == (3, "all", "Un título")


def test_targets_are_numbered_as_their_items_come_and_a_distractor_is_last(folder: Path) -> None:
    block = module_with(folder, BODIES["match"].format("::: match").replace("- c", "- -> z\n- e -> b\n- c")).body[-1]
    assert isinstance(block, Quiz)
    question = block.questions[0]
    assert isinstance(question, MatchQuestion)
    assert [(target.key, target.html) for target in question.targets] == [("t1", "b"), ("t2", "d"), ("t3", "z")]
    assert [(pair.html, pair.target) for pair in question.pairs] == [("a", "t1"), ("e", "t1"), ("c", "t2")]


def test_pairs_with_keys_may_change_places_and_every_target_keeps_its_key(folder: Path) -> None:
    lines = ["- {1} a -> b", "- {2} c -> d", "- {3} e -> b", "- {t9} -> z", "- -> y"]
    made = []
    for place, order in enumerate((lines, [lines[4], *lines[2::-1], lines[3]])):
        text = "\n".join([f"::: match #q-x{place}", "Una.", "", *order, ":::", "", "Y."])
        question = list(module_with(folder, text).questions())[-1]
        assert isinstance(question, MatchQuestion)
        made.append(({each.html: each.key for each in question.targets}, {p.key: p.target for p in question.pairs}))
    assert (
        made[0]
        == made[1]
        == (
            {"b": "t1", "d": "t2", "y": "t3", "z": "t9"},
            {"1": "t1", "2": "t2", "3": "t1"},
        )
    )


def test_items_keep_the_order_in_which_they_are_written(folder: Path) -> None:
    block = module_with(folder, "::: order #q-x\nOrdene.\n\n1) a\n2) {b} b\n   > Sí.\n3) c\n:::").body[-1]
    assert isinstance(block, Quiz)
    question = block.questions[0]
    assert isinstance(question, OrderQuestion)
    assert [(item.key, item.html, item.feedback) for item in question.items] == [
        ("1", "a", ""),
        ("b", "b", "Sí."),
        ("3", "c", ""),
    ]


def test_text_between_two_questions_makes_two_quizzes(folder: Path) -> None:
    other = Q.replace("q-x", "q-y")
    together = [block for block in module_with(folder, f"{Q}\n\n{other}").body if isinstance(block, Quiz)]
    assert [len(quiz.questions) for quiz in together] == [2]
    shutil.copy(SAMPLE / "es/02-dos.md", folder / "es/02-dos.md")
    apart = [block for block in module_with(folder, f"{Q}\nEntre.\n\n{other}").body if isinstance(block, Quiz)]
    assert [quiz.id for quiz in apart] == ["q-x", "q-y"]


def test_footnotes_are_numbered_as_they_are_first_used(folder: Path) -> None:
    module = module_with(folder, "Uno.[^b] Dos.[^a] Otra vez.[^b]\n\n[^a]: *A*.\n[^b]: *B*,\n  2026.")
    assert [(note.name, note.number, note.html) for note in module.footnotes] == [
        ("b", 1, "<em>B</em>, 2026."),
        ("a", 2, "<em>A</em>."),
    ]
    prose = module.body[-1]
    assert isinstance(prose, Prose)
    assert re.findall(r'href="#(.*?)">\[(\d)\]', prose.html) == [("fn-b", "1"), ("fn-a", "2"), ("fn-b", "1")]


def test_headings_without_an_id_get_one_that_no_other_has(folder: Path) -> None:
    module = module_with(folder, "## ¿Qué año?\n\nx\n\n### ¿Qué año?\n\nx\n\n#### ¿?\n\nx")
    headings = [block for block in module.body if isinstance(block, Heading)]
    assert [(each.level, each.anchor) for each in headings] == [(2, "que-ano"), (3, "que-ano-2"), (4, "s")]


def test_an_abbreviation_holds_in_the_whole_file(folder: Path) -> None:
    module = module_with(folder, "::: nota\nUn LMS.\n:::\n\n*[LMS]: Sistema de gestión")
    block = module.body[-1]
    assert isinstance(block, Callout)
    prose = block.body[0]
    assert isinstance(prose, Prose)
    assert prose.html == '<p>Un <abbr title="Sistema de gestión">LMS</abbr>.</p>'


def test_the_settings_of_a_course_are_read(folder: Path) -> None:
    course = settings(
        folder,
        ("hours: 1", "hours: 1,5"),
        ("access: open", "access: enrolled\nsensitive: sí\npublic_title: {es: Curso}\nmajor: 2\nretired: [q-vieja]"),
        ("license: CC-BY-SA-4.0", "license: no\nrenamed: {q-antes: q-a}\ncontent_warning: {es: Duele}"),
        ("modules: all", "modules: [m-uno, m-prueba]"),
    )
    assert (course.hours, course.access, course.sensitive, course.major) == (1.5, "enrolled", True, 2)
    assert (course.public_title, course.retired, course.renamed) == ({"es": "Curso"}, ("q-vieja",), {"q-antes": "q-a"})
    assert (course.required, course.license) == (("m-uno", "m-prueba"), "no")
    assert course.review == {"status": "draft"}
    assert course.credits == ({"name": "Equipo de pruebas", "role": "autoría"},)
    assert course.content_warning == {"es": "Duele"}


def test_a_review_has_its_day_and_a_course_needs_no_certificate(folder: Path) -> None:
    course = settings(
        folder, ("{status: draft}", "{status: official, on: 2026-11-24}"), (", certificate: m-prueba", "")
    )
    assert (course.review, course.certificate) == ({"status": "official", "on": "2026-11-24"}, "")


def test_the_rules_of_a_test_are_read(folder: Path) -> None:
    new = "pass: 70\nattempts: 3\nwait: 60\nshuffle: no\noffline: yes"
    rules = settings(folder, ("pass: 80", new), file="es/90-prueba.md").editions["es"].modules["m-prueba"].test
    assert rules is not None
    assert (rules.pass_mark, rules.attempts, rules.wait, rules.shuffle, rules.offline) == (70, 3, 60, False, True)


def test_a_language_without_an_edition_is_shown_in_the_source(folder: Path) -> None:
    course, _ = load(folder)
    assert course
    assert course.edition("fr") is course.edition("es")


@pytest.fixture
def bilingual(folder: Path) -> Path:
    shutil.copytree(folder / "es", folder / "en")
    path = folder / "course.yml"
    path.write_text(path.read_text("utf-8").replace("languages: [es]", "languages: [es, en]"), "utf-8")
    return folder


def test_a_translation_may_say_it_in_other_words_and_blocks(bilingual: Path) -> None:
    path = bilingual / "en/01-uno.md"
    text = path.read_text("utf-8")
    for old, new in (("::: unica", "::: single"), ("La letra A", "Letter A"), ("::: nota\n", "::: tip Read\n")):
        text = text.replace(old, new)
    path.write_text(text + "\nMore.\n", "utf-8")
    course, findings = load(bilingual)
    assert course
    assert [each.code for each in findings] == ["translation"]
    assert course.edition("en").modules["m-uno"].language == "en"


def test_a_module_only_in_a_translation_is_told(bilingual: Path) -> None:
    (bilingual / "es/02-dos.md").unlink()
    course, findings = load(bilingual)
    assert course is None
    assert ("no-module", "demo-course/course.yml") in [(each.code, each.file) for each in findings]


def test_a_translation_without_its_about_page_is_told(bilingual: Path) -> None:
    (bilingual / "en/course.md").unlink()
    course, findings = load(bilingual)
    assert course is None
    assert [(each.code, each.file) for each in findings] == [("no-about", "demo-course/en/course.md")]


def test_a_course_without_a_glossary_may_use_no_term(folder: Path) -> None:
    (folder / "es/glossary.md").unlink()
    findings = load(folder)[1]
    assert [(each.code, each.file, each.line) for each in findings] == [
        ("no-term", "demo-course/es/01-uno.md", 8),
        ("no-term", "demo-course/es/course.md", 10),
    ]


def test_lines_of_windows_and_decomposed_accents_are_read(folder: Path) -> None:
    path = folder / "es/01-uno.md"
    before, _ = load(folder)
    text = path.read_text("utf-8").replace("Módulo", "Mo\u0301dulo").replace("\n", "\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    after, findings = load(folder)
    assert findings == []
    assert before == after


def test_an_about_page_that_cannot_be_read_is_told(folder: Path) -> None:
    (folder / "es/course.md").write_bytes(b"---\ntitle: \xff\n---\n")
    course, findings = load(folder)
    assert course is None
    assert [(each.code, each.file, each.line) for each in findings] == [("encoding", "demo-course/es/course.md", 2)]


def question(folder: Path, text: str) -> Any:
    """The last question of that text."""
    block = module_with(folder, text).body[-1]
    assert isinstance(block, Quiz)
    return block.questions[-1]


def test_a_short_answer_has_what_is_right_and_common_mistakes(folder: Path) -> None:
    text = "::: corta #q-x match=exacta\nUna ciudad.\n\n¿Dónde?\n\n- [x] {a} Palermo\n  > Sí.\n- [ ] Roma\n  > No: *Palermo*.\n:::"
    made = question(folder, text)
    assert (made.kind, made.match, made.vignette, made.prompt) == ("short", "exact", "<p>Una ciudad.</p>", "¿Dónde?")
    assert [(each.key, each.text, each.right, each.feedback) for each in made.expected] == [
        ("a", "Palermo", True, "Sí."),
        ("2", "Roma", False, "No: <em>Palermo</em>."),
    ]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("18", "18"),
        ("18,50", "18.5"),
        ("18,0", "18"),
        ("100", "100"),
        ("18 ± 0,5", "17.5..18.5"),
        ("17..19", "17..19"),
        ("17 … 19", "17..19"),
        ("−3", "-3"),
        ("1 200", "1200"),
        ("-5..-3", "-5..-3"),
    ],
)
def test_a_number_is_kept_in_one_way(folder: Path, written: str, kept: str) -> None:
    made = question(folder, f"::: numerica #q-x\n¿Cuántos?\n\n- [x] {written}\n  > Sí.\n:::")
    assert (made.kind, made.expected[0].text) == ("numeric", kept)


def test_categories_repeat(folder: Path) -> None:
    made = question(folder, "::: clasificar #q-x\nAgrupe.\n\n- a -> X\n- b -> Y\n- c -> X\n:::")
    assert made.kind == "classify"
    assert [(pair.html, pair.target) for pair in made.pairs] == [("a", "t1"), ("b", "t2"), ("c", "t1")]


def test_a_text_with_gaps_is_whole_without_its_answers(folder: Path) -> None:
    made = question(
        folder,
        "::: completar #q-x\nUna situación.\n\nComplete.\n\nEs *[[uno ; un]]*\ny [[(dos) | tres | 4 (cuatro)]].\n\n- [[fin]]\n:::",
    )
    assert (made.kind, made.vignette, made.prompt) == ("blanks", "<p>Una situación.</p>", "Complete.")
    assert "".join(f"{text}_" for text in made.texts) == ("<p>Es <em>_</em>\ny _.</p>\n<ul>\n<li>_</li>\n</ul>_")
    assert [gap.accepted for gap in made.gaps] == [("uno", "un"), (), ("fin",)]
    assert [(option.text, option.right) for option in made.gaps[1].options] == [
        ("dos", True),
        ("tres", False),
        ("4 (cuatro)", False),
    ]
    assert question(folder, "::: blanks #q-z\nEs [[uno]].\n:::").prompt == ""


def test_hints_and_an_explanation_stand_within_a_question(folder: Path) -> None:
    made = question(
        folder,
        "::: unica #q-x\n¿Cuál?\n\n::: pista\nUna.\n:::\n::: pista\nDos.\n:::\n\n- [x] a\n  > s\n- [ ] b\n  > n\n\n::: explicacion\nPorque *sí*.[^p]\n:::\n:::\n\n[^p]: Palermo.",
    )
    assert made.hints == ("<p>Una.</p>", "<p>Dos.</p>")
    assert made.explanation.startswith("<p>Porque <em>sí</em>.<sup")
    assert [option.html for option in made.options] == ["a", "b"]


def test_a_poll_has_options_and_a_scale_has_steps(folder: Path) -> None:
    poll = module_with(folder, "::: encuesta #p-x Opinión\nUno.\n\n¿Cuál?\n\n- {a} *A*\n- B\n:::").body[-1]
    assert isinstance(poll, Poll)
    assert (poll.kind, poll.title, poll.vignette, poll.prompt) == ("poll", "Opinión", "<p>Uno.</p>", "¿Cuál?")
    assert [(each.key, each.html) for each in poll.options] == [("a", "<em>A</em>"), ("2", "B")]
    scale = module_with(folder, '::: escala #s-x pasos=3 mínimo="Nada, en absoluto" máximo=Mucho\n¿Cuánto?\n:::').body[
        -1
    ]
    assert isinstance(scale, Poll)
    assert (scale.kind, scale.low, scale.high) == ("scale", "Nada, en absoluto", "Mucho")
    assert [each.key for each in scale.options] == ["1", "2", "3"]


def test_a_recording_has_its_file_its_captions_and_its_transcript(folder: Path) -> None:
    film = module_with(
        folder, "::: vídeo archivo=../media/x.mp4 subtítulos=media/x.vtt Un saludo\nSe oye: *hola*.\n:::"
    ).body[-1]
    assert isinstance(film, Recording)
    assert (film.kind, film.title, film.media, film.captions, film.language) == (
        "video",
        "Un saludo",
        "x.mp4",
        "x.vtt",
        "es",
    )
    assert isinstance(film.transcript[0], Prose)
    sound = module_with(folder, "::: audio src=media/x.mp3 Un saludo\nSe oye: hola.\n:::").body[-1]
    assert isinstance(sound, Recording)
    assert (sound.kind, sound.captions) == ("audio", "")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.mp4", b"<html>"),
        ("x.mp4", b""),
        ("x.vtt", b"WEBVTT"),
        ("x.vtt", b"NOTVTT\n\n00:00.000 --> 00:02.000\nx"),
        ("x.vtt", b"WEBVTT\n\n00:00.000 --> 00:02.000\n\xff"),
    ],
)
def test_a_recording_that_is_not_what_its_name_says_is_refused(folder: Path, name: str, content: bytes) -> None:
    (folder / "media" / name).write_bytes(content)
    path = folder / "es/02-dos.md"
    path.write_text(
        path.read_text("utf-8") + "\n::: video src=media/x.mp4 captions=media/x.vtt Título\nx\n:::\n", "utf-8"
    )
    course, findings = load(folder)
    assert course is None
    assert [each.code for each in findings] == ["file-content"]
