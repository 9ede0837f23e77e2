"""The keys of an installation."""

import hashlib
import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_public_key

from lms.certificates import keys
from lms.certificates.chain import did_of
from lms.certificates.endorsement import is_endorsement
from lms.certificates.keys import BadKey, Issuer
from lms.certificates.multikey import did
from lms.certificates.protection import Lock, NoSecret
from tests.conftest import NOW


def test_every_file_is_its_owners_only(keys_folder: Path) -> None:
    assert {path.name for path in keys_folder.iterdir()} == NAMES
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys_folder.iterdir()} == {0o600}


NAMES = {
    *("root.key", "root-badge.key", "root.pem", "list.json", "issuer.key", "issuer-badge.key", "issuer.pem"),
    *("endorsement.json", "store.key", "store.pub", "lock"),
}


def endorsed_and_listed(folder: Path) -> bool:
    issuer, book = keys.load_issuer(folder), keys.load_authority(folder).book
    entry = book.entry(issuer.kid) if book else None
    assert book and entry and entry.did == did(issuer.badge_key)
    return is_endorsement(issuer.endorsement, root=book.did, subject=entry.did)


def make(folder: Path) -> None:
    keys.create(folder, issuer_code="E2", organisation="Vereda", now=NOW)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_keys_are_never_overwritten(keys_folder: Path) -> None:
    before = contents(keys_folder)
    make(keys_folder)
    assert contents(keys_folder) == before


def test_without_the_roots_key_which_is_in_a_drawer_nothing_is_made(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "root.key").unlink()
    before = contents(tmp_path)
    make(tmp_path)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("steps", range(9))
def test_making_keys_goes_on_where_it_was_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    done, link = [], os.link

    def stopped(source: str, target: str) -> None:
        if len(done) == steps:
            raise KeyboardInterrupt
        link(source, target)
        done.append(target)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(os, "link", stopped)
        make(tmp_path)
    (tmp_path / "root.key.new").write_bytes(b"cut short")
    before = contents(tmp_path)
    make(tmp_path)
    after = contents(tmp_path)
    stays = {name: content for name, content in before.items() if not name.endswith(".new") and content != b"{}"}
    assert {name: after.get(name) for name in stays} == stays
    assert set(after) == NAMES
    assert endorsed_and_listed(tmp_path)
    issuer = keys.load_issuer(tmp_path)
    issuer.certificate.verify_directly_issued_by(issuer.root)
    assert issuer.certificate.public_key() == issuer.key.public_key()
    public = load_pem_public_key((tmp_path / "store.pub").read_bytes())
    assert isinstance(public, Ed25519PublicKey)
    public.verify(keys.load_store_signer(tmp_path)(b"a line"), b"a line")


@pytest.mark.parametrize("name", ["issuer.key", "issuer.pem", "root.pem", "store.key"])
def test_a_key_that_was_there_and_is_lost_or_spoilt_is_not_made_anew(tmp_path: Path, name: str) -> None:
    make(tmp_path)
    (tmp_path / "root.key").rename(tmp_path / "drawer")
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(BadKey, match=name):
        make(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(BadKey, match=name):
        make(tmp_path)


def test_a_web_secret_is_made_once_and_one_cut_short_anew(tmp_path: Path) -> None:
    path = tmp_path / "web.secret"
    with pytest.raises(BadKey, match="lms init"):
        keys.load_web_secret(tmp_path)
    for short in (b"", b"x" * 31):
        path.write_bytes(short)
        with pytest.raises(BadKey, match=r"web\.secret"):
            keys.load_web_secret(tmp_path)
        keys.create_web_secret(tmp_path)
        secret = keys.load_web_secret(tmp_path)
        assert len(secret) == 32
        keys.create_web_secret(tmp_path)
        assert keys.load_web_secret(tmp_path) == secret
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["web.secret"]


def test_a_list_or_an_endorsement_that_is_spoilt_is_told(tmp_path: Path) -> None:
    make(tmp_path)
    for name in ("list.json", "endorsement.json"):
        content = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(b"{" + content)
        with pytest.raises(BadKey, match=name):
            keys.load_authority(tmp_path)
            keys.load_issuer(tmp_path)
        (tmp_path / name).write_bytes(content)


def test_a_key_that_is_not_the_certificates_is_refused(tmp_path: Path, keys_folder: Path) -> None:
    make(tmp_path)
    for name in ("issuer.key", "root.key"):
        (tmp_path / name).write_bytes((keys_folder / name).read_bytes())
    with pytest.raises(BadKey, match=r"issuer\.key"):
        keys.load_issuer(tmp_path)
    with pytest.raises(BadKey, match=r"root\.key"):
        keys.load_authority(tmp_path)


def test_of_two_who_make_the_roots_next_list_the_second_is_told(tmp_path: Path) -> None:
    make(tmp_path)
    one, other = keys.load_authority(tmp_path), keys.load_authority(tmp_path)
    assert one.book
    made = keys.keep_book(tmp_path, one, one.book.entries, now=NOW)
    with pytest.raises(keys.BookChanged):
        keys.keep_book(tmp_path, other, (), now=NOW)
    assert (tmp_path / "list.json").read_bytes() == made.raw


def earlier(folder: Path) -> None:
    """The folder as versions before this one made it."""
    make(folder)
    for name in ("root-badge.key", "list.json", "issuer-badge.key", "endorsement.json"):
        (folder / name).unlink()


def test_a_root_names_its_badge_key_and_an_issuer_has_none_to_name(tmp_path: Path) -> None:
    make(tmp_path)
    authority = keys.load_authority(tmp_path)
    assert did_of(authority.certificate) == did(authority.badge_key)
    assert did_of(keys.load_issuer(tmp_path).certificate) == ""


def test_keys_of_an_earlier_version_go_on_working_and_get_what_they_lack(tmp_path: Path) -> None:
    folder, lock = tmp_path / "keys", Lock(tmp_path / "secret")
    folder.mkdir()
    earlier(folder)
    before = contents(folder)
    keys.complete(folder, folder, now=NOW, lock=lock)
    assert {name: contents(folder)[name] for name in before} == before
    issuer = keys.load_issuer(folder, lock)
    book = keys.load_authority(folder, lock).book
    assert book and is_endorsement(issuer.endorsement, root=book.did, subject=did(issuer.badge_key))


def test_keys_of_an_earlier_version_whose_root_is_in_a_drawer_sign_without_an_endorsement(tmp_path: Path) -> None:
    earlier(tmp_path)
    drawer = tmp_path / "drawer"
    drawer.mkdir()
    (tmp_path / "root.key").rename(drawer / "root.key")
    (drawer / "root.pem").write_bytes((tmp_path / "root.pem").read_bytes())
    make(tmp_path)
    assert keys.load_issuer(tmp_path).endorsement == {}
    keys.create_root(drawer, code="E2", organisation="Vereda", now=NOW)
    keys.complete(tmp_path, drawer, now=NOW)
    assert keys.load_issuer(tmp_path).endorsement


def test_the_root_of_somebody_else_endorses_nothing_here(tmp_path: Path, keys_folder: Path) -> None:
    earlier(tmp_path)
    keys.complete(tmp_path, keys_folder, now=NOW)
    assert keys.load_issuer(tmp_path).endorsement == {}


def test_a_secret_that_is_lost_is_not_made_anew(tmp_path: Path) -> None:
    folder, lock = tmp_path / "keys", Lock(tmp_path / "place" / "secret")
    folder.mkdir()
    keys.create(folder, issuer_code="E2", organisation="Vereda", now=NOW, lock=lock)
    assert stat.S_IMODE((tmp_path / "place" / "secret").stat().st_mode) == 0o600
    assert all(b"Protected-By: secret" in path.read_bytes() for path in folder.glob("*.key"))
    (tmp_path / "place" / "secret").unlink()
    with pytest.raises(NoSecret, match="place/secret"):
        keys.create(folder, issuer_code="E2", organisation="Vereda", now=NOW, lock=lock)
    assert not (tmp_path / "place" / "secret").exists()


def test_the_issuer_signs_and_nothing_else(issuer: Issuer) -> None:
    extensions = issuer.certificate.extensions
    usage = extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature and usage.content_commitment and not usage.key_cert_sign
    assert not extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    with pytest.raises(x509.ExtensionNotFound):
        extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    issuer.certificate.verify_directly_issued_by(issuer.root)
    assert isinstance(issuer.key.curve, ec.SECP256R1)
    assert issuer.certificate.subject.rfc4514_string() == "CN=Issuer E2"
    assert issuer.code == "E2"
    assert issuer.kid == hashlib.sha256(issuer.certificate.public_bytes(Encoding.DER)).digest()[:8]


def test_the_root_certifies_issuers(issuer: Issuer) -> None:
    constraints = issuer.root.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (constraints.ca, constraints.path_length) == (True, 1)
    assert (issuer.root.not_valid_after_utc - NOW).days > 19 * 365


def test_the_issuers_key_signs_for_thirteen_months(issuer: Issuer) -> None:
    assert issuer.may_sign(NOW)
    assert issuer.may_sign(NOW + timedelta(days=394))
    assert not issuer.may_sign(NOW + timedelta(days=396))
    assert not issuer.may_sign(NOW - timedelta(days=3))
    assert issuer.certificate.not_valid_after_utc > NOW + timedelta(days=14 * 365)
    assert not keys.in_usage_period(issuer.root, NOW)


def test_the_store_signs_events(keys_folder: Path) -> None:
    sign = keys.load_store_signer(keys_folder)
    public = load_pem_public_key((keys_folder / "store.pub").read_bytes())
    assert isinstance(public, Ed25519PublicKey)
    public.verify(sign(b"a line"), b"a line")


def test_a_key_of_another_kind_is_refused(keys_folder: Path, tmp_path: Path) -> None:
    for name in ("store.key", "issuer.key"):
        other = "issuer.key" if name == "store.key" else "store.key"
        (tmp_path / name).write_bytes((keys_folder / other).read_bytes())
    with pytest.raises(BadKey, match=r"store\.key"):
        keys.load_store_signer(tmp_path)
    with pytest.raises(BadKey, match=r"issuer\.key"):
        keys.load_issuer(tmp_path)


def test_a_fingerprint_can_be_compared(issuer: Issuer) -> None:
    assert len(keys.fingerprint(issuer.root).split(":")) == 32
