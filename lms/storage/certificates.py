"""Certificates: asked for once for each learner, course and major, and once more for each replacement; their files kept as
they were signed."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, insert, literal, select, update

from lms.certificates import credential as credentials
from lms.certificates.credential import Credential
from lms.storage.database import utc
from lms.storage.event_log import upsert
from lms.storage.tables import certificate_files, certificates

State = Literal["requested", "issued", "replaced", "revoked"]
Kind = Literal["pdf", "paper", "badge", "code"]
"""The certificate with its badge in it; the same without; the badge by itself; what its QR code says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate, asked for or issued. Its files are read apart."""

    number: str
    learner: str
    """Empty once the holder's name was erased."""
    course: str
    major: int
    edition: int
    """1, and one more for each that replaces another."""
    credential: Credential
    state: State
    issued_at: datetime | None
    replaces: str
    """The number in whose place it is, or nothing."""
    ended_on: date | None
    """The day on which it was replaced or revoked."""
    successor: str
    """The number that was asked for in its place, be it made already or not, or nothing."""

    @property
    def issued(self) -> bool:
        """Whether it was made, whatever became of it since."""
        return self.issued_at is not None

    @property
    def stands(self) -> bool:
        """Whether it was made, and neither replaced nor revoked."""
        return self.state == "issued"

    @property
    def is_erased(self) -> bool:
        """Whether the name of its holder is known here no longer."""
        return not self.learner


@dataclass(frozen=True, slots=True)
class Ended:
    """The numbers that stand no longer, as a list of numbers has them."""

    revoked: Mapping[str, date]
    replaced: Mapping[str, tuple[date, str]]


def request(
    tx: Connection,
    *,
    learner: str,
    course: str,
    major: int,
    credential: Credential,
    now: datetime,
    edition: int = 1,
    replaces: str | None = None,
) -> bool:
    """Whether this request is the first for the learner, course, major and edition; a later one changes nothing."""
    row = {
        "number": credential.number,
        "learner": learner,
        "course": course,
        "major": major,
        "edition": edition,
        "state": "requested",
        "credential": credentials.dump(credential),
        "requested_at": now,
        "replaces": replaces,
    }
    return tx.execute(_requesting(upsert(tx)), row).first() is not None


@cache
def _requesting(insert: Any) -> Any:
    """The statement, built once: it runs where somebody waits."""
    once = ["learner", "course", "major", "edition"]
    return insert(certificates).on_conflict_do_nothing(index_elements=once).returning(literal(1))


def pending(tx: Connection) -> list[str]:
    """Numbers that were asked for and are not issued, the oldest first."""
    query = select(certificates.c.number).where(certificates.c.state == "requested")
    return list(tx.execute(query.order_by(certificates.c.requested_at)).scalars())


def hold(tx: Connection, number: str) -> Certificate | None:
    """The certificate; until the commit no other transaction changes what became of it."""
    tx.execute(select(certificates.c.number).where(certificates.c.number == number).with_for_update())
    return by_number(tx, number)


def restate(tx: Connection, number: str, credential: Credential) -> None:
    """What a certificate says that was asked for and is not issued yet."""
    tx.execute(
        update(certificates).where(certificates.c.number == number).values(credential=credentials.dump(credential))
    )


def keep(tx: Connection, number: str, files: Mapping[Kind, bytes], *, now: datetime) -> Mapping[Kind, str]:
    """The certificate is issued: these are its files for good. Their SHA-256."""
    digests = {kind: hashlib.sha256(content).hexdigest() for kind, content in files.items()}
    rows = [{"number": number, "kind": kind, "sha256": digests[kind], "bytes": files[kind]} for kind in files]
    tx.execute(insert(certificate_files), rows)
    tx.execute(update(certificates).where(certificates.c.number == number).values(state="issued", issued_at=now))
    return digests


def end(tx: Connection, number: str, state: Literal["replaced", "revoked"], *, on: date) -> bool:
    """Whether the certificate stood until now; it was replaced or revoked on that day."""
    statement = update(certificates).where(certificates.c.number == number, certificates.c.state == "issued")
    ended = statement.values(state=state, ended_on=on).returning(certificates.c.number)
    return tx.execute(ended).first() is not None


def erase(tx: Connection, number: str) -> None:
    """Whose it is and its files are known no longer; its number, what became of it and the digests of its files are."""
    found = by_number(tx, number)
    if found:
        text = credentials.dump(replace(found.credential, name=""))
        tx.execute(update(certificates).where(certificates.c.number == number).values(learner=None, credential=text))
        tx.execute(update(certificate_files).where(certificate_files.c.number == number).values(bytes=None))


def forget(tx: Connection, learner: str) -> list[str]:
    """None is the learner's any more: those that were made are erased, which are told; what was only asked for is gone."""
    asked = (certificates.c.learner == learner) & certificates.c.issued_at.is_(None)
    tx.execute(delete(certificates).where(asked))
    numbers = [each.number for each in of_learner(tx, learner)]
    for number in numbers:
        erase(tx, number)
    return numbers


def by_number(tx: Connection, number: str) -> Certificate | None:
    """The certificate with that number."""
    return next(_found(tx, certificates.c.number == number), None)


def by_sha256(tx: Connection, sha256: str) -> Certificate | None:
    """The certificate one of whose files has exactly that digest."""
    numbers = select(certificate_files.c.number).where(certificate_files.c.sha256 == sha256)
    return next(_found(tx, certificates.c.number.in_(numbers)), None)


def of_learner(tx: Connection, learner: str) -> list[Certificate]:
    """One learner's certificates, the newest first."""
    return list(_found(tx, certificates.c.learner == learner))


def of_people(tx: Connection, learners: Iterable[str], courses: Iterable[str]) -> list[Certificate]:
    """The certificates of these learners for these courses, the newest first."""
    return list(_found(tx, certificates.c.learner.in_(list(learners)) & certificates.c.course.in_(list(courses))))


def file(tx: Connection, number: str, kind: Kind) -> bytes | None:
    """The bytes of one of its files, once it is issued and until they are erased."""
    return files(tx, [number], kind).get(number)


@dataclass(frozen=True, slots=True)
class Weight:
    """A file: the SHA-256 of its bytes, and how many they are."""

    sha256: str
    bytes: int


def weight(tx: Connection, number: str, kind: Kind) -> Weight | None:
    """What to expect of one of its files, if it has it."""
    columns = certificate_files.c
    query = select(columns.sha256, func.length(columns.bytes)).where(columns.number == number, columns.kind == kind)
    row = tx.execute(query.where(columns.bytes.is_not(None))).first()
    return Weight(*row) if row else None


def files(tx: Connection, numbers: Iterable[str], kind: Kind) -> Mapping[str, bytes]:
    """That file of each of the certificates that have one."""
    columns = certificate_files.c
    query = select(columns.number, columns.bytes).where(columns.number.in_(list(numbers)), columns.kind == kind)
    return {row.number: row.bytes for row in tx.execute(query.where(columns.bytes.is_not(None)))}


def kinds(tx: Connection, numbers: Iterable[str]) -> Mapping[str, frozenset[Kind]]:
    """Which files there are of each of the certificates; the first ones had a PDF only."""
    columns = certificate_files.c
    query = select(columns.number, columns.kind).where(columns.number.in_(list(numbers)), columns.bytes.is_not(None))
    held: dict[str, set[Kind]] = {}
    for row in tx.execute(query):
        held.setdefault(row.number, set()).add(row.kind)
    return {number: frozenset(found) for number, found in held.items()}


def how_many_ended(tx: Connection) -> int:
    """How many numbers stand no longer. It only grows, so that another count means another list."""
    return int(tx.execute(select(func.count()).where(certificates.c.ended_on.is_not(None))).scalar_one())


def ended(tx: Connection) -> Ended:
    """The numbers that stand no longer, since when, and by what they were replaced."""
    found = list(_found(tx, certificates.c.ended_on.is_not(None)))
    return Ended(
        revoked={each.number: each.ended_on for each in found if each.state == "revoked" and each.ended_on},
        replaced={
            each.number: (each.ended_on, each.successor) for each in found if each.state == "replaced" and each.ended_on
        },
    )


_later = certificates.alias("later")
_successor = select(_later.c.number).where(_later.c.replaces == certificates.c.number).scalar_subquery()


def _found(tx: Connection, condition: ColumnElement[bool]) -> Iterator[Certificate]:
    columns = certificates.c
    query: Select[Any] = select(certificates, _successor.label("successor")).where(condition)
    newest = query.order_by(columns.requested_at.desc(), columns.edition.desc(), columns.number)
    return (_certificate(row) for row in tx.execute(newest))


def _certificate(row: Row[Any]) -> Certificate:
    return Certificate(
        number=row.number,
        learner=row.learner or "",
        course=row.course,
        major=row.major,
        edition=row.edition,
        credential=credentials.load(row.credential),
        state=row.state,
        issued_at=utc(row.issued_at) if row.issued_at else None,
        replaces=row.replaces or "",
        ended_on=row.ended_on,
        successor=row.successor or "",
    )
