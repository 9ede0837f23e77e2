"""Certificates a second, by step."""

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from lms.certificates import badge, keys, number, pades, pdf, qr
from lms.certificates.credential import Credential
from lms.certificates.trust import Trust
from lms.certificates.verify import verify_pdf
from lms.i18n import Reader

ROUNDS, TIMES = 9, 10


def main() -> None:
    """Prints milliseconds and bytes."""
    folder, now = Path(tempfile.mkdtemp()), datetime.now(UTC)
    keys.create(folder, issuer_code="E2", organisation="Bench", now=now)
    issuer, reader = keys.load_issuer(folder), Reader("es", ZoneInfo("UTC"))
    facts = Credential(
        number=number.new("E2"), name="Ana Lucía Pérez", title="Curso de protección 2", code="K7Q2", hours=1,
        issued_on=now.date(), language="es", program="Vereda", issuer="Bench", demonstration=True,
    )  # fmt: skip
    code = qr.payload(facts, issuer)
    modules = qr.matrix(qr.address(code, "https://cursos.example.org"))
    credential, trust = badge.sign(facts, issuer, reader, when=now.date()), Trust(roots=(issuer.root,))
    drawn = pdf.draw(facts, reader, qr=modules, badge=credential)
    signed = pades.sign(drawn, issuer, when=now)
    steps = {
        "page alone": lambda: pdf.draw(facts, reader),
        "page with QR and badge": lambda: pdf.draw(facts, reader, qr=modules, badge=credential),
        "sign": lambda: pades.sign(drawn, issuer, when=now),
        "verify": lambda: verify_pdf(signed, [issuer.root]),
        "badge": lambda: badge.sign(facts, issuer, reader, when=now.date()),
        "code": lambda: qr.matrix(qr.address(qr.payload(facts, issuer), "https://cursos.example.org")),
        "verify code": lambda: qr.verify(code, trust, now),
        "verify badge": lambda: badge.verify(credential, trust, now),
    }
    told, spent = [], {}
    for name, step in steps.items():
        step()
        spent[name] = statistics.median(_milliseconds(step) for _ in range(ROUNDS))
        told.append(f"{name} {spent[name]:.2f} ms")
    whole = sum(spent.values()) - spent["page alone"]
    print(
        f"certificate: {', '.join(told)}; {1000 / whole:,.0f} a second; {len(signed):,} and {len(credential):,} bytes"
    )


def _milliseconds(step: Callable[[], object]) -> float:
    start = time.perf_counter()
    for _ in range(TIMES):
        step()
    return (time.perf_counter() - start) / TIMES * 1000
