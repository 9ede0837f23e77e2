"""What people know before and after a course: answered once each, compared for the same people, and found in nobody."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from lms.content.course import load
from lms.content.fields import ID
from lms.content.model import Course
from lms.learning.gain import ENOUGH, WHOLE, Gain, first_form, other_form
from lms.learning.grading import UnknownAnswer, right_answer
from lms.learning.progress import Place, Progress
from lms.services.common.record import Pen
from lms.services.people import erasing, my_data
from lms.services.reporting import indicators
from lms.services.reporting.indicators import Filters, Scope
from lms.services.studying import gain, looking
from lms.services.studying.desk import Desk
from lms.services.studying.gain import NothingToSend, OtherQuestions, Sent, Sheet
from lms.services.studying.looking import UnknownPage, View
from lms.storage import drafts, gains, polls, projection
from lms.storage.database import Database
from lms.storage.gains import KEPT, Before
from lms.storage.releases import Catalogue
from lms.storage.tables import drafts as drafts_table
from lms.storage.tables import events, tallies, voters
from lms.storage.tables import gains as gains_table
from tests.conftest import COMPLETED, NOW
from tests.content.knowing import KNOWLEDGE, knowing
from tests.services.conftest import Asked, add_person, publish

TODAY = NOW.date()
COURSE = "demo-course"


@pytest.fixture(scope="session")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The sample with questions before and after it."""
    course, findings = load(knowing(tmp_path_factory.mktemp("knowing")))
    assert course is not None, findings
    return course


@pytest.fixture
def desk(database: Database, pen: Pen, asking: Course, asked: Asked) -> Desk:
    publish(database, asking)
    return Desk(Catalogue(), pen, asked)


class Learner:
    """Somebody who answers, in one language."""

    def __init__(self, database: Database, desk: Desk, name: str) -> None:
        self.database, self.desk, self.name = database, desk, name

    def complete(self) -> None:
        """She has completed the course."""
        self.is_at(Progress(completed=COMPLETED))

    def is_at(self, progress: Progress) -> None:
        """That is her progress."""
        with self.database.writing() as tx:
            projection.save(tx, self.name, COURSE, progress)

    def view(self) -> View:
        """The course as she sees it."""
        with self.database.reading() as tx:
            return looking.look(tx, self.desk.catalogue, learner=self.name, course=COURSE, language="es")

    def sheet(self) -> Sheet | None:
        """What she may answer."""
        with self.database.reading() as tx:
            return gain.sheet(tx, self.view(), learner=self.name)

    def form(self, right: int, wrong: int = 0) -> Mapping[str, Sequence[str]]:
        """So many questions of her form right, so many of the next ones wrong, the others empty."""
        sheet, filled = self.sheet(), {}
        assert sheet
        for n, question in enumerate(sheet.questions[: right + wrong]):
            if question.kind == "numeric":
                filled[question.id] = ["7" if n < right else "99"]
                continue
            wires = {shown.key: shown.wire for shown in sheet.wiring.choices(question)}
            key = (
                right_answer(question)[0]
                if n < right
                else next(each for each in wires if each != right_answer(question)[0])
            )
            filled[question.id] = [wires[key]]
        return filled

    def send(self, form: Mapping[str, Sequence[str]], today: date = TODAY) -> Sent:
        """She sends it."""
        view = self.view()
        with self.database.writing() as tx:
            return gain.send(tx, view, view.edition, learner=self.name, form=form, now=NOW, today=today)

    def skip(self) -> None:
        """She would rather not."""
        with self.database.writing() as tx:
            gain.skip(tx, self.view(), learner=self.name)

    def both(self, before: int, after: int) -> None:
        """So many of four right before, and after."""
        assert self.send(self.form(before, 4 - before)).counted
        self.complete()
        assert self.send(self.form(after, 4 - after)).counted


@pytest.fixture
def ana(database: Database, desk: Desk) -> Learner:
    return Learner(database, desk, "ana")


def found(database: Database, course: Course) -> Gain | None:
    with database.reading() as tx:
        return gain.results_of(tx, [course])[COURSE]


def kept(database: Database) -> dict[str, dict[str, int]]:
    with database.reading() as tx:
        return polls.tally(tx, COURSE)


def test_she_is_given_one_form_before_and_the_other_after(ana: Learner) -> None:
    first = first_form(learner="ana", course=COURSE, major=1)
    sheet = ana.sheet()
    assert sheet and (sheet.stage, sheet.form) == ("before", first)
    assert {question.pool for question in sheet.questions} == {first}
    assert ana.send(ana.form(2, 2)) == Sent(counted=True)
    assert ana.sheet() is None, "and nothing more until she has completed it"
    ana.complete()
    sheet = ana.sheet()
    assert sheet and (sheet.stage, sheet.form) == ("after", other_form(first))
    assert ana.send(ana.form(4)).counted
    assert ana.sheet() is None


def test_what_is_kept_between_is_how_much_was_right_and_no_answer(ana: Learner, database: Database) -> None:
    ana.send(ana.form(1, 2))
    with database.reading() as tx:
        (row,) = tx.execute(select(gains_table)).all()
        assert tuple(row) == ("ana", COURSE, 1, first_form(learner="ana", course=COURSE, major=1), WHOLE // 4, TODAY)
        assert tx.execute(select(drafts_table)).all() == []
        assert [event for event in tx.execute(select(events)) if event.learner == "ana"] == []
        assert [(row.poll, row.learner) for row in tx.execute(select(voters))] == [("gain:1", "ana")]
        assert tx.execute(select(tallies)).all() == []


def test_a_pair_leaves_nothing_of_her(ana: Learner, database: Database) -> None:
    ana.both(1, 3)
    with database.reading() as tx:
        assert tx.execute(select(gains_table)).all() == []
        assert "ana" not in str(tx.execute(select(tallies)).all())
    assert kept(database)["gain:1:waiting"] == {"people": 1, "before": WHOLE // 4, "after": 3 * WHOLE // 4}
    assert "gain:1" not in kept(database)
    assert set(tallies.c.keys()) == {"course", "poll", "option", "n"}


def test_ten_are_shown_and_not_nine_and_then_not_eleven(database: Database, desk: Desk, asking: Course) -> None:
    people = [Learner(database, desk, f"l{n}") for n in range(2 * ENOUGH)]
    for number, each in enumerate(people, start=1):
        each.both(1, 3 if number <= ENOUGH else 4)
        told = found(database, asking)
        if number < ENOUGH:
            assert told is None
        elif number < 2 * ENOUGH:
            assert told == Gain(ENOUGH, Fraction(1, 4), Fraction(3, 4)), number
            assert told.normalized == Fraction(2, 3)
    assert found(database, asking) == Gain(2 * ENOUGH, Fraction(1, 4), Fraction(7, 8))
    assert set(kept(database)["gain:1:waiting"].values()) == {0}


def test_many_at_once_lose_nobody(database: Database, desk: Desk, asking: Course) -> None:
    people = [Learner(database, desk, f"l{n}") for n in range(ENOUGH + 3)]
    forms = []
    for each in people:
        each.send(each.form(2))
        each.complete()
        forms.append(each.form(4))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda each, form: each.send(form), people, forms))
    assert found(database, asking) == Gain(ENOUGH, Fraction(1, 2), Fraction(1))
    assert kept(database)["gain:1:waiting"]["people"] == 3


def test_sent_twice_counts_once(ana: Learner, database: Database) -> None:
    before = ana.form(1)
    with ThreadPoolExecutor(3) as pool:
        assert sorted(done.counted for done in pool.map(lambda _: ana.send(before), range(3))) == [False, False, True]
    ana.complete()
    after = ana.form(4)
    with ThreadPoolExecutor(3) as pool:
        assert sorted(done.counted for done in pool.map(lambda _: ana.send(after), range(3))) == [False, False, True]
    assert kept(database)["gain:1:waiting"]["people"] == 1


def test_refused_once_is_refused(ana: Learner, database: Database) -> None:
    ana.skip()
    assert ana.sheet() is None
    ana.complete()
    assert ana.sheet() is None, "without a before there is no after"
    assert kept(database) == {}


def test_refused_after_it_is_compared_with_nothing(ana: Learner, database: Database) -> None:
    ana.send(ana.form(3))
    ana.complete()
    ana.skip()
    with database.reading() as tx:
        assert tx.execute(select(gains_table)).all() == []
    assert ana.sheet() is None and kept(database) == {}


def test_once_she_has_begun_it_is_too_late(ana: Learner, database: Database) -> None:
    form = ana.form(2)
    digest = ana.view().release.digest
    ana.is_at(
        Progress(place=Place(at="2026-11-24T12:00:00.000Z", event="e", release=digest, module="m-uno", section=""))
    )
    assert ana.view().standing.begun
    assert ana.sheet() is None
    assert ana.send(form) == Sent(counted=False)
    assert kept(database) == {}


def test_an_empty_form_is_none_and_what_is_left_empty_is_not_known(ana: Learner, database: Database) -> None:
    with pytest.raises(NothingToSend, match="before you send"):
        ana.send({})
    assert ana.send(ana.form(1)).counted
    with database.reading() as tx:
        assert gains.of(tx, learner="ana", course=COURSE, major=1) == Before(
            first_form(learner="ana", course=COURSE, major=1), WHOLE // 4
        )


def test_something_to_mend_is_kept_and_not_counted(ana: Learner, database: Database) -> None:
    sheet = ana.sheet()
    assert sheet
    number = sheet.questions[-1].id
    assert ana.send({**ana.form(1), number: ["siete"]}) == Sent(counted=False, unfinished=True)
    sheet = ana.sheet()
    assert sheet and sheet.draft[number] == "siete"
    with pytest.raises(UnknownAnswer):
        ana.send({"q-a": ["1"]})
    assert ana.send(ana.form(2)).counted
    with database.reading() as tx:
        assert drafts.load(tx, "ana", "") == {}


def test_a_draft_stays_until_it_is_sent(ana: Learner, database: Database) -> None:
    form, view = ana.form(2), ana.view()
    with database.writing() as tx:
        gain.save(tx, view, view.edition, learner="ana", form=form, now=NOW)
    sheet = ana.sheet()
    assert sheet and len(sheet.draft) == 2
    ana.skip()
    with database.writing() as tx:
        gain.save(tx, view, view.edition, learner="ana", form=form, now=NOW)
        assert drafts.load(tx, "ana", "") == {}, "nor does one come back that was on its way"


def test_after_a_year_it_is_forgotten(ana: Learner, database: Database) -> None:
    ana.send(ana.form(1))
    ana.complete()
    form = ana.form(4)
    assert ana.send(form, TODAY + KEPT + timedelta(days=1)) == Sent(counted=False)
    with database.writing() as tx:
        assert tx.execute(select(gains_table)).all() == []
        gains.keep(tx, Before("a", 5), learner="x", course=COURSE, major=1, day=TODAY)
        gains.keep(tx, Before("b", 9), learner="x", course=COURSE, major=1, day=TODAY)
        assert gains.of(tx, learner="x", course=COURSE, major=1) == Before("a", 5), "the first one stays"
        assert gains.drop_old(tx, TODAY + KEPT) == 0
        assert gains.drop_old(tx, TODAY + KEPT + timedelta(days=1)) == 1


def test_another_major_is_another_comparison(ana: Learner, database: Database, desk: Desk, asking: Course) -> None:
    ana.send(ana.form(2))
    publish(database, replace(asking, major=2))
    ana.desk = Desk(Catalogue(), desk.pen, desk.certify)
    sheet = ana.sheet()
    assert sheet and sheet.stage == "before"
    with database.reading() as tx:
        assert gain.results_of(tx, [replace(asking, major=2)]) == {COURSE: None}


def test_the_form_that_her_page_showed_is_the_one_that_counts(
    ana: Learner, database: Database, desk: Desk, asking: Course, tmp_path: Path
) -> None:
    form, digest = ana.form(4), ana.view().release.digest
    turned = KNOWLEDGE.replace("- [x] Tejón", "- [?] Zorro").replace("- [ ] Zorro", "- [ ] Tejón").replace("[?]", "[x]")
    changed, findings = load(knowing(tmp_path, turned))
    assert changed, findings
    publish(database, changed)
    catalogue = Catalogue()
    with database.writing() as tx:
        view = looking.look(tx, catalogue, learner="ana", course=COURSE, language="es")
        assert view.release.digest != digest
        edition = gain.shown(tx, catalogue, view, digest=digest, language="es")
        gain.send(tx, view, edition, learner="ana", form=form, now=NOW, today=TODAY)
        assert gains.of(tx, learner="ana", course=COURSE, major=1).share == WHOLE  # type: ignore[union-attr]
        assert gain.shown(tx, catalogue, view, digest="nothing", language="es") is view.edition


def test_answers_to_another_major_are_compared_with_nothing(
    database: Database, desk: Desk, asking: Course, tmp_path: Path
) -> None:
    """Though its questions bear the same ids, and hers is the same form in both."""
    same = (f"learner-{n}" for n in range(99))
    name = next(each for each in same if len({first_form(learner=each, course=COURSE, major=n) for n in (1, 2)}) == 1)
    digest = Learner(database, desk, name).view().release.digest
    publish(database, replace(asking, major=2))
    catalogue = Catalogue()
    with database.reading() as tx:
        view = looking.look(tx, catalogue, learner=name, course=COURSE, language="es")
        with pytest.raises(OtherQuestions):
            gain.shown(tx, catalogue, view, digest=digest, language="es")


def test_a_course_without_them_asks_nothing(database: Database, pen: Pen, sample: Course, asked: Asked) -> None:
    publish(database, sample)
    ana = Learner(database, Desk(Catalogue(), pen, asked), "ana")
    with pytest.raises(UnknownPage):
        ana.sheet()
    with database.reading() as tx:
        assert gain.stage(tx, ana.view(), learner="ana") is None
        assert gain.results_of(tx, [sample]) == {}
        view = ana.view()
        assert gain.shown(tx, Catalogue(), view, digest=view.release.digest, language="es") is view.edition


def test_no_author_can_take_its_names(ana: Learner, database: Database) -> None:
    ana.both(1, 2)
    assert not [name for name in kept(database) if ID.fullmatch(name)]


def test_it_is_hers_to_see_and_to_erase(database: Database, desk: Desk, pen: Pen) -> None:
    person = add_person(database, pen, "rosa")
    rosa = Learner(database, desk, person.id)
    rosa.send(rosa.form(3))
    with database.writing() as tx:
        (row,) = my_data.gather(tx, person.id).rows["gains"]
        assert row["share"] == 3 * WHOLE // 4
        erasing.erase(tx, pen, person=person.id, by=person.id, now=NOW)
        assert tx.execute(select(gains_table)).all() == []


def test_a_report_says_it_of_the_courses_that_are_asked_for(database: Database, desk: Desk, asking: Course) -> None:
    for n in range(ENOUGH):
        Learner(database, desk, f"l{n}").both(2, 3)
    with database.reading() as tx:
        common = {"scope": Scope(cohorts=None), "courses": [asking], "zone": ZoneInfo("UTC"), "now": NOW}
        report = indicators.report(tx, filters=Filters(), **common)  # type: ignore[arg-type]
        assert report.gains == {COURSE: Gain(ENOUGH, Fraction(1, 2), Fraction(3, 4))}
        other = indicators.report(tx, filters=Filters(course="other"), **common)  # type: ignore[arg-type]
        assert other.gains == {}
    assert asdict(report.gains[COURSE])["people"] == ENOUGH  # type: ignore[arg-type]
