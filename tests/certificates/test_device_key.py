"""Phones' keys and signatures: what is theirs and what is not, and the one spelling in which they travel."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from lms.certificates.device_key import is_signed, packed, unpacked


def signed(raw: bytes) -> tuple[str, bytes, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    r, s = decode_dss_signature(key.sign(raw, ec.ECDSA(SHA256())))
    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return packed(spki), raw, r.to_bytes(32) + s.to_bytes(32)


KEY, RAW, SIGNATURE = signed(b"one")


@pytest.mark.parametrize(
    ("key", "raw", "signature", "is_right"),
    [
        (KEY, RAW, SIGNATURE, True),
        (*signed(b""), True),
        (KEY, b"two", SIGNATURE, False),
        (signed(RAW)[0], RAW, SIGNATURE, False),
        (KEY, RAW, SIGNATURE[:63], False),
        (KEY, RAW, SIGNATURE + b"\0", False),
        (KEY, RAW, bytes(64), False),
        (KEY, RAW, b"", False),
        ("AA", RAW, SIGNATURE, False),
    ],
    ids=["right", "of-nothing", "of-other-bytes", "by-another-key", "short", "long", "zeros", "none", "no-key"],
)
def test_a_signature_is_of_its_bytes_by_its_key(key: str, raw: bytes, signature: bytes, is_right: bool) -> None:
    assert is_signed(key, raw, signature) is is_right


@given(st.binary(max_size=80))
def test_bytes_are_packed_and_unpacked(raw: bytes) -> None:
    assert unpacked(packed(raw)) == raw


@pytest.mark.parametrize(
    "text",
    ["A", "AB", "AA==", "AA=", "=", "+-AA", "/_AA", "A A", "AA\n", "\nAA", "AAé", "\ud800", "A" * 1025, None, 5, b"AA"],
)
def test_other_spellings_are_none(text: object) -> None:
    assert unpacked(text) is None
