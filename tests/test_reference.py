"""docs/format.md is what its generator makes, and shows how each block looks."""

import re
from pathlib import Path

from lms.content.names import KINDS
from tests.reference import pictures
from tests.reference.codes import findings
from tests.reference.page import text

PAGE = Path(__file__).parents[1] / "docs/format.md"


def test_the_reference_is_what_the_code_and_the_muestrario_say() -> None:
    assert PAGE.read_text("utf-8") == text(), "run `make reference`"


def test_every_block_has_a_small_picture() -> None:
    shown = re.findall(r"\(pictures/format/([a-z-]+)\.png\)", PAGE.read_text("utf-8"))
    assert shown == ["text", *KINDS]
    assert {path.stem for path in pictures.FOLDER.iterdir()} == set(shown)
    assert max(path.stat().st_size for path in pictures.FOLDER.iterdir()) <= 40_000


def test_every_code_has_a_sentence() -> None:
    assert len({each.code for each in findings()}) > 120
    assert all(each.sentence for each in findings())
