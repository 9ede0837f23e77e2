"""The other lists that leave the program, with hostile names: no formula in any of them, and everything is read back."""

import csv
import io
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date
from pathlib import Path

import pytest
from sqlalchemy import true

from lms.certificates.credential import Credential
from lms.i18n import Reader
from lms.services.certifying import handing
from lms.services.common.cells import MEANS_MORE, SIGNS, meant
from lms.services.people import accounts, people_file, people_list
from lms.services.people.accounts import BadName
from lms.services.running import auditing
from lms.storage import roll
from lms.storage.certificates import Certificate
from tests.conftest import NOW
from tests.exports.conftest import ACTS, Crowd
from tests.exports.office import opened

READER = Reader("es", UTC)
CREDENTIAL = Credential(
    number="7K3Q", name="", title="", code="C-1", hours=1, issued_on=date(2026, 11, 24), language="es", program="", issuer="",
    demonstration=True,
)  # fmt: skip


def people(crowd: Crowd) -> bytes:
    with crowd.database.reading() as tx:
        return b"".join(people_list.table(roll.everyone(tx), READER))


def certificates(crowd: Crowd) -> bytes:
    return handing.table(_certificates(crowd), READER)


def the_audit(crowd: Crowd) -> bytes:
    return b"".join(auditing.pieces(crowd.database, true(), READER))


LISTS = {"people": people, "certificates": certificates, "audit": the_audit}


@pytest.mark.parametrize("name", LISTS)
def test_no_cell_is_a_formula(crowd: Crowd, name: str) -> None:
    written = LISTS[name](crowd).decode("utf-8-sig")
    for separator in ",;\t":
        for row in csv.reader(io.StringIO(written, newline=""), delimiter=separator):
            assert not [cell for cell in row if cell.startswith(MEANS_MORE if separator == "," else SIGNS)]


@pytest.mark.audit
@pytest.mark.parametrize("separator", ",;\t")
@pytest.mark.parametrize("name", LISTS)
def test_libreoffice_makes_no_formula(crowd: Crowd, name: str, separator: str, tmp_path: Path) -> None:
    file = tmp_path / f"{name}.csv"
    file.write_bytes(LISTS[name](crowd))
    (sheet,) = opened(file, separator)
    assert len(sheet) > min(ACTS, len(crowd.lines)) // 2
    assert not [cell for row in sheet for cell in row if cell.is_formula]


def test_everybody_is_in_the_list_of_people_as_she_is_called(crowd: Crowd) -> None:
    rows = _read(people(crowd))
    assert {(row[1], row[0], row[3]) for row in rows} == {line[:3] for line in crowd.lines}
    asked = sorted(line[0] for line in crowd.lines)
    assert [row[1] for row in rows] != [] and sorted(row[1] for row in rows) == asked


def test_our_own_list_is_read_back_as_it_was(crowd: Crowd) -> None:
    with crowd.database.reading() as tx:
        fit = [each for each in roll.everyone(tx) if _may_be_typed(each.display_name, each.work.institution)][:1000]
    told = people_file.read(b"".join(people_list.table(fit, READER)), languages=["es"])
    assert (len(fit) > 20, told.wrong) == (True, ())
    assert [(each.said["username"], each.said["name"], each.said["institution"]) for each in told.entries] == [
        (each.username, each.display_name, each.work.institution) for each in fit
    ]


def test_certificates_have_their_holders_in_order(crowd: Crowd) -> None:
    rows = _read(certificates(crowd))
    assert [(row[0], row[1], row[2], row[3]) for row in rows] == [
        (line[0], line[2], line[7], "2026-11-24") for line in crowd.lines if line[7]
    ]


def test_each_act_is_in_the_audit_with_whom_it_was_about(crowd: Crowd) -> None:
    assert [row[7] for row in _read(the_audit(crowd))] == [line[0] for line in reversed(crowd.lines[:ACTS])]


def _certificates(crowd: Crowd) -> Iterable[Certificate]:
    for name, who, place, *_, number in crowd.lines:
        if number:
            said = replace(CREDENTIAL, name=name, title=place, number=number)
            yield Certificate(
                number=number, learner=who, course="demo-course", major=1, edition=1, credential=said, state="issued",
                issued_at=NOW, replaces="", ended_on=None, successor="",
            )  # fmt: skip


def _read(written: bytes) -> list[list[str]]:
    found = csv.reader(io.StringIO(written.decode("utf-8-sig"), newline=""), strict=True)
    return [[meant(cell) for cell in row] for row in found][1:]


def _may_be_typed(*texts: str) -> bool:
    """Whether a form or a list takes them as they are."""
    try:
        return all(accounts.clean_name(text) == text for text in texts)
    except BadName:
        return False
