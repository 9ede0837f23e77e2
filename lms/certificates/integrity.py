"""Data Integrity proofs, `eddsa-rdfc-2022` (W3C vc-di-eddsa): Ed25519 over what a JSON-LD document says.

A proof signs a document's canonical form, in which unknown terms are lost and several spellings are one. So documents
are read by `known` first: exactly the names that we write, each with a value of its kind.
"""

import hashlib
import re
import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lms.certificates import signed
from lms.certificates.linked import canonical_form
from lms.certificates.multikey import SIGNATURE_BYTES, did, from_multibase, key_of, method, multibase
from lms.certificates.signed import Kind, canonical, fields

_MIDNIGHT = "T00:00:00Z"
_SPACE = uuid.UUID("6f0f3c8e-3d3c-4c58-9a55-4f3f1f6f8f5e")
_URN = re.compile(r"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


class UnknownTerm(ValueError):
    """The document says something that ours never say."""


def urn(text: str) -> str:
    """The URI of what the text names, the same everywhere."""
    return uuid.uuid5(_SPACE, text).urn


def midnight(day: date) -> str:
    """The day, as these documents write a moment: never a time of day."""
    return day.isoformat() + _MIDNIGHT


def proof_of(name: str, made: date) -> dict[str, Any]:
    """The proof that the key with that did:key makes on that day, without its value."""
    return {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": midnight(made),
        "verificationMethod": method(name),
        "proofPurpose": "assertionMethod",
    }


def proved(
    document: Mapping[str, Any], key: Ed25519PrivateKey, proof: Mapping[str, Any], form: str, proof_form: str
) -> dict[str, Any]:
    """The document with the key's proof, made from the canonical forms of both."""
    value = multibase(key.sign(_hashed(proof_form, form)))
    return {**document, "proof": [{**proof, "proofValue": value}]}


def prove(document: Mapping[str, Any], key: Ed25519PrivateKey, made: date) -> dict[str, Any]:
    """The document with the key's proof, made on that day."""
    proof = proof_of(did(key), made)
    return proved(document, key, proof, canonical_form(document), canonical_form(with_context(proof, document)))


def with_context(proof: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """The proof as it is signed: read in the document's context."""
    return {"@context": document["@context"], **proof}


def is_proved(document: Mapping[str, Any], name: str) -> bool:
    """Whether the one proof of this document is by the key with that did:key. Looks at no name or value: see `known`."""
    unsecured = {each: value for each, value in document.items() if each != "proof"}
    proof = {each: value for each, value in document["proof"][0].items() if each != "proofValue"}
    signature = from_multibase(document["proof"][0]["proofValue"], SIGNATURE_BYTES)
    if proof["verificationMethod"] != method(name):
        return False
    try:
        data = _hashed(canonical_form(with_context(proof, unsecured)), canonical_form(unsecured))
        key_of(name).verify(signature, data)
    except (ValueError, InvalidSignature):
        return False
    return True


def _hashed(proof_form: str, form: str) -> bytes:
    return b"".join(hashlib.sha256(each.encode("utf-8")).digest() for each in (proof_form, form))


def known(value: Any, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """The values of exactly these names. Raises UnknownTerm for another name, ValueError for a missing one or a value of
    another kind."""
    more = sorted(signed.mapping(value).keys() - kinds.keys())
    if more:
        raise UnknownTerm(more[0])
    return fields(value, kinds)


def just(constant: Any) -> Kind:
    """The kind that is this value and no other."""
    written = canonical(constant)

    def kind(value: Any) -> Any:
        if canonical(value) != written:
            raise ValueError("constant")
        return value

    return kind


def one(kind: Kind) -> Kind:
    """The kind that is a list of one value of that kind."""

    def kind_of_list(value: Any) -> Any:
        if not isinstance(value, list) or len(value) != 1:
            raise ValueError("list")
        return kind(value[0])

    return kind_of_list


def line(value: Any) -> str:
    """A text without control characters, which canonical forms write in more than one way."""
    if CONTROLS.search(signed.text(value)):
        raise ValueError("line")
    return str(value)


def uri(value: Any) -> str:
    """A URI that we make (`urn`)."""
    if not _URN.fullmatch(signed.text(value)):
        raise ValueError("urn")
    return str(value)


def on_day(value: Any) -> date:
    """A day, written as the moment at which it begins."""
    if not signed.text(value).endswith(_MIDNIGHT):
        raise ValueError("day")
    return signed.day(value.removesuffix(_MIDNIGHT))


def proof(value: Any) -> date:
    """A proof: the day on which it was made."""
    kinds: dict[str, Kind] = {
        "type": just("DataIntegrityProof"),
        "cryptosuite": just("eddsa-rdfc-2022"),
        "created": on_day,
        "verificationMethod": line,
        "proofPurpose": just("assertionMethod"),
        "proofValue": _signature,
    }
    made: date = known(value, kinds)["created"]
    return made


def _signature(value: Any) -> bytes:
    return from_multibase(signed.text(value), SIGNATURE_BYTES)
