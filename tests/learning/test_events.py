"""The event line: made once, read back the same, anything else refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.ids import is_uuid, uuid7
from lms.learning.events import ERASED, Event, MalformedEvent, decode, digest, encode, stub

text = st.text(max_size=20)
data = st.dictionaries(
    text, st.none() | st.booleans() | st.integers(-(2**53), 2**53) | text | st.lists(text, max_size=3), max_size=4
)
events = st.builds(
    lambda n, kind, course, more: Event(
        id=uuid7(), type=kind, learner=uuid7(), device=uuid7(), n=n, at="2026-11-24T12:00:00Z", course=course, data=more
    ),
    st.integers(1, 2**40),
    text,
    st.none() | text,
    data,
)


def line(**changes: object) -> bytes:
    values = json.loads(
        encode(
            Event(id=uuid7(), type="learner.enrolled", learner=uuid7(), device=uuid7(), n=1, at="2026-11-24T12:00:00Z")
        )
    )
    return json.dumps({**values, **changes}).encode()


@given(event=events)
def test_a_line_reads_back_as_the_event_it_was(event):
    raw = encode(event)
    assert b"\n" not in raw
    assert decode(raw) == event
    assert len(digest(raw)) == 64


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 9000,
        line(v=2),
        line(id="1"),
        line(device=None),
        line(learner="ana"),
        line(n=0),
        line(n=True),
        line(n="1"),
        line(type=None),
        line(course=7),
        line(data=[]),
        line(data={"long": "x" * 17000}),
    ],
)
def test_anything_but_a_line_of_version_1_is_refused(raw):
    with pytest.raises(MalformedEvent):
        decode(raw)


def test_a_line_past_16_kib_is_not_made():
    with pytest.raises(MalformedEvent):
        encode(Event(id=uuid7(), type="x", learner=None, device=uuid7(), n=1, at="", data={"long": "x" * 17000}))


def test_ids_are_version_7_and_never_repeat():
    made = [uuid7() for _ in range(1000)]
    assert len(set(made)) == 1000
    assert all(is_uuid(name) and name[14] == "7" and name[19] in "89ab" for name in made)
    assert not is_uuid("ana")


@given(event=events)
def test_what_is_left_of_an_erased_event_tells_which_it_was_and_nothing_of_whom(event):
    raw = encode(event)
    left = stub(event, digest(raw))
    assert json.loads(left).keys() == {"v", "id", "hash", "n", "device", "erased"}
    found = decode(left)
    assert (found.id, found.device, found.n, found.data) == (event.id, event.device, event.n, {"hash": digest(raw)})
    assert (found.type, found.learner, found.by, found.course) == (ERASED, None, None, None)


@pytest.mark.parametrize("change", [{"hash": "x"}, {"hash": None}, {"n": 0}, {"id": "x"}, {"device": 1}, {"erased": 1}])
def test_a_stub_with_something_wrong_is_refused(change):
    left = json.loads(stub(decode(line()), "0" * 64))
    with pytest.raises(MalformedEvent):
        decode(json.dumps({**left, **change}).encode())
