"""Certificates a second, by step."""

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from lms.certificates import badge, keys, number, pades, pdf
from lms.certificates.credential import Credential
from lms.certificates.trust import Trust
from lms.certificates.verify import verify_pdf
from lms.i18n import Reader

ROUNDS = 40


def main() -> None:
    """Prints milliseconds and bytes."""
    folder, now = Path(tempfile.mkdtemp()), datetime.now(UTC)
    keys.create(folder, issuer_code="E2", organisation="Bench", now=now)
    issuer, reader = keys.load_issuer(folder), Reader("es", ZoneInfo("UTC"))
    facts = Credential(
        number=number.new("E2"), name="Ana Lucía Pérez", title="Curso de protección 2", code="K7Q2", hours=1,
        issued_on=now.date(), language="es", program="Vereda", issuer="Bench", demonstration=True,
    )  # fmt: skip
    drawn = pdf.draw(facts, reader)
    signed = pades.sign(drawn, issuer, when=now)
    credential, trust = badge.sign(facts, issuer, reader, when=now.date()), Trust(roots=(issuer.root,))
    steps = {
        "draw": lambda: pdf.draw(facts, reader),
        "sign": lambda: pades.sign(drawn, issuer, when=now),
        "verify": lambda: verify_pdf(signed, [issuer.root]),
        "badge": lambda: badge.sign(facts, issuer, reader, when=now.date()),
        "verify badge": lambda: badge.verify(credential, trust, now),
    }
    told = []
    for name, step in steps.items():
        start = time.perf_counter()
        for _ in range(ROUNDS):
            step()
        told.append(f"{name} {(time.perf_counter() - start) / ROUNDS * 1000:.1f} ms")
    print(f"certificate: {', '.join(told)}; {len(signed):,} and {len(credential):,} bytes")
