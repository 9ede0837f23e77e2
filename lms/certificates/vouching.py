"""From a root to the key that an installation signs its events with: the documents that lead there, handed on with what it
signed, so that any installation under the same root believes it without having met it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lms.certificates import lists
from lms.certificates.signed import text
from lms.certificates.trust import BadList, OldList, StoreList, Trust

KEYS, STORE = "keys", "store"


def voucher(trust: Trust, key: str, kid: bytes) -> dict[str, str]:
    """The root's list of keys, and the word of the issuer whose key now is `kid` for that installation's key; nothing while there
    is none here."""
    entry = trust.issuer(kid)
    issuer = entry.issuer if entry else b""
    found = next((each for each in trust.stores if (each.issuer, each.key) == (issuer, key)), None)
    if found is None or entry is None:
        return {}
    return {KEYS: trust.list_of(entry).raw.decode("utf-8"), STORE: found.raw.decode("utf-8")}


def vouched(trust: Trust, documents: Any) -> StoreList:
    """The installation that these documents vouch for, by the roots that are trusted here. Of two lists of keys, the one held
    and the one that came, the newer counts, and nothing is kept. Raises BadList."""
    if not isinstance(documents, Mapping):
        raise BadList
    try:
        keys, store = (text(documents.get(name)).encode("utf-8") for name in (KEYS, STORE))
    except ValueError as error:
        raise BadList from error
    found = lists.read_keys(keys, trust.roots)
    held = next((each for each in trust.keys if each.root == found.root), None)
    known = trust if held and held.version >= found.version else trust.having(found)
    stated = lists.read_store(store, replace(known, stores=()))
    newer = next((each for each in trust.stores if each.issuer == stated.issuer), None)
    if newer and newer.version > stated.version and newer.key != stated.key:
        raise OldList(version=stated.version, held=newer.version)
    return stated
