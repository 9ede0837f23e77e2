"""The credential for machines: what it says, who agrees, and everything that is refused, each with its own sentence."""

import json
import os
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jsonschema import Draft201909Validator
from openbadgeslib.ob3.ldp import OB3LdpVerifier, verify_data_integrity_proof

from lms.certificates import badge, integrity, keys, linked, lists
from lms.certificates.badge import ADDED, MAX_BYTES, UNLIKE, verify
from lms.certificates.integrity import is_proved
from lms.certificates.judgement import COMPROMISED, RECEIVED, REPLACED, REVOKED, STALE, WITHDRAWN_BEFORE
from lms.certificates.keys import Authority, Issuer
from lms.certificates.multikey import did, from_multibase
from lms.certificates.signed import canonical
from lms.certificates.trust import Entry, Trust, Withdrawal, digest
from lms.certificates.verify import CHANGED, OUT_OF_TIME, UNKNOWN, UNSIGNED, Verification
from lms.i18n import Reader
from tests.certificates.conftest import READER, Make
from tests.conftest import NOW

TODAY = NOW.date()
AUDIT = bool(os.environ.get("LMS_REQUIRE_AUDIT"))
VENDOR = Path(__file__).parents[1] / "vendor"
NUMBER = "7K3Q-ZX0T-9B4M-E2-9"
TERMS = {
    *("@context", "id", "type", "name", "description", "issuer", "endorsement", "endorsementComment", "validFrom"),
    *("credentialSubject", "licenseNumber", "identifier", "identityHash", "identityType", "hashed", "achievement"),
    *("achievementType", "humanCode", "inLanguage", "criteria", "narrative", "credentialSchema"),
    *("proof", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"),
}
Change = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def authority(keys_folder: Path) -> Authority:
    return keys.load_authority(keys_folder)


@pytest.fixture(scope="module")
def entry(trust: Trust, issuer: Issuer) -> Entry:
    found = trust.issuer(issuer.kid)
    assert found
    return found


@pytest.fixture(scope="module")
def made(issuer: Issuer, credential: Make) -> bytes:
    return badge.sign(credential(number=NUMBER), issuer, READER, when=TODAY)


@pytest.fixture
def document(made: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(made)
    return found


def signed_again(document: dict[str, Any], issuer: Issuer) -> bytes:
    """The document as the issuer's key signs it, whatever it says."""
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    return canonical(integrity.prove(unsecured, issuer.badge_key, TODAY))


def failed(found: Verification) -> list[tuple[str, str]]:
    return [(each.name, each.sentence) for each in found.checks if not each.passed]


def judge(data: bytes, trust: Trust, outcome: str = "invalid") -> list[tuple[str, str]]:
    found = verify(data, trust, NOW)
    assert found.outcome == outcome
    return failed(found)


def mappings(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from mappings(each)


# What it says


def test_it_says_what_the_page_says_and_nothing_else(document: dict[str, Any], issuer: Issuer, made: bytes) -> None:
    assert {name for each in mappings(document) for name in each} == TERMS
    subject = document["credentialSubject"]
    assert subject["licenseNumber"] == NUMBER
    assert subject["identifier"][0]["identityHash"] == "Ana Lucía Pérez"
    assert "id" not in subject
    assert subject["achievement"]["name"] == document["name"] == "Curso de protección 2"
    assert subject["achievement"]["criteria"]["narrative"].startswith(
        "Haber completado el curso «Curso de protección 2»."
    )
    assert "Duración estimada: 1 hora." in document["description"]
    assert document["issuer"]["id"] == did(issuer.badge_key)
    assert document["validFrom"] == "2026-11-24T00:00:00Z"
    assert set(re.findall(rb"T(\d\d:\d\d:\d\d)", made)) == {b"00:00:00"}
    assert isinstance(document["proof"], list) and isinstance(document["issuer"]["endorsement"][0]["proof"], list)
    assert len(made) < 4000


def test_the_same_facts_give_the_same_bytes(made: bytes, issuer: Issuer, credential: Make) -> None:
    assert badge.sign(credential(number=NUMBER), issuer, READER, when=TODAY) == made
    assert badge.sign(credential(number=NUMBER), issuer, READER, when=TODAY + timedelta(days=1)) != made


def test_a_draft_and_a_demonstration_say_so_and_no_length_is_made_up(issuer: Issuer, credential: Make) -> None:
    english = Reader("en", ZoneInfo("UTC"))
    facts = credential(under_review=True, demonstration=True, hours=0, language="en")
    found = json.loads(badge.sign(facts, issuer, english, when=TODAY))
    narrative = found["credentialSubject"]["achievement"]["criteria"]["narrative"]
    for told in (found["description"], narrative):
        assert "was under review by specialists" in told and "has no value" in told
    assert "hour" not in json.dumps(found)
    plain = json.loads(badge.sign(credential(demonstration=False), issuer, english, when=TODAY))
    assert plain["description"] == "A course of Vereda. Estimated length: 1 hour."
    assert plain["credentialSubject"]["achievement"]["criteria"]["narrative"] == (
        "To have completed the course “Curso de protección 2”."
    )


# Who agrees


def test_the_schema_of_open_badges_agrees(document: dict[str, Any]) -> None:
    schema = json.loads((VENDOR / "ob_v3p0_achievementcredential_schema.json").read_text("utf-8"))
    validator = Draft201909Validator(schema, format_checker=Draft201909Validator.FORMAT_CHECKER)
    assert [each.message for each in validator.iter_errors(document)] == []
    word = document["issuer"]["endorsement"][0]
    part = {"$schema": schema["$schema"], "$defs": schema["$defs"], "$ref": "#/$defs/EndorsementCredential"}
    assert [each.message for each in Draft201909Validator(part).iter_errors(word)] == []
    assert list(validator.iter_errors({**document, "validFrom": 1}))


def test_openbadgeslib_agrees(made: bytes, document: dict[str, Any], authority: Authority) -> None:
    found = OB3LdpVerifier.for_issuer_did(document["issuer"]["id"]).verify(made)
    assert found.achievement.name == "Curso de protección 2"
    assert found.identifiers[0].identity_hash == "Ana Lucía Pérez"
    word = document["issuer"]["endorsement"][0]
    pem = authority.badge_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    verify_data_integrity_proof(word, pem)
    document["name"] = "Another"
    with pytest.raises(Exception, match="signature mismatch"):
        OB3LdpVerifier().verify(document)


def test_the_vector_of_the_recommendation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """W3C vc-di-eddsa, B.1 (eddsa-rdfc-2022): the same key signs the same document with the same bytes."""
    examples = "https://www.w3.org/ns/credentials/examples/v2"
    (tmp_path / "examples.json").write_text('{"@context":{"@vocab":"https://www.w3.org/ns/credentials/examples#"}}')
    monkeypatch.setattr(linked, "FILES", {**linked.FILES, examples: str(tmp_path / "examples.json")})
    key = Ed25519PrivateKey.from_private_bytes(
        from_multibase("z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq", 34)[2:]
    )
    assert did(key) == "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
    document = {
        "@context": [linked.CREDENTIALS, examples],
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential", "AlumniCredential"],
        "name": "Alumni Credential",
        "description": "A minimum viable example of an Alumni Credential.",
        "issuer": "https://vc.example/issuers/5678",
        "validFrom": "2023-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
    }
    proof = {**integrity.proof_of(did(key), TODAY), "created": "2023-02-24T23:36:38Z"}
    forms = (linked.canonical_form(each) for each in (document, integrity.with_context(proof, document)))
    made = integrity.proved(document, key, proof, *forms)
    assert made["proof"][0]["proofValue"] == (
        "z2YwC8z3ap7yx1nZYCg4L3j3ApHsF8kgPdSb5xoS1VR7vPG3F561B52hYnQF9iseabecm3ijx4K1FBTQsCZahKZme"
    )
    assert is_proved(made, did(key))


# What is valid


def test_it_is_valid_and_every_check_is_told(made: bytes, trust: Trust, entry: Entry, issuer: Issuer) -> None:
    found = verify(made, trust, NOW)
    assert found.outcome == "valid"
    assert [each.name for each in found.checks] == [
        *("signed", "whole", "unchanged", "issuer", "period", "key", "state", "lists")
    ]
    assert (found.number, found.kid, found.signer) == (NUMBER, issuer.kid, entry.did)
    assert found.signed_on and found.signed_on.isoformat() == "2026-11-24T00:00:00+00:00"


def test_whoever_has_the_root_alone_can_tell_too(made: bytes, trust: Trust) -> None:
    found = verify(made, Trust(roots=trust.roots), NOW)
    assert found.outcome == "valid" and found.kid == b""
    assert [each.name for each in found.checks] == ["signed", "whole", "unchanged", "issuer", "period"]


def test_written_with_other_blanks_it_is_the_same(made: bytes, document: dict[str, Any], trust: Trust) -> None:
    for data in (made + b"\n", json.dumps(document, indent=2).encode(), json.dumps(document, sort_keys=False).encode()):
        assert judge(data, trust, "valid") == []


def test_an_issuer_whom_the_root_has_listed_but_not_endorsed_yet(
    issuer: Issuer, credential: Make, trust: Trust
) -> None:
    bare = badge.sign(credential(), replace(issuer, endorsement={}), READER, when=TODAY)
    assert "endorsement" not in json.loads(bare)["issuer"]
    assert judge(bare, trust, "valid") == []
    assert judge(bare, Trust(roots=trust.roots), "unknown") == [("issuer", UNKNOWN)]


# What is not


def test_a_foreign_issuer_is_unknown(
    made: bytes, stranger: Issuer, issuer: Issuer, credential: Make, trust: Trust
) -> None:
    assert judge(made, Trust(roots=(stranger.root,)), "unknown") == [("issuer", UNKNOWN)]
    assert judge(made, Trust(roots=()), "unknown") == [("issuer", UNKNOWN)]
    foreign = badge.sign(credential(), stranger, READER, when=TODAY)
    assert judge(foreign, trust, "unknown") == [("issuer", UNKNOWN)]
    for word in (issuer.endorsement, own_word(stranger, issuer)):
        dressed = badge.sign(credential(), replace(stranger, endorsement=word), READER, when=TODAY)
        assert judge(dressed, trust, "unknown") == [("issuer", UNKNOWN)]


def own_word(stranger: Issuer, issuer: Issuer) -> dict[str, Any]:
    """Our root's word as a stranger would like it: the names are right, and the proof is hers."""
    word = json.loads(canonical(issuer.endorsement))
    word["credentialSubject"]["id"] = did(stranger.badge_key)
    unsecured = {name: value for name, value in word.items() if name != "proof"}
    made = integrity.prove(unsecured, stranger.badge_key, TODAY)
    made["proof"][0]["verificationMethod"] = word["proof"][0]["verificationMethod"]
    return made


@pytest.mark.parametrize("bit", range(8))
def test_no_flipped_bit_verifies(made: bytes, trust: Trust, bit: int) -> None:
    for place in range(len(made)) if AUDIT else random.Random(bit).sample(range(len(made)), 30):
        changed = bytearray(made)
        changed[place] ^= 1 << bit
        assert verify(bytes(changed), trust, NOW).outcome == "invalid", place


@pytest.mark.parametrize(
    "term", ["score", "email", "image", "@included", "@context", "https://schema.org/birthDate", "x\x1b" * 40]
)
def test_an_added_term_is_refused_wherever_it_stands(document: dict[str, Any], trust: Trust, term: str) -> None:
    for place in range(len(list(mappings(document)))):
        changed = json.loads(canonical(document))
        target = list(mappings(changed))[place]
        if term not in target:
            target[term] = "100"
            found = verify(canonical(changed), trust, NOW)
            assert (found.outcome, failed(found)) == ("invalid", [("whole", ADDED)])
            assert "\x1b" not in found.checks[-1].told(str)


def test_what_is_not_written_as_ours_are_is_refused(document: dict[str, Any], trust: Trust, issuer: Issuer) -> None:
    changes: list[Change] = [
        lambda each: each["proof"].append(each["proof"][0]),
        lambda each: each["proof"].clear(),
        lambda each: each.update({"@context": each["@context"][:2]}),
        lambda each: each["@context"].append({"name": "https://schema.org/score"}),
        lambda each: each["type"].reverse(),
        lambda each: each.pop("validFrom"),
        lambda each: each.update(validFrom="2026-11-24T09:15:00Z"),
        lambda each: each.update(validFrom="2026-11-24"),
        lambda each: each.update(id="7"),
        lambda each: each.update(name=["Another"]),
        lambda each: each.update(name="Two\nlines"),
        lambda each: each.update(name="\ud800"),
        lambda each: each.update(credentialSubject=[each["credentialSubject"]]),
        lambda each: each["credentialSubject"].update(licenseNumber="7K3Q-ZX0T-9B4M-E2-5"),
        lambda each: each["credentialSubject"].update(licenseNumber=NUMBER.lower()),
        lambda each: each["credentialSubject"].update(identifier=[]),
        lambda each: each["credentialSubject"]["identifier"][0].update(hashed=0),
        lambda each: each["issuer"].update(id="did:web:example.org"),
        lambda each: each["issuer"].update(endorsement=[]),
        lambda each: each["issuer"]["endorsement"][0]["credentialSubject"].update(endorsementComment="Always."),
        lambda each: each["issuer"]["endorsement"][0]["credentialSubject"].update(id=each["issuer"]["id"] + "1"),
        lambda each: each["proof"][0].update(cryptosuite="eddsa-jcs-2022"),
        lambda each: each["proof"][0].update(proofValue="z11" + each["proof"][0]["proofValue"][1:]),
        lambda each: each["proof"][0].pop("proofValue"),
    ]  # fmt: skip
    for place, change in enumerate(changes):
        changed = json.loads(canonical(document))
        change(changed)
        assert judge(json.dumps(changed).encode(), trust) == [("whole", UNLIKE)], place


def test_what_is_no_credential_at_all_says_so(made: bytes, trust: Trust) -> None:
    twice = made.replace(b'{"@context"', b'{"name":"Another","@context"', 1)
    for data in (
        *(b"", b"{", b"[]", b"null", b"7", b'{"proof":1}', b"\xff\xfe", b"[" * 5000, made.decode().encode("utf-16")),
        *(twice, b"\xef\xbb\xbf" + made, made + b" " * MAX_BYTES, made + made),
    ):
        assert judge(data, trust) == [("signed", UNSIGNED)]


def test_a_changed_text_or_another_key_is_told_as_a_change(
    document: dict[str, Any], trust: Trust, stranger: Issuer
) -> None:
    document["credentialSubject"]["identifier"][0]["identityHash"] = "Eva"
    assert judge(canonical(document), trust) == [("unchanged", CHANGED)]
    assert judge(signed_again(document, stranger), trust) == [("unchanged", CHANGED)]


def test_a_proof_by_another_method_is_none(document: dict[str, Any]) -> None:
    assert is_proved(document, document["issuer"]["id"])
    document["proof"][0]["verificationMethod"] += "x"
    assert not is_proved(document, document["issuer"]["id"])


@pytest.mark.parametrize("days", [-2, 396, 4000])
@pytest.mark.parametrize("alone", [True, False])
def test_a_key_out_of_its_time_of_use_is_refused(
    issuer: Issuer, credential: Make, trust: Trust, days: int, alone: bool
) -> None:
    late = badge.sign(credential(), issuer, READER, when=TODAY + timedelta(days=days))
    assert judge(late, Trust(roots=trust.roots) if alone else trust) == [("period", OUT_OF_TIME)]


def test_what_the_lists_say_is_told(
    made: bytes,
    document: dict[str, Any],
    trust: Trust,
    authority: Authority,
    issuer: Issuer,
    entry: Entry,
    stranger: Issuer,
) -> None:
    central = lists.listed(stranger.certificate, stranger.badge_key.public_key(), countersigns=True)
    yesterday, new = TODAY - timedelta(days=1), "8M4R-0000-9B4M-H7-K"

    def listing(withdrawn: Withdrawal | None) -> Trust:
        entries = (replace(entry, withdrawn=withdrawn), central)
        return trust.having(
            lists.sign_keys(entries, authority.key, authority.certificate, authority.badge_key, version=9, now=NOW)
        )

    def numbers(revoked: dict[str, date], replaced: dict[str, tuple[date, str]]) -> Trust:
        made = lists.sign_numbers(entry, issuer.key, revoked=revoked, replaced=replaced, version=1, now=NOW)
        return trust.having(made)

    stolen = listing(Withdrawal(TODAY, "stolen"))
    assert judge(made, listing(Withdrawal(yesterday, "retired"))) == [("key", WITHDRAWN_BEFORE)]
    assert judge(made, stolen) == [("key", COMPROMISED)]
    assert judge(made, numbers({NUMBER: TODAY}, {})) == [("state", REVOKED)]
    assert judge(made, numbers({}, {NUMBER: (TODAY, new)})) == [("state", REPLACED)]
    assert judge(made, numbers({"8M4R-0000-9B4M-H7-K": TODAY}, {}), "valid") == []
    days = {digest(made): TODAY}
    saved = stolen.having(lists.sign_received(central, stranger.key, of=entry.kid, days=days, version=1, now=NOW))
    for data in (made, json.dumps(document, indent=1).encode()):  # what central registered, however it is written
        found = verify(data, saved, NOW)
        assert found.outcome == "valid"
        assert RECEIVED in [each.sentence for each in found.checks]
    later = verify(made, trust, NOW + timedelta(days=401))
    assert later.outcome == "valid" and STALE in [each.sentence for each in later.checks if each.warning]


def test_each_refusal_has_its_own_sentence() -> None:
    told = [ADDED, UNLIKE, UNSIGNED, CHANGED, UNKNOWN, OUT_OF_TIME, WITHDRAWN_BEFORE, COMPROMISED, REVOKED, REPLACED]
    spanish = [READER.gettext(each) for each in told]
    assert len(set(told)) == len(set(spanish)) == 10
    assert not set(told) & set(spanish)
