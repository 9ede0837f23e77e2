"""The lines of a question: its prompt, and the options or items with the reason that each carries."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lms.content.blocks import Directive
from lms.content.names import CHOICES, WRITTEN
from lms.content.report import Report
from lms.content.source import Line
from lms.i18n import N_

MARKED = (*CHOICES, *WRITTEN)
"""Kinds whose options say with `[x]` which are right."""
_BULLET = r"\s*[-*+•–—·]\s*"
_OPTION = re.compile(_BULLET + r"\[(?P<mark>[xX ]?)\](?!\()\s*(?P<text>.*)$")
_BAD_MARK = re.compile(_BULLET + r"(?:\[(?P<square>[^\]]{0,3})\]|\((?P<round>[^)]{0,3})\))(?!\()\s*\S")
_BULLETED = re.compile(r"\s*[-*+•–—·]\s+(?P<text>.*)$")
_NUMBERED = re.compile(r"\s*(?P<number>\d{1,3})[.)]\s+(?P<text>.*)$")
_FEEDBACK = re.compile(r"\s*>\s?(?P<text>.*)$")
_ANY_MARK = re.compile(r"\[[xX ✓✔]?\](?!\()")
_KEY = re.compile(r"\{(?P<key>[^}\s]*)\}\s*(?P<text>.*)$")
_TYPED = str.maketrans({"\u00a0": " ", "\u202f": " ", "［": "[", "］": "]", "｛": "{", "｝": "}"})


@dataclass(slots=True)
class Entry:
    """An option or item as written: its marker, its text over one line or more, and its feedback."""

    line: int
    mark: str
    text: str
    feedback: list[str] = field(default_factory=list)
    feedback_line: int = 0
    key: str = ""


@dataclass(slots=True)
class Entries:
    """The text of a question taken apart."""

    prompt: list[Line] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    gapped: list[Line] = field(default_factory=list)
    """The paragraphs with gaps to fill in."""


def read_entries(found: Directive, report: Report) -> Entries:
    """The prompt and entries of a question's directive; whatever is wrong with a line is reported."""
    reader = _Reader(found.kind.name, report)
    for child in found.children:
        if isinstance(child, Line):
            reader.line(Line(child.number, child.text.translate(_TYPED)))
    return reader.made


class _Reader:
    def __init__(self, kind: str, report: Report) -> None:
        self.kind, self.report = kind, report
        self.made = Entries()

    def line(self, line: Line) -> None:
        entry = self._entry(line)
        if entry:
            self._add(entry)
        elif not self.made.entries:
            self.made.prompt.append(line)
        elif line.text.strip():
            self._continue(line)

    def _entry(self, line: Line) -> Entry | None:
        if self.kind == "blanks":
            return None
        if self.kind in MARKED:
            return self._marked(line)
        if self.kind == "order":
            numbered = _NUMBERED.match(line.text)
            return Entry(line.number, numbered["number"], numbered["text"]) if numbered else None
        bulleted = _BULLETED.match(line.text)
        return Entry(line.number, "", bulleted["text"]) if bulleted else None

    def _marked(self, line: Line) -> Entry | None:
        option = _OPTION.match(line.text)
        bad = _BAD_MARK.match(line.text)
        if (option is None or not option["mark"]) and bad:
            shown = f"[{bad['square']}]" if bad["square"] is not None else f"({bad['round']})"
            message = N_("“%(mark)s” marks no answer. Write “- [x]” for a right option and “- [ ]” for the others.")
            self.report.error(line.number, "answer-mark", message, mark=shown)
        if option:
            return Entry(line.number, option["mark"].lower().strip(), option["text"])
        bulleted = _BULLETED.match(line.text) if self.made.entries and not line.text.startswith("  ") else None
        if bulleted and not bad:
            message = N_("An option begins with “- [ ]”, or with “- [x]” when it is right.")
            self.report.error(line.number, "answer-mark", message)
        return Entry(line.number, "", bulleted["text"]) if bulleted else None

    def _add(self, entry: Entry) -> None:
        keyed = _KEY.match(entry.text)
        if keyed:
            entry.key, entry.text = keyed["key"], keyed["text"]
            if not re.fullmatch(r"[a-z0-9-]{1,16}", entry.key):
                message = N_("“{%(key)s}” is no key: write small letters and digits (16 at most).")
                self.report.error(entry.line, "bad-key", message, key=entry.key)
        if self.kind not in MARKED and _ANY_MARK.match(entry.text):
            message = N_("Answers are not marked in this kind of question: take “%(mark)s” away.")
            self.report.error(entry.line, "answer-mark", message, mark=entry.text[:3])
        self.made.entries.append(entry)

    def _continue(self, line: Line) -> None:
        entry = self.made.entries[-1]
        reason = _FEEDBACK.match(line.text)
        if reason:
            entry.feedback_line = entry.feedback_line or line.number
            entry.feedback.append(reason["text"])
        elif line.text.startswith(" ") and not entry.feedback:
            entry.text += "\n" + line.text.strip()
        elif line.text.startswith(" "):
            entry.feedback.append(line.text.strip())
        else:
            message = N_(
                "Text after the options belongs to none: put it before them, or indent it with “> ” as a reason."
            )
            self.report.error(line.number, "text-after-options", message)


def keys_of(entries: Sequence[Entry], report: Report) -> list[str]:
    """Each entry's key: the author's, else its position from 1; two alike are reported."""
    keys = [entry.key or str(place) for place, entry in enumerate(entries, start=1)]
    for place, entry in enumerate(entries):
        if keys[place] in keys[:place]:
            report.error(entry.line, "same-key", N_("Two options have the key “%(key)s”."), key=keys[place])
    return keys


def no_twins(entries: Sequence[Entry], texts: Sequence[str], report: Report) -> None:
    """Reports entries that are empty or say the same as one before them."""
    for place, text in enumerate(texts):
        if not text:
            message = N_("This option is empty. Write its text, or delete the line.")
            report.error(entries[place].line, "empty-option", message)
        elif text in texts[:place]:
            report.error(entries[place].line, "same-option", N_("This option says the same as one before it."))
