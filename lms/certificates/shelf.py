"""The lists that an installation holds, as files in `instance/trust/`: they are public and signed, so they are handed on and
copied as they are, need no database (the root's laptop has none), and web processes only read them.

| file | what |
|---|---|
| `root-….pem` | each root that is trusted, beside the one in the folder of keys |
| `keys-….json` `numbers-….json` `received-….json` `store-….json` | see `trust.py` |
| `lock` | empty; held while a list is read, compared and written, so that no older one takes the place of a newer |
"""

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from lms.certificates import lists
from lms.certificates.lists import L
from lms.certificates.protection import alone, replace
from lms.certificates.trust import AnyList, BadList, KeysList, NumbersList, StolenSigner, StoreList, Trust
from lms.i18n import N_
from lms.refusals import Refusal

Stamp = tuple[str, int, int]


class SpoiltList(Refusal):
    """A file on the shelf can't be used: to go on without it would forget what was withdrawn or revoked."""

    message = N_(
        "The file %(file)s in the folder trust is spoilt. Delete it and bring it again from your backup, or from where "
        "the installation got it."
    )


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folder of lists, and the file of the installation's own root."""

    folder: Path
    root: Path

    def load(self) -> Trust:
        """Everything that is trusted here; read anew only when a file has changed. Raises SpoiltList."""
        return _load(self.folder, self.root, tuple(sorted(map(_stamp, self._files()))))

    def take(self, data: bytes) -> AnyList:
        """The list in these bytes, from now on held here, unless it is older than the one held. Raises BadList."""
        with alone(self.folder):
            return self._take(data)

    def renew(self, make: Callable[[Trust], L]) -> L:
        """The list that `make` makes of what is held, from now on held here; meanwhile nobody else changes what is held."""
        with alone(self.folder):
            made = make(self.load())
            self._take(made.raw)
            return made

    def add_root(self, root: x509.Certificate) -> None:
        """That root is trusted from now on, whatever becomes of the installation's own."""
        with alone(self.folder):
            self._keep(f"root-{_short(root.fingerprint(hashes.SHA256()).hex())}.pem", root.public_bytes(Encoding.PEM))

    def _take(self, data: bytes) -> AnyList:
        found = lists.read(data, self.load())
        self._keep(_name(found), data)
        return found

    def _keep(self, name: str, content: bytes) -> None:
        path = self.folder / name
        if not path.exists() or path.read_bytes() != content:
            replace(path, content)

    def _files(self) -> list[Path]:
        found = [*self.folder.glob("*.pem"), *self.folder.glob("*.json"), self.root]
        return [each for each in found if each.exists()]


def _stamp(path: Path) -> Stamp:
    about = path.stat()
    return str(path), about.st_mtime_ns, about.st_size


def _name(found: AnyList) -> str:
    if isinstance(found, KeysList):
        return f"keys-{_short(found.root)}.json"
    if isinstance(found, NumbersList):
        return f"numbers-{found.issuer.hex()}.json"
    if isinstance(found, StoreList):
        return f"store-{found.issuer.hex()}.json"
    return f"received-{found.of.hex()}.json"


def _short(name: str) -> str:
    return name[:16]


@lru_cache(maxsize=4)
def _load(_folder: Path, _root: Path, stamps: tuple[Stamp, ...]) -> Trust:
    paths = [Path(name) for name, _, _ in stamps]
    roots = tuple({_root_in(path): None for path in paths if path.suffix == ".pem"})
    names = {_short(root.fingerprint(hashes.SHA256()).hex()) for root in roots}
    keys = _read(paths, "keys", names, lambda data: lists.read_keys(data, roots))
    trust = Trust(roots=roots, keys=keys)
    entries = [entry for each in keys for entry in each.entries]
    issuers, kids = {each.issuer.hex() for each in entries}, {each.kid.hex() for each in entries}
    numbers = _read(paths, "numbers", issuers, lambda data: lists.read_numbers(data, trust))
    received = _read(paths, "received", kids, lambda data: lists.read_received(data, trust))
    stores = _read(paths, "store", issuers, lambda data: lists.read_store(data, trust))
    return Trust(roots=roots, keys=keys, numbers=numbers, received=received, stores=stores)


def _root_in(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except ValueError as error:
        raise SpoiltList(file=path.name) from error


def _read(paths: Iterable[Path], kind: str, about: Container[str], read: Callable[[bytes], L]) -> tuple[L, ...]:
    """The lists of that kind about roots or keys that are known; what a stolen key signed counts no longer."""
    found = []
    for path in paths:
        if path.name.startswith(f"{kind}-") and path.stem.removeprefix(f"{kind}-") in about:
            try:
                found.append(read(path.read_bytes()))
            except StolenSigner:
                continue
            except BadList as error:
                raise SpoiltList(file=path.name) from error
    return tuple(found)
