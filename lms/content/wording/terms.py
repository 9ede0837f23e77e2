"""Words to avoid, from the list of each language (`terms.es.yml`), with what to say instead."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from lms.content.model import Edition
from lms.content.plain import plain_words
from lms.content.question_model import ChoiceQuestion, MatchQuestion, Option
from lms.content.stems import base, folded_words
from lms.content.wording.remarks import Remarks
from lms.content.wording.texts import Text
from lms.content.written import fold
from lms.i18n import N_

QUOTED = re.compile(r"«[^«»]*»|“[^“”]*”|\"[^\"]*\"|(?<!\w)‘[^‘’]*’(?!\w)")
_TITLE = re.compile(r"<em>.*?</em>", re.DOTALL)
_AVOID = re.compile(r"no |evit|avoid|don't|do not|never|nunca|incorrect|inadecuad")
"""How a category begins, folded, whose items are there to be rejected."""
_ROOT = 4
"""Letters by which a word is known again in another form."""


@dataclass(frozen=True, slots=True)
class Term:
    """An entry of the list."""

    avoid: re.Pattern[str]
    use: str
    unless: re.Pattern[str] | None


@cache
def terms(language: str) -> tuple[Term, ...]:
    """The words to avoid in that language; none for one without a list."""
    file = files(__package__).joinpath(f"terms.{base(language)}.yml")
    rows = yaml.safe_load(file.read_text("utf-8")) if file.is_file() else []
    return tuple(_term(row) for row in rows)


def found(words: str, language: str) -> Iterator[tuple[str, str]]:
    """Each word to avoid in a text, with what to say instead; quoted, it is not meant."""
    said = QUOTED.sub(lambda quote: "·" * len(quote[0]), words)
    for term in terms(language):
        if not (term.unless and term.unless.search(said)):
            yield from ((hit[0], term.use) for hit in term.avoid.finditer(said))


def check(texts: Iterable[Text], rejected: Iterable[str], language: str, report: Remarks) -> None:
    """Tells each word to avoid at its line; `rejected` are texts that are there to be rejected (see `to_reject`)."""
    passed_over = frozenset(rejected)
    for text in texts:
        if text.role == "source" or text.html in passed_over:
            continue
        for words, better in found(plain_words(_TITLE.sub("·", text.html)), language):
            message = N_("“%(found)s” is a word to avoid. Rather: %(better)s.")
            report.warning(text, "term", message, words=words, found=words, better=better)


def to_reject(edition: Edition) -> Iterator[str]:
    """What is there to be rejected: in questions that sort what to say from what to avoid, the items of the latter with
    their reasons; among options, a wrong one whose reason takes the word up."""
    for question in (each for module in edition.modules.values() for each in module.questions()):
        if isinstance(question, MatchQuestion):
            away = {each.key for each in question.targets if _AVOID.match(fold(plain_words(each.html), "loose"))}
            yield from (html for pair in question.pairs if pair.target in away for html in (pair.html, pair.feedback))
        if isinstance(question, ChoiceQuestion):
            wrong = (option for option in question.options if not option.right)
            yield from (option.html for option in wrong if _taken_up(option, edition.language))


def _taken_up(option: Option, language: str) -> bool:
    """Whether the option's reason speaks of each word to avoid in it."""
    reason = folded_words(plain_words(option.feedback))
    words = [folded_words(each) for each, _ in found(plain_words(option.html), language)]
    return all(any(len(word) > _ROOT and _begins(word[:_ROOT], reason) for word in each) for each in words)


def _begins(root: str, words: Iterable[str]) -> bool:
    return any(word.startswith(root) for word in words)


def _term(row: dict[str, str]) -> Term:
    flags = re.NOFLAG if row.get("exact") else re.IGNORECASE
    unless = re.compile(row["unless"]) if "unless" in row else None
    return Term(re.compile(rf"(?<![\w@]){_whole(row['avoid'])}", flags), row["use"], unless)


def _whole(pattern: str) -> str:
    """Not the beginning of a longer word."""
    return rf"(?:{pattern})(?!\w)"
