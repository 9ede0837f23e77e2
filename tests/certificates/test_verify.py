"""What is signed verifies, here and elsewhere; what was touched does not."""

import io
import os
import random
import re
from datetime import timedelta
from pathlib import Path

from asn1crypto import cms
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from lms.certificates import pades, pdf
from lms.certificates.keys import Issuer, load_root
from lms.certificates.verify import MAX_BYTES, verify_pdf
from tests.certificates.conftest import READER, Make
from tests.conftest import NOW

FLIPS = 5000 if os.environ.get("LMS_REQUIRE_AUDIT") else 200


def failed(data: bytes, issuer: Issuer) -> list[str]:
    return [check.name for check in verify_pdf(data, [issuer.root]).checks if not check.passed]


def flipped(data: bytes, place: int, bit: int) -> bytes:
    changed = bytearray(data)
    changed[place] ^= 1 << bit
    return bytes(changed)


def container(data: bytes) -> tuple[int, int]:
    found = re.search(rb"/Contents <[0-9A-F]+>", data)
    assert found
    return found.start() + len(b"/Contents "), found.end()


def with_container(data: bytes, der: bytes) -> bytes:
    start, end = container(data)
    return data[: start + 1] + der.hex().upper().encode().ljust(end - start - 2, b"0") + data[end - 1 :]


def the_container(data: bytes) -> cms.ContentInfo:
    start, end = container(data)
    return cms.ContentInfo.load(bytes.fromhex(data[start + 1 : end - 1].decode()))


def test_a_signed_certificate_is_valid(signed: bytes, issuer: Issuer) -> None:
    found = verify_pdf(signed, [issuer.root])
    assert found.outcome == "valid"
    assert all(check.passed for check in found.checks)
    assert [check.name for check in found.checks] == ["signed", "whole", "unchanged", "issuer", "period"]
    assert re.fullmatch(r"[0-9A-Z-]{19}", found.number)
    assert found.signed_on and found.signed_on.isoformat() == "2026-11-24T00:00:00+00:00"


def test_an_issuer_that_is_not_trusted_is_unknown(signed: bytes, stranger: Issuer) -> None:
    assert verify_pdf(signed, [stranger.root]).outcome == "unknown"
    assert verify_pdf(signed, []).outcome == "unknown"


def test_a_certificate_that_is_no_authority_is_no_root(signed: bytes, issuer: Issuer) -> None:
    assert verify_pdf(signed, [issuer.certificate]).outcome == "unknown"


def test_a_key_out_of_its_time_is_refused(issuer: Issuer, credential: Make) -> None:
    late = pades.sign(pdf.draw(credential(), READER), issuer, when=NOW + timedelta(days=500))
    assert failed(late, issuer) == ["period"]
    assert verify_pdf(late, [issuer.root]).outcome == "invalid"


def test_no_flipped_bit_verifies(signed: bytes, issuer: Issuer) -> None:
    chance = random.Random(1)
    for _ in range(FLIPS):
        changed = flipped(signed, chance.randrange(len(signed)), chance.randrange(8))
        assert verify_pdf(changed, [issuer.root]).outcome == "invalid"


def test_no_flipped_bit_of_the_container_verifies(signed: bytes, issuer: Issuer) -> None:
    start, end = container(signed)
    step = 1 if os.environ.get("LMS_REQUIRE_AUDIT") else 37
    for place in range(start, end, step):
        for bit in (0, 2, 5):
            assert verify_pdf(flipped(signed, place, bit), [issuer.root]).outcome == "invalid"


def test_nothing_may_be_added_or_taken_away(signed: bytes, issuer: Issuer) -> None:
    for changed in (
        signed + b"\n",
        signed[:-1],
        b" " + signed,
        signed[: len(signed) // 2],
        b"",
        b"%PDF-1.7",
        b"\0" * 100,
    ):
        assert verify_pdf(changed, [issuer.root]).outcome == "invalid"
    assert failed(signed + b" " * MAX_BYTES, issuer) == ["signed"]


def test_a_second_byte_range_is_refused(signed: bytes, issuer: Issuer) -> None:
    found = re.search(rb"/ByteRange \[[^\]]+\]", signed)
    assert found
    assert failed(signed + b"\n" + found[0], issuer) == ["signed"]


def test_a_page_changed_by_an_update_is_refused(signed: bytes, issuer: Issuer) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    writer.root["/Changed"] = writer.add_object(writer.root)
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    assert failed(out.getvalue(), issuer) == ["whole"]


def test_an_impossible_date_is_refused(signed: bytes, issuer: Issuer) -> None:
    changed = re.sub(rb"(/M \(D:)\d{8}", rb"\g<1>20269999", signed)
    assert failed(changed, issuer) == ["unchanged"]


def test_a_container_with_anything_else_in_it_is_refused(signed: bytes, issuer: Issuer, stranger: Issuer) -> None:
    assert failed(with_container(signed, the_container(signed).dump()), issuer) == []
    for change in ("swap", "attribute", "digest"):
        info = the_container(signed)
        inner = info["content"]
        if change == "swap":
            der = stranger.root.public_bytes(Encoding.DER)
            inner["certificates"] = [inner["certificates"][0], cms.CertificateChoices.load(der)]
        elif change == "attribute":
            attribute = cms.CMSAttribute({"type": "signing_time", "values": [cms.Time({"utc_time": NOW})]})
            inner["signer_infos"][0]["unsigned_attrs"] = [attribute]
        else:
            inner["digest_algorithms"] = [cms.DigestAlgorithm({"algorithm": "sha512"})]
        assert failed(with_container(signed, info.dump(force=True)), issuer) == ["unchanged"]


def test_a_signature_by_a_key_of_another_kind_is_refused(signed: bytes, issuer: Issuer) -> None:
    info = the_container(signed)
    info["content"]["signer_infos"][0]["signature"] = b"no signature"
    assert failed(with_container(signed, info.dump(force=True)), issuer) == ["unchanged"]


def test_no_time_of_day_and_no_person_is_in_the_file(signed: bytes) -> None:
    start, end = container(signed)
    written = signed[:start] + signed[end:]  # the container's digits are random: any time is in them by chance
    assert re.findall(rb"/M \(D:(\d{14})Z\)", written) == [b"20261124000000"]
    assert {day[8:] for day in re.findall(rb"D:(\d{14})", written)} == {b"000000"}
    metadata = PdfFileReader(io.BytesIO(signed)).root["/Metadata"].data
    assert set(re.findall(rb"T(\d\d:\d\d:\d\d)", metadata)) == {b"00:00:00"}
    assert b"learner" not in written
    attributes = the_container(signed)["content"]["signer_infos"][0]["signed_attrs"].native
    assert "signing_time" not in [attribute["type"] for attribute in attributes]


def test_certificates_of_the_first_version_still_verify() -> None:
    folder = Path(__file__).parent / "issued"
    data, root = (folder / "first.pdf").read_bytes(), load_root(folder / "first.pem")
    found = verify_pdf(data, [root])
    assert (found.outcome, found.number) == ("valid", "7K3Q-ZX0T-9B4M-E2-5")
    place = data.index(b"/Subject (") + 12
    assert verify_pdf(flipped(data, place, 0), [root]).outcome == "invalid"
