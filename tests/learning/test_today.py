"""What counts under the live release: names followed, majors apart, what an earlier release called done stays done."""

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from lms.content.identity import Identity, chain, identity
from lms.content.model import Course
from lms.content.release import encode
from lms.content.units import differ
from lms.learning import events as types
from lms.learning.events import Event
from lms.learning.keys import answer_key
from lms.learning.lineage import Lineage, lineage, seen_from
from lms.learning.missed import Missed, missed
from lms.learning.progress import fold
from lms.learning.standing import Standing, standing
from lms.learning.today import Record, today
from tests.learning.course import blanks, choice, course, match, module, ordering, quiz, story
from tests.learning.test_progress import answered, event, reviewed

R1 = course(module("m-1", quiz(choice("q-1"), choice("q-2")), mark=50), module("m-2", story()))
R2 = course(
    module("m-1", quiz(choice("q-one"), choice("q-2"), choice("q-3")), mark=50),
    module("m-two", story("e-one")),
    renamed={"q-1": "q-one", "m-2": "m-two", "e-1": "e-one"},
)
R3 = replace(R1, major=2)
ALL = {"r1": R1, "r2": R2, "r3": R3}
KEYS = {name: answer_key(each) for name, each in ALL.items()}


def line(live: str, *others: str) -> Lineage:
    return lineage(live, {name: identity(encode(ALL[name])) for name in (live, *others)})


def record(events: list[Event], live: str = "r2", *others: str) -> Record:
    return today(fold(events, KEYS), line(live, *(others or tuple(ALL))), KEYS)


def stand(events: list[Event], live: str = "r2") -> Standing:
    return standing(record(events, live), ALL[live], "es")


def ended(item: str, release: str = "r1") -> Event:
    return event(types.MODULE_COMPLETED, item=item, release=release)


def test_results_endings_and_stories_are_called_as_they_are_now() -> None:
    found = record([answered(q_1=["1"]), ended("m-2"), event(types.SCENARIO_ENDED, scenario="e-1", outcome="good")])
    assert set(found.results) == {"q-one"}
    assert found.ended == {"m-two"}
    assert found.scenarios == {"e-one": frozenset({"good"})}


def test_what_was_answered_under_both_names_is_one_result() -> None:
    acts = [answered(q_1=["1"]), answered(q_one=["2"], release="r2", at="2026-11-25T12:00:00Z")]
    (result,) = record(acts).results.values()
    assert (result.best, result.last.answer) == (1, ["2"])


def test_a_lesson_done_by_the_rules_she_worked_under_stays_done() -> None:
    acts = [answered(q_1=["1"]), ended("m-1")]
    assert stand(acts, "r1").of("m-1").done
    assert stand(acts).of("m-1").share * 100 < 50
    assert stand(acts).of("m-1").done
    assert stand(acts).of("m-1").missing == ()


def test_rules_of_a_release_that_she_never_worked_in_make_nothing_done() -> None:
    lenient = replace(R1, renamed={}, editions=course(module("m-1", quiz(choice("q-1"), choice("q-2")))).editions)
    keys = {**KEYS, "r0": answer_key(lenient)}
    told = {name: identity(encode(each)) for name, each in {**ALL, "r0": lenient}.items()}
    acts = [ended("m-1", "r2")]
    found = today(fold(acts, keys), lineage("r2", told), keys)
    assert found.kept == frozenset()
    assert "m-1" not in found.kept | {each.module.id for each in standing(found, R2, "es").modules if each.done}


def test_another_major_counts_for_nothing() -> None:
    acts = [
        answered(q_1=["1"]),
        ended("m-1"),
        ended("m-2"),
        event(types.SECTION_REACHED, item="m-1", section="x"),
        event(types.COURSE_COMPLETED, major=1),
    ]
    found = record(acts, "r3")
    assert found == Record(completed=frozenset({1}))
    here = stand(acts, "r3")
    assert (here.begun, here.met, here.complete) == (False, False, False)
    assert stand([*acts, ended("m-1", "r3")], "r3").begun


def test_a_release_that_is_not_here_counts_for_nothing_yet() -> None:
    acts = [ended("m-1", "elsewhere")]
    assert record(acts).ended == frozenset()


def test_a_question_answered_in_another_release_is_kept_as_it_was_then() -> None:
    assert record([answered(q_1=["1"])]).asked == {"q-one": KEYS["r1"].practice["q-1"]}
    later = answered(q_one=["1"], release="r2", at="2026-11-25T12:00:00Z")
    assert record([answered(q_1=["1"]), later]).asked == {}


def test_a_review_follows_its_question_and_a_changed_question_is_not_reviewed() -> None:
    acts = [answered(q_1=["2"]), reviewed(q_1=["2"]), reviewed(q_one=["1"], release="r2", at="2026-11-25T12:00:00Z")]
    assert list(missed(record(acts[:2]), KEYS["r2"]).open) == ["q-one"]
    assert missed(record(acts), KEYS["r2"]) == Missed()
    assert record(acts, "r3").reviewed == {}
    other = replace(KEYS["r2"], practice={**KEYS["r2"].practice, "q-one": choice("q-one", right="3")})
    assert missed(record(acts[:2]), other) == Missed(changed=("q-one",))


def test_what_asks_for_nothing_is_never_met() -> None:
    assert not standing(Record(), replace(R1, required=()), "es").met


acts = st.lists(
    st.one_of(
        st.builds(lambda one, two: answered(q_1=[one], q_2=[two]), st.sampled_from("12"), st.sampled_from("12")),
        st.builds(lambda one: answered(q_one=[one], release="r2"), st.sampled_from("12")),
        st.builds(lambda one: answered(q_2=[one], release="r3"), st.sampled_from("12")),
        st.builds(ended, st.sampled_from(["m-1", "m-2", "m-two"]), st.sampled_from(["r1", "r2", "r3", "unknown"])),
    ),
    max_size=10,
)


@given(acts=acts, more=acts, seed=st.integers(), live=st.sampled_from(sorted(ALL)))
def test_neither_order_nor_more_events_take_anything_away(
    acts: list[Event], more: list[Event], seed: int, live: str
) -> None:
    shuffled_acts = [*acts, *acts]
    random.Random(seed).shuffle(shuffled_acts)
    assert record(shuffled_acts, live) == record(acts, live)
    done = {each.module.id for each in stand(acts, live).modules if each.done}
    assert done <= {each.module.id for each in stand([*acts, *more], live).modules if each.done}


def told(**renamed: str) -> Identity:
    kinds = renamed.pop("kinds", "").split()
    pairs = {old.replace("_", "-"): new for old, new in renamed.items()}
    return Identity(major=1, kinds=dict.fromkeys(kinds, "single"), renamed=pairs)


def test_names_are_followed_through_every_release() -> None:
    releases = {"1": told(kinds="a"), "2": told(kinds="b", a="b"), "3": told(kinds="c", b="c")}
    assert lineage("3", releases).names == {"a": "c", "b": "c"}
    assert lineage("2", releases).names == {"a": "b", "b": "b"}
    assert lineage("1", releases).now("a") == "a"


def test_a_name_given_back_is_followed_back() -> None:
    releases = {"1": told(kinds="a"), "2": told(kinds="b", a="b"), "3": told(kinds="a", b="a")}
    assert lineage("3", releases).now("b") == "a"
    assert lineage("3", releases).now("a") == "a"


def test_what_the_live_release_says_of_a_name_comes_first() -> None:
    releases = {"2": told(kinds="b c", a="b"), "3": told(kinds="b c", a="c")}
    assert lineage("3", releases).now("a") == "c"
    assert lineage("2", releases).now("a") == "b"


def test_a_circle_of_names_ends() -> None:
    assert lineage("1", {"1": told(kinds="x", a="b", b="a")}).now("a") in ("a", "b")
    assert chain("a", {"a": "b", "b": "a"}) == "a"


def test_a_question_differs_by_its_key_and_by_keys_that_changed_places() -> None:
    assert not differ(choice("q"), replace(choice("q"), prompt="other words"))
    assert differ(choice("q"), choice("q", right="2"))
    assert differ(choice("q"), choice("q", n=5))
    turned = replace(
        choice("q"),
        options=tuple(
            replace(each, html=other.html)
            for each, other in zip(choice("q").options, [choice("q").options[k] for k in (0, 2, 1, 3)], strict=True)
        ),
    )
    assert differ(choice("q"), turned)
    for question in (match("q"), ordering("q"), blanks("q")):
        assert not differ(question, question)
    assert (
        differ(match("q"), replace(match("q"), targets=tuple(replace(t, html="x") for t in match("q").targets)))
        is False
    )
    same = blanks("q")
    two = replace(same, gaps=(same.gaps[0], replace(same.gaps[0], key="2")))
    assert not differ(two, two)


def test_identity_tells_every_id_with_its_kind() -> None:
    whole: Course = course(module("m-1", quiz(choice("q-1"), match("q-2")), story()))
    assert identity(encode(whole)).kinds == {"m-1": "module", "q-1": "single", "q-2": "match", "e-1": "scenario"}


def seen(digest: str, live: str, *others: str) -> Lineage:
    known = {name: identity(encode(ALL[name])) for name in (digest, live, *others)}
    return seen_from(digest, lineage(live, known), known)


def test_a_phone_hears_of_everything_by_the_names_that_it_knows() -> None:
    acts = [answered(q_one=["1"], q_3=["1"], release="r2"), ended("m-two", "r2"), ended("m-1", "r3")]
    acts += [event(types.SCENARIO_ENDED, scenario="e-one", outcome="good", release="r2")]
    found = today(fold(acts, KEYS), seen("r1", "r2", "r3"), KEYS)
    assert set(found.results) == {"q-1", "q-3"}
    assert found.ended == {"m-2"}
    assert found.scenarios == {"e-1": frozenset({"good"})}
    for live in ("r1", "r2"):
        assert all(seen("r1", live, "r2").now(name) == name for name in identity(encode(R1)).kinds)
        assert seen("r2", live, "r1").now("q-1") == "q-one"


@given(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=5))
def test_a_name_that_went_through_many_comes_back(steps: list[str]) -> None:
    """However often it was renamed since, also back to a name that it had."""
    known, name = {"r0": Identity(major=1, kinds={"x": "module"}, renamed={})}, "x"
    for place, new in enumerate(steps, start=1):
        renamed = {name: new} if new != name else {}
        known[f"r{place}"] = Identity(major=1, kinds={new: "module"}, renamed=renamed)
        name = new
    live = f"r{len(steps)}"
    line = seen_from("r0", lineage(live, known), known)
    assert line.now("x") == "x"
    assert line.now(name) == "x"
