"""The fold: order and repeats make no difference, and nothing a learner does takes anything away."""

import random
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.content.model import Course
from lms.ids import uuid7
from lms.learning import events as types
from lms.learning import progress_json
from lms.learning.events import Event
from lms.learning.keys import answer_key
from lms.learning.lineage import Lineage
from lms.learning.missed import missed
from lms.learning.progress import Progress, Releases, apply, fold
from lms.learning.standing import Standing, best_attempt, standing
from lms.learning.today import Record, today
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


def reviewed(n: int = 1, *, at: str = "2026-11-24T12:00:00Z", release: str = "r1", **answers: object) -> Event:
    """The same questions gone over once more, for nothing."""
    named = {name.replace("_", "-"): value for name, value in answers.items()}
    return event(types.PRACTICE_ANSWERED, n=n, at=at, release=release, answers=named)


def opened(name: str, *drawn: str, release: str = "r1") -> Event:
    return event(
        types.ATTEMPT_OPENED, item="m-test", name=name, release=release, drawn=list(drawn), seed="s", attempt=name
    )


def sheet(attempt: str, n: int = 1, release: str = "r1", **answers: object) -> Event:
    named = {name.replace("_", "-"): value for name, value in answers.items()}
    return event(types.ATTEMPT_SUBMITTED, n=n, item="m-test", release=release, attempt=attempt, answers=named)


def all_right(attempt: str, n: int = 1) -> Event:
    return sheet(attempt, n, a_1=["1"], b_2=["2"])


def record(progress: Progress, live: Course = COURSE, releases: Releases = RELEASES) -> Record:
    """What the learner has done, where that course is the live one and nothing was renamed."""
    majors = {name: key.major for name, key in releases.items()}
    return today(progress, Lineage(live="live", majors={**majors, "live": live.major}), releases)


def stand(progress: Progress, live: Course = COURSE, releases: Releases = RELEASES) -> Standing:
    return standing(record(progress, live, releases), live, "es")


ATTEMPTS = [uuid7() for _ in range(3)]
reviews = st.builds(
    lambda second, one, two, known: reviewed(
        at=f"2026-11-24T12:00:{second:02}Z", q_1=[one], q_2=two, a_1=["1"], release=known
    ),
    st.integers(0, 5),
    st.sampled_from("12349"),
    st.lists(st.sampled_from("1234"), unique=True),
    st.sampled_from(["r1", "r1", "r2", "unknown"]),
)
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
        reviews,
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
    assert before.completed.keys() <= after.completed.keys()
    first, second = record(before), record(after)
    assert first.ended <= second.ended
    assert all(result.best <= second.results[name].best for name, result in first.results.items())
    done = {each.module.id for each in stand(before).modules if each.done and each.module.kind == "module"}
    assert done <= {each.module.id for each in stand(after).modules if each.done}


@given(acts=acts, more=st.lists(reviews, max_size=6))
def test_a_review_counts_for_nothing(acts, more):
    before, after = fold(acts, RELEASES), fold([*acts, *more], RELEASES)
    assert stand(after) == stand(before)
    assert replace(record(after), reviewed={}) == replace(record(before), reviewed={})
    assert after.attempts == before.attempts
    assert set(record(after).reviewed) <= {"q-1", "q-2"}


@given(acts=acts)
def test_what_is_missed_is_what_was_answered_and_never_a_tests(acts):
    here = record(fold(acts, RELEASES))
    found = missed(here, answer_key(COURSE))
    assert set(found.open) <= {name for name, result in here.results.items() if result.last.share < 1}
    assert not {name for name in found.open if name.startswith(("a-", "b-"))}


def at(second: int) -> str:
    return f"2026-11-24T12:00:{second:02}Z"


WRONG, RIGHT = {"q_1": ["1"]}, {"q_1": ["2"]}


@pytest.mark.parametrize(
    ("acts", "open_"),
    [
        ([], []),
        ([answered(at=at(1), **RIGHT)], []),
        ([answered(at=at(1), **WRONG)], ["q-1"]),
        ([answered(at=at(1), q_2=["1"]), answered(at=at(1), **WRONG)], ["q-1", "q-2"]),
        ([answered(at=at(1), **WRONG), answered(at=at(2), **RIGHT)], []),
        ([answered(at=at(1), **RIGHT), answered(at=at(2), **WRONG)], ["q-1"]),
        ([answered(at=at(1), **WRONG), reviewed(at=at(2), **RIGHT)], []),
        ([answered(at=at(1), **WRONG), reviewed(at=at(2), **WRONG)], ["q-1"]),
        ([answered(at=at(1), **WRONG), reviewed(at=at(2), **RIGHT), reviewed(at=at(3), **WRONG)], ["q-1"]),
        ([answered(at=at(1), **WRONG), reviewed(at=at(2), **WRONG), reviewed(at=at(3), **RIGHT)], []),
        ([answered(at=at(1), **WRONG), reviewed(at=at(2), **RIGHT), answered(at=at(3), **WRONG)], ["q-1"]),
        ([reviewed(at=at(1), **WRONG)], []),
        ([answered(at=at(1), **WRONG), reviewed(at=at(2), release="r2", **RIGHT)], []),
        ([answered(at=at(1), **WRONG), reviewed(at=at(2), release="unknown", **RIGHT)], ["q-1"]),
    ],
)
def test_what_was_missed_waits_until_it_is_got_right(acts, open_):
    for order in (acts, acts[::-1]):
        assert list(missed(record(fold(order, RELEASES)), answer_key(COURSE)).open) == open_


def test_a_review_of_an_unknown_release_waits():
    early = reviewed(release="r3", **RIGHT)
    assert fold([early], RELEASES).pending == {early.id}
    assert fold([early], {**RELEASES, "r3": RELEASES["r1"]}).work["r3"].reviewed["q-1"].share == 1


def test_a_row_from_before_there_was_a_review_reads_and_writes_as_it_is():
    row = progress_json.dump(fold([answered(**WRONG)], RELEASES))
    assert "reviewed" not in row
    assert progress_json.dump(progress_json.load(row)) == row


def test_the_best_answer_counts_and_the_last_is_shown():
    progress = fold([answered(1, q_1=["2"]), answered(2, at="2026-11-24T13:00:00Z", q_1=["1"])], RELEASES)
    assert progress.work["r1"].results["q-1"].best == 1
    assert progress.work["r1"].results["q-1"].last.answer == ["1"]


def test_an_answer_to_an_unknown_release_waits_and_is_not_zero():
    progress = fold([early := answered(release="r3", q_1=["2"])], RELEASES)
    assert progress.pending == {early.id}
    assert progress.work == {}
    assert fold([early], {**RELEASES, "r3": RELEASES["r1"]}).work["r3"].results["q-1"].best == 1


def test_a_practice_answer_never_reaches_a_test_question():
    assert fold([answered(a_1=["1"])], RELEASES).work == {}


def test_malformed_data_is_passed_over():
    wrong = [
        answered(q_1=["9"]),
        answered(q_1="1"),
        answered(gone=["1"]),
        event(types.ATTEMPT_SUBMITTED, answers=[]),
        event(types.PRACTICE_ANSWERED, answers=[]),
        reviewed(q_1=["9"], gone=["1"], a_1=["1"]),
        event(types.ATTEMPT_OPENED, item="m-test", drawn="a-1"),
        event(types.SECTION_REACHED, item="m-1", section=3),
        event(types.SCENARIO_ENDED, scenario="e-1"),
        event(types.COURSE_COMPLETED, major="1"),
        event(types.MODULE_COMPLETED),
    ]
    assert replace(fold(wrong, RELEASES), first="", last="") == Progress()


def test_a_passed_test_is_done_whatever_comes_after():
    first, second = ATTEMPTS[:2]
    progress = fold(
        [opened(first, "a-1", "b-2"), all_right(first), opened(second, "a-1", "b-2"), sheet(second, 2, a_1=["4"])],
        RELEASES,
    )
    assert stand(progress).of("m-test").done
    assert best_attempt(record(progress), "m-test").marked.share == 1


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
    assert not stand(progress).of("m-test").done


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
    here = stand(fold([answered(q_1=["2"])], RELEASES))
    assert [each.missing for each in here.modules] == [("quiz", "end"), ("end",), ("test",)]
    assert here.next.module.id == "m-1"
    assert (here.done, here.required, here.minutes_left, here.begun) == (0, 3, 30, True)


def test_a_quiz_is_done_when_its_best_answers_reach_the_mark():
    acts = [
        answered(1, q_1=["2"], q_2=["1", "3"]),
        answered(2, q_3={"1": "t1", "2": "t2", "3": "t1"}),
        event(types.MODULE_COMPLETED, item="m-1"),
    ]
    assert stand(fold(acts, RELEASES)).of("m-1").done
    assert stand(fold(acts, RELEASES)).of("m-1").share == Fraction(3, 4)


def test_completion_once_recorded_outlives_a_new_required_module_but_not_a_new_major():
    done = fold([event(types.COURSE_COMPLETED, major=1)], RELEASES)
    grown = course(module("m-new"), *COURSE.edition("es").modules.values())
    assert stand(done, grown).complete
    assert not stand(done, grown).met
    assert not stand(done, replace(grown, major=2)).complete


def test_moving_a_question_to_another_module_keeps_its_result():
    progress = fold([answered(q_1=["2"])], RELEASES)
    moved = course(module("m-1"), module("m-2", quiz(choice("q-1", right="2")), mark=100))
    assert stand(progress, moved).of("m-2").missing == ("end",)


def test_she_goes_on_in_the_module_that_she_was_in_last_while_it_is_not_done():
    there = event(types.SECTION_REACHED, item="m-2", section="why", at=at(5))
    here = stand(fold([answered(q_1=["2"]), there], RELEASES))
    assert (here.next.module.id, here.next.next_anchor) == ("m-2", "why")
    ended = event(types.MODULE_COMPLETED, item="m-2")
    assert stand(fold([answered(q_1=["2"]), there, ended], RELEASES)).next.module.id == "m-1"


def test_she_was_here_when_she_read_answered_or_reviewed():
    acts = [
        answered(at=at(3), **WRONG),
        event(types.SECTION_REACHED, item="m-1", section="x", at=at(2)),
        reviewed(at=at(4), **RIGHT),
    ]
    assert record(fold(acts[:1], RELEASES)).touched == at(3)
    assert record(fold(acts[1:2], RELEASES)).touched == at(2)
    assert record(fold(acts, RELEASES)).touched == at(4)
    assert record(fold([event(types.ENROLLED)], RELEASES)).touched == ""


def test_she_goes_on_at_the_section_she_reached_or_the_first_quiz_without_an_answer():
    two = course(module("m-1", quiz(choice("q-1")), quiz(choice("q-2"))))
    releases = {"r1": answer_key(two)}
    assert stand(fold([answered(q_1=["1"])], releases), two, releases).of("m-1").next_anchor == "quiz-q-2"
    reached = event(types.SECTION_REACHED, item="m-1", section="why")
    assert stand(fold([reached], releases), two, releases).of("m-1").next_anchor == "why"
