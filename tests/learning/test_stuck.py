"""Who is stuck in a course, and why."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from lms.content.model import Course
from lms.learning.progress import Attempt, Marked, Opened, Sheet
from lms.learning.standing import Standing, standing
from lms.learning.stuck import SILENT_DAYS, TRIES, Facts, Outlook, Reason, Tries, mark, outlook, tries
from lms.learning.today import Record
from tests.conftest import NOW
from tests.learning.course import course, lessons_and_test, module, rules

ENDED = frozenset({"m-1", "m-2"})


def days(n: float) -> timedelta:
    return timedelta(days=n)


def stands(record: Record, made: Course | None = None) -> Standing:
    return standing(record, made or three(), "es")


def three() -> Course:
    """Two lessons that ask only to be ended, and a test of three attempts."""
    return course(module("m-1"), module("m-2"), module("m-test", rules=rules(attempts=3, wait=60)))


def seen(record: Record, *, joined: float = 0, last: float | None = None, **facts: object) -> Outlook:
    when = {"joined": NOW - days(joined), "last": None if last is None else NOW - days(last)}
    return outlook(Facts(standing=stands(record), **when, **facts), now=NOW)  # type: ignore[arg-type]


def attempt(*, sent: bool = True, passed: bool | None = False) -> Attempt:
    """One at the test: `passed` is None where it waits to be marked."""
    marked = None if passed is None else Marked(share=Fraction(int(passed)), passed=passed, missed=())
    return Attempt(
        opened=Opened(module="m-test", release="r", drawn=()),
        sheet=Sheet(n=1, event="e", release="r", answers=None) if sent else None,
        marked=marked if sent else None,
    )


def tried(*attempts: Attempt, **opened: object) -> Tries:
    record = Record(attempts={str(n): each for n, each in enumerate(attempts)})
    return tries(record, stands(record).of("m-test"), opened, now=NOW)  # type: ignore[arg-type]


def test_the_final_test_is_left_two_attempts_are_used_and_she_was_away_for_nine_days() -> None:
    found = seen(Record(ended=ENDED), joined=30, last=9, tests=(tried(attempt(), attempt()),))
    assert found.reasons == (Reason("test"), Reason("tried", 2), Reason("silent", 9))
    assert found.call


@pytest.mark.parametrize(("joined", "call"), [(0, False), (SILENT_DAYS - 0.1, False), (SILENT_DAYS, True), (12, True)])
def test_she_has_not_begun(joined: float, call: bool) -> None:
    found = seen(Record(), joined=joined)
    assert (found.reasons, found.call) == ((Reason("unbegun", int(joined)),), call)


@pytest.mark.parametrize(("last", "call"), [(0, False), (SILENT_DAYS - 0.1, False), (SILENT_DAYS, True)])
def test_one_module_is_left(last: float, call: bool) -> None:
    found = seen(Record(ended=frozenset({"m-1"})), joined=30, last=last)
    assert found.reasons[0] == Reason("modules-and-test", 1)
    assert (Reason("silent", SILENT_DAYS) in found.reasons, found.call) == (call, call)


def test_modules_are_left_where_the_test_is_passed() -> None:
    record = Record(ended=frozenset({"m-2"}), attempts={"a": attempt(passed=True)})
    assert seen(record, last=1).reasons == (Reason("modules", 1),)


def test_every_attempt_is_used() -> None:
    found = seen(Record(ended=ENDED), last=0, tests=(tried(attempt(), attempt(), attempt()),))
    assert (found.reasons, found.call) == ((Reason("test"), Reason("spent", 3)), True)


@pytest.mark.parametrize(("n", "call"), [(TRIES - 1, False), (TRIES, True)])
def test_so_many_attempts_without_passing_are_a_reason_to_call(n: int, call: bool) -> None:
    assert seen(Record(ended=ENDED), last=0, tests=(tried(*[attempt()] * n),)).call is call


@pytest.mark.parametrize(
    ("last", "reasons", "call"),
    [
        (attempt(sent=False), (Reason("tried", 2), Reason("unsent")), False),
        (attempt(passed=None), (Reason("tried", 2), Reason("sent")), False),
    ],
)
def test_whose_last_attempt_is_not_over_goes_on(last: Attempt, reasons: tuple[Reason, ...], call: bool) -> None:
    test = tried(attempt(), attempt(), last)
    found = seen(Record(ended=ENDED), last=0, tests=(test,))
    assert (found.reasons, found.call) == ((Reason("test"), *reasons), call)
    assert not test.spent


def test_the_first_attempt_begun_and_not_sent_is_none_used() -> None:
    found = seen(Record(ended=ENDED), last=0, tests=(tried(attempt(sent=False)),))
    assert found.reasons == (Reason("test"), Reason("unsent"))


def test_she_waits_for_the_next_attempt() -> None:
    test = tried(attempt(), **{"0": NOW - timedelta(minutes=14, seconds=30)})
    found = seen(Record(ended=ENDED), last=0, tests=(test,))
    assert (found.reasons, found.call) == ((Reason("test"), Reason("tried", 1), Reason("wait", 46)), False)
    assert not tried(attempt(), **{"0": NOW - days(1)}).wait


def test_without_a_limit_no_attempt_is_the_last() -> None:
    record = Record(attempts={str(n): attempt() for n in range(9)})
    found = stands(record, lessons_and_test()).of("m-test")
    assert not tries(record, found, {}, now=NOW).spent


def test_whoever_has_completed_it_or_has_no_account_any_more_needs_no_call() -> None:
    done = seen(Record(ended=ENDED, attempts={"a": attempt(passed=True)}), last=90)
    assert (done.reasons, done.call, done.complete) == ((), False, True)
    closed = seen(Record(), joined=90, active=False)
    assert (closed.reasons, closed.call) == ((Reason("closed"),), False)
    withdrawn = seen(Record(), joined=90, withdrawn=True)
    assert (withdrawn.reasons, withdrawn.call) == ((Reason("withdrawn"),), False)


def test_a_device_ahead_of_time_makes_no_negative_days() -> None:
    assert seen(Record(ended=ENDED), last=-3).silent == 0


def test_whoever_cannot_go_on_comes_first_then_whoever_was_away_longest() -> None:
    spent = seen(Record(ended=ENDED), last=1, tests=(tried(*[attempt()] * 3),))
    long, short = seen(Record(), joined=30), seen(Record(ended=ENDED), joined=60, last=8)
    fine, done = seen(Record(ended=ENDED), last=2), seen(Record(attempts={"a": attempt(passed=True)}, ended=ENDED))
    assert sorted([done, fine, short, long, spent], key=lambda each: each.urgency) == [spent, long, short, fine, done]


def test_each_module_has_a_mark() -> None:
    record = Record(ended=frozenset({"m-1"}))
    one, two, _test = stands(record).modules
    assert (mark(one, None), mark(two, None), mark(replace(two, begun=True), None)) == ("done", "none", "begun")
    for test, expected in (
        (tried(), "none"),
        (tried(attempt()), "failed"),
        (tried(attempt(), attempt(sent=False)), "begun"),
        (tried(attempt(passed=True)), "done"),
    ):
        record = Record(attempts={str(n): attempt() for n in range(test.used)})
        found = replace(stands(record).of("m-test"), done=expected == "done")
        assert mark(found, test) == expected


def test_of_whoever_has_a_phone_nobody_says_that_she_did_nothing() -> None:
    assert seen(Record(), joined=9, phone=True).reasons == (Reason("unheard", 9),)
    quiet = seen(Record(ended=ENDED), joined=30, last=9, phone=True)
    assert (quiet.reasons, quiet.call) == ((Reason("test"), Reason("quiet", 9)), True)


def test_an_attempt_that_a_phone_took_along_goes_on_until_it_may_be_sent_no_more() -> None:
    spent = [attempt(), attempt(), attempt(sent=False)]
    record = Record(attempts={str(n): each for n, each in enumerate(spent)})
    test = stands(record).of("m-test")
    along = tries(record, test, {}, {"2": NOW + days(1)}, now=NOW)
    assert (along.away, along.unsent, along.spent, mark(test, along)) == (1, False, False, "begun")
    found = seen(Record(ended=ENDED), last=0, tests=(along,))
    assert (found.reasons, found.call) == ((Reason("test"), Reason("tried", 2), Reason("away", 1)), False)
    over = tries(record, test, {}, {"2": NOW}, now=NOW)
    assert (over.away, over.spent, mark(test, over)) == (0, True, "failed")
