"""The same person twice: one account stands for all, and counts take it for each."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from lms.storage import event_log
from lms.storage.tables import links


def hold(tx: Connection) -> None:
    """Until the commit no other transaction links, unlinks or erases. It comes before the first event: who erases waits for
    both in this order."""
    event_log.hold(tx, "links")


def stands_for(tx: Connection, person: str) -> str:
    """The account that counts take for this one: itself unless it is linked."""
    return str(tx.execute(select(links.c.same_as).where(links.c.person == person)).scalar() or person)


def all_of(tx: Connection, person: str) -> tuple[str, ...]:
    """Every account that counts as one with this one, itself among them: first the one that counts."""
    counts = stands_for(tx, person)
    others = select(links.c.person).where(links.c.same_as == counts).order_by(links.c.person)
    return counts, *tx.execute(others).scalars()


def add(tx: Connection, *, person: str, same_as: str, now: datetime) -> None:
    """The account, and whichever are the same as it, are the same as the other, which stands for itself."""
    tx.execute(update(links).where(links.c.same_as == person).values(same_as=same_as))
    tx.execute(insert(links).values(person=person, same_as=same_as, linked_at=now))


def pass_on(tx: Connection, person: str) -> None:
    """Nothing is linked to the account any more: whatever was the same as it is now the same as the one linked first."""
    same = select(links.c.person).where(links.c.same_as == person).order_by(links.c.linked_at, links.c.person)
    first = tx.execute(same.limit(1)).scalar()
    if first is not None:
        tx.execute(delete(links).where(links.c.person == first))
        tx.execute(update(links).where(links.c.same_as == person).values(same_as=first))


def remove(tx: Connection, person: str) -> bool:
    """Whether the account was linked; it stands for itself again."""
    gone = delete(links).where(links.c.person == person).returning(links.c.person)
    return tx.execute(gone).first() is not None
