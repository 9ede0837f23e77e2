"""The pocket's scripts hold together, are small, and say nothing that an old phone's browser does not understand."""

import re
from pathlib import Path

import pytest

from lms.web import assets

SCRIPTS = sorted((assets.SOURCES / "js/pocket").glob("*.js"))
IMPORT = re.compile(r'^import (?:\{ (.+) \}|\* as \w+) from "\./([a-z0-9-]+)\.js";$', re.MULTILINE)
ANY_IMPORT = re.compile(r"^import\b.*$", re.MULTILINE)
SHARED = [f'import "./{name}.js";' for name in assets.SHARED]
NEWER = {
    "Chrome 85, Safari 14": r"\?\?=|\|\|=|&&=|\.replaceAll\(",
    "Chrome 92, Safari 15.4": r"\.at\(|Object\.hasOwn\(|structuredClone\(|\bcrypto\.randomUUID",
    "Chrome 84, Safari 14.1": r"\bstatic \w+ =|#\w+ =|this\.#",
    "Chrome 89, Safari 15": r"^await ",
    "Safari 16.4": r"\(\?<[=!]",
    "Chrome 97, Safari 15.4": r"\.findLast\(|\.toSorted\(|\.groupBy\(",
}
"""What came after Chrome 80 and Safari 14."""


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda each: each.stem)
def test_what_a_script_imports_another_exports(script: Path) -> None:
    text = script.read_text("utf-8")
    whole = [line for line in ANY_IMPORT.findall(text) if line not in SHARED]
    found = IMPORT.findall(text)
    assert len(found) == len(whole), "an import that the build does not know how to put together"
    for names, name in found:
        other = (assets.SOURCES / "js/pocket" / f"{name}.js").read_text("utf-8")
        told = set(re.findall(r"^export (?:const|class) (\w+)", other, re.MULTILINE))
        told |= {each for line in re.findall(r"^export \{ (.+) \};$", other, re.MULTILINE) for each in line.split(", ")}
        assert {each.split(" as ")[0] for each in names.split(", ") if each} <= told
    assert not re.search(r"^export (?!const |class |\{ [\w, ]+ \};$)", text, re.MULTILINE)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda each: each.stem)
def test_an_old_phone_understands_it(script: Path) -> None:
    text = re.sub(r"^\s*//.*$", "", script.read_text("utf-8"), flags=re.MULTILINE)
    assert {since: found for since, newer in NEWER.items() if (found := re.findall(newer, text, re.MULTILINE))} == {}


def test_no_two_scripts_wait_for_each_other() -> None:
    asks = {each.stem: {name for _, name in IMPORT.findall(each.read_text("utf-8"))} for each in SCRIPTS}
    while asks:
        ready = {name for name, others in asks.items() if not others & asks.keys()}
        assert ready, f"a circle of {sorted(asks)}"
        asks = {name: others for name, others in asks.items() if name not in ready}


def test_they_are_small(tmp_path: Path) -> None:
    assets.build(built=tmp_path / "static")
    packed = {each.stem: each.stat().st_size for each in (tmp_path / "static/js/pocket").glob("*.br")}
    assert packed.keys() == {"app.js"}
    assert packed["app.js"] <= 40 * 1024
