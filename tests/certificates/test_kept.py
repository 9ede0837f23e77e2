"""Certificates keep their bytes, and go on verifying, whatever changes around them: a name, the settings, the template, the
key, the version of the program and of its database."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import text

from lms.certificates import lists, ornament, pdf
from lms.certificates.judgement import REPLACED, REVOKED
from lms.certificates.keys import load_root
from lms.certificates.trust import Trust
from lms.certificates.verify import verify_pdf
from lms.config import Signatory
from lms.services.people import accounts
from lms.storage import certificates, schema
from lms.storage.database import Database
from lms.storage.tables import metadata
from tests.certificates.instance import KINDS, Place, make_place, verify
from tests.certificates.issue import ENDINGS, content

ISSUED = Path(__file__).parent / "issued"
SECOND = ISSUED / "second"
WHENS = (datetime(2026, 11, 26, tzinfo=UTC), datetime(2033, 6, 1, tzinfo=UTC), datetime(2060, 1, 1, tzinfo=UTC))
FAILED = {"good": [], "replaced": [REPLACED], "revoked": [REVOKED]}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    made = make_place(tmp_path, monkeypatch)
    yield made
    made.database.close()


def name(place: Place) -> None:
    with place.database.writing() as tx:
        accounts.change_profile(
            tx, place.pen, person=place.people[0], display_name="Otra Pérez", language="en", now=place.now
        )


def settings(place: Place) -> None:
    logo = place.settings.instance / "logo.png"
    Image.new("RGB", (300, 200), (10, 80, 90)).save(logo)
    place.settings = replace(
        place.settings,
        name="Otro programa",
        issuer="Otra organización",
        demonstration=False,
        signatories=(Signatory("Eva", "Directora"),),
        logo=logo,
        accent="#5A1E3C",
        verify_base="https://otra.example.org",
        timezone="Asia/Tokyo",
    )


def template(place: Place) -> None:
    for each, value in (("PAPER", "#FFFFFF"), ("FOOT", 150.0), ("_signatories", lambda *_: None)):
        place.patch.setattr(pdf, each, value)
    place.patch.setattr(ornament, "draw", lambda page, colour: page.fill((0, 0, 40, page.height), colour))


def key(place: Place) -> None:
    place.now += timedelta(days=390)
    place.under(place)


def course(place: Place) -> None:
    edition = replace(place.release.course.editions["es"], title="Otro título")
    changed = replace(place.release.course, editions={**place.release.course.editions, "es": edition}, hours=7)
    place.release = replace(place.release, digest="0" * 64, course=changed)


def test_what_was_issued_before_a_change_has_the_same_bytes_and_verifies(place: Place) -> None:
    numbers = [place.ask(place.person("Ana Lucía"))]
    place.work()
    kept = {numbers[0]: place.files(numbers[0])}
    for turn, change in enumerate((name, settings, template, course, key), 2):
        change(place)
        place.now += timedelta(days=1)
        number = place.ask(place.people[0], turn) if change is name else place.ask(place.person("Eva"), 1)
        assert place.work() == 1
        kept[number] = place.files(number)
        for each, files in kept.items():
            assert place.files(each) == files, change
            assert files.keys() == set(KINDS)
            with place.database.reading() as tx:
                digests = {sha256(data).hexdigest() for data in files.values()}
                found = [certificates.by_sha256(tx, digest) for digest in digests]
            assert {one.number for one in found if one} == {each} and None not in found
            for kind, data in files.items():
                assert verify(kind, data, place.trust, place.now).outcome == "valid", (change, kind)
    credentials = [place.one(each).credential for each in kept]
    assert [each.name for each in credentials[:2]] == ["Ana Lucía", "Otra Pérez"]
    assert [each.issuer for each in credentials[1:3]] == ["Vereda (demo)", "Otra organización"]
    assert [each.title for each in credentials[3:5]] == ["Curso de muestra", "Otro título"]
    kids = {verify_pdf(files["pdf"], place.trust.roots).kid for files in kept.values()}
    assert len(kids) == 2  # each change was one
    assert len({len(files["pdf"]) for files in kept.values()}) == len(kept)


# Those that were issued by this version, when it was new


@pytest.fixture(scope="module")
def told() -> Mapping[str, Any]:
    found: dict[str, Any] = json.loads((SECOND / "rows.json").read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def trust() -> Trust:
    found = Trust(roots=(load_root(SECOND / "root.pem"),))
    for each in ("keys.json", "numbers.json"):
        found = found.having(lists.read((SECOND / each).read_bytes(), found))
    return found


@pytest.mark.parametrize("now", WHENS)
def test_certificates_issued_by_an_earlier_version_verify_for_good(
    told: Mapping[str, Any], trust: Trust, now: datetime
) -> None:
    alone = Trust(roots=trust.roots)
    for what, number in told["numbers"].items():
        for kind in KINDS:
            data = content(SECOND / f"{what}-{ENDINGS[kind]}")
            found = verify(kind, data, trust, now)
            assert found.number == number
            assert [each.sentence for each in found.checks if not each.passed] == FAILED[what], (what, kind)
            assert verify(kind, data, alone, now).outcome == ("unknown" if kind == "code" else "valid")


def test_the_rows_of_an_earlier_version_have_the_same_bytes_after_every_migration(
    database: Database, told: Mapping[str, Any]
) -> None:
    metadata.drop_all(database.engine)
    with database.writing() as tx:
        tx.execute(text("DROP TABLE IF EXISTS alembic_version"))
    schema.upgrade(database, told["revision"])
    with database.writing() as tx:
        for table, rows in told["tables"].items():
            for row in rows:
                names = ", ".join(row)
                places = ", ".join(f":{each}" for each in row)
                values = {key: content(SECOND / value["file"]) if isinstance(value, dict) else value for key, value in row.items()}  # fmt: skip
                tx.execute(text(f"INSERT INTO {table} ({names}) VALUES ({places})"), values)
    schema.upgrade(database)
    with database.writing() as tx:
        for what, number in told["numbers"].items():
            kept = certificates.by_number(tx, number)
            assert kept and kept.state == {"good": "issued"}.get(what, what)
            assert kept.credential.name.startswith(told["name"])
            for kind in KINDS:
                data = content(SECOND / f"{what}-{ENDINGS[kind]}")
                assert certificates.file(tx, number, kind) == data
                assert certificates.by_sha256(tx, sha256(data).hexdigest()) == kept
        ended = certificates.ended(tx)
        assert list(ended.revoked) == [told["numbers"]["revoked"]]
        assert {old: new for old, (_, new) in ended.replaced.items()} == {
            told["numbers"]["replaced"]: told["numbers"]["good"]
        }
        tx.execute(text("DROP TABLE alembic_version"))
