"""The text of a scenario block: steps with ways on, and endings; its graph checked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lms.content.blocks import Directive
from lms.content.model import Scenario, Step, Way
from lms.content.names import OUTCOMES, folded
from lms.content.plain import plain_text
from lms.content.report import nearest
from lms.content.source import Line
from lms.i18n import N_

if TYPE_CHECKING:
    from lms.content.body import Builder

_STEP = re.compile(
    r"\s*###\s+(?P<title>.*?)\s*\{#(?P<id>[a-z0-9-]{1,64})(?:\s+(?:outcome|final)=(?P<outcome>\S+?))?\s*\}\s*$"
)
_HEADING = re.compile(r"\s*#{1,6}\s")
_WAY = re.compile(r"\s*[-*+•]\s+\[(?P<text>.+)\]\(#(?P<target>[^)\s]*)\)\s*(?:\{(?P<braces>[^}]*)\})?\s*$")
_SCORE = re.compile(r"(?:score|nota)=(?P<score>[012])")
_REASON = re.compile(r"\s*>\s?(?P<text>.*)$")


@dataclass(slots=True)
class _Draft:
    line: int
    id: str
    title: str
    outcome: str
    pieces: list[Line | Directive] = field(default_factory=list)
    ways: "list[_Way]" = field(default_factory=list)


@dataclass(slots=True)
class _Way:
    line: int
    text: str
    target: str
    score: int
    consequence: list[str] = field(default_factory=list)


def read(found: Directive, builder: "Builder") -> Scenario:
    """The scenario of a directive; whatever is wrong with it is reported at its line."""
    intro, drafts = _split(found, builder)
    first = plain_text(builder.leaves.inline(found.title, found.line)) if found.title else ""
    if not found.title:
        builder.report.error(found.line, "no-title", N_("A scenario needs a title: “::: scenario #e-id Its title”."))
    name = builder.id(found, "e", first)
    steps = tuple(_step(draft, builder) for draft in drafts)
    _check_graph(found, steps, builder)
    return Scenario(line=found.line, id=name, title=found.title, intro=builder.blocks(intro), steps=steps)


def _split(found: Directive, builder: "Builder") -> tuple[list[Line | Directive], list[_Draft]]:
    intro: list[Line | Directive] = []
    drafts: list[_Draft] = []
    for piece in found.children:
        if isinstance(piece, Line) and _HEADING.match(piece.text):
            drafts.append(_heading(piece, builder))
        elif isinstance(piece, Line) and drafts and _take(piece, drafts[-1], builder):
            continue
        else:
            (drafts[-1].pieces if drafts else intro).append(piece)
    return intro, drafts


def _heading(line: Line, builder: "Builder") -> _Draft:
    step = _STEP.match(line.text)
    if step is None:
        message = N_(
            "A step of a scenario opens with “### Its title {#id}”, an ending with “### Its title {#id outcome=good}”."
        )
        builder.report.error(line.number, "step", message)
        return _Draft(line.number, "", "", "")
    outcome = OUTCOMES.get(folded(step["outcome"]), "") if step["outcome"] else ""
    if step["outcome"] and not outcome:
        message = N_("“outcome” is good, fair or bad.")
        builder.report.error(line.number, "outcome", message)
        outcome = "fair"
    return _Draft(line.number, step["id"], step["title"], outcome)


def _take(line: Line, draft: _Draft, builder: "Builder") -> bool:
    """Whether the line is a way on, or the consequence of the last one."""
    way = _WAY.match(line.text)
    if way:
        draft.ways.append(_Way(line.number, way["text"], way["target"], _score(way, line, builder)))
        return True
    reason = _REASON.match(line.text)
    if draft.ways and (reason or line.text.startswith(" ")) and line.text.strip():
        draft.ways[-1].consequence.append(reason["text"] if reason else line.text.strip())
        return True
    if draft.ways and line.text.strip():
        message = N_("After the choices of a step only their consequences follow: “  > What happens then”.")
        builder.report.error(line.number, "text-after-ways", message)
    return bool(draft.ways)


def _score(way: re.Match[str], line: Line, builder: "Builder") -> int:
    if not way["braces"]:
        return 0
    found = _SCORE.fullmatch(way["braces"].strip())
    if found is None:
        message = N_("After a choice stands {score=2}, {score=1} or {score=0}.")
        builder.report.error(line.number, "way-score", message)
        return 0
    return int(found["score"])


def _step(draft: _Draft, builder: "Builder") -> Step:
    body = builder.blocks(draft.pieces)
    if not body and draft.id:
        builder.report.error(
            draft.line, "empty-step", N_("This step says nothing. Write what happens before the choices.")
        )
    ways = tuple(
        Way(
            line=way.line,
            target=way.target,
            html=builder.leaves.inline(way.text, way.line),
            consequence=_consequence(way, builder),
            score=way.score,
        )
        for way in draft.ways
    )
    return Step(line=draft.line, id=draft.id, title=draft.title, body=body, ways=ways, outcome=draft.outcome)


def _consequence(way: _Way, builder: "Builder") -> str:
    if not way.consequence:
        message = N_("This choice has no consequence. Add a line “  > What happens then”.")
        builder.report.warning(way.line, "no-consequence", message)
        return ""
    return builder.leaves.inline("\n".join(way.consequence), way.line + 1)


def _check_graph(found: Directive, steps: Sequence[Step], builder: "Builder") -> None:
    report, ids = builder.report, [step.id for step in steps]
    if not steps:
        report.error(found.line, "no-steps", N_("A scenario needs steps: “### Its title {#id}”."))
        return
    for place, step in enumerate(steps):
        if step.id and step.id in ids[:place]:
            report.error(step.line, "same-step", N_("Another step has the id “%(id)s”."), id=step.id)
        if step.outcome and step.ways:
            report.error(step.line, "ending-goes-on", N_("An ending has no choices. Take them away, or its outcome."))
        if not step.outcome and not step.ways:
            message = N_("From here nothing goes on. Add choices, or make it an ending with {#id outcome=good}.")
            report.error(step.line, "dead-end", message)
        for way in step.ways:
            if way.target not in ids:
                _unknown_target(way, ids, builder)
    if not any(step.outcome for step in steps):
        report.error(found.line, "no-ending", N_("The scenario has no ending: “### Its title {#id outcome=good}”."))
    reached = _reached(steps)
    for step in steps:
        if step.id and step.id not in reached:
            report.error(step.line, "unreachable", N_("No choice leads to the step “%(id)s”."), id=step.id)


def _unknown_target(way: Way, ids: Sequence[str], builder: "Builder") -> None:
    near = nearest(way.target, ids)
    if near:
        message = N_("There is no step “%(name)s”. Did you mean “%(guess)s”?")
        builder.report.error(way.line, "no-step", message, name=way.target, guess=near)
    else:
        builder.report.error(way.line, "no-step", N_("There is no step “%(name)s”."), name=way.target)


def _reached(steps: Sequence[Step]) -> set[str]:
    ways = {step.id: [way.target for way in step.ways] for step in steps}
    reached: set[str] = set()
    waiting = [steps[0].id]
    while waiting:
        step = waiting.pop()
        if step not in reached:
            reached.add(step)
            waiting += ways.get(step, [])
    return reached
