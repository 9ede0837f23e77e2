"""`python -m tests.reference`: writes docs/format.md, and its pictures where Chromium is (`--text`: not the pictures)."""

import sys
from pathlib import Path

from tests.reference import pictures
from tests.reference.page import text

PAGE = Path(__file__).parents[2] / "docs/format.md"

if __name__ == "__main__":
    PAGE.write_text(text(), "utf-8")
    if "--text" not in sys.argv:
        pictures.take()
