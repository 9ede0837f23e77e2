"""The search indexes of releases, kept beside them: what a release is does not depend on how it is searched."""

import zlib
from collections.abc import Mapping

from sqlalchemy import Connection, exists, select

from lms.content.search import VERSION, Index, build, decode
from lms.storage.event_log import upsert
from lms.storage.releases import Release
from lms.storage.tables import courses, releases, search


def keep(tx: Connection, *, digest: str, indexes: Mapping[str, bytes]) -> None:
    """The release has these indexes of this version, as JSON by language, in place of any older ones."""
    for language, index in indexes.items():
        changed = {"version": VERSION, "body": zlib.compress(index, 9)}
        statement = upsert(tx)(search).values(digest=digest, language=language, **changed)
        tx.execute(statement.on_conflict_do_update(index_elements=["digest", "language"], set_=changed))


def load(tx: Connection, release: Release, language: str) -> Index:
    """The index of the release's edition in that language, or in its source; made anew where none of this version is
    kept."""
    edition = release.course.edition(language)
    query = select(search.c.body).where(search.c.digest == release.digest, search.c.language == edition.language)
    body = tx.execute(query).scalar()
    kept = decode(zlib.decompress(body), edition) if body is not None else None
    return kept or build(edition)


def lacking(tx: Connection) -> dict[str, bytes]:
    """The canonical JSON of each live release, by digest, that has no index of this version."""
    there = exists().where(search.c.digest == releases.c.digest, search.c.version == VERSION)
    query = select(releases.c.digest, releases.c.body).join(courses, courses.c.live == releases.c.digest).where(~there)
    return {row.digest: zlib.decompress(row.body) for row in tx.execute(query)}
