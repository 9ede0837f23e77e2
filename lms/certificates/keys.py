"""The keys of an installation: a root, an issuer that signs certificates, and the store that signs its own events.

| file | what |
|---|---|
| `root.key` `root.pem` | EC P-384, the trust anchor; its key is needed only to make issuers: keep it on a stick in a drawer |
| `issuer.key` `issuer.pem` | EC P-256, read by `lms worker` only |
| `store.key` `store.pub` | Ed25519, signs `store.*` events |
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

ROOT_YEARS, ISSUER_YEARS = 20, 15
USAGE = timedelta(days=396)
"""How long an issuer key signs: 13 months, while its certificate lasts 15 years, so that what it signed stays valid."""

PrivateKey = ec.EllipticCurvePrivateKey | Ed25519PrivateKey


@dataclass(frozen=True, slots=True)
class Issuer:
    """What signing certificates needs."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    root: x509.Certificate

    def may_sign(self, when: datetime) -> bool:
        """Whether the key's usage period covers that moment."""
        return in_usage_period(self.certificate, when)


def exist(folder: Path) -> bool:
    """Whether the folder has this installation's keys."""
    return (folder / "issuer.pem").exists()


def create(folder: Path, *, issuer_code: str, organisation: str, now: datetime) -> None:
    """The folder has a root, an issuer and a store key, in files that only their owner can read.

    Raises FileExistsError rather than overwrite a key.
    """
    start = datetime(now.year, now.month, now.day, tzinfo=UTC) - timedelta(days=1)  # signatures carry a date, no time
    root_key, issuer_key = ec.generate_private_key(ec.SECP384R1()), ec.generate_private_key(ec.SECP256R1())
    root = _root(root_key, issuer_code, organisation, start)
    issuer = _issuer(issuer_key, root_key, root, issuer_code, start)
    store_key = Ed25519PrivateKey.generate()
    _write(folder / "root.key", _private(root_key))
    _write(folder / "issuer.key", _private(issuer_key))
    _write(folder / "store.key", _private(store_key))
    _write(folder / "store.pub", store_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    _write(folder / "root.pem", root.public_bytes(Encoding.PEM))
    _write(folder / "issuer.pem", issuer.public_bytes(Encoding.PEM))


def load_store_signer(folder: Path) -> Callable[[bytes], bytes]:
    """The store's signature (Ed25519, 64 bytes) over raw event lines."""
    key = load_pem_private_key((folder / "store.key").read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("store.key is not an Ed25519 key")
    return key.sign


def load_issuer(folder: Path) -> Issuer:
    """The issuer's key with its chain."""
    key = load_pem_private_key((folder / "issuer.key").read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("issuer.key is not an elliptic curve key")
    certificate = x509.load_pem_x509_certificate((folder / "issuer.pem").read_bytes())
    return Issuer(key=key, certificate=certificate, root=load_root(folder / "root.pem"))


def load_root(path: Path) -> x509.Certificate:
    """A root certificate from its PEM file."""
    return x509.load_pem_x509_certificate(path.read_bytes())


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate as people compare it: `AB:CD:…`."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def in_usage_period(certificate: x509.Certificate, when: datetime) -> bool:
    """Whether the key of this certificate may sign at that moment."""
    try:
        period = certificate.extensions.get_extension_for_class(x509.PrivateKeyUsagePeriod).value
    except x509.ExtensionNotFound:
        return False
    after = period.not_before is None or period.not_before.replace(tzinfo=UTC) <= when
    before = period.not_after is None or when <= period.not_after.replace(tzinfo=UTC)
    return after and before


def _root(key: ec.EllipticCurvePrivateKey, code: str, organisation: str, start: datetime) -> x509.Certificate:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Root {code}"),
        ]
    )
    builder = _builder(name, name, key.public_key(), start, ROOT_YEARS)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
    builder = builder.add_extension(_usage(certifies=True), critical=True)
    return builder.sign(key, hashes.SHA384())


def _issuer(
    key: ec.EllipticCurvePrivateKey,
    root_key: ec.EllipticCurvePrivateKey,
    root: x509.Certificate,
    code: str,
    start: datetime,
) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Issuer {code}")])
    builder = _builder(name, root.subject, key.public_key(), start, ISSUER_YEARS)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(certifies=False), critical=True)
    period = x509.PrivateKeyUsagePeriod(not_before=start, not_after=start + USAGE)
    builder = builder.add_extension(period, critical=False)
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    builder = builder.add_extension(authority, critical=False)
    return builder.sign(root_key, hashes.SHA384())


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, start: datetime, years: int
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(start).not_valid_after(start + timedelta(days=round(years * 365.25)))
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)


def _usage(*, certifies: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certifies,
        content_commitment=not certifies,
        key_cert_sign=certifies,
        crl_sign=certifies,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _private(key: PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
