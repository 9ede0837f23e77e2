"""Certificates a second and core: all the files of one, drawn, signed and verified as the worker does it; and by step."""

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
from lms.config import Settings
from lms.i18n import Reader
from lms.services.certifying import issuing

ROUNDS, TIMES = 9, 10
BASE = "https://cursos.example.org"


def main() -> None:
    """Prints milliseconds and bytes. Processor time, so that what else runs here matters little."""
    folder, now = Path(tempfile.mkdtemp()), datetime.now(UTC)
    keys.create(folder, issuer_code="E2", organisation="Bench", now=now)
    issuer, reader = keys.load_issuer(folder), Reader("es", ZoneInfo("UTC"))
    settings, trust = Settings(instance=folder, verify_base=BASE), Trust(roots=(issuer.root,))
    facts = Credential(
        number=number.new("E2"), name="Ana Lucía Pérez", title="Curso de protección 2", code="K7Q2", hours=1,
        issued_on=now.date(), language="es", program="Vereda", issuer="Bench", demonstration=True, verify_base=BASE,
    )  # fmt: skip
    made = issuing.make(facts, issuer, settings, now)
    modules = qr.matrix(qr.address(made["code"], BASE))
    drawn = pdf.draw_each(facts, reader, qr=modules, badges=(made["badge"], None))
    steps = {
        "code signed": lambda: qr.payload(facts, issuer),
        "its square": lambda: qr.matrix(qr.address(made["code"], BASE)),
        "badge": lambda: badge.sign(facts, issuer, reader, when=now.date()),
        "two files drawn": lambda: pdf.draw_each(facts, reader, qr=modules, badges=(made["badge"], None)),
        "signed": lambda: [pades.sign(each, issuer, when=now) for each in drawn],
        "verified": lambda: [verify_pdf(made[each], trust.roots) for each in ("pdf", "paper")],
        "code verified": lambda: qr.is_by(made["code"], issuer),
        "badge verified": lambda: badge.verify(made["badge"], trust, now),
    }
    whole = _milliseconds(lambda: issuing.make(facts, issuer, settings, now))
    split = ", ".join(f"{name} {_milliseconds(step):.2f}" for name, step in steps.items())
    sizes = ", ".join(f"{kind} {len(data):,}" for kind, data in made.items())
    print(f"certificate: {1000 / whole:,.0f} a second and core; {whole:.2f} ms: {split}; bytes: {sizes}")


def _milliseconds(step: Callable[[], object]) -> float:
    """The median of some rounds."""
    step()
    return statistics.median(_once(step) for _ in range(ROUNDS))


def _once(step: Callable[[], object]) -> float:
    start = time.process_time()
    for _ in range(TIMES):
        step()
    return (time.process_time() - start) / TIMES * 1000
