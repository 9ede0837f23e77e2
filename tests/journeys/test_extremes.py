"""What pages must bear: a very long name, nothing published, forty modules, four times the size."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from lms.storage import people
from tests.browser import SIGN_OUT, new_page, register
from tests.content import long_course
from tests.installation import Installation, free_port, install
from tests.keyboard import Keyboard
from tests.tour.steps import COURSE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group(__name__)]
LONG_NAME = ("Ñandutí-Xochiquetzalli " * 9)[:170] + "W" * 30
"""200 characters, thirty of them without a place to break."""
PLACES = (
    "/me/notes",
    "/me/notes/here?course=muestrario&module=m-casa&section=decidir",
    "/courses/muestrario/m-casa",
    "/courses/muestrario/review",
    "/search?q=caja",
    f"/search?q={'w' * 90}",
    "/author/reports",
    "/courses/muestrario/evaluation",
    "/your-country",
    "/courses/muestrario/print",
    "/courses/muestrario/m-preguntas/paper?sheet=3F7K",
    "/courses/muestrario/m-preguntas/key?sheet=3F7K",
)
"""Where there is more than a course and its modules."""
SMALL = {"width": 320, "height": 568}
LONG_NOTE = ("Preguntar por el teléfono y volver a leer esta parte. " * 80)[:3900] + "\n" + "W" * 90
"""Nearly as long as a note may be, with a word that no line holds."""
FOUR_TIMES = {"viewport": {"width": 320, "height": 200}, "device_scale_factor": 4, "reduced_motion": "reduce"}
"""A window of 1280 × 800 at 400 % zoom."""


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with the long course and no other."""
    folder = tmp_path_factory.mktemp("long")
    made = install(folder / "place", long_course.write(folder / "courses").parent)
    with made.serving():
        yield made


def write_note(page: Page, url: str) -> None:
    """A bookmark and the long note at a module of the muestrario."""
    page.goto(f"{url}/me/notes/here?course=muestrario&module=m-casa&section=decidir")
    page.click(".noting-mark button")
    page.wait_for_url("**/here**")
    page.fill(".noting textarea", LONG_NOTE)
    page.click(".noting .button")
    page.locator(".noting .note").wait_for()


def miss_one(page: Page, url: str) -> None:
    """A question of the muestrario answered wrong, so that there is something to review."""
    page.goto(f"{url}/courses/muestrario/m-preguntas")
    page.fill("[name=q-trozos]", "42")
    page.click(".quiz:has([name=q-trozos]) [value=check]")
    page.locator(".result-wrong").first.wait_for()


def report_harm(page: Page, served: Installation, username: str) -> None:
    """Something told to the author in as many words as may be; whoever told it is an author herself."""
    page.goto(f"{served.url}/report?page=/courses/muestrario/m-casa&course=muestrario&module=m-casa")
    page.check("[value=harm]")
    page.fill("[name=body]", LONG_NOTE[-1900:])
    page.click("main form button[type=submit]")
    page.wait_for_url("**/report**")
    with served.database().writing() as tx:
        person = people.by_username(tx, username)
        assert person
        people.set_roles(tx, person.id, people.ROLES)


def choose(page: Page, url: str, look: str) -> None:
    """How pages look, chosen in the reader's panel."""
    page.goto(f"{url}/about")
    page.click(".panel summary")
    for word in look.split():
        with page.expect_response("**/look"):
            page.locator(f".panel label:has([value={word}])").click()


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


def test_what_somebody_keeps_and_tells_holds(served: Installation, browser: Browser) -> None:
    page = new_page(browser, viewport=SMALL)
    register(page, served.url, "mucho-que-decir", LONG_NAME)
    write_note(page, served.url)
    miss_one(page, served.url)
    report_harm(page, served, "mucho-que-decir")
    for look in ("", "huge wide more"):
        choose(page, served.url, look)
        for path in PLACES:
            page.goto(served.url + path)
            assert page.get_attribute("html", "data-look") == (look or None)
            assert overflow(page) <= 0, (look, path)


def test_a_course_of_forty_modules_holds(long: Installation, browser: Browser) -> None:
    page = new_page(browser, viewport=SMALL)
    register(page, long.url, "larga", "Ana")
    for path in (
        "/",
        "/search?q=electroencefalografistas",
        *(f"/courses/largo{each}" for each in ("", "/m-1", "/m-40", "/print", "/m-1/print")),
    ):
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
    hands = Keyboard(page)
    for path in (f"{COURSE}/m-que-es", "/me/notes/here?course=trata-de-personas&module=m-que-es&section="):
        page.goto(served.url + path)
        for _ in range(60):
            hands.tab()
    assert hands.wrong == []
    page.click(SIGN_OUT)
    page.wait_for_url("**/login**")


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
        for path in ("/me/notes", "/search?q=caja", "/your-country"):
            answer = page.goto(empty.url + path)
            assert answer and answer.ok
            assert overflow(page) <= 0, path


def test_the_largest_text_holds_on_the_smallest_phone(served: Installation, browser: Browser) -> None:
    page = new_page(browser, viewport=SMALL)
    register(page, served.url, "letra", "Ana")
    choose(page, served.url, look="huge wide more")
    for path in ("/", COURSE, f"{COURSE}/m-que-es", "/courses/muestrario/m-preguntas", "/me/profile"):
        page.goto(served.url + path)
        assert page.get_attribute("html", "data-look") == "huge wide more"
        assert overflow(page) <= 0, path
