"""A hub's request and the root's answer: nothing in either can be changed or put together from others."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.certificates import chain, delegation, keys, lists
from lms.certificates.delegation import BadAnswer, BadRequest, StolenPredecessor
from lms.certificates.keys import Authority, Issuer
from lms.certificates.multikey import did
from lms.certificates.signed import seal
from lms.certificates.trust import Entry, KeysList, Withdrawal
from tests.conftest import NOW

KEY, BADGE = ec.generate_private_key(ec.SECP256R1()), Ed25519PrivateKey.generate()


@pytest.fixture(scope="module")
def authority(keys_folder: Path) -> Authority:
    return keys.load_authority(keys_folder)


def book_of(authority: Authority, *entries: Entry) -> KeysList:
    return lists.sign_keys(entries, authority.key, authority.certificate, authority.badge_key, version=2, now=NOW)


def answered(authority: Authority, request: bytes, *, renews: Entry | None = None) -> bytes:
    asked = delegation.read_request(request)
    certificate, entry = delegation.delegate(authority, asked, renews=renews, countersigns=False, now=NOW)
    return delegation.make_answer(
        authority, certificate, entry, book_of(authority, *([renews] if renews else []), entry), "https://example.org"
    )


@pytest.fixture(scope="module")
def request_(issuer: Issuer) -> bytes:
    return delegation.make_request("H7", KEY, BADGE, issuer)


@pytest.fixture(scope="module")
def answer(authority: Authority, request_: bytes) -> bytes:
    return answered(authority, request_)


def test_a_request_holds_public_keys_and_a_code_only(request_: bytes, issuer: Issuer) -> None:
    found = delegation.read_request(request_)
    assert (found.code, found.key, did(found.badge_key)) == ("H7", KEY.public_key(), did(BADGE))
    assert found.continues == issuer.kid
    assert set(json.loads(request_)["payload"]) == {"type", "code", "key", "did", "proof", "continues"}
    assert delegation.read_request(delegation.make_request("H7", KEY, BADGE)).continues is None
    assert found.fingerprint == delegation.fingerprint(request_)
    assert len(found.fingerprint) == 39


def test_what_is_issued_is_the_request_and_no_more(answer: bytes, authority: Authority) -> None:
    found = delegation.read_answer(answer)
    assert found.certificate.public_key() == KEY.public_key()
    assert found.certificate.subject.rfc4514_string() == "CN=Issuer H7"
    assert found.root == authority.certificate
    assert found.verify_base == "https://example.org"
    assert found.entry.kid == found.entry.issuer == chain.key_id_of(found.certificate)
    usage = found.certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature and not usage.key_cert_sign


@pytest.mark.parametrize("which", ["request", "answer"])
def test_no_flipped_bit_is_accepted(request_: bytes, answer: bytes, which: str) -> None:
    raw, read = {
        "request": (request_, delegation.read_request),
        "answer": (answer, delegation.read_answer),
    }[which]

    @settings(max_examples=200)
    @given(st.integers(0, len(raw) - 1), st.integers(0, 7))
    def check(place: int, bit: int) -> None:
        changed = bytearray(raw)
        changed[place] ^= 1 << bit
        with pytest.raises((BadRequest, BadAnswer)):
            read(bytes(changed))

    check()


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("type", "vereda request 2"),
        ("code", "É2"),
        ("code", "E22"),
        ("code", "E2"),
        ("did", did(Ed25519PrivateKey.from_private_bytes(bytes(32)))),
        ("proof", "AAAA"),
        ("continues", {"kid": "00"}),
        ("more", 1),
    ],
)
def test_a_request_put_together_from_others_is_refused(request_: bytes, name: str, wrong: object) -> None:
    payload = json.loads(request_)["payload"]
    assert delegation.read_request(seal(payload, KEY))
    with pytest.raises(BadRequest):
        delegation.read_request(seal({**payload, name: wrong}, KEY))


def test_a_request_by_whoever_has_not_the_key_is_refused(request_: bytes, issuer: Issuer) -> None:
    with pytest.raises(BadRequest):
        delegation.read_request(seal(json.loads(request_)["payload"], issuer.key))


def test_a_renewed_key_is_the_same_issuer(request_: bytes, authority: Authority, issuer: Issuer) -> None:
    asked = delegation.read_request(request_)
    before = delegation.predecessor(asked, authority.book)
    assert before and before.kid == issuer.kid
    answer = delegation.read_answer(answered(authority, request_, renews=before))
    assert answer.entry.issuer == before.issuer != answer.entry.kid
    assert delegation.predecessor(asked, None) is None
    assert delegation.predecessor(asked, book_of(authority)) is None


def test_nobody_goes_on_from_a_key_that_is_stolen_or_not_hers(
    request_: bytes, authority: Authority, issuer: Issuer
) -> None:
    asked = delegation.read_request(request_)
    before = delegation.predecessor(asked, authority.book)
    assert before
    stolen = book_of(authority, replace(before, withdrawn=Withdrawal(NOW.date(), "stolen")))
    with pytest.raises(StolenPredecessor):
        delegation.predecessor(asked, stolen)
    with pytest.raises(BadRequest):
        delegation.predecessor(replace(asked, continuity=bytes(64)), authority.book)


def test_an_answer_whose_parts_do_not_belong_together_is_refused(
    answer: bytes, authority: Authority, stranger: Issuer, tmp_path: Path
) -> None:
    payload = json.loads(answer)["payload"]
    assert delegation.read_answer(seal(payload, authority.key))
    other = json.loads(answered(authority, delegation.make_request("ZZ", KEY, BADGE)))["payload"]
    keys.create(tmp_path, issuer_code="ZZ", organisation="Another", now=NOW)
    foreign = keys.load_authority(tmp_path)
    theirs = json.loads(answered(foreign, delegation.make_request("H7", KEY, BADGE)))["payload"]
    for changed in (
        {**payload, "keys": other["keys"]},
        {**payload, "certificate": theirs["certificate"]},
        {**payload, "endorsement": theirs["endorsement"]},
        {**payload, "keys": theirs["keys"]},
        {**payload, "root": theirs["root"]},
        {**payload, "root": "AAAA"},
        {**payload, "keys": "no list"},
        {**payload, "type": "vereda answer 2"},
        {**payload, "more": ""},
    ):
        with pytest.raises(BadAnswer):
            delegation.read_answer(seal(changed, authority.key))
    with pytest.raises(BadAnswer):
        delegation.read_answer(seal(payload, foreign.key))
    with pytest.raises(BadAnswer):
        delegation.read_answer(b"%PDF")


def test_a_certificate_that_is_no_root_issues_nothing(issuer: Issuer) -> None:
    assert chain.is_issued_by(issuer.certificate, issuer.root)
    assert not chain.is_issued_by(issuer.root, issuer.certificate)
    assert not chain.is_issued_by(issuer.certificate, issuer.certificate)


def test_a_time_of_use_that_is_not_whole_is_none(issuer: Issuer, authority: Authority) -> None:
    start = NOW - timedelta(days=1)
    for period in ((start, None), (None, start)):
        builder = x509.CertificateBuilder().subject_name(issuer.root.subject).issuer_name(issuer.root.subject)
        builder = builder.public_key(KEY.public_key()).serial_number(1)
        builder = builder.not_valid_before(start).not_valid_after(NOW + timedelta(days=9))
        builder = builder.add_extension(x509.PrivateKeyUsagePeriod(*period), critical=False)
        made = builder.sign(authority.key, hashes.SHA384())
        assert chain.usage_period(made) is None
        assert not chain.in_usage_period(made, NOW)
        assert not chain.is_issued_by(issuer.certificate, made)
