"""What differs in structure between a block and its translation, in words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lms.content.model import Cards, Module, Poll, Scenario
from lms.content.question_model import (
    Asked,
    BlanksQuestion,
    ChoiceQuestion,
    MatchQuestion,
    OrderQuestion,
    TextQuestion,
)
from lms.content.units import Named, kind_of, structure
from lms.i18n import N_

OTHER_KIND = N_("“%(id)s” is another kind of block than in “%(language)s”.")
OTHER_MODULE = N_("“%(id)s” stands in another module than in “%(language)s”.")
OTHER_RULES = N_(
    "“%(name)s” says something else than in “%(language)s”. A module has the same rules in every language."
)
OTHER = N_("“%(id)s” does not work as it does in “%(language)s”.")
_POINTS = N_("“%(id)s” has other points than in “%(language)s”.")
_POOL = N_("“%(id)s” has another pool than in “%(language)s”.")
_SCORING = N_("“%(id)s” has another “score” than in “%(language)s”.")
_MATCHING = N_("“%(id)s” has another “match” than in “%(language)s”.")
_OPTIONS = N_("“%(id)s” has other options than in “%(language)s”. Those without a key count by their position.")
_RIGHT = N_("“%(id)s” has another right answer than in “%(language)s”.")
_GAPS = N_("“%(id)s” has another number of gaps than in “%(language)s”.")
_CARDS = N_("“%(id)s” has another number of cards than in “%(language)s”.")
_STEPS = N_("“%(id)s” has other steps or endings than in “%(language)s”.")
_WAYS = N_("“%(id)s” has other choices between its steps, or other scores, than in “%(language)s”.")

Facet = tuple[str, Callable[[Any], Any]]
"""A sentence for what differs, and how to see it in a block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that differs: a sentence with places for `id`, `language` and `name`."""

    message: str
    name: str = ""
    """The key of the front matter, where it is a module's rule."""


def differences(source: Named, own: Named) -> tuple[Difference, ...]:
    """What differs between the two; nothing exactly when their structure agrees."""
    if structure(source) == structure(own):
        return ()
    if kind_of(source) != kind_of(own) or type(source) is not type(own):
        return (Difference(message=OTHER_KIND),)
    marks = [message for message, seen in _ASKED if isinstance(source, Asked) and seen(source) != seen(own)]
    rest = [message for message, seen in _FACETS.get(type(source), ()) if seen(source) != seen(own)]
    return tuple(Difference(message=message) for message in [*marks, *rest[:1]] or [OTHER])


def rules_that_differ(source: Module, own: Module) -> tuple[Difference, ...]:
    """The rules of a module that are not the same in its translation, each named by its key in the front matter."""
    if source.kind != own.kind:
        return (Difference(message=OTHER_RULES, name="kind"),)
    theirs, ours = _rules(source), _rules(own)
    return tuple(Difference(message=OTHER_RULES, name=name) for name in theirs if theirs[name] != ours[name])


def _rules(module: Module) -> Mapping[str, Any]:
    found: dict[str, Any] = {"completion": (module.quiz_mark, module.quiz_attempts)}
    if module.test is None:
        return found
    rules = module.test
    return found | {
        "pass": rules.pass_mark,
        "attempts": rules.attempts,
        "wait": rules.wait,
        "draw": rules.draw,
        "review": rules.review,
        "shuffle": rules.shuffle,
        "offline": rules.offline,
    }


def _keys(things: Sequence[Any]) -> list[str]:
    return sorted(each.key for each in things)


def _groups(question: MatchQuestion) -> list[list[str]]:
    """Which items belong together, as the lists of their keys."""
    belonging: dict[str, list[str]] = {}
    for pair in question.pairs:
        belonging.setdefault(pair.target, []).append(pair.key)
    return sorted(sorted(group) for group in belonging.values())


_ASKED: Sequence[Facet] = (
    (_POINTS, lambda block: block.points),
    (_POOL, lambda block: block.pool),
    (_SCORING, lambda block: block.scoring),
)
_FACETS: Mapping[type, Sequence[Facet]] = {  # only the first that differs is told: the others follow from it
    ChoiceQuestion: (
        (_OPTIONS, lambda block: _keys(block.options)),
        (_RIGHT, lambda block: _keys([option for option in block.options if option.right])),
    ),
    MatchQuestion: (
        (_OPTIONS, lambda block: _keys(block.pairs)),
        (_RIGHT, _groups),
        (_OPTIONS, lambda block: len(block.targets)),
    ),
    OrderQuestion: (
        (_OPTIONS, lambda block: _keys(block.items)),
        (_RIGHT, lambda block: [item.key for item in block.items]),
    ),
    TextQuestion: (
        (_MATCHING, lambda block: block.match),
        (_RIGHT, lambda block: sorted((each.text, each.right) for each in block.expected if block.kind == "numeric")),
    ),
    BlanksQuestion: (
        (_MATCHING, lambda block: block.match),
        (_GAPS, lambda block: len(block.gaps)),
        (_OPTIONS, lambda block: [_keys(gap.options) for gap in block.gaps]),
        (_RIGHT, lambda block: [_keys([each for each in gap.options if each.right]) for gap in block.gaps]),
    ),
    Scenario: (
        (_STEPS, lambda block: [(step.id, step.outcome) for step in block.steps]),
        (_WAYS, lambda block: [[(way.target, way.score) for way in step.ways] for step in block.steps]),
    ),
    Cards: ((_CARDS, lambda block: len(block.cards)),),
    Poll: ((_OPTIONS, lambda block: _keys(block.options)),),
}
