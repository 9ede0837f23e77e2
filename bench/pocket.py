"""What a phone downloads: the page that it keeps, file by file, and each course as it is taken along; how long packs take, and
how long a module takes to open without a network on a processor four times slower."""

import secrets
import statistics
import tempfile
import time
from pathlib import Path

from lms.web.app import create_app
from lms.web.frame.packing import Packed, packed
from lms.web.learner import packs
from lms.web.pocket.shell import LOOKS, kept
from tests.browser import chrome, new_page, register
from tests.installation import Installation, install
from tests.pocket.tour import COURSE, course_of, go, keep_here, take
from tests.tour.steps import COURSES, MUESTRARIO

SHELL, TEXT = 60_000, 200_000
"""The aims: the page with everything that it needs, and the text of a course in one language."""


def main() -> None:
    """Prints sizes as they travel, packed; a line over its aim says so."""
    served = install(Path(tempfile.mkdtemp()), COURSES)
    served.lms("publish", str(MUESTRARIO))
    app = create_app(served.settings)
    site = app.extensions["lms"]
    with app.test_request_context("/"):
        files = kept()
        weighed = {name: sizes(packed(body)) for name, body in files.items()}
        print(f"{'of the page':<44}{'br':>9}{'gzip':>9}")
        for name, (br, gz) in sorted(weighed.items(), key=lambda each: -each[1][1]):
            print(f"{name:<44}{br:>9}{gz:>9}")
        spoken = [name for name in files if ".words." in name.replace("/", ".") or ".exit." in name.replace("/", ".")]
        for place, label in ((0, "br"), (1, "gzip")):
            whole = sum(each[place] for each in weighed.values())
            said = sum(weighed[name][place] for name in spoken)
            one = whole - said + said // len(site.settings.languages)
            given = sum(weighed[name][place] for name in files if name.endswith(LOOKS))
            print(f"the whole page, {label}: {whole} ({one} with one language){' OVER' if one > SHELL else ''}")
            print(
                f"  of it new to a phone that has the site's looks: {whole - given} ({one - given} with one language)"
            )
        print(f"\n{'course':<34}{'language':>9}{'plain':>9}{'br':>9}{'gzip':>9}{'ms':>6}{'media':>11}")
        with site.database.reading() as tx:
            releases = site.desk.catalogue.all_live(tx)
        for release in releases:
            start = time.perf_counter()
            made = packs.pack(release)
            spent = (time.perf_counter() - start) * 1000
            for file in made.files.values():
                br, gz = sizes(file.content)
                over = " OVER" if max(br, gz) > TEXT else ""
                media = made.manifest["bytes_media"]
                print(
                    f"{release.course.id:<34}{file.language:>9}{len(file.content.plain):>9}{br:>9}{gz:>9}{spent:>6.0f}{media:>11}{over}"
                )
    opening(served)


OPENED = """(route) => new Promise((done) => {
    const view = document.getElementById("pocket-view");
    const link = Object.assign(document.createElement("a"), { href: `#/${route}` });
    view.append(link);
    const start = performance.now();
    const seen = new MutationObserver(() => {
        if (!history.state || history.state.route !== route || !view.querySelector("article h1")) return;
        seen.disconnect();
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
    });
    seen.observe(view, { childList: true, subtree: true });
    link.click();
})"""
"""How long from a tap to the module on the screen, in milliseconds."""


def opening(served: Installation) -> None:
    """Prints how long each module takes to open without a network, the first time and then at its best of three."""
    modules = [each for each in course_of().edition("es").modules.values() if each.kind == "module"]
    with served.serving(), chrome() as browser:
        page = new_page(browser)
        register(page, served.url, f"u{secrets.token_hex(5)}", "Ana")
        keep_here(page, served.url)
        take(page)
        page.context.set_offline(True)
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
        took: dict[str, list[float]] = {}
        for _ in range(4):
            for module in modules:
                took.setdefault(module.id, []).append(page.evaluate(OPENED, f"module/{COURSE}/{module.id}"))
                go(page, f"course/{COURSE}")
    print(f"\n{'opening offline, CPU four times slower':<44}{'first ms':>9}{'best ms':>9}")
    for name, times in took.items():
        print(f"{name:<44}{times[0]:>9.0f}{min(times[1:]):>9.0f}")
    print(f"{'median':<44}{statistics.median(each[0] for each in took.values()):>9.0f}")


def sizes(content: Packed) -> tuple[int, int]:
    """How many bytes with Brotli (0 where it is not installed) and with gzip."""
    return len(content.by.get("br", b"")), len(content.by["gzip"])
