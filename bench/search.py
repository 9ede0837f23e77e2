"""Making a course's search index beside reading the course, and asking it beside a plain scan of the same text."""

import unicodedata

from bench.pairs import compare
from bench.place import COURSES
from lms.content.compile import compile_course
from lms.content.course import load
from lms.content.search import build, find

QUERIES = ["victimas", "explotación", "tráfico ilícito de migrantes", "deuda documentos", "que hago si", "inexistente"]


def main() -> None:
    """Prints the comparisons."""
    folder = COURSES / "trata-de-personas"
    course, _ = load(folder)
    if course is None:
        raise SystemExit("the course has errors")
    edition = course.editions["es"]
    index = build(edition)
    texts = [(f"{each.title} {each.text}") for each in index.passages]

    def ask() -> None:
        for query in QUERIES:
            find(index, query)

    def scan() -> None:
        for query in QUERIES:
            plain = _plain(query)
            [text for text in texts if plain in _plain(text)]

    compare("search index made", lambda: build(edition), lambda: load(folder), "editions", "course read and checked")
    compare("six searches", ask, scan, "rounds", "plain scan for the same words in a row")
    compare("course compiled with its index", lambda: compile_course(folder), lambda: load(folder), "courses", "read")


def _plain(text: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(each))
