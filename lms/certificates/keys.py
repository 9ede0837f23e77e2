"""The keys of an installation: a root, an issuer that signs certificates, and the store that signs its own events.

| file | what |
|---|---|
| `root.key` `root.pem` | EC P-384, the trust anchor; its key is needed only to make issuers: keep it on a stick in a drawer |
| `issuer.key` `issuer.pem` | EC P-256, read by `lms worker` only |
| `store.key` `store.pub` | Ed25519, signs `store.*` events |
| `web.secret` | 32 random bytes that the web pages' tokens are made with |
"""

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from lms.i18n import N_
from lms.refusals import Refusal

ROOT_YEARS, ISSUER_YEARS = 20, 15
USAGE = timedelta(days=396)
"""How long an issuer key signs: 13 months, while its certificate lasts 15 years, so that what it signed stays valid."""

WEB_SECRET, WEB_SECRET_BYTES = "web.secret", 32
AFTER_ISSUER = ("root.pem", "issuer.key", "store.key")
"""What there must be where there is an `issuer.pem`, which is made last."""

PART = ".new"
"""What ends the name of a file that is being written."""

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


class BadKey(Refusal):
    """A file of the folder of keys is lost or spoilt, and another one would not fit what was signed before."""

    message = N_(
        "The file %(file)s is missing or can't be used. Copy it back from your backup of the folder of keys. "
        "If nothing was ever issued here, delete that folder and run `lms init` again."
    )


class NoWebSecret(BadKey):
    """The web pages' secret is missing, or shorter than a secret is."""

    message = N_("The file web.secret is missing or cut short: run `lms init`, which makes it.")


def create(folder: Path, *, issuer_code: str, organisation: str, now: datetime) -> None:
    """The folder has a root, an issuer and a store key, in files that only their owner can read. What is there stays;
    what is missing is made, also after this was stopped half-way. (The root's key may be in a drawer.)

    Raises BadKey.
    """
    start = datetime(now.year, now.month, now.day, tzinfo=UTC) - timedelta(days=1)  # signatures carry a date, no time
    for part in folder.glob(f"*{PART}"):
        part.unlink()
    if (folder / "issuer.pem").exists():
        for name in AFTER_ISSUER:
            _check_there(folder / name)
    _create_store(folder)
    _create_root(folder, issuer_code, organisation, start)
    _create_issuer(folder, issuer_code, start)
    load_issuer(folder)


def create_web_secret(folder: Path) -> None:
    """The web pages have a secret; one that was cut short is made anew."""
    path = folder / WEB_SECRET
    if path.exists() and path.stat().st_size < WEB_SECRET_BYTES:
        path.unlink()
    if not path.exists():
        _write(path, secrets.token_bytes(WEB_SECRET_BYTES))


def load_web_secret(folder: Path) -> bytes:
    """The web pages' secret. Raises NoWebSecret."""
    path = folder / WEB_SECRET
    secret = path.read_bytes() if path.exists() else b""
    if len(secret) < WEB_SECRET_BYTES:
        raise NoWebSecret
    return secret


def load_store_signer(folder: Path) -> Callable[[bytes], bytes]:
    """The store's signature (Ed25519, 64 bytes) over raw event lines. Raises BadKey."""
    return _edwards(folder / "store.key").sign


def load_issuer(folder: Path) -> Issuer:
    """The issuer's key with its chain. Raises BadKey."""
    key = _elliptic(folder / "issuer.key")
    return Issuer(key=key, certificate=_certificate(folder / "issuer.pem"), root=_certificate(folder / "root.pem"))


def load_root(path: Path) -> x509.Certificate:
    """A root certificate from its PEM file. Raises ValueError."""
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


def _create_store(folder: Path) -> None:
    path, public = folder / "store.key", folder / "store.pub"
    if public.exists():
        _check_there(path)
    if not path.exists():
        _write(path, _private(Ed25519PrivateKey.generate()))
    key = _edwards(path)
    if not public.exists():
        _write(public, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def _create_root(folder: Path, code: str, organisation: str, start: datetime) -> None:
    path, certificate = folder / "root.key", folder / "root.pem"
    if certificate.exists():
        return
    if not path.exists():
        _write(path, _private(ec.generate_private_key(ec.SECP384R1())))
    root = _root(_elliptic(path), code, organisation, start)
    _write(certificate, root.public_bytes(Encoding.PEM))


def _create_issuer(folder: Path, code: str, start: datetime) -> None:
    path, certificate = folder / "issuer.key", folder / "issuer.pem"
    if certificate.exists():
        return
    if not (folder / "root.key").exists():
        raise BadKey(file=certificate.name)
    if not path.exists():
        _write(path, _private(ec.generate_private_key(ec.SECP256R1())))
    key, root_key = _elliptic(path), _elliptic(folder / "root.key")
    issuer = _issuer(key, root_key, _certificate(folder / "root.pem"), code, start)
    _write(certificate, issuer.public_bytes(Encoding.PEM))


def _check_there(path: Path) -> None:
    if not path.exists():
        raise BadKey(file=path.name)


def _elliptic(path: Path) -> ec.EllipticCurvePrivateKey:
    key = _load(path)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise BadKey(file=path.name)
    return key


def _edwards(path: Path) -> Ed25519PrivateKey:
    key = _load(path)
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKey(file=path.name)
    return key


def _load(path: Path) -> PrivateKeyTypes:
    """The private key in the file. Raises BadKey."""
    try:
        return load_pem_private_key(path.read_bytes(), None)
    except (FileNotFoundError, ValueError, TypeError) as error:
        raise BadKey(file=path.name) from error


def _certificate(path: Path) -> x509.Certificate:
    """The certificate in the file. Raises BadKey."""
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (FileNotFoundError, ValueError) as error:
        raise BadKey(file=path.name) from error


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
    """The file is there, whole whatever happens meanwhile, and only its owner can read it.

    Raises FileExistsError rather than overwrite.
    """
    part = path.with_name(path.name + PART)
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.link(part, path)
    part.unlink()
    if hasattr(os, "O_DIRECTORY"):  # elsewhere a folder can't be synced
        folder = os.open(path.parent, os.O_DIRECTORY)
        os.fsync(folder)
        os.close(folder)
