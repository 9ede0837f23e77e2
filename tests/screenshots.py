"""`python -m tests.screenshots FOLDER`: every page, phone and desktop, light and dark, in both languages; to be looked at."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from tests.browser import DESKTOP, PHONE, chrome, new_page
from tests.installation import install
from tests.pocket import tour as pocket
from tests.tour.steps import COURSES, MUESTRARIO
from tests.tour.walk import tour

LOOKS = {
    "es-phone-light": {"locale": "es-GT", "viewport": PHONE, "color_scheme": "light"},
    "es-desktop-light": {"locale": "es-GT", "viewport": DESKTOP, "color_scheme": "light"},
    "en-phone-dark": {"locale": "en-US", "viewport": PHONE, "color_scheme": "dark"},
    "en-desktop-dark": {"locale": "en-US", "viewport": DESKTOP, "color_scheme": "dark"},
}
LOADED = """Promise.all([...document.images].map((image) => {
    image.loading = "eager";
    return image.decode().catch(() => {});
}))"""
"""A whole page is taken at once: no picture in it waits to be scrolled to."""
STILL = ".exit, .along { position: static !important; }"
"""What stays at an edge of the screen would stand in the middle of a whole page."""
KEPT = "[data-kept]:not(#page-words)"
"""What `/v` says once it has kept itself; the words of all scripts have an attribute of that name too."""


def main(folder: Path) -> None:
    """A PNG for each page and look in the folder."""
    for look, options in LOOKS.items():
        # Each look has its own installation: what is empty or few in the first is so in all.
        served = install(Path(tempfile.mkdtemp()), COURSES)
        served.lms("publish", str(MUESTRARIO))
        (folder / look).mkdir(parents=True, exist_ok=True)
        # The browser's own words, such as those of a field for files, are in the language that it is started in.
        with chrome(f"--lang={options['locale']}") as browser, served.serving():
            page = new_page(browser, **options)
            for name in tour(page, served):
                take(page, folder / look / f"{name}.png")
            page = new_page(browser, **options)
            for name in pocket.tour(page, served, options["locale"][:2]):
                take(page, folder / look / f"pocket-{name}.png")
        print(f"{look}: {folder / look}")


def take(page: Page, path: Path) -> None:
    """The whole page that it shows."""
    if page.locator(KEPT).and_(page.locator("[hidden]")).count():
        page.locator(KEPT).wait_for()
    page.evaluate(LOADED)
    page.screenshot(path=path, full_page=True, style=STILL)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots"))
