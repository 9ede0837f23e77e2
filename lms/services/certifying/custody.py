"""Looking after the keys: asked for, issued, installed, withdrawn, locked (docs/decisions/0023). No database is needed."""

import json
import shutil
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from lms.certificates import chain, delegation, keys, protection
from lms.certificates.delegation import Answer, NoSuchKey
from lms.certificates.keys import Authority
from lms.certificates.multikey import did
from lms.certificates.protection import BadKey, Lock, Protection
from lms.certificates.signed import canonical
from lms.certificates.trust import (
    Entry,
    KeysList,
    OldList,
    Reason,
    Withdrawal,
)
from lms.config import HANDED_DOWN, Settings
from lms.i18n import N_
from lms.refusals import Refusal
from lms.services.common.clock import BUILT, is_behind
from lms.services.common.registers import shelf_of, shelve

NEXT, FORMER = "next", "former"
"""Within the folder of keys: those that wait for the root's answer; a root that another has taken the place of."""
ROOT_FILES = ("root.key", "root-badge.key", "list.json")


class NoIssuer(Refusal):
    """There are no keys yet."""

    message = N_("There are no keys yet: run `lms init` first.")


class NoRoot(Refusal):
    """The root's key is elsewhere."""

    message = N_(
        "The root's key is not in %(folder)s. Put in the stick that it is on, and name its folder with --root."
    )


class AnotherAnswer(Refusal):
    """The answer is for keys that are not here."""

    message = N_(
        "This answer is for another request than the one made here last. Send that one, and install its answer."
    )


class AnswerTooLate(Refusal):
    """The key's time of use is not now."""

    message = N_(
        "The key in this answer signs from %(starts)s to %(until)s, which is not now. Check this computer's clock."
    )


class ClockBehind(Refusal):
    """The clock can't be right."""

    message = N_("The clock says %(now)s, and the root's last list is of %(issued)s: set the clock first.")


class OldBook(Refusal):
    """The root's list beside its keys is not the last one."""

    message = N_(
        "The list beside the root's key is of version %(version)s, and here is version %(held)s: it is an old copy of "
        "the stick. Take the newer one, or copy trust/keys-….json onto it as list.json."
    )


class AlreadyWithdrawn(Refusal):
    """Withdrawn before."""

    message = N_("The key %(key)s was withdrawn before, on %(date)s.")


class BadDay(Refusal):
    """A key can't have been withdrawn then."""

    message = N_("The key signs since %(starts)s, and today is %(today)s: choose a day between them.")


@dataclass(frozen=True, slots=True)
class Issued:
    """What the root gave."""

    answer: bytes
    entry: Entry
    keys: KeysList
    same_code: bool
    """Whether another issuer in the list has the same code, which only matters to people who read numbers."""


def prepare(settings: Settings, lock: Lock, *, code: str, now: datetime) -> None:
    """The installation has its keys, those that are missing made, and the lists that go with them. Raises BadKey, and what
    `Lock.unlock` raises."""
    keys.create(settings.keys, issuer_code=code, organisation=settings.issuer, now=now, lock=lock)
    keys.create_web_secret(settings.keys)
    shelve(settings, settings.keys)


def make_root(settings: Settings, folder: Path, lock: Lock, *, code: str, how: Protection, now: datetime) -> None:
    """The folder has a root; the installation's issuer, if it is of that root, has its endorsement and is in its list."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if (folder / "root.key").exists():
        lock.unlock(folder / "root.key")
    keys.create_root(folder, code=code, organisation=settings.issuer, now=now, lock=lock, how=how)
    if protection.protection_of(folder / "root.key") != how:
        protect(folder, lock, how=how)
    if (settings.keys / "issuer.pem").exists():
        keys.complete(settings.keys, folder, now=now, lock=lock)
        shelve(settings, folder)


def request(settings: Settings, lock: Lock, *, anew: bool = False) -> bytes:
    """A request for this installation's next certificate, signed also with the present key unless it is lost (`anew`).
    Until its answer is installed the same keys are asked for. Raises NoIssuer, and what `keys.load_issuer` raises."""
    _check_issuer(settings)
    present = None if anew else keys.load_issuer(settings.keys, lock)
    by_passphrase = present is not None and protection.protection_of(settings.keys / "issuer.key") == "passphrase"
    how: Protection = "passphrase" if by_passphrase else lock.usual
    keys.ready(settings.keys, lock)
    waiting = settings.keys / NEXT
    waiting.mkdir(exist_ok=True, mode=0o700)
    keys.create_key(waiting / "issuer.key", ec.generate_private_key(ec.SECP256R1()), lock, how)
    keys.create_key(waiting / "issuer-badge.key", Ed25519PrivateKey.generate(), lock, how)
    key, badge_key = keys.elliptic(waiting / "issuer.key", lock), keys.edwards(waiting / "issuer-badge.key", lock)
    code = chain.code_of(keys.load_certificate(settings.keys / "issuer.pem"))
    return delegation.make_request(code, key, badge_key, present)


def issue(
    settings: Settings,
    data: bytes,
    lock: Lock,
    *,
    root_folder: Path,
    now: datetime,
    central: bool = False,
    continues: str = "",
) -> Issued:
    """The root's answer to a request; its list has the new key from now on. `continues` names a listed key whose issuer
    this is, when the request can't show it.

    Raises NoRoot, ClockBehind, OldBook, BadRequest, StolenPredecessor, NoSuchKey, and what `Lock.unlock` raises.
    """
    asked = delegation.read_request(data)
    authority = _authority(settings, root_folder, lock, now)
    entries = authority.book.entries if authority.book else ()
    renews = named(entries, continues) if continues else delegation.predecessor(asked, authority.book)
    countersigns = central or (renews is not None and renews.countersigns)
    certificate, entry = delegation.delegate(authority, asked, renews=renews, countersigns=countersigns, now=now)
    book = keys.keep_book(root_folder, authority, (*entries, entry), now=now)
    shelve(settings, root_folder)
    return Issued(
        answer=delegation.make_answer(authority, certificate, entry, book, settings.verify_base),
        entry=entry,
        keys=book,
        same_code=any(each.code == entry.code and each.issuer != entry.issuer for each in entries),
    )


def install(settings: Settings, answer: Answer, lock: Lock, *, now: datetime) -> None:
    """The installation signs with what the answer brings; the key before it is gone. The caller has made sure that the
    answer's root is the right one. Done again after it was stopped half-way it comes to the same.

    Raises NoIssuer, AnotherAnswer, AnswerTooLate, BadList, and what `Lock.unlock` raises.
    """
    _check_issuer(settings)
    folder = _asked_from(settings.keys, answer, lock)
    if not chain.in_usage_period(answer.certificate, now):
        raise AnswerTooLate(starts=answer.entry.starts, until=answer.entry.until)
    shelf = shelf_of(settings)
    before = keys.load_certificate(settings.keys / "root.pem")
    shelf.add_root(before)
    shelf.add_root(answer.root)
    try:
        shelf.take(answer.keys.raw)
    except OldList:  # another list has come since; it must still have this key
        entry = shelf.load().issuer(answer.entry.kid)
        if entry is None or entry.withdrawn:
            raise
    if before != answer.root:
        _set_aside(settings.keys, chain.key_id_of(before).hex())
    for name in ("issuer.key", "issuer-badge.key"):
        protection.replace(settings.keys / name, (folder / name).read_bytes())
    protection.replace(settings.keys / "endorsement.json", canonical(answer.endorsement))
    protection.replace(settings.keys / "root.pem", answer.root.public_bytes(Encoding.PEM))
    protection.replace(settings.keys / "issuer.pem", answer.certificate.public_bytes(Encoding.PEM))
    if answer.verify_base:
        handed = f"verify_base = {json.dumps(answer.verify_base)}\n"  # a text of JSON is one of TOML too
        protection.replace(settings.instance / HANDED_DOWN, handed.encode())
    shutil.rmtree(settings.keys / NEXT, ignore_errors=True)


def revoke(
    settings: Settings, name: str, lock: Lock, *, root_folder: Path, reason: Reason, on: date, now: datetime
) -> KeysList:
    """The root's next list, in which that key is withdrawn since that day: retired, or (the last word) stolen.

    Raises NoRoot, ClockBehind, OldBook, NoSuchKey, AlreadyWithdrawn, BadDay, and what `Lock.unlock` raises.
    """
    authority = _authority(settings, root_folder, lock, now)
    entries = authority.book.entries if authority.book else ()
    entry = named(entries, name)
    if entry.withdrawn and (entry.is_stolen or reason == "retired"):
        raise AlreadyWithdrawn(key=entry.kid.hex(), date=entry.withdrawn.on)
    if not entry.starts <= on <= now.date():
        raise BadDay(starts=entry.starts, today=now.date())
    gone = replace(entry, withdrawn=Withdrawal(on, reason))
    book = keys.keep_book(root_folder, authority, tuple(gone if each == entry else each for each in entries), now=now)
    shelve(settings, root_folder)
    return book


def protect(folder: Path, lock: Lock, *, how: Protection) -> list[str]:
    """The names of the private keys in the folder that are locked anew. The store's own, which web processes open, is
    always locked with the secret. Raises BadKey, and what `Lock.unlock` raises."""
    done = []
    if how == "secret" or (folder / "store.key").exists():
        keys.ready(folder, lock)
    for path in sorted(folder.glob("*.key")):
        key = lock.unlock(path)
        if not isinstance(key, ec.EllipticCurvePrivateKey | Ed25519PrivateKey):
            raise BadKey(file=path.name)
        protection.replace(path, lock.locked(key, "secret" if path.name == "store.key" else how))
        done.append(path.name)
    return done


def named(entries: tuple[Entry, ...], name: str) -> Entry:
    """The one key whose id begins so. Raises NoSuchKey."""
    found = [each for each in entries if len(name) >= 4 and each.kid.hex().startswith(name.lower())]
    if len(found) != 1:
        raise NoSuchKey(key=name)
    return found[0]


def _check_issuer(settings: Settings) -> None:
    if not (settings.keys / "issuer.pem").exists():
        raise NoIssuer


def _authority(settings: Settings, folder: Path, lock: Lock, now: datetime) -> Authority:
    if not (folder / "root.key").exists():
        raise NoRoot(folder=folder)
    authority = keys.load_authority(folder, lock)
    book = authority.book
    if is_behind(now, BUILT) or (book and now.date() < book.issued):
        raise ClockBehind(now=now.date(), issued=book.issued if book else BUILT.date())
    root = book.root if book else ""
    held = next((each for each in shelf_of(settings).load().keys if each.root == root), None)
    if book and held and held.version > book.version:
        raise OldBook(version=book.version, held=held.version)
    return authority


def _asked_from(folder: Path, answer: Answer, lock: Lock) -> Path:
    """Where the keys are that the answer is for: those that wait, or the present ones. Raises AnotherAnswer."""
    for each in (folder / NEXT, folder):
        if (each / "issuer.key").exists() and (each / "issuer-badge.key").exists():
            key, badge_key = keys.elliptic(each / "issuer.key", lock), keys.edwards(each / "issuer-badge.key", lock)
            if (key.public_key(), did(badge_key)) == (answer.certificate.public_key(), answer.entry.did):
                return each
    raise AnotherAnswer


def _set_aside(folder: Path, name: str) -> None:
    """The keys of the installation's former root lie in a folder of their own."""
    there = [each for each in ROOT_FILES if (folder / each).exists()]
    if there:
        former = folder / FORMER / name
        former.mkdir(parents=True, exist_ok=True, mode=0o700)
        for each in there:
            (folder / each).replace(former / each)
