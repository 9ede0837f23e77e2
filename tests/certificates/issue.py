"""`python -m tests.certificates.issue FOLDER`: certificates issued by this version, for later ones to be held against.

Everything that whoever has one may have: its files, the root, the lists; and its rows, as the database of this version has
them. The keys are forgotten. What is in `issued/` is never made anew: it has to verify for good, as it is.
"""

import json
import sys
import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import select

from lms.certificates import qr
from lms.config import Signatory
from lms.storage import schema
from lms.storage.tables import certificate_files, certificates
from tests.certificates.instance import Place, make_place

NAME = "María de los Ángeles Xicoténcatl Kʼoj"
BASE = "https://cursos.example.org"
ENDINGS = {"pdf": "full.pdf", "paper": "paper.pdf", "badge": "credential.json", "code": "address.txt"}


def content(file: Path) -> bytes:
    """What is in the register of what that file of such a folder holds: of an address, what stands in its fragment."""
    return qr.parse(file.read_text("utf-8")) if file.suffix == ".txt" else file.read_bytes()


def main(folder: Path) -> None:
    """Writes the files."""
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as there, pytest.MonkeyPatch.context() as patch:
        signatories = (Signatory("Carla Méndez", "Coordinadora"), Signatory("Diego Ruiz", "Director"))
        place = make_place(Path(there), patch, code="E2", signatories=signatories)
        numbers = dict(zip(("good", "replaced", "revoked"), _issued(place), strict=True))
        files = {
            f"{what}-{ENDINGS[kind]}": data
            for what, number in numbers.items()
            for kind, data in place.files(number).items()
        }
        for name, data in files.items():
            (folder / name).write_bytes(qr.address(data, BASE).encode() if name.endswith(".txt") else data)
        trust = place.trust
        (folder / "root.pem").write_bytes(trust.roots[0].public_bytes(Encoding.PEM))
        (folder / "keys.json").write_bytes(trust.keys[0].raw)
        (folder / "numbers.json").write_bytes(trust.numbers[0].raw)
        told = {
            "revision": schema.HEAD,
            "numbers": numbers,
            "name": NAME,
            "tables": _rows(place, {data: name for name, data in files.items()}),
        }
        (folder / "rows.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
        place.database.close()


def _issued(place: Place) -> tuple[str, str, str]:
    """One that stands, one that another is in the place of, and a revoked one."""
    old, gone = (place.ask(place.person(NAME), major) for major in (1, 2))
    place.work()
    place.now += timedelta(days=1)
    new = place.anew(old, NAME.replace("Kʼoj", "Kʼoj Tz’unun"))
    place.revoke(gone)
    place.work()
    return new, old, gone


def _rows(place: Place, files: Mapping[bytes, str]) -> dict[str, list[dict[str, object]]]:
    """The rows of the register, with the names of the files."""
    tables = {"certificates": certificates, "certificate_files": certificate_files}
    with place.database.reading() as tx:
        found = {name: [dict(row) for row in tx.execute(select(table)).mappings()] for name, table in tables.items()}
    return {
        name: [{key: _plain(value, files) for key, value in row.items()} for row in rows]
        for name, rows in found.items()
    }


def _plain(value: object, files: Mapping[bytes, str]) -> object:
    if isinstance(value, bytes):
        return {"file": files[value]}
    return value if value is None or isinstance(value, str | int) else str(value)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
