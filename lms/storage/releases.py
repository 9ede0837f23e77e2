"""Releases of courses and their media; a process keeps the ones it has read, since they never change."""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from sqlalchemy import Connection, Row, bindparam, func, select, update

from lms.content.identity import Identity, identity
from lms.content.model import Course
from lms.content.release import decode
from lms.learning.keys import AnswerKey, answer_key
from lms.learning.lineage import Lineage, lineage, seen_from
from lms.learning.progress import Progress
from lms.learning.today import Record, today
from lms.storage.event_log import upsert
from lms.storage.tables import courses, media, releases


@dataclass(frozen=True, slots=True)
class Release:
    """An immutable course with its digest and the key that its questions are marked by."""

    digest: str
    course: Course
    key: AnswerKey


_COUNT = select(func.count()).where(releases.c.course == courses.c.id).correlate(courses).scalar_subquery()
_LIVE = select(courses.c.id, courses.c.live, _COUNT)
"""A course, its live release, and how many it has: one more, and its lineage is another."""
_LIVE_ONE = _LIVE.where(courses.c.id == bindparam("course"))


class Catalogue(Mapping[str, AnswerKey]):
    """The releases, by digest, read when first asked for. As a mapping it gives their answer keys, for the fold."""

    def __init__(self) -> None:
        self._known: dict[str, Release] = {}
        self._identities: dict[str, Identity] = {}
        self._lineages: dict[str, tuple[int, Lineage]] = {}
        self._lock = Lock()

    def release(self, tx: Connection, digest: str) -> Release | None:
        """The release with that digest, if this store has it."""
        if digest not in self._known:
            body = _body(tx, digest)
            if not body:
                return None
            course = decode(body)
            with self._lock:
                self._known[digest] = Release(digest, course, answer_key(course))
        return self._known[digest]

    def live(self, tx: Connection, course: str) -> Release | None:
        """The release that learners of this course get now."""
        row = tx.execute(_LIVE_ONE, {"course": course}).first()
        return self._live(tx, row) if row else None

    def all_live(self, tx: Connection) -> list[Release]:
        """Every course's live release, in the catalogue's order."""
        rows = tx.execute(_LIVE.order_by(courses.c.position, courses.c.id)).all()
        return [release for row in rows if (release := self._live(tx, row))]

    def lineage(self, release: Release) -> Lineage:
        """How a release that is or was live is related to the course's others."""
        found = self._lineages.get(release.digest)
        return found[1] if found else Lineage(live=release.digest, majors={release.digest: release.key.major})

    def identities(self, tx: Connection, course: str) -> dict[str, Identity]:
        """What every release of the course says of ids, by digest, the oldest first."""
        digests = digests_of(tx, course)
        for digest in digests:
            if digest not in self._identities:
                self._identities[digest] = identity(_body(tx, digest))
        return {digest: self._identities[digest] for digest in digests}

    def today(self, tx: Connection, progress: Progress, release: Release) -> Record:
        """What the learner has done, as that live release calls it."""
        return self.under(tx, progress, self.lineage(release))

    def under(self, tx: Connection, progress: Progress, line: Lineage) -> Record:
        """The same by that lineage."""
        for digest in progress.work:
            if digest in line.majors:
                self.release(tx, digest)
        return today(progress, line, self)

    def seen_from(self, tx: Connection, release: Release) -> Lineage:
        """What everything in the course is called in that release, live or not."""
        live = self.live(tx, release.course.id)
        if live is None or live.digest == release.digest:
            return self.lineage(release)
        return seen_from(release.digest, self.lineage(live), self.identities(tx, release.course.id))

    def load_all(self, tx: Connection) -> None:
        """Reads every release, as a rebuild needs."""
        for digest in tx.execute(select(releases.c.digest)).scalars().all():
            self.release(tx, digest)

    def _live(self, tx: Connection, row: Row[str, str, int]) -> Release | None:
        """The release of that row, its lineage known and of now."""
        course, digest, count = row
        release = self.release(tx, digest)
        if release and self._lineages.get(digest, (0,))[0] != count:
            self._lineages[digest] = (count, lineage(digest, self.identities(tx, course)))
        return release

    def __getitem__(self, digest: str) -> AnswerKey:
        return self._known[digest].key

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def digests_of(tx: Connection, course: str) -> list[str]:
    """Every release of the course that this store has, the oldest first."""
    query = select(releases.c.digest).where(releases.c.course == course)
    return list(tx.execute(query.order_by(releases.c.published_at, releases.c.digest)).scalars())


def _body(tx: Connection, digest: str) -> bytes:
    """A release's canonical JSON; nothing where this store does not have it."""
    body = tx.execute(select(releases.c.body).where(releases.c.digest == digest)).scalar()
    return zlib.decompress(body) if body else b""


@dataclass(frozen=True, slots=True)
class File:
    """A media file of a course."""

    type: str
    bytes: bytes


def live_courses(tx: Connection) -> list[str]:
    """The ids of every course that learners can take now."""
    return list(tx.execute(select(courses.c.id).order_by(courses.c.position, courses.c.id)).scalars())


@dataclass(frozen=True, slots=True)
class Shelf:
    """A course's place in the catalogue."""

    course: str
    position: int


def shelf_of(tx: Connection, source: str) -> Shelf | None:
    """Where the live release stands that was made from exactly this source, if there is one."""
    row = tx.execute(select(courses.c.id, courses.c.position).where(courses.c.source_digest == source)).first()
    return Shelf(course=row.id, position=row.position) if row else None


def move(tx: Connection, course: str, position: int) -> None:
    """The course has another place in the catalogue."""
    tx.execute(update(courses).where(courses.c.id == course).values(position=position))


def keep(
    tx: Connection, *, digest: str, course: Course, body: bytes, files: Mapping[str, bytes], now: datetime
) -> None:
    """The release and its media are in the database; what was there already stays as it is."""
    insert = upsert(tx)
    values = {"digest": digest, "course": course.id, "version": course.version, "published_at": now}
    statement = insert(releases).values(**values, body=zlib.compress(body, 9))
    tx.execute(statement.on_conflict_do_nothing(index_elements=["digest"]))
    types = {file.sha256: file.type for file in course.media.values()}
    for sha256, content in files.items():
        row = insert(media).values(sha256=sha256, type=types[sha256], bytes=content)
        tx.execute(row.on_conflict_do_nothing(index_elements=["sha256"]))


def make_live(tx: Connection, *, course: str, digest: str, source: str, position: int | None) -> None:
    """Learners of the course get that release from now on. Without a position it keeps its own; a new course is last."""
    last = tx.execute(select(func.max(courses.c.position))).scalar()
    new = position if position is not None else 0 if last is None else last + 1
    statement = upsert(tx)(courses).values(id=course, live=digest, source_digest=source, position=new)
    changed: dict[str, str | int] = {"live": digest, "source_digest": source}
    if position is not None:
        changed["position"] = position
    tx.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed))


def media_file(tx: Connection, sha256: str) -> File | None:
    """A media file by its content's SHA-256."""
    row = tx.execute(select(media.c.type, media.c.bytes).where(media.c.sha256 == sha256)).first()
    return File(type=row.type, bytes=row.bytes) if row else None
