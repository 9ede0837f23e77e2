"""Questions answered by writing: a few words, a number, the gaps of a text."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, cast

from lms.content.asked import matching, paragraphs
from lms.content.blocks import Directive
from lms.content.closed_questions import reason
from lms.content.entries import Entries, Entry, keys_of, no_twins
from lms.content.numbers import read_range
from lms.content.question_model import BlanksQuestion, Expected, Gap, GapOption, TextQuestion
from lms.content.source import Line
from lms.content.written import fold
from lms.i18n import N_

if TYPE_CHECKING:
    from lms.content.body import Builder

MAX_WRITTEN = 100  # characters of an expected answer
MAX_GAPS = 20
MARK = "\uf8f0"
"""Stands for a gap while Markdown is read; a private character, taken out of what authors write."""
_GAP = re.compile(r"\[\[(?P<inner>(?:(?!\[\[).)*?)\]\]")
_RIGHT = re.compile(r"\((?P<text>.*)\)")
_CUT_OFF = re.compile(rf"<(a|code|abbr|sup)\b[^>]*>[^<]*{MARK}")


def text(found: Directive, builder: "Builder", parts: Entries, shared: dict[str, Any]) -> TextQuestion:
    """A short answer or a number."""
    entries, report = parts.entries, builder.report
    if not any(entry.mark == "x" for entry in entries):
        message = N_("No answer is marked as right. Write “- [x]” before each one that is.")
        report.error(found.line, "no-right", message)
    numeric, match = found.kind.name == "numeric", matching(found, builder, "loose")
    texts = [_number(entry, builder) if numeric else _words(entry, builder) for entry in entries]
    no_twins(entries, texts if numeric else [fold(each, match) for each in texts], report)
    expected = tuple(
        Expected(line=entry.line, key=key, text=text, right=entry.mark == "x", feedback=reason(entry, builder))
        for entry, key, text in zip(entries, keys_of(entries, report), texts, strict=True)
    )
    kind = cast(Literal["short", "numeric"], found.kind.name)
    return TextQuestion(**shared, kind=kind, match=match, expected=expected)


def blanks(found: Directive, builder: "Builder", parts: Entries, shared: dict[str, Any]) -> BlanksQuestion:
    """A text with gaps."""
    gaps: list[Gap] = []
    lines = [Line(line.number, _take_gaps(line, gaps, builder)) for line in parts.gapped]
    if not gaps and not builder.report.failed:
        message = N_("This text has no gap. Write [[the word]], or [[(right) | wrong | wrong]].")
        builder.report.error(found.line, "no-gap", message)
    if len(gaps) > MAX_GAPS:
        builder.report.error(found.line, "too-many", N_("A text has 20 gaps at most. Make two of it."))
    html = builder.leaves.block("\n".join(line.text for line in lines), lines[0].number) if lines else ""
    texts = tuple(html.split(MARK))
    if html and (len(texts) != len(gaps) + 1 or _CUT_OFF.search(html)):
        message = N_("A gap can't stand within a link, a footnote or code. Write it in the text.")
        builder.report.error(found.line, "gap-place", message)
    match = matching(found, builder, "loose")
    return BlanksQuestion(**shared, kind="blanks", match=match, texts=texts, gaps=tuple(gaps))


def split(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The paragraphs before the first one with a gap, and all from there on."""
    first = next((run[0] for run in paragraphs(lines) if any("[[" in line.text for line in run)), None)
    place = list(lines).index(first) if first else len(lines)
    return list(lines[:place]), list(lines[place:])


def _words(entry: Entry, builder: "Builder") -> str:
    words = " ".join(entry.text.split())
    if len(words) > MAX_WRITTEN:
        message = N_("An answer to be written has 100 characters at most. Ask for less, or give options to choose.")
        builder.report.error(entry.line, "long-answer", message)
    return words


def _number(entry: Entry, builder: "Builder") -> str:
    numbers = read_range(entry.text)
    if numbers is None:
        message = N_("A number is written 18, 18.5, “18 ± 1” or “17..19”.")
        builder.report.error(entry.line, "number", message)
        return " ".join(entry.text.split())
    low, high = (number.normalize() for number in numbers)
    return f"{low:f}" if low == high else f"{low:f}..{high:f}"


def _take_gaps(line: Line, gaps: list[Gap], builder: "Builder") -> str:
    """The line with a mark for each gap, which is added to the gaps."""

    def take(found: re.Match[str]) -> str:
        gaps.append(_gap(found["inner"].strip(), str(len(gaps) + 1), line, builder))
        return MARK

    marked = _GAP.sub(take, line.text.replace(MARK, ""))
    if "[[" in marked or "]]" in marked:
        message = N_("A gap opens with “[[” and closes with “]]” on the same line.")
        builder.report.error(line.number, "gap-open", message)
    return marked


def _gap(inner: str, key: str, line: Line, builder: "Builder") -> Gap:
    listed = "|" in inner
    words = [" ".join(word.split()) for word in inner.split("|" if listed else ";")]
    if any(not word or len(word) > MAX_WRITTEN for word in words):
        message = N_("A gap holds the word that fits: [[word ; another spelling]], or [[(right) | wrong | wrong]].")
        builder.report.error(line.number, "gap", message)
    if not listed:
        return Gap(key=key, accepted=tuple(dict.fromkeys(words)), options=())
    return Gap(key=key, accepted=(), options=_gap_options(words, line, builder))


def _gap_options(words: Sequence[str], line: Line, builder: "Builder") -> tuple[GapOption, ...]:
    marked = [(_RIGHT.fullmatch(word), word) for word in words]
    options = tuple(
        GapOption(key=str(place), text=right["text"].strip() if right else word, right=right is not None)
        for place, (right, word) in enumerate(marked, start=1)
    )
    if sum(option.right for option in options) != 1:
        message = N_("In a list of words exactly one is right: write it in round brackets, [[(right) | wrong]].")
        builder.report.error(line.number, "gap-right", message)
    if len({fold(option.text, "exact") for option in options}) != len(options):
        builder.report.error(line.number, "same-option", N_("This option says the same as one before it."))
    return options
