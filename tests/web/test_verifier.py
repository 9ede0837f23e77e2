"""`/v`: a page for everybody that asks nothing of who comes, the lists it goes by, and the script that keeps it."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from lms.certificates import keys, lists
from lms.certificates.shelf import Shelf
from lms.certificates.trust import Trust, Withdrawal
from lms.services.common.registers import shelf_of
from lms.web.public.verifier import SENTENCES, carried
from tests.conftest import NOW
from tests.web.client import Client, words
from tests.web.conftest import site_of

OUTCOMES = (
    "Este certificado es auténtico",
    "Este certificado fue revocado",
    "Este certificado fue reemplazado",
    "Aquí no se conoce a quien lo emitió",
    "Este no es un certificado auténtico",
)


@pytest.fixture
def trust(app: Flask) -> Trust:
    """The installation's own lists, the numbers' among them."""
    settings = site_of(app).settings
    shelf, book = shelf_of(settings), keys.load_authority(settings.keys).book
    assert book
    shelf.take(book.raw)
    issuer, trust = keys.load_issuer(settings.keys), shelf.load()
    entry = trust.issuer(issuer.kid)
    assert entry
    shelf.take(lists.sign_numbers(entry, issuer.key, revoked={}, replaced={}, version=1, now=NOW).raw)
    return shelf.load()


def test_the_page_has_every_outcome_and_sentence_in_both_languages(anybody: Client) -> None:
    told = words(anybody.get("/v"))
    for outcome in OUTCOMES:
        assert outcome in told
    english = words(anybody.get("/v?lang=en")).replace("'", "’")
    for sentence in SENTENCES.values():
        assert " ".join(sentence.replace("'", "’").split()) in english
        assert sentence not in told
    assert 'lang="es"' in anybody.get("/v?lang=zz").get_data(as_text=True)


def test_without_a_script_the_number_and_the_file_are_left_and_the_code_says_why(anybody: Client) -> None:
    text = anybody.get("/v").get_data(as_text=True)
    assert re.search(r"<form [^>]*data-code>.*?<fieldset [^>]*disabled>", text, re.DOTALL)
    assert re.search(r"<noscript>.*necesita JavaScript, que aquí no funciona.*</noscript>", text)
    forms = [(form.method, form.action, [name for name, _ in form.fields]) for form in anybody.forms("/v")]
    assert ("get", "/verify", ["number"]) in forms
    assert ("post", "/verify", ["csrf", "file"]) in forms


def test_the_field_for_a_code_could_not_be_sent(anybody: Client) -> None:
    field = re.findall(r"<textarea [^>]*>", anybody.get("/v").get_data(as_text=True))
    assert len(field) == 1
    assert " name=" not in field[0]


def test_the_lists_are_those_that_the_installation_trusts(app: Flask, anybody: Client, trust: Trust) -> None:
    answer = anybody.get("/v/lists.json")
    assert answer.headers["Content-Type"] == "application/json"
    found = answer.get_json()
    assert [each["name"] for each in found["roots"]] == ["Vereda (demo)"]
    again = Trust(roots=trust.roots)
    for raw in found["lists"]:
        again = again.having(lists.read(raw.encode(), again))
    assert again == trust
    assert "Set-Cookie" not in answer.headers


def test_a_spoilt_list_is_no_list(app: Flask, anybody: Client, trust: Trust) -> None:
    (site_of(app).settings.trust / f"numbers-{trust.numbers[0].issuer.hex()}.json").write_bytes(b"{}")
    assert anybody.get("/v/lists.json").status_code == 400
    assert anybody.get("/v").status_code == 200


def test_of_what_central_received_only_that_of_stolen_keys_is_carried(app: Flask, trust: Trust) -> None:
    authority, issuer = keys.load_authority(site_of(app).settings.keys), keys.load_issuer(site_of(app).settings.keys)
    entry = trust.keys[0].entries[0]
    other = replace(entry, kid=b"otherkey", issuer=b"otherkey")
    for withdrawn, carries in (
        (None, 2),
        (Withdrawal(NOW.date(), "retired"), 2),
        (Withdrawal(NOW.date(), "stolen"), 3),
    ):
        entries = (entry, replace(other, withdrawn=withdrawn))
        made = lists.sign_keys(
            entries, authority.key, authority.certificate, authority.badge_key, version=3, now=NOW + timedelta(days=1)
        )
        received = lists.sign_received(entry, issuer.key, of=other.kid, days={"x" * 22: NOW.date()}, version=1, now=NOW)
        assert len(carried(trust.having(made).having(received))["lists"]) == carries  # type: ignore[arg-type]


def test_the_worker_keeps_the_page_and_what_it_needs_and_nothing_else(app: Flask, anybody: Client) -> None:
    answer = anybody.get("/v/worker.js?lang=en")
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Service-Worker-Allowed"] == "/v"
    found = re.match(r"const KEPT = (.*);\nconst DIGEST = \"([0-9a-f]{16})\";\n", answer.get_data(as_text=True))
    assert found
    kept = json.loads(found[1])
    static = site_of(app).assets.url
    assert kept == {
        "/v": "/v?lang=en",
        "/v/lists.json": "/v/lists.json",
        **{static(name): static(name) for name in ("css/vereda.css", "js/code.js", "icons/favicon.svg")},
    }
    page = anybody.get("/v?lang=en").get_data(as_text=True)
    assert set(re.findall(r'(?:src|href)="(/s/[^"]+)"', page)) <= set(kept)
    for address in kept.values():
        assert anybody.get(address).status_code == 200


def test_the_worker_is_another_one_when_what_it_keeps_is(app: Flask, anybody: Client) -> None:
    first = anybody.get("/v/worker.js").get_data()
    assert anybody.get("/v/worker.js").get_data() == first
    assert anybody.get("/v/worker.js?lang=en").get_data() != first
    shelf = shelf_of(site_of(app).settings)
    assert isinstance(shelf, Shelf)
    root = site_of(app).settings.keys / "root.pem"
    other = site_of(app).settings.instance / "other"
    other.mkdir()
    keys.create(other, issuer_code="ZZ", organisation="Another", now=NOW)
    root.write_bytes((other / "root.pem").read_bytes())
    assert anybody.get("/v/worker.js").get_data() != first


def test_the_page_of_a_number_leads_to_that_of_codes(anybody: Client) -> None:
    assert 'href="/v"' in anybody.get("/verify").get_data(as_text=True)
