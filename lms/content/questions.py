"""The text of a question block: its prompt, its options or items, and the reason that each carries."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, cast

from lms.content.blocks import Directive
from lms.content.markdown import plain_text
from lms.content.model import (
    ChoiceQuestion,
    Item,
    MatchQuestion,
    Option,
    OrderQuestion,
    Pair,
    Question,
    Scoring,
    Target,
)
from lms.content.names import CHOICES, SCORES, folded
from lms.content.source import Line
from lms.i18n import N_

if TYPE_CHECKING:
    from lms.content.body import Builder

MAX_OPTIONS = 20
_BULLET = r"\s*[-*+•–—·]\s*"
_OPTION = re.compile(_BULLET + r"\[(?P<mark>[xX ]?)\](?!\()\s*(?P<text>.*)$")
_BAD_MARK = re.compile(_BULLET + r"(?:\[(?P<square>[^\]]{0,3})\]|\((?P<round>[^)]{0,3})\))(?!\()\s*\S")
_BULLETED = re.compile(r"\s*[-*+•–—·]\s+(?P<text>.*)$")
_NUMBERED = re.compile(r"\s*(?P<number>\d{1,3})[.)]\s+(?P<text>.*)$")
_FEEDBACK = re.compile(r"\s*>\s?(?P<text>.*)$")
_MARKED = re.compile(r"\[[xX ✓✔]?\](?!\()")
_KEY = re.compile(r"\{(?P<key>[^}\s]*)\}\s*(?P<text>.*)$")
_ARROW = re.compile(r"\s*(?:->|→)\s*")
_TYPED = str.maketrans({"\u00a0": " ", "\u202f": " ", "［": "[", "］": "]"})


@dataclass(slots=True)
class Entry:
    """An option or item as written: its marker, its text over one line or more, and its feedback."""

    line: int
    mark: str
    text: str
    feedback: list[str] = field(default_factory=list)
    feedback_line: int = 0
    key: str = ""


def read(found: Directive, builder: "Builder") -> Question | None:
    """The question of a directive; whatever is wrong with it is reported at its line."""
    return _Reader(found, builder).read()


class _Reader:
    def __init__(self, found: Directive, builder: "Builder") -> None:
        self.found = found
        self.builder = builder
        self.report = builder.report
        self.kind = found.kind.name
        self.prompt: list[Line] = []
        self.entries: list[Entry] = []

    def read(self) -> Question | None:
        for child in self.found.children:
            if isinstance(child, Line):
                self._line(child)
            elif child.kind.ready:
                self._error(
                    child.line, "block-in-question", N_("A question holds only text: put this block outside it.")
                )
        vignette, prompt = self._prompt()
        name = self.builder.id(self.found, "q", plain_text(prompt))
        if self.entries and len(self.entries) > MAX_OPTIONS:
            self._error(self.found.line, "too-many", N_("A question has 20 options at most. Make two of it."))
        shared = {
            "line": self.found.line,
            "id": name,
            "title": self.found.title,
            "vignette": vignette,
            "prompt": prompt,
            "points": self._points(),
            "pool": self._pool(),
            "scoring": self._scoring(),
        }
        if self.kind in CHOICES:
            return self._choice(shared)
        return self._match(shared) if self.kind == "match" else self._order(shared)

    def _error(self, line: int, code: str, message: str, **values: str | int) -> None:
        self.report.error(line, code, message, **values)

    # lines

    def _line(self, line: Line) -> None:
        line = Line(line.number, line.text.translate(_TYPED))
        entry = self._entry(line)
        if entry:
            self._add(entry)
        elif not self.entries:
            self.prompt.append(line)
        elif line.text.strip():
            self._continue(line)

    def _entry(self, line: Line) -> Entry | None:
        if self.kind in CHOICES:
            option = _OPTION.match(line.text)
            bad = _BAD_MARK.match(line.text)
            if (option is None or not option["mark"]) and bad:
                shown = f"[{bad['square']}]" if bad["square"] is not None else f"({bad['round']})"
                message = N_("“%(mark)s” marks no answer. Write “- [x]” for a right option and “- [ ]” for the others.")
                self._error(line.number, "answer-mark", message, mark=shown)
            if option:
                return Entry(line.number, option["mark"].lower().strip(), option["text"])
            bulleted = _BULLETED.match(line.text) if self.entries and not line.text.startswith("  ") else None
            if bulleted and not bad:
                message = N_("An option begins with “- [ ]”, or with “- [x]” when it is right.")
                self._error(line.number, "answer-mark", message)
            return Entry(line.number, "", bulleted["text"]) if bulleted else None
        if self.kind == "order":
            numbered = _NUMBERED.match(line.text)
            return Entry(line.number, numbered["number"], numbered["text"]) if numbered else None
        bulleted = _BULLETED.match(line.text)
        return Entry(line.number, "", bulleted["text"]) if bulleted else None

    def _add(self, entry: Entry) -> None:
        keyed = _KEY.match(entry.text)
        if keyed:
            entry.key, entry.text = keyed["key"], keyed["text"]
            if not re.fullmatch(r"[a-z0-9-]{1,16}", entry.key):
                message = N_("“{%(key)s}” is no key: write small letters and digits (16 at most).")
                self._error(entry.line, "bad-key", message, key=entry.key)
        if self.kind not in CHOICES and _MARKED.match(entry.text):
            message = N_("Answers are not marked in this kind of question: take “%(mark)s” away.")
            self._error(entry.line, "answer-mark", message, mark=entry.text[:3])
        self.entries.append(entry)

    def _continue(self, line: Line) -> None:
        entry = self.entries[-1]
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
            self._error(line.number, "text-after-options", message)

    # parts

    def _prompt(self) -> tuple[str, str]:
        paragraphs = _paragraphs(self.prompt)
        if not paragraphs:
            message = N_("The question has no text. Write what you ask before the options.")
            self._error(self.found.line, "no-prompt", message)
            return "", ""
        *before, last = paragraphs
        prompt = self._inline("\n".join(line.text for line in last), last[0].number)
        vignette = ""
        if before:
            text = "\n".join(line.text for line in self.prompt[: self.prompt.index(last[0])])
            vignette = self.builder.leaves.block(text.strip("\n"), before[0][0].number)
        return vignette, prompt

    def _inline(self, text: str, line: int) -> str:
        return self.builder.leaves.inline(text, line)

    def _reason(self, entry: Entry) -> str:
        if not entry.feedback:
            if self.kind in CHOICES:
                message = N_("This option has no reason. Add a line “  > Why it is right or wrong”.")
                self.report.warning(entry.line, "no-feedback", message)
            return ""
        return self._inline("\n".join(entry.feedback), entry.feedback_line)

    def _points(self) -> int:
        text = self.found.options.get("points", "1")
        if not re.fullmatch(r"[1-9]\d?", text):
            self._error(self.found.line, "points", N_("“points” is a whole number from 1 to 99."))
            return 1
        return int(text)

    def _pool(self) -> str:
        pool = self.found.options.get("pool", "")
        if pool and not re.fullmatch(r"[a-z0-9-]{1,64}", pool):
            message = N_("“%(name)s” is no pool: write small letters, digits and hyphens.")
            self._error(self.found.line, "pool", message, name=pool)
        return pool

    def _scoring(self) -> Scoring:
        text = self.found.options.get("score", "partial")
        if folded(text) not in SCORES:
            message = N_("“score” is “all” (everything right or nothing) or “partial”.")
            self._error(self.found.line, "score", message)
        return cast(Scoring, SCORES.get(folded(text), "partial"))

    def _keys(self, entries: Sequence[Entry]) -> list[str]:
        keys = [entry.key or str(place) for place, entry in enumerate(entries, start=1)]
        for place, entry in enumerate(entries):
            if keys[place] in keys[:place]:
                self._error(entry.line, "same-key", N_("Two options have the key “%(key)s”."), key=keys[place])
        return keys

    def _no_twins(self, entries: Sequence[Entry], htmls: Sequence[str]) -> None:
        for place, html in enumerate(htmls):
            if not html:
                message = N_("This option is empty. Write its text, or delete the line.")
                self._error(entries[place].line, "empty-option", message)
            elif html in htmls[:place]:
                self._error(entries[place].line, "same-option", N_("This option says the same as one before it."))

    # kinds

    def _choice(self, shared: dict[str, Any]) -> ChoiceQuestion:
        htmls = [self._inline(entry.text, entry.line) if entry.text.strip() else "" for entry in self.entries]
        self._no_twins(self.entries, htmls)
        self._count_right()
        options = tuple(
            Option(line=entry.line, key=key, html=html, right=entry.mark == "x", feedback=self._reason(entry))
            for entry, key, html in zip(self.entries, self._keys(self.entries), htmls, strict=True)
        )
        return ChoiceQuestion(
            **shared,
            kind=cast(Literal["single", "multiple", "true-false"], self.kind),
            options=options,
        )

    def _count_right(self) -> None:
        line, right = self.found.line, sum(entry.mark == "x" for entry in self.entries)
        if len(self.entries) < 2:
            self._error(line, "few-options", N_("The question needs two options or more: lines “- [ ] …”."))
        elif self.kind == "true-false" and len(self.entries) != 2:
            self._error(line, "two-options", N_("A true or false question has exactly two options."))
        if right == 0:
            message = N_("No option is marked as right. Write “- [x]” before the right one.")
            self._error(line, "no-right", message)
        elif right > 1 and self.kind != "multiple":
            message = N_("Only one option can be right here. For several, write “::: multiple”.")
            self._error(line, "two-right", message)

    def _match(self, shared: dict[str, Any]) -> MatchQuestion:
        sides = [self._sides(entry) for entry in self.entries]
        pairs = [(entry, item, target) for entry, (item, target) in zip(self.entries, sides, strict=True) if item]
        targets: dict[str, str] = {}
        for entry, (_, target) in zip(self.entries, sides, strict=True):
            if target:
                targets.setdefault(self._inline(target, entry.line), f"t{len(targets) + 1}")
        htmls = [self._inline(item, entry.line) for entry, item, _ in pairs]
        self._no_twins([entry for entry, _, _ in pairs], htmls)
        if len(pairs) < 2 or len(targets) < 2:
            message = N_("Matching needs two pairs or more, “- item -> its match”, with two different matches.")
            self._error(self.found.line, "few-pairs", message)
        keys = self._keys([entry for entry, _, _ in pairs])
        return MatchQuestion(
            **shared,
            kind="match",
            pairs=tuple(
                Pair(
                    line=entry.line,
                    key=key,
                    html=html,
                    target=targets.get(self._inline(target, entry.line), ""),
                    feedback=self._reason(entry),
                )
                for (entry, _, target), key, html in zip(pairs, keys, htmls, strict=True)
            ),
            targets=tuple(Target(key=key, html=html) for html, key in targets.items()),
        )

    def _sides(self, entry: Entry) -> tuple[str, str]:
        sides = [side.strip() for side in _ARROW.split(f" {entry.text}")]
        if len(sides) != 2 or not sides[1]:
            message = N_("A pair is “- item -> its match”; a match without an item is “- -> match”.")
            self._error(entry.line, "pair", message)
            return "", ""
        return sides[0], sides[1]

    def _order(self, shared: dict[str, Any]) -> OrderQuestion:
        if len(self.entries) < 3:
            message = N_("Ordering needs three items or more, numbered 1. 2. 3. in the right order.")
            self._error(self.found.line, "few-items", message)
        for place, entry in enumerate(self.entries, start=1):
            if entry.mark != str(place):
                message = N_("The items are numbered 1. 2. 3. in the right order: this one should be %(number)s.")
                self._error(entry.line, "item-number", message, number=place)
        htmls = [self._inline(entry.text, entry.line) if entry.text.strip() else "" for entry in self.entries]
        self._no_twins(self.entries, htmls)
        return OrderQuestion(
            **shared,
            kind="order",
            items=tuple(
                Item(line=entry.line, key=key, html=html, feedback=self._reason(entry))
                for entry, key, html in zip(self.entries, self._keys(self.entries), htmls, strict=True)
            ),
        )


def _paragraphs(lines: Sequence[Line]) -> list[list[Line]]:
    paragraphs: list[list[Line]] = [[]]
    for line in lines:
        if line.text.strip():
            paragraphs[-1].append(line)
        elif paragraphs[-1]:
            paragraphs.append([])
    return [paragraph for paragraph in paragraphs if paragraph]
