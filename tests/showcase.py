"""`python -m tests.showcase`: the five pictures of docs/pictures, taken from the walk past every page."""

import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser import DESKTOP, PHONE, chrome, new_page
from tests.installation import install
from tests.tour.steps import COURSES, MUESTRARIO
from tests.tour.walk import tour

PICTURES = Path(__file__).parents[1] / "docs/pictures"
MOST = 80_000  # bytes
WANTED: dict[str, tuple[dict[str, Any], str, str]] = {
    "catalogue": ({"locale": "es-GT", "viewport": DESKTOP, "color_scheme": "light"}, "courses", "body"),
    "module": ({"locale": "es-GT", "viewport": PHONE, "color_scheme": "light"}, "module", "body"),
    "scenario": (
        {"locale": "es-GT", "viewport": PHONE, "color_scheme": "light"},
        "scenario-consequence",
        ".step:target",
    ),
    "result": ({"locale": "es-GT", "viewport": PHONE, "color_scheme": "light"}, "result-passed", "body"),
    "dark": (
        {"locale": "en-US", "viewport": PHONE, "color_scheme": "dark"},
        "module-answered",
        "#quiz-q-que-es-caso-inicial",
    ),
}
"""Each picture: in which browser, at which place of the walk, and what is to be seen of it."""


def main() -> None:
    """The pictures are taken anew."""
    served = install(Path(tempfile.mkdtemp()), COURSES)
    served.lms("publish", str(MUESTRARIO))
    looks = {str(options): options for options, _, _ in WANTED.values()}
    with served.serving(), chrome() as browser:
        for look, options in looks.items():
            left = {place: (name, at) for name, (mine, place, at) in WANTED.items() if str(mine) == look}
            page = new_page(browser, reduced_motion="reduce", **options)
            for place in tour(page, served):
                if place in left:
                    _take(page, *left.pop(place))
                if not left:
                    break


def _take(page: Page, name: str, at: str) -> None:
    if at != "body":
        page.locator(at).evaluate("part => scrollTo(0, part.getBoundingClientRect().top + scrollY - 80)")
        page.wait_for_timeout(300)
    path = PICTURES / f"{name}.jpg"
    for quality in range(74, 40, -6):
        page.screenshot(path=path, type="jpeg", quality=quality)
        if path.stat().st_size <= MOST:
            print(path)
            return
    raise SystemExit(f"{path.name} is {path.stat().st_size} bytes, more than {MOST}")


if __name__ == "__main__":
    main()
