"""Signing a PDF: PAdES B-B (ETSI EN 319 142-1), one revision, no change permitted, the chain inside.

The file has a place for its signature already (see `pdfa.document`), so that signing is filling in. The container is
what pyHanko would make of the same file, to the byte: the tests hold it against that, and pyHanko, poppler and openssl
verify it.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache

from asn1crypto.core import ObjectIdentifier
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from lms.certificates.keys import Issuer
from lms.certificates.pdfa.document import BLANK_CONTAINER, BLANK_MOMENT, BLANK_RANGE, RESERVED

INTEGER, OCTETS, NULL, SEQUENCE, SET, FIRST, DIRECTORY_NAME = 0x02, 0x04, 0x05, 0x30, 0x31, 0xA0, 0xA4


def sign(pdf: bytes, issuer: Issuer, *, when: datetime) -> bytes:
    """The PDF with its one signature. It tells the day of `when`, at 00:00 UTC, never the time.

    Raises ValueError for a file without exactly one empty place for it.
    """
    if any(pdf.count(blank) != 1 for blank in (BLANK_RANGE, BLANK_CONTAINER, BLANK_MOMENT)):
        raise ValueError("no empty place for a signature")
    start = pdf.index(BLANK_CONTAINER) + len(b"/Contents ")
    end = start + len(b"<>") + 2 * RESERVED
    span = b"/ByteRange [0 %d %d %d]" % (start, end, len(pdf) - end)
    moment = BLANK_MOMENT.replace(b"0" * 14, f"{when:%Y%m%d}000000".encode())
    filled = pdf.replace(BLANK_RANGE, span.ljust(len(BLANK_RANGE))).replace(BLANK_MOMENT, moment)
    digest = hashlib.sha256(filled[:start] + filled[end:]).digest()
    container = _container(issuer, digest).hex().upper().encode()
    if len(container) > 2 * RESERVED:
        raise ValueError("the signature is larger than its place")
    return filled[:start] + b"<" + container.ljust(2 * RESERVED, b"0") + b">" + filled[end:]


def _container(issuer: Issuer, digest: bytes) -> bytes:
    """The signature over that digest, as CMS (RFC 5652) with the attributes that PAdES wants.

    Put together from its parts: asn1crypto takes forty times as long, since it writes each level again for the next.
    """
    fixed = _fixed(issuer)
    message = _der(SEQUENCE, _oid("1.2.840.113549.1.9.4"), _der(SET, _der(OCTETS, digest)))
    attributes = b"".join(sorted((*fixed.attributes, message)))
    signature = issuer.key.sign(_der(SET, attributes), ec.ECDSA(hashes.SHA256()))
    signer = _der(
        SEQUENCE,
        _ONE,
        fixed.whose,
        _SHA256,
        _der(FIRST, attributes),
        _der(SEQUENCE, _oid("1.2.840.10045.4.3.2")),
        _der(OCTETS, signature),
    )
    signed = _der(
        SEQUENCE, _ONE, _der(SET, _SHA256), _der(SEQUENCE, _DATA), _der(FIRST, fixed.certificates), _der(SET, signer)
    )
    return _der(SEQUENCE, _oid("1.2.840.113549.1.7.2"), _der(FIRST, signed))


@dataclass(frozen=True, slots=True)
class _Fixed:
    """What is the same in every container of an issuer."""

    certificates: bytes
    whose: bytes
    """The name of who issued its certificate, and the certificate's serial number."""
    attributes: tuple[bytes, ...]
    """Kind of content; and which certificate was signed with (RFC 5035), so that no other can take its place."""


@lru_cache(maxsize=2)
def _fixed(issuer: Issuer) -> _Fixed:
    mine, root = (each.public_bytes(Encoding.DER) for each in (issuer.certificate, issuer.root))
    name, serial = issuer.certificate.issuer.public_bytes(), _der(INTEGER, _integer(issuer.certificate.serial_number))
    general = _der(SEQUENCE, _der(SEQUENCE, _der(DIRECTORY_NAME, name)), serial)
    named = _der(SEQUENCE, _der(SEQUENCE, _der(SEQUENCE, _der(OCTETS, hashlib.sha256(mine).digest()), general)))
    return _Fixed(
        certificates=b"".join(sorted((mine, root))),
        whose=_der(SEQUENCE, name, serial),
        attributes=(
            _der(SEQUENCE, _oid("1.2.840.113549.1.9.3"), _der(SET, _DATA)),
            _der(SEQUENCE, _oid("1.2.840.113549.1.9.16.2.47"), _der(SET, named)),
        ),
    )


def _der(tag: int, *parts: bytes) -> bytes:
    """A value of that tag with those contents (X.690, 8.1)."""
    contents = b"".join(parts)
    size = len(contents)
    if size < 128:
        return bytes((tag, size)) + contents
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 128 | len(length))) + length + contents


def _integer(value: int) -> bytes:
    return value.to_bytes(value.bit_length() // 8 + 1, "big")


@cache
def _oid(dotted: str) -> bytes:
    der: bytes = ObjectIdentifier(dotted).dump()
    return der


_ONE, _DATA = _der(INTEGER, b"\1"), _oid("1.2.840.113549.1.7.1")
_SHA256 = _der(SEQUENCE, _oid("2.16.840.1.101.3.4.2.1"), _der(NULL))
