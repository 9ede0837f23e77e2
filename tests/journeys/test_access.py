"""Every page for everybody: axe-core finds nothing, nothing is wider than the screen, the keyboard is enough."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import DESKTOP, PHONE, new_page, register
from tests.installation import Installation
from tests.tour import COURSE, tour

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]
AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERY = [
    (language, scheme, size)
    for language in ("es-GT", "en-US")
    for scheme in ("light", "dark")
    for size in ("phone", "desktop")
]
SAMPLE = [("es-GT", "light", "phone"), ("en-US", "dark", "desktop")]
SIZES = {"phone": PHONE, "desktop": DESKTOP}


def violations(page: Page) -> list[str]:
    found: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
    )
    return [
        f"{each['id']}: {each['nodes'][0]['target']} {each['nodes'][0]['failureSummary']}"
        for each in found["violations"]
    ]


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("language", "scheme", "size"), EVERY if os.environ.get("LMS_REQUIRE_AUDIT") else SAMPLE)
def test_axe_finds_nothing_on_any_page(
    served: Installation, browser: Browser, language: str, scheme: str, size: str
) -> None:
    page = new_page(browser, locale=language, color_scheme=scheme, viewport=SIZES[size], bypass_csp=True)
    page.add_init_script(path=AXE)
    found: dict[str, list[str]] = {}
    for name in tour(page, served):
        if name != "exit":
            assert page.locator("html").get_attribute("lang") == language[:2]
        wrong = violations(page)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            wrong.append(f"wider than the screen by {wide}")
        if wrong:
            found[name] = wrong
    assert found == {}


def test_nothing_is_wider_than_a_small_phone(served: Installation, browser: Browser) -> None:
    page = new_page(browser, viewport={"width": 320, "height": 640})
    register(page, served.url, "chica", "Ana")
    for path in (
        "/",
        COURSE,
        f"{COURSE}/m-que-es",
        f"{COURSE}/m-trafico",
        f"{COURSE}/m-escenario",
        f"{COURSE}/m-prueba-final",
        *(f"/courses/muestrario/{name}" for name in ("m-caja", "m-preguntas", "m-casa", "m-prueba")),
        "/me/profile",
        "/verify",
    ):
        page.goto(served.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_a_quiz_is_answered_with_the_keyboard_alone(served: Installation, browser: Browser) -> None:
    page = new_page(browser, viewport=DESKTOP)
    register(page, served.url, "teclado", "Ana")
    page.goto(f"{served.url}{COURSE}/m-que-es")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "q-que-es-caso-inicial":
            break
    page.keyboard.press("Space")
    for _ in range(400):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "[document.activeElement.value, document.activeElement.closest('.quiz')?.id, getComputedStyle(document.activeElement).outlineStyle]"
        )
        if focused[:2] == ["check", "quiz-q-que-es-caso-inicial"]:
            break
    assert focused[2] == "solid"
    page.keyboard.press("Enter")
    page.locator("#quiz-q-que-es-caso-inicial .result").first.wait_for()
    assert page.evaluate("document.activeElement.id") == "quiz-q-que-es-caso-inicial"


def test_a_quiz_keeps_itself_saved(served: Installation, browser: Browser) -> None:
    page = new_page(browser)
    register(page, served.url, "guarda", "Ana")
    page.goto(f"{served.url}{COURSE}/m-que-es")
    page.locator("[name=q-que-es-caso-inicial]").first.check()
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.status == 204):
        page.locator("[name=q-que-es-edad]").first.check()
    page.reload()
    assert page.locator("[name=q-que-es-edad]").first.is_checked()


def test_leaving_shows_nothing_and_signs_out(served: Installation, browser: Browser) -> None:
    page = new_page(browser)
    register(page, served.url, "sale", "Ana")
    page.goto(f"{served.url}{COURSE}/m-que-es")
    with page.expect_response("**/exit"):
        page.click("form[data-exit] button")
    page.wait_for_url("**/exit")
    assert "Vereda" not in page.locator("body").inner_text()
    page.goto(f"{served.url}/me/learning")
    page.wait_for_url("**/login**")


def test_after_signing_out_the_way_back_shows_nothing(served: Installation, browser: Browser) -> None:
    page = new_page(browser)
    register(page, served.url, "vuelve", "Canaria Ñuñez")
    page.goto(f"{served.url}/me/profile")
    assert "Canaria" in page.content()
    page.click(".top nav form button")
    page.wait_for_url("**/login**")
    page.go_back()
    page.wait_for_load_state()
    assert "Canaria" not in page.content()


def test_no_page_breaks_its_own_policy(served: Installation, browser: Browser) -> None:
    page = new_page(browser, viewport=DESKTOP)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    for name in tour(page, served):
        expected = ("404", "401", "400", "status of")
        assert not [each for each in said if not any(part in each for part in expected)], (name, said)
