"""Questions of a test that ask what a quiz, or the test itself, asks elsewhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lms.content.model import Module
from lms.content.plain import plain_words
from lms.content.question_model import BlanksQuestion, MatchQuestion, OrderQuestion, Question
from lms.content.stems import folded_words
from lms.content.wording.remarks import Remarks
from lms.content.wording.texts import at_question
from lms.i18n import N_

ALIKE = 0.9
"""Two questions are one when they share so much of all the words that they use …"""
LONG = 8
"""… each uses so many different ones, and their numbers are the same; shorter ones have to be equal."""


@dataclass(frozen=True, slots=True)
class _Asked:
    id: str
    words: list[str]
    different: frozenset[str]
    numbers: list[str]


def check(modules: Iterable[Module], report: Remarks) -> None:
    """Tells each question of a pool that is asked before in the pool, or in a module's quiz."""
    modules = list(modules)
    lessons = [_asked(question) for module in modules if module.kind == "module" for question in module.questions()]
    for module in modules:
        seen = list(lessons)
        for question in module.questions() if module.kind == "test" else ():
            asked = _asked(question)
            twin = next((each for each in seen if _same(asked, each)), None)
            if twin:
                message = N_("The question “%(id)s” asks the same. Ask in other words, or for something else.")
                report.warning(at_question(question, module), "repeated-stem", message, id=twin.id)
            seen.append(asked)


def stem(question: Question) -> str:
    """What a question asks, with what it asks it about: without options to choose from, with what is to be sorted."""
    parts: Sequence[str] = ()
    match question:
        case MatchQuestion():
            parts = [pair.html for pair in question.pairs]
        case OrderQuestion():
            parts = [item.html for item in question.items]
        case BlanksQuestion():
            parts = question.texts
    return plain_words(" ".join([question.vignette, question.prompt, *parts]))


def _asked(question: Question) -> _Asked:
    words = folded_words(stem(question))
    return _Asked(question.id, words, frozenset(words), [word for word in words if word.isdecimal()])


def _same(one: _Asked, other: _Asked) -> bool:
    if one.words == other.words:
        return True
    if one.numbers != other.numbers:
        return False
    mine, theirs = one.different, other.different
    return min(len(mine), len(theirs)) >= LONG and len(mine & theirs) >= ALIKE * len(mine | theirs)
