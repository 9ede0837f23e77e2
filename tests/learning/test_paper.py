"""Paper: one code, one sheet; and a key that marks by hand as the program does."""

import dataclasses
from fractions import Fraction
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.content.course import load
from lms.content.model import Module, Scenario
from lms.content.question_model import (
    BlanksQuestion,
    ChoiceQuestion,
    MatchQuestion,
    OrderQuestion,
    Question,
    TextQuestion,
)
from lms.content.story import Story
from lms.ids import is_uuid, uuid4, uuid7, uuid8
from lms.learning.attempts import PracticeWiring, draw
from lms.learning.grading import Answer, UnknownAnswer, grade
from lms.learning.paper import (
    Exercise,
    Keyed,
    entered_at,
    is_entered,
    paper_body,
    paper_key,
    paper_questions,
    read_sheet,
    sheet_questions,
)
from lms.learning.progress import Last, Result
from lms.learning.today import Record
from tests.answers import sheet_form
from tests.learning.course import blanks, choice, lessons_and_test, match, module, ordering, quiz, story, written

ROOT = Path(__file__).parents[2]
EVERY = (
    choice("q-s", right="2"),
    choice("q-m", kind="multiple", right="13", points=2),
    choice("q-a", kind="multiple", right="13", scoring="all"),
    choice("q-v", kind="true-false", right="2", n=2),
    match("q-p"),
    match("q-pa", scoring="all"),
    ordering("q-o"),
    ordering("q-oa", scoring="all"),
    written("q-w", "Palermo", "!Roma"),
    written("q-n", "17..19", kind="numeric"),
    blanks("q-b"),
    blanks("q-ba", scoring="all"),
)
LESSON = module("m-1", quiz(*EVERY))
TEST = lessons_and_test().edition("es").modules["m-test"]
CODES = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=4, max_size=4)


@given(code=CODES)
def test_one_code_is_one_sheet(code):
    assert paper_questions(LESSON, code) == paper_questions(LESSON, code)
    assert [each.asked for each in paper_key(LESSON, code)] == list(paper_questions(LESSON, code))
    assert [each.asked for each in paper_key(TEST, code)] == list(paper_questions(TEST, code))


def test_another_code_is_another_order_of_the_same():
    sheets = [paper_questions(LESSON, code) for code in ("0000", "3F7K", "7ABC", "XYZ0")]
    assert len({tuple(option.html for option in sheet[0].options) for sheet in sheets}) > 1
    assert {frozenset(option.html for option in sheet[0].options) for sheet in sheets} == {
        frozenset(option.html for option in EVERY[0].options)
    }
    assert all("".join(option.letter for option in sheet[0].options) == "ABCD" for sheet in sheets)
    assert {tuple(option.html for option in sheet[3].options) for sheet in sheets} == {
        tuple(option.html for option in EVERY[3].options)
    }


@given(code=CODES)
def test_a_test_is_drawn_by_its_rules(code):
    drawn = [each.id for each in paper_questions(TEST, code)]
    assert sorted(name[0] for name in drawn) == ["a", "b"]
    assert drawn == draw(TEST, f"sheet/{code}")


def test_every_question_of_a_test_is_on_some_sheet():
    drawn = {each.id for number in range(60) for each in paper_questions(TEST, f"{number:04}")}
    assert drawn == {question.id for question in TEST.questions()}


def test_what_learners_get_has_no_place_for_what_is_right():
    names = {field.name for field in dataclasses.fields(type(paper_questions(LESSON, "3F7K")[0]))}
    assert names.isdisjoint({"right", "feedback", "explanation", "expected", "accepted", "answer", "pool", "scoring"})
    said = repr(paper_questions(LESSON, "3F7K")) + repr(paper_body(LESSON))
    for hidden in ("because", "so 1", "Palermo", "Roma", "17", "claro", "right"):
        assert hidden not in said, hidden


def test_a_body_has_stories_and_exercises_and_nothing_of_a_test():
    body = paper_body(module("m-1", story(), quiz(*EVERY[:2]), quiz(*EVERY[2:])))
    assert isinstance(body[0], Story)
    assert [each.number for part in body[1:] if isinstance(part, Exercise) for each in part.questions] == [
        *range(1, 13)
    ]
    assert not any(isinstance(part, Scenario) for part in body)
    assert paper_body(TEST) == ()


def test_words_of_other_languages_stand_beside_the_own_ones():
    other = module("m-1", quiz(written("q-w", "Palerme", "palermo"), blanks("q-b")))
    keys = {each.asked.id: each for each in paper_key(LESSON, "3F7K", [other])}
    assert keys["q-w"].also == ("Palerme",)
    assert [part.html for part in keys["q-w"].parts] == ["Palermo", "Roma"]
    assert keys["q-b"].also == ()


def by_hand(keyed: Keyed, marks: dict[str, str]) -> Fraction:
    """What somebody gives who knows the key and the sentences of `lms.web.frame.words.marking`, and nothing else. `marks` is
    what stands at each place of the sheet for answers."""
    kind, points = keyed.asked.kind, Fraction(keyed.asked.points)
    if kind in ("single", "multiple", "true-false"):
        right = {part.mark for part in keyed.parts if part.right}
        filled = set(marks)
        if kind != "multiple" or keyed.scoring == "all":
            return points if filled == right else Fraction(0)
        return max(Fraction(0), keyed.piece * (len(filled & right) - len(filled - right)))
    if kind == "order" and len({marks.get(part.mark, "") for part in keyed.parts} - {""}) < len(keyed.parts):
        return Fraction(0)
    good = [
        marks.get(part.mark, "") == part.letter if part.letter else marks.get(part.mark, "") in part.wanted
        for part in keyed.parts
    ]
    if keyed.scoring == "all":
        return points if all(good) else Fraction(0)
    return keyed.piece * sum(good)


def answer_of(question: Question, code: str, marks: dict[str, str]) -> Answer:
    """The same as an answer by author's keys."""
    wiring = PracticeWiring(f"sheet/{code}")
    keys = [shown.key for shown in wiring.choices(question)]
    match question:
        case ChoiceQuestion():
            return [keys["ABCDEFGH".index(letter)] for letter in marks]
        case OrderQuestion():
            return [keys["ABCDEFGH".index(letter)] for _, letter in sorted(marks.items())]
        case MatchQuestion():
            targets = [shown.key for shown in wiring.targets(question)]
            return {keys[int(place) - 1]: targets["ABCDEFGH".index(letter)] for place, letter in marks.items()}
        case BlanksQuestion():
            given = {}
            for place, (gap, mark) in enumerate((gap, marks.get(str(n))) for n, gap in enumerate(question.gaps, 1)):
                words = [shown.key for shown in wiring.words(question, gap)]
                if mark:
                    given[keys[place]] = words["ABCDEFGH".index(mark)] if words else mark
            return given
        case TextQuestion():
            raise AssertionError(question.id)


@pytest.mark.parametrize("question", [each for each in EVERY if not isinstance(each, TextQuestion)], ids=lambda q: q.id)
@given(code=CODES, data=st.data())
def test_who_marks_by_hand_gives_what_the_program_gives(question, code, data):
    sheet = module("m-1", quiz(question))
    (keyed,) = paper_key(sheet, code)
    asked = keyed.asked
    letters = st.sampled_from([option.letter for option in asked.options] or ["A", "B", "C"])
    if isinstance(question, ChoiceQuestion):
        marks = {letter: letter for letter in data.draw(st.sets(letters))}
    elif isinstance(question, BlanksQuestion):
        marks = data.draw(
            st.fixed_dictionaries({}, optional={"1": st.sampled_from(["sí", "claro", "no"]), "2": letters})
        )
    else:
        places = [str(n) for n in range(1, len(asked.items or asked.options) + 1)]
        marks = data.draw(st.dictionaries(st.sampled_from(places), letters))
    assert by_hand(keyed, marks) == question.points * grade(question, answer_of(question, code, marks))


def test_a_written_answer_counts_when_the_key_says_so():
    keys = {each.asked.id: each for each in paper_key(LESSON, "3F7K")}
    questions = {question.id: question for question in EVERY}
    for part in keys["q-w"].parts:
        assert grade(questions["q-w"], part.html) == part.right
    assert (keys["q-w"].match, keys["q-n"].match, keys["q-b"].match, keys["q-s"].match) == (
        "loose",
        None,
        "loose",
        None,
    )


@pytest.mark.parametrize("folder", ["courses_content/trata-de-personas", "docs/muestrario"])
def test_every_answer_of_a_real_key_earns_everything(folder):
    course, _ = load(ROOT / folder)
    for edition in course.editions.values():
        for each in edition.modules.values():
            _check_key(each, "3F7K")


def _check_key(sheet: Module, code: str) -> None:
    questions = {question.id: question for question in sheet.questions()}
    for keyed in paper_key(sheet, code):
        question = questions[keyed.asked.id]
        if isinstance(question, TextQuestion):
            continue
        if isinstance(question, ChoiceQuestion):
            marks = {part.mark: part.mark for part in keyed.parts if part.right}
        else:
            marks = {part.mark: part.letter or part.wanted[0] for part in keyed.parts}
        assert by_hand(keyed, marks) == question.points
        assert grade(question, answer_of(question, code, marks)) == 1


@given(code=CODES)
def test_what_is_entered_by_the_letters_of_the_key_is_right(code):
    for each in (LESSON, TEST):
        keyed, questions = paper_key(each, code), sheet_questions(each, code)
        filled = read_sheet(each, code, sheet_form(keyed))
        assert not filled.unfinished
        assert {question.id: grade(question, filled.answers[question.id]) for question in questions} == {
            question.id: 1 for question in questions
        }


def test_an_order_with_a_letter_twice_can_not_be_marked_and_no_letter_is_made_up():
    filled = read_sheet(LESSON, "3F7K", {"q-o.p1": ["1"], "q-o.p2": ["1"], "q-o.p3": ["2"], "q-s": [""], "q-n": ["x"]})
    assert (filled.unfinished, filled.answers) == ({"q-o", "q-n"}, {})
    for form in ({"q-o.p1": ["9"]}, {"q-s": ["E"]}, {"q-s": ["5"]}, {"q-p.1": ["4"]}, {"q-zz": ["1"]}):
        with pytest.raises(UnknownAnswer):
            read_sheet(LESSON, "3F7K", form)


def test_only_what_was_entered_has_an_id_that_says_so():
    assert is_entered(uuid8("a")) and uuid8("a") == uuid8("a") != uuid8("b") and is_uuid(uuid8("a"))
    assert not is_entered(uuid7()) and not is_entered(uuid4()) and not is_entered(str(uuid5(NAMESPACE_URL, "a")))


def test_when_it_was_entered_is_told_while_those_are_the_last_answers():
    def result(event, at):
        return Result(best=Fraction(1), last=Last(at=at, event=event, release="r", answer=[], share=Fraction(1)))

    record = Record(results={"q-s": result(uuid8("a"), "2026-01-02"), "q-m": result(uuid7(), "2026-01-03")})
    assert entered_at(record, LESSON) == "2026-01-02"
    assert entered_at(Record(results={"q-s": result(uuid7(), "2026-01-03")}), LESSON) == ""
