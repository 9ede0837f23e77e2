"""The program and the verifier page's script say the same of every code of tests/vectors/codes.json."""

import json
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from lms.certificates import lists, qr
from lms.certificates.trust import BadList, Trust
from lms.web.assets import SOURCES
from lms.web.public.verifier import SENTENCES
from tests.tools import require
from tests.vectors import codes

VECTORS = json.loads(codes.FILE.read_text("utf-8"))
NAMES = {sentence: name for name, sentence in SENTENCES.items()}
FORM = {"version", "no_message", "uncovered", "longer", "spelt", "twice", "algorithm", "length", "facts", "changed"}
LISTS = {"revoked", "replaced", "out_of_time", "withdrawn_before", "compromised", "not_listed", "no_code"}


@pytest.fixture(scope="module")
def trusted() -> Trust:
    return codes.trust_of(VECTORS)


def test_the_program_says_so_of_every_code(trusted: Trust) -> None:
    now = datetime.combine(date.fromisoformat(VECTORS["today"]), datetime.min.time(), UTC)
    wrong = []
    for each in VECTORS["cases"]:
        outcome, failed = "invalid", "no_code"
        if each["failed"] != "no_code":
            found = qr.verify(qr.parse(each["text"]), trusted, now)
            outcome = found.outcome
            failed = ",".join(NAMES[check.sentence] for check in found.checks if not check.passed)
        told = codes.told(each["text"], trusted, now.date())
        if (outcome, failed, told) != (each["outcome"], each["failed"], each["told"]):
            wrong.append((each["name"], outcome, told))
    assert wrong == []


def test_every_reason_to_refuse_has_a_sentence_of_its_own_and_a_code() -> None:
    assert len(NAMES) == len(SENTENCES)
    assert {each["failed"] for each in VECTORS["cases"]} == FORM | LISTS | {""}
    assert {name for each in VECTORS["cases"] for name in each["told"]} | {"stale"} == set(SENTENCES)
    assert len(VECTORS["cases"]) >= 90


def test_the_program_takes_nothing_from_bad_lists(trusted: Trust) -> None:
    assert len(VECTORS["bad_lists"]) >= 14
    for name, raw in {**VECTORS["bad_lists"], **VECTORS["passed_over"]}.items():
        with pytest.raises(BadList):
            lists.read(raw.encode(), trusted)
            pytest.fail(name)


def test_the_generator_still_writes_such_a_file() -> None:
    made = json.loads(codes.text())
    assert made.keys() == VECTORS.keys()
    for new, old in zip(made["cases"], VECTORS["cases"], strict=True):
        assert {**new, "text": ""} == {**old, "text": ""}


@pytest.mark.tools
def test_the_pages_script_says_so_of_every_code() -> None:
    require("node")
    scripts = [str(SOURCES / "js" / name) for name in ("code.js", "judge.js")]
    command = ["node", str(Path(codes.FILE).with_suffix(".mjs")), *scripts]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr[:2000]
    cases, flips, changed = (part.split(" of ") for part in done.stdout.strip().split(", "))
    assert cases[0] == cases[1] == str(len(VECTORS["cases"]))
    assert flips[0] == flips[1] and int(flips[0]) >= 1400
    assert changed[0] == changed[1] and int(changed[0]) >= 300
