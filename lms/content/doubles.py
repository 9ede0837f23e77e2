"""Two folders with one `id` or `code`: a course that was copied to begin another one, and not renamed."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from lms.content.diagnostics import Diagnostic
from lms.content.report import Report
from lms.content.source import read_text, read_yaml
from lms.i18n import N_

SENTENCES = {
    "id": N_("The folder “%(folder)s” has the id “%(value)s” too. Give this course an id of its own."),
    "code": N_("The folder “%(folder)s” has the code “%(value)s” too. Give this course a code of its own."),
}


def doubles(folders: Sequence[Path]) -> dict[Path, list[Diagnostic]]:
    """The errors of each folder that has the id or code of one before it. Other mistakes are not looked for."""
    first: dict[tuple[str, str], Path] = {}
    found: dict[Path, list[Diagnostic]] = {}
    for folder in folders:
        report = Report(f"{folder.name}/course.yml")
        for (key, value), line in _names(folder).items():
            before = first.setdefault((key, value), folder)
            if before != folder:
                report.error(line, f"{key}-taken", SENTENCES[key], folder=before.name, value=value)
        if report.found:
            found[folder] = report.found
    return found


def _names(folder: Path) -> Mapping[tuple[str, str], int]:
    """The lines of (key, value) that no other course may have."""
    nothing = Report("")
    text = read_text(folder / "course.yml", nothing)
    node = read_yaml(text, nothing) if text is not None else None
    return {
        (key.value, " ".join(value.value.split())): key.start_mark.line + 1
        for key, value in (node.value if node else ())
        if isinstance(key, yaml.ScalarNode) and isinstance(value, yaml.ScalarNode) and key.value in SENTENCES
    }
