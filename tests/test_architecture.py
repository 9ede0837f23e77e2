"""The shape of the house, as far as a test can hold it."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LMS = ROOT / "lms"
MODULES = sorted(path for path in LMS.rglob("*.py") if "versions" not in path.parts)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_tells_one_story(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) <= 360
    tree = ast.parse("\n".join(lines))
    if lines:
        assert ast.get_docstring(tree), "a module says in a sentence what it is"
    for node in ast.walk(tree):
        public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
        if public and node in tree.body:
            assert ast.get_docstring(node), f"{node.name} says what its caller gets"


def test_nothing_is_left_for_later() -> None:
    for path in MODULES:
        assert not re.search(r"\b(TODO|FIXME|XXX|NotImplemented)\b", path.read_text("utf-8")), path


def test_every_package_is_in_the_wheel() -> None:
    named = set(
        re.findall(r"^    (lms[\w.]*)$", (ROOT / "setup.cfg").read_text("utf-8").split("package_dir")[0], re.MULTILINE)
    )
    there = {".".join(path.parent.relative_to(ROOT).parts) for path in LMS.rglob("__init__.py")}
    assert there | {"lms.translations"} == named


def test_every_dependency_is_held_to_one_version() -> None:
    text = (ROOT / "setup.cfg").read_text("utf-8")
    wanted = {
        name.lower().replace("_", "-")
        for name in re.findall(r"^    ([A-Za-z][\w-]*)(?:\[\w+\])? >= ", text, re.MULTILINE)
    }
    pinned = {
        line.partition("==")[0].lower().replace("_", "-")
        for line in (ROOT / ".ci/constraints.txt").read_text().splitlines()
        if "==" in line
    }
    assert wanted <= pinned, wanted - pinned


def test_what_is_committed_names_no_machine() -> None:
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    for name in files:
        path = ROOT / name
        if (
            path.suffix in (".ttf", ".png", ".jpg", ".mp3", ".mp4", ".pdf", ".icc")
            or not path.is_file()
            or "vendor" in path.parts
            or path == Path(__file__)
        ):
            continue
        text = path.read_text("utf-8")
        assert not re.search(r"/work/|/opt/pypi|\.library|/root/", text), name


def test_web_processes_load_nothing_that_makes_certificates() -> None:
    verifies = (
        "verified(b'{}', Trust(roots=()), datetime.now(UTC)); verified(b'%PDF', Trust(roots=()), datetime.now(UTC))"
    )
    imports = "from datetime import UTC, datetime; from lms.certificates.trust import Trust; from lms.services.certifying.verifying import verified"
    program = f"import sys, lms.web.app; {imports}; {verifies}; print([name for name in ('pyhanko', 'reportlab', 'aiohttp', 'requests', 'lxml', 'pyld', 'markdown') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
