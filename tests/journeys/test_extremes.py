"""What pages must bear: a very long name, nothing published, forty modules, four times the size."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import SIGN_OUT, new_page, register
from tests.content import long_course
from tests.installation import Installation, free_port, install
from tests.tour import COURSE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]
LONG_NAME = ("Ñandutí-Xochiquetzalli " * 9)[:170] + "W" * 30
"""200 characters, thirty of them without a place to break."""
SMALL = {"width": 320, "height": 568}
FOUR_TIMES = {"viewport": {"width": 320, "height": 200}, "device_scale_factor": 4, "reduced_motion": "reduce"}
"""A window of 1280 × 800 at 400 % zoom."""


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with the long course and no other."""
    folder = tmp_path_factory.mktemp("long")
    made = install(folder / "place", long_course.write(folder / "courses").parent)
    with made.serving():
        yield made


def overflow(page: Page) -> int:
    found: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found


def test_a_name_of_two_hundred_characters_holds(served: Installation, browser: Browser) -> None:
    assert len(LONG_NAME) == 200
    page = new_page(browser, viewport=SMALL)
    register(page, served.url, "nombre-muy-largo-de-cuarenta-caracteres1", LONG_NAME)
    for path in ("/", "/me/profile", "/me/learning", "/me/certificates", COURSE):
        page.goto(served.url + path)
        assert overflow(page) <= 0, path
    page.goto(f"{served.url}/me/profile")
    assert page.input_value("[name=display_name]") == LONG_NAME


def test_a_course_of_forty_modules_holds(long: Installation, browser: Browser) -> None:
    page = new_page(browser, viewport=SMALL)
    register(page, long.url, "larga", "Ana")
    for path in ("/", "/courses/largo", "/courses/largo/m-1", "/courses/largo/m-40"):
        page.goto(long.url + path)
        assert overflow(page) <= 0, path
    page.goto(f"{long.url}/courses/largo")
    assert page.locator(".modules > li").count() == long_course.COUNT
    page.click("main .button >> nth=0")
    page.wait_for_url("**/m-1")


def test_four_times_the_size_holds(served: Installation, browser: Browser) -> None:
    page = new_page(browser, **FOUR_TIMES)
    register(page, served.url, "lupa", "Ana")
    for path in (
        "/",
        COURSE,
        f"{COURSE}/m-que-es",
        f"{COURSE}/m-escenario",
        "/me/profile",
        "/courses/muestrario/m-preguntas",
    ):
        page.goto(served.url + path)
        assert overflow(page) <= 0, path
    page.goto(f"{served.url}{COURSE}/m-que-es")
    assert covered(page) == []
    page.click(SIGN_OUT)
    page.wait_for_url("**/login**")


def covered(page: Page) -> list[str]:
    """What has the focus on its way through the page and is wholly behind something that stands still."""
    hidden: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        said: str = page.evaluate(
            """() => {
              const at = document.activeElement.getBoundingClientRect();
              const points = [[.1, .5], [.5, .5], [.9, .5], [.5, .1], [.5, .9]];
              const seen = points.some(([x, y]) => {
                const top = document.elementFromPoint(at.x + at.width * x, at.y + at.height * y);
                return top && (document.activeElement.contains(top) || top.contains(document.activeElement) || top.closest('label')?.contains(document.activeElement));
              });
              return seen || document.activeElement === document.body ? '' : document.activeElement.outerHTML.slice(0, 120);
            }"""
        )
        hidden += [said] if said else []
    return hidden


def test_nothing_published_says_what_to_do(browser: Browser, tmp_path: Path) -> None:
    empty = Installation(folder=tmp_path, courses=tmp_path, port=free_port())
    empty.lms("init")
    with empty.serving():
        page = new_page(browser, viewport=SMALL)
        page.goto(empty.url)
        assert "Aquí todavía no hay ningún curso publicado" in page.inner_text("main")
        register(page, empty.url, "primera", "Ana")
        for path in ("/", "/me/learning", "/me/certificates"):
            page.goto(empty.url + path)
            assert page.locator(".empty").is_visible(), path
            assert overflow(page) <= 0, path


def test_the_largest_text_holds_on_the_smallest_phone(served: Installation, browser: Browser) -> None:
    page = new_page(browser, viewport=SMALL)
    register(page, served.url, "letra", "Ana")
    page.goto(f"{served.url}/about")
    page.click(".panel summary")
    for word in ("huge", "wide", "more"):
        with page.expect_response("**/look"):
            page.locator(f".panel label:has([value={word}])").click()
    for path in ("/", COURSE, f"{COURSE}/m-que-es", "/courses/muestrario/m-preguntas", "/me/profile"):
        page.goto(served.url + path)
        assert page.get_attribute("html", "data-look") == "huge wide more"
        assert overflow(page) <= 0, path
