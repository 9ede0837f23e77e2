"""What an answer is worth."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.learning.grading import UnknownAnswer, check, foreseen, grade, right_answer
from tests.learning.course import blanks, choice, match, ordering, written

KINDS = [
    choice("s"),
    choice("m", kind="multiple", right="13"),
    choice("v", kind="true-false", n=2),
    match("p"),
    ordering("o"),
    written("w", "Palermo", "!Roma"),
    written("n", "17..19", "!20", kind="numeric"),
    blanks("b"),
]
json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.sampled_from(["1", "2", "3", "t1", "t2"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["1", "2", "3", "x"]), inner, max_size=4)
    ),
    max_leaves=6,
)


@pytest.mark.parametrize("question", KINDS, ids=lambda question: question.kind)
def test_the_right_answer_earns_everything(question):
    assert grade(question, right_answer(question)) == 1


@given(question=st.sampled_from(KINDS), answer=json)
def test_any_answer_earns_between_nothing_and_everything(question, answer):
    assert 0 <= grade(question, answer) <= 1


@pytest.mark.parametrize(
    ("chosen", "share"),
    [
        (["1", "3"], 1),
        (["1"], Fraction(1, 2)),
        (["1", "2"], 0),
        (["1", "3", "2"], Fraction(1, 2)),
        (["2", "4"], 0),
        ([], 0),
    ],
)
def test_a_multiple_choice_earns_right_less_wrong_over_right(chosen, share):
    assert grade(choice("m", kind="multiple", right="13"), chosen) == share


def test_scored_as_a_whole_a_multiple_choice_earns_all_or_nothing():
    question = choice("m", kind="multiple", right="13", scoring="all")
    assert grade(question, ["3", "1"]) == 1
    assert grade(question, ["1"]) == 0
    assert grade(question, ["1", "2", "3", "4"]) == 0


def test_a_single_choice_takes_one_option_only():
    assert grade(choice("s", right="2"), ["2"]) == 1
    assert grade(choice("s", right="2"), ["1"]) == 0
    with pytest.raises(UnknownAnswer):
        check(choice("s", right="2"), ["1", "2"])


def test_a_match_earns_its_share_of_right_pairs():
    assert grade(match("p"), {"1": "t1", "2": "t1", "3": "t1"}) == Fraction(2, 3)
    assert grade(match("p"), {"2": "t2"}) == Fraction(1, 3)
    assert grade(match("p", scoring="all"), {"1": "t1", "2": "t2"}) == 0


def test_an_order_earns_its_share_of_right_places():
    assert grade(ordering("o"), ["1", "3", "2"]) == Fraction(1, 3)
    assert grade(ordering("o", scoring="all"), ["1", "3", "2"]) == 0


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (choice("s"), ["9"]),
        (choice("s"), "1"),
        (choice("s"), [1]),
        (choice("m", kind="multiple"), ["1", "1"]),
        (match("p"), ["1"]),
        (match("p"), {"9": "t1"}),
        (match("p"), {"1": "t9"}),
        (match("p"), {"1": 1}),
        (ordering("o"), ["1", "2"]),
        (ordering("o"), ["1", "2", "2"]),
        (ordering("o"), {"1": "2"}),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(question, answer):
    with pytest.raises(UnknownAnswer):
        check(question, answer)
    assert grade(question, answer) == 0


@pytest.mark.parametrize(
    ("match", "expected", "answer", "right"),
    [
        ("loose", "Convención", "convencion", True),
        ("loose", "Convención", "  CONVENCIÓN. ", True),
        ("exact", "Convención", "convencion", False),
        ("exact", "Convención", "convención", True),
        ("loose", "año", "ano", False),
        ("loose", "año", "An\u0303o", True),
        ("loose", "K’iche’", "k'iche'", True),
        ("loose", "dos palabras", "dos   palabras", True),
        ("loose", "dos palabras", "dospalabras", False),
        ("loose", "Palermo", "", False),
        ("loose", "a.*", "abc", False),
    ],
)
def test_what_is_written_is_compared_by_its_letters(match, expected, answer, right):
    assert (grade(written("w", expected, match=match), answer) == 1) == right


@pytest.mark.parametrize(
    ("expected", "answer", "right"),
    [
        ("18", "18", True),
        ("18", "18,0", True),
        ("18", " 18.00 ", True),
        ("18", "18 años", False),
        ("18", "", False),
        ("17.5..18.5", "18,5", True),
        ("17.5..18.5", "18.51", False),
        ("-3", "−3", True),
        ("1200", "1 200", True),
        ("1200", "1\u00a0200", True),
        ("1200", "1.200", False),
        ("0.1", "1e-1", False),
        ("18", "١٨", False),
    ],
)
def test_a_number_is_compared_as_a_number(expected, answer, right):
    assert (grade(written("n", expected, kind="numeric"), answer) == 1) == right


def test_a_right_answer_is_looked_for_before_a_mistake():
    question = written("n", "!10..20", "18", kind="numeric")
    assert grade(question, "18") == 1
    assert foreseen(question, "19").feedback == "so 1"
    assert foreseen(question, "30") is None


@pytest.mark.parametrize(
    ("answer", "share"),
    [
        ({"1": "SI", "2": "2"}, 1),
        ({"1": "claro"}, Fraction(1, 2)),
        ({"1": "no", "2": "1"}, 0),
        ({"2": "9"}, 0),
        ({"1": "x" * 300, "2": "2"}, 0),
    ],
)
def test_gaps_earn_their_share(answer, share):
    assert grade(blanks("b"), answer) == share
    assert grade(blanks("b", scoring="all"), answer) == (1 if share == 1 else 0)
