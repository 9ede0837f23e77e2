"""From the lines and directives of a file to the blocks of a module."""

import html
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from lms.content import boxes, polls, questions, recordings, scenario
from lms.content.blocks import Directive
from lms.content.markdown import Leaves
from lms.content.media import MediaFolder
from lms.content.model import Block, Figure, Heading, Prose, Quiz
from lms.content.names import CALLOUTS, POLLS, QUESTIONS, RECORDINGS, WITHIN_QUESTIONS
from lms.content.plain import plain_text
from lms.content.question_model import Question
from lms.content.report import Report
from lms.content.source import Line
from lms.i18n import N_

_HEADING = re.compile(r"(?P<marks>#{1,6})\s+(?P<text>.*?)\s*(?:\{#(?P<id>[^}\s]*)\})?\s*#*\s*$")
_FIGURE = re.compile(
    r"!\[(?P<alt>[^\]]*)\]\(\s*(?:\.\./)?media/(?P<name>[^\s)\"]+)\s*(?:\"(?P<caption>.*)\"\s*)?\)"
    r"(?P<decorative>\{decorative\})?\s*$"
)
_UNDERLINE = re.compile(r"(=+|-{3,})\s*$")
_FENCE = re.compile(r"\s*(?P<fence>`{3,}|~{3,})")


@dataclass(slots=True)
class Builder:
    """What the blocks of one file are made with."""

    language: str
    report: Report
    leaves: Leaves
    media: MediaFolder
    anchors: set[str] = field(default_factory=set)
    """Every anchor of the page so far."""

    def blocks(self, pieces: Sequence[Line | Directive]) -> tuple[Block, ...]:
        """The blocks of these pieces, in order; a run of questions is one quiz."""
        made: list[Block] = []
        run: list[Line] = []
        for piece in [*pieces, None]:
            if isinstance(piece, Line):
                run.append(piece)
                continue
            made += self.prose(run)
            run = []
            block = self._directive(piece) if piece else None
            if isinstance(block, Question) and made and isinstance(made[-1], Quiz):
                made[-1] = Quiz(line=made[-1].line, id=made[-1].id, questions=(*made[-1].questions, block))
            elif isinstance(block, Question):
                made.append(Quiz(line=block.line, id=block.id, questions=(block,)))
            elif block:
                made.append(block)
        return tuple(made)

    def prose(self, lines: Sequence[Line]) -> list[Block]:
        """Headings, figures, code and prose of lines without directives."""
        made: list[Block] = []
        run: list[Line] = []

        def flush() -> None:
            made.extend(self._leaf(run))
            run.clear()

        fence: list[Line] = []
        for line in lines:
            if fence or _FENCE.match(line.text):
                fence.append(line)
                if len(fence) > 1 and _closes(fence[0], line):
                    flush()
                    made.append(_code(fence))
                    fence = []
                continue
            special = self._special(line, run)
            if special:
                flush()
                made.append(special)
            else:
                run.append(line)
        if fence:
            self.report.error(
                fence[0].number, "fence-open", N_("This stretch of code is not closed: put ``` after it.")
            )
        flush()
        return made

    def inline_or_empty(self, text: str, line: int) -> str:
        """The HTML of a text within another element; nothing for nothing."""
        return self.leaves.inline(text, line) if text.strip() else ""

    def id(self, directive: Directive, prefix: str, words: str) -> str:
        """The block's id; without one an error that proposes one."""
        if not directive.id:
            message = N_("This block needs an id that stays the same for ever. Write, for example, “#%(id)s”.")
            self.report.error(directive.line, "no-id", message, id=f"{prefix}-{_short(slug(words)) or '1'}")
        return directive.id

    def _special(self, line: Line, before: Sequence[Line]) -> Block | None:
        heading = _HEADING.match(line.text)
        if heading:
            return self._heading(line, heading)
        figure = _FIGURE.match(line.text.strip())
        if figure:
            return self._figure(line, figure)
        if _UNDERLINE.match(line.text) and before and before[-1].text.strip() and "|" not in before[-1].text:
            message = N_("A heading is written with “## ” before it, not underlined. Put a blank line before “---”.")
            self.report.error(line.number, "underlined-heading", message)
        return None

    def _heading(self, line: Line, found: re.Match[str]) -> Heading:
        level = len(found["marks"])
        if not 2 <= level <= 4:
            message = N_("Headings here have two to four “#”: the title of the module stands in its front matter.")
            self.report.error(line.number, "heading-level", message)
        rendered = self.leaves.inline(found["text"], line.number)
        anchor = self._anchor(line, found["id"], plain_text(rendered))
        named = found["id"] is not None
        return Heading(line=line.number, level=min(max(level, 2), 4), anchor=anchor, html=rendered, named=named)

    def _anchor(self, line: Line, given: str | None, words: str) -> str:
        if given is not None:
            if not re.fullmatch(r"[a-z0-9-]{1,64}", given):
                message = N_(
                    "“#%(id)s” is no id: write small letters without accents, digits and hyphens (64 at most)."
                )
                self.report.error(line.number, "bad-id", message, id=given)
            elif given in self.anchors:
                self.report.error(line.number, "same-anchor", N_("Another heading here has the id “%(id)s”."), id=given)
            self.anchors.add(given)
            return given
        base = slug(words)[:60].strip("-") or "s"
        anchor = next(each for each in (base, *(f"{base}-{n}" for n in range(2, 10_000))) if each not in self.anchors)
        self.anchors.add(anchor)
        return anchor

    def _figure(self, line: Line, found: re.Match[str]) -> Figure | None:
        name = self.media.find(found["name"], self.language, self.report, line.number)
        alt, decorative = found["alt"].strip(), bool(found["decorative"])
        if not alt and not decorative:
            message = N_("Say between the brackets what the picture shows, or write {decorative} after it.")
            self.report.error(line.number, "no-alt", message)
        if alt and decorative:
            message = N_("A decorative picture has no description: leave the brackets empty.")
            self.report.error(line.number, "alt-decorative", message)
        caption = found["caption"] or ""
        return Figure(line=line.number, media=name, alt=alt, caption=caption, decorative=decorative)

    def _leaf(self, lines: Sequence[Line]) -> list[Block]:
        text = "\n".join(line.text for line in lines).strip("\n")
        if not text.strip():
            return []
        start = next(line.number for line in lines if line.text.strip())
        rendered = self.leaves.block(text, start)
        return [Prose(line=start, html=rendered)] if rendered else []

    def _directive(self, found: Directive) -> Block | Question | None:
        return _READERS[found.kind.name](found, self)

    def body(self, found: Directive) -> tuple[Block, ...]:
        """The blocks within a directive; none is reported."""
        body = self.blocks(found.children)
        if not body:
            self.report.error(found.line, "empty-block", N_("This block is empty. Write its text before “:::”."))
        return body


_READERS: Mapping[str, Callable[[Directive, Builder], Block | Question | None]] = {
    **dict.fromkeys(CALLOUTS, boxes.callout),
    **dict.fromkeys(QUESTIONS, questions.read),
    **dict.fromkeys(POLLS, polls.read),
    **dict.fromkeys(RECORDINGS, recordings.read),
    **dict.fromkeys(WITHIN_QUESTIONS, boxes.misplaced),
    "scenario": scenario.read,
    "details": boxes.details,
    "cards": boxes.cards,
    "reflection": boxes.reflection,
}


def slug(words: str) -> str:
    """The words as an id: small letters without accents, joined by hyphens."""
    plain = unicodedata.normalize("NFD", words.lower())
    return "-".join(re.findall(r"[a-z0-9]+", "".join(each for each in plain if not unicodedata.combining(each))))


def _short(name: str) -> str:
    """The name's first words, up to forty characters."""
    return name if len(name) <= 40 else name[:41].rpartition("-")[0] or name[:40]


def _closes(opening: Line, line: Line) -> bool:
    found = _FENCE.match(opening.text)
    return (
        bool(found) and line.text.strip().startswith(found["fence"]) and not line.text.strip(" `~") if found else False
    )


def _code(fence: Sequence[Line]) -> Prose:
    code = "\n".join(line.text for line in fence[1:-1])
    return Prose(line=fence[0].number, html=f"<pre><code>{html.escape(code, quote=False)}</code></pre>")
