"""A module's HTML is the same for everybody: nothing of a learner, her session or the address is in it."""

import re

import pytest
from flask import Flask

from lms.content.passages import passages
from lms.storage.releases import Release
from lms.web.frame.session import csrf_token
from lms.web.frame.site import site
from lms.web.learner import blocks
from tests.web.client import Client
from tests.web.conftest import signed_in, site_of
from tests.web.learner import COURSE, UNO, right_answers


def release_of(app: Flask) -> Release:
    with site_of(app).database.reading() as tx:
        found = site_of(app).desk.catalogue.live(tx, "demo-course")
    assert found
    return found


def rendered(app: Flask, client: Client, address: str) -> tuple[str, str]:
    """All finished HTML of the course as a request of that person makes it, and her token."""
    blocks._pieces.cache_clear()
    blocks._tail.cache_clear()
    release = release_of(app)
    edition = release.course.editions["es"]
    cookie = client.browser.get_cookie("s")
    assert cookie
    headers = {"Cookie": f"s={cookie.value}", "Accept-Language": "es"}
    with app.test_request_context(f"{COURSE}/m-uno", base_url=address, headers=headers):
        app.preprocess_request()
        made = [
            str(piece)
            for each in edition.modules.values()
            for piece in blocks.pieces(release, each)
            if isinstance(piece, str)
        ]
        made += [str(blocks.tail(release, each, edition)) for each in edition.modules.values()]
        token = csrf_token()
        assert site() is site_of(app)
    return "\n".join(made), token


@pytest.fixture
def busy(app: Flask) -> Client:
    """Ana, who has answered, saved a draft and ended a module."""
    ana = signed_in(app, "ana-la-aplicada")
    form = ana.form(UNO, "/quiz/q-a")
    ana.send(form, ("act", "check"), **{k.replace("-", "__"): v for k, v in right_answers(ana, form).items()})
    ana.send(ana.form(UNO, "/quiz/q-d"), ("act", "save"))
    ana.send(ana.form(f"{COURSE}/m-dos", "/scenario/e-camino"), ending="llegada")
    return ana


def test_the_html_of_blocks_is_the_same_for_everybody(app: Flask, busy: Client) -> None:
    beto = signed_in(app, "beto-el-nuevo")
    hers, her_token = rendered(app, busy, "http://localhost")
    his, his_token = rendered(app, beto, "https://otra.example")
    assert her_token != his_token
    assert hers == his
    assert len(hers) > 1000
    for told in (
        "ana-la-aplicada",
        "Ana-La-Aplicada",
        her_token,
        "csrf",
        "<form",
        "<input",
        "localhost",
        release_of(app).digest,
    ):
        assert told not in hers, told


def test_the_html_of_blocks_has_no_address_of_this_place(app: Flask, ana: Client) -> None:
    html, _ = rendered(app, ana, "http://aqui.example")
    addresses = re.findall(r'(?:href|src|action)="([^"]*)"', html)
    assert any(each.startswith("/media/") for each in addresses)
    assert all(re.match(r"#|/media/[0-9a-f]{64}$|https://|mailto:|tel:", each) for each in addresses)
    assert "aqui.example" not in html


def test_every_passage_stands_where_its_link_leads(app: Flask, ana: Client) -> None:
    texts: dict[str, str] = {}
    edition = release_of(app).course.editions["es"]
    for passage in passages(edition):
        path = f"{COURSE}/{passage.module}".rstrip("/")
        html = texts.setdefault(path, ana.get(path).get_data(as_text=True))
        assert passage.title in html
        assert not passage.anchor or f'id="{passage.anchor}"' in html


def test_the_words_of_a_leaf_are_escaped_once(app: Flask) -> None:
    with app.test_request_context("/"):
        made = app.jinja_env.from_string("{{ leaf|plain }}").render(leaf="Ana &amp; <em>Beto</em> &lt;3")
    assert made == "Ana &amp; Beto &lt;3"
