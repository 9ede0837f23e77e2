"""The search indexes of releases, kept beside them: what a release is does not depend on how it is searched."""

import zlib
from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock

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


class Indexes:
    """The indexes that a process has read, by release and language: at most so many, the ones not asked for longest go
    first. One of a course of two hours takes half a megabyte."""

    def __init__(self, most: int = 64) -> None:
        self._most = most
        self._known: OrderedDict[tuple[str, str], Index] = OrderedDict()
        self._lock = Lock()

    def of(self, tx: Connection, release: Release, language: str) -> Index:
        """The index of the release's edition in that language, or in its source."""
        name = (release.digest, release.course.edition(language).language)
        index = self._known.get(name) or load(tx, release, language)
        with self._lock:
            self._known[name] = index
            self._known.move_to_end(name)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return index


def lacking(tx: Connection) -> dict[str, bytes]:
    """The canonical JSON of each live release, by digest, that has no index of this version."""
    there = exists().where(search.c.digest == releases.c.digest, search.c.version == VERSION)
    query = select(releases.c.digest, releases.c.body).join(courses, courses.c.live == releases.c.digest).where(~there)
    return {row.digest: zlib.decompress(row.body) for row in tx.execute(query)}
