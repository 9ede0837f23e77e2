"""Six things that somebody does to a certificate, or to what it is checked against: each is refused in its own words."""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from pyhanko.pdf_utils.generic import NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from lms.certificates import badge, lists, pades, pdf, qr
from lms.certificates.badge import ADDED
from lms.certificates.keys import Issuer
from lms.certificates.shelf import Shelf
from lms.certificates.signed import canonical
from lms.certificates.trust import OldList, Trust
from lms.certificates.verify import NOT_WHOLE, OUT_OF_TIME, UNKNOWN, UPDATED, Verification, verify_pdf
from tests.certificates.conftest import READER, Make
from tests.certificates.family import Family, family
from tests.conftest import NOW


@pytest.fixture(scope="module")
def ours(keys_folder: Path) -> Family:
    return family(keys_folder)


def saved_again(data: bytes, change: Callable[[IncrementalPdfFileWriter], object]) -> bytes:
    """The file as a program writes it that appends what it changed (ISO 32000-1, 7.5.6)."""
    writer, out = IncrementalPdfFileWriter(io.BytesIO(data)), io.BytesIO()
    change(writer)
    writer.write(out)
    return out.getvalue()


def turn(writer: IncrementalPdfFileWriter) -> None:
    """The page stands on its head."""
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = NumberObject(180)
    writer.update_container(page)


def sentences(found: Verification, outcome: str) -> list[str]:
    assert found.outcome == outcome
    return [each.sentence for each in found.checks if not each.passed]


def test_each_is_refused_in_its_own_words(
    ours: Family, signed: bytes, stranger: Issuer, credential: Make, tmp_path: Path
) -> None:
    roots = ours.trust.roots
    commented, updated = signed + b"% nothing to see\n", saved_again(signed, turn)
    assert updated.startswith(signed) and b"/Rotate 180" in updated
    foreign = pades.sign(pdf.draw(credential(), READER), stranger, when=NOW)
    late = pades.sign(pdf.draw(credential(), READER), ours.hub, when=NOW + timedelta(days=400))
    found = [
        *sentences(verify_pdf(commented, roots), "invalid"),
        *sentences(verify_pdf(updated, roots), "invalid"),
        *sentences(verify_pdf(foreign, roots), "unknown"),
        *sentences(verify_pdf(late, roots), "invalid"),
        rolled_back(ours, tmp_path),
        *sentences(with_a_term(ours, credential), "invalid"),
    ]
    assert found == [NOT_WHOLE, UPDATED, UNKNOWN, OUT_OF_TIME, OldList.message, ADDED]
    assert len(set(found)) == 6


def rolled_back(ours: Family, folder: Path) -> str:
    """What is said of a list from before a number was revoked, and nothing of it is taken."""
    (book,) = ours.trust.keys
    entry = ours.trust.issuer(ours.hub.kid)
    assert entry
    shelf, number = Shelf(folder / "trust", folder / "root.pem"), "7K3Q-ZX0T-9B4M-H7-5"
    shelf.add_root(ours.authority.certificate)
    shelf.take(book.raw)
    older, newer = (
        lists.sign_numbers(entry, ours.hub.key, revoked=revoked, replaced={}, version=version, now=NOW)
        for version, revoked in ((4, {}), (5, {number: NOW.date()}))
    )
    shelf.take(newer.raw)
    with pytest.raises(OldList) as refused:
        shelf.take(older.raw)
    assert shelf.load().state(number, entry.issuer).kind == "revoked"
    return refused.value.message


def with_a_term(ours: Family, credential: Make) -> Verification:
    document = json.loads(ours.make(credential(), ours.central).badge)
    document["credentialSubject"]["achievement"]["creditsAvailable"] = 40
    return badge.verify(canonical(document), ours.trust, NOW)


def test_an_update_that_changes_nothing_is_one_too(signed: bytes, ours: Family) -> None:
    """And one of the paper copy, and one that hides behind a comment."""
    again = saved_again(signed, lambda writer: writer.update_root())
    for data in (again, again + b"\n% end", signed + b"% x\n" + again[len(signed) :]):
        assert sentences(verify_pdf(data, ours.trust.roots), "invalid") == [UPDATED]


def test_the_period_of_a_badge_and_of_a_code_is_refused_in_the_same_words(ours: Family, credential: Make) -> None:
    late = NOW + timedelta(days=400)
    facts = credential(issued_on=late.date())
    made = badge.sign(facts, ours.hub, READER, when=late.date())
    assert sentences(badge.verify(made, ours.trust, late), "invalid") == [OUT_OF_TIME]
    alone = Trust(roots=ours.trust.roots)
    assert sentences(badge.verify(made, alone, late), "invalid") == [OUT_OF_TIME]
    code = qr.payload(facts, ours.hub)
    assert sentences(qr.verify(code, ours.trust, late), "invalid") == [OUT_OF_TIME]
