"""What gives answers away without knowing anything: the right option's length, and where it stands."""

from collections.abc import Iterable, Sequence

from lms.content.model import Module
from lms.content.plain import plain_words
from lms.content.question_model import ChoiceQuestion, Question
from lms.content.wording.chance import RARE, at_least
from lms.content.wording.remarks import Remarks
from lms.content.wording.texts import Text, at_question, top_of
from lms.content.written import fold
from lms.i18n import N_

RATIO = 1.3
"""An option is the longest or shortest by far when it is so many times longer or shorter than the next …"""
LETTERS = 12
"""… and by so many characters or more: between “Yes” and “Never” nobody guesses."""
FEW = 3
"""True or false questions with one and the same answer that make a rule."""


def lengths(module: Module, report: Remarks) -> None:
    """Tells right options that are the longest or shortest by far, and modules where they mostly are."""
    at = top_of(module)
    asked = [(question, _lengths(question)) for question in singles(module.questions())]
    for question, (right, others) in asked:
        where = at_question(question, module)
        if _by_far(right, max(others)):
            message = N_(
                "The right option is the longest by far (%(right)s characters, then %(next)s): it gives itself away."
            )
            report.warning(where, "option-length", message, right=right, next=max(others))
        elif _by_far(min(others), right):
            message = N_(
                "The right option is the shortest by far (%(right)s characters, then %(next)s): it gives itself away."
            )
            report.warning(where, "option-length", message, right=right, next=min(others))
    chances = [1 / (1 + len(others)) for _, (_, others) in asked]
    longest = sum(right > max(others) for _, (right, others) in asked)
    shortest = sum(right < min(others) for _, (right, others) in asked)
    if at_least(longest, chances) <= RARE / 2:
        message = N_(
            "In %(count)s of these %(all)s questions the right option is the longest: who guesses the longest is right. Even them out."
        )
        report.warning(at, "option-lengths", message, count=longest, all=len(asked))
    if at_least(shortest, chances) <= RARE / 2:
        message = N_(
            "In %(count)s of these %(all)s questions the right option is the shortest: who guesses the shortest is right. Even them out."
        )
        report.warning(at, "option-lengths", message, count=shortest, all=len(asked))


def positions(modules: Iterable[Module], about: Text, report: Remarks) -> None:
    """Tells modules where too many right options are written at one position, or true or false is always the same; the
    course, at `about`, where all its quizzes together do so and no module alone."""
    quizzes: list[Question] = []
    already = len(report.found)
    for module in modules:
        _positions(list(module.questions()), top_of(module), report)
        quizzes += module.questions() if module.kind == "module" else ()
    if len(report.found) == already:
        _positions(quizzes, about, report)


def singles(questions: Iterable[Question]) -> list[ChoiceQuestion]:
    """The single-choice questions that have one right option and others."""
    return [
        each
        for each in questions
        if isinstance(each, ChoiceQuestion)
        and each.kind == "single"
        and len(each.options) > 1
        and sum(option.right for option in each.options) == 1
    ]


def _positions(questions: Sequence[Question], at: Text, report: Remarks) -> None:
    rights = [
        ([option.right for option in question.options].index(True), len(question.options))
        for question in singles(questions)
    ]
    most = max((size for _, size in rights), default=0)
    for place in range(most):
        count = sum(right == place for right, _ in rights)
        if at_least(count, [1 / size if place < size else 0 for _, size in rights]) <= RARE / most:
            message = N_(
                "In %(count)s of these %(all)s questions the right option is number %(place)s. Move some: paper keeps this order."
            )
            report.warning(at, "answer-position", message, count=count, all=len(rights), place=place + 1)
    answers = [
        fold(plain_words(option.html), "loose")
        for question in questions
        if isinstance(question, ChoiceQuestion) and question.kind == "true-false"
        for option in question.options
        if option.right
    ]
    if len(answers) >= FEW and len(set(answers)) == 1:
        message = N_("The answer to all %(count)s true or false questions is “%(answer)s”. Turn one of them round.")
        report.warning(at, "same-answers", message, count=len(answers), answer=answers[0])


def _lengths(question: ChoiceQuestion) -> tuple[int, list[int]]:
    """How many characters the right option has, and the others."""
    sizes = [(option.right, len(plain_words(option.html))) for option in question.options]
    return next(size for right, size in sizes if right), [size for right, size in sizes if not right]


def _by_far(long: int, short: int) -> bool:
    return long >= RATIO * short and long - short >= LETTERS
