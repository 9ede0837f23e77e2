"""Reading an author's files: UTF-8 text in lines, front matter, and YAML with every surprise taken out."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import yaml

from lms.content.report import Report
from lms.i18n import N_

MAX_FILE = 200_000  # bytes
MAX_YAML = 64_000  # bytes
MAX_DEPTH = 8
HIDDEN = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069]")
"""What speaks to a terminal, and what makes text read in another order."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its number in the file, from 1."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A Markdown file: its front matter as a YAML node (None without) and the lines after it."""

    front: yaml.MappingNode | None
    lines: tuple[Line, ...]


class _Loader(yaml.CSafeLoader):
    """Every scalar stays text: `no`, `2026-11-24` and `12:30` mean what they look like."""

    yaml_implicit_resolvers: dict[str, list[object]] = {}  # noqa: RUF012 - PyYAML's own attribute


def read_text(path: Path, report: Report) -> str | None:
    """The file's text in NFC, or None with the reason reported."""
    if not path.is_file():
        report.error(1, "no-file", N_("This should be a text file, and there is none."))
        return None
    if path.stat().st_size > MAX_FILE:
        report.error(1, "file-too-long", N_("The file is larger than 200 kB. Split it into two modules."))
        return None
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        report.error(line, "encoding", N_("This line is not UTF-8 text. Save the file as UTF-8 in your editor."))
        return None
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    hidden = HIDDEN.search(text)
    if hidden:
        message = N_("This line holds an invisible control character. Delete it and type the text again.")
        report.error(text.count("\n", 0, hidden.start()) + 1, "control-character", message)
        return None
    return text.replace("\t", "    ")


def read_document(path: Path, report: Report) -> Document | None:
    """The file in its two parts, or None with the reason reported."""
    text = read_text(path, report)
    if text is None:
        return None
    lines = [Line(number, each) for number, each in enumerate(text.split("\n"), start=1)]
    if not lines or lines[0].text.strip() != "---":
        return Document(None, tuple(lines))
    end = next((each.number for each in lines[1:] if each.text.strip() == "---"), None)
    if end is None:
        message = N_("The front matter that begins with “---” has no end. Put a line “---” after it.")
        report.error(1, "front-matter-open", message)
        return None
    front = read_yaml("\n".join(each.text for each in lines[1 : end - 1]), report, first_line=2)
    return Document(front, tuple(lines[end:])) if front is not None else None


def read_yaml(text: str, report: Report, *, first_line: int = 1, most: int = MAX_YAML) -> yaml.MappingNode | None:
    """The mapping in a YAML text of at most so many bytes, as nodes with their places; None with the reason reported."""
    if len(text.encode()) > most:
        report.error(first_line, "yaml-too-long", N_("The settings are longer than 64 kB. Make them shorter."))
        return None
    text = "\n" * (first_line - 1) + text
    try:
        if not _is_plain(text, report):
            return None
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "context_mark", None) or getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else first_line
        message = N_("These settings can't be read: %(problem)s. A text with “:” or “#” needs quotes around it.")
        report.error(line, "yaml", message, problem=str(getattr(error, "problem", error)))
        return None
    if not isinstance(node, yaml.MappingNode):
        report.error(first_line, "yaml", N_("Settings are lines such as “title: Name of the module”."))
        return None
    return node


def _is_plain(text: str, report: Report) -> bool:
    """Whether the YAML has no anchors, aliases or tags, and is not too deep."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
            message = N_("Anchors (&), aliases (*) and tags (!) are not used here. Put the text in quotes.")
            report.error(line, "yaml-trick", message)
            return False
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            report.error(line, "yaml-deep", N_("These settings are nested too deep."))
            return False
    return True
