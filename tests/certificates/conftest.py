"""Keys made once, and a signed certificate of Ana's."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from lms.certificates import keys, number, pades, pdf
from lms.certificates.credential import Credential
from lms.certificates.keys import Issuer
from lms.certificates.trust import Trust
from lms.i18n import Reader
from tests.conftest import NOW

READER = Reader("es", ZoneInfo("America/Costa_Rica"))
Make = Callable[..., Credential]


@pytest.fixture(scope="session")
def keys_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    keys.create(folder, issuer_code="E2", organisation="Vereda (demo)", now=NOW)
    return folder


@pytest.fixture(scope="session")
def issuer(keys_folder: Path) -> Issuer:
    return keys.load_issuer(keys_folder)


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Issuer:
    folder = tmp_path_factory.mktemp("stranger")
    keys.create(folder, issuer_code="ZZ", organisation="Another", now=NOW)
    return keys.load_issuer(folder)


@pytest.fixture(scope="session")
def trust(keys_folder: Path, issuer: Issuer) -> Trust:
    """Whoever trusts that issuer's root, and has its list of keys."""
    book = keys.load_authority(keys_folder).book
    assert book
    return Trust(roots=(issuer.root,), keys=(book,))


@pytest.fixture(scope="session")
def credential() -> Make:
    def make(name: str = "Ana Lucía Pérez", **values: object) -> Credential:
        facts = {
            "number": number.new("E2"),
            "title": "Curso de protección 2",
            "code": "K7Q2",
            "hours": 1.0,
            "issued_on": date(2026, 11, 24),
            "language": "es",
            "program": "Vereda",
            "issuer": "Vereda (demo)",
            "demonstration": True,
            **values,
        }
        return Credential(name=name, **facts)  # type: ignore[arg-type]

    return make


@pytest.fixture(scope="session")
def signed(issuer: Issuer, credential: Make) -> bytes:
    return pades.sign(pdf.draw(credential(), READER), issuer, when=NOW)
