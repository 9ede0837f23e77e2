"""Signing a PDF: PAdES B-B (ETSI.CAdES.detached), one revision, no change permitted, the chain inside."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.metadata.model import DocumentMetadata
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from lms.certificates.keys import Issuer

FIELD = "Signature"
RESERVED = 8192  # bytes of the container: fixed, so that pyHanko does not sign once only to measure


class _Signer(SimpleSigner):
    """pyHanko's signer with the key loaded once, not at each signature."""

    ready: ec.EllipticCurvePrivateKey

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        if digest_algorithm != "sha256":
            raise ValueError(digest_algorithm)
        return self.ready.sign(data, ec.ECDSA(hashes.SHA256()))


class _DatedSigner(PdfSigner):
    """pyHanko's PDF signer, at the moment it is told."""

    when: datetime

    def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self.when
        return session


class _DatedMetadata(DocumentMetadata):
    """pyHanko's document metadata, last modified when it was created: it would write the time of the clock."""

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, self.created if name == "last_modified" else value)


def sign(pdf: bytes, issuer: Issuer, *, when: datetime) -> bytes:
    """The PDF with its one signature. It tells the day of `when`, at 00:00 UTC, never the time."""
    meta = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    signer = _DatedSigner(meta, _signer(issuer))
    signer.when = datetime(when.year, when.month, when.day, tzinfo=UTC)
    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(pdf)))
    writer._meta = _DatedMetadata(created=signer.when)
    with ThreadPoolExecutor(1) as thread:  # pyHanko runs an event loop, and the caller's thread may have one already
        out: bytes = thread.submit(signer.sign_pdf, writer, bytes_reserved=RESERVED).result().getvalue()
    return out


@lru_cache(maxsize=2)
def _signer(issuer: Issuer) -> _Signer:
    registry = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    certificate, root = (
        asn1_x509.Certificate.load(each.public_bytes(Encoding.DER)) for each in (issuer.certificate, issuer.root)
    )
    registry.register(root)
    info = issuer.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = _Signer(signing_cert=certificate, signing_key=asn1_keys.PrivateKeyInfo.load(info), cert_registry=registry)
    signer.ready = issuer.key
    return signer
