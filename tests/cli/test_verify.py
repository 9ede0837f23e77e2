"""`lms verify` with a real certificate."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from lms.certificates import badge, keys, number, pades, pdf, qr
from lms.certificates.credential import Credential
from lms.i18n import Reader
from tests.cli.conftest import Lms
from tests.conftest import NOW


def certificate(folder: Path) -> Path:
    keys.create(folder, issuer_code="E2", organisation="Another", now=NOW)
    facts = Credential(
        number=number.new("E2"), name="Ana", title="Curso", code="K7Q2", hours=1, issued_on=date(2026, 11, 24),
        language="es", program="Vereda", issuer="Another", demonstration=False,
    )  # fmt: skip
    issuer, reader = keys.load_issuer(folder), Reader("es", ZoneInfo("UTC"))
    (folder / "c.pdf").write_bytes(pades.sign(pdf.draw(facts, reader), issuer, when=NOW))
    (folder / "credential.json").write_bytes(badge.sign(facts, issuer, reader, when=NOW.date()))
    (folder / "address.txt").write_text(qr.address(qr.payload(facts, issuer), "https://cursos.example.org"), "utf-8")
    return folder / "c.pdf"


def test_exit_tells_genuine_altered_and_unknown(lms: Lms, tmp_path: Path) -> None:
    lms("init")
    folder = tmp_path / "other"
    folder.mkdir()
    path = certificate(folder)
    told = lms("verify", str(path), "--root", str(folder / "root.pem")).output
    assert "This certificate is genuine." in told
    assert told.count("✓") == 5
    assert "SHA-256" in told
    assert "It can't be told" in lms("verify", str(path), code=2).output
    for changed in (path.read_bytes() + b"\n", bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:]):
        (folder / "changed.pdf").write_bytes(changed)
        assert (
            "NOT a genuine"
            in lms("verify", str(folder / "changed.pdf"), "--root", str(folder / "root.pem"), code=1).output
        )


def test_a_credential_json_is_verified_with_the_root_alone(lms: Lms, tmp_path: Path) -> None:
    lms("init")
    folder = tmp_path / "other"
    folder.mkdir()
    certificate(folder)
    path, root = folder / "credential.json", str(folder / "root.pem")
    told = lms("verify", str(path), "--root", root).output
    assert "This certificate is genuine." in told
    assert told.count("✓") == 5
    assert "It can't be told" in lms("verify", str(path), code=2).output
    path.write_text(path.read_text("utf-8").replace('"Ana"', '"Eva"'), "utf-8")
    assert "The file was changed" in lms("verify", str(path), "--root", root, code=1).output
    path.write_text(path.read_text("utf-8").replace('{"@context"', '{"score":"100","@context"', 1), "utf-8")
    assert "does not cover: “score”" in lms("verify", str(path), "--root", root, code=1).output


def test_the_address_in_a_code_is_verified_against_the_list_of_keys(lms: Lms, tmp_path: Path) -> None:
    lms("init")
    folder = tmp_path / "other"
    folder.mkdir()
    certificate(folder)
    address, root = (folder / "address.txt").read_text("utf-8"), str(folder / "root.pem")
    assert "It can't be told" in lms("verify", address, "--root", root, code=2).output
    assert "no such file" in lms("verify", "nothing.pdf", code=2).output
    assert "NOT a genuine" in lms("verify", address.replace("#", "#9"), "--root", root, code=1).output
