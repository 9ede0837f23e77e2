"""Private keys at rest: PKCS#8, encrypted with a random secret in a file apart from them, or with a passphrase.

A line before the PEM says which: `Protected-By: secret`, or `Protected-By: passphrase 600000 <salt>`: PBKDF2-HMAC-SHA256
with so many rounds in front, since PKCS#8 as `cryptography` writes it has only 2,048 (plenty for 260 random bits).
A key without such a line, made by an earlier version, lies open and goes on working.
"""

import hashlib
import os
import re
import secrets
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from lms.i18n import N_
from lms.ids import code, grouped, typed_code
from lms.refusals import Refusal

if sys.platform != "win32":
    import fcntl

ROUNDS, MOST_ROUNDS = 600_000, 10_000_000
SHORTEST = 20
SECRET_CHARACTERS = 52  # 260 bits, and short enough to be written down
PART, LOCK = ".new", "lock"
"""What ends the name of a file that is being written; the file that whoever changes lists in a folder holds meanwhile."""

Protection = Literal["open", "secret", "passphrase"]
PrivateKey = ec.EllipticCurvePrivateKey | Ed25519PrivateKey
_LINE = re.compile(rb"Protected-By: (?:(secret)|passphrase (\d{1,8}) ([0-9a-f]{32}))\n")


class BadKey(Refusal):
    """A file of the folder of keys is lost or spoilt, and another one would not fit what was signed before."""

    message = N_(
        "The file %(file)s is missing or can't be used. Copy it back from your backup of the folder of keys. "
        "If nothing was ever issued here, delete that folder and run `lms init` again."
    )


class NoSecret(Refusal):
    """The file that opens the keys is not where it should be."""

    message = N_(
        "The keys are locked, and the secret that opens them is not in %(file)s. Copy it back from where you keep it, "
        "or say with the setting key_secret where it is now."
    )


class WrongSecret(Refusal):
    """The secret does not open this key."""

    message = N_("The secret in %(secret)s does not open %(file)s: one of the two is from another installation.")


class NeedsPassphrase(Refusal):
    """The key is under a passphrase, and there is nobody to ask."""

    message = N_("%(file)s is locked with a passphrase: start this command in a terminal, where it can ask you for it.")


class WrongPassphrase(Refusal):
    """The passphrase does not open this key."""

    message = N_("This passphrase does not open %(file)s.")


class ShortPassphrase(Refusal):
    """Whoever finds a stick has years to guess."""

    message = N_("A passphrase for keys has at least 20 characters: five or six words that have nothing in common.")


@dataclass(frozen=True, slots=True)
class Lock:
    """What opens and locks private keys: where the secret is, and who is asked for a passphrase (given the file's name).

    A passphrase is asked for once, and tried for every file.
    """

    secret: Path | None = None
    ask: Callable[[str], str] | None = None
    _known: list[str] = field(default_factory=list, repr=False, compare=False)
    _derived: dict[tuple[str, bytes, int], bytes] = field(default_factory=dict, repr=False, compare=False)
    _salt: bytes = field(default_factory=lambda: secrets.token_bytes(16), repr=False, compare=False)

    @property
    def usual(self) -> Protection:
        """How keys are locked unless somebody chose otherwise."""
        return "secret" if self.secret else "open"

    def unlock(self, path: Path) -> PrivateKeyTypes:
        """The private key in the file. Raises BadKey, NoSecret, WrongSecret, NeedsPassphrase, WrongPassphrase."""
        try:
            content = path.read_bytes()
        except FileNotFoundError as error:
            raise BadKey(file=path.name) from error
        how = _LINE.match(content)
        if how is None:
            return _load(content, None, BadKey(file=path.name))
        if how[1]:
            return _load(content, self._secret(), WrongSecret(secret=self.secret, file=path.name))
        rounds, salt = int(how[2]), bytes.fromhex(how[3].decode())
        if not 0 < rounds <= MOST_ROUNDS:
            raise BadKey(file=path.name)
        for known in self._known:
            with suppress(WrongPassphrase):
                return _load(content, self._derive(known, salt, rounds), WrongPassphrase(file=path.name))
        if self.ask is None:
            raise NeedsPassphrase(file=path.name)
        passphrase = _folded(self.ask(path.name))
        key = _load(content, self._derive(passphrase, salt, rounds), WrongPassphrase(file=path.name))
        self._known.append(passphrase)
        return key

    def locked(self, key: PrivateKey, how: Protection) -> bytes:
        """The key as its file holds it. A new passphrase is the first that is known. Raises NoSecret."""
        if how == "open":
            return _pem(key, NoEncryption())
        if how == "secret":
            return b"Protected-By: secret\n" + _pem(key, BestAvailableEncryption(self._secret()))
        password = self._derive(self._known[0], self._salt, ROUNDS)
        line = f"Protected-By: passphrase {ROUNDS} {self._salt.hex()}\n".encode()
        return line + _pem(key, BestAvailableEncryption(password))

    def choose(self, passphrase: str) -> None:
        """From now on keys are locked with that passphrase where one is asked for. Raises ShortPassphrase."""
        if len(_folded(passphrase)) < SHORTEST:
            raise ShortPassphrase
        self._known.insert(0, _folded(passphrase))

    @property
    def has_secret(self) -> bool:
        """Whether the secret is where it should be, whole."""
        try:
            self._secret()
        except NoSecret:
            return False
        return True

    def create_secret(self) -> None:
        """The secret is there, if this lock has a place for one."""
        if self.secret is not None and not self.secret.exists():
            self.secret.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write(self.secret, f"{grouped(code(SECRET_CHARACTERS), 4)}\n".encode())

    def _secret(self) -> bytes:
        there = self.secret is not None and self.secret.exists()
        written = (
            typed_code("".join(self.secret.read_text("utf-8", "replace").split())) if self.secret and there else ""
        )
        if len(written) != SECRET_CHARACTERS:
            raise NoSecret(file=self.secret or "key_secret")
        return written.encode()

    def _derive(self, passphrase: str, salt: bytes, rounds: int) -> bytes:
        found = self._derived.get((passphrase, salt, rounds))
        if found is None:
            found = hashlib.pbkdf2_hmac("sha256", passphrase.encode("utf-8"), salt, rounds).hex().encode()
            self._derived[passphrase, salt, rounds] = found
        return found


OPEN = Lock()
"""For keys that lie open."""


def protection_of(path: Path) -> Protection:
    """How the private key in the file is locked."""
    how = _LINE.match(path.read_bytes())
    if how is None:
        return "open"
    return "secret" if how[1] else "passphrase"


def write(path: Path, content: bytes) -> None:
    """The file is there, whole whatever happens meanwhile, and only its owner can read it.

    Raises FileExistsError rather than overwrite.
    """
    part = _written(path, content)
    os.link(part, path)
    part.unlink()
    _sync(path.parent)


def replace(path: Path, content: bytes) -> None:
    """The file holds this and nothing else; whatever happens meanwhile, the old content or the new one."""
    _written(path, content).replace(path)
    _sync(path.parent)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else who asks for the same is at work in the folder, in this process or another. Not to be asked for twice."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(folder / LOCK, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
        if sys.platform != "win32":  # where one has to see to it oneself
            fcntl.flock(file, fcntl.LOCK_EX)  # ends with the file, also when the process is killed
        yield


def _written(path: Path, content: bytes) -> Path:
    part = path.with_name(path.name + PART)
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return part


def _sync(path: Path) -> None:
    if hasattr(os, "O_DIRECTORY"):  # elsewhere a folder can't be synced
        folder = os.open(path, os.O_DIRECTORY)
        os.fsync(folder)
        os.close(folder)


def _folded(passphrase: str) -> str:
    """What keyboards write in several ways, written in one."""
    return unicodedata.normalize("NFC", passphrase.strip())


def _load(content: bytes, password: bytes | None, refusal: Refusal) -> PrivateKeyTypes:
    try:
        return load_pem_private_key(content, password)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise refusal from error


def _pem(key: PrivateKey, encryption: KeySerializationEncryption) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
