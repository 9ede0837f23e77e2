"""Whether a file is a certificate exactly as its issuer signed it. Written apart from what signs; uses no PDF library.

The signature covers every byte but its own container, and the container is built anew from its parts and compared, so
that no bit of the file can change: not in the page, not in the container's padding, not after the end.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal

from asn1crypto import cms, parser
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from lms.certificates.chain import in_usage_period, is_issued_by, is_signed_by, key_id_of
from lms.i18n import N_

MAX_BYTES = 1024 * 1024
Outcome = Literal["valid", "invalid", "unknown"]

_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")
_CERTIFICATE_USED = "1.2.840.113549.1.9.16.2.47"
_END = re.compile(rb"startxref\s+\d+\s+%%EOF")
"""How each revision of a PDF ends."""
_MOMENT = re.compile(rb"/M \(D(?::|\\072)(\d{14})Z\)")  # pyHanko, which signed the first ones, escapes both
_NUMBER = re.compile(rb"/Subject \(((?:[0-9A-Z-]|\\055){1,64})\)")

SIGNED = N_("The file carries the electronic signature of an issuer.")
UNSIGNED = N_("The file carries no signature like those of our certificates.")
WHOLE = N_("The signature covers the whole file.")
NOT_WHOLE = N_("The signature does not cover the whole file: something was added or taken away.")
UPDATED = N_("The file was saved again after it was signed: what it shows now need not be what its issuer signed.")
UNCHANGED = N_("Nothing was changed after it was signed.")
CHANGED = N_("The file was changed after it was signed.")
KNOWN = N_("The issuer is one that is trusted here.")
UNKNOWN = N_("The issuer is not among those that are trusted here. Ask for its root certificate to be certain.")
IN_TIME = N_("The issuer's key was in its time of use when it signed.")
OUT_OF_TIME = N_("The issuer's key was not in its time of use when it signed.")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, and the sentence (English, for gettext) about it."""

    name: Literal["number", "signed", "whole", "unchanged", "issuer", "period", "key", "state", "register", "lists"]
    passed: bool
    sentence: str
    values: Mapping[str, date | str] = field(default_factory=dict)
    """What the sentence names."""
    warning: bool = False
    """Passed, and yet there is something to know."""

    def told(self, gettext: Callable[[str], str], day: Callable[[date], str] = str) -> str:
        """The sentence in the reader's language, its dates written by `day`."""
        said = {name: day(each) if isinstance(each, date) else each for name, each in self.values.items()}
        return gettext(self.sentence) % said if said else gettext(self.sentence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What the checks came to. `unknown`: intact, and signed by somebody who is not among the roots given."""

    outcome: Outcome
    checks: tuple[Check, ...]
    number: str = ""
    signer: str = ""
    signed_on: datetime | None = None
    kid: bytes = b""
    """The id of the key that signed it."""
    whole: bytes = field(default=b"", repr=False)
    """What its issuer signed, byte for byte: the file, or the badge without what wallets make of its blanks."""


class _Broken(Exception):
    """A check failed: its name and sentence."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """A signed file taken apart."""

    covered: bytes
    container: bytes
    moment: datetime
    number: str


def verify_pdf(data: bytes, roots: Sequence[x509.Certificate]) -> Verification:
    """What became of each check of the file, against these roots."""
    checks: list[Check] = []
    try:
        parts = _take_apart(data, checks)
        signer = _check_signature(parts, checks)
    except _Broken as broken:
        name, sentence = broken.args
        return Verification(outcome="invalid", checks=(*checks, Check(name, False, sentence)))
    trusted = any(is_issued_by(signer, root) and _last(signer, root, parts.moment) for root in roots)
    checks.append(Check("issuer", trusted, KNOWN if trusted else UNKNOWN))
    in_time = in_usage_period(signer, parts.moment)
    checks.append(Check("period", in_time, IN_TIME if in_time else OUT_OF_TIME))
    outcome: Outcome = "unknown" if not trusted else "valid" if in_time else "invalid"
    return Verification(
        outcome=outcome,
        checks=tuple(checks),
        number=parts.number,
        signer=signer.subject.rfc4514_string(),
        signed_on=parts.moment,
        kid=key_id_of(signer),
        whole=data,
    )


def _take_apart(data: bytes, checks: list[Check]) -> _Parts:
    if len(data) > MAX_BYTES:
        raise _Broken("signed", UNSIGNED)
    ranges, moments = list(_RANGE.finditer(data)), list(_MOMENT.finditer(data))
    if len(ranges) != 1 or len(moments) != 1:
        raise _Broken("signed", UNSIGNED)
    checks.append(Check("signed", True, SIGNED))
    first, end, start, length = (int(each) for each in ranges[0].groups())
    gap = data[end:start]
    if first != 0 or start + length != len(data) or not re.fullmatch(rb"<[0-9A-F]+>", gap) or len(gap) % 2:
        raise _Broken("whole", UPDATED if _END.search(data, start + length) else NOT_WHOLE)
    checks.append(Check("whole", True, WHOLE))
    try:
        moment = datetime.strptime(moments[0][1].decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        raise _Broken("unchanged", CHANGED) from None
    number = _NUMBER.search(data)
    return _Parts(
        covered=data[:end] + data[start:],
        container=bytes.fromhex(gap[1:-1].decode()),
        moment=moment,
        number=number[1].decode().replace("\\055", "-") if number else "",
    )


def _check_signature(parts: _Parts, checks: list[Check]) -> x509.Certificate:
    """The certificate that the signature was made with. Raises _Broken."""
    try:
        signer = _signer(parts)
    except Exception:  # whatever the parsers say of bytes that are not ours
        raise _Broken("unchanged", CHANGED) from None
    checks.append(Check("unchanged", True, UNCHANGED))
    return signer


def _signer(parts: _Parts) -> x509.Certificate:
    content = cms.ContentInfo.load(parts.container)
    signed = content["content"]
    info = signed["signer_infos"][0]
    certificates = [each.chosen for each in signed["certificates"]]
    mine = next(each for each in certificates if each.serial_number == info["sid"].chosen["serial_number"].native)
    (other,) = (each for each in certificates if each is not mine)
    certificate, root = (x509.load_der_x509_certificate(each.dump()) for each in (mine, other))
    _compare(parts.container, signed, info, mine, other)
    attributes = {each["type"].native: each["values"] for each in info["signed_attrs"]}
    if attributes["message_digest"][0].native != hashlib.sha256(parts.covered).digest():
        raise ValueError("digest")
    if attributes["content_type"][0].native != "data":
        raise ValueError("content type")
    if _named_certificate(info) != hashlib.sha256(mine.dump()).digest():
        raise ValueError("certificate")  # another one for the same key
    key = certificate.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise TypeError("key")
    to_be_signed = info["signed_attrs"].untag().dump()
    key.verify(info["signature"].native, to_be_signed, ec.ECDSA(hashes.SHA256()))
    if not is_signed_by(certificate, root) or not is_signed_by(root, root):
        raise ValueError("root")
    certificate.subject.rfc4514_string(), certificate.extensions  # which may be unreadable
    return certificate


def _named_certificate(info: cms.SignerInfo) -> bytes:
    """The digest of the certificate that signed, as the signature names it (RFC 5035, 4: the first of the first)."""
    (value,) = (each["values"][0].dump() for each in info["signed_attrs"] if each["type"].dotted == _CERTIFICATE_USED)
    for _ in range(4):
        value = parser.parse(value)[4]
    return bytes(value)


def _compare(
    container: bytes,
    signed: cms.SignedData,
    info: cms.SignerInfo,
    mine: asn1_x509.Certificate,
    other: asn1_x509.Certificate,
) -> None:
    """Raises ValueError unless the container is, bit for bit, what its meaningful parts make."""
    algorithm = {"algorithm": "sha256"}
    whose = cms.IssuerAndSerialNumber({"issuer": mine.issuer, "serial_number": mine.serial_number})
    sid = cms.SignerIdentifier({"issuer_and_serial_number": whose})
    again = cms.ContentInfo(
        {
            "content_type": "signed_data",
            "content": cms.SignedData(
                {
                    "version": "v1",
                    "digest_algorithms": [cms.DigestAlgorithm(algorithm)],
                    "encap_content_info": {"content_type": "data"},
                    "certificates": [mine, other],
                    "signer_infos": [
                        cms.SignerInfo(
                            {
                                "version": "v1",
                                "sid": sid,
                                "digest_algorithm": cms.DigestAlgorithm(algorithm),
                                "signed_attrs": info["signed_attrs"],
                                "signature_algorithm": {"algorithm": "sha256_ecdsa"},
                                "signature": info["signature"].native,
                            }
                        )
                    ],
                }
            ),
        }
    ).dump()
    if any(each["signature_value"].contents[:1] != b"\0" for each in (mine, other)):
        raise ValueError("unused bits")  # which certificates have none of, and no signature covers
    if len(signed["signer_infos"]) != 1 or container != again + bytes(len(container) - len(again)):
        raise ValueError("container")


def _last(certificate: x509.Certificate, root: x509.Certificate, moment: datetime) -> bool:
    """Whether neither had ended at that moment, nor was yet to begin."""
    return all(each.not_valid_before_utc <= moment <= each.not_valid_after_utc for each in (certificate, root))
