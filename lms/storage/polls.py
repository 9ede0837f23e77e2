"""Answers to polls: counted without a name; apart from that, who has answered (docs/decisions/0015)."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, func, literal, null, select, union_all

from lms.storage.event_log import inserts, upsert
from lms.storage.tables import tallies, voters

_TALLY = select(tallies.c.poll, tallies.c.option, tallies.c.n)


def count(tx: Connection, *, course: str, poll: str, option: str, learner: str) -> bool:
    """Whether the choice was counted: a learner's first is, any other changes nothing."""
    if not take(tx, course=course, poll=poll, learner=learner):
        return False
    add(tx, course, {(poll, option): 1})
    return True


def take(tx: Connection, *, course: str, poll: str, learner: str) -> bool:
    """Whether the learner had not answered the poll before; now she has."""
    voter = upsert(tx)(voters).values(course=course, poll=poll, learner=learner)
    return inserts(tx, voter.on_conflict_do_nothing())


def add(tx: Connection, course: str, numbers: Mapping[tuple[str, str], int]) -> None:
    """So many more have chosen these options, each named by its poll and its key. One statement writes them all, also
    those that grow by nothing, so that the database itself does not know which of them were chosen last."""
    add_all(tx, {(course, poll, option): number for (poll, option), number in numbers.items()})


def add_all(tx: Connection, numbers: Mapping[tuple[str, str, str], int]) -> None:
    """The same of several courses: each option is named by its course, its poll and its key."""
    rows = [
        {"course": course, "poll": poll, "option": option, "n": number}
        for (course, poll, option), number in sorted(
            numbers.items()
        )  # in one order, so that no two wait for each other
    ]
    statement = upsert(tx)(tallies).values(rows)
    key, more = ["course", "poll", "option"], tallies.c.n + statement.excluded.n
    tx.execute(statement.on_conflict_do_update(index_elements=key, set_={"n": more}))


def answered(tx: Connection, *, course: str, learner: str) -> set[str]:
    """The polls of the course that the learner has answered."""
    query = select(voters.c.poll).where(voters.c.course == course, voters.c.learner == learner)
    return set(tx.execute(query).scalars())


def tally(tx: Connection, course: str) -> dict[str, dict[str, int]]:
    """How often each option of each poll of the course was chosen."""
    return _counted(tx.execute(_TALLY.where(tallies.c.course == course)))


def beginning(tx: Connection, name: str) -> dict[tuple[str, str], dict[str, int]]:
    """How often each option was chosen in all polls whose names begin so, by course and poll."""
    query = select(tallies).where(tallies.c.poll.startswith(name, autoescape=True))
    found: dict[tuple[str, str], dict[str, int]] = {}
    for row in tx.execute(query):
        found.setdefault((row.course, row.poll), {})[row.option] = row.n
    return found


def totals(tx: Connection, *, beginning: str, option: str) -> dict[str, int]:
    """How often that option was chosen in all polls whose names begin so, by course."""
    query = select(tallies.c.course, func.sum(tallies.c.n)).group_by(tallies.c.course)
    query = query.where(tallies.c.poll.startswith(beginning, autoescape=True), tallies.c.option == option)
    return {course: int(number) for course, number in tx.execute(query)}


def answered_and_tally(tx: Connection, *, course: str, learner: str) -> tuple[set[str], dict[str, dict[str, int]]]:
    """Both in one query."""
    hers = select(voters.c.poll, null().label("option"), literal(0).label("n"))
    hers = hers.where(voters.c.course == course, voters.c.learner == learner)
    rows = tx.execute(union_all(_TALLY.where(tallies.c.course == course), hers)).all()
    return {row.poll for row in rows if row.option is None}, _counted(row for row in rows if row.option is not None)


def _counted(rows: Iterable[Any]) -> dict[str, dict[str, int]]:
    counted: dict[str, dict[str, int]] = {}
    for row in rows:
        counted.setdefault(row.poll, {})[row.option] = row.n
    return counted
