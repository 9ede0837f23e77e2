"""The lists of `trust.py` signed and read. What is read is all of it known and signed by whom it should be, or refused."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lms.certificates import signed
from lms.certificates.chain import code_of, key_id_of, usage_period
from lms.certificates.multikey import did, did_key
from lms.certificates.number import LENGTH
from lms.certificates.signed import Document, base64url, fields, key_id, mapping
from lms.certificates.trust import (
    AnyList,
    BadList,
    Entry,
    ForeignList,
    KeysList,
    NumbersList,
    OldList,
    ReceivedList,
    SignedList,
    StolenSigner,
    StoreList,
    Trust,
    TwoTellings,
    Withdrawal,
    hashed,
    masked,
    plain,
)

KEYS, NUMBERS, RECEIVED = "vereda keys 1", "vereda numbers 1", "vereda received 1"
STORE = "vereda store 1"
KEYS_LAST, NUMBERS_LAST = timedelta(days=400), timedelta(days=180)
"""How long a list is fresh. (Each issuer key brings a new list of keys, at least once in 13 months.)"""
_FIRST = datetime(2020, 1, 1, tzinfo=UTC)
L = TypeVar("L", KeysList, NumbersList, ReceivedList, StoreList)


def listed(
    certificate: x509.Certificate,
    badge_key: Ed25519PublicKey,
    *,
    issuer: bytes | None = None,
    countersigns: bool = False,
) -> Entry:
    """The entry of an issuer's certificate; without the id of its first key this is the first. Raises ValueError."""
    period, key = usage_period(certificate), certificate.public_key()
    if period is None or not isinstance(key, ec.EllipticCurvePublicKey):
        raise ValueError("no issuer")
    return Entry(
        kid=key_id_of(certificate),
        issuer=issuer or key_id_of(certificate),
        code=code_of(certificate),
        key=key,
        did=did(badge_key),
        starts=period[0].date(),
        until=period[1].date(),
        countersigns=countersigns,
    )


def next_version(held: SignedList | None, now: datetime) -> int:
    """The version of a list that is made on a running installation: minutes since 2020, so that one made after an older
    backup was brought back is still newer than what others hold."""
    return max(held.version + 1 if held else 1, int((now - _FIRST) / timedelta(minutes=1)))


def sign_keys(
    entries: Sequence[Entry],
    key: ec.EllipticCurvePrivateKey,
    root: x509.Certificate,
    badge_key: Ed25519PrivateKey,
    *,
    version: int,
    now: datetime,
) -> KeysList:
    """The root's list of these issuer keys."""
    payload = {
        **_head(KEYS, version, now, KEYS_LAST),
        "root": _root_id(root),
        "did": did(badge_key),
        "issuers": [_plain_entry(each) for each in entries],
    }
    return read_keys(signed.seal(payload, key), [root])


def sign_numbers(
    entry: Entry,
    key: ec.EllipticCurvePrivateKey,
    *,
    revoked: Mapping[str, date],
    replaced: Mapping[str, tuple[date, str]],
    version: int,
    now: datetime,
) -> NumbersList:
    """The issuer's list of the numbers revoked on a day, and of those replaced on a day by another."""
    payload = {
        **_head(NUMBERS, version, now, NUMBERS_LAST),
        "issuer": entry.issuer.hex(),
        "kid": entry.kid.hex(),
        "revoked": {hashed(number): on.isoformat() for number, on in revoked.items()},
        "replaced": {
            hashed(number): {"on": on.isoformat(), "by": base64url(masked(plain(new).encode(), number))}
            for number, (on, new) in replaced.items()
        },
    }
    return _numbers(signed.seal(payload, key), entry)


def sign_received(
    entry: Entry, key: ec.EllipticCurvePrivateKey, *, of: bytes, days: Mapping[str, date], version: int, now: datetime
) -> ReceivedList:
    """Central's list of what it had received from the issuer key `of`: the day of each digest."""
    payload = {
        **_head(RECEIVED, version, now, KEYS_LAST),
        "of": of.hex(),
        "kid": entry.kid.hex(),
        "days": {name: on.isoformat() for name, on in days.items()},
    }
    return _received(signed.seal(payload, key), entry)


def sign_store(
    entry: Entry,
    key: ec.EllipticCurvePrivateKey,
    *,
    store: str,
    store_key: str,
    starts: date,
    version: int,
    now: datetime,
) -> StoreList:
    """The issuer's word for the key that its installation signs events with, since that day."""
    payload = {
        **_head(STORE, version, now, KEYS_LAST),
        "issuer": entry.issuer.hex(),
        "kid": entry.kid.hex(),
        "store": store,
        "key": store_key,
        "starts": starts.isoformat(),
    }
    return _store(signed.seal(payload, key), entry)


def type_of(data: bytes) -> str:
    """What the signed document in these bytes says that it is. Raises BadList."""
    return str(_opened(data).payload.get("type", ""))


def read_keys(data: bytes, roots: Sequence[x509.Certificate], held: KeysList | None = None) -> KeysList:
    """The list of keys in these bytes. Raises BadList when none of the roots signed it or it is older than `held`."""
    document = _opened(data)
    root = next((each for each in roots if _root_id(each) == document.payload.get("root")), None)
    _check_type(document, KEYS)
    key = root.public_key() if root else None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not document.is_by(key):
        raise ForeignList
    found = _fields(document, {"root": signed.text, "did": did_key, "issuers": _entries})
    entries = found.pop("issuers")
    return _newer(KeysList(raw=data, entries=entries, **found), held)


def read_numbers(data: bytes, trust: Trust) -> NumbersList:
    """The list of numbers in these bytes, no older than the one that is trusted. Raises BadList."""
    entry = _signer(data, NUMBERS, trust)
    found = _numbers(data, entry)
    _check_signer(entry, found, entitled=found.issuer == entry.issuer)
    return _newer(found, next((each for each in trust.numbers if each.issuer == found.issuer), None))


def read_received(data: bytes, trust: Trust) -> ReceivedList:
    """The list of what central had received in these bytes, no older than the one that is trusted. Raises BadList."""
    entry = _signer(data, RECEIVED, trust)
    found = _received(data, entry)
    _check_signer(entry, found, entitled=entry.countersigns and trust.list_of(entry).entry(found.of) is not None)
    return _newer(found, next((each for each in trust.received if each.of == found.of), None))


def read_store(data: bytes, trust: Trust) -> StoreList:
    """An issuer's word for its installation's key in these bytes, no older than the one that is trusted. Raises BadList."""
    entry = _signer(data, STORE, trust)
    found = _store(data, entry)
    _check_signer(entry, found, entitled=found.issuer == entry.issuer)
    return _newer(found, next((each for each in trust.stores if each.issuer == found.issuer), None))


def read(data: bytes, trust: Trust) -> AnyList:
    """The list of any kind in these bytes, no older than the one that is trusted. Raises BadList."""
    kind = type_of(data)
    if kind == NUMBERS:
        return read_numbers(data, trust)
    if kind == RECEIVED:
        return read_received(data, trust)
    if kind == STORE:
        return read_store(data, trust)
    found = read_keys(data, trust.roots)
    return _newer(found, next((each for each in trust.keys if each.root == found.root), None))


def _numbers(data: bytes, entry: Entry) -> NumbersList:
    kinds = {"issuer": key_id, "kid": key_id, "revoked": _days, "replaced": _replacements}
    return NumbersList(raw=data, **_fields(_by(data, entry), kinds))


def _received(data: bytes, entry: Entry) -> ReceivedList:
    return ReceivedList(raw=data, **_fields(_by(data, entry), {"of": key_id, "kid": key_id, "days": _days}))


def _store(data: bytes, entry: Entry) -> StoreList:
    kinds = {"issuer": key_id, "kid": key_id, "store": signed.code, "key": signed.ed25519, "starts": signed.day}
    return StoreList(raw=data, **_fields(_by(data, entry), kinds))


def _opened(data: bytes) -> Document:
    try:
        return signed.unseal(data)
    except ValueError as error:
        raise BadList from error


def _check_type(document: Document, kind: str) -> None:
    if document.payload.get("type") != kind:
        raise BadList


def _signer(data: bytes, kind: str, trust: Trust) -> Entry:
    """Who says that she signed it."""
    document = _opened(data)
    _check_type(document, kind)
    try:
        entry = trust.issuer(key_id(document.payload.get("kid")))
    except ValueError as error:
        raise BadList from error
    if entry is None:
        raise ForeignList
    return entry


def _check_signer(entry: Entry, found: SignedList, *, entitled: bool) -> None:
    """Raises StolenSigner, or ForeignList when that key may not sign this list, or not on that day."""
    if entry.is_stolen:
        raise StolenSigner
    if not entitled or not entry.signs_on(found.issued):
        raise ForeignList


def _by(data: bytes, entry: Entry) -> Document:
    document = _opened(data)
    if not document.is_by(entry.key):
        raise ForeignList
    return document


def _fields(document: Document, kinds: Mapping[str, signed.Kind]) -> dict[str, Any]:
    """What the list says: the fields that all have, and these."""
    head = {"type": signed.text, "version": signed.whole_number, "issued": signed.day, "expires": signed.day}
    try:
        found = fields(document.payload, {**head, **kinds})
    except ValueError as error:
        raise BadList from error
    del found["type"]
    return found


def _newer(found: L, held: L | None) -> L:
    """The list found, if it is newer than the one held, or the same."""
    if held is not None and found.version < held.version:
        raise OldList(version=found.version, held=held.version)
    if held is not None and found.version == held.version and found.raw != held.raw:
        raise TwoTellings(version=found.version)
    return found


def _head(kind: str, version: int, now: datetime, lasts: timedelta) -> dict[str, Any]:
    issued = now.astimezone(UTC).date()
    return {
        "type": kind,
        "version": version,
        "issued": issued.isoformat(),
        "expires": (issued + lasts).isoformat(),
    }


def _root_id(root: x509.Certificate) -> str:
    return root.fingerprint(hashes.SHA256()).hex()


def _plain_entry(entry: Entry) -> dict[str, Any]:
    withdrawn = entry.withdrawn
    return {
        "kid": entry.kid.hex(),
        "issuer": entry.issuer.hex(),
        "code": entry.code,
        "key": signed.public(entry.key),
        "did": entry.did,
        "starts": entry.starts.isoformat(),
        "until": entry.until.isoformat(),
        "countersigns": entry.countersigns,
        "withdrawn": {"on": withdrawn.on.isoformat(), "reason": withdrawn.reason} if withdrawn else None,
    }


def _entries(value: Any) -> tuple[Entry, ...]:
    if not isinstance(value, list):
        raise ValueError("list")
    kinds: dict[str, signed.Kind] = {
        "kid": key_id,
        "issuer": key_id,
        "code": signed.text,
        "key": signed.p256,
        "did": did_key,
        "starts": signed.day,
        "until": signed.day,
        "countersigns": signed.flag,
        "withdrawn": _withdrawal,
    }
    found = tuple(Entry(**fields(each, kinds)) for each in value)
    ids = {each.kid for each in found}
    if len(ids) != len(found) or any(each.issuer not in ids for each in found):
        raise ValueError("ids")
    return found


def _withdrawal(value: Any) -> Withdrawal | None:
    return None if value is None else Withdrawal(**fields(value, {"on": signed.day, "reason": _reason}))


def _reason(value: Any) -> Literal["retired", "stolen"]:
    if value not in ("retired", "stolen"):
        raise ValueError("reason")
    return value  # type: ignore[no-any-return]


def _days(value: Any) -> dict[str, date]:
    return {name: signed.day(on) for name, on in mapping(value).items()}


def _hidden_number(value: Any) -> bytes:
    hidden = signed.raw(value)
    if len(hidden) != LENGTH:
        raise ValueError("number")
    return hidden


def _replacements(value: Any) -> dict[str, tuple[date, bytes]]:
    found = {name: fields(each, {"on": signed.day, "by": _hidden_number}) for name, each in mapping(value).items()}
    return {name: (each["on"], each["by"]) for name, each in found.items()}
