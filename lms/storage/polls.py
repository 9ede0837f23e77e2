"""Answers to polls: counted without a name; apart from that, who has answered (docs/decisions/0015)."""

from sqlalchemy import Connection, literal, null, select, union_all

from lms.storage.event_log import inserts, upsert
from lms.storage.tables import tallies, voters


def count(tx: Connection, *, course: str, poll: str, option: str, learner: str) -> bool:
    """Whether the choice was counted: a learner's first is, any other changes nothing."""
    voter = upsert(tx)(voters).values(course=course, poll=poll, learner=learner)
    if not inserts(tx, voter.on_conflict_do_nothing()):
        return False
    statement = upsert(tx)(tallies).values(course=course, poll=poll, option=option, n=1)
    key = ["course", "poll", "option"]
    tx.execute(statement.on_conflict_do_update(index_elements=key, set_={"n": tallies.c.n + 1}))
    return True


def answered(tx: Connection, *, course: str, learner: str) -> set[str]:
    """The polls of the course that the learner has answered."""
    query = select(voters.c.poll).where(voters.c.course == course, voters.c.learner == learner)
    return set(tx.execute(query).scalars())


def tally(tx: Connection, *, course: str, learner: str) -> tuple[set[str], dict[str, dict[str, int]]]:
    """The polls of the course that the learner has answered, and how often each option of each was chosen; in one query."""
    hers = select(voters.c.poll, null().label("option"), literal(0).label("n"))
    hers = hers.where(voters.c.course == course, voters.c.learner == learner)
    everybodys = select(tallies.c.poll, tallies.c.option, tallies.c.n).where(tallies.c.course == course)
    answered: set[str] = set()
    counted: dict[str, dict[str, int]] = {}
    for row in tx.execute(union_all(everybodys, hers)):
        if row.option is None:
            answered.add(row.poll)
        else:
            counted.setdefault(row.poll, {})[row.option] = row.n
    return answered, counted
