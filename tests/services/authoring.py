"""An author at work: edits to a copy of a course, in every language that it has."""

import re
from collections.abc import Callable
from pathlib import Path

from lms.content.course import load
from lms.content.model import Course

REFERENCE = re.compile(r"\[\^([a-z0-9-]+)\](?!:)")


class Author:
    """Somebody who edits the course in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self) -> Course:
        """The course as it is now; it has no mistake."""
        course, findings = load(self.folder)
        assert course is not None, findings
        return course

    def file(self, name: str, change: Callable[[str], str]) -> None:
        """Changes the file of that name in each language, and takes away the sources that nothing names any more."""
        for path in self.folder.glob(f"*/{name}"):
            path.write_text(tidy(change(path.read_text("utf-8"))), "utf-8")

    def block(self, name: str, change: Callable[[str], str]) -> None:
        """Changes the block with that id in each language."""
        inner = r"^::: [^\n#]*\n.*?^:::$\n"
        found = re.compile(rf"^::: [^\n]*#{name}\b(?:{inner}|.)*?^:::$\n", re.MULTILINE | re.DOTALL)
        for path in self.folder.glob("*/*.md"):
            text = path.read_text("utf-8")
            if found.search(text):
                path.write_text(tidy(found.sub(lambda match: change(match[0]), text)), "utf-8")

    def facts(self, old: str, new: str) -> None:
        """Changes course.yml."""
        path = self.folder / "course.yml"
        assert old in path.read_text("utf-8")
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")

    def add_facts(self, line: str) -> None:
        """Adds a line to course.yml."""
        path = self.folder / "course.yml"
        path.write_text(path.read_text("utf-8") + line + "\n", "utf-8")


def tidy(text: str) -> str:
    """The text without the sources that it does not name."""
    used = set(REFERENCE.findall(text))
    lines = text.split("\n")
    return "\n".join(
        line for line in lines if not (found := re.match(r"\[\^([a-z0-9-]+)\]:", line)) or found[1] in used
    )


def without_references(text: str) -> str:
    """The text without its references to sources."""
    return REFERENCE.sub("", text)


def options_turned(text: str) -> str:
    """A question's options, each with its reason, from the last to the first."""
    asked, aside = re.fullmatch(r"(.*?)((?:\n::: .*)?:::\n)", text, re.DOTALL).groups()  # type: ignore[union-attr]
    head, *options = re.split(r"(?m)^(?=- |\d+\. )", asked)
    return head + "".join(reversed(options)) + aside
