"""What a learner writes is right where it is right in any language of the course."""

from pathlib import Path

import pytest

from lms.content.course import load
from lms.learning.grading import grade
from lms.learning.keys import AnswerKey, answer_key
from tests.content.bilingual import two_languages


@pytest.fixture
def key(tmp_path: Path) -> AnswerKey:
    """The key of a course where English asks for “sample” and Spanish for “muestra”."""
    course = two_languages(tmp_path)
    loaded, findings = load(course)
    assert loaded, findings
    return answer_key(loaded)


@pytest.mark.parametrize(("said", "share"), [("muestra", 1), ("SAMPLE", 1), ("otra", 0), ("", 0)])
def test_a_short_answer_counts_in_both(key: AnswerKey, said: str, share: int) -> None:
    assert grade(key.practice["q-f"], said) == share


@pytest.mark.parametrize(("said", "share"), [("muestra", 1), ("sample", 1), ("otra", 0.5)])
def test_a_gap_is_filled_in_both(key: AnswerKey, said: str, share: float) -> None:
    assert grade(key.practice["q-h"], {"1": said, "2": "1"}) == share
