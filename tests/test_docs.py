"""What the documents say is so."""

import re
from pathlib import Path

import pytest

from lms.cli import COMMANDS
from lms.config import Settings

ROOT = Path(__file__).parents[1]
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text("utf-8")):
        if not target.startswith(("http", "term:", "mailto:", "../media", "tel:")):
            assert (path.parent / target).exists(), target


def test_every_setting_and_command_is_described() -> None:
    text = (ROOT / "docs/operating.md").read_text("utf-8")
    for name in set(Settings.__dataclass_fields__) - {"instance", "fixed"}:
        assert f"`{name}`" in text, name
    for name in COMMANDS:
        assert f"lms {name}" in text, name


def test_every_test_named_for_a_danger_exists() -> None:
    for name in re.findall(r"`(tests/[^`]+)`", (ROOT / "docs/security.md").read_text("utf-8")):
        assert list(ROOT.glob(name)), name
