"""Where the walk goes, and how it takes a step."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

from tests.browser import (
    confirm,
)
from tests.installation import Installation

COURSES = Path(__file__).parents[2] / "courses_content"


MUESTRARIO = Path(__file__).parents[2] / "docs/muestrario"


COURSE = "/courses/trata-de-personas"


def going(page: Page, served: Installation) -> Callable[[str], object]:
    """How the page goes to an address of that installation."""
    return lambda path: page.goto(served.url + path)


def fill(page: Page, values: dict[str, str]) -> None:
    """The page's form filled in and sent."""
    for name, value in values.items():
        page.fill(f"[name={name}]", value)
    page.click("main form button[type=submit]")
    page.wait_for_load_state()


def be_sure(page: Page) -> None:
    """Where five minutes went by since her passphrase."""
    page.wait_for_load_state()
    if "/me/confirm" in page.url:
        confirm(page)
