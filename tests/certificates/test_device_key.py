"""Phones' keys and signatures: one spelling, and each signature judged by itself, however many come at once."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from lms.certificates.device_key import Signed, are_signed, is_signed, packed, unpacked


def signed(raw: bytes) -> Signed:
    key = ec.generate_private_key(ec.SECP256R1())
    r, s = decode_dss_signature(key.sign(raw, ec.ECDSA(SHA256())))
    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return packed(spki), raw, r.to_bytes(32) + s.to_bytes(32)


KEY, RAW, SIGNATURE = signed(b"one")
TOLD = {
    "right": ((KEY, RAW, SIGNATURE), True),
    "another": (signed(b"two"), True),
    "other bytes": ((KEY, b"two", SIGNATURE), False),
    "other key": ((signed(b"")[0], RAW, SIGNATURE), False),
    "too short": ((KEY, RAW, SIGNATURE[:63]), False),
    "nothing": ((KEY, RAW, b""), False),
    "no key": (("AA", RAW, SIGNATURE), False),
}


@given(st.lists(st.sampled_from(sorted(TOLD)), max_size=40))
def test_many_signatures_are_judged_each_by_itself_in_their_order(names: list[str]) -> None:
    told = [TOLD[name][0] for name in names]
    assert are_signed(told) == [is_signed(*each) for each in told] == [TOLD[name][1] for name in names]


@given(st.binary(max_size=80))
def test_bytes_are_packed_and_unpacked(raw: bytes) -> None:
    assert unpacked(packed(raw)) == raw


@pytest.mark.parametrize(
    "text",
    ["A", "AB", "AA==", "AA=", "=", "+-AA", "/_AA", "A A", "AA\n", "\nAA", "AAé", "\ud800", "A" * 1025, None, 5, b"AA"],
)
def test_other_spellings_are_none(text: object) -> None:
    assert unpacked(text) is None
