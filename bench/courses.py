"""Reading a course beside plain Python-Markdown on the same text."""

from pathlib import Path

import markdown

from bench.pairs import compare
from bench.place import COURSES
from lms.content.course import load


def main() -> None:
    """Prints the comparison."""
    folder: Path = COURSES / "trata-de-personas"
    texts = [path.read_text("utf-8") for path in sorted(folder.glob("es/*.md"))]

    def plain() -> None:
        for text in texts:
            markdown.markdown(text, extensions=["tables", "def_list", "sane_lists", "abbr", "footnotes"])

    compare("course read and checked", lambda: load(folder), plain, "courses", "plain Python-Markdown")
