"""What a phone downloads: the page that it keeps, file by file, and each course as it is taken along; how long packs take."""

import tempfile
import time
from pathlib import Path

from lms.web.app import create_app
from lms.web.frame.packing import Packed, packed
from lms.web.learner import packs
from lms.web.pocket.shell import kept
from tests.installation import install
from tests.tour.steps import COURSES, MUESTRARIO

SHELL, COURSE = 60_000, 200_000
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
            print(f"the whole page, {label}: {whole} ({one} with one language){' OVER' if one > SHELL else ''}")
        print(f"\n{'course':<34}{'language':>9}{'plain':>9}{'br':>9}{'gzip':>9}{'ms':>6}{'media':>11}")
        with site.database.reading() as tx:
            releases = site.desk.catalogue.all_live(tx)
        for release in releases:
            start = time.perf_counter()
            made = packs.pack(release)
            spent = (time.perf_counter() - start) * 1000
            for file in made.files.values():
                br, gz = sizes(file.content)
                over = " OVER" if max(br, gz) > COURSE else ""
                media = made.manifest["bytes_media"]
                print(
                    f"{release.course.id:<34}{file.language:>9}{len(file.content.plain):>9}{br:>9}{gz:>9}{spent:>6.0f}{media:>11}{over}"
                )


def sizes(content: Packed) -> tuple[int, int]:
    """How many bytes with Brotli (0 where it is not installed) and with gzip."""
    return len(content.by.get("br", b"")), len(content.by["gzip"])
