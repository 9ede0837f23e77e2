"""What answers were worth, in the place of the answers: a line of the store's that says it when they are kept no longer
(docs/decisions/0037). The fold makes the same of it as of the line with the answers, but for the answers themselves."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from lms.learning import events as types
from lms.learning.events import Event
from lms.learning.grading import earned, grade
from lms.learning.progress import Opened, Releases

WITH_ANSWERS = (types.ATTEMPT_SUBMITTED, types.PRACTICE_ANSWERED)
"""The types of lines that hold answers."""


def without_answers(
    event: Event, opened: Mapping[str, Opened], releases: Releases, *, store: str, hash_: str
) -> Event | None:
    """The event in the place of one with answers, with its id, number and moment; `hash_` is the old line's. None where there are no
    answers, or while nobody can say what they are worth: their release, or the opening of their attempt, is not here."""
    answers, attempt = event.data.get("answers"), event.data.get("attempt")
    if event.type not in WITH_ANSWERS or not isinstance(answers, dict):
        return None
    shares = _of_sheet(event, opened.get(str(attempt)), releases) if attempt else _of_practice(event, releases)
    if shares is None:
        return None
    told = {name: str(shares[name]) if name in shares else None for name in answers}
    more = {name: value for name, value in event.data.items() if name != "answers"}
    data = {**more, "was": event.type, "hash": hash_, "shares": told}
    return replace(event, type=types.ANSWERS_REMOVED, store=store, data=data)


def kind(event: Event) -> str:
    """The type of the event, also where its answers were removed since."""
    return str(event.data.get("was")) if event.type == types.ANSWERS_REMOVED else event.type


def asked(event: Event) -> Iterable[str]:
    """The questions that it answers, or answered."""
    found = event.data.get("shares" if event.type == types.ANSWERS_REMOVED else "answers")
    return found.keys() if isinstance(found, dict) else ()


def _of_practice(event: Event, releases: Releases) -> dict[str, Fraction] | None:
    key = releases.get(event.release or "")
    if key is None:
        return None
    given = event.data["answers"].items()
    known = ((key.practice.get(name), answer) for name, answer in given)
    shares = {each.id: earned(each, answer) for each, answer in known if each is not None}
    return {name: share for name, share in shares.items() if share is not None}


def _of_sheet(event: Event, opened: Opened | None, releases: Releases) -> dict[str, Fraction] | None:
    key = releases.get(opened.release) if opened else None
    if opened is None or key is None or event.release != opened.release:
        return None
    answers = event.data["answers"]
    questions = [key.test_question(opened.module, name) for name in opened.drawn]
    return {each.id: grade(each, answers.get(each.id)) for each in questions if each is not None}
