"""What is past its time: how much of each kind there is, and some of it at once, so that nobody waits long for her turn to
write. Which purposes there are, and for how long they are kept, says `lms.services.running.retention`."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    delete,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    tuple_,
)

from lms.learning.events import ATTEMPT_OPENED
from lms.learning.worth import WITH_ANSWERS
from lms.storage import gains as answered_before
from lms.storage import throttles as limits
from lms.storage.drafts import LISTS
from lms.storage.tables import (
    certificates,
    drafts,
    events,
    gains,
    links,
    login_cards,
    people,
    progress,
    quarantine,
    quotas,
    reports,
    resets,
    roles,
    second_steps,
    sessions,
    throttles,
)

WAITING = timedelta(hours=1)
"""How long a list of people waits to be confirmed."""
DAY = timedelta(days=1)
Condition = Callable[[datetime], ColumnElement[bool]]
_LIST = drafts.c.item.startswith(LISTS, autoescape=True)

ROWS: Mapping[str, tuple[Table, Condition]] = MappingProxyType(
    {
        "drafts": (drafts, lambda before: and_(drafts.c.saved_at < before, not_(_LIST))),
        "ways_in": (
            resets,
            lambda before: and_(resets.c.made_at < before, resets.c.expires_at < before, resets.c.seen),
        ),
        "cards": (login_cards, lambda before: login_cards.c.voided_at < before),
        "reports": (reports, lambda before: and_(reports.c.state == "done", reports.c.made_on < before.date())),
        "quarantine": (quarantine, lambda before: quarantine.c.received_at < before),
    }
)
"""Rows that go as they are, by purpose: those of the table that the moment makes old."""
OVER: Sequence[tuple[Table, Condition]] = (
    (sessions, lambda now: sessions.c.expires_at < now),
    (second_steps, lambda now: second_steps.c.expires_at < now),
    (throttles, lambda now: throttles.c.updated_at < now - limits.FORGOTTEN),
    (quotas, lambda now: quotas.c.day < now.date() - DAY),
    (drafts, lambda now: and_(_LIST, drafts.c.saved_at < now - WAITING)),
    (gains, lambda now: answered_before.over(now.date())),
)
"""What is worth nothing any more, and goes without anybody's saying so."""


def count(tx: Connection, purpose: str, before: datetime) -> int:
    """How many there are of that purpose that are older."""
    return int(tx.execute(select(func.count()).select_from(_query(purpose, before).subquery())).scalar_one())


def count_over(tx: Connection, table: Table, now: datetime) -> int:
    """How many rows of that table are worth nothing any more."""
    found = [condition(now) for each, condition in OVER if each is table]
    return int(tx.execute(select(func.count()).select_from(table).where(or_(*found))).scalar_one())


def delete_over(tx: Connection, now: datetime) -> int:
    """How many rows that are worth nothing any more are gone."""
    return sum(_deleted(tx, table, condition(now)) for table, condition in OVER)


def delete_some(tx: Connection, purpose: str, before: datetime, limit: int) -> int:
    """How many rows of that purpose are gone now, at most so many."""
    table, condition = ROWS[purpose]
    key = list(table.primary_key)
    some = select(*key).where(condition(before)).limit(limit)
    return _deleted(tx, table, tuple_(*key).in_(some))


def accounts(tx: Connection, purpose: str, before: datetime, limit: int, after: str = "") -> list[str]:
    """The ids of some accounts of that purpose, in their order."""
    query = select(people.c.id).where(_ACCOUNTS[purpose](before), people.c.id > after)
    return list(tx.execute(query.order_by(people.c.id).limit(limit)).scalars())


def still(tx: Connection, purpose: str, before: datetime, persons: Sequence[str]) -> list[str]:
    """Those of these accounts that are of that purpose now, in their order."""
    query = select(people.c.id).where(people.c.id.in_(persons), _ACCOUNTS[purpose](before))
    return list(tx.execute(query.order_by(people.c.id)).scalars())


def numbers(tx: Connection, before: datetime, limit: int, after: str = "") -> list[str]:
    """Some certificates that were made before, and whose holder is known, in the order of their numbers."""
    query = select(certificates.c.number).where(_old_certificate(before), certificates.c.number > after)
    return list(tx.execute(query.order_by(certificates.c.number).limit(limit)).scalars())


def courses_with_answers(
    tx: Connection, before: datetime, limit: int, after: tuple[str, str] = ("", "")
) -> list[tuple[str, str]]:
    """Some of the (learner, course) with lines with answers that came before, in their order."""
    key = (events.c.learner, events.c.course)
    query = select(*key).where(_old_answers(before), tuple_(*key) > tuple_(*map(literal, after)))
    return [(row.learner, row.course) for row in tx.execute(query.distinct().order_by(*key).limit(limit))]


def lines_with_answers(tx: Connection, learner: str, course: str, before: datetime) -> dict[str, str]:
    """The ids, and hashes, of that learner's lines of the course with answers that came before."""
    query = select(events.c.id, events.c.hash).where(_old_answers(before))
    rows = tx.execute(query.where(events.c.learner == learner, events.c.course == course))
    return {row.id: row.hash for row in rows}


def _deleted(tx: Connection, table: Table, condition: ColumnElement[bool]) -> int:
    return len(tx.execute(delete(table).where(condition).returning(literal(1))).all())


def _query(purpose: str, before: datetime) -> Select[Any]:
    if purpose in ROWS:
        table, condition = ROWS[purpose]
        return select(literal(1)).select_from(table).where(condition(before))
    if purpose == "answers":
        return select(events.c.id).where(_old_answers(before))
    if purpose == "certificates":
        return select(certificates.c.number).where(_old_certificate(before))
    return select(people.c.id).where(_ACCOUNTS[purpose](before))


def _old_answers(before: datetime) -> ColumnElement[bool]:
    """Of learners in courses: nothing else has answers."""
    hers = and_(events.c.learner.is_not(None), events.c.course.is_not(None))
    return and_(events.c.received_at < before, events.c.type.in_(WITH_ANSWERS), hers)


def _old_certificate(before: datetime) -> ColumnElement[bool]:
    return and_(certificates.c.issued_at < before, certificates.c.learner.is_not(None))


def _used() -> ColumnElement[bool]:
    """She has come in, or something that she did was entered for her."""
    acts = or_(events.c.type.startswith("learner."), events.c.type == ATTEMPT_OPENED)
    return or_(people.c.seen_on.is_not(None), not_(people.c.must_change), exists().where(_hers(), acts))


def _unused(before: datetime) -> ColumnElement[bool]:
    return and_(_only_learns(), people.c.created_at < before, not_(_used()), not_(_complete()), not_(_linked()))


def _idle(before: datetime) -> ColumnElement[bool]:
    """Nobody has come in as her or written anything of her since."""
    quiet = or_(people.c.seen_on.is_(None), people.c.seen_on < before.date())
    since = exists().where(_hers(), events.c.received_at >= before)
    return and_(_only_learns(), people.c.created_at < before, quiet, not_(since), _used(), not_(_linked()))


def _complete() -> ColumnElement[bool]:
    """She has completed a course, or has a certificate."""
    completed = exists().where(progress.c.learner == people.c.id, progress.c.completed_at.is_not(None))
    return or_(completed, exists().where(certificates.c.learner == people.c.id))


def _linked() -> ColumnElement[bool]:
    """It is one of several accounts of one person, who may be here in another."""
    return exists().where(or_(links.c.person == people.c.id, links.c.same_as == people.c.id))


def _only_learns() -> ColumnElement[bool]:
    return not_(exists().where(roles.c.person == people.c.id, roles.c.role != "learner"))


def _hers() -> ColumnElement[bool]:
    return events.c.learner == people.c.id


_ACCOUNTS: Mapping[str, Condition] = MappingProxyType(
    {
        "unused": _unused,
        "idle": lambda before: and_(_idle(before), not_(_complete())),
        "idle_complete": lambda before: and_(_idle(before), _complete()),
    }
)
