"""Tickets: attempts opened ahead for one phone, never more than the test allows, the same ones for the same ask."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.content.model import Course
from lms.ids import uuid7
from lms.services.running.rebuild import differences
from lms.services.studying import testing, tickets
from lms.services.studying.desk import Desk
from lms.services.studying.looking import UnknownPage
from lms.services.studying.testing import NoAttemptsLeft, TakenAway, TooSoon
from lms.services.studying.tickets import MOST, NoneLeft, NoTicket, NotOffline, OtherMajor, TooMany
from lms.storage import projection
from lms.storage.database import Database
from lms.storage.people import Person
from lms.storage.projection import OpenedAttempt
from lms.storage.releases import Catalogue
from tests.conftest import NOW
from tests.services.conftest import at, publish
from tests.services.test_testing import TEST, begin, events_of, send, with_rules

PHONE = uuid7()


def take(
    database: Database,
    desk: Desk,
    person: Person,
    *,
    ask: str = "",
    count: int = 1,
    device: str = PHONE,
    module: str = TEST,
    release: str = "",
    now: datetime = NOW,
) -> list[OpenedAttempt]:
    with database.writing() as tx:
        where = at(person, module, release=release)
        return tickets.open_ahead(tx, desk, where, device=device, ask=ask or uuid7(), count=count, now=now)


@pytest.fixture
def offline(database: Database, desk: Desk, sample: Course) -> str:
    """The sample course with a test that may be taken away, five times."""
    return publish(database, with_rules(sample, offline=True, attempts=5))


def test_a_ticket_is_spent_for_one_phone_and_expires(database: Database, desk: Desk, ana: Person, offline: str) -> None:
    (one,) = take(database, desk, ana)
    assert (one.device, one.release, one.expires_at) == (PHONE, offline, NOW + timedelta(days=90))
    assert one.id[14] == "5"  # of no other kind: 8 is what was entered from paper
    with database.reading() as tx:
        assert differences(tx, Catalogue()) == []
        view = testing.enter(tx, desk.catalogue, learner=ana.id, course="demo-course", language="es")
        allowed = testing.chances(tx, view, learner=ana.id, module=view.module(TEST), now=NOW)
    assert (allowed.left, allowed.open, [each.id for each in allowed.away]) == (4, None, [one.id])


def test_the_same_ask_gets_the_same_tickets(database: Database, desk: Desk, ana: Person, offline: str) -> None:
    ask = uuid7()
    first = take(database, desk, ana, ask=ask, count=2)
    assert take(database, desk, ana, ask=ask, count=2) == first
    assert take(database, desk, ana, ask=ask, count=3, now=NOW + timedelta(days=1)) == first
    with ThreadPoolExecutor(4) as pool:
        asked = list(pool.map(lambda _: take(database, desk, ana, ask=ask), range(8)))
    assert asked == [first] * 8
    assert events_of(database, "store.attempt_opened") == 2
    assert take(database, desk, ana, ask=ask, device=uuid7()) != first


def test_never_more_than_three_are_away_at_once(database: Database, desk: Desk, ana: Person, offline: str) -> None:
    assert len(take(database, desk, ana, count=2)) == 2
    assert len(take(database, desk, ana, count=3, device=uuid7())) == 1
    with pytest.raises(TooMany):
        take(database, desk, ana)
    later = NOW + tickets.LAST
    assert len(take(database, desk, ana, count=3, now=later)) == 2  # five are spent then
    with pytest.raises(NoneLeft):
        take(database, desk, ana, now=later)
    with pytest.raises(NoAttemptsLeft):
        begin(database, desk, ana, now=later)


def test_twenty_asks_at_once_take_no_more_than_may_be(
    database: Database, desk: Desk, ana: Person, offline: str
) -> None:
    def one(_: int) -> int:
        try:
            return len(take(database, desk, ana, count=3))
        except NoTicket:
            return 0

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(20))) == MOST
    assert events_of(database, "store.attempt_opened") == MOST


def test_the_browser_goes_on_with_no_ticket(database: Database, desk: Desk, ana: Person, offline: str) -> None:
    (away,) = take(database, desk, ana)
    here = begin(database, desk, ana)
    assert here != away.id
    for act in (
        lambda tx: testing.sitting(tx, desk, learner=ana.id, attempt=away.id, language="es"),
        lambda tx: testing.save_sheet(tx, desk, at(ana, TEST), attempt=away.id, form={}, now=NOW),
        lambda tx: testing.send_sheet(tx, desk, at(ana, TEST), attempt=away.id, form={}, now=NOW),
    ):
        with pytest.raises(TakenAway), database.writing() as tx:
            act(tx)
    send(database, desk, ana, here, right=False)
    with database.reading() as tx:
        assert differences(tx, Catalogue()) == []


def test_a_wait_binds_the_browser_only(database: Database, desk: Desk, ana: Person, sample: Course) -> None:
    publish(database, with_rules(sample, offline=True, attempts=5, wait=60))
    take(database, desk, ana)
    take(database, desk, ana)
    with pytest.raises(TooSoon):
        begin(database, desk, ana)


@pytest.mark.parametrize("attempts", [0, 2])
def test_where_there_is_no_limit_there_are_still_three(
    database: Database, desk: Desk, ana: Person, sample: Course, attempts: int
) -> None:
    publish(database, with_rules(sample, offline=True, attempts=attempts))
    assert len(take(database, desk, ana, count=3)) == (attempts or MOST)


def test_what_gives_no_ticket(database: Database, desk: Desk, ana: Person, sample: Course) -> None:
    with pytest.raises(NotOffline):
        take(database, desk, ana)
    old = publish(database, with_rules(sample, offline=True))
    for module in ("m-uno", "nothing"):
        with pytest.raises(UnknownPage):
            take(database, desk, ana, module=module)
    from dataclasses import replace

    publish(database, replace(with_rules(sample, offline=True), major=2))
    with pytest.raises(OtherMajor):
        take(database, desk, ana, release=old)
    assert events_of(database, "store.attempt_opened") == 0
    assert len(take(database, desk, ana, release="0" * 64)) == 1  # of a release that is not known here


ACTS = st.lists(
    st.tuples(st.sampled_from(["take", "begin", "send"]), st.integers(1, 3), st.integers(0, 2), st.integers(0, 40)),
    max_size=14,
)


@pytest.mark.no_cover
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_whatever_she_does_she_opens_no_more_than_there_are(
    database: Database, desk: Desk, pen: object, sample: Course, acts: list[tuple[str, int, int, int]]
) -> None:
    from tests.services.conftest import add_person

    publish(database, with_rules(sample, offline=True, attempts=4))
    person, now, asks = add_person(database, pen, "p" + uuid7()[-12:]), NOW, [uuid7() for _ in range(3)]  # type: ignore[arg-type]
    for act, count, ask, days in acts:
        now += timedelta(days=days)
        try:
            if act == "take":
                take(database, desk, person, ask=asks[ask], count=count, now=now)
            elif act == "begin":
                begin(database, desk, person, now=now)
            else:
                send(database, desk, person, begin(database, desk, person, now=now), right=False)
        except (NoTicket, NoAttemptsLeft):
            pass
        with database.reading() as tx:
            opened = projection.attempts_of(tx, person.id, "demo-course")
            open_ahead = [each for each in opened if each.expires_at and each.expires_at > now]
        assert len(opened) <= 4
        assert len(open_ahead) <= MOST
