"""Which lines count, and how far a phone's lines are here."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.ids import uuid7
from lms.learning import events as types
from lms.learning.attempts import AttemptWiring, drawn_questions
from lms.learning.countable import (
    OWN,
    PHONE,
    UNPROVEN,
    Arrived,
    Horizon,
    countable,
    horizon,
    is_test_sheet,
    readable,
    verdict,
)
from lms.learning.events import Event
from lms.learning.forms import fields
from lms.learning.grading import right_answer
from lms.learning.keys import answer_key
from lms.learning.phone_lines import RefusedLine, read
from lms.learning.progress import fold
from tests.conftest import NOW
from tests.learning.course import choice, course, module, quiz, rules

ANA, PHONE_ID = uuid7(), uuid7()
COURSE = course(module("t-1", quiz(choice("p-1", pool="p")), rules=rules(draw={"p": 1})))
RELEASES = {"r": answer_key(COURSE)}


@dataclass(frozen=True)
class Ticket:
    module: str = "t-1"
    release: str = "r"
    drawn: tuple[str, ...] = ("p-1",)
    seed: str = "seed"
    device: str = PHONE_ID
    expires_at: datetime | None = NOW + timedelta(days=1)


def sheet(n: int = 1, **values: object) -> Event:
    data = {"attempt": "a", "wires": filled(), "language": "es"}
    known: dict[str, object] = {"type": types.ATTEMPT_SUBMITTED, "release": "r", "item": "t-1", "data": data}
    return Event(id=uuid7(), learner=ANA, by=ANA, device=PHONE_ID, n=n, at="", course="c", **{**known, **values})  # type: ignore[arg-type]


def filled() -> dict[str, list[str]]:
    questions = drawn_questions(RELEASES["r"].tests["t-1"], ("p-1",))
    return fields(questions, AttemptWiring("seed"), {each.id: right_answer(each) for each in questions})


def test_the_horizon_is_the_same_however_lines_came() -> None:
    assert horizon([]) == Horizon()
    assert horizon([1, 2, 4]) == Horizon(2)
    assert horizon([1, 2, 2, 3, 3]) == Horizon(3, 2)
    assert horizon([5, 5], Horizon(3)) == Horizon(3, 5)
    assert horizon([4, 5], Horizon(3, 2)) == Horizon(5, 2)


@given(st.lists(st.integers(1, 12), max_size=20))
def test_the_horizon_by_its_meaning(numbers: list[int]) -> None:
    seen = horizon(sorted(numbers))
    assert set(range(1, seen.complete_to + 1)) <= set(numbers)
    assert seen.complete_to + 1 not in numbers
    assert seen.forked_at == min((n for n in numbers if numbers.count(n) > 1), default=None)


CASES = [
    ("", sheet(), PHONE, NOW, Ticket(), Horizon(1)),
    ("unproven", sheet(), UNPROVEN, NOW, Ticket(), Horizon(1)),
    ("ticket", sheet(), PHONE, NOW, None, Horizon(1)),
    ("ticket", sheet(), PHONE, NOW, Ticket(device=""), Horizon(1)),
    ("ticket", sheet(), PHONE, NOW, Ticket(device=uuid7()), Horizon(1)),
    ("late", sheet(), PHONE, NOW + timedelta(days=1), Ticket(), Horizon(1)),
    ("late", sheet(), PHONE, NOW, Ticket(expires_at=None), Horizon(1)),
    ("fork", sheet(), PHONE, NOW, Ticket(), Horizon(1, 1)),
    ("", sheet(), PHONE, NOW, Ticket(), Horizon(2, 2)),
    ("waiting", sheet(n=2), PHONE, NOW, Ticket(), Horizon(1)),
    ("release", sheet(), PHONE, NOW, Ticket(release="x"), Horizon(1)),
    ("", sheet(), OWN, NOW, None, Horizon()),
    ("", sheet(), OWN, NOW, Ticket(device=""), Horizon()),
    ("ticket", sheet(), OWN, NOW, Ticket(), Horizon()),
    ("", sheet(data={"answers": {}}), PHONE, NOW, None, Horizon()),
    ("", sheet(type=types.ENROLLED), PHONE, NOW, None, Horizon(0, 1)),
    ("", sheet(type=types.ANSWERS_REMOVED, data={"was": types.ATTEMPT_SUBMITTED, "attempt": "a"}), PHONE, NOW, Ticket(), Horizon(1)),
    ("late", sheet(type=types.ANSWERS_REMOVED, data={"was": types.ATTEMPT_SUBMITTED, "attempt": "a"}), PHONE, NOW + timedelta(days=2), Ticket(), Horizon(1)),
]  # fmt: skip


@pytest.mark.parametrize(("said", "event", "proof", "at", "ticket", "seen"), CASES)
def test_why_a_line_does_not_count(
    said: str, event: Event, proof: str, at: datetime, ticket: Ticket | None, seen: Horizon
) -> None:
    line = Arrived(event, at, proof)
    assert verdict(line, ticket, seen, RELEASES) == said
    tickets = {"a": ticket} if ticket else {}
    counting = list(countable([line], tickets, {PHONE_ID: seen}, RELEASES))
    assert [each.id for each in counting] == ([] if said else [event.id])


def test_a_phones_sheet_is_read_by_its_ticket() -> None:
    told = readable(Arrived(sheet(), NOW, PHONE), Ticket(), RELEASES)
    assert told.data == {"attempt": "a", "language": "es", "answers": {"p-1": ["1"]}}
    opened = replace(sheet(type=types.ATTEMPT_OPENED, data={"drawn": ["p-1"]}), id="a")
    marked = fold([told, opened], RELEASES).attempts["a"].marked
    assert marked is not None
    assert marked.passed
    for odd in (None, {"x": ["y"]}, {"x": "y"}, {"x": [1]}, {"x": []}):
        line = Arrived(sheet(data={"attempt": "a", "wires": odd}), NOW, PHONE)
        assert readable(line, Ticket(), RELEASES).data["answers"] == {}
    other = readable(Arrived(sheet(release="x"), NOW, PHONE), Ticket(), RELEASES)
    assert (other.release, other.data["answers"]) == ("r", {})


def test_what_is_no_sheet_of_a_phone_is_read_as_it_is() -> None:
    event = sheet()
    for line, ticket in (
        (Arrived(event, NOW, OWN), Ticket()),
        (Arrived(event, NOW, PHONE), None),
        (Arrived(event, NOW, PHONE), Ticket(release="x")),
        (Arrived(replace(event, type=types.ANSWERS_REMOVED), NOW, PHONE), Ticket()),
        (Arrived(replace(event, data={"attempt": 1}), NOW, PHONE), Ticket()),
    ):
        assert readable(line, ticket, RELEASES) is line.event
    assert not is_test_sheet(replace(event, data={"attempt": 1}))


def line(**values: object) -> bytes:
    known = {name: getattr(sheet(), name) for name in types.FIELDS}
    told = {**known, "at": "2026-11-24T11:39:13.123Z", "release": None, **values}
    return json.dumps(told).encode()


def test_a_line_of_a_phone_is_read() -> None:
    assert read(line()).learner == ANA
    assert read(line(type="learner.danced", data={"a": "ok", "b": [{"c": "\u00e9"}]})).type == "learner.danced"
    assert read(line(data={"text": "\\u0000 as it is written, and \U0001f600"})).data["text"].startswith("\\u0000")
    assert read(line(at="2099-01-01T00:00:00Z", release="a" * 64, data={"section": 5}))


@pytest.mark.parametrize(
    ("why", "raw"),
    [
        ("too_long", b"{" + b" " * 17000),
        ("malformed", b"[1]"),
        ("malformed", line().decode().encode("utf-16")),
        ("malformed", line(type="learner." + "x" * 60)),
        ("malformed", line(item="i" * 101)),
        ("malformed", line(at="2026-11-24T25:39:13Z")),
        ("malformed", line(data={"deep": {"\ud800": [1]}})),
        ("malformed", line(item="a\x00")),
        ("malformed", line(release="x")),
        ("malformed", line(n=2**31)),
        ("malformed", line(at="2026-13-24T11:39:13Z")),
        ("malformed", line(at="yesterday")),
        ("malformed", line(by=None)),
        ("malformed", line(data={"section": "s" * 201})),
        ("malformed", line(data={"a": ["\ud800", None]})),
        ("malformed", line(data={"a": float("inf")})),
        ("malformed", b'{"v":1,"data":' + b'{"a":' * 2500 + b"1" + b"}" * 2500 + b"}"),
        ("type", line(type="store.enrolled")),
    ],
)
def test_a_line_that_no_store_keeps(why: str, raw: bytes) -> None:
    with pytest.raises(RefusedLine) as refused:
        read(raw)
    assert refused.value.why == why


def test_whatever_is_sent_is_read_or_refused() -> None:
    @given(st.binary(max_size=80) | st.text(max_size=80).map(lambda text: text.encode("utf-8", "surrogatepass")))
    def once(raw: bytes) -> None:
        with pytest.raises(RefusedLine):
            read(raw)

    once()
