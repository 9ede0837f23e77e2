"""How long the parts of a module take, beside each other: by the words to read and the answers to think about."""

from collections.abc import Iterable, Iterator

from lms.content.model import (
    Block,
    Callout,
    Cards,
    Details,
    Figure,
    Heading,
    Poll,
    Prose,
    Quiz,
    Recording,
    Reflection,
    Scenario,
)
from lms.content.plain import plain_text
from lms.content.question_model import shown_texts

THINKING = 60
"""Words that could be read while one question is thought about."""
FIGURE = 30
"""Likewise while one picture is looked at."""


def effort(blocks: Iterable[Block]) -> int:
    """So many words' worth of time."""
    return sum(_effort(block) for block in blocks)


def _effort(block: Block) -> int:
    extra = {Figure: FIGURE, Poll: THINKING, Reflection: THINKING}.get(type(block), 0)
    if isinstance(block, Quiz):
        extra = THINKING * len(block.questions)
    return extra + sum(len(plain_text(text).split()) for text in _texts(block))


def _texts(block: Block) -> Iterator[str]:
    match block:
        case Prose() | Heading():
            yield block.html
        case Callout() | Details() | Reflection():
            yield block.title
            yield from _all(block.body)
        case Cards():
            yield from (side for card in block.cards for side in (card.front, card.back))
        case Quiz():
            yield from (text for question in block.questions for text in shown_texts(question))
        case Poll():
            yield from (block.vignette, block.prompt, *(option.html for option in block.options))
        case Recording():
            yield from _all(block.transcript)
        case Scenario():
            yield from _all(block.intro)
            for step in block.steps:
                yield from _all(step.body)
                yield from (text for way in step.ways for text in (way.html, way.consequence))
        case _:
            pass


def _all(blocks: Iterable[Block]) -> Iterator[str]:
    return (text for block in blocks for text in _texts(block))
