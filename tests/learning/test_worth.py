"""Answers removed, what they were worth kept: the fold makes the same of both."""

import random
from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from lms.learning import events as types
from lms.learning import progress_json
from lms.learning.events import Event, decode, encode
from lms.learning.progress import Progress, Work, apply, fold
from lms.learning.worth import asked, kind, without_answers
from tests.learning.test_progress import RELEASES, acts, answered, opened, reviewed, sheet

STORE = "K7"


def removed(events: list[Event], which: list[Event]) -> list[Event]:
    """The events, with those answers removed whose worth can be told."""
    attempts = {name: each.opened for name, each in fold(events, RELEASES).attempts.items() if each.opened}
    told = []
    for each in events:
        stub = without_answers(each, attempts, RELEASES, store=STORE, hash_="0" * 64) if each in which else None
        told.append(decode(encode(stub)) if stub else each)
    return told


def bare(progress: Progress) -> Progress:
    """The progress without an answer in it."""
    work = {
        release: Work(
            ended=each.ended,
            scenarios=each.scenarios,
            results={
                name: replace(result, last=replace(result.last, answer=None)) for name, result in each.results.items()
            },
            reviewed={name: replace(last, answer=None) for name, last in each.reviewed.items()},
        )
        for release, each in progress.work.items()
    }
    return replace(progress, work=work)


@given(acts=acts, reviews=st.lists(st.sampled_from([["1"], ["2"], ["9"], "x"]), max_size=2), seed=st.integers())
def test_nothing_but_the_answers_is_another(acts, reviews, seed):
    chance = random.Random(seed)
    events = [*acts, *(reviewed(n=99, q_1=each, q_7=each) for each in reviews)]
    which = [each for each in events if chance.random() < 0.6]
    after = removed(events, which)
    assert bare(fold(after, RELEASES)) == bare(fold(events, RELEASES))
    shuffled = [*after, *chance.choices(after, k=len(after) if after else 0)]
    chance.shuffle(shuffled)
    assert progress_json.dump(fold(shuffled, RELEASES)) == progress_json.dump(fold(after, RELEASES))
    row = progress_json.dump(Progress())
    for each in shuffled:
        row = progress_json.dump(apply(progress_json.load(row), each, RELEASES))
    assert row == progress_json.dump(fold(after, RELEASES)), "also where a sheet comes before its attempt"
    for old, new in zip(events, after, strict=True):
        assert kind(new) == old.type and set(asked(new)) == set(asked(old))
        assert (new.id, new.n, new.device, new.learner, new.at) == (old.id, old.n, old.device, old.learner, old.at)


def test_no_answer_is_left_in_the_line():
    (told,) = removed([given_ := answered(q_1=["2"], q_9=["canario"])], [given_])
    assert told.type == types.ANSWERS_REMOVED and b"canario" not in encode(told)
    assert told.data["shares"] == {"q-1": "1", "q-9": None}, (
        "a question that the release does not have counts for nothing"
    )
    (work,) = fold([told], RELEASES).work.values()
    assert work.results["q-1"].best == Fraction(1) and work.results["q-1"].last.answer is None


def test_what_nobody_can_mark_keeps_its_answers():
    unknown = answered(release="unknown", q_1=["2"])
    unopened, elsewhere = sheet("a-0", a_1=["1"]), sheet("a-1", release="r2", a_1=["1"])
    events = [unknown, unopened, opened("a-1", "a-1"), elsewhere]
    assert removed(events, events) == events
