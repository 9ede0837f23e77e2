"""`python -m tests.vectors.codes`: writes codes.json, codes of certificates with what any verifier must say of each.

The keys are made for it and forgotten, so that each run gives other bytes. Outcomes and what fails are written here by
hand; `told`, all that is said, by the program.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import cbor2
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from lms.certificates import delegation, keys, lists, qr, signed
from lms.certificates.credential import Credential
from lms.certificates.keys import Authority, Issuer
from lms.certificates.trust import Entry, Trust, Withdrawal, digest
from lms.web.public.verifier import SENTENCES, carried

FILE = Path(__file__).with_name("codes.json")
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY, LATER = date(2026, 11, 25), date(2027, 5, 24)
BASE = "https://vereda.example.org"
USUAL, HUBS = "7K3Q-ZX0T-9B4M-E2-9", "8M4R-0000-9B4M-H7-F"
REVOKED, REPLACED, NEW = "8M4R-0000-9B4M-E2-S", "8M4R-0002-9B4M-E2-A", "8M4R-0003-9B4M-E2-N"
Case = tuple[str, str, str, str]
"""What is tried, the text, the outcome, and the sentence of the check that fails."""


@dataclass(frozen=True)
class World:
    """Central with its root, three hubs under it, and a stranger; what central has received."""

    authority: Authority
    central: Issuer
    hubs: Mapping[str, Issuer]
    stranger: Issuer
    entries: Mapping[str, Entry]


def credential(**changes: Any) -> Credential:
    """Ana's certificate."""
    return Credential(
        **{
            "number": USUAL,
            "name": "Ana Lucía Xicoténcatl Kʼoj",
            "title": "Curso de protección 2",
            "code": "K7Q2",
            "hours": 1.5,
            "issued_on": NOW.date(),
            "language": "es",
            "program": "Vereda",
            "issuer": "Vereda (demo)",
            "demonstration": True,
            **changes,
        }
    )


def craft(
    issuer: Issuer,
    *,
    header: Any = None,
    claims: Any = None,
    uncovered: Any = None,
    signature: Any = None,
    tag: int = qr.SIGN1,
    version: bytes = qr.VERSION,
    end: bytes = b"",
) -> bytes:
    """A code signed by the issuer as it stands, whatever is wrong with it: bytes stand for themselves."""
    header = {qr.ALGORITHM: qr.ES256, qr.KEY_ID: issuer.kid} if header is None else header
    claims = qr._claims(credential()) if claims is None else claims
    protected, said = (
        each if isinstance(each, bytes) else cbor2.dumps(each, canonical=True) for each in (header, claims)
    )
    made = signed.sign(issuer.key, qr._covered(protected, said))
    parts = [protected, uncovered or {}, said, signature(made) if signature else made]
    return version + cbor2.dumps(cbor2.CBORTag(tag, parts), canonical=True) + end


def make_world() -> World:
    """New keys for everybody."""
    folder = Path(tempfile.mkdtemp())
    for name, code in (("here", "E2"), ("stranger", "ZZ")):
        (folder / name).mkdir()
        keys.create(folder / name, issuer_code=code, organisation=f"Vereda ({name})", now=NOW)
    authority, central = keys.load_authority(folder / "here"), keys.load_issuer(folder / "here")
    assert authority.book
    hubs, entries = {}, {"central": authority.book.entries[0]}
    for name in ("hub", "retired", "stolen"):
        key, badge_key = ec.generate_private_key(ec.SECP256R1()), Ed25519PrivateKey.generate()
        request = delegation.read_request(delegation.make_request("H7", key, badge_key))
        certificate, entry = delegation.delegate(authority, request, renews=None, countersigns=False, now=NOW)
        hubs[name] = Issuer(key, certificate, authority.certificate, badge_key, {})
        entries[name] = entry
    entries["retired"] = replace(entries["retired"], withdrawn=Withdrawal(NOW.date(), "retired"))
    entries["stolen"] = replace(entries["stolen"], withdrawn=Withdrawal(NOW.date(), "stolen"))
    return World(authority, central, hubs, keys.load_issuer(folder / "stranger"), entries)


def trusted(world: World, registered: bytes) -> Trust:
    """Whoever has central's lists: of its numbers, and of what it had received from the stolen key."""
    authority, central = world.authority, world.central
    trust = Trust(roots=(authority.certificate,))
    made = lists.sign_keys(
        tuple(world.entries.values()), authority.key, authority.certificate, authority.badge_key, version=2, now=NOW
    )
    trust = trust.having(made)
    numbers = lists.sign_numbers(
        world.entries["central"],
        central.key,
        revoked={REVOKED: TODAY},
        replaced={REPLACED: (TODAY, NEW)},
        version=3,
        now=NOW,
    )
    received = lists.sign_received(
        world.entries["central"],
        central.key,
        of=world.hubs["stolen"].kid,
        days={digest(registered): NOW.date()},
        version=1,
        now=NOW,
    )
    return trust.having(numbers).having(received)


def cases(world: World, registered: bytes) -> Iterator[Case]:
    """Every kind of code that there is, and of text."""
    good = qr.payload(credential(), world.central)
    digits = str(int.from_bytes(good, "big"))
    yield "usual", qr.address(good, BASE), "valid", ""
    yield from (("digits alone", digits, "valid", ""), ("in lines", f" {digits[:90]}\n {digits[90:]} ", "valid", ""))
    yield "of another host", qr.address(good, "http://hub.local:8000/lms/"), "valid", ""
    for name, text in (
        ("empty", ""), ("words", "hola"), ("a leading zero", "0" + digits), ("digits of another script", "١٢٣"),
        ("an underscore", digits[:9] + "_" + digits[9:]), ("nothing after #", f"{BASE}/v#"), ("too long", "1" * 1201),
        ("a sign", "+" + digits), ("a fraction", digits + ".0"),
    ):  # fmt: skip
        yield name, text, "invalid", "no_code"
    for name, payload, outcome, failed in (*_facts(world), *_crafted(world, good), *_lists(world, registered)):
        yield name, str(int.from_bytes(payload, "big")), outcome, failed


def _facts(world: World) -> Iterator[tuple[str, bytes, str, str]]:
    for name, changes in (
        ("no demonstration", {"demonstration": False}),
        ("under review", {"under_review": True}),
        ("under review, no demonstration", {"under_review": True, "demonstration": False}),
        ("the longest name and title", {"name": "Ñ" * 90, "title": "é" * 90}),
        ("a name of 60 bytes", {"name": "ñ" * 30}),
        ("a name with marks", {"name": "Ana\u0301 🙂\ufeff"}),
        ("no title", {"title": ""}),
        ("many hours", {"hours": 655.35}),
        ("no hours", {"hours": 0}),
    ):
        yield name, qr.payload(credential(**changes), world.central), "valid", ""


def _crafted(world: World, good: bytes) -> Iterator[tuple[str, bytes, str, str]]:
    central = world.central
    said, header = dict(qr._claims(credential())), {qr.ALGORITHM: qr.ES256, qr.KEY_ID: central.kid}
    plain, protected = cbor2.dumps(said, canonical=True), cbor2.dumps(header, canonical=True)
    again = cbor2.dumps({qr.FLAGS: 1})[1:]
    yield "the version", craft(central, version=b"\x02"), "invalid", "version"
    yield "no message", b"\x01", "invalid", "no_message"
    yield "another tag", craft(central, tag=98), "invalid", "no_message"
    yield "no tag", b"\x01" + good[2:], "invalid", "no_message"
    yield "three parts", b"\x01\xd2\x83" + good[3:-66], "invalid", "no_message"
    yield "cut short", good[:-1], "invalid", "no_message"
    for name, value in (("key id", {qr.KEY_ID: central.kid}), ("algorithm", {qr.ALGORITHM: qr.ES256})):
        yield f"an uncovered {name}", craft(central, uncovered=value), "invalid", "uncovered"
    yield "a byte after the end", craft(central, end=b"\0"), "invalid", "longer"
    yield "a byte after the claims", craft(central, claims=plain + b"\0"), "invalid", "longer"
    yield "a byte after the header", craft(central, header=protected + b"\0"), "invalid", "longer"
    for size in (0, 63, 65):
        yield (
            f"a signature of {size}",
            craft(central, signature=lambda made, n=size: (made + b"\0")[:n]),
            "invalid",
            "length",
        )
    yield (
        "a DER signature",
        craft(central, signature=lambda made: b"\x30\x44\x02\x20" + made[:32] + b"\x02\x20" + made[32:]),
        "invalid",
        "length",
    )
    for algorithm in (-35, -8, 5, 0, "ES256", -7.0):
        yield (
            f"algorithm {algorithm}",
            craft(central, header={**header, qr.ALGORITHM: algorithm}),
            "invalid",
            "algorithm",
        )
    yield "no algorithm", craft(central, header={qr.KEY_ID: central.kid}), "invalid", "algorithm"
    yield "no key id", craft(central, header={qr.ALGORITHM: qr.ES256}), "invalid", "facts"
    yield "a critical header", craft(central, header={**header, 2: [99]}), "invalid", "facts"
    yield (
        "a key id of nine bytes",
        craft(central, header={**header, qr.KEY_ID: central.kid + b"\0"}),
        "invalid",
        "facts",
    )
    yield "a key id in letters", craft(central, header={**header, qr.KEY_ID: "abcdefgh"}), "invalid", "facts"
    yield "one claim twice", craft(central, claims=bytes([plain[0] + 1]) + plain[1:] + again), "invalid", "twice"
    yield "the algorithm twice", craft(central, header=b"\xa3\x01\x26\x01\x26" + protected[3:]), "invalid", "twice"
    yield (
        "claims in another order",
        craft(central, claims=cbor2.dumps(dict(reversed(said.items())))),
        "invalid",
        "spelt",
    )
    yield "a count in two bytes", craft(central, claims=bytes([0xB8, plain[0] - 0xA0]) + plain[1:]), "invalid", "spelt"
    yield "claims without a count", craft(central, claims=b"\xbf" + plain[1:] + b"\xff"), "invalid", "spelt"
    yield (
        "a number in more bytes",
        craft(central, claims=plain.replace(b"\x20\x19", b"\x20\x1a\0\0")),
        "invalid",
        "spelt",
    )
    yield "claims that are a list", craft(central, claims=[1]), "invalid", "no_message"
    yield (
        "a name that is not UTF-8",
        craft(central, claims=plain.replace("í".encode(), b"\xc3\x28")),
        "invalid",
        "no_message",
    )
    for key in list(said):
        yield (
            f"without claim {key}",
            craft(
                central, claims={k: v for k, v in said.items() if k != key} | ({qr.FLAGS: 4} if key == qr.FLAGS else {})
            ),
            "invalid",
            "facts",
        )
    for name, key, value in (
        ("one claim more", 1, "x"), ("a claim in letters", "x", 1), ("flags of nothing", qr.FLAGS, 0), ("an unknown flag", qr.FLAGS, 4),
        ("a day below zero", qr.DAY, -1), ("a day too far", qr.DAY, 65536), ("a day in letters", qr.DAY, "2520"), ("a true day", qr.DAY, True),
        ("half an hour as a fraction", qr.HOURS, 0.5), ("a whole number as a fraction", qr.HOURS, 1.0), ("endless hours", qr.HOURS, 2**62),
        ("a name that is too long", qr.NAME, "x" * 61), ("a name in bytes", qr.NAME, b"Ana"), ("a title that is too long", qr.TITLE, "é" * 31),
        ("a number in small letters", qr.NUMBER, "7k3qzx0t9b4me29"), ("a number with hyphens", qr.NUMBER, USUAL),
        ("a number misread", qr.NUMBER, "7K3QZXOT9B4ME29"), ("a wrong check character", qr.NUMBER, "7K3QZX0T9B4ME26"),
        ("nothing for a name", qr.NAME, None), ("an empty list for a code", qr.CODE, []),
    ):  # fmt: skip
        yield name, craft(central, claims={**said, key: value}), "invalid", "facts"
    other = craft(world.hubs["hub"], header=header)
    yield "signed by another key", other, "invalid", "changed"
    altered = good.replace(b"Ana", b"Eva")
    yield "another name", altered, "invalid", "changed"
    yield "no signature", craft(central, signature=lambda _: bytes(64)), "invalid", "changed"
    yield "an issuer who is not listed", qr.payload(credential(), world.stranger), "unknown", "not_listed"
    yield "of a hub", qr.payload(credential(number=HUBS), world.hubs["hub"]), "valid", ""


def _lists(world: World, registered: bytes) -> Iterator[tuple[str, bytes, str, str]]:
    central = world.central
    yield "revoked", qr.payload(credential(number=REVOKED), central), "invalid", "revoked"
    yield "replaced", qr.payload(credential(number=REPLACED), central), "invalid", "replaced"
    yield "the new number", qr.payload(credential(number=NEW), central), "valid", ""
    for name, day, outcome, failed in (
        ("the first day of use", date(2026, 11, 23), "valid", ""),
        ("a course completed before its time of use", date(2026, 11, 22), "valid", ""),
        ("the last day of use", date(2027, 12, 24), "valid", ""),
        ("after its time of use", date(2027, 12, 25), "invalid", "out_of_time"),
    ):
        yield name, qr.payload(credential(issued_on=day), central), outcome, failed
    for name, day, outcome, failed in (
        ("retired later", NOW.date(), "valid", ""),
        ("retired before", TODAY, "invalid", "withdrawn_before"),
    ):
        yield name, qr.payload(credential(issued_on=day), world.hubs["retired"]), outcome, failed
    yield "stolen, registered", registered, "valid", ""
    yield "stolen, not registered", qr.payload(credential(), world.hubs["stolen"]), "invalid", "compromised"


def bad_lists(world: World, trust: Trust) -> Iterator[tuple[str, str]]:
    """Lists that nothing may be taken from."""
    keys_, numbers, received = (
        {**json.loads(each.raw)["payload"]} for each in (*trust.keys, *trust.numbers, *trust.received)
    )
    central, hub, root = world.central.key, world.hubs["hub"], world.authority.key
    for name, payload, key in (
        ("numbers of another issuer", {**numbers, "kid": hub.kid.hex()}, hub.key),
        ("numbers by another key", numbers, hub.key),
        ("numbers with something more", {**numbers, "more": 1}, central),
        ("numbers after the time of use", {**numbers, "issued": "2027-12-25"}, central),
        ("received by who may not", {**received, "kid": hub.kid.hex()}, hub.key),
        ("received of a key that is not listed", {**received, "of": world.stranger.kid.hex()}, central),
        ("keys by the issuer", keys_, central),
        ("keys with something more", {**keys_, "more": None}, root),
        ("keys of another root", {**keys_, "root": "00" * 32}, root),
        ("an entry with something less", {**keys_, "issuers": [{"kid": hub.kid.hex()}]}, root),
        ("withdrawn for another reason", _withdrawn(keys_, "lost"), root),
        ("another type", {**numbers, "type": "vereda numbers 2"}, central),
        ("a version in letters", {**numbers, "version": "4"}, central),
        ("a day in another way", {**numbers, "issued": "24-11-2026"}, central),
    ):
        yield name, signed.seal(payload, key).decode()


def _withdrawn(keys_: Mapping[str, Any], reason: str) -> Mapping[str, Any]:
    first = {**keys_["issuers"][0], "withdrawn": {"on": TODAY.isoformat(), "reason": reason}}
    return {**keys_, "issuers": [first, *keys_["issuers"][1:]]}


def passed_over(world: World, trust: Trust) -> Iterator[tuple[str, str]]:
    """Lists that change nothing: an older one, and one by a stolen key."""
    numbers = json.loads(trust.numbers[0].raw)["payload"]
    stolen = world.hubs["stolen"]
    yield "older", signed.seal({**numbers, "version": 2, "revoked": {}}, world.central.key).decode()
    theirs = {**numbers, "kid": stolen.kid.hex(), "issuer": stolen.kid.hex()}
    yield "by a stolen key", signed.seal(theirs, stolen.key).decode()


def trust_of(vectors: Mapping[str, Any]) -> Trust:
    """Whoever has the root and the lists of such a file."""
    trust = Trust(roots=(x509.load_pem_x509_certificate(vectors["certificate"].encode()),))
    for raw in vectors["lists"]:
        trust = trust.having(lists.read(raw.encode(), trust))
    return trust


def told(shown: str, trust: Trust, today: date = TODAY) -> list[str]:
    """The sentence of each check, by its name, as the program says them."""
    names = {sentence: name for name, sentence in SENTENCES.items()}
    try:
        payload = qr.parse(shown)
    except qr.NoCode as refusal:
        return [names[refusal.message]]
    found = qr.verify(payload, trust, datetime(today.year, today.month, today.day, tzinfo=UTC))
    return [names[each.sentence] for each in found.checks]


def text() -> str:
    """The whole file."""
    world = make_world()
    registered = qr.payload(credential(name="Registrada"), world.hubs["stolen"])
    trust = trusted(world, registered)
    names = ("name", "text", "outcome", "failed")
    made = {
        "today": TODAY.isoformat(),
        "later": LATER.isoformat(),
        "certificate": world.authority.certificate.public_bytes(Encoding.PEM).decode(),
        **{name: value for name, value in carried(trust).items() if name != "stores"},
        "bad_lists": dict(bad_lists(world, trust)),
        "passed_over": dict(passed_over(world, trust)),
        "cases": [
            {**dict(zip(names, case, strict=True)), "told": told(case[1], trust)} for case in cases(world, registered)
        ],
    }
    assert made["roots"][0]["id"] == world.authority.certificate.fingerprint(hashes.SHA256()).hex()  # type: ignore[index]
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
