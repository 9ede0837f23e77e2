"""What applies in each country, as it was published last."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from lms.content.countries import Country, decode, encode
from lms.storage.tables import countries


def all_(tx: Connection) -> list[Country]:
    """Every country, in its author's order."""
    return [decode(code, body) for code, body in as_kept(tx)]


def as_kept(tx: Connection) -> tuple[tuple[str, str], ...]:
    """The code of every country and what is kept of it, as text: to see whether anything has changed."""
    rows = tx.execute(select(countries.c.code, countries.c.body).order_by(countries.c.position))
    return tuple((row.code, row.body) for row in rows)


def replace(tx: Connection, now_there: Sequence[Country]) -> None:
    """There are these countries, in this order, and no others."""
    tx.execute(delete(countries))
    rows = [{"code": each.code, "position": place, "body": encode(each)} for place, each in enumerate(now_there)]
    if rows:
        tx.execute(insert(countries), rows)
