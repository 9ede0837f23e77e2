"""What is kept, and for how long: every table has a purpose, and what is past its time goes without breaking anything."""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from lms.certificates.credential import Credential
from lms.config import Periods
from lms.learning import events as types
from lms.learning.events import ANSWERS_REMOVED, ERASED, decode
from lms.learning.grading import right_answer
from lms.services.common.record import Act, Pen, record
from lms.services.people import linking
from lms.services.running import retention
from lms.services.running.purposes import OF_NOBODY, PURPOSES
from lms.services.running.rebuild import differences, rebuild
from lms.services.running.retention import NothingToRun
from lms.services.studying import testing, tries
from lms.services.studying.acts import Deed, write
from lms.services.studying.desk import Desk
from lms.services.studying.study import end_module
from lms.storage import audit, belongings, certificates, drafts, event_log, people, projection, sessions, tables
from lms.storage.database import Database
from lms.storage.people import Person
from lms.storage.releases import Catalogue
from tests.conftest import NOW
from tests.learning.test_worth import bare
from tests.services.conftest import add_person, at

LATER = NOW + timedelta(days=400)
NEVER = Periods(**dict.fromkeys(asdict(Periods()), 0))


@pytest.fixture
def place(database: Database, pen: Pen) -> retention.Desk:
    return retention.Desk(database=database, pen=pen, catalogue=Catalogue(), periods=NEVER)


def run(place: retention.Desk, now: datetime = LATER, **periods: int) -> dict[str, int]:
    """What a run with these periods only deletes; what was said before that it would."""
    here = replace(place, periods=replace(NEVER, **periods))
    with place.database.reading() as tx:
        told = retention.past(tx, here.periods, now=now)
    gone = retention.run(here, by="", now=now)
    assert gone == told
    return gone


def count(database: Database, table: Any) -> int:
    with database.reading() as tx:
        return tx.execute(select(func.count()).select_from(table)).scalar_one()


def test_every_table_is_of_a_purpose_or_of_nobody() -> None:
    named = {name for each in PURPOSES for name in each.tables}
    assert named | set(OF_NOBODY) == set(tables.metadata.tables), "a new table belongs to a purpose, or holds nobody's"
    assert named.isdisjoint(OF_NOBODY)
    personal = {*belongings.COLUMNS, "by", "actor", "subject", "username", "phone"}
    for name in OF_NOBODY:
        assert personal.isdisjoint(tables.metadata.tables[name].c.keys()), name


def test_every_period_is_of_a_purpose_and_the_other_way_round() -> None:
    assert [each.name for each in PURPOSES if each.ends == "period"] == sorted(
        asdict(Periods()), key=[each.name for each in PURPOSES].index
    )
    assert all(each.counted for each in PURPOSES if each.ends in ("alone", "period"))
    assert len({each.name for each in PURPOSES}) == len(PURPOSES)


def test_nothing_goes_where_no_period_is_set(place: retention.Desk, ana: Person) -> None:
    assert run(place, NOW + timedelta(days=9999)) == {}
    with place.database.reading() as tx:
        assert next(audit.lines(tx), None) is None, "and there is nothing to tell"
    with pytest.raises(NothingToRun):
        retention.run(place, by="", now=NOW, only=["audit"])


ROWS: dict[str, tuple[Any, dict[str, Any], dict[str, Any]]] = {
    "drafts": (
        tables.drafts,
        {"learner": "a", "item": "demo-course/m/q", "body": "{}", "saved_at": NOW},
        {"learner": "b", "item": "import/x", "body": "{}", "saved_at": NOW},
    ),
    "ways_in": (
        tables.resets,
        {"person": "a", "by": "b", "made_at": NOW, "expires_at": NOW, "seen": True},
        {"person": "b", "by": "b", "made_at": NOW, "expires_at": NOW, "seen": False},
    ),
    "cards": (
        tables.login_cards,
        {"hash": "a", "person": "a", "pin_hash": "", "made_at": NOW, "voided_at": NOW},
        {"hash": "b", "person": "a", "pin_hash": "", "made_at": NOW, "voided_at": None},
    ),
    "reports": (
        tables.reports,
        dict.fromkeys(("course", "release", "module", "anchor", "language", "page", "kind", "body"), "")
        | {"id": "a", "state": "done", "made_on": NOW.date()},
        dict.fromkeys(("course", "release", "module", "anchor", "language", "page", "kind", "body"), "")
        | {"id": "b", "state": "new", "made_on": NOW.date()},
    ),
    "quarantine": (
        tables.quarantine,
        {"hash": "a", "id": "a", "raw": b"", "reason": "", "received_at": NOW},
        {"hash": "b", "id": "a", "raw": b"", "reason": "", "received_at": LATER},
    ),
}
"""By purpose: the table, a row that is past its time after a year, and one that never is."""


def test_rows_go_after_their_time_and_not_before(place: retention.Desk) -> None:
    with place.database.writing() as tx:
        for table, old, other in ROWS.values():
            tx.execute(insert(table), [old, other])
    for name, (table, _old, other) in ROWS.items():
        assert run(place, NOW + timedelta(days=29), **{name: 30}) == {}
        assert run(place, **{name: 30}) == {name: 1}, name
        key = next(iter(table.primary_key))
        with place.database.reading() as tx:
            assert tx.execute(select(key)).scalars().all() == [other[key.name]]
            line = next(audit.lines(tx))
        assert (line.act, line.actor, line.subject, line.data) == ("retention-run", "", "", {name: 1})
        assert run(place, **{name: 30}) == {}


def test_many_rows_go_in_lots_and_no_more_than_asked(place: retention.Desk) -> None:
    n = 2 * retention.STEP + 1
    with place.database.writing() as tx:
        rows = [{"learner": str(each), "item": "c/m/q", "body": "{}", "saved_at": NOW} for each in range(n)]
        tx.execute(insert(tables.drafts), rows)
    here, told = replace(place, periods=replace(NEVER, drafts=30)), []
    assert retention.run(here, by="", now=LATER, most=retention.STEP, told=told.append) == {"drafts": retention.STEP}
    assert retention.run(here, by="", now=LATER, told=told.append) == {"drafts": retention.STEP + 1}
    assert told == [retention.STEP, retention.STEP, 1]


def test_what_is_worth_nothing_goes_by_itself(place: retention.Desk, ana: Person) -> None:
    with place.database.writing() as tx:
        sessions.open_(tx, "token", ana.id, now=NOW)
        times = {"failures": 1, "updated_at": NOW}
        tx.execute(insert(tables.throttles).values(key="account:x", **times))
        tx.execute(insert(tables.second_steps).values(hash="x", person=ana.id, expires_at=NOW))
        drafts.save(tx, ana.id, "import/x", {"entries": []}, now=NOW)
        drafts.save(tx, ana.id, "demo-course/m/q", {"a": 1}, now=NOW)
    assert retention.sweep(place.database, now=NOW + timedelta(minutes=59)) == 1, "the second step"
    assert retention.sweep(place.database, now=NOW + timedelta(minutes=61)) == 1, "the list"
    assert retention.sweep(place.database, now=NOW + timedelta(days=2)) == 2, "session and throttle"
    assert count(place.database, tables.drafts) == 1 and count(place.database, tables.audit) == 0


def answered(database: Database, desk: Desk, who: Person, now: datetime, wrong: bool = False) -> None:
    """She answers a quiz and the final test."""
    with database.writing() as tx:
        live = desk.catalogue.live(tx, "demo-course")
        assert live
        edition = live.course.editions["es"]
        quiz = next(each for each in edition.modules["m-uno"].body if getattr(each, "id", "") == "q-a")
        names = {each.id: right_answer(each) for each in quiz.questions}
        data = {"answers": names, "language": "es"}
        where = at(who, "m-uno")
        write(tx, desk, where, Deed(type=types.ATTEMPT_SUBMITTED, data=data, release=live), now=now)
        write(tx, desk, where, Deed(type=types.PRACTICE_ANSWERED, data=data, release=live), now=now)
        end_module(tx, desk, at(who, "m-dos"), now=now)
        attempt = testing.open_attempt(tx, desk, at(who, "m-prueba"), now=now)
        drawn = testing.sitting(tx, desk, learner=who.id, attempt=attempt, language="es").questions
        sheet = {each.id: right_answer(each) for each in drawn[: 1 if wrong else None]}
        data = {"attempt": attempt, "answers": sheet, "language": "es"}
        write(tx, desk, at(who, "m-prueba"), Deed(type=types.ATTEMPT_SUBMITTED, data=data, release=live), now=now)


def facts(database: Database, desk: Desk, who: Person) -> object:
    """What her record says, without answers."""
    with database.reading() as tx:
        progress = projection.of_course(tx, who.id, "demo-course")
        live = desk.catalogue.live(tx, "demo-course")
        assert live
        record_ = desk.catalogue.today(tx, progress, live)
        edition = live.course.editions["es"]
        left = [
            tries.left(tx, learner=who.id, course="demo-course", module=replace(module, quiz_attempts=5),
                       lineage=desk.catalogue.lineage(live))
            for module in edition.modules.values()
        ]  # fmt: skip
        return bare(progress), replace(record_, results={}, reviewed={}), left


def test_answers_go_and_what_follows_from_them_stays(
    place: retention.Desk, database: Database, desk: Desk, ana: Person
) -> None:
    beto = add_person(database, place.pen, "beto")
    answered(database, desk, ana, NOW)
    answered(database, desk, beto, NOW, wrong=True)
    answered(database, desk, beto, LATER)
    with database.reading() as tx:
        before = {line.event.id: line for line in event_log.since(tx, 0)}
    told = {who.id: facts(database, desk, who) for who in (ana, beto)}
    assert run(place, answers=365) == {"answers": 6}
    assert {who.id: facts(database, desk, who) for who in (ana, beto)} == told
    with database.reading() as tx:
        assert differences(tx, desk.catalogue) == []
        after = event_log.since(tx, 0)
        changed = [line for line in after if line.raw != before[line.event.id].raw]
        assert len(after) == len(before) and len(changed) == 6
        for line in changed:
            old = before[line.event.id]
            assert line.event.type == ANSWERS_REMOVED and line.seq == old.seq and "answers" not in line.event.data
            assert line.event.data["was"] == old.event.type
            assert (line.event.n, line.event.device, line.event.at) == (old.event.n, old.event.device, old.event.at)
        rows = tx.execute(select(tables.events.c.type, tables.events.c.signature, tables.events.c.raw)).all()
        assert all(row.signature == place.pen.sign(row.raw) for row in rows if row.type == ANSWERS_REMOVED)
        body = tx.execute(select(tables.progress.c.body).where(tables.progress.c.learner == ana.id)).scalar_one()
        assert '"answer":null' in body and '"answer":[' not in body and '"answer":{' not in body
    with database.writing() as tx:
        assert rebuild(tx, desk.catalogue) == 2
    assert {who.id: facts(database, desk, who) for who in (ana, beto)} == told
    assert run(place, answers=365) == {}
    first = changed[0].event.id
    with database.writing() as tx:
        raw = before[first].raw
        assert event_log.append(tx, raw, decode(raw), now=LATER, via="pocket") == "duplicate", "it came again"


def test_answers_that_nobody_can_mark_stay(place: retention.Desk, database: Database, desk: Desk, ana: Person) -> None:
    unknown = Act(
        type="learner.attempt_submitted", learner=ana.id, course="demo-course", release="f" * 64, item="m-uno",
        data={"answers": {"q": ["1"]}},
    )  # fmt: skip
    with database.writing() as tx:
        record(tx, place.pen, unknown, now=NOW)
    here = replace(place, periods=replace(NEVER, answers=30))
    assert retention.run(here, by="", now=LATER) == {"answers": 0}
    with database.reading() as tx:
        assert next(audit.lines(tx), None) is None


@pytest.fixture
def made(database: Database, pen: Pen) -> Callable[..., Person]:
    """Somebody for whom an account was made."""

    def make(name: str, *, came: datetime | None = None, must_change: bool = True) -> Person:
        person = add_person(database, pen, name)
        with database.writing() as tx:
            tx.execute(update(tables.people).where(tables.people.c.id == person.id).values(must_change=must_change))
            if came:
                sessions.open_(tx, name, person.id, now=came)
                people.set_passphrase(tx, person.id, "x")
        return person

    return make


def here(database: Database) -> set[str]:
    with database.reading() as tx:
        return {each.username for each in people.everyone(tx)}


def test_accounts_that_nobody_ever_used_go(
    place: retention.Desk, database: Database, desk: Desk, made: Callable[..., Person]
) -> None:
    never, came, _chose = made("never"), made("came", came=NOW), made("chose", must_change=False)
    paper, staff = made("paper"), made("staff")
    linked = made("linked")
    answered(database, desk, paper, NOW)
    with database.writing() as tx:
        people.set_roles(tx, staff.id, ["learner", "coordinator"])
        linking.link(tx, place.pen, person=linked.id, same_as=came.id, by="", now=NOW)
        drafts.save(tx, staff.id, "import/x", {"entries": ["never"]}, now=LATER)
    assert run(place, NOW + timedelta(days=364), unused=365) == {}
    assert run(place, unused=365) == {"unused": 1}
    assert here(database) == {"came", "chose", "paper", "staff", "linked"}
    assert count(database, tables.drafts) == 0, "she may be in a list that waits"
    with database.reading() as tx:
        assert [line.act for line in audit.lines(tx)][:1] == ["retention-run"], "counts, and nobody's id"
        assert never.id not in "".join(line.subject + line.body for line in audit.lines(tx))
        assert {line.event.type for line in event_log.since(tx, 0)} >= {ERASED, "store.learner_erased"}
        assert differences(tx, desk.catalogue) == []


def test_accounts_that_nobody_uses_any_more_go(
    place: retention.Desk, database: Database, desk: Desk, made: Callable[..., Person], ana: Person
) -> None:
    gone, back = made("gone", came=NOW), made("back", came=NOW)
    done, _never = made("done", came=NOW), made("never")
    answered(database, desk, gone, NOW)
    with database.writing() as tx:
        tx.execute(update(tables.people).where(tables.people.c.id == ana.id).values(seen_on=LATER.date()))
        record(tx, place.pen, Act(type="learner.unknown", learner=back.id), now=LATER - timedelta(days=9))
        act = Act(type=types.COURSE_COMPLETED, learner=done.id, course="demo-course", data={"major": 1})
        record(tx, place.pen, act, now=NOW)
        rebuild(tx, desk.catalogue)
    assert run(place, NOW + timedelta(days=364), idle=365, idle_complete=365) == {}
    assert run(place, idle=365) == {"idle": 1}
    assert here(database) == {"ana", "back", "done", "never"}
    assert run(place, idle_complete=365) == {"idle_complete": 1}
    assert here(database) == {"ana", "back", "never"}
    with database.reading() as tx:
        assert differences(tx, desk.catalogue) == []


def test_whoever_comes_back_while_she_is_waited_for_stays(
    place: retention.Desk, database: Database, made: Callable[..., Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, back = made("gone", came=NOW), made("back", came=NOW)
    real = event_log.hold_all

    def hold_all(tx: Any, persons: list[str]) -> None:
        real(tx, persons)
        tx.execute(update(tables.people).where(tables.people.c.id == back.id).values(seen_on=LATER.date()))

    monkeypatch.setattr(event_log, "hold_all", hold_all)
    deleted = retention.run(replace(place, periods=replace(NEVER, idle=365)), by="", now=LATER)
    assert deleted == {"idle": 1}
    assert here(database) == {back.username}, gone.username


def test_signing_in_keeps_an_account(database: Database, made: Callable[..., Person]) -> None:
    person = made("ida", came=NOW)
    with database.writing() as tx:
        sessions.open_(tx, "b", person.id, now=LATER)
        sessions.open_(tx, "c", person.id, now=NOW)
        seen = tx.execute(select(tables.people.c.seen_on).where(tables.people.c.id == person.id)).scalar_one()
    assert seen == LATER.date(), "a clock that goes back does not take it back"


def test_the_names_of_certificates_go_and_their_numbers_stay(
    place: retention.Desk, database: Database, desk: Desk, ana: Person
) -> None:
    credential = Credential(
        number="7K3Q-ZX0T-9B4M-E2-9", name="Ana Canaria", title="Curso", code="K7Q2", hours=1, issued_on=NOW.date(),
        language="es", program="Vereda", issuer="Vereda", demonstration=True,
    )  # fmt: skip
    with database.writing() as tx:
        certificates.request(tx, learner=ana.id, course="demo-course", major=1, credential=credential, now=NOW)
        certificates.keep(tx, credential.number, {"pdf": b"Ana Canaria"}, now=NOW)
    assert run(place, NOW + timedelta(days=364), certificates=365) == {}
    assert run(place, certificates=365) == {"certificates": 1}
    with database.reading() as tx:
        kept = certificates.by_number(tx, credential.number)
        assert kept and kept.is_erased and kept.stands and not kept.credential.name
        assert certificates.file(tx, credential.number, "pdf") is None
        assert event_log.since(tx, 0)[-1].event.type == "store.credential_erased"
    assert here(database) == {"ana"}


def test_nothing_is_deleted_by_a_clock_that_may_be_wrong(
    place: retention.Desk, database: Database, ana: Person
) -> None:
    def may(days: float) -> bool:
        with database.reading() as tx:
            return retention.may_run_by_itself(tx, now=NOW + timedelta(days=days))

    assert not may(-1), "it is behind"
    assert not may(0), "nothing is a week old"
    assert may(8)
    assert not may(40), "nobody has been here for a month, or it jumped ahead"
    with database.writing() as tx:
        record(tx, place.pen, Act(type="learner.unknown", learner=ana.id), now=NOW + timedelta(days=3650))
    assert not may(3650), "it jumped ahead, and somebody did something since"
    assert not may(3651)
