"""Central under its root, its renewed key and a hub's, and fifty certificates of theirs of every kind."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lms.certificates import badge, delegation, keys, lists, number, pades, pdf, qr
from lms.certificates.credential import Credential
from lms.certificates.judgement import judged
from lms.certificates.keys import Authority, Issuer
from lms.certificates.trust import Entry, Trust, digest
from lms.certificates.verify import Verification, verify_pdf
from tests.certificates.conftest import READER
from tests.conftest import NOW

NAMES = (
    "Ana Lucía Pérez", "Ñ", "Zoë Šťastná-Łukasiewicz", "K'iche' Tz’utujil", "Kʼicheʼ q̓ɨ́", "漢字", "Ana 漢 Wú", "José\u0301", "O'Neill",
    "María de los Ángeles Guadalupe Xicoténcatl Ixtlilxóchitl de la Santísima Trinidad", "W" * 200, "Ü" * 60, "أمينة", "Анна Каренина",
    "Χρυσάνθη", "Nguyễn Thị Ánh", "d'Ávila–Ruiz", "(Ana) \\ <Pérez>", "/ByteRange [0 1 2 3]", "/M (D:20260101000000Z)", "100 % Ana",
    "Łucja & Ægir", "Itzel  Chʼol", "ﬁna", "🙂 Ana",
)  # fmt: skip
"""Of every kind: accents, K'iche', long, marks that combine, other scripts, and what a PDF is written in."""


@dataclass(frozen=True)
class Made:
    """A certificate: its PDF with its badge in it or, every other one, without; its badge; its code."""

    facts: Credential
    pdf: bytes
    badge: bytes
    code: bytes


@dataclass(frozen=True)
class Family:
    """Whom the root has made, and who trusts it."""

    authority: Authority
    central: Issuer
    renewed: Issuer
    hub: Issuer
    trust: Trust

    @property
    def issuers(self) -> tuple[Issuer, ...]:
        """All that sign."""
        return self.central, self.renewed, self.hub

    def make(self, facts: Credential, issuer: Issuer, *, paper: bool = False) -> Made:
        """The certificate by that issuer."""
        code, proof = qr.payload(facts, issuer), badge.sign(facts, issuer, READER, when=NOW.date())
        address = qr.address(code, facts.verify_base)
        drawn = pdf.draw(facts, READER, qr=qr.matrix(address) if address else None, badge=None if paper else proof)
        return Made(facts, pades.sign(drawn, issuer, when=NOW), proof, code)

    def fifty(self) -> Iterator[Made]:
        """Certificates of every kind."""
        for place in range(50):
            facts = Credential(
                number=number.new(("E2", "E2", "H7")[place % 3]),
                name=NAMES[place % len(NAMES)],
                title=("Curso de protección 2", "Tʼzunun: qatzijobʼal " * 6)[place % 2],
                code="K7Q2",
                hours=(0, 1, 1.5, 40)[place % 4],
                issued_on=(NOW - timedelta(days=place % 7)).date(),
                language="es",
                program="Vereda",
                issuer="Vereda (demo)",
                demonstration=place % 5 > 0,
                under_review=place % 4 == 0,
                signatories=(("Carla Méndez", "Coordinadora"),) * (place % 3),
                verify_base=("", "https://cursos.example.org")[place % 3 > 0],
            )
            yield self.make(facts, self.issuers[place % 3], paper=place % 2 == 1)


def family(folder: Path) -> Family:
    """New keys, the central ones in that folder."""
    authority, central = keys.load_authority(folder), keys.load_issuer(folder)
    assert authority.book
    (first,) = authority.book.entries
    renewed, second = _issuer(authority, "E2", first)
    hub, third = _issuer(authority, "H7", None)
    book = lists.sign_keys(
        (first, second, third), authority.key, authority.certificate, authority.badge_key, version=2, now=NOW
    )
    trust = Trust(roots=(authority.certificate,)).having(book)
    for entry, issuer in ((second, renewed), (third, hub)):
        trust = trust.having(lists.sign_numbers(entry, issuer.key, revoked={}, replaced={}, version=1, now=NOW))
    return Family(authority, central, renewed, hub, trust)


def judge(data: bytes, trust: Trust) -> Verification:
    """What is said of a PDF by its checks and the lists."""
    return judged(verify_pdf(data, trust.roots), trust, digest=digest(data), today=NOW.date())


def _issuer(authority: Authority, code: str, renews: Entry | None) -> tuple[Issuer, Entry]:
    key, badge_key = ec.generate_private_key(ec.SECP256R1()), Ed25519PrivateKey.generate()
    asked = delegation.read_request(delegation.make_request(code, key, badge_key))
    certificate, entry = delegation.delegate(authority, asked, renews=renews, countersigns=False, now=NOW)
    return Issuer(key, certificate, authority.certificate, badge_key, keys.endorsed(authority, entry)), entry
