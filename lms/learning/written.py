"""What learners write, in every language of a course: a word that is right in one of them is right."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from lms.content.model import Module, Quiz
from lms.content.question_model import BlanksQuestion, Question, TextQuestion


def with_words_of(module: Module, others: Sequence[Module]) -> Module:
    """The module, its questions taking what its translations take too; its page stays as it is."""
    said: dict[str, list[Question]] = {}
    for other in others:
        for question in other.questions():
            said.setdefault(question.id, []).append(question)
    return replace(
        module, body=tuple(_with_words(block, said) if isinstance(block, Quiz) else block for block in module.body)
    )


def _with_words(quiz: Quiz, said: dict[str, list[Question]]) -> Quiz:
    return replace(quiz, questions=tuple(_taking(each, said.get(each.id, ())) for each in quiz.questions))


def _taking(question: Question, others: Iterable[Question]) -> Question:
    for other in others:
        if isinstance(question, TextQuestion) and isinstance(other, TextQuestion):
            more = tuple(each for each in other.expected if each.right)
            question = replace(question, expected=(*question.expected, *more))
        if isinstance(question, BlanksQuestion) and isinstance(other, BlanksQuestion):
            question = _gaps_taking(question, other)
    return question


def _gaps_taking(question: BlanksQuestion, other: BlanksQuestion) -> BlanksQuestion:
    if len(question.gaps) != len(other.gaps):
        return question
    gaps = (
        replace(own, accepted=(*own.accepted, *more.accepted))
        for own, more in zip(question.gaps, other.gaps, strict=True)
    )
    return replace(question, gaps=tuple(gaps))
