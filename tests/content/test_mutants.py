"""Two thousand modules that somebody spoilt: each is still a course, or errors with their lines, and never shows an answer."""

import os
import random
import re
import shutil
from pathlib import Path

import pytest

from lms.content.course import load
from lms.content.release import decode, encode
from tests.content.test_properties import PIECES, mutated, texts

MUESTRARIO = Path(__file__).parents[2] / "docs/muestrario"
ROUNDS = 20_000 if os.environ.get("LMS_REQUIRE_AUDIT") else 800
SHARES = 8
KINDS = ("drop", "double", "swap", "add", "cut")
MARKS = [
    *":#[]{}()<>*_`-|!\\^&>=\"'~→%\u00a0\n ",
    "[x]",
    "[[",
    "]]",
    "->",
    "±",
    "::: ",
    ":::",
    "é",
    "ñ",
    "e\u0301",
    "：",
    "［x］",
]
MORE = [
    "- [x] ",
    "[[uno]]",
    "[[(a) | b]]",
    "::: pista",
    "::: completar #q-zz",
    "- a -> b",
    '::: escala #s-zz low="a" high="b"',
]
ANSWER = re.compile(r"\[\s?[xX✓✔]?\s?\](?!\()|\[\[")
"""`[](` is what is left of a picture that was cut, and no answer."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Path(shutil.copytree(MUESTRARIO, tmp_path_factory.mktemp("mutants") / "muestrario"))
    shutil.rmtree(made / "en")
    (made / "translations.lock").unlink()
    settings = (made / "course.yml").read_text("utf-8")
    (made / "course.yml").write_text(settings.replace("languages: [es, en]", "languages: [es]"), "utf-8")
    course, findings = load(made)
    assert course, findings
    return made


def mutant(text: str, dice: random.Random) -> str:
    """The text with a few lines and characters of it changed."""
    edits = [
        (dice.choice(KINDS), dice.randrange(10_000), dice.randrange(10_000), dice.choice([*PIECES, *MORE]))
        for _ in range(dice.randrange(4))
    ]
    text = mutated(text, edits)
    for _ in range(dice.randrange(1, 6)):
        at = dice.randrange(len(text) + 1)
        text = text[:at] + dice.choice([*MARKS, ""]) + text[at + dice.randrange(4) :]
    return text


@pytest.mark.no_cover
@pytest.mark.timeout(1_800 if ROUNDS > 800 else 180)
@pytest.mark.parametrize("share", range(SHARES))
def test_a_mutant_is_a_course_or_errors_within_its_file_and_shows_no_answer(folder: Path, share: int) -> None:
    names = sorted(path.name for path in (folder / "es").glob("*.md"))
    published = 0
    for number in range(share, ROUNDS, SHARES):
        dice = random.Random(number)
        name = dice.choice(names)
        path, before = folder / "es" / name, (MUESTRARIO / "es" / name).read_text("utf-8")
        text = mutant(before, dice)
        path.write_text(text, "utf-8")
        course, findings = load(folder)
        path.write_text(before, "utf-8")
        length = text.count("\n") + 1
        assert (course is None) == any(each.severity == "error" for each in findings), number
        assert all(each.line >= 1 and each.sentence(str) for each in findings), number
        assert all(each.line <= length for each in findings if each.file.endswith(f"es/{name}")), number
        if course:
            published += 1
            shown = [each for each in texts(course) if "<code>" not in each]
            assert not any(ANSWER.search(each) for each in shown), (number, [x for x in shown if ANSWER.search(x)])
            assert encode(decode(encode(course))) == encode(course), number
    assert published > ROUNDS / SHARES / 20
