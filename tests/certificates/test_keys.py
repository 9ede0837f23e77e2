"""The keys of an installation."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from lms.certificates import keys
from lms.certificates.keys import Issuer
from tests.conftest import NOW


def test_every_file_is_its_owners_only(keys_folder: Path) -> None:
    names = {"root.key", "root.pem", "issuer.key", "issuer.pem", "store.key", "store.pub"}
    assert {path.name for path in keys_folder.iterdir()} == names
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys_folder.iterdir()} == {0o600}


def test_keys_are_never_overwritten(keys_folder: Path) -> None:
    before = (keys_folder / "root.key").read_bytes()
    assert keys.exist(keys_folder)
    with pytest.raises(FileExistsError):
        keys.create(keys_folder, issuer_code="E2", organisation="Another", now=NOW)
    assert (keys_folder / "root.key").read_bytes() == before


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
    with pytest.raises(TypeError):
        keys.load_store_signer(tmp_path)
    with pytest.raises(TypeError):
        keys.load_issuer(tmp_path)


def test_a_fingerprint_can_be_compared(issuer: Issuer) -> None:
    assert len(keys.fingerprint(issuer.root).split(":")) == 32
