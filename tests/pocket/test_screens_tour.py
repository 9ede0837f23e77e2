"""Every view of the pocket, in both languages and several looks: axe-core finds nothing, nothing is wider than the screen, no script
complains."""

import os
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser import DESKTOP, PHONE, new_page
from tests.installation import Installation
from tests.journeys.test_access import AXE, looked_at
from tests.pocket.tour import EVERY, tour

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group(__name__)]
NARROW = {"width": 320, "height": 640}
LOOKS: dict[str, tuple[str, dict[str, Any]]] = {
    "es-narrow-light": ("es", {"locale": "es-GT", "viewport": NARROW, "color_scheme": "light"}),
    "en-desktop-dark": ("en", {"locale": "en-US", "viewport": DESKTOP, "color_scheme": "dark"}),
    "es-phone-contrast": ("es", {"locale": "es-GT", "viewport": PHONE, "contrast": "more"}),
    "en-phone-dark": ("en", {"locale": "en-US", "viewport": PHONE, "color_scheme": "dark"}),
}
MOST = list(LOOKS) if os.environ.get("LMS_REQUIRE_AUDIT") else ["es-narrow-light"]


@pytest.mark.parametrize("look", MOST)
def test_every_view_is_for_everybody(served: Installation, browser: Browser, look: str) -> None:
    language, options = LOOKS[look]
    page = new_page(browser, **options)
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "console",
        lambda each: said.append(each.text) if each.type == "error" and "Failed to load" not in each.text else None,
    )
    wrong, seen = [], []
    for name in tour(page, served, language):
        page.evaluate(AXE.read_text("utf-8"))
        wrong += [f"{name}: {each}" for each in looked_at(page)]
        page.evaluate("document.querySelectorAll('.exit, .along').forEach(bar => { bar.style.position = ''; })")
        address, title = page.evaluate("[location.pathname + location.search + location.hash, document.title]")
        assert address == "/pocket", name
        assert "rata" not in title.lower(), f"{name}: the tab says {title}"
        assert page.evaluate("document.documentElement.lang") == language, name
        seen.append(name)
    page.context.close()
    assert wrong == []
    assert said == []
    assert len(seen) >= EVERY
