"""What learners wrote at the end of a course: by nobody, with nothing that could tell who it was."""

from sqlalchemy import Connection, delete, func, insert, select

from lms.ids import uuid4
from lms.storage.tables import comments


def add(tx: Connection, *, course: str, major: int, body: str) -> None:
    """The comment is among the others of the course.

    They are all written anew, by their random ids: else the database itself would know which came last and, by the
    number of its transaction, who had answered in the same one.
    """
    row = {"id": uuid4(), "course": course, "major": major, "body": body}
    others = tx.execute(delete(comments).where(comments.c.course == course).returning(comments)).mappings()
    tx.execute(insert(comments), sorted([row, *map(dict, others)], key=lambda each: each["id"]))


def some(tx: Connection, *, course: str, major: int, limit: int, offset: int = 0) -> list[str]:
    """Comments on that major of the course, in the order of their random ids."""
    query = select(comments.c.body).where(comments.c.course == course, comments.c.major == major)
    return list(tx.execute(query.order_by(comments.c.id).limit(limit).offset(offset)).scalars())


def how_many(tx: Connection, *, course: str, major: int) -> int:
    """How many comments there are on that major of the course."""
    query = select(func.count()).where(comments.c.course == course, comments.c.major == major)
    return tx.execute(query).scalar_one()
