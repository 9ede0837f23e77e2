"""Grading is what docs/format.md says: thousands of answers with the share each earns, for any implementation."""

import json
from collections import Counter

from lms.content.question_model import Question
from lms.content.release import decode, encode
from lms.learning.grading import grade
from tests.learning.course import choice, course, module, quiz
from tests.vectors import make

KINDS = {"single", "multiple", "true-false", "match", "classify", "order", "short", "numeric", "blanks"}
VECTORS = json.loads(make.FILE.read_text("utf-8"))


def read_questions() -> dict[str, Question]:
    """The vectors' questions as the program reads them from a release."""
    release = json.loads(encode(course(module("m-1", quiz(choice("q-1"))))))
    release["editions"]["es"]["modules"]["m-1"]["body"][0]["questions"] = list(VECTORS["questions"].values())
    found = decode(json.dumps(release).encode()).editions["es"].modules["m-1"]
    return {question.id: question for question in found.questions()}


def test_the_program_grades_every_answer_so() -> None:
    questions = read_questions()
    told = [(each, grade(questions[each["question"]], each["answer"])) for each in VECTORS["cases"]]
    wrong = [(each, str(share)) for each, share in told if f"{share.numerator}/{share.denominator}" != each["share"]]
    assert wrong == []


def test_the_file_is_what_its_generator_makes() -> None:
    assert make.text().encode() == make.FILE.read_bytes()


def test_there_are_enough_answers_of_every_kind_and_worth() -> None:
    kinds = Counter(VECTORS["questions"][each["question"]]["kind"] for each in VECTORS["cases"])
    assert kinds.keys() == KINDS
    assert kinds.total() >= 2000
    assert min(kinds.values()) >= 25
    worth = Counter(each["share"] for each in VECTORS["cases"])
    assert worth["1/1"] >= 500
    assert kinds.total() - worth["1/1"] - worth["0/1"] >= 250
