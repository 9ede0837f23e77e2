"""The repository's own questions before and after a course: both forms, in every language of the course."""

from pathlib import Path

import pytest

from lms.content.course import load
from lms.content.plain import plain_words
from lms.content.wording.repeats import stem
from lms.learning.grading import grade, right_answer
from tests.answers import wrong_answer

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(
    {path.parent.parent for path in ROOT.glob("courses_content/*/*/knowledge.md")} | {ROOT / "docs/muestrario"}
)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_both_forms_are_asked_in_every_language(folder: Path) -> None:
    course, findings = load(folder)
    assert course, findings
    asked = {language: [edition.form(form) for form in "ab"] for language, edition in course.editions.items()}
    assert {tuple(map(len, forms)) for forms in asked.values()} == {(len(asked["es"][0]),) * 2}
    for language, forms in asked.items():
        questions = [question for form in forms for question in form]
        for question in questions:
            assert grade(question, right_answer(question)) == 1, (language, question.id)
            assert grade(question, wrong_answer(question)) == 0, (language, question.id)
            assert all(plain_words(each.feedback) for each in getattr(question, "options", ())), question.id
        elsewhere = [stem(each) for module in course.editions[language].modules.values() for each in module.questions()]
        stems = [stem(question) for question in questions]
        assert len({*stems, *elsewhere}) == len({*elsewhere}) + len(questions), "each asks for something of its own"
