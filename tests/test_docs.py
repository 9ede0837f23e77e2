"""What the documents say is so."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

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


GUIDES = {
    language: ROOT / "docs" / name for language, name in {"en": "coordinating.md", "es": "coordinating.es.md"}.items()
}
"""What coordinators read, in each language."""


def test_the_guides_for_coordinators_have_the_same_parts() -> None:
    english, spanish = (_parts(path.read_text("utf-8").replace(f"/{name}/", "/")) for name, path in GUIDES.items())
    for said, other in zip(english, spanish, strict=True):
        assert said == other


@pytest.mark.parametrize("language", GUIDES)
def test_the_guides_show_each_of_their_pictures_and_all_are_small(language: str) -> None:
    taken = {path.name: path.stat().st_size for path in (ROOT / f"docs/pictures/coordinating/{language}").iterdir()}
    shown = re.findall(rf"pictures/coordinating/{language}/([\w.]+)", GUIDES[language].read_text("utf-8"))
    assert sorted(shown) == sorted(taken) and max(taken.values()) <= 60_000


@pytest.mark.parametrize("language", GUIDES)
def test_what_the_guides_have_in_bold_stands_on_pages(language: str) -> None:
    with (ROOT / f"translations/{language}/LC_MESSAGES/messages.po").open("rb") as file:
        known = {text.casefold() for each in read_po(file) for text in _texts(each.string)}
    bold = re.findall(r"\*\*(.+?)\*\*", GUIDES[language].read_text("utf-8"))
    assert [text for text in bold if text.casefold() not in known | {"bold", "negrita"}] == []
    assert len(bold) > 40


def _parts(text: str) -> list[list[str]]:
    """The levels of its headings; for each section its pictures, how long its tables and lists are, and what is code in it."""
    sections = re.split(r"^(?=#+ )", text, flags=re.MULTILINE)
    return [
        [
            section.partition(" ")[0],
            *re.findall(r"!\[[^]]+\]\(([^)]+)\)", section),
            *re.findall(r"^ *(- |\||\d\.)", section, re.MULTILINE),
            *re.findall(r"```\n(.*?)```", section, re.DOTALL),
            *sorted(re.findall(r"`([^`\n]+)`", section)),
        ]
        for section in sections
    ]


def _texts(said: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)
