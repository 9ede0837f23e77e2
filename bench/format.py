"""The course format: reading beside plain Python-Markdown on the same text, and publishing whole courses."""

import shutil
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import markdown

from bench.pairs import compare
from bench.place import COURSES
from lms.content.course import load
from lms.services.running.publish import publish
from lms.storage import schema
from lms.storage.database import Database

COURSE = COURSES / "trata-de-personas"
ROUNDS = 5


def main() -> None:
    """Prints the comparison, and how long publishing takes."""
    texts = [path.read_text("utf-8") for path in sorted(COURSE.glob("*/*.md"))]

    def plain() -> None:
        for text in texts:
            markdown.markdown(text, extensions=["tables", "def_list", "sane_lists", "abbr", "footnotes"])

    compare("course read and checked", lambda: load(COURSE), plain, "courses", "plain Python-Markdown")
    changed, unchanged = zip(*(_publishing(Path(tempfile.mkdtemp())) for _ in range(ROUNDS)), strict=True)
    print(
        f"published, 7 modules in 2 languages: {statistics.median(changed) * 1000:,.0f} ms;"
        f" unchanged: {statistics.median(unchanged) * 1000:,.1f} ms"
    )


def _publishing(folder: Path) -> tuple[float, float]:
    """Seconds for publishing the course anew, and once more without a change."""
    database = Database(f"sqlite:///{folder / 'bench.sqlite'}")
    schema.upgrade(database)
    course = Path(shutil.copytree(COURSE, folder / "course"))
    times = []
    for wanted in ("published", "unchanged"):
        start = time.perf_counter()
        outcome = publish(database, course, position=0, now=datetime.now(UTC)).outcome
        times.append(time.perf_counter() - start)
        if outcome != wanted:
            raise SystemExit(f"the course is {outcome}")
    return times[0], times[1]
