"""What studying works with, and where an act takes place."""

from collections.abc import Callable
from dataclasses import dataclass

from lms.services.common.record import Pen
from lms.storage.releases import Catalogue

Certify = Callable[..., str | None]
"""`lms.services.certifying.certify.request` with its settings bound: (tx, pen, *, learner, release, language, now) -> number."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What studying works with: the releases, the pen, and how certificates are asked for."""

    catalogue: Catalogue
    pen: Pen
    certify: Certify


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Whose act it is, and where: the learner, course and module, the release that her page showed (empty: the live
    one), the id that her form carried, and the language she reads."""

    learner: str
    course: str
    module: str
    release: str
    event: str | None
    language: str
