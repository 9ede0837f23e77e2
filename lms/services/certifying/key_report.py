"""What keys and lists an installation has, and what should be done next."""

import stat
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from cryptography import x509

from lms.certificates import chain, keys
from lms.certificates.protection import Lock, Protection, protection_of
from lms.certificates.trust import Entry, SignedList, Trust
from lms.config import Settings
from lms.i18n import N_
from lms.services.certifying.custody import NEXT, NoIssuer
from lms.services.common.registers import shelf_of

SOON = 60  # days before the end of a key's time of use from which its renewal is called for

LOCKS: Mapping[str, str] = MappingProxyType(
    {"open": N_("open"), "secret": N_("locked with the secret file"), "passphrase": N_("locked with a passphrase")}
)
"""How a private key is kept, in words."""
KEPT: Mapping[str, str] = MappingProxyType(
    {
        "private": N_("only the account that made it can read it"),
        "readable": N_("others can read it too"),
        "missing": N_("MISSING"),
    }
)
"""How the secret that opens them is, in words."""
LISTS: Mapping[str, str] = MappingProxyType(
    {
        "KeysList": N_("Keys"),
        "NumbersList": N_("Numbers"),
        "ReceivedList": N_("Registered"),
        "StoreList": N_("Installation"),
    }
)
"""What a list is of, by its class, in words."""

Advice = tuple[str, dict[str, object]]
Kept = Literal["private", "readable", "missing", "none"]
"""How the secret that opens keys is kept: for its owner only, readable by others, not there; or nothing needs it."""


@dataclass(frozen=True, slots=True)
class KeyReport:
    """What there is."""

    root: x509.Certificate
    certificate: x509.Certificate
    starts: date
    until: date
    days_left: int
    entry: Entry | None
    locks: dict[str, Protection]
    """How each private key that is here is locked."""
    kept: Kept
    trust: Trust
    next: tuple[Advice, ...]

    @property
    def code(self) -> str:
        """The issuer's, as it stands in numbers of certificates."""
        return chain.code_of(self.certificate)

    @property
    def key(self) -> str:
        """The id of the issuer's key."""
        return chain.key_id_of(self.certificate).hex()

    @property
    def lists(self) -> tuple[SignedList, ...]:
        """Every list that is here: of keys, of numbers, of what was registered, of what installations sign events with."""
        return (*self.trust.keys, *self.trust.numbers, *self.trust.received, *self.trust.stores)


def report(settings: Settings, *, now: datetime) -> KeyReport:
    """What keys and lists are here, without opening any. Raises NoIssuer, BadKey, SpoiltList."""
    if not (settings.keys / "issuer.pem").exists():
        raise NoIssuer
    certificate = keys.load_certificate(settings.keys / "issuer.pem")
    starts, until = (each.date() for each in chain.usage_period(certificate) or (now, now))
    trust = shelf_of(settings).load()
    entry = trust.issuer(certificate)
    locks = {path.name: protection_of(path) for path in sorted(settings.keys.glob("*.key"))}
    kept = _kept(settings, locks)
    days_left = (until - now.date()).days
    return KeyReport(
        root=keys.load_certificate(settings.keys / "root.pem"),
        certificate=certificate,
        starts=starts,
        until=until,
        days_left=days_left,
        entry=entry,
        locks=locks,
        kept=kept,
        trust=trust,
        next=(*_about_secret(settings, kept), *_advice(settings, trust, entry, locks, days_left, now.date())),
    )


def _kept(settings: Settings, locks: dict[str, Protection]) -> Kept:
    if not Lock(settings.secret).has_secret:
        return "missing" if "secret" in locks.values() else "none"
    others = sys.platform != "win32" and stat.S_IMODE(settings.secret.stat().st_mode) & 0o077
    return "readable" if others else "private"


def _about_secret(settings: Settings, kept: Kept) -> Iterator[Advice]:
    file: dict[str, object] = {"file": settings.secret}
    if kept == "missing":
        yield (
            N_(
                "The secret that opens these keys is not in %(file)s, or not whole: without it no certificate is made and "
                "`lms serve` does not start. Write it there again from your paper or copy. If it is lost for good, see "
                "“If the secret is lost” in docs/operating.md."
            ),
            file,
        )
    if kept == "readable":
        yield N_("Others on this computer can read the secret in %(file)s: let its owner run chmod 600 on it."), file
    if kept in ("private", "readable") and settings.secret.is_relative_to(settings.instance):
        yield (
            N_(
                "The secret in %(file)s lies within the instance folder, so that each backup takes it along: move it "
                "elsewhere, and name the place with the setting key_secret."
            ),
            file,
        )


def _advice(
    settings: Settings, trust: Trust, entry: Entry | None, locks: dict[str, Protection], days_left: int, today: date
) -> Iterator[Advice]:
    if entry and entry.withdrawn:
        yield (
            N_("This installation's key was withdrawn on %(date)s: ask for a new one with `lms keys request --new`."),
            {"date": entry.withdrawn.on},
        )
    elif (settings.keys / NEXT).exists():
        yield N_("A request waits for its answer: install it with `lms keys install FILE`."), {}
    elif days_left < 0:
        yield N_("The key signs no more, and certificates wait: run `lms keys rotate` now."), {}
    elif days_left <= SOON:
        yield N_("The key's time of use ends soon: run `lms keys rotate`."), {}
    if "open" in locks.values():
        yield N_("Keys lie open: lock them with `lms keys protect`."), {}
    if entry is None or _has_no_endorsement(settings.keys):
        yield N_("The root has not listed this key yet: run `lms keys init --root FOLDER` with the root's stick."), {}
    named = chain.organisation_of(keys.load_certificate(settings.keys / "root.pem"))
    if named.casefold() not in settings.issuer.casefold():
        yield (
            N_(
                "The root names “%(root)s”, and certificates name “%(issuer)s”: make a root in that name with "
                "`lms keys init --root FOLDER`, then run `lms keys rotate --root FOLDER`. Whoever checks certificates needs it."
            ),
            {"root": named, "issuer": settings.issuer},
        )
    if "root.key" in locks and not settings.demonstration:
        names = ", ".join(("root.key", "root-badge.key", "root.pem", "list.json"))
        yield (
            N_(
                "The root's key is on this computer. Copy %(names)s to a stick, run `lms keys protect --root FOLDER` "
                "there, then delete root.key and root-badge.key here."
            ),
            {"names": names},
        )
    for each in (*trust.keys, *trust.numbers):
        if each.is_stale(today):
            yield (
                N_("A list of %(date)s is out of date: bring a newer one, and install it with `lms keys install`."),
                {"date": each.issued},
            )


def _has_no_endorsement(folder: Path) -> bool:
    path = folder / "endorsement.json"
    return not path.exists() or path.read_bytes() == b"{}"
