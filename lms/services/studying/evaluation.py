"""What learners think of a course when they have completed it: counted as polls are, and comments by nobody.

An evaluation is one act of a learner for each major of a course. Its names among the polls hold a colon, which no id of
an author has.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from lms.i18n import N_
from lms.learning.grading import UnknownAnswer
from lms.refusals import Refusal
from lms.services.common.texts import plain_lines
from lms.services.studying.looking import View
from lms.services.studying.polls import ENOUGH, percents
from lms.storage import comments, polls

SCALE = ("1", "2", "3", "4", "5")
QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "useful": SCALE,
    "clear": SCALE,
    "length": SCALE,
    "safe": SCALE,
    "recommend": ("yes", "perhaps", "no"),
}
"""What is asked, and how it may be answered."""
LONGEST = 1000
"""Characters of a comment."""
SENT = "sent"


class NotCompleted(Refusal):
    """A course is evaluated by those who have completed it."""

    message = N_("You can say what you think of the course when you have completed it.")
    status = 403


class NothingToCount(Refusal):
    """A form that was sent empty."""

    message = N_("Answer at least one question, or write a comment.")


class CommentTooLong(Refusal):
    """More than a comment may hold."""

    message = N_("Your comment has %(length)s characters and may have %(longest)s. Make it shorter and send it again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How one question was answered: how many of a hundred chose each option, and for a scale the average. Both are
    missing until there are enough answers to hide in."""

    question: str
    answers: int
    percents: Mapping[str, int]
    average: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What was said about one major of a course. `comments` is how many there are to read: none until enough people
    have said what they think."""

    major: int
    sent: int
    results: tuple[Result, ...]
    comments: int

    @property
    def enough(self) -> bool:
        """Whether so many have sent theirs that comments are shown."""
        return self.sent >= ENOUGH


def is_open(tx: Connection, view: View, *, learner: str) -> bool:
    """Whether she has completed the course and has not yet said what she thinks of it."""
    course = view.release.course
    return view.standing.complete and _poll(course.major) not in polls.answered(tx, course=course.id, learner=learner)


def send(
    tx: Connection, view: View, *, learner: str, answers: Mapping[str, str], comment: str, said_more: bool = False
) -> None:
    """Her answers are counted and her comment kept, unless she has sent hers before; nothing says whose they are.
    `said_more`: the form had an answer to something else.

    Raises NotCompleted, UnknownAnswer, NothingToCount, CommentTooLong.
    """
    if not view.standing.complete:
        raise NotCompleted
    course, given = view.release.course, {name: answer for name, answer in answers.items() if answer}
    comment = plain_lines(comment)
    if any(answer not in QUESTIONS.get(name, ()) for name, answer in given.items()):
        raise UnknownAnswer
    if not given and not comment and not said_more:
        raise NothingToCount
    if len(comment) > LONGEST:
        raise CommentTooLong(length=len(comment), longest=LONGEST)
    if not polls.take(tx, course=course.id, poll=_poll(course.major), learner=learner):
        return
    polls.add(tx, course.id, {(_poll(course.major), SENT): 1, **_numbers(course.major, given)})
    if comment:
        comments.add(tx, course=course.id, major=course.major, body=comment)


def sent(tx: Connection, course: str) -> dict[int, int]:
    """How many have said what they think, of each major of the course of which anybody has."""
    parts = {tuple(poll.split(":")): options for poll, options in polls.tally(tx, course).items()}
    return {
        int(name[1]): options[SENT] for name, options in parts.items() if name[0] == "evaluation" and len(name) == 2
    }


def sent_by_course(tx: Connection) -> dict[str, int]:
    """How many have said what they think, of each course of which anybody has."""
    return polls.totals(tx, beginning=_poll(""), option=SENT)


def results(tx: Connection, course: str, major: int) -> Evaluation:
    """What was said about that major of the course, as far as it may be shown."""
    said = _evaluation(major, polls.tally(tx, course))
    return replace(said, comments=comments.how_many(tx, course=course, major=major) if said.enough else 0)


def results_of(tx: Connection, majors: Mapping[str, int]) -> dict[str, Evaluation]:
    """The same of several courses, each with its major, without their comments: one statement."""
    tallies: dict[str, dict[str, Mapping[str, int]]] = {course: {} for course in majors}
    for (course, poll), options in polls.beginning(tx, _poll("")).items():
        if course in tallies:
            tallies[course][poll] = options
    return {course: _evaluation(major, tallies[course]) for course, major in majors.items()}


def _evaluation(major: int, tally: Mapping[str, Mapping[str, int]]) -> Evaluation:
    return Evaluation(
        major=major,
        sent=tally.get(_poll(major), {}).get(SENT, 0),
        results=tuple(_result(name, tally.get(_poll(major, name), {})) for name in QUESTIONS),
        comments=0,
    )


def _poll(major: int | str, question: str = "") -> str:
    return f"evaluation:{major}:{question}" if question else f"evaluation:{major}"


def _numbers(major: int, given: Mapping[str, str]) -> dict[tuple[str, str], int]:
    """Of every option of every question whether it was chosen."""
    return {
        (_poll(major, name), option): int(given.get(name) == option)
        for name, options in QUESTIONS.items()
        for option in options
    }


def _result(question: str, counted: Mapping[str, int]) -> Result:
    numbers = {option: counted.get(option, 0) for option in QUESTIONS[question]}
    total, shares = sum(numbers.values()), percents(numbers)
    average = _average(numbers, total) if shares and QUESTIONS[question] == SCALE else None
    return Result(question=question, answers=total, percents=shares, average=average)


def _average(numbers: Mapping[str, int], total: int) -> float:
    return round(sum(int(option) * number for option, number in numbers.items()) / total, 1)
