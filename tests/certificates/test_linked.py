"""What a proof signs: the bundled contexts and no other, nothing dropped, and the quick way the same as PyLD's."""

import hashlib
import json
import re
import socket
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.certificates import badge, integrity, linked
from lms.certificates.credential import Credential
from lms.certificates.integrity import CONTROLS
from lms.certificates.keys import Issuer
from lms.certificates.linked import Dropped, NoContext, Template, canonical_form, slot
from lms.certificates.multikey import did, from_multibase, multibase
from lms.certificates.signed import canonical
from lms.i18n import Reader
from tests.certificates.conftest import READER, Make

DAY = date(2026, 11, 24)
LINE = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40)
TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=40) | st.sampled_from(
    ["_:c14n0", "urn:slot:name", "{name}", '"\\', "\n", "https://example.org/", "@id", "", "e\u0301"]
)


def unsigned(data: bytes) -> dict[str, Any]:
    return {name: value for name, value in json.loads(data).items() if name != "proof"}


def test_the_contexts_are_those_that_were_published() -> None:
    told = (linked.FOLDER / "README.txt").read_text("utf-8")
    for name in linked.FILES.values():
        assert hashlib.sha256((linked.FOLDER / name).read_bytes()).hexdigest() in told


def test_whose_the_contexts_are_stands_beside_them() -> None:
    told = (linked.FOLDER / "NOTICE.txt").read_text("utf-8")
    for name in linked.FILES.values():
        assert name in told
    for asked in ("AND COPYRIGHT HOLDERS MAKE NO REPRESENTATIONS", "W3C® Software and Document License", "speclicense"):
        assert asked in told


def test_no_context_is_fetched(monkeypatch: pytest.MonkeyPatch, issuer: Issuer, credential: Make) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("network")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    badge._templates.cache_clear()
    document = unsigned(badge.sign(credential(), issuer, READER, when=DAY))
    assert canonical_form(document)
    for foreign in ("https://example.org/context.json", "file:///etc/hostname", linked.CREDENTIALS + "/"):
        with pytest.raises(ValueError):
            canonical_form({**document, "@context": [*document["@context"], foreign]})
    with pytest.raises(NoContext):
        linked._bundled("https://example.org/context.json", {})


def test_a_term_that_no_context_defines_is_not_dropped_in_silence(issuer: Issuer, credential: Make) -> None:
    document = unsigned(badge.sign(credential(), issuer, READER, when=DAY))
    for changed in ({**document, "score": "100"}, {**document, "issuer": {**document["issuer"], "hub": "North"}}):
        with pytest.raises(Dropped):
            canonical_form(changed)


def test_everything_that_a_credential_says_is_signed(issuer: Issuer, credential: Make) -> None:
    document = unsigned(badge.sign(credential(), issuer, READER, when=DAY))
    form = canonical_form(document)
    forms = {canonical_form(changed) for changed in changes(document)}
    assert form not in forms
    assert len(forms) == len(list(changes(document))) > 25


def changes(value: Any, path: tuple[Any, ...] = ()) -> Iterator[Any]:
    """The document with each of its texts changed, one after the other; but for contexts and types, which are names."""
    if isinstance(value, dict):
        for name, each in value.items():
            if name not in ("@context", "type"):
                yield from ({**value, name: changed} for changed in changes(each, (*path, name)))
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from ([*value[:place], changed, *value[place + 1 :]] for changed in changes(each, (*path, place)))
    elif isinstance(value, bool):
        yield not value
    elif path[-1] == "proofPurpose":
        yield "authentication"
    else:
        yield value + "x"


@given(data=st.binary(min_size=1, max_size=64))
def test_bytes_have_one_spelling(data: bytes) -> None:
    text = multibase(data)
    assert from_multibase(text, len(data)) == data
    for other in ("z1" + text[1:], "u" + text[1:], text + "0", "z" + 200 * "z"):
        with pytest.raises(ValueError):
            from_multibase(other, len(data))


@given(values=st.fixed_dictionaries({"one": TEXT, "two": TEXT, "three": TEXT}))
@settings(max_examples=60, deadline=None)
def test_a_template_filled_is_what_pyld_makes(values: dict[str, str]) -> None:
    def document(said: dict[str, str]) -> dict[str, Any]:
        return {
            "@context": [linked.CREDENTIALS, linked.BADGES],
            "id": "urn:uuid:1",
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": said["one"],
            "credentialSubject": {
                "type": ["AchievementSubject"],
                "licenseNumber": said["two"],
                "achievement": {"type": ["Achievement"], "criteria": {"narrative": said["three"]}},
            },
        }

    assert Template(document({name: slot(name) for name in values})).filled(values) == canonical_form(document(values))


@given(
    name=TEXT,
    title=TEXT,
    program=TEXT,
    issued_by=TEXT,
    code=LINE,
    hours=st.sampled_from([0, 1, 1.5, 20]),
    review=st.booleans(),
    language=st.sampled_from(["es", "en", "quc"]),
)
@settings(max_examples=40, deadline=None)
def test_what_is_signed_is_what_pyld_makes_of_the_file(
    issuer: Issuer,
    credential: Make,
    name: str,
    title: str,
    program: str,
    issued_by: str,
    code: str,
    hours: float,
    review: bool,
    language: str,
) -> None:
    facts: Credential = credential(
        name, title=title, program=program, issuer=issued_by, code=code, hours=hours, under_review=review
    )
    data = badge.sign(Credential(**{**asdict(facts), "language": language}), issuer, reader(language), when=DAY)
    signed = json.loads(data)
    assert canonical(signed) == data
    assert integrity.is_proved(signed, did(issuer.badge_key))
    assert signed["credentialSubject"]["identifier"][0]["identityHash"] == CONTROLS.sub(" ", name)
    assert not re.search(rb"[\x00-\x1f\x7f]", data)


def reader(language: str) -> Reader:
    return Reader(language, ZoneInfo("UTC"))
