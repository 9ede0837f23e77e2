"""Lists: what is signed is read again, and nothing else is."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.certificates import lists, signed
from lms.certificates.endorsement import endorse, is_endorsement
from lms.certificates.keys import Authority, Issuer, load_authority
from lms.certificates.multikey import did, key_of
from lms.certificates.shelf import Shelf, SpoiltList
from lms.certificates.signed import canonical, seal, unseal
from lms.certificates.trust import (
    AnyList,
    BadList,
    Entry,
    ForeignList,
    KeysList,
    OldList,
    StolenSigner,
    StoreList,
    Trust,
    TwoTellings,
    Withdrawal,
    digest,
)
from lms.refusals import Refusal
from tests.conftest import NOW

TODAY = NOW.date()
STORE_SIGNER = Ed25519PrivateKey.generate()
STORE_KEY = signed.public(STORE_SIGNER.public_key())
OLD, NEW = "7K3Q-ZX0T-9B4M-E2-5", "8M4R-0000-9B4M-E2-K"


@pytest.fixture(scope="module")
def authority(keys_folder: Path) -> Authority:
    return load_authority(keys_folder)


@pytest.fixture(scope="module")
def entry(trust: Trust, issuer: Issuer) -> Entry:
    found = trust.issuer(issuer.kid)
    assert found
    return found


def keys_list(authority: Authority, *entries: Entry, version: int = 2) -> KeysList:
    return lists.sign_keys(entries, authority.key, authority.certificate, authority.badge_key, version=version, now=NOW)


def with_entry(trust: Trust, authority: Authority, entry: Entry, version: int = 2) -> Trust:
    return trust.having(keys_list(authority, entry, version=version))


@pytest.fixture(scope="module")
def each_list(trust: Trust, issuer: Issuer, authority: Authority, entry: Entry) -> dict[str, AnyList]:
    return {
        "keys": keys_list(authority, replace(entry, withdrawn=Withdrawal(TODAY, "retired"))),
        "numbers": lists.sign_numbers(
            entry, issuer.key, revoked={OLD: TODAY}, replaced={NEW: (TODAY, OLD)}, version=5, now=NOW
        ),
        "received": lists.sign_received(
            entry, issuer.key, of=issuer.kid, days={digest(b"a pdf"): TODAY}, version=5, now=NOW
        ),
        "store": lists.sign_store(entry, issuer.key, store="K7", store_key=STORE_KEY, starts=TODAY, version=5, now=NOW),
    }


KINDS = pytest.mark.parametrize("kind", ["keys", "numbers", "received", "store"])


@KINDS
def test_a_list_is_read_as_it_was_signed(trust: Trust, each_list: dict[str, AnyList], kind: str) -> None:
    assert lists.read(each_list[kind].raw, trust) == each_list[kind]


@KINDS
def test_no_flipped_bit_is_read(trust: Trust, each_list: dict[str, AnyList], kind: str) -> None:
    raw = each_list[kind].raw

    @settings(max_examples=250)
    @given(st.integers(0, len(raw) - 1), st.integers(0, 7))
    def check(place: int, bit: int) -> None:
        changed = bytearray(raw)
        changed[place] ^= 1 << bit
        with pytest.raises(BadList):
            lists.read(bytes(changed), trust)

    check()


@given(data=st.one_of(st.binary(max_size=80), st.text(max_size=80).map(lambda text: text.encode("utf-8", "replace"))))
def test_anything_else_is_refused(trust: Trust, data: bytes) -> None:
    with pytest.raises(BadList):
        lists.read(data, trust)


@KINDS
def test_no_field_may_be_unknown_missing_or_of_another_kind(
    trust: Trust, each_list: dict[str, AnyList], kind: str, issuer: Issuer, authority: Authority
) -> None:
    payload = json.loads(each_list[kind].raw)["payload"]
    key = authority.key if kind == "keys" else issuer.key
    assert lists.read(seal(payload, key), trust).version == each_list[kind].version
    changes: list[dict[str, object]] = [{**payload, "more": 1}]
    changes += [{other: value for other, value in payload.items() if other != name} for name in payload]
    changes += [{**payload, name: wrong} for name in payload for wrong in (None, [1], {"a": 1}, True, "no", -1)]
    for changed in changes:
        if changed != payload:
            with pytest.raises(BadList):
                lists.read(seal(changed, key), trust)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("kid", "00"),
        ("kid", "0123456789ABCDEF"),
        ("key", "AAAA"),
        ("did", "did:key:z6Mk"),
        ("starts", "20261124"),
        ("countersigns", 1),
        ("withdrawn", {"on": "2026-11-24", "reason": "whim"}),
        ("more", 1),
    ],
)
def test_no_entry_may_be_odd(trust: Trust, each_list: dict[str, AnyList], authority: Authority, name: str, wrong: object) -> None:  # fmt: skip
    payload = json.loads(each_list["keys"].raw)["payload"]
    payload["issuers"][0][name] = wrong
    with pytest.raises(BadList):
        lists.read(seal(payload, authority.key), trust)


def test_a_key_is_written_in_one_way(
    trust: Trust, each_list: dict[str, AnyList], authority: Authority, entry: Entry
) -> None:
    point = entry.key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    compressed = bytes.fromhex("3039301306072a8648ce3d020106082a8648ce3d030107032200") + point
    assert load_der_public_key(compressed) == entry.key
    payload = json.loads(each_list["keys"].raw)["payload"]
    payload["issuers"][0]["key"] = signed.base64url(compressed)
    with pytest.raises(BadList):
        lists.read(seal(payload, authority.key), trust)


def test_an_issuer_is_named_by_a_key_of_its_own_root(authority: Authority, entry: Entry) -> None:
    with pytest.raises(BadList):
        keys_list(authority, replace(entry, issuer=b"another!"))


def test_central_registers_nothing_of_another_root(trust: Trust, issuer: Issuer, entry: Entry) -> None:
    made = lists.sign_received(entry, issuer.key, of=b"another!", days={}, version=1, now=NOW)
    with pytest.raises(ForeignList):
        lists.read(made.raw, trust)


def test_no_key_may_be_listed_twice_or_be_of_another_curve(authority: Authority, entry: Entry) -> None:
    with pytest.raises(BadList):
        keys_list(authority, entry, entry)
    with pytest.raises(BadList):
        keys_list(authority, replace(entry, key=authority.key.public_key()))


@KINDS
def test_an_older_list_is_refused_and_so_is_another_of_the_same_version(
    trust: Trust, each_list: dict[str, AnyList], kind: str, issuer: Issuer, authority: Authority
) -> None:
    key = authority.key if kind == "keys" else issuer.key
    payload = json.loads(each_list[kind].raw)["payload"]
    held = trust.having(lists.read(seal({**payload, "version": 9}, key), trust))
    older, other, newer = (seal({**payload, "version": n}, key) for n in (8, 9, 10))
    with pytest.raises(OldList, match=r"version 8\).*version 9\)"):
        lists.read(older, held)
    with pytest.raises(TwoTellings):
        lists.read(other, held)
    assert lists.read(newer, held).version == 10


def test_a_list_by_another_root_or_issuer_is_foreign(
    trust: Trust, each_list: dict[str, AnyList], stranger: Issuer, issuer: Issuer
) -> None:
    for found in each_list.values():
        with pytest.raises(ForeignList):
            lists.read(found.raw, Trust(roots=(stranger.root,)))
        payload = json.loads(found.raw)["payload"]
        with pytest.raises(ForeignList):
            lists.read(seal(payload, stranger.key), trust)
        with pytest.raises(BadList):
            lists.read(seal({**payload, "type": "vereda numbers 2"}, issuer.key), trust)


def test_a_list_of_another_issuers_numbers_is_foreign(
    trust: Trust, each_list: dict[str, AnyList], issuer: Issuer
) -> None:
    payload = json.loads(each_list["numbers"].raw)["payload"]
    with pytest.raises(ForeignList):
        lists.read(seal({**payload, "issuer": "0" * 16}, issuer.key), trust)


def test_only_central_registers(
    trust: Trust, each_list: dict[str, AnyList], authority: Authority, entry: Entry
) -> None:
    other = with_entry(trust, authority, replace(entry, countersigns=False))
    with pytest.raises(ForeignList):
        lists.read(each_list["received"].raw, other)


@pytest.mark.parametrize("kind", ["numbers", "received"])
def test_a_withdrawn_or_expired_key_signs_no_list(
    trust: Trust, each_list: dict[str, AnyList], authority: Authority, entry: Entry, kind: str
) -> None:
    raw = each_list[kind].raw
    stolen = with_entry(trust, authority, replace(entry, withdrawn=Withdrawal(TODAY, "stolen")))
    with pytest.raises(StolenSigner):
        lists.read(raw, stolen)
    before, on_the_day = (Withdrawal(TODAY - timedelta(days), "retired") for days in (1, 0))
    with pytest.raises(ForeignList):
        lists.read(raw, with_entry(trust, authority, replace(entry, withdrawn=before)))
    assert lists.read(raw, with_entry(trust, authority, replace(entry, withdrawn=on_the_day)))
    with pytest.raises(ForeignList):
        lists.read(raw, with_entry(trust, authority, replace(entry, until=TODAY - timedelta(days=1))))


def test_a_number_is_found_by_who_has_it_and_nobody_reads_the_new_one(
    trust: Trust, each_list: dict[str, AnyList]
) -> None:
    numbers = each_list["numbers"]
    knowing = trust.having(numbers)
    assert knowing.state(OLD).kind == "revoked" and knowing.state(OLD).on == TODAY
    state = knowing.state(NEW)
    assert (state.kind, state.on, state.by) == ("replaced", TODAY, OLD)
    assert knowing.state("7K3Q-ZX0T-9B4M-E2-6").kind == "good"
    assert trust.state(OLD).kind == "good"
    for number in (OLD, NEW):
        assert number.encode() not in numbers.raw and number.replace("-", "").encode() not in numbers.raw


def test_an_issuers_list_says_nothing_of_the_numbers_of_others(
    trust: Trust, each_list: dict[str, AnyList], entry: Entry, issuer: Issuer
) -> None:
    knowing = trust.having(each_list["numbers"])
    assert knowing.state(OLD, entry.issuer).kind == "revoked"
    assert knowing.state(OLD, b"another!").kind == "good"
    other = OLD.replace("-E2-", "-ZZ-")
    meddling = lists.sign_numbers(entry, issuer.key, revoked={other: TODAY}, replaced={}, version=6, now=NOW)
    assert trust.having(meddling).state(other).kind == "good"
    unknown = Trust(roots=trust.roots, numbers=knowing.numbers)
    assert unknown.state(OLD).kind == "good"


def test_a_certificate_stands_for_its_own_entry_only(
    trust: Trust, issuer: Issuer, stranger: Issuer, entry: Entry
) -> None:
    assert trust.issuer(issuer.certificate) == entry
    assert trust.issuer(stranger.certificate) is None
    forged = Trust(roots=(), keys=(replace(trust.keys[0], entries=(replace(entry, key=stranger.key.public_key()),)),))
    assert forged.issuer(issuer.certificate) is None


def test_a_certificate_that_is_no_issuers_is_not_listed(issuer: Issuer) -> None:
    with pytest.raises(ValueError, match="no issuer"):
        lists.listed(issuer.root, issuer.badge_key.public_key())


def test_versions_of_a_running_installation_rise_also_after_an_old_backup(each_list: dict[str, AnyList]) -> None:
    held = each_list["numbers"]
    assert lists.next_version(held, NOW) > 3_600_000
    assert lists.next_version(replace(held, version=2**40), NOW) == 2**40 + 1
    assert lists.next_version(None, NOW.replace(year=2019)) == 1


# --- the shelf -------------------------------------------------------------------------------------------------------


@pytest.fixture
def shelf(tmp_path: Path, keys_folder: Path) -> Shelf:
    made = Shelf(tmp_path / "trust", keys_folder / "root.pem")
    made.take((keys_folder / "list.json").read_bytes())
    return made


def test_what_was_taken_is_held(shelf: Shelf, each_list: dict[str, AnyList]) -> None:
    for found in each_list.values():
        assert shelf.take(found.raw) == found
        assert shelf.take(found.raw) == found
    trust = shelf.load()
    assert [*trust.keys, *trust.numbers, *trust.received, *trust.stores] == list(each_list.values())
    assert shelf.load() is trust
    assert {path.stat().st_mode & 0o777 for path in shelf.folder.iterdir()} == {0o600}


def test_a_refused_list_changes_nothing(shelf: Shelf, each_list: dict[str, AnyList], keys_folder: Path) -> None:
    shelf.take(each_list["keys"].raw)
    with pytest.raises(OldList):
        shelf.take((keys_folder / "list.json").read_bytes())
    assert shelf.load().keys == (each_list["keys"],)


def test_what_a_stolen_key_signed_counts_no_longer_and_keeps_no_newer_list_away(
    shelf: Shelf, each_list: dict[str, AnyList], authority: Authority, entry: Entry, issuer: Issuer
) -> None:
    shelf.take(each_list["numbers"].raw)
    gone = replace(entry, withdrawn=Withdrawal(TODAY, "stolen"))
    renewed = replace(entry, kid=b"another!")  # entry.issuer stays
    shelf.take(keys_list(authority, gone, renewed).raw)
    assert shelf.load().numbers == ()
    made = lists.sign_numbers(renewed, issuer.key, revoked={NEW: TODAY}, replaced={}, version=1, now=NOW)
    shelf.take(made.raw)
    assert shelf.load().numbers == (made,)


@pytest.mark.parametrize("name", ["keys-", "numbers-", "received-", "root-"])
def test_a_spoilt_file_is_not_passed_over(
    shelf: Shelf, each_list: dict[str, AnyList], issuer: Issuer, name: str
) -> None:
    shelf.add_root(issuer.root)
    for found in each_list.values():
        shelf.take(found.raw)
    (path,) = shelf.folder.glob(f"{name}*")
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(SpoiltList, match=name):
        shelf.load()


def test_lists_of_a_root_that_is_trusted_no_longer_are_passed_over(
    shelf: Shelf, each_list: dict[str, AnyList], tmp_path: Path, stranger: Issuer
) -> None:
    for found in each_list.values():
        shelf.take(found.raw)
    (tmp_path / "other.pem").write_bytes(stranger.root.public_bytes(Encoding.PEM))
    trust = Shelf(shelf.folder, tmp_path / "other.pem").load()
    assert trust == Trust(roots=(stranger.root,))


def test_a_root_is_trusted_beside_the_installations_own(shelf: Shelf, issuer: Issuer, stranger: Issuer) -> None:
    shelf.add_root(stranger.root)
    assert set(shelf.load().roots) == {issuer.root, stranger.root}


# --- signed documents ------------------------------------------------------------------------------------------------

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abcXYZ_", max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text("abcXYZ_", max_size=5), VALUES, max_size=4))
def test_a_document_is_opened_as_it_was_sealed(issuer: Issuer, payload: dict[str, object]) -> None:
    try:
        canonical(payload)
    except UnicodeEncodeError:
        return
    document = unseal(seal(payload, issuer.key))
    assert document.payload == payload
    assert document.is_by(issuer.key.public_key())
    assert document.signed == canonical(payload)


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw + b"\n",
        lambda raw: raw.replace(b"{", b"{ ", 1),
        lambda raw: raw.replace(b'"a":1', b'"a":1.0'),
        lambda raw: raw.replace(b'"a":1', b'"a":NaN'),
        lambda raw: raw.replace(b'"a":1', b'"a":1,"a":1'),
        lambda raw: raw.replace(b'"a":1', b'"\\u0061":1'),
        lambda raw: raw.replace(b'"}', b'="}'),
        lambda raw: b'{"a":' * 100_000,
        lambda raw: raw.replace(b'"a":1', b'"a":"' + b"x" * signed.MAX_BYTES + b'"'),
        lambda raw: b"[]",
        lambda raw: b'{"payload":[],"signature":"AAAA"}',
    ],
)
def test_there_is_one_way_to_write_a_document(issuer: Issuer, change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(ValueError):
        unseal(change(seal({"a": 1}, issuer.key)))


def test_a_signature_of_another_length_or_curve_is_none(issuer: Issuer, authority: Authority) -> None:
    raw = signed.sign(issuer.key, b"data")
    assert len(raw) == 64 and len(signed.sign(authority.key, b"data")) == 96
    assert signed.is_signature(issuer.key.public_key(), b"data", raw)
    assert not signed.is_signature(issuer.key.public_key(), b"date", raw)
    assert not signed.is_signature(authority.key.public_key(), b"data", raw)
    assert not signed.is_signature(issuer.key.public_key(), b"data", bytes(64))


# --- the badge side --------------------------------------------------------------------------------------------------


def test_a_did_names_its_key(issuer: Issuer) -> None:
    name = did(issuer.badge_key)
    assert name.startswith("did:key:z6Mk") and name == did(issuer.badge_key.public_key())
    assert key_of(name).public_bytes_raw() == issuer.badge_key.public_key().public_bytes_raw()
    for wrong in ("", name[:-1], name + "1", name.replace("z6Mk", "z0"), name[8:], "did:web:example.org"):
        with pytest.raises(ValueError):
            key_of(wrong)


def test_the_did_of_the_specification() -> None:
    name = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"  # W3C did:key, first example
    assert did(key_of(name)) == name


FOR_EVER = "Issues certificates from 2026-11-23 until 2099-01-01."


def test_an_endorsement_holds_for_that_root_and_issuer_only(issuer: Issuer, stranger: Issuer) -> None:
    root, subject = stranger.badge_key, did(issuer.badge_key)
    made = endorse(root, subject=subject, starts=TODAY, until=date(2027, 12, 25))
    assert is_endorsement(made, root=did(root), subject=subject)
    assert not is_endorsement(made, root=subject, subject=subject)
    assert not is_endorsement(made, root=did(root), subject=did(root))
    for changed in (
        {**made, "validFrom": "2099-01-01T00:00:00Z"},
        {**made, "credentialSubject": {**made["credentialSubject"], "endorsementComment": FOR_EVER}},
        {**made, "more": 1},
        {},
        {**made, "proof": []},
        {**made, "proof": "AAAA"},
    ):
        assert not is_endorsement(changed, root=did(root), subject=subject)


def test_every_refusal_says_what_to_do(each_list: dict[str, AnyList]) -> None:
    assert all(issubclass(each, Refusal) for each in (BadList, ForeignList, OldList, StolenSigner, TwoTellings))
    assert len({each.message for each in (BadList, ForeignList, OldList, StolenSigner, TwoTellings)}) == 5


def test_a_store_is_known_by_its_issuers_word(
    trust: Trust, issuer: Issuer, entry: Entry, authority: Authority, each_list: dict[str, AnyList]
) -> None:
    stated = each_list["store"]
    assert isinstance(stated, StoreList)
    signature = STORE_SIGNER.sign(b"a line")
    assert stated.is_signature(b"a line", signature)
    assert not stated.is_signature(b"another", signature)
    assert not stated.is_signature(b"a line", b"")
    gone = with_entry(trust, authority, replace(entry, withdrawn=Withdrawal(TODAY, "stolen")))
    with pytest.raises(StolenSigner):
        lists.read(stated.raw, gone)
    with pytest.raises(OldList):
        lists.read(stated.raw, trust.having(replace(stated, version=6)))
