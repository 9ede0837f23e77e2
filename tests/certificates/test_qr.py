"""The QR code of a certificate: small, true to what was signed, and of no other form than its own."""

import random
import unicodedata
from datetime import timedelta

import cbor2
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cwt import COSE, COSEKey
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.certificates import number, qr, signed
from lms.certificates.keys import Issuer
from lms.certificates.qr import BadCode, NoCode
from lms.certificates.trust import Trust, digest
from tests.certificates.conftest import Make
from tests.conftest import NOW

BASE = "https://vereda.example.org"
LONGEST = {"name": "Ñ" * 90, "title": "é" * 90, "code": "K7Q2", "hours": 40.25, "under_review": True}
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=80)


@pytest.fixture(scope="module")
def usual(issuer: Issuer, credential: Make) -> bytes:
    return qr.payload(credential(), issuer)


@pytest.fixture(scope="module")
def longest(issuer: Issuer, credential: Make) -> bytes:
    return qr.payload(credential(**LONGEST), issuer)


def refused(payload: bytes, trust: Trust) -> bool:
    return qr.verify(payload, trust, NOW).outcome != "valid"


def sentence(payload: bytes, trust: Trust) -> str:
    (check,) = (each for each in qr.verify(payload, trust, NOW).checks if not each.passed)
    return check.sentence


def test_what_was_signed_is_read_again_and_valid(usual: bytes, trust: Trust, issuer: Issuer) -> None:
    claims = qr.read(usual).claims
    assert (claims.name, claims.title, claims.code, claims.hours) == (
        "Ana Lucía Pérez",
        "Curso de protección 2",
        "K7Q2",
        1.0,
    )
    assert (claims.issued_on.isoformat(), claims.demonstration, claims.under_review) == ("2026-11-24", True, False)
    found = qr.verify(usual, trust, NOW)
    assert (found.outcome, found.number, found.signer, found.kid) == ("valid", claims.number, "E2", issuer.kid)
    assert found.signed_on and found.signed_on.date() == claims.issued_on
    assert [each.name for each in found.checks] == [
        *("signed", "issuer", "unchanged", "period", "key", "state", "lists"),
    ]


def test_nothing_else_is_in_it(usual: bytes, issuer: Issuer, credential: Make) -> None:
    """Neither who the program and the issuer are, nor the language, nor a place: seven facts and the key's id."""
    parts = cbor2.loads(usual[1:]).value
    assert parts[1] == {}
    assert cbor2.loads(parts[0]).keys() == {1, 4}
    assert cbor2.loads(parts[2]).keys() == {-1, -2, -3, -4, -5, -6, -7}
    other = credential(
        number=qr.read(usual).claims.number,
        program="Another",
        issuer="Elsewhere",
        language="en",
        signatories=(("Eva", "Director"),),
        verify_base="https://x.test",
    )
    assert cbor2.loads(qr.payload(other, issuer)[1:]).value[:3] == parts[:3]


def test_python_cwt_verifies_it_with_the_issuers_key(usual: bytes, issuer: Issuer, stranger: Issuer) -> None:
    def key(of: Issuer) -> COSEKey:
        pem = of.certificate.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return COSEKey.from_pem(pem, kid=issuer.kid, alg="ES256")

    claims = cbor2.loads(COSE.new().decode(usual[1:], key(issuer)))
    assert claims[-3] == "Ana Lucía Pérez"
    with pytest.raises(Exception, match="verify"):
        COSE.new().decode(usual[1:], key(stranger))


@pytest.mark.parametrize("which", ["usual", "longest"])
def test_no_single_flipped_bit_verifies(which: str, trust: Trust, request: pytest.FixtureRequest) -> None:
    payload: bytes = request.getfixturevalue(which)
    bits = len(payload) * 8
    assert bits >= (1400 if which == "longest" else 1200)
    for bit in range(bits):
        changed = bytearray(payload)
        changed[bit // 8] ^= 1 << bit % 8
        assert refused(bytes(changed), trust), bit


@given(st.data())
def test_no_other_change_verifies(usual: bytes, trust: Trust, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(usual)))
    cut = data.draw(st.integers(0, 8))
    changed = usual[:at] + data.draw(st.binary(max_size=8)) + usual[at + cut :]
    assert changed == usual or refused(changed, trust)


@given(st.binary(max_size=300))
def test_any_bytes_at_all_are_refused_with_a_sentence(trust: Trust, data: bytes) -> None:
    for tried in (data, b"\x01" + data, b"\x01\xd2\x84" + data):
        assert sentence(tried, trust)


def test_two_flips_that_once_passed(issuer: Issuer, usual: bytes, trust: Trust) -> None:
    """A map that no signature covers, and a length that another field hides (what bit in the prototype, 3)."""
    tag = cbor2.loads(usual[1:])
    protected, _, claims, signature = tag.value
    for parts, said in (
        ([protected, {4: issuer.kid}, claims, signature], qr.UNCOVERED),
        ([protected, {}, claims, signature + b"\0"], qr.OTHER_LENGTH),
        ([cbor2.dumps({1: -35, 4: issuer.kid}), {}, claims, signature], qr.OTHER_ALGORITHM),
    ):
        assert sentence(b"\x01" + cbor2.dumps(cbor2.CBORTag(18, parts)), trust) == said
    assert sentence(usual + b"\0", trust) == qr.LONGER


def test_a_key_that_is_not_listed_and_one_that_is_another(
    usual: bytes, stranger: Issuer, credential: Make, trust: Trust
) -> None:
    foreign = qr.verify(qr.payload(credential(), stranger), trust, NOW)
    assert (foreign.outcome, foreign.checks[-1].sentence) == ("unknown", qr.NOT_LISTED)
    assert qr.verify(usual, Trust(roots=trust.roots), NOW).outcome == "unknown"  # the root alone knows no key by its id


def test_it_is_judged_by_the_lists_as_a_pdf_is(issuer: Issuer, credential: Make, trust: Trust) -> None:
    for days, outcome in ((-400, "valid"), (-1, "valid"), (395, "valid"), (396, "invalid")):
        dated = qr.payload(credential(issued_on=NOW.date() + timedelta(days=days)), issuer)
        assert qr.verify(dated, trust, NOW).outcome == outcome, days


@pytest.mark.parametrize("base", [BASE, BASE + "/", "http://hub.local:8000/lms"])
def test_the_address_carries_it_in_the_fragment(usual: bytes, base: str) -> None:
    address = qr.address(usual, base)
    assert address.startswith(f"{base.rstrip('/')}/v#")
    assert address.partition("#")[2].isdigit()
    for shown in (address, address.partition("#")[2], f"  {address[:99]}\n{address[99:]} "):
        assert qr.parse(shown) == usual


def test_without_a_host_there_is_no_address(usual: bytes) -> None:
    assert qr.address(usual, "") == ""


@pytest.mark.parametrize("text", ["", "#", "0", "01", "1_000", "+1", "-1", "1.0", "1e9", "١٢", "²", "hola", "1" * 1201])
def test_no_other_text_is_a_code(text: str) -> None:
    with pytest.raises(NoCode):
        qr.parse(text)


@given(st.integers(1, 2**3000))
def test_every_number_is_some_bytes_and_back(value: int) -> None:
    assert int.from_bytes(qr.parse(str(value)), "big") == value


def test_the_square_has_61_modules_at_the_most(usual: bytes, longest: bytes) -> None:
    for payload, host, size in (
        (usual, BASE, 57),
        (longest, BASE, 61),
        (longest, f"https://{'h' * 28}", 61),
    ):
        rows = qr.matrix(qr.address(payload, host))
        assert {len(row) for row in rows} == {len(rows)} == {size}
        assert {module for row in rows for module in row} == {0, 1}


@settings(max_examples=60)
@given(NAMES, NAMES)
def test_no_name_or_title_makes_it_larger(
    issuer: Issuer, credential: Make, trust: Trust, name: str, title: str
) -> None:
    payload = qr.payload(credential(name=name, title=title), issuer)
    claims = qr.read(payload).claims
    assert len(claims.name.encode()) <= 60 and len((claims.name + claims.title).encode()) <= 84
    assert len(payload) <= 211
    assert not refused(payload, trust)


@given(NAMES, st.integers(4, 60))
def test_a_long_name_is_cut_after_a_character(name: str, limit: int) -> None:
    whole, found = unicodedata.normalize("NFC", name), qr.shortened(name, limit)
    assert len(found.encode()) <= limit
    if found != whole:
        assert len(whole.encode()) > limit
        kept = found.removesuffix("…")
        assert found.endswith("…") and whole.startswith(kept)


def test_marks_stay_with_their_letter() -> None:
    assert qr.shortened("e\u0301", 60) == "é"
    assert qr.shortened("x" * 9 + "q\u0303\u0323" + "z" * 9, 14) == "x" * 9 + "…"
    assert qr.shortened("uno dos tres", 7) == "uno…"


def test_the_digest_that_central_registers_is_that_of_the_payload(usual: bytes) -> None:
    assert len(digest(usual)) == 22
    assert digest(usual) != digest(usual[1:])


def test_claims_that_nobody_would_write_are_refused_although_signed(issuer: Issuer) -> None:
    """Everything else that may be wrong is in tests/vectors/codes.json; here whatever a number of hours may be."""
    chance = random.Random(1)
    protected = cbor2.dumps({1: -7, 4: issuer.kid}, canonical=True)
    usual = {-1: 2519, -2: number.new("E2").replace("-", ""), -3: "Ana", -4: "K7Q2", -5: "", -6: 100}
    for key in usual:
        for value in (None, True, -1, 2**70, 1.5, "\0" * 61, b"", [], {}, cbor2.CBORTag(99, 1), chance.randbytes(9)):
            claims = cbor2.dumps({**usual, key: value}, canonical=True)
            signature = signed.sign(issuer.key, qr._covered(protected, claims))
            with pytest.raises(BadCode):
                qr.read(b"\x01" + cbor2.dumps(cbor2.CBORTag(18, [protected, {}, claims, signature]), canonical=True))
