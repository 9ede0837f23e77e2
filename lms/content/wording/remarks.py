"""Gathering advice: each remark with its place, the unit that it is in and the words that it is about."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from lms.content.diagnostics import Diagnostic
from lms.content.lines import Lines
from lms.content.report import Report
from lms.content.source import read_text
from lms.content.wording.accepted import Acceptance
from lms.content.wording.texts import Text


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding, and what `accepted` in course.yml may know it by."""

    finding: Diagnostic
    unit: str
    words: str


@dataclass(slots=True)
class Remarks:
    """The remarks on the course in a folder."""

    folder: Path
    found: list[Remark] = field(default_factory=list)
    _lines: dict[str, Lines] = field(default_factory=dict)

    def warning(self, about: Text, code: str, message: str, /, *, words: str = "", **values: str | int) -> None:
        """Something in that text that the author should look at, told at the line where these of its words begin."""
        words = words or about.words
        finding = Diagnostic(
            file=f"{self.folder.name}/{about.file}",
            line=self.line_of(about, words),
            code=code,
            severity="warning",
            message=message,
            values=values,
        )
        self.found.append(Remark(finding, about.unit, words))

    def line_of(self, text: Text, words: str) -> int:
        """The line of these words of the text."""
        if text.file not in self._lines:
            self._lines[text.file] = Lines(read_text(self.folder / text.file, Report(text.file)) or "")
        return self._lines[text.file].of(words, text.line)

    def sorted_out(self, acceptances: Iterable[Acceptance]) -> tuple[list[Diagnostic], int, list[Acceptance]]:
        """What is left to tell, how many findings are accepted, and which acceptances are for nothing."""
        unused = list(acceptances)
        every = tuple(unused)
        told: list[Diagnostic] = []
        for each in self.found:
            meant = [one for one in every if one.accepts(each.finding.code, each.unit, each.words)]
            unused = [one for one in unused if one not in meant]
            if not meant:
                told.append(each.finding)
        return told, len(self.found) - len(told), unused
