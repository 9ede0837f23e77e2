"""Private keys at rest."""

import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lms.certificates import protection
from lms.certificates.protection import (
    BadKey,
    Lock,
    NeedsPassphrase,
    NoSecret,
    ShortPassphrase,
    WrongPassphrase,
    WrongSecret,
    protection_of,
)

KEY = Ed25519PrivateKey.generate()
PASSPHRASE = "canto rodado bajo el puente"


@pytest.fixture
def lock(tmp_path: Path) -> Lock:
    made = Lock(tmp_path / "secret")
    made.create_secret()
    return made


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protection, "ROUNDS", 10)


def is_the_key(found: object) -> bool:
    return isinstance(found, Ed25519PrivateKey) and found.private_bytes_raw() == KEY.private_bytes_raw()


def test_a_key_under_the_secret_opens_with_it_alone(tmp_path: Path, lock: Lock) -> None:
    path = tmp_path / "a.key"
    path.write_bytes(lock.locked(KEY, "secret"))
    assert protection_of(path) == "secret"
    assert KEY.private_bytes_raw() not in path.read_bytes()
    assert is_the_key(lock.unlock(path))
    for other in (Lock(), Lock(tmp_path / "elsewhere")):
        with pytest.raises(NoSecret):
            other.unlock(path)
    stranger = Lock(tmp_path / "other")
    stranger.create_secret()
    with pytest.raises(WrongSecret, match=r"a\.key"):
        stranger.unlock(path)


def test_the_secret_may_be_typed_in_again_from_paper(tmp_path: Path, lock: Lock) -> None:
    path = tmp_path / "a.key"
    path.write_bytes(lock.locked(KEY, "secret"))
    assert lock.secret
    written = lock.secret.read_text()
    assert re.fullmatch(r"([0-9A-Z]{4}-){12}[0-9A-Z]{4}\n", written)
    lock.secret.write_text("  " + written.lower().replace("-", " "))
    assert is_the_key(lock.unlock(path))
    for spoilt in ("", written[:-3], "\x00"):
        lock.secret.write_text(spoilt)
        with pytest.raises(NoSecret):
            lock.unlock(path)


def test_a_secret_is_made_once(lock: Lock) -> None:
    assert lock.secret
    before = lock.secret.read_bytes()
    lock.create_secret()
    assert lock.secret.read_bytes() == before
    Lock().create_secret()


def test_a_passphrase_is_asked_for_once_and_stretched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def ask(name: str) -> str:
        asked.append(name)
        return f" {PASSPHRASE}\n"

    writer = Lock()
    writer.choose(PASSPHRASE)
    for name in ("a.key", "b.key"):
        (tmp_path / name).write_bytes(writer.locked(KEY, "passphrase"))
    assert protection_of(tmp_path / "a.key") == "passphrase"
    monkeypatch.setattr(protection, "ROUNDS", 20)  # the file says how many
    reader = Lock(ask=ask)
    assert is_the_key(reader.unlock(tmp_path / "a.key")) and is_the_key(reader.unlock(tmp_path / "b.key"))
    assert asked == ["a.key"]
    with pytest.raises(WrongPassphrase):
        Lock(ask=lambda _: "something else altogether").unlock(tmp_path / "a.key")
    with pytest.raises(NeedsPassphrase):
        Lock().unlock(tmp_path / "a.key")


def test_the_usual_number_of_rounds_is_owasps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    lock = Lock()
    lock.choose(PASSPHRASE)
    assert lock.locked(KEY, "passphrase").startswith(b"Protected-By: passphrase 600000 ")


def test_another_passphrase_is_asked_for_where_the_known_one_does_not_open(tmp_path: Path) -> None:
    first, second = Lock(), Lock(ask=lambda _: PASSPHRASE)
    first.choose(PASSPHRASE)
    (tmp_path / "a.key").write_bytes(first.locked(KEY, "passphrase"))
    second.choose("una pasarela muy distinta")
    assert is_the_key(second.unlock(tmp_path / "a.key"))


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(ShortPassphrase):
        Lock().choose("   diecinueve letras ")


def test_an_open_key_goes_on_working(tmp_path: Path) -> None:
    path = tmp_path / "a.key"
    path.write_bytes(Lock().locked(KEY, "open"))
    assert protection_of(path) == "open"
    assert is_the_key(Lock(tmp_path / "none").unlock(path))


@pytest.mark.parametrize(
    "spoil", [lambda raw: raw[:-40], lambda raw: b"", lambda raw: raw.replace(b"600000", b"99999999")]
)
def test_a_spoilt_key_is_told(tmp_path: Path, spoil: object, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = Lock(ask=lambda _: PASSPHRASE)
    lock.choose(PASSPHRASE)
    content = lock.locked(KEY, "passphrase").replace(b"passphrase 10 ", b"passphrase 600000 ")
    (tmp_path / "a.key").write_bytes(spoil(content))  # type: ignore[operator]
    monkeypatch.setattr(Lock, "_derive", lambda *_: b"x")
    with pytest.raises((BadKey, WrongPassphrase), match=r"a\.key"):
        lock.unlock(tmp_path / "a.key")
    with pytest.raises(BadKey):
        lock.unlock(tmp_path / "missing.key")


def test_what_is_replaced_is_whole_and_private(tmp_path: Path) -> None:
    path = tmp_path / "file"
    protection.write(path, b"one")
    with pytest.raises(FileExistsError):
        protection.write(path, b"two")
    protection.replace(path, b"three")
    assert path.read_bytes() == b"three"
    assert path.stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "file.new").exists()
