"""What the QR code of a certificate holds: its facts, signed, short enough for paper, verified without any server.

`0x01` and a COSE_Sign1 (RFC 9052) with ES256, as one decimal number in the fragment of `https://HOST/v#…`: a camera opens
the address, and what stands after `#` never reaches the host. What is read must be, bit for bit, what would be written.
`lms/web/assets/js/code.js` says the same in the verifier page; `tests/vectors/codes.json` holds both to it.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import cbor2

from lms.certificates import number as numbers
from lms.certificates import signed
from lms.certificates.credential import FIRST_DAY, Credential
from lms.certificates.judgement import judged
from lms.certificates.keys import Issuer
from lms.certificates.number import NoSuchNumber
from lms.certificates.trust import Entry, Trust, digest, plain
from lms.certificates.verify import KNOWN, UNCHANGED, Check, Verification
from lms.i18n import N_
from lms.refusals import Refusal

VERSION = b"\x01"
SIGN1, ALGORITHM, KEY_ID, ES256 = 18, 1, 4, -7
DAY, NUMBER, NAME, CODE, TITLE, HOURS, FLAGS = range(-1, -8, -1)
"""The claims. One byte each, below zero: those above are registered and mean something else."""
DEMONSTRATION, UNDER_REVIEW = 1, 2
LAST = 0xFFFF  # days, the year 2199; and the most hundredths of an hour
NAME_BYTES, BOTH_BYTES = 60, 84
"""Of the name, and of name and title: so the square has 61 modules with any host of up to 28 letters."""
DIGITS = re.compile(r"[1-9][0-9]{0,1199}")
MASK = 2
"""Any would do; trying all eight and weighing them takes five times as long."""

READABLE = N_("The code is that of a certificate.")
OTHER_VERSION = N_("The code is of a kind that this version does not know.")
NO_MESSAGE = N_("The code is not that of a certificate.")
UNCOVERED = N_("The code has a part that its signature does not cover.")
LONGER = N_("Something was added after the end of the code.")
SPELT_OTHERWISE = N_("The code is not written in the one way in which certificates write it.")
TWICE = N_("The code says one thing twice.")
OTHER_ALGORITHM = N_("The code asks for another kind of signature than certificates have (ES256).")
OTHER_LENGTH = N_("The code's signature has not the length that it should have.")
OTHER_FACTS = N_("The code does not say what a certificate says, or says more.")
NOT_LISTED = N_("Its issuer is not in any list of issuers that is held here.")
CHANGED = N_("The code was changed after it was signed.")


class NoCode(Refusal):
    """The text is neither the address in a QR code nor its digits."""

    message = N_("This is not the code of a certificate: paste the whole address, or all the digits after #.")


class BadCode(Exception):
    """The bytes are not such a code: `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What the code says."""

    issued_on: date
    number: str
    name: str
    """In NFC; a long one ends in an ellipsis."""
    code: str
    title: str
    hours: float
    demonstration: bool
    under_review: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code taken apart; nobody has looked at its signature yet."""

    kid: bytes
    claims: Claims
    covered: bytes
    signature: bytes


def payload(credential: Credential, issuer: Issuer) -> bytes:
    """What the QR code holds, signed by the issuer."""
    protected = _canonical({ALGORITHM: ES256, KEY_ID: issuer.kid})
    claims = _canonical(_claims(credential))
    signature = signed.sign(issuer.key, _covered(protected, claims))
    return VERSION + _canonical(cbor2.CBORTag(SIGN1, [protected, {}, claims, signature]))


def address(payload: bytes, base: str) -> str:
    """The address in the QR code; empty where the installation names no host, and certificates have no QR code."""
    return f"{base.rstrip('/')}/v#{int.from_bytes(payload, 'big')}" if base else ""


def matrix(address: str) -> Sequence[bytes]:
    """The rows of the QR code, a byte for each module (1: dark), without the margin of four that it needs around it."""
    import segno  # only who draws needs it

    host, mark, digits = address.rpartition("#")
    segments: Any = [host + mark, digits]  # more than one, which its types do not tell
    made = segno.make(segments, error="m", boost_error=False, micro=False, mask=MASK)
    return [bytes(row) for row in made.matrix]


def parse(text: str) -> bytes:
    """The code in an address or in its digits, as people scan or paste them. Raises NoCode."""
    digits = "".join(text.rpartition("#")[2].split())
    if not DIGITS.fullmatch(digits):
        raise NoCode
    value = int(digits)
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def verify(payload: bytes, trust: Trust, now: datetime) -> Verification:
    """What became of each check of the code, against these lists."""
    try:
        code = read(payload)
    except BadCode as bad:
        return Verification(outcome="invalid", checks=(Check("signed", False, bad.sentence),))
    checks = [Check("signed", True, READABLE)]
    entry = trust.issuer(code.kid)
    if entry is None:
        return _found(code, entry, *checks, Check("issuer", False, NOT_LISTED))
    checks.append(Check("issuer", True, KNOWN))
    if not signed.is_signature(entry.key, code.covered, code.signature):
        return _found(code, entry, *checks, Check("unchanged", False, CHANGED))
    found = _found(code, entry, *checks, Check("unchanged", True, UNCHANGED))
    return judged(replace(found, whole=payload), trust, digest=digest(payload), today=now.date())


def is_by(payload: bytes, issuer: Issuer) -> bool:
    """Whether this issuer signed it, whatever any list says of the issuer. Raises BadCode."""
    code = read(payload)
    return signed.is_signature(issuer.key.public_key(), code.covered, code.signature)


def read(payload: bytes) -> Code:
    """The code in these bytes, whoever signed it. Raises BadCode for anything that `payload` does not write."""
    if payload[:1] != VERSION:
        raise BadCode(OTHER_VERSION)
    protected, claims, signature = _message(payload[1:])
    return Code(
        kid=_key_id(_mapping(protected)),
        claims=_read_claims(_mapping(claims)),
        covered=_covered(protected, claims),
        signature=signature,
    )


def shortened(text: str, limit: int) -> str:
    """The text in NFC, in no more than so many bytes: a longer one is cut after a character and ends in an ellipsis."""
    text = unicodedata.normalize("NFC", text)
    if len(text.encode()) <= limit:
        return text
    kept = text.encode()[: limit - len("…".encode())].decode("utf-8", "ignore")
    while kept and unicodedata.combining(text[len(kept)]):
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _claims(credential: Credential) -> Mapping[int, int | str]:
    name = shortened(credential.name, NAME_BYTES)
    flags = DEMONSTRATION * credential.demonstration | UNDER_REVIEW * credential.under_review
    said: dict[int, int | str] = {
        DAY: (credential.issued_on - FIRST_DAY).days,
        NUMBER: plain(credential.number),
        NAME: name,
        CODE: credential.code,
        TITLE: shortened(credential.title, min(NAME_BYTES, BOTH_BYTES - len(name.encode()))),
        HOURS: round(credential.hours * 100),
    }
    return {**said, FLAGS: flags} if flags else said


def _covered(protected: bytes, claims: bytes) -> bytes:
    """What the signature is over (`Sig_structure`)."""
    return _canonical(["Signature1", protected, b"", claims])


def _found(code: Code, entry: Entry | None, *checks: Check) -> Verification:
    day = code.claims.issued_on
    sound = all(each.passed for each in checks)
    return Verification(
        outcome="unknown" if entry is None else "valid" if sound else "invalid",
        checks=checks,
        number=code.claims.number,
        signer=entry.code if entry else "",
        signed_on=datetime(day.year, day.month, day.day, tzinfo=UTC),
        kid=code.kid,
    )


def _message(data: bytes) -> tuple[bytes, bytes, bytes]:
    """Protected header, claims and signature of the COSE_Sign1."""
    message = _decoded(data)
    if type(message) is not cbor2.CBORTag or message.tag != SIGN1 or type(message.value) is not list:
        raise BadCode(NO_MESSAGE)
    if [type(each) for each in message.value] != [bytes, dict, bytes, bytes]:
        raise BadCode(NO_MESSAGE)
    protected, uncovered, claims, signature = message.value
    if uncovered:
        raise BadCode(UNCOVERED)
    _check_spelling(data, message)
    if len(signature) != 64:
        raise BadCode(OTHER_LENGTH)
    return protected, claims, signature


def _mapping(data: bytes) -> Mapping[int, Any]:
    """The mapping of whole numbers to something in these bytes."""
    found = _decoded(data)
    if type(found) is not dict:
        raise BadCode(NO_MESSAGE)
    if data[0] < 0xB8 and data[0] - 0xA0 != len(found):  # its first byte counts the pairs
        raise BadCode(TWICE)
    _check_spelling(data, found)
    return found


def _decoded(data: bytes) -> Any:
    try:
        return cbor2.loads(data)
    except Exception:  # whatever the library says of bytes that are not ours
        raise BadCode(NO_MESSAGE) from None


def _check_spelling(data: bytes, value: Any) -> None:
    """Raises BadCode unless this is the one way to write the value, and nothing follows."""
    try:
        again = _canonical(value)
    except Exception:
        raise BadCode(NO_MESSAGE) from None
    if data != again:
        raise BadCode(LONGER if data.startswith(again) else SPELT_OTHERWISE)


def _key_id(header: Mapping[int, Any]) -> bytes:
    if type(header.get(ALGORITHM)) is not int or header[ALGORITHM] != ES256:
        raise BadCode(OTHER_ALGORITHM)
    kid = header.get(KEY_ID)
    if not _has(header, ALGORITHM, KEY_ID) or type(kid) is not bytes or len(kid) != 8:
        raise BadCode(OTHER_FACTS)
    return kid


def _read_claims(said: Mapping[int, Any]) -> Claims:
    usual = (DAY, NUMBER, NAME, CODE, TITLE, HOURS)
    flags = said.get(FLAGS, 0)
    if not _has(said, *usual, *([FLAGS] if FLAGS in said else [])) or (FLAGS in said and flags == 0):
        raise BadCode(OTHER_FACTS)
    if [type(said[each]) for each in usual] != [int, str, str, str, str, int] or type(flags) is not int:
        raise BadCode(OTHER_FACTS)
    if not (0 <= said[DAY] <= LAST and 0 <= said[HOURS] <= LAST and 0 <= flags <= DEMONSTRATION | UNDER_REVIEW):
        raise BadCode(OTHER_FACTS)
    if any(len(said[each].encode()) > NAME_BYTES for each in (NAME, CODE, TITLE)):
        raise BadCode(OTHER_FACTS)
    return Claims(
        issued_on=FIRST_DAY + timedelta(days=said[DAY]),
        number=_number(said[NUMBER]),
        name=said[NAME],
        code=said[CODE],
        title=said[TITLE],
        hours=said[HOURS] / 100,
        demonstration=bool(flags & DEMONSTRATION),
        under_review=bool(flags & UNDER_REVIEW),
    )


def _has(found: Mapping[int, Any], *keys: int) -> bool:
    """Whether these are its keys and no others; True and 1.0 are not 1."""
    return found.keys() == set(keys) and all(type(each) is int for each in found)


def _number(text: str) -> str:
    try:
        number = numbers.parse(text)
    except NoSuchNumber:
        raise BadCode(OTHER_FACTS) from None
    if plain(number) != text:
        raise BadCode(OTHER_FACTS)
    return number


def _canonical(value: Any) -> bytes:
    return cbor2.dumps(value, canonical=True)
