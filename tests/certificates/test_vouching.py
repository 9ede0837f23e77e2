"""From a root to the key of an installation: what leads there is believed, and nothing that was changed, withdrawn or made up."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.certificates import lists, signed
from lms.certificates.keys import Authority, Issuer, load_authority
from lms.certificates.trust import BadList, Entry, StoreList, Trust, Withdrawal
from lms.certificates.vouching import vouched, voucher
from tests.conftest import NOW

KEY = signed.public(Ed25519PrivateKey.generate().public_key())
OTHER = signed.public(Ed25519PrivateKey.generate().public_key())


@pytest.fixture(scope="module")
def authority(keys_folder: Path) -> Authority:
    return load_authority(keys_folder)


@pytest.fixture(scope="module")
def entry(trust: Trust, issuer: Issuer) -> Entry:
    found = trust.issuer(issuer.kid)
    assert found
    return found


def stated(entry: Entry, issuer: Issuer, key: str = KEY, version: int = 5, days: int = 0) -> StoreList:
    now = NOW + timedelta(days=days)
    return lists.sign_store(entry, issuer.key, store="K7", store_key=key, starts=now.date(), version=version, now=now)


def listing(authority: Authority, *entries: Entry, version: int) -> Any:
    return lists.sign_keys(entries, authority.key, authority.certificate, authority.badge_key, version=version, now=NOW)


@pytest.fixture(scope="module")
def documents(trust: Trust, entry: Entry, issuer: Issuer) -> dict[str, str]:
    return voucher(trust.having(stated(entry, issuer)), KEY, issuer.kid)


def test_what_vouches_is_believed_by_the_root_alone(trust: Trust, entry: Entry, documents: dict[str, str]) -> None:
    for who in (trust, Trust(roots=trust.roots)):
        found = vouched(who, documents)
        assert (found.store, found.key, found.issuer) == ("K7", KEY, entry.issuer)


def test_where_nothing_was_said_there_is_no_voucher(trust: Trust, entry: Entry, issuer: Issuer) -> None:
    assert voucher(trust, KEY, issuer.kid) == {}
    assert voucher(trust.having(stated(entry, issuer)), OTHER, issuer.kid) == {}
    assert voucher(trust.having(stated(entry, issuer)), KEY, b"\0" * 8) == {}


@pytest.mark.parametrize("name", ["keys", "store"])
def test_no_flipped_bit_vouches(trust: Trust, documents: dict[str, str], name: str) -> None:
    data = documents[name].encode()

    @settings(max_examples=150)
    @given(st.integers(0, len(data) - 1), st.integers(0, 6))
    def check(place: int, bit: int) -> None:
        changed = bytearray(data)
        changed[place] ^= 1 << bit
        with pytest.raises(BadList):
            vouched(trust, {**documents, name: changed.decode()})

    check()


@pytest.mark.parametrize(
    "wrong", [None, [], "x", {}, {"keys": "x"}, {"keys": 1, "store": None}, {"keys": "{}", "store": "{}"}]
)
def test_anything_else_does_not_vouch(trust: Trust, wrong: object) -> None:
    with pytest.raises(BadList):
        vouched(trust, wrong)


def test_documents_do_not_change_places(trust: Trust, documents: dict[str, str]) -> None:
    with pytest.raises(BadList):
        vouched(trust, {"keys": documents["store"], "store": documents["keys"]})


def test_an_issuer_that_was_withdrawn_as_stolen_vouches_for_nobody(
    trust: Trust, entry: Entry, issuer: Issuer, authority: Authority, documents: dict[str, str]
) -> None:
    """Whoever has the newer list: the one that vouches, or the one that is asked."""
    stolen = listing(authority, replace(entry, withdrawn=Withdrawal(NOW.date(), "stolen")), version=7)
    with pytest.raises(BadList):
        vouched(trust.having(stolen), documents)
    with pytest.raises(BadList):
        vouched(trust, {**documents, "keys": stolen.raw.decode()})
    retired = listing(authority, replace(entry, withdrawn=Withdrawal(NOW.date(), "retired")), version=8)
    assert vouched(trust.having(retired), documents).key == KEY
    late = stated(entry, issuer, version=9, days=2)
    with pytest.raises(BadList):
        vouched(trust.having(retired), {**documents, "store": late.raw.decode()})


def test_nobody_vouches_for_another_issuers_store(trust: Trust, entry: Entry, documents: dict[str, str]) -> None:
    """Also not with a key that is in the list."""
    made_up = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(BadList):
        vouched(trust, {**documents, "store": signed.seal(json.loads(documents["store"])["payload"], made_up).decode()})


def test_a_key_that_was_replaced_vouches_no_longer(
    trust: Trust, entry: Entry, issuer: Issuer, documents: dict[str, str]
) -> None:
    newer = trust.having(stated(entry, issuer, key=OTHER, version=9))
    with pytest.raises(BadList):
        vouched(newer, documents)
    assert vouched(trust.having(stated(entry, issuer, version=9)), documents).key == KEY
