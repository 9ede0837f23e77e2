"""Every page on a slow phone: bytes, requests, first and largest paint, usable, layout shift.

400 kbit/s, 400 ms, a processor four times slower, nothing cached; each page twice, the faster one counts.
"""

import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from tests.browser import chrome, new_page
from tests.installation import install
from tests.tour.steps import COURSES, MUESTRARIO
from tests.tour.walk import tour
from tests.weighing import Weight, weigh


def main(only: str = "") -> None:
    """Prints a line a page, or for each whose name has that in it."""
    served = install(Path(tempfile.mkdtemp()), COURSES)
    served.lms("publish", str(MUESTRARIO))
    print(f"{'page':<28}{'kB':>7}{'requests':>10}{'FCP s':>8}{'LCP s':>8}{'usable s':>10}{'CLS':>8}")
    with served.serving(), chrome() as browser:
        page = new_page(browser)
        seen: dict[str, str] = {}
        cold = browser.new_context(viewport=page.viewport_size, locale="es-GT")
        if only in "courses (visitor)":
            show("courses (visitor)", [weigh(cold, served.url + "/", slow=True) for _ in range(2)])
        for name in tour(page, served):
            address = urlsplit(page.url)._replace(fragment="").geturl()
            if only in name and address not in seen.values():
                seen[name] = address
        for name, address in seen.items():
            show(name, [weigh(page.context, address, slow=True) for _ in range(2)])


def show(name: str, weights: list[Weight]) -> None:
    """One line of the table."""
    best = min(weights, key=lambda each: each.usable)
    times = f"{best.fcp / 1000:>8.2f}{best.lcp / 1000:>8.2f}{best.usable / 1000:>10.2f}"
    shift = max(each.shift for each in weights)
    print(f"{name:<28}{best.bytes / 1000:>7.1f}{len(best.requests):>10}{times}{shift:>8.3f}", flush=True)
