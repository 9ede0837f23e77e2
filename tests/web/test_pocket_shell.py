"""The page that a phone keeps: the same bytes for everybody, and whole versions of it."""

import hashlib
import json
import re
from collections.abc import Callable

import pytest
from flask import Flask

from lms.web.frame.secure import is_secure
from tests.web.client import Client
from tests.web.conftest import site_of

PARTS = (
    "/pocket",
    "/pocket/worker.js",
    "/pocket/words.es.html",
    "/pocket/exit.en.html",
    "/pocket/manifest.webmanifest",
)


def constants(client: Client) -> dict[str, object]:
    script = client.get("/pocket/worker.js").get_data(as_text=True)
    found = re.findall(r"^const (VERSION|KEPT|LANGUAGES) = (.*);$", script, flags=re.MULTILINE)
    return {name: json.loads(value) for name, value in found}


def test_everybody_gets_the_same_bytes(app: Flask, ana: Client, anybody: Client) -> None:
    english = {"Accept-Language": "en", "Cookie": "lang=en; look=dark"}
    for path in PARTS:
        answers = [anybody.get(path), anybody.get(f"{path}?lang=en", headers=english), ana.get(path)]
        assert {answer.status_code for answer in answers} == {200}, path
        assert len({answer.get_data() for answer in answers}) == 1, path
        for answer in answers:
            assert answer.headers["Vary"] == "Accept-Encoding"
            assert "Set-Cookie" not in answer.headers


def test_nothing_of_whoever_asks_is_in_it(app: Flask, ana: Client) -> None:
    assert ana.person
    for path in PARTS:
        body = ana.get(path).get_data(as_text=True)
        for hers in (ana.person.id, "csrf", "http://", "https://"):
            assert hers not in body, (path, hers)


def test_the_worker_keeps_every_file_of_the_page_and_knows_its_hash(app: Flask, anybody: Client) -> None:
    known = constants(anybody)
    kept = known["KEPT"]
    assert isinstance(kept, dict)
    for path, sha256 in kept.items():
        assert hashlib.sha256(anybody.get(path).get_data()).hexdigest() == sha256, path
    page = anybody.get("/pocket").get_data(as_text=True)
    needed = set(re.findall(r'(?:src|href)="(/[^"]*)"', page))
    assert needed - kept.keys() == {"/pocket/why", site_of(app).assets.url("icons/app-192.png")}
    scripts = {name for name in site_of(app).assets.names if name.startswith("js/pocket/")}
    assert {site_of(app).assets.url(name) for name in scripts} <= kept.keys()
    assert f'data-version="{known["VERSION"]}"' in page
    for language in site_of(app).settings.languages:
        assert f"/pocket/words.{language}.html" in kept


def test_what_scripts_import_is_there(app: Flask, anybody: Client) -> None:
    kept = constants(anybody)["KEPT"]
    assert isinstance(kept, dict)
    for path in [path for path in kept if "/js/pocket/" in path]:
        for name in re.findall(r'(?:from|import\()\s*"(\./[^"]+)"', anybody.get(path).get_data(as_text=True)):
            assert path.rpartition("/")[0] + name[1:] in kept, (path, name)


def test_a_language_that_is_not_spoken_has_no_words(anybody: Client) -> None:
    assert anybody.get("/pocket/words.fr.html").status_code == 404


INSECURE = "http://192.168.4.1:8080"


def test_the_course_leads_to_where_its_size_is_shown_and_it_is_taken_along(ana: Client, anybody: Client) -> None:
    assert 'href="/pocket#/take/demo-course"' in ana.get("/courses/demo-course").get_data(as_text=True)
    assert "/pocket#" not in anybody.get("/courses/demo-course").get_data(as_text=True)


def test_over_plain_http_it_says_that_it_cant_be_taken_along_and_what_works(app: Flask, ana: Client) -> None:
    session = ana.browser.get_cookie("s")
    assert session
    ana.browser.set_cookie("s", session.value, domain="192.168.4.1")
    page = ana.get("/courses/demo-course", base_url=INSECURE).get_data(as_text=True)
    assert "/pocket#" not in page
    assert 'href="/pocket/why"' in page
    why = ana.get("/pocket/why", base_url=INSECURE).get_data(as_text=True)
    assert "https" in why
    assert 'href="/pocket/hand-in"' in why
    assert "cursos.example.org" not in why


def test_it_leads_to_the_main_site_where_that_is_known(make_app: Callable[..., Flask]) -> None:
    why = Client(make_app(verify_base="https://cursos.example.org")).get("/pocket/why", base_url=INSECURE)
    assert 'href="https://cursos.example.org"' in why.get_data(as_text=True)


@pytest.mark.parametrize(
    ("host", "https", "secure"),
    [
        ("localhost", False, True),
        ("127.0.0.1:8080", False, True),
        ("[::1]:8080", False, True),
        ("x.localhost", False, True),
        ("192.168.4.1", False, False),
        ("hub.local", False, False),
        ("hub.local", True, True),
        ("localhost.example.org", False, False),
    ],
)
def test_what_browsers_take_for_secure(make_app: Callable[..., Flask], host: str, https: bool, secure: bool) -> None:
    with make_app(https=https).test_request_context("/", headers={"Host": host}):
        assert is_secure() is secure
