"""Half-filled forms, kept at the store so that a reload or another device loses nothing; gone once sent."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, bindparam, delete, func, select

from lms.storage.event_log import upsert
from lms.storage.tables import drafts

LISTS = "import/"
"""How the items begin that are no forms of learners: lists of people that wait for whoever sent them to confirm them."""
_OF_LEARNER = select(drafts.c.item, drafts.c.body).where(
    drafts.c.learner == bindparam("of"),
    func.substr(drafts.c.item, 1, bindparam("length", type_=Integer)) == bindparam("prefix"),
)


def save(tx: Connection, learner: str, item: str, answers: Any, *, now: datetime) -> None:
    """The learner's one draft for that form."""
    body = json.dumps(answers, ensure_ascii=False)
    statement = upsert(tx)(drafts).values(learner=learner, item=item, body=body, saved_at=now)
    changed = {"body": body, "saved_at": now}
    tx.execute(statement.on_conflict_do_update(index_elements=["learner", "item"], set_=changed))


def load(tx: Connection, learner: str, prefix: str) -> dict[str, Any]:
    """The learner's drafts whose item begins so, by item."""
    found = tx.execute(_OF_LEARNER, {"of": learner, "prefix": prefix, "length": len(prefix)})
    return {row.item: json.loads(row.body) for row in found}


def drop(tx: Connection, learner: str, item: str) -> None:
    """The draft is gone."""
    tx.execute(delete(drafts).where(drafts.c.learner == learner, drafts.c.item == item))


def drop_lists(tx: Connection) -> None:
    """No list of people waits any more."""
    tx.execute(delete(drafts).where(drafts.c.item.startswith(LISTS, autoescape=True)))
