"""Questions answered by choosing: single, multiple, true/false, matching, classifying, ordering."""

from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING, Any, Literal, cast

from lms.content.arrows import sides
from lms.content.blocks import Directive
from lms.content.entries import Entries, Entry, keys_of, no_twins
from lms.content.question_model import (
    ChoiceQuestion,
    Item,
    MatchQuestion,
    Option,
    OrderQuestion,
    Pair,
    Target,
)
from lms.content.report import Report
from lms.i18n import N_

if TYPE_CHECKING:
    from lms.content.body import Builder


def choice(found: Directive, builder: "Builder", parts: Entries, shared: dict[str, Any]) -> ChoiceQuestion:
    """A choice question."""
    entries, report = parts.entries, builder.report
    htmls = [builder.inline_or_empty(entry.text, entry.line) for entry in entries]
    no_twins(entries, htmls, report)
    _count_right(found, entries, builder)
    options = tuple(
        Option(
            line=entry.line, key=key, html=html, right=entry.mark == "x", feedback=reason(entry, builder, asked=True)
        )
        for entry, key, html in zip(entries, keys_of(entries, report), htmls, strict=True)
    )
    kind = cast(Literal["single", "multiple", "true-false"], found.kind.name)
    return ChoiceQuestion(**shared, kind=kind, options=options)


def match(found: Directive, builder: "Builder", parts: Entries, shared: dict[str, Any]) -> MatchQuestion:
    """Items and what they belong to: pairs, or (classify) categories."""
    written = [(entry, *_sides(entry, found, builder)) for entry in parts.entries]
    pairs = [(entry, item, target) for entry, item, target in written if item]
    others = [(entry, target) for entry, item, target in written if target and not item]
    htmls = [builder.leaves.inline(item, entry.line) for entry, item, _ in pairs]
    entries = [entry for entry, _, _ in pairs]
    no_twins(entries, htmls, builder.report)
    keys = keys_of(entries, builder.report)
    by_key = sorted(zip(keys, pairs, strict=True), key=lambda each: natural(each[0]))
    belonging = [builder.leaves.inline(target, entry.line) for _, (entry, _, target) in by_key if target]
    without = [(builder.leaves.inline(target, entry.line), entry) for entry, target in others]
    targets = target_keys(belonging, without, builder.report)
    _count_pairs(found, len(pairs), len(targets), builder)
    return MatchQuestion(
        **shared,
        kind=cast(Literal["match", "classify"], found.kind.name),
        pairs=tuple(
            Pair(
                line=entry.line,
                key=key,
                html=html,
                target=targets.get(builder.leaves.inline(target, entry.line), ""),
                feedback=reason(entry, builder),
            )
            for (entry, _, target), key, html in zip(pairs, keys, htmls, strict=True)
        ),
        targets=tuple(Target(key=key, html=html) for html, key in targets.items()),
    )


def target_keys(belonging: Sequence[str], others: Sequence[tuple[str, Entry]], report: Report) -> dict[str, str]:
    """The key of each target: `t1` … in the order of the keys of what belongs to them, so that the lines may change
    places; one that nothing belongs to has the key that is written there, or comes last."""
    own = [(html, entry) for html, entry in others if entry.key and html not in belonging]
    keys_of([entry for _, entry in own], report)
    named = {html: entry.key for html, entry in own}
    free = (key for number in count(1) if (key := f"t{number}") not in named.values())
    unnamed = [html for html in dict.fromkeys([*belonging, *(html for html, _ in others)]) if html not in named]
    return dict(zip(unnamed, free, strict=False)) | named


def natural(key: str) -> tuple[bool, int, str]:
    """Numbers by their value, before words."""
    return not key.isdecimal(), int(key) if key.isdecimal() else 0, key


def order(found: Directive, builder: "Builder", parts: Entries, shared: dict[str, Any]) -> OrderQuestion:
    """Items in their right order."""
    entries, report = parts.entries, builder.report
    if len(entries) < 3:
        message = N_("Ordering needs three items or more, numbered 1. 2. 3. in the right order.")
        report.error(found.line, "few-items", message)
    for place, entry in enumerate(entries, start=1):
        if entry.mark != str(place):
            message = N_("The items are numbered 1. 2. 3. in the right order: this one should be %(number)s.")
            report.error(entry.line, "item-number", message, number=place)
    htmls = [builder.inline_or_empty(entry.text, entry.line) for entry in entries]
    no_twins(entries, htmls, report)
    items = tuple(
        Item(line=entry.line, key=key, html=html, feedback=reason(entry, builder))
        for entry, key, html in zip(entries, keys_of(entries, report), htmls, strict=True)
    )
    return OrderQuestion(**shared, kind="order", items=items)


def reason(entry: Entry, builder: "Builder", *, asked: bool = False) -> str:
    """The HTML of an entry's reason; with `asked` one that is not there is a warning."""
    if entry.feedback:
        return builder.leaves.inline("\n".join(entry.feedback), entry.feedback_line)
    if asked:
        message = N_("This option has no reason. Add a line “  > Why it is right or wrong”.")
        builder.report.warning(entry.line, "no-feedback", message)
    return ""


def _count_right(found: Directive, entries: list[Entry], builder: "Builder") -> None:
    line, right = found.line, sum(entry.mark == "x" for entry in entries)
    if len(entries) < 2:
        builder.report.error(line, "few-options", N_("The question needs two options or more: lines “- [ ] …”."))
    elif found.kind.name == "true-false" and len(entries) != 2:
        builder.report.error(line, "two-options", N_("A true or false question has exactly two options."))
    if right == 0:
        builder.report.error(line, "no-right", N_("No option is marked as right. Write “- [x]” before the right one."))
    elif right > 1 and found.kind.name != "multiple":
        message = N_("Only one option can be right here. For several, write “::: multiple”.")
        builder.report.error(line, "two-right", message)


def _count_pairs(found: Directive, pairs: int, targets: int, builder: "Builder") -> None:
    if pairs >= 2 and targets >= 2:
        return
    if found.kind.name == "classify":
        message = N_("Classifying needs two items or more, “- item -> category”, in two categories or more.")
    else:
        message = N_("Matching needs two pairs or more, “- item -> its match”, with two different matches.")
    builder.report.error(found.line, "few-pairs", message)


def _sides(entry: Entry, found: Directive, builder: "Builder") -> tuple[str, str]:
    written = sides(entry.text)
    if written:
        return written
    if found.kind.name == "classify":
        message = N_("An item to classify is “- item -> category”.")
    else:
        message = N_("A pair is “- item -> its match”; a match without an item is “- -> match”.")
    builder.report.error(entry.line, "pair", message)
    return "", ""
