"""Every page for everybody: axe-core finds nothing, nothing is wider than the screen, the keyboard is enough."""

import os
import re
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from lms.content.course import load
from lms.services.running.publish import course_folders
from tests.browser import DESKTOP, SIGN_OUT, new_page, register
from tests.installation import Installation
from tests.tour.steps import COURSE, COURSES, MUESTRARIO
from tests.tour.walk import tour

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group(__name__)]
AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = {"light": {"color_scheme": "light"}, "dark": {"color_scheme": "dark"}, "contrast": {"contrast": "more"}}
WIDTHS = {320: {"width": 320, "height": 640}, 1280: DESKTOP}
AUDIT = bool(os.environ.get("LMS_REQUIRE_AUDIT"))
EVERY = list(product(LOOKS, WIDTHS))
HERS = ("light", 320)
"""How she who walks has it."""
SAMPLE = [HERS, ("dark", 1280)]
"""Without the audit: these, page about."""
STILL = "document.getAnimations().filter(each => each.effect.getTiming().iterations < 9).forEach(each => each.finish())"


def violations(page: Page) -> list[str]:
    found: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
    )
    return [
        f"{each['id']}: {each['nodes'][0]['target']} {each['nodes'][0]['failureSummary']}"
        for each in found["violations"]
    ]


def looked_at(page: Page) -> list[str]:
    """What is wrong with the page as it stands on the screen.

    The bars that stay in sight are laid down first: axe-core takes a button that has just been scrolled half under one for
    a small button. That they never cover what has the focus is tested by itself.
    """
    page.evaluate("document.querySelectorAll('.exit, .along').forEach(bar => { bar.style.position = 'relative'; })")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return violations(page) + ([f"wider than the screen by {wide}"] if wide > 0 else [])


def without_scripts(page: Page) -> None:
    """The program's scripts never arrive, as on a phone that runs none; axe-core, which is one, still does."""
    page.route("**/s/*/js/*", lambda route: route.abort())


def sayings(page: Page) -> list[str]:
    """What the browser will complain of, such as that the page breaks its own policy; answers that are refusals aside."""
    said: list[str] = []
    expected = ("404", "401", "400", "status of")

    def listen(text: str) -> None:
        if not any(part in text for part in expected):
            said.append(text)

    page.on("console", lambda message: listen(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: listen(str(error)))
    return said


def turn(page: Page, look: str, width: int) -> None:
    """The page as who prefers that look sees it on a screen of that width, once nothing moves."""
    page.emulate_media(**{"color_scheme": "light", "contrast": "no-preference"} | LOOKS[look])
    page.set_viewport_size(WIDTHS[width])
    page.evaluate(STILL)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    ("language", "scripts"), list(product(("es-GT", "en-US"), (True, False))) if AUDIT else [("es-GT", True)]
)
def test_axe_finds_nothing_on_any_page(served: Installation, browser: Browser, language: str, scripts: bool) -> None:
    page = new_page(browser, locale=language, viewport=WIDTHS[320])
    page.add_init_script(path=AXE)
    said = sayings(page)
    if not scripts:
        without_scripts(page)
    found: dict[str, list[str]] = {}
    for number, name in enumerate(tour(page, served)):
        if name != "exit":
            assert page.locator("html").get_attribute("lang") == language[:2]
        looks = EVERY if AUDIT else [SAMPLE[number % 2]]
        for look, width in looks:
            turn(page, look, width)
            if wrong := looked_at(page):
                found[f"{name}, {look}, {width}"] = wrong
        if scripts and said:
            found[f"{name}, console"] = [*said]
        said.clear()
        if looks[-1] != HERS:
            turn(page, *HERS)
    assert found == {}


@pytest.mark.audit
@pytest.mark.timeout(900)
@pytest.mark.parametrize("language", ["es", "en"])
def test_axe_finds_nothing_on_any_page_of_any_course(served: Installation, browser: Browser, language: str) -> None:
    page = new_page(browser, locale=language, viewport=WIDTHS[320])
    page.add_init_script(path=AXE)
    register(page, served.url, f"cursos{language}", "Ana")
    found: dict[str, list[str]] = {}
    for folder in (*course_folders(COURSES), MUESTRARIO):
        course, _ = load(folder)
        assert course
        here = f"/courses/{course.id}"
        modules = [f"{here}/{module}" for module in course.edition(language).modules]
        for path in (here, f"{here}/print", *modules, *(f"{each}/print" for each in modules)):
            page.goto(served.url + path)
            wrong = looked_at(page)
            if wrong:
                found[path] = wrong
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
        "/v",
    ):
        page.goto(served.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


@pytest.mark.parametrize("language", ["es-GT", "en-US"])
@pytest.mark.parametrize("width", [320, 360, 1280])
def test_the_ways_around_stand_in_one_row(served: Installation, browser: Browser, language: str, width: int) -> None:
    page = new_page(browser, javascript=False, locale=language, viewport={"width": width, "height": 800})
    register(page, served.url, f"fila{language[:2]}{width}", "Ana")
    for path in ("/", "/me/learning", "/me/profile"):
        page.goto(served.url + path)
        shown = [
            each
            for each in page.locator(".top > div > :not(details), .top summary, .top nav a").all()
            if each.is_visible()
        ]
        boxes = [box for each in shown if (box := each.bounding_box())]
        middles = {round((box["y"] + box["height"] / 2) / 4) for box in boxes}
        assert len(middles) == 1, (path, boxes)
        assert all(min(box["height"], box["width"]) >= 24 for box in boxes)
        ends = sorted((box["x"], box["x"] + box["width"]) for box in boxes)
        assert all(one[1] <= other[0] + 1 for one, other in pairwise(ends)), (path, ends)
        assert ends[-1][1] <= width


def test_the_words_of_a_button_wrap_as_one_text(served: Installation, browser: Browser) -> None:
    page = new_page(browser, javascript=False)
    register(page, served.url, "boton", "Ana")
    page.goto(f"{served.url}{COURSE}/m-que-es")
    button = page.locator("a.button", has_text="Siguiente")
    words, whole = button.locator("> span").bounding_box(), button.bounding_box()
    assert words and whole
    assert words["width"] >= whole["width"] * 0.6


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
    assert page.evaluate("document.activeElement.matches('#quiz-q-que-es-caso-inicial .score')")


def test_a_quiz_keeps_itself_saved(served: Installation, browser: Browser) -> None:
    page = new_page(browser)
    register(page, served.url, "guarda", "Ana")
    page.goto(f"{served.url}{COURSE}/m-que-es")
    page.locator("[name=q-que-es-caso-inicial]").first.check()
    with page.expect_response(lambda answer: answer.status == 204 and "q-que-es-edad" in answer.request.post_data):
        page.locator("[name=q-que-es-edad]").first.check()
    page.reload()
    assert page.locator("[name=q-que-es-edad]").first.is_checked()


STUCK = """() => {
    const real = window.fetch;
    window.stuck = new Promise((began) => {
        window.fetch = () => {
            window.fetch = real;
            began();
            return new Promise(() => {});
        };
    });
}"""
"""The next request gets no answer; those after it do. `stuck`: it is on its way."""


def test_what_she_leaves_in_the_midst_of_saving_is_saved(served: Installation, browser: Browser) -> None:
    page = new_page(browser)
    register(page, served.url, "se-va", "Ana")
    page.goto(f"{served.url}{COURSE}/m-que-es")
    page.evaluate(STUCK)
    answers = page.locator("[name=q-que-es-edad]")
    answers.first.check()
    page.evaluate("window.stuck")
    answers.last.check()
    page.goto(f"{served.url}/courses")
    for _ in range(50):
        page.goto(f"{served.url}{COURSE}/m-que-es")
        if answers.last.is_checked():
            break
    assert answers.last.is_checked()


def hold_back(page: Page, milliseconds: int) -> list[str]:
    """From now on drafts are slow on their way; the acts that arrive, in their order."""
    arrived: list[str] = []

    def on_its_way(route: Route) -> None:
        act = re.search(r"(?:^|&)act=(\w+)", route.request.post_data or "")
        if route.request.headers.get("x-fragment") and act and act[1] == "save":
            page.wait_for_timeout(milliseconds)
        arrived.append(act[1] if act else "")
        route.continue_()

    page.route(lambda url: "/quiz/" in url or "/attempts/" in url, on_its_way)
    return arrived


def test_no_older_draft_overtakes_what_she_sends(served: Installation, browser: Browser) -> None:
    page = new_page(browser)
    register(page, served.url, "despacio", "Ana")
    page.goto(f"{served.url}{COURSE}/m-que-es")
    arrived = hold_back(page, 1500)
    with page.expect_request(lambda request: request.headers.get("x-fragment") == "1"):
        page.locator("[name=q-que-es-caso-inicial]").first.check()
    page.locator("#quiz-q-que-es-caso-inicial button[value=save]").click(no_wait_after=True)
    page.wait_for_url("**saved=q-que-es-caso-inicial**")
    page.unroute_all()
    page.goto(f"{served.url}{COURSE}/m-prueba-final")
    page.click("form[action$='/test'] button")
    page.wait_for_url("**/attempts/*")
    sheet = hold_back(page, 1500)
    with page.expect_request(lambda request: request.headers.get("x-fragment") == "1"):
        page.locator("main fieldset input").first.check()
    page.click("button[value=review]", no_wait_after=True)
    page.wait_for_url("**review=1**")
    assert [act for act in arrived if act] == ["save", "save"]
    assert [act for act in sheet if act] == ["save", "review"]
    assert page.locator("main fieldset input").first.is_checked()


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
    page.click(SIGN_OUT)
    page.wait_for_url("**/login**")
    page.go_back()
    page.wait_for_load_state()
    assert "Canaria" not in page.content()
