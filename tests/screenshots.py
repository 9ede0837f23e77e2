"""`python -m tests.screenshots FOLDER`: every page, phone and desktop, light and dark, in both languages; to be looked at."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from tests.browser import DESKTOP, PHONE, chrome, new_page
from tests.installation import install
from tests.tour import COURSES, MUESTRARIO, tour

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
<<<<<<< HEAD
STILL = "document.querySelectorAll('.exit, .along').forEach((bar) => bar.style.setProperty('position', 'static', 'important'))"
"""Nor does a bar stick to the edge of a screen that there is not."""
=======
STILL = ".exit, .along { position: static !important; }"
"""What stays at an edge of the screen would stand in the middle of a whole page."""
>>>>>>> f078668d60b0c8f4e41e96b74cc28cf89d1eb18b


def main(folder: Path) -> None:
    """A PNG for each page and look in the folder."""
    for look, options in LOOKS.items():
        # Each look has its own installation: what is empty or few in the first is so in all.
        served = install(Path(tempfile.mkdtemp()), COURSES)
        served.lms("publish", str(MUESTRARIO))
        (folder / look).mkdir(parents=True, exist_ok=True)
        # The browser's own words, as those of a field for files, are in the language that it was started in.
        with chrome(f"--lang={options['locale']}") as browser, served.serving():
            page = new_page(browser, **options)
<<<<<<< HEAD
            for name in tour(page, served):
                page.evaluate(STILL)
                page.evaluate(LOADED)
                _wait_until_kept(page)
                page.screenshot(path=folder / look / f"{name}.png", full_page=True)
        print(f"{look}: {folder / look}")


def _wait_until_kept(page: Page) -> None:
    """The page that checks codes says by itself that it works without a connection."""
    kept = page.locator("[data-kept]")
    if page.url.endswith("/v") and kept.count():
        kept.first.wait_for(timeout=5_000)
=======
            (folder / look).mkdir(parents=True, exist_ok=True)
            with served.serving():
                for name in tour(page, served):
                    take(page, folder / look / f"{name}.png")
            print(f"{look}: {folder / look}")
>>>>>>> f078668d60b0c8f4e41e96b74cc28cf89d1eb18b


def take(page: Page, path: Path) -> None:
    """The whole page that it shows."""
    if page.locator("[data-kept][hidden]").count():
        page.locator("[data-kept]").wait_for()
    page.evaluate(LOADED)
    page.screenshot(path=path, full_page=True, style=STILL)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots"))
