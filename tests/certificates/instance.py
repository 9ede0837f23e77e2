"""A whole installation in a folder: its keys, its database, its learners, and a worker whose clock the test sets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import get_args

import pytest
from cryptography.hazmat.primitives import hashes
from sqlalchemy import func, select

from lms.certificates import badge, delegation, keys, qr
from lms.certificates.judgement import judged
from lms.certificates.keys import Issuer
from lms.certificates.protection import Lock
from lms.certificates.trust import Trust, digest
from lms.certificates.verify import Verification, verify_pdf
from lms.cli import worker
from lms.cli.worker import Keys, Later, Told
from lms.config import Settings
from lms.content import course
from lms.content.release import digest as digest_of
from lms.content.release import encode
from lms.learning.keys import answer_key
from lms.services.certifying import amending, certify, custody
from lms.services.certifying.amending import Why
from lms.services.common.record import Pen
from lms.services.common.registers import shelf_of
from lms.services.people import accounts
from lms.storage import certificates, stores
from lms.storage.certificates import Certificate, Kind
from lms.storage.database import Database
from lms.storage.people import Person, Secrets
from lms.storage.releases import Release
from lms.storage.tables import events, metadata
from tests.conftest import NOW
from tests.services.conftest import SAMPLE

KINDS: Sequence[Kind] = get_args(Kind)
STAFF = "01890000-0000-7000-8000-000000000001"


@dataclass
class Place:
    """An installation."""

    settings: Settings
    database: Database
    pen: Pen
    release: Release
    patch: pytest.MonkeyPatch
    now: datetime = NOW
    people: list[Person] = field(default_factory=list)

    @property
    def lock(self) -> Lock:
        """What opens its keys."""
        return Lock(self.settings.secret)

    @property
    def trust(self) -> Trust:
        """Whom it trusts, with the lists that it holds."""
        return shelf_of(self.settings).load()

    @property
    def issuer(self) -> Issuer:
        """The key that it signs with."""
        return keys.load_issuer(self.settings.keys, self.lock)

    def person(self, name: str) -> Person:
        """Somebody new."""
        with self.database.writing() as tx:
            made = accounts.add(
                tx,
                self.pen,
                username=f"user{len(self.people)}",
                display_name=name,
                secrets=Secrets("x", None),
                now=self.now,
            )
        self.people.append(made)
        return made

    def ask(self, who: Person, major: int = 1) -> str:
        """The number of the certificate asked for, of the course's edition with that number."""
        course = replace(self.release.course, major=major)
        release = replace(self.release, course=course)
        with self.database.writing() as tx:
            number = certify.request(
                tx, self.pen, learner=who.id, release=release, language="es", now=self.now, settings=self.settings
            )
        assert number
        return number

    def anew(self, number: str, name: str) -> str:
        """The number of the one asked for in its place, in that name."""
        with self.database.writing() as tx:
            why = Why(by=STAFF, reason="name")
            return amending.issue_anew(tx, self.pen, self.settings, number=number, name=name, why=why, now=self.now)

    def revoke(self, number: str) -> None:
        """It stands no longer."""
        with self.database.writing() as tx:
            why = Why(by=STAFF, reason="mistake")
            amending.revoke(tx, self.pen, self.settings, number=number, why=why, now=self.now)

    def erase(self, number: str) -> None:
        """Whose it is is forgotten here."""
        with self.database.writing() as tx:
            amending.erase(tx, self.pen, number=number, by=STAFF, now=self.now)

    def work(self) -> int:
        """How many of those asked for the worker made, on this place's clock; its list is published."""
        self.patch.setattr(worker, "now", lambda: self.now)
        opened, told, made = Keys(self.settings), Told(self.settings, self.database), 0
        issuer, later = opened.issuer(), Later()
        while more := worker.make_pending(self.database, self.pen, issuer, self.settings, later):
            made += more
        told.keep(issuer)
        return made

    def one(self, number: str) -> Certificate:
        """The certificate as the register has it."""
        with self.database.reading() as tx:
            found = certificates.by_number(tx, number)
        assert found
        return found

    def files(self, number: str) -> Mapping[Kind, bytes]:
        """Every file of it that is kept."""
        with self.database.reading() as tx:
            found = {kind: certificates.file(tx, number, kind) for kind in KINDS}
        return {kind: data for kind, data in found.items() if data is not None}

    def issued_events(self) -> int:
        """How often the log says that a certificate was issued."""
        query = select(func.count()).select_from(events).where(events.c.type == "store.credential_issued")
        with self.database.reading() as tx:
            return int(tx.execute(query).scalar_one())

    def under(self, root: "Place") -> None:
        """It signs with a new key from now on, under that place's root."""
        asked = custody.request(self.settings, self.lock)
        found = custody.issue(root.settings, asked, root.lock, root_folder=root.settings.keys, now=self.now)
        custody.install(self.settings, delegation.read_answer(found.answer), self.lock, now=self.now)

    def lists(self) -> list[bytes]:
        """The lists of its root that it holds, the newest, as somebody carries them elsewhere."""
        trust, root = self.trust, self.issuer.root.fingerprint(hashes.SHA256()).hex()
        (book,) = (each for each in trust.keys if each.root == root)
        issuers = {each.issuer for each in book.entries}
        return [book.raw, *(each.raw for each in trust.numbers if each.issuer in issuers)]


def make_place(folder: Path, patch: pytest.MonkeyPatch, code: str = "E2", **values: object) -> Place:
    """A new installation, the sample course in it."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(instance=folder / "instance", verify_base="https://cursos.example.org", **values)  # type: ignore[arg-type]
    settings.keys.mkdir(parents=True)
    custody.prepare(settings, Lock(settings.secret), code=code, now=NOW)
    database = Database(settings.url)
    metadata.create_all(database.engine)
    with database.writing() as tx:
        store = replace(stores.create(tx, now=NOW), id=code)
    loaded, findings = course.load(SAMPLE)
    assert loaded, findings
    release = Release(digest_of(encode(loaded)), loaded, answer_key(loaded))
    return Place(settings, database, Pen(store=store, sign=lambda raw: b"signed:" + raw[:8]), release, patch)


def verify(kind: Kind, data: bytes, trust: Trust, now: datetime) -> Verification:
    """What whoever has these roots and lists is told of a file."""
    if kind == "badge":
        return badge.verify(data, trust, now)
    if kind == "code":
        return qr.verify(data, trust, now)
    return judged(verify_pdf(data, trust.roots), trust, digest=digest(data), today=now.date())


def bring(trust_of: Place, files: Sequence[bytes]) -> None:
    """These lists are held there from now on."""
    for each in files:
        shelf_of(trust_of.settings).take(each)
