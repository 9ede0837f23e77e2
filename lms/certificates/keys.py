"""The keys of an installation: a root, an issuer that signs certificates, and the store that signs its own events.

| file | what |
|---|---|
| `root.key` `root-badge.key` `root.pem` | EC P-384 and Ed25519, the trust anchor; only needed to make issuers: keep them in a drawer |
| `list.json` | the root's list of the issuer keys (see `trust.py`), where the root is |
| `issuer.key` `issuer-badge.key` `issuer.pem` | EC P-256 for PDF and QR, Ed25519 for badge and bundles, read by `lms worker` only |
| `endorsement.json` | the root's endorsement of the issuer's badge key |
| `store.key` `store.pub` | Ed25519, signs `store.*` events |
| `web.secret` | 32 random bytes that the web pages' tokens are made with |
"""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from lms.certificates.chain import (
    code_of,
    fingerprint,
    in_usage_period,
    issuer_certificate,
    key_id_of,
    root_certificate,
)
from lms.certificates.endorsement import endorse
from lms.certificates.lists import listed, read_keys, sign_keys
from lms.certificates.multikey import did
from lms.certificates.protection import (
    OPEN,
    PART,
    BadKey,
    Lock,
    PrivateKey,
    Protection,
    alone,
    protection_of,
    replace,
    write,
)
from lms.certificates.signed import canonical, public
from lms.certificates.trust import BadList, Entry, KeysList
from lms.i18n import N_
from lms.refusals import Refusal

__all__ = ["BadKey", "fingerprint", "in_usage_period"]  # which others look for here

WEB_SECRET, WEB_SECRET_BYTES = "web.secret", 32
AFTER_ISSUER = ("root.pem", "issuer.key", "store.key")
"""What there must be where there is an `issuer.pem`, which is made last."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """What signing certificates needs."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    root: x509.Certificate
    badge_key: Ed25519PrivateKey = field(compare=False)
    endorsement: Mapping[str, Any] = field(compare=False)
    """The root's word for the badge key; empty until the root has given it."""

    @property
    def kid(self) -> bytes:
        """What names the key: the first eight bytes of the SHA-256 of the certificate's DER."""
        return key_id_of(self.certificate)

    @property
    def code(self) -> str:
        """The issuer's opaque code of two characters."""
        return code_of(self.certificate)

    def may_sign(self, when: datetime) -> bool:
        """Whether the key's usage period covers that moment."""
        return in_usage_period(self.certificate, when)


@dataclass(frozen=True, slots=True)
class Authority:
    """What making issuers needs: the root's keys, and its list as it stands."""

    key: ec.EllipticCurvePrivateKey
    badge_key: Ed25519PrivateKey
    certificate: x509.Certificate
    book: KeysList | None


class NoWebSecret(BadKey):
    """The web pages' secret is missing, or shorter than a secret is."""

    message = N_("The file web.secret is missing or cut short: run `lms init`, which makes it.")


class BookChanged(Refusal):
    """Somebody else made the root's next list meanwhile."""

    message = N_("The root's list was changed meanwhile, by another command: do it again.")


def create(folder: Path, *, issuer_code: str, organisation: str, now: datetime, lock: Lock = OPEN) -> None:
    """The folder has a root, an issuer and a store key, in files that only their owner can read. What is there stays;
    what is missing is made, also after this was stopped half-way. (The root's keys may be in a drawer.)

    Raises BadKey, and what `Lock.unlock` raises.
    """
    for part in folder.glob(f"*{PART}"):
        part.unlink()
    if (folder / "issuer.pem").exists():
        for name in AFTER_ISSUER:
            _check_there(folder / name)
    ready(folder, lock)
    _create_store(folder, lock)
    create_root(folder, code=issuer_code, organisation=organisation, now=now, lock=lock)
    _create_issuer(folder, issuer_code, now, lock)
    complete(folder, folder, now=now, lock=lock)
    if protection_of(folder / "issuer.key") != "passphrase":  # for which nobody need be there
        load_issuer(folder, lock)


def ready(folder: Path, lock: Lock) -> None:
    """The lock has its secret; one that is lost, which keys in the folder are locked with, is not made anew."""
    if not any(protection_of(path) == "secret" for path in folder.glob("*.key")):
        lock.create_secret()


def create_root(
    folder: Path, *, code: str, organisation: str, now: datetime, lock: Lock = OPEN, how: Protection | None = None
) -> None:
    """The folder has a root; one that is there stays. Raises what `Lock.unlock` raises."""
    path, badge_path, certificate = folder / "root.key", folder / "root-badge.key", folder / "root.pem"
    if not certificate.exists() or (path.exists() and not (folder / "list.json").exists()):
        create_key(badge_path, Ed25519PrivateKey.generate(), lock, how)
    if not certificate.exists():
        create_key(path, ec.generate_private_key(ec.SECP384R1()), lock, how)
        name = did(edwards(badge_path, lock))
        root = root_certificate(elliptic(path, lock), code=code, organisation=organisation, did=name, now=now)
        write(certificate, root.public_bytes(Encoding.PEM))


def complete(folder: Path, root_folder: Path, *, now: datetime, lock: Lock = OPEN) -> None:
    """The issuer has a badge key, which installations made before had not, and where the root's keys are in
    `root_folder`, its endorsement and a place in the root's list."""
    endorsement, path = folder / "endorsement.json", folder / "issuer-badge.key"
    if not endorsement.exists():
        ready(folder, lock)
        create_key(path, Ed25519PrivateKey.generate(), lock)
        write(endorsement, b"{}")
    if not (root_folder / "root.key").exists():
        return
    certificate, book = load_certificate(folder / "issuer.pem"), _book(root_folder)
    if load_certificate(root_folder / "root.pem") != load_certificate(folder / "root.pem"):
        return
    if book is not None and book.entry(key_id_of(certificate)) and endorsement.read_bytes() != b"{}":
        return
    if book is None:
        create_key(root_folder / "root-badge.key", Ed25519PrivateKey.generate(), lock)
    authority = load_authority(root_folder, lock)
    entry = listed(certificate, edwards(path, lock).public_key(), countersigns=True)
    if book is None or book.entry(entry.kid) is None:
        entries = (*(book.entries if book else ()), entry)
        keep_book(root_folder, authority, entries, now=now)
    replace(endorsement, canonical(endorsed(authority, entry)))


def endorsed(authority: Authority, entry: Entry) -> Mapping[str, Any]:
    """The root's endorsement of that issuer's badge key."""
    return endorse(authority.badge_key, subject=entry.did, starts=entry.starts, until=entry.until)


def keep_book(folder: Path, authority: Authority, entries: tuple[Entry, ...], *, now: datetime) -> KeysList:
    """The root's next list, with these issuer keys, kept where the root is. Raises BookChanged, BadKey."""
    version = authority.book.version + 1 if authority.book else 1
    made = sign_keys(entries, authority.key, authority.certificate, authority.badge_key, version=version, now=now)
    with alone(folder):
        if _book(folder) != authority.book:
            raise BookChanged
        replace(folder / "list.json", made.raw)
    return made


def create_web_secret(folder: Path) -> None:
    """The web pages have a secret; one that was cut short is made anew."""
    path = folder / WEB_SECRET
    if path.exists() and path.stat().st_size < WEB_SECRET_BYTES:
        path.unlink()
    if not path.exists():
        write(path, secrets.token_bytes(WEB_SECRET_BYTES))


def load_web_secret(folder: Path) -> bytes:
    """The web pages' secret. Raises NoWebSecret."""
    path = folder / WEB_SECRET
    secret = path.read_bytes() if path.exists() else b""
    if len(secret) < WEB_SECRET_BYTES:
        raise NoWebSecret
    return secret


def load_store_signer(folder: Path, lock: Lock = OPEN) -> Callable[[bytes], bytes]:
    """The store's signature (Ed25519, 64 bytes) over raw event lines. Raises what `Lock.unlock` raises."""
    return edwards(folder / "store.key", lock).sign


def load_store_key(folder: Path) -> str:
    """The store's public key, as signed documents hold it. Raises BadKey."""
    path = folder / "store.pub"
    try:
        key = load_pem_public_key(path.read_bytes())
    except (FileNotFoundError, ValueError) as error:
        raise BadKey(file=path.name) from error
    if not isinstance(key, Ed25519PublicKey):
        raise BadKey(file=path.name)
    return public(key)


def load_issuer(folder: Path, lock: Lock = OPEN) -> Issuer:
    """The issuer's keys with their chain. Raises BadKey, and what `Lock.unlock` raises."""
    key, certificate = elliptic(folder / "issuer.key", lock), load_certificate(folder / "issuer.pem")
    if key.public_key() != certificate.public_key():
        raise BadKey(file="issuer.key")
    return Issuer(
        key=key,
        certificate=certificate,
        root=load_certificate(folder / "root.pem"),
        badge_key=edwards(folder / "issuer-badge.key", lock),
        endorsement=_endorsement(folder / "endorsement.json"),
    )


def load_authority(folder: Path, lock: Lock = OPEN) -> Authority:
    """The root's keys, from the folder that they lie in. Raises BadKey, and what `Lock.unlock` raises."""
    key, certificate = elliptic(folder / "root.key", lock), load_certificate(folder / "root.pem")
    if key.public_key() != certificate.public_key():
        raise BadKey(file="root.key")
    badge_key = edwards(folder / "root-badge.key", lock)
    return Authority(key=key, badge_key=badge_key, certificate=certificate, book=_book(folder))


def load_root(path: Path) -> x509.Certificate:
    """A root certificate from its PEM file. Raises ValueError."""
    return x509.load_pem_x509_certificate(path.read_bytes())


def load_certificate(path: Path) -> x509.Certificate:
    """The certificate in a file of the folder. Raises BadKey."""
    try:
        return load_root(path)
    except (FileNotFoundError, ValueError) as error:
        raise BadKey(file=path.name) from error


def elliptic(path: Path, lock: Lock) -> ec.EllipticCurvePrivateKey:
    """The elliptic key in the file. Raises BadKey, and what `Lock.unlock` raises."""
    key = lock.unlock(path)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise BadKey(file=path.name)
    return key


def edwards(path: Path, lock: Lock) -> Ed25519PrivateKey:
    """The Ed25519 key in the file. Raises BadKey, and what `Lock.unlock` raises."""
    key = lock.unlock(path)
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKey(file=path.name)
    return key


def _create_store(folder: Path, lock: Lock) -> None:
    path, public = folder / "store.key", folder / "store.pub"
    if public.exists():
        _check_there(path)
    create_key(path, Ed25519PrivateKey.generate(), lock)
    key = edwards(path, lock)
    if not public.exists():
        write(public, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def _create_issuer(folder: Path, code: str, now: datetime, lock: Lock) -> None:
    path, certificate = folder / "issuer.key", folder / "issuer.pem"
    if certificate.exists():
        return
    if not (folder / "root.key").exists():
        raise BadKey(file=certificate.name)
    create_key(path, ec.generate_private_key(ec.SECP256R1()), lock)
    key, root_key = elliptic(path, lock), elliptic(folder / "root.key", lock)
    root = load_certificate(folder / "root.pem")
    issuer = issuer_certificate(key.public_key(), root_key=root_key, root=root, code=code, now=now)
    write(certificate, issuer.public_bytes(Encoding.PEM))


def create_key(path: Path, key: PrivateKey, lock: Lock, how: Protection | None = None) -> None:
    """The file has a key: the one that is in it, or else this one."""
    if not path.exists():
        write(path, lock.locked(key, how or lock.usual))


def _book(folder: Path) -> KeysList | None:
    """The root's list, where it was ever made. Raises BadKey."""
    path = folder / "list.json"
    try:
        return read_keys(path.read_bytes(), [load_certificate(folder / "root.pem")])
    except FileNotFoundError:
        return None
    except BadList as error:
        raise BadKey(file=path.name) from error


def _endorsement(path: Path) -> Mapping[str, Any]:
    try:
        value = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError) as error:
        raise BadKey(file=path.name) from error
    return value if isinstance(value, dict) else {}


def _check_there(path: Path) -> None:
    if not path.exists():
        raise BadKey(file=path.name)
