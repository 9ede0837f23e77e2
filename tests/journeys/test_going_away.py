"""Leaving in a hurry and going away, as a browser with JavaScript does it."""

import re

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import DESKTOP, new_page, register, sign_in
from tests.installation import Installation
from tests.tour.steps import COURSE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group(__name__)]
PRACTICE = "/courses/muestrario/m-preguntas"
MODULE = f"{COURSE}/m-que-es"
FIELD = "[name=q-etiqueta]"
BAR = ".lock [role=status]"


def at(browser: Browser, served: Installation, username: str, path: str, *, clock: bool = True) -> Page:
    """Somebody signed in on that page, whose clock the test sets."""
    page = new_page(browser, viewport=DESKTOP, reduced_motion="reduce")
    register(page, served.url, username, "Ana")
    if clock:
        page.clock.install()
    page.goto(served.url + path)
    return page


def settle(page: Page) -> None:
    """Whatever scrolling the last act set off is over: it counts as hers."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def test_a_minute_before_a_quiet_bar_says_so(served: Installation, browser: Browser) -> None:
    page = at(browser, served, "quieta", PRACTICE)
    page.locator(FIELD).focus()
    settle(page)
    page.clock.fast_forward("12:20")  # its seconds go on meanwhile
    assert page.locator(BAR).inner_text() == ""
    page.clock.fast_forward("00:50")
    assert "la sesión se cerrará en 1 minuto" in page.locator(BAR).inner_text()
    assert page.evaluate("document.activeElement.name") == "q-etiqueta"
    field, bar = page.locator(FIELD).bounding_box(), page.locator(".lock").bounding_box()
    assert field
    assert bar
    assert field["y"] + field["height"] <= bar["y"] or bar["y"] + bar["height"] <= field["y"]
    page.get_by_role("button", name="Sigo aquí").click()
    assert page.locator(BAR).inner_text() == ""
    page.clock.fast_forward("12:00")
    assert page.locator(FIELD).is_visible()


def test_the_bar_moves_out_of_the_way_of_what_has_the_focus(served: Installation, browser: Browser) -> None:
    page = at(browser, served, "aparta", MODULE)
    page.locator("main button:visible").last.focus()
    page.evaluate("scrollBy(0, document.activeElement.getBoundingClientRect().bottom - innerHeight)")
    settle(page)
    page.clock.fast_forward("13:05")
    focused = page.evaluate("document.activeElement.getBoundingClientRect().top")
    bar, way_out = page.locator(".lock").bounding_box(), page.locator(".exit").bounding_box()
    assert bar
    assert way_out
    assert bar["y"] + bar["height"] <= focused
    assert way_out["y"] + way_out["height"] <= bar["y"] + 1


def test_whoever_writes_is_never_signed_out_and_seldom_asked_for(served: Installation, browser: Browser) -> None:
    page, told = at(browser, served, "escribe", PRACTICE), []
    page.on("request", lambda request: told.append(request.url) if request.url.endswith("/me/here") else None)
    page.locator(FIELD).focus()
    for _ in range(12):
        page.keyboard.type("a")
        page.clock.run_for("05:00")
    page.keyboard.type("b")
    assert page.locator(FIELD).input_value() == "a" * 12 + "b"
    assert 6 <= len(told) <= 15


def test_reading_in_one_tab_keeps_the_other(served: Installation, browser: Browser) -> None:
    page = at(browser, served, "dospest", PRACTICE)
    other = page.context.new_page()
    other.goto(served.url + MODULE)
    other.evaluate("() => { new BroadcastChannel('presence').onmessage = () => console.log('heard') }")
    page.bring_to_front()
    for _ in range(3):
        page.clock.fast_forward("10:00")
        with other.expect_event("console") as heard:
            page.keyboard.press("Control")  # nothing that scrolls: the scrolling would be another act
        assert heard.value.text == "heard"
    assert other.locator("h1").is_visible()
    assert other.locator(BAR).inner_text() == ""


def test_a_device_that_slept_shows_nothing_when_it_wakes(served: Installation, browser: Browser) -> None:
    page = at(browser, served, "duerme", PRACTICE)
    page.clock.set_system_time(page.evaluate("Date.now() + 8 * 3600 * 1000"))
    shown = page.evaluate("dispatchEvent(new Event('focus')), document.querySelector('main') !== null")
    assert shown is False
    page.wait_for_url("**/login?**idle=1")


def test_what_could_not_be_saved_is_saved_when_the_network_is_back(served: Installation, browser: Browser) -> None:
    page = at(browser, served, "sinred", PRACTICE)
    page.context.set_offline(True)
    page.locator(FIELD).press_sequentially("lana")
    page.clock.fast_forward("14:30")
    page.get_by_text("No hay conexión").wait_for()
    assert page.locator("main").count() == 0
    page.context.set_offline(False)
    page.clock.fast_forward("00:10")
    page.wait_for_url("**/login?**idle=1")
    assert f"next={PRACTICE}" in page.url
    sign_in(page, served.url, "sinred")
    page.goto(served.url + PRACTICE)
    assert page.locator(FIELD).input_value() == "lana"


def test_shift_three_times_leaves_and_capitals_do_not(served: Installation, browser: Browser) -> None:
    page = at(browser, served, "mayus", MODULE)
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 1"))  # however long her fingers take here
    told = page.locator("[data-presses]")
    for _ in range(4):
        page.keyboard.press("Shift+A")
    page.keyboard.press("Shift")
    assert "pulse 2 veces más" in told.inner_text()
    page.keyboard.press("a")
    assert told.inner_text() == ""
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    assert "pulse 1 vez más" in told.inner_text()
    page.clock.fast_forward("00:06")
    assert told.inner_text() == ""
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.mouse.click(5, 300)
    page.keyboard.press("Shift")
    assert page.url.endswith(MODULE)
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.get_by_role("heading", name="Tabla de medidas").wait_for()
    page.goto(f"{served.url}/me/learning")
    page.wait_for_url("**/login")


def test_leaving_says_nothing_before_the_network_answers(served: Installation, browser: Browser) -> None:
    page = at(browser, served, "lenta", MODULE, clock=False)
    other = page.context.new_page()
    other.goto(served.url + PRACTICE)
    page.evaluate("HTMLFormElement.prototype.submit = function () { window.sent = [this.method, this.action] }")
    page.click("form[data-exit] button")
    assert page.evaluate("sent") == ["post", f"{served.url}/exit"]
    assert (page.url, page.title()) == (f"{served.url}/exit", "…")
    assert page.locator("body").inner_text().strip() == ""
    other.wait_for_url("**/exit")


def test_signing_out_in_one_tab_clears_the_others(served: Installation, browser: Browser) -> None:
    page = at(browser, served, "variaspest", PRACTICE, clock=False)
    other = page.context.new_page()
    other.goto(served.url + MODULE)
    page.click("form[action='/logout'] button")
    page.wait_for_url("**/login?out=1")
    other.wait_for_url("**/login")


def test_a_page_brought_back_from_memory_is_not_shown(served: Installation, browser: Browser) -> None:
    page = at(browser, served, "memoria", MODULE, clock=False)
    page.context.clear_cookies()
    event = "new PageTransitionEvent('pageshow', {persisted: true})"
    assert page.evaluate(f"dispatchEvent({event}), document.querySelector('main') === null")
    page.wait_for_url("**/login**")


@pytest.mark.parametrize("size", [(320, 640), (320, 256)])
def test_the_way_out_stays_in_sight_and_never_covers_the_focus(
    served: Installation, browser: Browser, size: tuple[int, int]
) -> None:
    page = new_page(browser, viewport={"width": size[0], "height": size[1]})
    register(page, served.url, f"alcance{size[1]}", "Ana")
    page.goto(served.url + MODULE)
    page.locator("main a, main button, main input, main summary").last.focus()
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        page.wait_for_function(  # once it has scrolled
            """() => { const it = document.activeElement, way = document.querySelector('.exit').getBoundingClientRect();
            const box = it.getBoundingClientRect();
            return it.closest('.exit, .top, .skip') || it === document.body || box.bottom > way.bottom || way.top > box.top }"""
        )
    page.evaluate("scrollTo(0, 2000)")
    page.wait_for_function("document.querySelector('.exit').getBoundingClientRect().top === 0")
    button = page.locator("form[data-exit] button").bounding_box()
    assert button
    assert button["x"] + button["width"] <= size[0]
    assert button["height"] >= 44
    assert page.locator(".exit").bounding_box()["height"] <= 64  # type: ignore[index]


def test_the_hint_is_for_those_with_a_keyboard(served: Installation, browser: Browser) -> None:
    for touch in (True, False):
        page = new_page(browser, viewport=DESKTOP, has_touch=touch, is_mobile=touch)
        page.goto(f"{served.url}/safety")
        assert page.get_by_text("o pulse Mayús 3 veces").is_visible() is not touch
        name = page.locator("form[data-exit] button").get_attribute("aria-describedby")
        assert re.search("Mayús 3 veces", page.locator(f"#{name}").text_content() or "")
