"""The fold: order and repeats make no difference, and nothing a learner does takes anything away."""

import random
from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.ids import uuid7
from lms.learning import events as types
from lms.learning import progress_json
from lms.learning.events import Event
from lms.learning.keys import answer_key
from lms.learning.progress import Progress, apply, fold
from lms.learning.standing import best_attempt, standing
from tests.learning.course import choice, course, lessons_and_test, module, quiz

ANA, DEVICE = uuid7(), uuid7()
COURSE = lessons_and_test()
RELEASES = {"r1": answer_key(COURSE), "r2": answer_key(COURSE)}


def event(
    kind: str,
    *,
    n: int = 1,
    item: str | None = None,
    release: str | None = "r1",
    name: str = "",
    at: str = "2026-11-24T12:00:00Z",
    **data: object,
) -> Event:
    return Event(
        id=name or uuid7(),
        type=kind,
        learner=ANA,
        device=DEVICE,
        n=n,
        at=at,
        course="curso",
        item=item,
        release=release,
        data=data,
    )


def answered(n: int = 1, *, at: str = "2026-11-24T12:00:00Z", release: str = "r1", **answers: object) -> Event:
    named = {name.replace("_", "-"): value for name, value in answers.items()}
    return event(types.ATTEMPT_SUBMITTED, n=n, item="m-1", at=at, release=release, answers=named)


def opened(name: str, *drawn: str, release: str = "r1") -> Event:
    return event(
        types.ATTEMPT_OPENED, item="m-test", name=name, release=release, drawn=list(drawn), seed="s", attempt=name
    )


def sheet(attempt: str, n: int = 1, release: str = "r1", **answers: object) -> Event:
    named = {name.replace("_", "-"): value for name, value in answers.items()}
    return event(types.ATTEMPT_SUBMITTED, n=n, item="m-test", release=release, attempt=attempt, answers=named)


def all_right(attempt: str, n: int = 1) -> Event:
    return sheet(attempt, n, a_1=["1"], b_2=["2"])


ATTEMPTS = [uuid7() for _ in range(3)]
acts = st.lists(
    st.one_of(
        st.builds(
            lambda n, second, one, two, known: answered(
                n, at=f"2026-11-24T12:00:{second:02}Z", q_1=[one], q_2=two, release=known
            ),
            st.integers(1, 9),
            st.integers(0, 5),
            st.sampled_from("1234"),
            st.lists(st.sampled_from("1234"), unique=True),
            st.sampled_from(["r1", "r1", "unknown"]),
        ),
        st.builds(
            lambda name, known: opened(name, "a-1", "b-2", release=known), st.sampled_from(ATTEMPTS[:1]), st.just("r1")
        ),
        st.builds(lambda name: opened(name, "a-3", "b-1", release="unknown"), st.sampled_from(ATTEMPTS[1:2])),
        st.builds(
            lambda name, n, a, b, release: sheet(name, n, release, a_1=[a], b_2=[b]),
            st.sampled_from(ATTEMPTS),
            st.integers(1, 3),
            st.sampled_from("12"),
            st.sampled_from("12"),
            st.sampled_from(["r1", "r1", "r2", "unknown"]),
        ),
        st.builds(lambda item: event(types.MODULE_COMPLETED, item=item), st.sampled_from(["m-1", "m-2"])),
        st.builds(
            lambda item, section, second: event(
                types.SECTION_REACHED, item=item, section=section, at=f"2026-11-24T12:00:{second:02}Z"
            ),
            st.sampled_from(["m-1", "m-2"]),
            st.sampled_from(["one", "two"]),
            st.integers(0, 3),
        ),
        st.builds(
            lambda outcome: event(types.SCENARIO_ENDED, scenario="e-1", outcome=outcome),
            st.sampled_from(["good", "bad"]),
        ),
        st.builds(lambda major: event(types.COURSE_COMPLETED, major=major), st.integers(1, 2)),
        st.just(event(types.ENROLLED)),
        st.just(event("learner.something_new", anything=1)),
    ),
    max_size=12,
)


@settings(max_examples=300)
@given(acts=acts, seed=st.integers())
def test_any_order_with_repeats_gives_equal_progress(acts, seed):
    chance = random.Random(seed)
    again = [*acts, *chance.choices(acts, k=len(acts) if acts else 0)]
    chance.shuffle(again)
    assert progress_json.dump(fold(again, RELEASES)) == progress_json.dump(fold(acts, RELEASES))


@given(acts=acts)
def test_a_row_kept_up_to_date_equals_the_fold_of_all(acts):
    row = progress_json.dump(Progress())
    for each in acts:
        row = progress_json.dump(apply(progress_json.load(row), each, RELEASES))
    assert row == progress_json.dump(fold(acts, RELEASES))
    assert progress_json.load(row) == fold(acts, RELEASES)


@given(acts=acts, more=acts)
def test_more_events_never_lower_anything(acts, more):
    before, after = fold(acts, RELEASES), fold([*acts, *more], RELEASES)
    assert before.ended <= after.ended
    assert before.completed <= after.completed
    assert all(result.best <= after.results[name].best for name, result in before.results.items())
    done = {
        each.module.id for each in standing(before, COURSE, "es").modules if each.done and each.module.kind == "module"
    }
    assert done <= {each.module.id for each in standing(after, COURSE, "es").modules if each.done}


def test_the_best_answer_counts_and_the_last_is_shown():
    progress = fold([answered(1, q_1=["2"]), answered(2, at="2026-11-24T13:00:00Z", q_1=["1"])], RELEASES)
    assert progress.results["q-1"].best == 1
    assert progress.results["q-1"].last.answer == ["1"]


def test_an_answer_to_an_unknown_release_waits_and_is_not_zero():
    progress = fold([early := answered(release="r3", q_1=["2"])], RELEASES)
    assert progress.pending == {early.id}
    assert progress.results == {}
    assert fold([early], {**RELEASES, "r3": RELEASES["r1"]}).results["q-1"].best == 1


def test_a_practice_answer_never_reaches_a_test_question():
    assert fold([answered(a_1=["1"])], RELEASES).results == {}


def test_malformed_data_is_passed_over():
    wrong = [
        answered(q_1=["9"]),
        answered(q_1="1"),
        answered(gone=["1"]),
        event(types.ATTEMPT_SUBMITTED, answers=[]),
        event(types.ATTEMPT_OPENED, item="m-test", drawn="a-1"),
        event(types.SECTION_REACHED, item="m-1", section=3),
        event(types.SCENARIO_ENDED, scenario="e-1"),
        event(types.COURSE_COMPLETED, major="1"),
        event(types.MODULE_COMPLETED),
    ]
    assert fold(wrong, RELEASES) == Progress()


def test_a_passed_test_is_done_whatever_comes_after():
    first, second = ATTEMPTS[:2]
    progress = fold(
        [opened(first, "a-1", "b-2"), all_right(first), opened(second, "a-1", "b-2"), sheet(second, 2, a_1=["4"])],
        RELEASES,
    )
    assert standing(progress, COURSE, "es").of("m-test").done
    assert best_attempt(progress, "m-test").marked.share == 1


def test_a_failed_test_names_the_pools_missed():
    name = ATTEMPTS[0]
    marked = fold([opened(name, "a-1", "b-2"), sheet(name, a_1=["1"])], RELEASES).attempts[name].marked
    assert (marked.share, marked.passed, marked.missed) == (Fraction(1, 2), False, ("b",))


def test_the_first_sheet_by_its_number_counts():
    name = ATTEMPTS[0]
    late_but_right, first = all_right(name, n=8), sheet(name, 3, a_1=["4"])
    marked = fold([opened(name, "a-1", "b-2"), late_but_right, first], RELEASES).attempts[name].marked
    assert not marked.passed


def test_a_sheet_without_an_opened_attempt_counts_for_nothing():
    progress = fold([all_right(ATTEMPTS[0])], RELEASES)
    assert progress.attempts[ATTEMPTS[0]].marked is None
    assert not standing(progress, COURSE, "es").of("m-test").done


def test_a_sheet_of_another_release_than_its_attempt_counts_for_nothing():
    name = ATTEMPTS[0]
    acts = [opened(name, "a-1", "b-2"), sheet(name, release="r2", a_1=["1"], b_2=["2"])]
    for order in (acts, acts[::-1]):
        assert fold(order, RELEASES).attempts[name].marked is None
    later = [*acts, all_right(name, n=2)]
    assert all(fold(order, RELEASES).attempts[name].marked is None for order in (later, later[::-1]))


def test_a_sheet_for_somebody_elses_attempt_counts_for_neither():
    """Each learner's events are folded apart: hers name no attempt that was opened for her."""
    name = ATTEMPTS[0]
    beto = replace(all_right(name), learner=uuid7())
    assert fold([beto], RELEASES).attempts[name].marked is None
    assert fold([opened(name, "a-1", "b-2")], RELEASES).attempts[name].sheet is None


def test_standing_names_what_is_missing_and_where_to_go_on():
    here = standing(fold([answered(q_1=["2"])], RELEASES), COURSE, "es")
    assert [each.missing for each in here.modules] == [("quiz", "end"), ("end",), ("test",)]
    assert here.next.module.id == "m-1"
    assert (here.done, here.required, here.minutes_left, here.begun) == (0, 3, 30, True)


def test_a_quiz_is_done_when_its_best_answers_reach_the_mark():
    acts = [
        answered(1, q_1=["2"], q_2=["1", "3"]),
        answered(2, q_3={"1": "t1", "2": "t2", "3": "t1"}),
        event(types.MODULE_COMPLETED, item="m-1"),
    ]
    assert standing(fold(acts, RELEASES), COURSE, "es").of("m-1").done
    assert standing(fold(acts, RELEASES), COURSE, "es").of("m-1").share == Fraction(3, 4)


def test_completion_once_recorded_outlives_a_new_required_module_but_not_a_new_major():
    done = fold([event(types.COURSE_COMPLETED, major=1)], RELEASES)
    grown = course(module("m-new"), *COURSE.edition("es").modules.values())
    assert standing(done, grown, "es").complete
    assert not standing(done, grown, "es").met
    assert not standing(done, replace(grown, major=2), "es").complete


def test_moving_a_question_to_another_module_keeps_its_result():
    progress = fold([answered(q_1=["2"])], RELEASES)
    moved = course(module("m-1"), module("m-2", quiz(choice("q-1", right="2")), mark=100))
    assert standing(progress, moved, "es").of("m-2").missing == ("end",)


def test_she_goes_on_at_the_section_she_reached_or_the_first_quiz_without_an_answer():
    two = course(module("m-1", quiz(choice("q-1")), quiz(choice("q-2"))))
    releases = {"r1": answer_key(two)}
    assert standing(fold([answered(q_1=["1"])], releases), two, "es").of("m-1").next_anchor == "quiz-q-2"
    reached = event(types.SECTION_REACHED, item="m-1", section="why")
    assert standing(fold([reached], releases), two, "es").of("m-1").next_anchor == "why"
