"""The first run as whoever installs it has it: an empty folder, a printed code, a browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import DESKTOP, new_page
from tests.installation import SAMPLE, Installation, free_port
from tests.journeys.test_access import AXE, LOOKS, looked_at, sayings, without_scripts
from tests.tour.administration import first_run

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group(__name__)]
CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}")


@pytest.fixture
def empty(tmp_path: Path) -> Installation:
    return Installation(folder=tmp_path, courses=SAMPLE, port=free_port())


@pytest.mark.parametrize(
    ("look", "scripts"),
    [({"viewport": {"width": 320, "height": 640}}, False), ({"viewport": DESKTOP, **LOOKS["dark"]}, True)],
)
def test_from_an_empty_folder_to_an_installation_of_its_own(
    empty: Installation, browser: Browser, look: dict[str, object], scripts: bool
) -> None:
    (code,) = CODE.findall(empty.lms("init"))
    page, found = new_page(browser, **look), {}
    page.add_init_script(path=AXE)
    said = sayings(page)
    if not scripts:
        without_scripts(page)
    with empty.serving():
        for name in first_run(page, empty, code):
            found[name] = looked_at(page)
        other = new_page(browser)
        other.goto(f"{empty.url}/")
        assert "Sendero" in other.inner_text(".top")
        assert at(other, f"{empty.url}/welcome") == 404
    assert {name: each for name, each in found.items() if each} == {}
    assert said == [] or not scripts
    assert empty.lms("init", "--code", check=False).count("\n") <= 3


def at(page: Page, url: str) -> int:
    answer = page.goto(url)
    assert answer
    return answer.status


def test_the_code_of_a_qr_code_is_taken_out_of_the_address(empty: Installation, browser: Browser) -> None:
    (code,) = CODE.findall(empty.lms("init", "--url", empty.url))
    page = new_page(browser)
    with empty.serving():
        page.goto(f"{empty.url}/welcome#{code}")
        page.wait_for_function("document.querySelector('[name=code]').value.length == 19")
        assert page.url == f"{empty.url}/welcome"
        page.click("main form[action='/welcome'] button")
        page.wait_for_selector("[name=username]")
