"""The lists that an installation holds and signs: what it trusts, which of its numbers stand, what central has received."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from lms.certificates import lists
from lms.certificates.chain import key_id_of
from lms.certificates.delegation import NoSuchKey
from lms.certificates.keys import Issuer, load_certificate, load_store_key
from lms.certificates.shelf import Shelf
from lms.certificates.trust import ForeignList, NumbersList, OldList, ReceivedList, StoreList, Trust
from lms.certificates.vouching import voucher
from lms.config import Settings
from lms.i18n import N_
from lms.refusals import Refusal

RENEW_AFTER = 30  # days after which a list of numbers is made anew although nothing has changed


class NotCentral(Refusal):
    """Only central registers what others issued."""

    message = N_(
        "This installation's key may not register certificates: that is central's (`lms keys issue --central`)."
    )


class KeyGone(Refusal):
    """Nothing more can be registered of a key that is withdrawn."""

    message = N_("The key %(key)s was withdrawn: nothing that it signed can be registered any more.")


def shelf_of(settings: Settings) -> Shelf:
    """The lists that this installation holds."""
    return Shelf(settings.trust, settings.keys / "root.pem")


def shelve(settings: Settings, root_folder: Path) -> None:
    """The root's list is among those held here, if the root is trusted here."""
    book = root_folder / "list.json"
    if book.exists():
        try:
            shelf_of(settings).take(book.read_bytes())
        except (ForeignList, OldList):
            return


def countersign(
    settings: Settings, issuer: Issuer, *, of: bytes, digests: Sequence[str], now: datetime
) -> ReceivedList:
    """Central's list of what it has received from that issuer key, these digests (`trust.digest`) added with today's date.

    Raises NotCentral, NoSuchKey, KeyGone.
    """

    def made(trust: Trust) -> ReceivedList:
        own, entry = trust.issuer(issuer.kid), trust.issuer(of)
        if own is None or not own.countersigns:
            raise NotCentral
        if entry is None:
            raise NoSuchKey(key=of.hex())
        if entry.withdrawn:
            raise KeyGone(key=of.hex())
        held = next((each for each in trust.received if each.of == of), None)
        days = {**dict.fromkeys(digests, now.date()), **(held.days if held else {})}
        version = lists.next_version(held, now)
        return lists.sign_received(own, issuer.key, of=of, days=days, version=version, now=now)

    return shelf_of(settings).renew(made)


def publish_numbers(
    settings: Settings,
    issuer: Issuer,
    *,
    revoked: Mapping[str, date],
    replaced: Mapping[str, tuple[date, str]],
    now: datetime,
) -> NumbersList | None:
    """The issuer's list of numbers that no longer stand, made anew when they are others than in the one held, or it is a
    month old. None while the issuer is in no list of keys, so that nobody could check it."""
    shelf = shelf_of(settings)
    entry = shelf.load().issuer(issuer.kid)
    if entry is None or not entry.signs_on(now.date()):
        return None

    def made(trust: Trust) -> NumbersList:
        held = next((each for each in trust.numbers if each.issuer == entry.issuer), None)
        version = lists.next_version(held, now)
        new = lists.sign_numbers(entry, issuer.key, revoked=revoked, replaced=replaced, version=version, now=now)
        same = held is not None and (held.revoked, held.replaced, held.kid) == (new.revoked, new.replaced, new.kid)
        return held if held is not None and same and (now.date() - held.issued).days < RENEW_AFTER else new

    return shelf.renew(made)


@dataclass(frozen=True, slots=True)
class Signer:
    """The key that this installation signs its events with, what leads from the root to it, and whom it trusts itself."""

    key: str
    voucher: Mapping[str, str]
    trust: Trust


def signer(settings: Settings) -> Signer:
    """How this installation shows to others that something is its own. Raises BadKey, SpoiltList."""
    key, trust = load_store_key(settings.keys), shelf_of(settings).load()
    kid = key_id_of(load_certificate(settings.keys / "issuer.pem"))
    return Signer(key, voucher(trust, key, kid), trust)


def publish_store(settings: Settings, issuer: Issuer, *, store: str, store_key: str, now: datetime) -> StoreList | None:
    """The issuer's word for the key that this installation signs its events with, made anew when the one held says
    something else, is of another issuer key, or is a month old. None while the issuer is in no list of keys."""
    shelf = shelf_of(settings)
    entry = shelf.load().issuer(issuer.kid)
    if entry is None or not entry.signs_on(now.date()):
        return None

    def made(trust: Trust) -> StoreList:
        held = next((each for each in trust.stores if each.issuer == entry.issuer), None)
        same = held is not None and (held.store, held.key, held.kid) == (store, store_key, issuer.kid)
        if held is not None and same and (now.date() - held.issued).days < RENEW_AFTER:
            return held
        starts = held.starts if held is not None and held.key == store_key else now.date()
        version = lists.next_version(held, now)
        key = issuer.key
        return lists.sign_store(entry, key, store=store, store_key=store_key, starts=starts, version=version, now=now)

    return shelf.renew(made)
