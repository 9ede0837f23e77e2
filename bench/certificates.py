"""Certificates a second, by step."""

import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from lms.certificates import keys, number, pades, pdf
from lms.certificates.credential import Credential
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
    chance = random.Random(1)
    qr = [[chance.random() < 0.5 for _ in range(61)] for _ in range(61)]
    badge = json.dumps({"like credential.json": chance.randbytes(1200).hex()}).encode()
    drawn = pdf.draw(facts, reader, qr=qr, badge=badge)
    signed = pades.sign(drawn, issuer, when=now)
    steps = {
        "page alone": lambda: pdf.draw(facts, reader),
        "page with QR and badge": lambda: pdf.draw(facts, reader, qr=qr, badge=badge),
        "sign": lambda: pades.sign(drawn, issuer, when=now),
        "verify": lambda: verify_pdf(signed, [issuer.root]),
    }
    told, spent = [], {}
    for name, step in steps.items():
        step()
        spent[name] = statistics.median(_milliseconds(step) for _ in range(ROUNDS))
        told.append(f"{name} {spent[name]:.2f} ms")
    whole = sum(spent.values()) - spent["page alone"]
    print(f"certificate: {', '.join(told)}; {1000 / whole:,.0f} a second; {len(signed):,} bytes")


def _milliseconds(step: Callable[[], object]) -> float:
    start = time.perf_counter()
    for _ in range(TIMES):
        step()
    return (time.perf_counter() - start) / TIMES * 1000
