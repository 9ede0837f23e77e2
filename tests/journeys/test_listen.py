"""Listening: the device's own voices read the page in order, each block in its language, and fall silent when asked to.

Chromium has no voice here: one that notes what it is given stands for the device.
"""

import json
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import new_page, register
from tests.installation import Installation
from tests.tour.steps import COURSE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group(__name__)]
SPANISH = {"lang": "es-MX", "localService": True, "default": True, "name": "Mar"}
ENGLISH = {"lang": "en_US", "localService": True, "default": False, "name": "Ann"}
FAR = {"lang": "es-ES", "localService": False, "default": False, "name": "Far"}
DEVICE = """
window.device = { said: [], cancelled: 0, voices: %s, arrived: [], now: null };
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => device.voices,
  addEventListener: (name, tell) => device.arrived.push(tell),
  speak: (one) => { device.said.push([one.text, one.voice.name, one.lang]); device.now = one; },
  cancel: () => { device.cancelled += 1; const one = device.now; device.now = null; if (one) one.onerror(); },
} });
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
window.finish = () => { const one = device.now; device.now = null; one.onend(); };
"""
MODULE = f"{COURSE}/m-que-es"
PLAY, STOP = "[data-listen] > button >> nth=0", "[data-listen] > button >> nth=1"


def listener(browser: Browser, served: Installation, name: str, *voices: dict[str, Any], **options: Any) -> Page:
    """Somebody on a module whose device has these voices."""
    page = new_page(browser, **options)
    page.add_init_script(DEVICE % json.dumps(voices))
    register(page, served.url, name, "Ana")
    page.goto(served.url + MODULE)
    return page


def said(page: Page) -> list[list[str]]:
    found: list[list[str]] = page.evaluate("device.said")
    return found


def read_on(page: Page, most: int = 2000) -> list[list[str]]:
    """Everything up to the end, as the device is given it."""
    page.evaluate("most => { while (device.now && most--) finish(); }", most)
    return said(page)


@pytest.mark.parametrize("voices", [(), (FAR,), (ENGLISH, FAR)])
def test_without_a_voice_of_the_devices_own_there_is_no_button(
    served: Installation, browser: Browser, voices: tuple[dict[str, Any], ...]
) -> None:
    page = listener(browser, served, f"muda{len(voices)}", *voices)
    page.evaluate("device.arrived.forEach((tell) => tell())")
    assert page.locator("[data-listen] button").count() == 0


def test_it_reads_the_whole_module_in_order_and_no_form(served: Installation, browser: Browser) -> None:
    page = listener(browser, served, "oye", SPANISH, ENGLISH, FAR)
    title = page.locator("h1").inner_text()
    assert page.locator(PLAY).inner_text().strip() in ("", "Escuchar")
    page.click(PLAY)
    assert said(page) == [[title, "Mar", "es-MX"]]
    told = read_on(page)
    assert page.evaluate("device.now") is None
    assert {voice for _, voice, _ in told} == {"Mar"}
    texts = [text for text, _, _ in told]
    headings = [text for text in page.locator(".lesson .part > h2:not([id^=page-])").all_inner_texts() if text in texts]
    assert len(headings) > 2
    assert [text for text in texts if text in headings] == headings
    assert not any(text.startswith("[") for text in texts)  # no number of a source
    option = page.locator("label.option span").first.inner_text()
    assert option not in texts
    page.locator(PLAY).get_by_text("Escuchar").wait_for(state="attached")
    assert page.locator(STOP).is_hidden()


def test_each_block_is_read_in_its_own_language(served: Installation, browser: Browser) -> None:
    page = listener(browser, served, "dos", SPANISH, ENGLISH)
    page.evaluate("document.querySelector('.lesson .part > p').lang = 'en'")
    page.click(PLAY)
    borrowed = page.locator(".lesson .part > p[lang=en]").inner_text()[:20]
    assert {tuple(each[1:]) for each in read_on(page) if each[0][:20] == borrowed} == {("Ann", "en_US")}
    page.evaluate("device.voices.pop(); device.said = []")
    page.click(PLAY)
    assert not [each for each in read_on(page) if each[0][:20] == borrowed]


def test_it_begins_where_the_reader_is(served: Installation, browser: Browser) -> None:
    page = listener(browser, served, "medio", SPANISH)
    heading = page.locator(".lesson .part > h2").nth(1)
    page.evaluate("document.querySelectorAll('.lesson .part > h2')[1].scrollIntoView({behavior: 'instant'})")
    page.evaluate("document.querySelector('[data-listen] button').click()")
    assert said(page)[0][0] in heading.inner_text()


def test_a_pause_goes_on_with_the_same_sentence(served: Installation, browser: Browser) -> None:
    page = listener(browser, served, "pausa", SPANISH)
    page.locator(PLAY).focus()
    page.keyboard.press("Enter")
    for _ in range(3):
        page.evaluate("finish()")
    before = said(page)
    page.keyboard.press("Enter")
    assert page.evaluate("[device.now, device.cancelled]") == [None, 1]
    assert said(page) == before
    assert page.evaluate("document.activeElement.innerText.trim()") in ("", "Seguir escuchando")
    page.keyboard.press("Enter")
    assert said(page) == [*before, before[-1]]


LEAVING = {
    "escape": "document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))",
    "away": "Object.defineProperty(document, 'hidden', { value: true }); document.dispatchEvent(new Event('visibilitychange'))",
    "gone": "window.dispatchEvent(new PageTransitionEvent('pagehide'))",
    "locked": "document.body.replaceChildren()",
}


def test_it_falls_silent_when_the_page_is_left_or_locked(served: Installation, browser: Browser) -> None:
    page = listener(browser, served, "calla", SPANISH)
    for name, leave in LEAVING.items():
        page.goto(served.url + MODULE)
        page.click(PLAY)
        page.evaluate("finish()")
        page.evaluate(leave)
        assert page.evaluate("[device.now, device.cancelled]") == [None, 1], name


def test_leaving_in_a_hurry_is_leaving_in_silence(served: Installation, browser: Browser) -> None:
    page = listener(browser, served, "huye", SPANISH)
    silenced: list[str] = []
    page.expose_function("heard", lambda path: silenced.append(str(path)))
    page.evaluate("speechSynthesis.cancel = () => heard(location.pathname)")
    page.click(PLAY)
    page.click("form[data-exit] button")
    page.wait_for_url("**/exit")
    assert silenced[:1] == [MODULE]


def test_the_button_moves_nothing(served: Installation, browser: Browser) -> None:
    for width in (320, 1280):
        page = listener(browser, served, f"quieta{width}", viewport={"width": width, "height": 700})
        place = "document.querySelector('.lesson .part > h2').getBoundingClientRect().top + scrollY"
        before = page.evaluate(place)
        page.evaluate("voice => { device.voices.push(voice); device.arrived.forEach((tell) => tell()); }", SPANISH)
        assert page.locator(PLAY).is_visible()
        assert page.evaluate(place) == before
        page.click(PLAY)
        assert page.evaluate(place) == before
        assert page.evaluate("document.documentElement.scrollWidth") <= width
