"""What to tell a learner about an answer: for each option or item whether it was right, and the author's reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from lms.content.model import ChoiceQuestion, MatchQuestion, Question
from lms.learning.grading import grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """About one option or item, by the author's key. `given` and `wanted` are HTML of a match's targets or places."""

    key: str
    chosen: bool
    right: bool
    """An option: whether it is a right one. An item: whether it was put where it belongs."""
    feedback: str
    given: str = ""
    wanted: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """About one answer: the share it earned and what to say of each part."""

    share: Fraction
    parts: Mapping[str, Told]


def feedback(question: Question, answer: Any) -> Feedback:
    """What to tell about this answer; an answer that does not fit the question counts as none."""
    share = grade(question, answer)
    if isinstance(question, ChoiceQuestion):
        chosen = set(answer or ())
        told = [
            Told(key=option.key, chosen=option.key in chosen, right=option.right, feedback=option.feedback)
            for option in question.options
        ]
    elif isinstance(question, MatchQuestion):
        told = _match(question, answer if isinstance(answer, Mapping) else {})
    else:
        places = {key: str(place) for place, key in enumerate(answer or (), start=1)}
        told = [
            Told(
                key=item.key,
                chosen=item.key in places,
                right=places.get(item.key) == str(place),
                feedback=item.feedback,
                given=places.get(item.key, ""),
                wanted=str(place),
            )
            for place, item in enumerate(question.items, start=1)
        ]
    return Feedback(share=share, parts={part.key: part for part in told})


def _match(question: MatchQuestion, answer: Mapping[str, str]) -> list[Told]:
    html = {target.key: target.html for target in question.targets}
    return [
        Told(
            key=pair.key,
            chosen=pair.key in answer,
            right=answer.get(pair.key) == pair.target,
            feedback=pair.feedback,
            given=html.get(answer.get(pair.key, ""), ""),
            wanted=html[pair.target],
        )
        for pair in question.pairs
    ]
