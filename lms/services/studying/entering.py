"""What somebody answered on paper, entered by whoever looks after her group: marked as what is answered on a screen, so that
completion and certificate follow by the same rules (docs/decisions/0029)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection

from lms.content.model import Module, Quiz
from lms.i18n import N_
from lms.ids import uuid8
from lms.learning import events as types
from lms.learning.forms import Filled, Form
from lms.learning.keys import graded, weighted_share
from lms.learning.paper import PaperQuestion, paper_questions, read_sheet, sheet_questions, sheet_seed
from lms.refusals import Refusal
from lms.services.common.staff_acts import note
from lms.services.people.consent import may_record
from lms.services.studying import paper, testing, tries
from lms.services.studying.acts import Deed, hold, write
from lms.services.studying.desk import Desk, Where
from lms.services.studying.looking import UnknownPage, enter
from lms.services.studying.paper import NothingToAsk, Sheet
from lms.services.studying.study import check_size
from lms.storage import event_log, people, projection
from lms.storage.people import Person
from lms.storage.releases import Catalogue, Release


class EnteredBefore(Refusal):
    """That sheet of that person was entered with other answers."""

    message = N_("This sheet was entered for this person before, and its first answers count. Nothing was changed.")
    status = 409


class OldSheet(Refusal):
    """The sheet is of an edition of the course whose work counts no longer."""

    message = N_(
        "This sheet was printed from an earlier edition of the course, which counts no longer. Print a new one."
    )
    status = 409


class NothingEntered(Refusal):
    """No answer, and nothing else to keep."""

    message = N_("Enter at least one answer before you go on.")


class NoneLeft(Refusal):
    """She has used every attempt or try that there is."""

    message = N_(
        "This person has used every attempt that there is, and this sheet would be one more. Nothing was kept."
    )
    status = 409


class OwnSheet(Refusal):
    """Nobody enters her own."""

    message = N_(
        "Nobody enters a sheet of their own. Ask somebody else who looks after the group, or an administrator."
    )
    status = 403


class HasWithdrawn(Refusal):
    """She does not agree that anything of her is kept."""

    message = N_("This person has withdrawn their agreement: nothing new about them may be kept.")
    status = 403


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet of one module, as its release marks it."""

    live: Release
    sheet: Sheet
    module: Module

    @property
    def asked(self) -> tuple[PaperQuestion, ...]:
        """Its questions, with their letters."""
        return paper_questions(self.module, self.sheet.order)

    @property
    def is_test(self) -> bool:
        """Whether it is of a final test."""
        return self.module.kind == "test"

    @property
    def mark(self) -> int:
        """The percentage to reach, 0 for none."""
        return self.module.test.pass_mark if self.module.test else self.module.quiz_mark

    def read(self, form: Form) -> Filled:
        """What was entered. Raises UnknownAnswer, AnswerTooLong."""
        filled = read_sheet(self.module, self.sheet.order, form)
        check_size(filled.draft)
        return filled


@dataclass(frozen=True, slots=True)
class Worth:
    """What a sheet is worth: the share of each question, by id, and of all of them; `reached`: whether that is enough."""

    shares: Mapping[str, Fraction]
    share: Fraction
    reached: bool


def find_paper(
    tx: Connection, catalogue: Catalogue, *, staff: Person, course: str, module: str, typed: str, language: str
) -> Paper:
    """The sheet of that module with the code that was typed. Raises UnknownPage, NoSuchSheet, NothingToAsk, OldSheet."""
    live = paper.open_course(tx, catalogue, person=staff, course=course)
    sheet = paper.find_sheet(tx, catalogue, live, typed, person=staff)
    name = paper.module_of(catalogue, sheet.release, module, language).id
    key = sheet.release.key
    if key.major != live.key.major:
        raise OldSheet
    found = Paper(live, sheet, key.tests.get(name) or key.lessons[name])
    if not found.asked:
        raise NothingToAsk
    return found


def worth(found: Paper, answers: Mapping[str, Any]) -> Worth:
    """What these answers are worth, before anything is kept: as the fold will mark them."""
    questions = sheet_questions(found.module, found.sheet.order)
    shares = graded(questions, answers)
    share = weighted_share(questions, shares)
    return Worth(shares, share, share * 100 >= found.mark)


def keep(
    tx: Connection, desk: Desk, found: Paper, *, staff: Person, learner: str, form: Form, ended: bool, now: datetime
) -> None:
    """The answers are hers from now on, and perhaps complete the course; the same form twice is one. `ended`: she has
    finished the module; nobody asks it of a test.

    Raises UnknownPage, NotEnrolled, UnknownAnswer, AnswerTooLong, NothingEntered, EnteredBefore, NoneLeft, OwnSheet,
    HasWithdrawn.
    """
    who, answers = people.by_id(tx, learner), found.read(form).answers
    if who is None:
        raise UnknownPage
    if learner == staff.id:
        raise OwnSheet
    if not may_record(who):
        raise HasWithdrawn
    keeping = _Keeping(tx, desk, found, staff.id, learner, now)
    parts = keeping.parts(answers, ended=ended)
    if not any(each.data.get("answers") or each.type == types.MODULE_COMPLETED for each in parts.values()):
        raise NothingEntered
    hold(tx, keeping.where())
    if keeping.is_known(parts):
        return
    keeping.check_left(parts)
    for name, deed in parts.items():
        done = write(tx, desk, keeping.where(name), deed, now=now)
        if deed.type == types.ATTEMPT_OPENED and done.event is not None:
            projection.add_attempt(tx, projection.opened_attempt(done.event, now))
    said = {"course": found.live.course.id, "module": found.module.id, "sheet": found.sheet.code}
    note(tx, "paper-entered", by=staff.id, subject=learner, now=now, **said)


@dataclass(frozen=True, slots=True)
class _Keeping:
    """One sheet of one person being kept."""

    tx: Connection
    desk: Desk
    found: Paper
    staff: str
    learner: str
    now: datetime

    def where(self, event: str | None = None) -> Where:
        """Whose act it is, and where."""
        release = self.found.sheet.release
        course, language = release.course.id, self.found.module.language
        return Where(
            learner=self.learner, course=course, module=self.found.module.id, release=release.digest, event=event,
            language=language,
        )  # fmt: skip

    def parts(self, answers: Mapping[str, Any], *, ended: bool) -> dict[str, Deed]:
        """The events that say it, by id."""
        module, order = self.found.module, self.found.sheet.order
        told = {"language": module.language, "paper": self.found.sheet.code}
        if self.found.is_test:
            attempt = self._id("opened")
            drawn = [each.id for each in sheet_questions(module, order)]
            opened = {"attempt": attempt, "drawn": drawn, "seed": sheet_seed(order), "paper": self.found.sheet.code}
            sent = {"attempt": attempt, "answers": dict(answers), **told}
            return {
                attempt: self._deed(types.ATTEMPT_OPENED, opened),
                self._id("sent"): self._deed(types.ATTEMPT_SUBMITTED, sent),
            }
        made: dict[str, Deed] = {}
        for quiz in (block for block in module.body if isinstance(block, Quiz)):
            mine = {each.id: answers[each.id] for each in quiz.questions if each.id in answers}
            if mine:
                made[self._id(quiz.id)] = self._deed(types.ATTEMPT_SUBMITTED, {"answers": mine, **told})
        if ended:
            made[self._id("ended")] = self._deed(types.MODULE_COMPLETED, told)
        return made

    def is_known(self, parts: Mapping[str, Deed]) -> bool:
        """Whether all of it is kept already. Raises EnteredBefore when something else is."""
        known = {name: event for name in self._ids() if (event := event_log.find(self.tx, name))}
        if not known:
            return False
        same = known.keys() == parts.keys() and all(
            event.data.get("answers") == parts[name].data.get("answers") for name, event in known.items()
        )
        if not same:
            raise EnteredBefore
        return True

    def check_left(self, parts: Mapping[str, Deed]) -> None:
        """Nothing, while she has an attempt, or tries, left. Raises NoneLeft, UnknownPage, NotEnrolled."""
        course, language = self.found.live.course.id, self.found.module.language
        view = enter(self.tx, self.desk.catalogue, learner=self.learner, course=course, language=language)
        module = view.module_now(self.found.module.id)
        if self.found.is_test:
            left = testing.chances(self.tx, view, learner=self.learner, module=module, now=self.now).left
            if left == 0:
                raise NoneLeft
            return
        tried = tries.left(self.tx, learner=self.learner, course=course, module=module, lineage=view.lineage)
        if any(left == 0 and self._id(quiz) in parts for quiz, left in tried.items()):
            raise NoneLeft

    def _ids(self) -> list[str]:
        """Every id that something of this sheet may have."""
        quizzes = [block.id for block in self.found.module.body if isinstance(block, Quiz)]
        return [self._id(each) for each in ("opened", "sent", "ended", *quizzes)]

    def _id(self, part: str) -> str:
        sheet, module = self.found.sheet, self.found.module.id
        return uuid8("/".join(("paper", self.learner, sheet.release.digest, module, sheet.order, part)))

    def _deed(self, kind: str, data: Mapping[str, Any]) -> Deed:
        return Deed(type=kind, data=data, release=self.found.sheet.release, by=self.staff)
