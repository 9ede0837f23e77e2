"""Certificates: asked for once for each learner, course and major; their bytes kept as they were signed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, select, update

from lms.certificates import credential as credentials
from lms.certificates.credential import Credential
from lms.storage.database import utc
from lms.storage.event_log import inserts, upsert
from lms.storage.tables import certificates

REQUESTED, ISSUED = "requested", "issued"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate, asked for or issued. The bytes of its PDF are read apart."""

    number: str
    learner: str
    course: str
    major: int
    credential: Credential
    issued_at: datetime | None
    sha256: str

    @property
    def issued(self) -> bool:
        """Whether its PDF is there."""
        return self.issued_at is not None


def request(tx: Connection, *, number: str, learner: str, course: str, major: int, text: str, now: datetime) -> bool:
    """Whether this request is the first for the learner, course and major; a later one changes nothing."""
    statement = upsert(tx)(certificates).values(
        number=number,
        learner=learner,
        course=course,
        major=major,
        state=REQUESTED,
        credential=text,
        requested_at=now,
    )
    statement = statement.on_conflict_do_nothing(index_elements=["learner", "course", "major"])
    return inserts(tx, statement)


def pending(tx: Connection) -> list[str]:
    """Numbers that were asked for and are not issued, the oldest first."""
    query = select(certificates.c.number).where(certificates.c.state == REQUESTED)
    return list(tx.execute(query.order_by(certificates.c.requested_at)).scalars())


def hold(tx: Connection, number: str) -> bool:
    """Whether the number still waits to be issued; until the commit no other transaction may issue it."""
    query = select(certificates.c.state).where(certificates.c.number == number).with_for_update()
    return tx.execute(query).scalar() == REQUESTED


def keep(tx: Connection, number: str, pdf: bytes, sha256: str, *, now: datetime) -> None:
    """The certificate is issued: these are its bytes for good."""
    values = {"state": ISSUED, "pdf": pdf, "sha256": sha256, "issued_at": now}
    tx.execute(update(certificates).where(certificates.c.number == number).values(**values))


def by_number(tx: Connection, number: str) -> Certificate | None:
    """The certificate with that number."""
    return _one(tx, certificates.c.number == number)


def by_sha256(tx: Connection, sha256: str) -> Certificate | None:
    """The certificate whose PDF has exactly that digest."""
    return _one(tx, certificates.c.sha256 == sha256)


def of_learner(tx: Connection, learner: str) -> list[Certificate]:
    """One learner's certificates, the newest first."""
    query = _query().where(certificates.c.learner == learner).order_by(certificates.c.requested_at.desc())
    return [_certificate(row) for row in tx.execute(query)]


def pdf(tx: Connection, number: str, learner: str) -> bytes | None:
    """The bytes of one learner's own certificate, once it is issued."""
    query = select(certificates.c.pdf).where(certificates.c.number == number, certificates.c.learner == learner)
    found: bytes | None = tx.execute(query).scalar()
    return found


def _query() -> Select[Any]:
    columns = certificates.c
    return select(
        columns.number,
        columns.learner,
        columns.course,
        columns.major,
        columns.credential,
        columns.issued_at,
        columns.sha256,
    )


def _one(tx: Connection, condition: ColumnElement[bool]) -> Certificate | None:
    row = tx.execute(_query().where(condition)).first()
    return _certificate(row) if row else None


def _certificate(row: Row[Any]) -> Certificate:
    return Certificate(
        number=row.number,
        learner=row.learner,
        course=row.course,
        major=row.major,
        credential=credentials.load(row.credential),
        issued_at=utc(row.issued_at) if row.issued_at else None,
        sha256=row.sha256 or "",
    )
