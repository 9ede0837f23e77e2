"""Bookmarks and notes in place: with the keyboard, while typing, and where the script can do nothing."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import new_page, register
from tests.installation import Installation
from tests.journeys.test_scroll import no_connection, paying_portal

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group(__name__)]
HOME = "/courses/muestrario/m-casa"


def reader(browser: Browser, served: Installation, name: str, **options: bool) -> Page:
    """Somebody at the module with the reflection."""
    page = new_page(browser, **options)
    register(page, served.url, name, "Ana")
    page.goto(served.url + HOME)
    return page


def test_a_section_is_marked_and_noted_where_it_stands(served: Installation, browser: Browser) -> None:
    page = reader(browser, served, "anota")
    button = page.locator(".keep-mark").first
    expect(button).to_have_attribute("aria-expanded", "false")
    button.focus()
    page.keyboard.press("Enter")
    box = page.locator(".noting")
    expect(box).to_be_focused()
    expect(button).to_have_class("keep-mark marked")
    with page.expect_response(lambda answer: answer.url.endswith("/me/notes/write") and answer.status == 204):
        box.locator("textarea").fill("Una nota a medias")
    page.reload()
    expect(page.locator("#page-kept")).to_contain_text("Una nota a medias")
    button.click()
    box.locator("textarea").fill("Y otra")
    box.locator(".button").click()
    expect(box.locator(".note")).to_have_count(2)
    box.locator(".noting-mark button").click()
    expect(box.locator(".noting-mark")).to_contain_text("Poner un marcador aquí")
    expect(page.locator("#page-kept .note-text")).to_have_count(2)
    button.click()
    expect(box).to_have_count(0)
    expect(button).to_have_attribute("aria-expanded", "false")


def test_only_what_she_keeps_of_her_thoughts_is_sent(served: Installation, browser: Browser) -> None:
    page = reader(browser, served, "piensa")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    thought = page.locator(".reflection textarea")
    thought.fill("Pienso-algo")
    thought.blur()
    page.locator(".keep-mark").first.click()
    expect(page.locator(".noting")).to_be_visible()
    assert not [each for each in sent if "Pienso-algo" in each]
    page.locator(".reflection button").click()
    expect(page.locator(".reflection [role=status]")).to_have_text("Ya está en sus notas.")
    thought.fill("Pienso-algo-más")
    page.locator(".reflection button").click()
    expect(page.locator("#page-kept")).to_contain_text("Pienso-algo-más")
    expect(page.locator("#page-kept .note-text")).to_have_count(1)


@pytest.mark.parametrize("javascript", [False, True])
def test_without_the_script_or_its_answer_the_page_of_the_place_comes(
    served: Installation, browser: Browser, javascript: bool
) -> None:
    page = reader(browser, served, f"simple{javascript}".lower(), javascript=javascript)
    if javascript:
        page.route(
            "**/me/notes/mark",
            lambda route: route.fulfill(status=500) if route.request.headers.get("x-fragment") else route.continue_(),
        )
    page.locator(".keep-mark").first.click()
    page.wait_for_url("**/me/notes/here?**")
    expect(page.locator(".noting-mark")).to_contain_text("Marcado")
    page.fill(".noting textarea", "Sin script")
    page.click(".noting .button")
    expect(page.locator(".noting .note")).to_contain_text("Sin script")
    page.get_by_text("Volver a la lectura").click()
    page.wait_for_url(f"**{HOME}#*")
    expect(page.locator("#page-kept")).to_contain_text("Sin script")


def test_without_a_connection_the_page_stays_with_what_was_written(served: Installation, browser: Browser) -> None:
    page = reader(browser, served, "sin-red")
    button = page.locator(".keep-mark").first
    for answer in (no_connection, paying_portal):
        page.route("**/me/notes/**", answer)
        button.click()
        expect(button.locator("xpath=following::p[@role='status'][1]")).to_have_text(
            "Todavía no se guardó: no hay conexión."
        )
        page.unroute_all(behavior="wait")
    button.click()
    box = page.locator(".noting")
    expect(box).to_be_focused()
    for answer in (no_connection, paying_portal):
        page.route("**/me/notes/**", answer)
        box.locator("textarea").fill("Escrita sin red")
        box.locator(".button").click()
        expect(box.locator("[data-status]")).to_have_text("Todavía no se guardó: no hay conexión.")
        assert box.locator("textarea").input_value() == "Escrita sin red"
        page.unroute_all(behavior="wait")
    box.locator(".button").click()
    expect(box.locator(".note")).to_contain_text("Escrita sin red")
    expect(page.locator("#page-kept .note-text")).to_have_count(1)
    assert page.url == served.url + HOME
