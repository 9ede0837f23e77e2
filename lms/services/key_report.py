"""What keys and lists an installation has, and what should be done next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from cryptography import x509

from lms.certificates import chain, keys
from lms.certificates.protection import Protection, protection_of
from lms.certificates.trust import Entry, Trust
from lms.config import Settings
from lms.i18n import N_
from lms.services.custody import NEXT, NoIssuer
from lms.services.registers import shelf_of

SOON = 60  # days before the end of a key's time of use from which its renewal is called for

Advice = tuple[str, dict[str, object]]


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
    trust: Trust
    next: tuple[Advice, ...]


def report(settings: Settings, *, now: datetime) -> KeyReport:
    """What keys and lists are here, without opening any. Raises NoIssuer, BadKey, SpoiltList."""
    if not (settings.keys / "issuer.pem").exists():
        raise NoIssuer
    certificate = keys.load_certificate(settings.keys / "issuer.pem")
    starts, until = (each.date() for each in chain.usage_period(certificate) or (now, now))
    trust = shelf_of(settings).load()
    entry = trust.issuer(certificate)
    locks = {path.name: protection_of(path) for path in sorted(settings.keys.glob("*.key"))}
    days_left = (until - now.date()).days
    return KeyReport(
        root=keys.load_certificate(settings.keys / "root.pem"),
        certificate=certificate,
        starts=starts,
        until=until,
        days_left=days_left,
        entry=entry,
        locks=locks,
        trust=trust,
        next=tuple(_advice(settings, trust, entry, locks, days_left, now.date())),
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
