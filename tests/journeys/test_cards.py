"""A login card read by a phone's camera: its secret reaches the form and no address that is sent."""

import re

import pytest
from playwright.sync_api import Browser, Request, expect

from tests.browser import new_page, type_first
from tests.installation import Installation

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group(__name__)]
LIST = "usuario,nombre\ntere.card,Tere Caal\n"


def test_a_card_is_printed_read_and_lets_in_with_its_pin(served: Installation, browser: Browser) -> None:
    said = served.lms("users", "add", "carla.card", "--role", "coordinator")
    passphrase = said.strip().partition(": ")[2]
    desk = new_page(browser)
    desk.goto(served.url + "/login")
    desk.fill("[name=username]", "carla.card")
    desk.fill("[name=passphrase]", passphrase)
    desk.click("main form button[type=submit]")
    desk.goto(served.url + "/me/passphrase")
    desk.fill("[name=old]", passphrase)
    desk.fill("[name=passphrase]", "tres palabras sueltas")
    desk.click("main form button[type=submit]")
    desk.goto(served.url + "/consent")
    desk.click("main form button[value=yes]")
    desk.goto(served.url + "/staff/cohorts/new")
    desk.fill("[name=name]", "Tarjetas")
    desk.check("[name=courses] >> nth=0")
    desk.click("main form button[type=submit]")
    desk.wait_for_url("**done=made*")
    desk.goto(desk.url.partition("/edit")[0] + "/import")
    desk.set_input_files("[name=file]", {"name": "a.csv", "mimeType": "text/csv", "buffer": LIST.encode()})
    desk.click("main form button[type=submit]")
    desk.click("main form button[type=submit]")
    type_first(desk, "tres palabras sueltas")
    desk.click("form[action$='/passphrases'] button[formaction]")
    desk.wait_for_url("**/cards")
    told = desk.inner_text("main")
    card, pin = re.search(r"\b(?:\w{5}-){5}\w\b", told), re.search(r"PIN: (\d{6})", told)
    assert card and pin
    secret = card[0].replace("-", "")
    desk.context.close()

    phone = new_page(browser, viewport={"width": 360, "height": 740})
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(_said(request)))
    phone.goto(f"{served.url}/card#{secret}")
    expect(phone.locator("[name=card]")).to_have_value(secret)
    assert phone.url == f"{served.url}/card"
    assert not any(secret in each for each in asked)
    phone.fill("[name=pin]", pin[1])
    phone.click("main form button[type=submit]")
    phone.wait_for_url("**/consent**")
    assert [secret in each for each in asked].count(True) == 1  # the body of the form, and nothing else
    assert not any(secret in each.split("\n")[0] for each in asked)


def _said(request: Request) -> str:
    """A request's address and where it says that it comes from, then what it sends."""
    return f"{request.url} {request.headers.get('referer', '')}\n{request.post_data or ''}"
