"""The X.509 certificates of root and issuer: made, named, read for the time in which a key signs."""

import hashlib
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

ROOT_YEARS, ISSUER_YEARS = 20, 15
USAGE = timedelta(days=396)
"""How long an issuer key signs: 13 months, while its certificate lasts 15 years, so that what it signed stays valid."""
_CALLED = "Issuer "
_UNREADABLE = (ValueError, UnsupportedAlgorithm, x509.ExtensionNotFound, x509.DuplicateExtension)
"""What is raised for certificates that ours are not like."""


def start_of(now: datetime) -> datetime:
    """From when what is made now is valid: the day before, since signatures carry a date, no time."""
    return datetime(now.year, now.month, now.day, tzinfo=UTC) - timedelta(days=1)


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate as people compare it: `AB:CD:…`."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def key_id_of(certificate: x509.Certificate) -> bytes:
    """What names the certificate's key: the first eight bytes of the SHA-256 of its DER (the `kid` of COSE)."""
    return hashlib.sha256(certificate.public_bytes(Encoding.DER)).digest()[:8]


def code_of(certificate: x509.Certificate) -> str:
    """The issuer's opaque code of two characters."""
    (name,) = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(name.value).removeprefix(_CALLED)


def organisation_of(root: x509.Certificate) -> str:
    """In whose name a root certifies."""
    return ", ".join(str(each.value) for each in root.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME))


def did_of(root: x509.Certificate) -> str:
    """The `did:key` of the root's badge key; empty for roots from before it was named (their list of keys names it)."""
    try:
        also = root.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ""
    return next(iter(also.get_values_for_type(x509.UniformResourceIdentifier)), "")


def usage_period(certificate: x509.Certificate) -> tuple[datetime, datetime] | None:
    """From when until when the certificate's key signs; None where it does not say both."""
    try:
        period = certificate.extensions.get_extension_for_class(x509.PrivateKeyUsagePeriod).value
    except x509.ExtensionNotFound:
        return None
    if period.not_before is None or period.not_after is None:
        return None
    return period.not_before.replace(tzinfo=UTC), period.not_after.replace(tzinfo=UTC)


def in_usage_period(certificate: x509.Certificate, when: datetime) -> bool:
    """Whether the key of this certificate may sign at that moment."""
    period = usage_period(certificate)
    return period is not None and period[0] <= when <= period[1]


def is_issued_by(certificate: x509.Certificate, root: x509.Certificate) -> bool:
    """Whether that root, which is one, made the certificate an issuer's: it signs documents and certifies nobody."""
    try:
        certifies = [
            each.extensions.get_extension_for_class(x509.BasicConstraints).value.ca for each in (certificate, root)
        ]
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except _UNREADABLE:
        return False
    return certifies == [False, True] and usage.digital_signature and is_signed_by(certificate, root)


@lru_cache(maxsize=64)
def is_signed_by(certificate: x509.Certificate, other: x509.Certificate) -> bool:
    """Whether the other certificate's key signed this one, and its name is told as whose did."""
    try:
        certificate.verify_directly_issued_by(other)
    except (TypeError, InvalidSignature, *_UNREADABLE):
        return False
    return True


def root_certificate(
    key: ec.EllipticCurvePrivateKey, *, code: str, organisation: str, did: str, now: datetime
) -> x509.Certificate:
    """A root's own certificate. It names the root's badge key too, so that whoever has it needs nothing else."""
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Root {code}".strip()),
        ]
    )
    builder = _builder(name, name, key.public_key(), start_of(now), ROOT_YEARS)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
    builder = builder.add_extension(_usage(certifies=True), critical=True)
    also = x509.SubjectAlternativeName([x509.UniformResourceIdentifier(did)])
    builder = builder.add_extension(also, critical=False)
    return builder.sign(key, hashes.SHA384())


def issuer_certificate(
    key: ec.EllipticCurvePublicKey,
    *,
    root_key: ec.EllipticCurvePrivateKey,
    root: x509.Certificate,
    code: str,
    now: datetime,
) -> x509.Certificate:
    """An issuer's certificate, by the root. Its subject is an opaque code, never a place's name."""
    start = start_of(now)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{_CALLED}{code}")])
    builder = _builder(name, root.subject, key, start, ISSUER_YEARS)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(certifies=False), critical=True)
    period = x509.PrivateKeyUsagePeriod(not_before=start, not_after=start + USAGE)
    builder = builder.add_extension(period, critical=False)
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    builder = builder.add_extension(authority, critical=False)
    return builder.sign(root_key, hashes.SHA384())


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, start: datetime, years: int
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(start).not_valid_after(start + timedelta(days=round(years * 365.25)))
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)


def _usage(*, certifies: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certifies,
        content_commitment=not certifies,
        key_cert_sign=certifies,
        crl_sign=certifies,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
