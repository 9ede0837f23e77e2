"""What somebody would try: certificates of keys that the root did not mean, parts of ours put together anew, and files made
to bring the verifier down. Nothing verifies, and nothing escapes but a sentence."""

import json
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import cbor2
import pytest
from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from lms.certificates import badge, chain, delegation, lists, number, pades, pdf, qr
from lms.certificates.badge import ADDED, UNLIKE
from lms.certificates.delegation import BadAnswer, BadRequest
from lms.certificates.keys import Issuer
from lms.certificates.signed import canonical, seal
from lms.certificates.trust import BadList, ForeignList, Withdrawal
from lms.certificates.verify import CHANGED, UNSIGNED, Verification, verify_pdf
from tests.certificates.conftest import READER, Make
from tests.certificates.family import Family, family
from tests.certificates.test_verify import failed, the_container, with_container
from tests.conftest import NOW

START = chain.start_of(NOW)
USES = x509.PrivateKeyUsagePeriod(not_before=START, not_after=START + chain.USAGE)
SIGNS, CERTIFIES = chain._usage(certifies=False), chain._usage(certifies=True)
PLAIN = x509.BasicConstraints(ca=False, path_length=None)
PERIOD = x509.ObjectIdentifier("2.5.29.16")
Parts = Sequence[x509.ExtensionType]


@pytest.fixture(scope="module")
def ours(keys_folder: Path) -> Family:
    return family(keys_folder)


@pytest.fixture(scope="module")
def thief() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def certified(
    key: ec.EllipticCurvePrivateKey,
    by: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    parts: Parts,
    subject: str = "Issuer E2",
) -> x509.Certificate:
    builder = chain._builder(named(subject), issuer, key.public_key(), START, chain.ISSUER_YEARS)
    for each in parts:
        builder = builder.add_extension(each, critical=False)
    return builder.sign(by, hashes.SHA384())


def signed_by(
    key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate, root: x509.Certificate, facts: Make
) -> bytes:
    someone = Issuer(key, certificate, root, None, {})  # type: ignore[arg-type]
    return pades.sign(pdf.draw(facts(), READER), someone, when=NOW)


# Keys that the root did not mean


@pytest.mark.parametrize(
    ("parts", "outcome", "check"),
    [
        ((PLAIN, SIGNS, USES), "valid", []),
        ((PLAIN, SIGNS), "invalid", ["period"]),
        ((PLAIN, SIGNS, x509.PrivateKeyUsagePeriod(START, None)), "invalid", ["period"]),
        ((x509.BasicConstraints(True, 0), SIGNS, USES), "unknown", ["issuer"]),
        ((PLAIN, CERTIFIES, USES), "unknown", ["issuer"]),
        ((PLAIN, USES), "unknown", ["issuer"]),
        ((SIGNS, USES), "unknown", ["issuer"]),
        ((PLAIN, SIGNS, x509.UnrecognizedExtension(PERIOD, b"\xff")), "invalid", ["unchanged"]),
    ],
)
def test_what_the_root_certified_for_something_else_is_no_issuer(
    ours: Family, thief: ec.EllipticCurvePrivateKey, credential: Make, parts: Parts, outcome: str, check: list[str]
) -> None:
    root = ours.authority.certificate
    data = signed_by(thief, certified(thief, ours.authority.key, root.subject, parts), root, credential)
    found = verify_pdf(data, [root])
    assert (found.outcome, failed(data, ours.central)) == (outcome, check)


def test_neither_the_root_itself_nor_whom_an_issuer_certified_is_an_issuer(
    ours: Family, thief: ec.EllipticCurvePrivateKey, credential: Make
) -> None:
    root = ours.authority.certificate
    own = signed_by(ours.authority.key, root, root, credential)
    assert (verify_pdf(own, [root]).outcome, failed(own, ours.central)) == ("unknown", ["issuer", "period"])
    friend = certified(thief, ours.central.key, ours.central.certificate.subject, (PLAIN, SIGNS, USES))
    for top in (ours.central.certificate, root):
        assert verify_pdf(signed_by(thief, friend, top, credential), [root]).outcome == "invalid"


def impostor(
    ours: Family, thief: ec.EllipticCurvePrivateKey, parts: Parts
) -> tuple[x509.Certificate, x509.Certificate]:
    """A root that is called as ours is, and an issuer of it."""
    name = ours.authority.certificate.subject
    root = chain._builder(name, name, thief.public_key(), START, chain.ROOT_YEARS)
    for each in parts:
        root = root.add_extension(each, critical=True)
    return root.sign(thief, hashes.SHA384()), certified(thief, thief, name, (PLAIN, SIGNS, USES))


def test_a_root_of_the_same_name_is_another_and_one_that_is_none_is_told(
    ours: Family, thief: ec.EllipticCurvePrivateKey, credential: Make
) -> None:
    for parts, outcome in (
        ((x509.BasicConstraints(True, 1), CERTIFIES), "valid"), ((), "unknown"), ((PLAIN,), "unknown"),
        ((x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.19"), b"\xff"),), "unknown"),
    ):  # fmt: skip
        root, certificate = impostor(ours, thief, parts)
        data = signed_by(thief, certificate, root, credential)
        assert verify_pdf(data, [ours.authority.certificate]).outcome == "unknown"
        assert verify_pdf(data, [root]).outcome == outcome


def spoilt(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey, old: bytes, new: bytes) -> x509.Certificate:
    """The certificate with other bytes in it, signed by that key although no library would write it so."""
    changed = certificate.tbs_certificate_bytes.replace(old, new)
    assert changed != certificate.tbs_certificate_bytes
    kind = asn1_x509.TbsCertificate.load(changed)["signature"].dump()
    signature = b"\0" + key.sign(changed, ec.ECDSA(hashes.SHA384()))
    return x509.load_der_x509_certificate(pades._der(pades.SEQUENCE, changed, kind, pades._der(3, signature)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Issuer ZZ", b"Issuer \xff\xfe"),  # a name that is no text
        (bytes.fromhex("2a8648ce3d040303"), bytes.fromhex("2a8648ce3d040309")),  # a kind of signature that there is not
        (bytes.fromhex("2a8648ce3d030107"), bytes.fromhex("2a8648ce3d030109")),  # a curve that there is not
        (bytes.fromhex("0603551d0f"), bytes.fromhex("0603551d13")),  # an extension twice
    ],
)
def test_a_certificate_that_no_library_reads_is_refused(
    ours: Family, thief: ec.EllipticCurvePrivateKey, credential: Make, old: bytes, new: bytes
) -> None:
    root, _ = impostor(ours, thief, (x509.BasicConstraints(True, 1), CERTIFIES))
    plain = certified(thief, thief, root.subject, (PLAIN, SIGNS, USES), "Issuer ZZ")
    odd = spoilt(plain, thief, old, new)
    data = signed_by(thief, odd, root, credential)
    for trusted in (ours.authority.certificate, root):
        assert verify_pdf(data, [trusted]).outcome != "valid"


# Parts of ours, put together anew


def test_another_certificate_for_the_same_key_can_not_take_the_place_of_the_one_that_signed(
    ours: Family, credential: Make
) -> None:
    """As when the root certifies a key again for a later time: the signature names which certificate it is by."""
    root, central = ours.authority.certificate, ours.central
    again = certified(central.key, ours.authority.key, root.subject, (PLAIN, SIGNS, USES))
    data = signed_by(central.key, central.certificate, root, credential)
    info = the_container(data)
    both = [asn1_x509.Certificate.load(each.public_bytes(Encoding.DER)) for each in (again, root)]
    info["content"]["certificates"] = [cms.CertificateChoices.load(each.dump()) for each in both]
    whose = cms.IssuerAndSerialNumber({"issuer": both[0].issuer, "serial_number": both[0].serial_number})
    info["content"]["signer_infos"][0]["sid"] = cms.SignerIdentifier({"issuer_and_serial_number": whose})
    assert failed(with_container(data, info.dump(force=True)), central) == ["unchanged"]


@pytest.mark.parametrize("how_many", [0, 2])
def test_the_container_has_the_root_once(ours: Family, signed: bytes, how_many: int) -> None:
    info = the_container(signed)
    root = cms.CertificateChoices.load(ours.authority.certificate.public_bytes(Encoding.DER))
    own = next(each for each in info["content"]["certificates"] if each.dump() != root.dump())
    info["content"]["certificates"] = [own, *[root] * how_many]
    assert failed(with_container(signed, info.dump(force=True)), ours.central) == ["unchanged"]


def test_a_signature_belongs_to_one_page(ours: Family, credential: Make) -> None:
    one, other = (ours.make(credential(name), ours.central).pdf for name in ("Ana", "Eva"))
    assert failed(with_container(other, the_container(one).dump()), ours.central) == ["unchanged"]


def test_a_second_day_of_signing_and_a_second_range_are_refused(ours: Family, credential: Make) -> None:
    """Also where the issuer itself signed them: a reader could take the other one."""
    made = pdf.draw(credential(), READER)
    for extra in (b"% /M (D:20250101000000Z)\n", b"% /ByteRange [0 1 2 3]\n"):
        end = made.index(b"xref\n")
        data = pades.sign(made[:end] + extra + made[end:], ours.central, when=NOW)
        assert failed(data, ours.central) == ["signed"]


@pytest.mark.parametrize("text", ["/ByteRange [0 1 2 3]", "/M (D:20250101000000Z)", "/Subject (7K3Q-ZX0T-9B4M-E2-9)"])
def test_a_name_that_looks_like_a_part_of_the_file_is_a_name(ours: Family, credential: Make, text: str) -> None:
    facts = credential(f"{text} {'W' * 150}", title=f"{text} {'W' * 150}")
    made = ours.make(facts, ours.central)
    found = verify_pdf(made.pdf, [ours.authority.certificate])
    assert (found.outcome, found.number) == ("valid", facts.number)


# Files made to bring it down


def deep() -> Iterator[bytes]:
    """Files that no reader should choke on."""
    yield from (
        b"",
        b" ",
        b"\0" * 1000,
        b"\xff\xfe{\0}\0",
        b"null",
        b"[]",
        b"{}",
        b'"x"',
        b"1",
        b"-",
        b"{",
        b"\xef\xbb\xbf{}",
    )
    yield from (b"[" * 1_000_000, b'{"a":' * 200_000, b'{"proof":[' * 6000, b'{"payload":' * 90_000)
    yield from (b"[" * 30_000 + b"]" * 30_000, b'{"proof":[' + b"[" * 30_000 + b"]" * 30_000 + b"]}")
    yield from (
        b"%PDF-1.7\n/ByteRange [" + b" " * 900_000,
        b"/ByteRange " * 90_000,
        b"<" * 1_000_000,
        b"/M (D:" * 150_000,
    )
    yield b"/ByteRange [0 0 9999999999 9999999999] /M (D:20260101000000Z)"
    yield b"/ByteRange [0 60 600066 1] /M (D:20260101000000Z)" + b" " * 11 + b"<" + b"30" * 300_002 + b">x"
    yield b"/ByteRange [0 60 120063 1] /M (D:20260101000000Z)" + b" " * 11 + b"<" + b"3080" * 30_000 + b"0>x"
    for odd in (
        "9" * 5000,
        "1e999",
        "-0",
        "1.0",
        "NaN",
        "Infinity",
        '"\\ud800"',
        '"\\u0000"',
        "9" * 300,
        "true",
        "null",
    ):
        yield from (f'{{"{name}":{odd},"proof":[{odd}],"signature":{odd}}}'.encode() for name in ("id", "payload"))


def test_no_file_brings_the_verifier_down(ours: Family) -> None:
    for data in deep():
        for found in (
            verify_pdf(data, ours.trust.roots),
            badge.verify(data, ours.trust, NOW),
            qr.verify(data[:498], ours.trust, NOW),
        ):
            assert found.outcome == "invalid" and not found.checks[-1].passed, data[:40]
        for read, refusal in (
            (lambda each: lists.read(each, ours.trust), BadList),
            (delegation.read_request, BadRequest),
            (delegation.read_answer, BadAnswer),
        ):
            with pytest.raises(refusal):
                read(data)


@pytest.mark.parametrize(
    "value", ["9" * 5000, "1e999", "1.5", "-0", "NaN", "[" * 900 + "]" * 900, '"\\ud800"', '"\\u0000"', "{}"]
)
def test_no_value_in_a_badge_brings_it_down(ours: Family, credential: Make, value: str) -> None:
    """In the place of each text, number and list of a badge that is ours otherwise."""
    text = ours.make(credential(), ours.central).badge.decode()
    document = json.loads(text)
    for place in places(document):
        changed = json.loads(text)
        at(changed, place[:-1])[place[-1]] = "\x07here"
        data = canonical(changed).replace(b'"\\u0007here"', value.encode())
        assert badge.verify(data, ours.trust, NOW).outcome == "invalid", place


def places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inside:
        yield (*path, name)
        yield from places(each, (*path, name))


def at(value: object, path: tuple[str | int, ...]) -> dict[str | int, object]:
    for each in path:
        value = value[each]  # type: ignore[index]
    return value  # type: ignore[return-value]


def test_letters_that_look_alike_are_others(ours: Family, credential: Make) -> None:
    data = ours.make(credential("Ana Pérez"), ours.central).badge
    for old, new in (
        ("Pérez", unicodedata.normalize("NFD", "Pérez")),
        ("Ana", "Аna"),
        ("Ana", "Ana\u200b"),
        ("Ana", "A\\u006ea"),
    ):
        found = badge.verify(data.decode().replace(old, new).encode(), ours.trust, NOW)
        if "\\" in new:
            assert found.outcome == "valid"  # another spelling of the same letter, as JSON has it
        else:
            assert (found.outcome, found.checks[-1].sentence) == ("invalid", badge.CHANGED)
    found = badge.verify(data.decode().replace('"name"', '"nаme"', 1).encode(), ours.trust, NOW)
    assert found.checks[-1].sentence in (ADDED, UNLIKE)


CYCLE = b"\xd8\x1c\x81\xd8\x1d\x00"  # a list that is in itself (CBOR's tags 28 and 29)


@pytest.mark.parametrize(
    "value",
    [
        CYCLE, b"\xd8\x1d\x00", b"\xd8\x23\x63(((", b"\xd8\x23\x69(a+)+(b+)", b"\xc4\x82\x1b\x7f" + b"\xff" * 7 + b"\x01",
        b"\xc5\x82\x1b\x7f" + b"\xff" * 7 + b"\x01", b"\xd8\x1e\x82\x01\x00", b"\xc0\x60", b"\xc1\xfb\x7f\xf0" + bytes(6), b"\xc2\x41\x05",
        b"\xd9\x01\x02\x81\x01", b"\x9b" + b"\xff" * 8, b"\x5b" + b"\x7f" * 8, b"\xbf\xff", b"\xf7", b"\xf9\x7e\x00", b"\x81" * 300 + b"\x01",
        b"\xd8\x24\x61x", b"\xd9\x01\x04\x44" + bytes(4), b"\xa1\x80\x01", b"\xa1\xa0\x01", b"\xd9\xd9\xf7\x05", b"\x3b" + b"\xff" * 8,
    ],
)  # fmt: skip
def test_nothing_in_a_code_brings_it_down(ours: Family, value: bytes) -> None:
    """Values of CBOR with a meaning of their own, wherever one may stand, signed or not."""
    protected = cbor2.dumps({1: -7, 4: ours.central.kid}, canonical=True)
    usual = qr.read(ours.make(_facts(), ours.central).code)
    for tried in (
        value, b"\xd2" + value, b"\xd2\x84" + value * 4, b"\xd2\x84" + cbor2.dumps(protected) + value + b"\x40\x40",
        b"\xd2\x84" + cbor2.dumps(protected) + b"\xa0" + cbor2.dumps(b"\xa1\x20" + value) + cbor2.dumps(usual.signature),
        b"\xd2\x84" + cbor2.dumps(b"\xa2\x01\x26\x04" + value) + b"\xa0" + cbor2.dumps(b"\xa0") + cbor2.dumps(usual.signature),
        b"\xd2\x84" + cbor2.dumps(value) + b"\xa0" + cbor2.dumps(value) + cbor2.dumps(usual.signature),
    ):  # fmt: skip
        found = qr.verify(b"\x01" + tried, ours.trust, NOW)
        assert found.outcome == "invalid" and found.checks[-1].sentence.endswith(".")


def _facts() -> qr.Credential:
    return qr.Credential(
        number="7K3Q-ZX0T-9B4M-E2-9", name="Ana", title="Curso", code="K7Q2", hours=1, issued_on=NOW.date(), language="es",
        program="Vereda", issuer="Vereda", demonstration=True,
    )  # fmt: skip


# Lists


def test_a_list_names_each_key_once(ours: Family) -> None:
    (book,) = ours.trust.keys
    payload = json.loads(book.raw)["payload"]
    first, second, _ = payload["issuers"]
    for twice in ([first, first], [first, {**second, "kid": first["kid"]}], [{**first, "issuer": "00" * 8}]):
        with pytest.raises(BadList):
            lists.read(seal({**payload, "issuers": twice, "version": 9}, ours.authority.key), ours.trust)


def test_who_is_retired_says_no_more(ours: Family) -> None:
    """A list of numbers by a retired key counts up to its last day, whatever its version."""
    (book,) = ours.trust.keys
    hub = book.entries[2]
    gone = replace(hub, withdrawn=Withdrawal(NOW.date(), "retired"))
    authority = ours.authority
    entries = (*book.entries[:2], gone)
    made = lists.sign_keys(entries, authority.key, authority.certificate, authority.badge_key, version=3, now=NOW)
    trust = ours.trust.having(made)

    def listed(when: datetime) -> bytes:
        return lists.sign_numbers(hub, ours.hub.key, revoked={}, replaced={}, version=7, now=when).raw

    assert lists.read(listed(NOW), trust).version == 7
    with pytest.raises(ForeignList):
        lists.read(listed(NOW + timedelta(days=1)), trust)


def test_a_number_is_put_in_the_place_of_another_only_by_a_number(ours: Family) -> None:
    """What hides the new number has its length: nobody can have another text shown to whoever asks for the old one."""
    (book,) = ours.trust.keys
    hub = book.entries[2]
    replaced = {number.new("H7"): (NOW.date(), number.new("H7"))}
    made = lists.sign_numbers(hub, ours.hub.key, revoked={}, replaced=replaced, version=7, now=NOW)
    payload = json.loads(made.raw)["payload"]
    for hidden in ("", "AA", "A" * 40):
        (name,) = payload["replaced"]
        changed = {**payload, "replaced": {name: {"on": NOW.date().isoformat(), "by": hidden}}}
        with pytest.raises(BadList):
            lists.read(seal(changed, ours.hub.key), ours.trust)


def told(found: Verification) -> str:
    return found.checks[-1].sentence


def test_what_is_no_certificate_is_told_apart_from_what_was_changed(ours: Family, signed: bytes) -> None:
    assert told(verify_pdf(b"%PDF-1.7", ours.trust.roots)) == UNSIGNED
    assert told(verify_pdf(signed.replace(b"%PDF-1.7", b"%PDF-1.6"), ours.trust.roots)) == CHANGED
