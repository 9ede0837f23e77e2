"""Which release a text is of that phones fetch by its hash: the text itself is made anew from the release."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from lms.storage.event_log import upsert
from lms.storage.tables import pack_files


def release_of(tx: Connection, sha256: str) -> str | None:
    """The digest of the release that the text with that hash is of."""
    found: str | None = tx.execute(select(pack_files.c.release).where(pack_files.c.sha256 == sha256)).scalar()
    return found


def keep(tx: Connection, files: Sequence[str], release: str) -> None:
    """The texts with these hashes are of that release."""
    for sha256 in files:
        statement = upsert(tx)(pack_files).values(sha256=sha256, release=release)
        tx.execute(statement.on_conflict_do_nothing(index_elements=["sha256"]))
