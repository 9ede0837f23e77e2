"""Tests that are taken away: one ticket is one chance, whatever the phone does; nothing unproven counts."""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from lms.content.model import Course
from lms.ids import uuid7
from lms.learning import events as types
from lms.learning.attempts import AttemptWiring, drawn_questions
from lms.learning.forms import fields
from lms.learning.grading import right_answer
from lms.learning.progress import Marked
from lms.refusals import Refusal
from lms.services.common.record import Pen
from lms.services.people import devices
from lms.services.running import retention
from lms.services.studying import testing, tickets
from lms.services.studying.desk import Desk
from lms.services.studying.testing import TakenAway
from lms.storage import event_log, stores
from lms.storage.database import Database
from lms.storage.people import Person
from lms.storage.projection import OpenedAttempt
from lms.storage.releases import Catalogue
from lms.storage.tables import metadata
from tests.conftest import NOW
from tests.phone import Phone
from tests.services.conftest import Asked, add_person, at, publish
from tests.services.sending import (
    LATER,
    Line,
    changed,
    check,
    ended,
    grant,
    granted,
    phone_of,
    progress,
    said,
    send,
)
from tests.services.test_retention import NEVER
from tests.services.test_study import right_form
from tests.services.test_testing import TEST, begin, finish_modules, seat, with_rules
from tests.services.test_testing import send as send_in_web


@pytest.fixture
def offline(database: Database, desk: Desk, sample: Course) -> str:
    """The sample course with a test that may be taken away, three times."""
    return publish(database, with_rules(sample, offline=True, attempts=3, wait=0))


@pytest.fixture
def phone(database: Database, desk: Desk, ana: Person, offline: str) -> Phone:
    return granted(database, desk, ana)


def take(database: Database, desk: Desk, phone: Phone, who: Person, *, count: int = 1, now: Any = NOW) -> OpenedAttempt:
    with database.writing() as tx:
        where = at(who, TEST)
        return tickets.open_ahead(tx, desk, where, device=phone.device, ask=uuid7(), count=count, now=now)[0]


def wires(desk: Desk, opened: OpenedAttempt, *, right: bool = True) -> dict[str, list[str]]:
    """The form as its ticket shows it, filled in."""
    module = desk.catalogue[opened.release].tests[opened.module]
    questions = drawn_questions(module, opened.drawn)
    draft = {each.id: right_answer(each) for each in questions} if right else {}
    return fields(questions, AttemptWiring(opened.seed), draft)


def sheet(phone: Phone, opened: OpenedAttempt, filled: Any, **more: Any) -> Line:
    data = {"attempt": opened.id, "wires": filled, "language": "es"}
    return phone.line(types.ATTEMPT_SUBMITTED, release=opened.release, item=opened.module, data=data, **more)


def marked(database: Database, who: Person, opened: OpenedAttempt) -> Marked | None:
    attempt = progress(database, who).attempts.get(opened.id)
    return attempt.marked if attempt else None


def test_a_sheet_from_a_phone_is_marked_by_its_ticket(
    database: Database,
    desk: Desk,
    ana: Person,
    phone: Phone,
    asked: Asked,
    sample: Course,
) -> None:
    finish_modules(database, desk, ana, right_form, sample)
    opened = take(database, desk, phone, ana)
    assert said(send(database, desk, sheet(phone, opened, wires(desk, opened)))) == ["accepted"]
    found = marked(database, ana, opened)
    assert found is not None
    assert found.passed
    assert asked == [ana.id], "her certificate"
    kept = progress(database, ana).attempts[opened.id]
    assert kept.sheet and kept.sheet.answers is None
    assert opened.seed not in str(progress(database, ana)), "the seed is in no progress row"
    with database.reading() as tx:
        shown = testing.sitting(tx, desk, learner=ana.id, attempt=opened.id, language="es")
        assert len(testing.reasons(tx, shown)) == 4


@pytest.mark.parametrize("filled", [None, [], {"w": "x"}, {"w": ["x"]}, {"w": [1]}])
def test_what_does_not_read_answers_nothing(
    database: Database, desk: Desk, ana: Person, phone: Phone, filled: Any
) -> None:
    opened = take(database, desk, phone, ana)
    send(database, desk, sheet(phone, opened, filled))
    found = marked(database, ana, opened)
    assert found is not None
    assert (found.share, found.passed) == (0, False)


def test_the_answers_of_another_release_answer_nothing(
    database: Database, desk: Desk, ana: Person, phone: Phone, sample: Course
) -> None:
    opened = take(database, desk, phone, ana)
    send(database, desk, changed(sheet(phone, opened, wires(desk, opened)), phone, release="0" * 64))
    found = marked(database, ana, opened)
    assert found is not None
    assert found.share == 0


def test_the_first_sheet_by_number_counts_once_all_before_it_are_here(
    database: Database, desk: Desk, ana: Person, phone: Phone, offline: str
) -> None:
    opened = take(database, desk, phone, ana)
    before, first = ended(phone, offline), sheet(phone, opened, {})
    second = sheet(phone, opened, wires(desk, opened))
    send(database, desk, second)
    assert marked(database, ana, opened) is None
    send(database, desk, first)
    assert marked(database, ana, opened) is None
    send(database, desk, before)
    found = marked(database, ana, opened)
    assert found is not None
    assert not found.passed


def test_a_sheet_at_or_after_a_fork_does_not_count(
    database: Database, desk: Desk, ana: Person, phone: Phone, offline: str
) -> None:
    opened = take(database, desk, phone, ana)
    send(database, desk, sheet(phone, opened, wires(desk, opened)))
    assert marked(database, ana, opened)
    send(database, desk, ended(phone, offline, n=1))
    assert marked(database, ana, opened) is None
    later = take(database, desk, phone, ana)
    send(database, desk, sheet(phone, later, wires(desk, later)))
    assert marked(database, ana, later) is None


def test_a_sheet_in_time_alone_and_of_that_phone_alone(
    database: Database, desk: Desk, ana: Person, phone: Phone
) -> None:
    other = granted(database, desk, ana)
    opened = take(database, desk, phone, ana)
    send(database, desk, sheet(other, opened, wires(desk, opened)))
    assert marked(database, ana, opened) is None
    end = NOW + tickets.LAST
    send(database, desk, sheet(phone, opened, wires(desk, opened)), at=end)
    assert marked(database, ana, opened) is None
    in_web = begin(database, desk, ana)
    with database.reading() as tx:
        attempt = testing.sitting(tx, desk, learner=ana.id, attempt=in_web, language="es").attempt
    send(database, desk, sheet(phone, attempt, wires(desk, attempt)))
    assert marked(database, ana, attempt) is None
    send_in_web(database, desk, ana, in_web)
    check(database)
    assert marked(database, ana, attempt)


def test_nobody_answers_in_the_web_what_is_on_a_phone(
    database: Database, desk: Desk, ana: Person, phone: Phone
) -> None:
    opened = take(database, desk, phone, ana)
    with pytest.raises(TakenAway):
        seat(database, desk, ana, opened.id)


def test_a_sheet_waits_for_its_proof(database: Database, desk: Desk, pen: Pen, ana: Person, phone: Phone) -> None:
    opened = take(database, desk, phone, ana)
    with database.writing() as tx:
        devices.revoke(tx, pen, learner=ana.id, device=phone.device, why="passphrase", by=ana.id, now=NOW)
    send(database, desk, sheet(phone, opened, wires(desk, opened)))
    assert marked(database, ana, opened) is None
    grant(database, desk, phone, at=LATER)
    check(database)
    assert marked(database, ana, opened)


def test_when_answers_go_what_they_were_worth_stays(
    database: Database, desk: Desk, pen: Pen, ana: Person, phone: Phone, offline: str
) -> None:
    first, second = take(database, desk, phone, ana, count=2), take(database, desk, phone, ana)
    given = phone.line(types.ATTEMPT_SUBMITTED, release=offline, item="m-uno", data={"answers": {"q-a": ["1"]}})
    stranger = phone_of(ana.id)
    lines = [given, sheet(phone, first, wires(desk, first)), sheet(stranger, second, wires(desk, second))]
    send(database, desk, *lines)
    before = progress(database, ana)
    place = retention.Desk(database=database, pen=pen, catalogue=Catalogue(), periods=replace(NEVER, answers=365))
    assert retention.run(place, by="", now=NOW + timedelta(days=400)) == {"answers": 3}
    check(database)
    after = progress(database, ana)
    assert after.attempts == before.attempts
    assert marked(database, ana, first)
    assert said(send(database, desk, *lines)) == ["duplicate", "duplicate", "unproven no_grant"]
    with database.reading() as tx:
        kept = [each.raw for each in event_log.all_of(tx, ana.id)]
        assert not [raw for raw in kept if b"wires" in raw or b'"answers":{' in raw]
    grant(database, desk, stranger)
    check(database)
    assert marked(database, ana, second) is None


# an adversarial phone

ACTS = st.one_of(
    st.tuples(st.just("take"), st.integers(0, 1), st.integers(1, 3)),
    st.tuples(st.just("open")),
    st.tuples(
        st.just("sheet"),
        st.integers(0, 3),  # which phone: two of hers, one of Beto's, one of nobody's
        st.integers(0, 5),  # which attempt
        st.integers(-3, 2),  # how far from its next number
        st.booleans(),
        st.sampled_from(["own", "own", "own", "other", "none"]),  # whose signature
    ),
    st.tuples(st.just("end"), st.integers(0, 2), st.integers(-3, 2)),
    st.tuples(st.just("again"), st.integers(0, 30)),
    st.tuples(st.just("renumber"), st.integers(0, 30), st.integers(0, 1)),
    st.tuples(st.just("revoke"), st.integers(0, 1)),
    st.tuples(st.just("grant"), st.integers(0, 1)),
    st.tuples(st.just("wait"), st.sampled_from([1, 40, 100, 200])),
)


class Adversary:
    """Ana with two phones, and Beto with his, who try whatever they can think of."""

    ATTEMPTS = 3

    def __init__(self, database: Database, desk: Desk, ana: Person, beto: Person) -> None:
        self.database, self.desk, self.ana, self.now = database, desk, ana, NOW
        self.phones = [granted(database, desk, ana), granted(database, desk, ana), granted(database, desk, beto)]
        self.phones.append(phone_of(ana.id))
        self.opened: list[OpenedAttempt] = []
        self.lines: list[Line] = []
        self.results: dict[str, set[str]] = {}
        self.earlier = 0xFFFF

    def do(self, act: tuple[Any, ...]) -> None:
        name, *how = act
        self.now += timedelta(minutes=1)
        with suppress(Refusal):
            getattr(self, name)(*how)
        self.look()

    def take(self, phone: int, count: int) -> None:
        with self.database.writing() as tx:
            device = self.phones[phone].device
            where = at(self.ana, TEST)
            found = tickets.open_ahead(tx, self.desk, where, device=device, ask=uuid7(), count=count, now=self.now)
        self.opened += found

    def open(self) -> None:
        with self.database.writing() as tx:
            name = testing.open_attempt(tx, self.desk, at(self.ana, TEST), now=self.now)
        with self.database.reading() as tx:
            found = testing.sitting(tx, self.desk, learner=self.ana.id, attempt=name, language="es")
        if all(each.id != name for each in self.opened):
            self.opened.append(found.attempt)

    def sheet(self, phone: int, attempt: int, step: int, right: bool, by: str) -> None:
        if not self.opened:
            return
        opened, mine = self.opened[attempt % len(self.opened)], self.phones[phone]
        self.earlier -= 1
        first = f"{self.earlier:08x}-0000-7000-8000-000000000000"  # before all others, where the id decides
        filled = wires(self.desk, opened, right=right)
        line = sheet(mine, opened, filled, n=max(1, mine.n + 1 + step), id=first if attempt % 2 else uuid7())
        if by == "other":
            line = changed(line, self.phones[phone - 1])
        if by == "none":
            line = {**line, "signature": ""}
        self.send(mine, line)

    def end(self, phone: int, step: int) -> None:
        mine = self.phones[phone]
        self.send(mine, ended(mine, "0" * 64, n=max(1, mine.n + 1 + step)))

    def again(self, which: int) -> None:
        if self.lines:
            self.send(self.phones[3], self.lines[which % len(self.lines)])

    def renumber(self, which: int, phone: int) -> None:
        """A line once more under another number, with an id of its own or the old one."""
        if self.lines:
            mine = self.phones[phone]
            values = {"n": mine.n + 1, "device": mine.device, **({"id": uuid7()} if which % 2 else {})}
            self.send(mine, changed(self.lines[which % len(self.lines)], mine, **values))

    def revoke(self, phone: int) -> None:
        with self.database.writing() as tx:
            mine = self.phones[phone]
            told = {"learner": mine.learner, "device": mine.device, "why": "self", "by": mine.learner}
            devices.revoke(tx, self.desk.pen, **told, now=self.now)

    def grant(self, phone: int) -> None:
        grant(self.database, self.desk, self.phones[phone], at=self.now)

    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    def send(self, mine: Phone, line: Line) -> None:
        send(self.database, self.desk, line, at=self.now)
        self.lines.append(line)
        mine.n = max(mine.n, json.loads(line["raw"])["n"] if mine.device in line["raw"] else 0)

    def look(self) -> None:
        """Nobody ever sees two results of one attempt, nor of more attempts than there may be, nor of what is unproven."""
        check(self.database)
        with self.database.reading() as tx:
            lines = {each.event.id: each for each in event_log.arrived(tx, self.ana.id, "demo-course")}
        tickets_ = {each.id: each for each in self.opened}
        for name, attempt in progress(self.database, self.ana).attempts.items():
            if attempt.marked and attempt.sheet:
                self.results.setdefault(name, set()).add(attempt.sheet.event)
                line = lines[attempt.sheet.event]
                assert line.proof
                assert (line.event.store is None) == bool(tickets_[name].device)
                assert not tickets_[name].device or tickets_[name].device == line.event.device
        assert all(len(each) == 1 for each in self.results.values())
        assert len(self.results) <= len(self.opened) <= self.ATTEMPTS


AUDIT = bool(os.environ.get("LMS_REQUIRE_AUDIT"))
ALWAYS: dict[str, list[tuple[Any, ...]]] = {
    "a fork": [("take", 0, 1), ("sheet", 0, 0, 0, False, "own"), ("sheet", 0, 1, -1, True, "own")],
    "out of turn": [("take", 0, 1), ("sheet", 0, 0, 1, False, "own"), ("sheet", 0, 0, -1, True, "own")],
    "another phone's": [("take", 0, 1), ("sheet", 1, 0, 0, False, "own"), ("sheet", 0, 0, 0, True, "own")],
    "revoked": [("take", 0, 1), ("revoke", 0), ("sheet", 0, 0, 0, False, "own"), ("sheet", 0, 0, 0, True, "other")],
}


def whatever_it_does(most: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The test is run with what a phone is known to try, and with so much else."""

    def decorated(test: Callable[..., None]) -> Callable[..., None]:
        tried = given(acts=st.lists(ACTS, min_size=4, max_size=30))(test)
        for acts in ALWAYS.values():
            tried = example(acts=acts)(tried)
        phases = [Phase.explicit, Phase.reuse, Phase.generate]
        return settings(max_examples=most, phases=phases, suppress_health_check=list(HealthCheck))(tried)

    return decorated


@whatever_it_does(200 if AUDIT else 40)
def test_an_adversarial_phone_never_gets_more_chances_than_there_are(
    acts: list[tuple[Any, ...]], sample: Course, sqlite_database: Database
) -> None:
    play(sqlite_database, sample, acts)


@whatever_it_does(100 if AUDIT else 8)
def test_an_adversarial_phone_never_gets_more_chances_on_postgresql(
    acts: list[tuple[Any, ...]], sample: Course, postgresql_database: Database
) -> None:
    play(postgresql_database, sample, acts)


def play(database: Database, sample: Course, acts: list[tuple[Any, ...]]) -> None:
    """All that is done to a store that has nothing yet, and the rules hold after each act."""
    with database.writing() as tx:
        for table in reversed(metadata.sorted_tables):
            tx.execute(delete(table))
        pen = Pen(store=stores.create(tx, now=NOW), sign=lambda raw: b"signed")
    publish(database, with_rules(sample, offline=True, attempts=Adversary.ATTEMPTS, wait=0))
    desk = Desk(Catalogue(), pen, Asked())
    ana, beto = (add_person(database, pen, name) for name in ("ana", "beto"))
    adversary = Adversary(database, desk, ana, beto)
    for act in acts:
        adversary.do(act)
