"""The server and a phone say the same of every answer and of every log in tests/vectors."""

import json
import sys
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from lms.content.course import load
from lms.content.question_model import Matching
from lms.content.written import fold
from lms.learning.carried import carried
from lms.learning.grading import right_answer
from lms.learning.keys import answer_key
from tests.pocket import scripts
from tests.vectors import make, pocket

COURSES = Path(__file__).parents[2] / "courses_content"
MATCHING: tuple[Matching, ...] = ("exact", "loose")
VECTORS = json.loads(pocket.FILE.read_text("utf-8"))


def test_the_program_says_so() -> None:
    """The file is what its generator makes of what the program says now."""
    assert pocket.written() == pocket.FILE.read_text("utf-8")


def test_there_is_enough_of_everything() -> None:
    questions = {
        (name, each): question
        for name, text in VECTORS["texts"].items()
        for module in text["modules"]
        for each, question in module["questions"].items()
    }
    kinds = Counter(questions[release, name]["kind"] for release, name, _, _ in VECTORS["answers"])
    assert kinds.keys() == {
        *("single", "multiple", "true-false", "match", "classify", "order", "short", "numeric", "blanks")
    }
    assert kinds.total() >= 2000
    assert min(kinds.values()) >= 40
    assert len(VECTORS["folds"]) >= 2000
    assert len({fold for *_, fold, _ in VECTORS["folds"]}) >= 1500
    assert len({standing for *_, standing in VECTORS["folds"]}) >= 1200


def test_what_a_phone_joins_is_nearly_always_what_the_store_makes_of_it_all() -> None:
    """Its own lines joined with what the store told is what all of them at once come to; a lesson that only both together
    have done, by the rules of a release before, is told by the store once it has them."""
    assert VECTORS["same"] >= 0.97 * len(VECTORS["folds"])


@pytest.mark.tools
def test_the_scripts_say_so(tmp_path: Path) -> None:
    told = scripts.hold(scripts.modules(tmp_path / "pocket")).split(", ")
    graded = len(json.loads(make.FILE.read_text("utf-8"))["cases"])
    counts = [graded, len(VECTORS["answers"]), len(VECTORS["folds"]), len(VECTORS["folds"])]
    assert told == [f"{count} of {count}" for count in counts]


@pytest.mark.tools
@pytest.mark.parametrize("folder", sorted(each.parent.name for each in COURSES.glob("*/course.yml")))
def test_the_scripts_tell_of_a_real_course_what_the_program_tells(folder: str, tmp_path: Path) -> None:
    found, _ = load(COURSES / folder)
    assert found
    dice = pocket.Dice(folder)
    lines = []
    for question in answer_key(found).practice.values():
        for answer in [right_answer(question), *(pocket.answer(dice, question) for _ in range(5))]:
            lines.append(pocket.canonical([carried(question), answer, pocket.digest(pocket.told(question, answer))]))
    cases = tmp_path / "cases"
    cases.write_text("\n".join(lines), "utf-8")
    assert scripts.hold(scripts.modules(tmp_path / "pocket"), cases) == f"{len(lines)} of {len(lines)}"


@pytest.mark.tools
def test_every_character_is_folded_as_the_program_folds_it(tmp_path: Path) -> None:
    """Of those that the program knows: a browser may know letters of a newer Unicode, which it makes small."""
    every = [
        chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) not in ("Cn", "Cs", "Co")
    ]
    texts = ["".join(f"a{each}Ñ {each}n" for each in every[at : at + 200]) for at in range(0, len(every), 200)]
    lines = [pocket.canonical([match, text, pocket.digest(fold(text, match))]) for text in texts for match in MATCHING]
    cases = tmp_path / "cases"
    cases.write_text("\n".join(lines), "utf-8")
    assert scripts.hold(scripts.modules(tmp_path / "pocket"), cases) == f"{len(lines)} of {len(lines)}"
