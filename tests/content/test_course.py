"""What the sample course is read into."""

import shutil
from pathlib import Path

import pytest

from lms.content.course import load
from lms.content.model import Callout, Cards, Course, Details, Figure, Heading, Prose, Quiz, Reflection
from lms.content.question_model import ChoiceQuestion, MatchQuestion, OrderQuestion
from lms.services.running.publish import course_folders

SAMPLE = Path(__file__).parent / "sample" / "demo-course"


@pytest.fixture(scope="module")
def course() -> Course:
    loaded, findings = load(SAMPLE)
    assert loaded is not None, findings
    return loaded


def test_blocks_come_in_the_authors_order(course: Course) -> None:
    body = course.editions["es"].modules["m-uno"].body
    kinds = [type(block) for block in body]
    assert kinds == [Prose, Heading, Figure, Callout, Details, Cards, Prose, Quiz, Heading, Quiz, Reflection]
    assert [heading.anchor for heading in body if isinstance(heading, Heading)] == ["primera", "segunda"]


def test_neighbouring_questions_are_one_quiz(course: Course) -> None:
    quizzes = [block for block in course.editions["es"].modules["m-uno"].body if isinstance(block, Quiz)]
    assert [[question.id for question in quiz.questions] for quiz in quizzes] == [["q-a", "q-b", "q-c"], ["q-d", "q-e"]]
    assert [quiz.id for quiz in quizzes] == ["q-a", "q-d"]


def test_a_question_has_its_parts(course: Course) -> None:
    questions = {each.id: each for each in course.editions["es"].modules["m-uno"].questions()}
    first, matching, ordering = questions["q-a"], questions["q-d"], questions["q-e"]
    assert isinstance(first, ChoiceQuestion)
    assert first.vignette == "<p>Una situación breve.</p>"
    assert first.prompt == "¿Cuál es la primera letra?"
    assert [(option.key, option.right) for option in first.options] == [("1", True), ("2", False), ("3", False)]
    assert first.options[0].feedback.endswith('<sup class="ref"><a href="#fn-uno">[1]</a></sup>')
    assert isinstance(matching, MatchQuestion)
    assert [(pair.key, pair.target) for pair in matching.pairs] == [("1", "t1"), ("2", "t2"), ("3", "t1")]
    assert [target.html for target in matching.targets] == ["Vocal", "Consonante", "Número"]
    assert isinstance(ordering, OrderQuestion)
    assert [item.key for item in ordering.items] == ["1", "2", "3"]


def test_sources_and_terms_are_gathered(course: Course) -> None:
    module = course.editions["es"].modules["m-uno"]
    assert [(note.name, note.number) for note in module.footnotes] == [("uno", 1)]
    assert module.terms == ("g-muestra",)
    assert course.editions["es"].glossary["g-muestra"].term == "Muestra"
    prose = module.body[0]
    assert isinstance(prose, Prose)
    assert '<a class="term" href="#g-muestra">término</a>' in prose.html


def test_the_rules_of_the_test_are_read(course: Course) -> None:
    rules = course.editions["es"].modules["m-prueba"].test
    assert rules is not None
    assert (rules.pass_mark, dict(rules.draw), dict(rules.review)) == (
        80,
        {"p1": 2, "p2": 2},
        {"p1": "m-uno", "p2": "m-dos"},
    )
    assert (course.required, course.certificate, course.major) == (("m-uno", "m-dos", "m-prueba"), "m-prueba", 1)


def test_a_table_is_framed_and_aligned_without_styles(course: Course) -> None:
    html = next(
        each.html
        for each in course.editions["es"].modules["m-uno"].body
        if isinstance(each, Prose) and "table" in each.html
    )
    assert html.startswith('<div class="table" tabindex="0"><table>')
    assert '<td class="right">1</td>' in html


def test_media_are_named_by_their_content(course: Course) -> None:
    picture = course.media["cuadro.svg"]
    assert picture.type == "image/svg+xml"
    assert len(picture.sha256) == 64


def translated(tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "demo-course"))
    shutil.copytree(folder / "es", folder / "en")
    path = folder / "course.yml"
    path.write_text(path.read_text("utf-8").replace("languages: [es]", "languages: [es, en]"), "utf-8")
    return folder


def test_a_course_in_two_languages_has_two_editions(tmp_path: Path) -> None:
    folder = translated(tmp_path)
    shutil.copy(folder / "media/cuadro.svg", folder / "media/cuadro.en.svg")
    loaded, findings = load(folder)
    assert [each.code for each in findings] == ["translation"]
    assert loaded
    assert loaded.edition("en").language == "en"
    assert loaded.edition("fr").language == "es"
    figure = next(block for block in loaded.edition("en").modules["m-uno"].body if isinstance(block, Figure))
    assert figure.media == "cuadro.en.svg"


def test_a_module_not_translated_yet_is_a_warning(tmp_path: Path) -> None:
    folder = translated(tmp_path)
    (folder / "en/02-dos.md").unlink()
    loaded, findings = load(folder)
    assert loaded
    assert [(each.code, each.severity) for each in findings] == [("translation", "warning")]
    assert loaded.edition("en").modules["m-dos"].language == "es"
    assert loaded.edition("en").modules["m-uno"].language == "en"


def test_a_language_that_has_a_folder_and_is_not_listed_is_told(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "demo-course"))
    shutil.copytree(folder / "es", folder / "en")
    course, findings = load(folder)
    assert course is None
    assert [(each.code, each.line, each.values["name"]) for each in findings] == [("folder-not-listed", 5, "en")]


def test_a_course_whose_settings_have_another_name_is_told(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "demo-course"))
    (folder / "course.yml").rename(folder / "course.yaml")
    assert course_folders(tmp_path) == course_folders(folder) == [folder]
    course, findings = load(folder)
    assert course is None
    assert [each.code for each in findings] == ["no-file"]
