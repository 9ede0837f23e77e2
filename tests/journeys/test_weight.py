"""What pages weigh, and that nothing on them jumps: counts, not times (those are in `bench/pages.py`)."""

import pytest
from playwright.sync_api import Browser

from tests.browser import new_page, register
from tests.installation import Installation
from tests.tour.steps import COURSE
from tests.weighing import weigh

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group(__name__)]
KB = 1000


def test_the_first_page_comes_in_four_requests_and_thirty_kilobytes(served: Installation, browser: Browser) -> None:
    weight = weigh(new_page(browser).context, served.url + "/")
    assert len(weight.requests) <= 4, weight.requests
    assert weight.bytes <= 30 * KB
    assert weight.shift < 0.02


def test_a_module_comes_in_six_requests_and_sixty_kilobytes(served: Installation, browser: Browser) -> None:
    page = new_page(browser)
    register(page, served.url, "peso", "Ana")
    for module in ("m-que-es", "m-escenario"):
        weight = weigh(page.context, f"{served.url}{COURSE}/{module}")
        assert len(weight.requests) <= 6, weight.requests
        assert weight.bytes <= 60 * KB
        assert weight.shift < 0.02


@pytest.mark.parametrize("path", ["/me/learning", COURSE, "/me/certificates", "/courses/muestrario/m-preguntas"])
def test_nothing_jumps(served: Installation, browser: Browser, path: str) -> None:
    page = new_page(browser)
    register(page, served.url, f"quieta{len(path)}", "Ana")
    assert weigh(page.context, served.url + path).shift < 0.02
