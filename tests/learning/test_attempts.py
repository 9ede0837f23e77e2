"""Drawing, wiring, and forms: what a page shows and how it is read back."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.learning.attempts import AttemptWiring, PracticeWiring, draw, drawn_questions, order
from lms.learning.feedback import feedback
from lms.learning.forms import answers_of, fields, read
from lms.learning.grading import AnswerTooLong, UnknownAnswer, grade, right_answer
from tests.learning.course import blanks, choice, lessons_and_test, match, ordering, written

TEST = lessons_and_test().edition("es").modules["m-test"]
QUESTIONS = [
    choice("q-s", right="2"),
    choice("q-m", kind="multiple", right="13"),
    match("q-p"),
    ordering("q-o"),
    written("q-w", "Palermo"),
    written("q-n", "17..19", kind="numeric"),
    blanks("q-b"),
]
WIRINGS = [PracticeWiring("ana"), AttemptWiring("seed")]


@given(seed=st.text(min_size=1, max_size=20))
def test_a_draw_takes_so_many_of_each_pool_and_is_the_same_again(seed):
    drawn = draw(TEST, seed)
    assert sorted(name[0] for name in drawn) == ["a", "b"]
    assert draw(TEST, seed) == drawn


def test_every_question_is_drawn_sooner_or_later():
    assert {name for seed in range(60) for name in draw(TEST, str(seed))} == {
        question.id for question in TEST.questions()
    }


def test_a_lesson_can_not_be_drawn_from():
    with pytest.raises(ValueError, match="m-1"):
        draw(lessons_and_test().edition("es").modules["m-1"], "seed")


@given(seed=st.text(), n=st.integers(0, 12))
def test_an_order_is_a_permutation_that_the_seed_alone_decides(seed, n):
    assert sorted(order(seed, n)) == list(range(n))
    assert order(seed, n) == order(seed, n)


def test_the_published_orders_never_change():
    """Pinned: a phone must give the same orders from the same seeds."""
    assert order("ana/q-1/choice", 4) == [1, 2, 0, 3]


@pytest.mark.parametrize("wiring", WIRINGS, ids=["practice", "test"])
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_what_the_page_shows_reads_back_as_the_answer_it_was(question, wiring):
    right = right_answer(question)
    posted = fields([question], wiring, {question.id: right})
    filled = read([question], wiring, posted)
    assert dict(filled.answers) == {question.id: right}
    assert fields([question], wiring, filled.draft) == posted
    assert answers_of([question], filled.draft).answers == filled.answers


def test_a_test_page_carries_neither_ids_nor_keys():
    wiring = AttemptWiring("seed")
    for question in QUESTIONS:
        wires = [
            wiring.question(question),
            *(shown.wire for shown in wiring.choices(question) + wiring.targets(question)),
        ]
        assert len(set(wires)) == len(wires)
        assert all(re.fullmatch(r"w[0-9a-f]{12}", wire) for wire in wires)


def test_two_attempts_share_no_wire_key():
    one, two = ({shown.wire for shown in AttemptWiring(seed).choices(QUESTIONS[0])} for seed in ("one", "two"))
    assert not one & two


def test_true_or_false_keeps_the_authors_order_in_practice():
    question = choice("v", kind="true-false", n=2)
    assert [shown.key for name in "abcdef" for shown in PracticeWiring(name).choices(question)] == ["1", "2"] * 6


@pytest.mark.parametrize(
    "form",
    [
        {"q-s": ["9"]},
        {"q-s": ["1", "9"]},
        {"q-p.1": ["9"]},
        {"q-p.9": ["1"]},
        {"q-o.1": ["4"]},
        {"other": ["1"]},
        {"q-b.2": ["9"]},
    ],
)
def test_a_field_or_value_that_the_page_did_not_have_is_refused(form):
    with pytest.raises(UnknownAnswer):
        read(QUESTIONS, PracticeWiring("ana"), form)


def test_an_empty_form_is_no_answer():
    filled = read(QUESTIONS, PracticeWiring("ana"), {"q-p.1": [""], "q-o.1": [""]})
    assert (dict(filled.draft), dict(filled.answers), filled.unfinished) == ({}, {}, frozenset())


@pytest.mark.parametrize("places", [{"q-o.1": ["1"]}, {"q-o.1": ["1"], "q-o.2": ["1"], "q-o.3": ["2"]}])
def test_an_order_with_a_place_missing_or_taken_twice_waits_in_the_draft(places):
    filled = read(QUESTIONS, PracticeWiring("ana"), places)
    assert filled.unfinished == {"q-o"}
    assert "q-o" not in filled.answers
    assert set(filled.draft) == {"q-o"}


@pytest.mark.parametrize("value", [["1"], "1", {"1": "1"}, {"2": "9"}, 7, None])
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_a_draft_of_a_question_that_was_of_another_kind_then_breaks_nothing(question, value):
    shown = fields([question], PracticeWiring("ana"), {question.id: value})
    assert all(isinstance(text, str) for texts in shown.values() for text in texts)
    kept = answers_of([question], {question.id: value})
    assert set(kept.answers) | set(kept.unfinished) <= {question.id}


def test_what_is_no_number_waits_in_the_draft():
    number = written("q-n", "18", kind="numeric")
    filled = read([number], PracticeWiring("ana"), {"q-n": ["dieciocho"]})
    assert (filled.unfinished, dict(filled.answers), dict(filled.draft)) == ({"q-n"}, {}, {"q-n": "dieciocho"})
    assert read([number], PracticeWiring("ana"), {"q-n": [" 18,0 "]}).answers == {"q-n": "18,0"}


def test_what_is_written_has_an_end():
    with pytest.raises(AnswerTooLong):
        read([written("q-w", "a")], PracticeWiring("ana"), {"q-w": ["a" * 201]})


def test_a_draft_of_a_question_that_is_gone_is_left_out():
    assert answers_of(QUESTIONS, {"q-gone": ["1"]}).draft == {}
    assert fields(QUESTIONS, PracticeWiring("ana"), {"q-s": ["gone"], "q-p": {"gone": "t1"}, "q-o": ["gone"]}) == {
        "q-s": []
    }


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_feedback_tells_each_part_and_agrees_with_the_grade(question):
    told = feedback(question, right_answer(question))
    assert told.share == 1
    assert all(part.right for part in told.parts.values() if part.chosen)
    nothing = feedback(question, None)
    assert nothing.share == 0
    assert not any(part.chosen for part in nothing.parts.values())


def test_feedback_on_a_wrong_match_tells_what_was_given_and_what_was_wanted():
    part = feedback(match("p"), {"1": "t2"}).parts["1"]
    assert (part.chosen, part.right, part.given, part.wanted, part.feedback) == (
        True,
        False,
        "target 2",
        "target 1",
        "so 1",
    )


def test_another_form_of_the_right_answer_has_the_reason_of_the_first():
    question = written("q", "costo", "precio", "!gasto")
    first, other, wrong = question.expected
    bare = replace(question, expected=(first, replace(other, feedback=""), replace(wrong, feedback="")))
    reasons = {said: feedback(bare, said).parts["written"].feedback for said in ("costo", "precio", "gasto", "zzz")}
    assert reasons == {"costo": "so 1", "precio": "so 1", "gasto": "", "zzz": ""}
    assert feedback(question, "precio").parts["written"].feedback == "so 2"


def test_feedback_on_an_order_tells_each_place():
    parts = feedback(ordering("o"), ["1", "3", "2"]).parts
    assert [(part.given, part.wanted, part.right) for part in parts.values()] == [
        ("1", "1", True),
        ("3", "2", False),
        ("2", "3", False),
    ]


def test_drawn_questions_come_in_the_order_drawn():
    assert [question.id for question in drawn_questions(TEST, ["b-2", "a-1"])] == ["b-2", "a-1"]


def test_a_wiring_never_changes_what_an_answer_is_worth():
    wrong = {"q-s": ["1"], "q-m": ["1"], "q-p": {"1": "t2"}, "q-o": ["2", "1", "3"], "q-w": "Roma", "q-n": "20"}
    wrong |= {"q-b": {"1": "no", "2": "3"}}
    for question in QUESTIONS:
        for wiring in WIRINGS:
            filled = read([question], wiring, fields([question], wiring, wrong))
            assert grade(question, filled.answers[question.id]) == grade(question, wrong[question.id])
