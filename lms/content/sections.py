"""Where in its module something stands: the heading above it."""

from collections.abc import Iterator
from dataclasses import dataclass

from lms.content.model import Edition, Heading, Module, Quiz
from lms.content.question_model import Question
from lms.content.references import headings_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A practice question where a learner meets it; `section` is the heading above it, if there is one."""

    question: Question
    module: Module
    section: Heading | None


def practice(edition: Edition) -> Iterator[Asked]:
    """Every practice question of an edition, in the course's order; none of a test."""
    for module in edition.modules.values():
        if module.kind == "module":
            yield from _asked(module)


def section_at(module: Module, anchor: str) -> Heading | None:
    """The heading with that anchor, or the one above the quiz with it (`quiz-ID`)."""
    quizzes = (each.section for each in _asked(module) if anchor == f"quiz-{each.question.id}")
    headings = (each for each in headings_in(module.body) if each.anchor == anchor)
    return next(headings, None) or next(quizzes, None)


def _asked(module: Module) -> Iterator[Asked]:
    section = None
    for block in module.body:
        if isinstance(block, Heading):
            section = block
        elif isinstance(block, Quiz):
            for question in block.questions:
                yield Asked(question=question, module=module, section=section)
