"""What learners think of a course: counted once, shown when it hides everybody, and kept so that nobody can be found."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from lms.content.fields import ID
from lms.learning.grading import UnknownAnswer
from lms.learning.progress import Progress
from lms.services.studying import evaluation, looking
from lms.services.studying.desk import Desk
from lms.services.studying.evaluation import QUESTIONS, CommentTooLong, Evaluation, NotCompleted, NothingToCount
from lms.storage import comments, polls, projection
from lms.storage.database import Database, is_sqlite
from lms.storage.tables import comments as comments_table
from lms.storage.tables import events, tallies, voters
from tests.conftest import COMPLETED

COURSE = "demo-course"
Send = Callable[..., None]


@pytest.fixture
def send(database: Database, desk: Desk) -> Send:
    """Somebody who has completed the course says what she thinks."""

    def send(learner: str, comment: str = "", *, completed: bool = True, **answers: str) -> None:
        with database.writing() as tx:
            projection.save(tx, learner, COURSE, Progress(completed=COMPLETED if completed else {}))
            view = looking.look(tx, desk.catalogue, learner=learner, course=COURSE, language="es")
            evaluation.send(tx, view, learner=learner, answers=answers, comment=comment)

    return send


def found(database: Database) -> Evaluation:
    with database.reading() as tx:
        return evaluation.results(tx, COURSE, 1)


def test_each_learner_counts_once(database: Database, send: Send) -> None:
    for _ in range(2):
        send("ana", "Muy bueno.", useful="5", recommend="yes")
    send("ana", "Otra vez.", useful="1")
    with database.reading() as tx:
        tally = polls.tally(tx, COURSE)
        assert comments.some(tx, course=COURSE, major=1, limit=9) == ["Muy bueno."]
    assert tally["evaluation:1"] == {"sent": 1}
    assert tally["evaluation:1:useful"] == {"1": 0, "2": 0, "3": 0, "4": 0, "5": 1}
    assert sum(tally["evaluation:1:clear"].values()) == 0


def test_a_double_click_counts_once(database: Database, desk: Desk, send: Send) -> None:
    send("beto", useful="3")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: send("ana", "Bueno.", clear="4"), range(4)))
    with database.reading() as tx:
        assert polls.tally(tx, COURSE)["evaluation:1"] == {"sent": 2}
        assert comments.how_many(tx, course=COURSE, major=1) == 1


def test_many_at_once_lose_nothing(database: Database, send: Send) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: send(f"l{number}", f"c{number}", safe="5"), range(12)))
    assert (found(database).sent, found(database).comments) == (12, 12)


@pytest.mark.parametrize(
    ("refusal", "given"),
    [
        (NotCompleted, {"useful": "5", "completed": False}),
        (UnknownAnswer, {"useful": "6"}),
        (UnknownAnswer, {"recommend": "5"}),
        (UnknownAnswer, {"nothing": "1"}),
        (NothingToCount, {"useful": "", "comment": " \r\n "}),
        (CommentTooLong, {"comment": "x" * 1001}),
    ],
)
def test_what_can_not_be_counted_is_refused(
    database: Database, send: Send, refusal: type[Exception], given: dict[str, str]
) -> None:
    with pytest.raises(refusal):
        send("ana", **given)
    with database.reading() as tx:
        assert polls.tally(tx, COURSE) == {}
        assert tx.execute(select(voters)).all() == []
    send("ana", "x" * 1000)


def test_it_is_open_to_who_has_completed_and_not_answered(database: Database, desk: Desk, send: Send) -> None:
    def is_open(learner: str) -> bool:
        with database.reading() as tx:
            view = looking.look(tx, desk.catalogue, learner=learner, course=COURSE, language="es")
            return evaluation.is_open(tx, view, learner=learner)

    assert not is_open("ana")
    with database.writing() as tx:
        projection.save(tx, "ana", COURSE, Progress(completed=COMPLETED))
    assert is_open("ana")
    send("ana", useful="5")
    assert not is_open("ana")


def test_results_are_shown_from_ten_on(database: Database, send: Send) -> None:
    for number in range(9):
        send(f"l{number}", "Un comentario.", useful="5", clear="1")
    assert [(each.percents, each.average) for each in found(database).results] == [({}, None)] * len(QUESTIONS)
    assert (found(database).sent, found(database).enough, found(database).comments) == (9, False, 0)
    send("l9", useful="2", recommend="no")
    result = {each.question: each for each in found(database).results}
    assert (result["useful"].answers, result["useful"].average) == (10, 4.7)
    assert result["useful"].percents == {"1": 0, "2": 10, "3": 0, "4": 0, "5": 90}
    assert (result["clear"].answers, result["clear"].percents, result["clear"].average) == (9, {}, None)
    assert (result["recommend"].answers, result["recommend"].percents) == (1, {})
    assert (found(database).enough, found(database).comments) == (True, 9)


def test_each_major_has_its_own(database: Database, send: Send) -> None:
    send("ana", "De ahora.", useful="5")
    with database.writing() as tx:
        polls.add(tx, COURSE, {("evaluation:2", "sent"): 4, ("p-uno", "sent"): 7})
        comments.add(tx, course=COURSE, major=2, body="De otra.")
    with database.reading() as tx:
        assert evaluation.sent(tx, COURSE) == {1: 1, 2: 4}
        assert evaluation.sent_by_course(tx) == {COURSE: 5}
        assert comments.some(tx, course=COURSE, major=1, limit=9) == ["De ahora."]


def test_no_author_can_take_its_names(database: Database, send: Send) -> None:
    send("ana", useful="5")
    with database.reading() as tx:
        names = set(polls.tally(tx, COURSE)) | polls.answered(tx, course=COURSE, learner="ana")
    assert len(names) == 1 + len(QUESTIONS)
    assert not [name for name in names if ID.fullmatch(name)]


def test_no_column_leads_back_to_a_person(database: Database, send: Send) -> None:
    assert set(comments_table.c.keys()) == {"id", "course", "major", "body"}
    assert set(tallies.c.keys()) == {"course", "poll", "option", "n"}
    assert set(voters.c.keys()) == {"course", "poll", "learner"}
    send("ana", "Un comentario.", useful="5")
    with database.reading() as tx:
        kept = tx.execute(select(comments_table)).all()
        assert "ana" not in f"{kept} {tx.execute(select(tallies)).all()}"
        assert [row.poll for row in tx.execute(select(voters))] == ["evaluation:1"], "that she answered, not what"
        assert tx.execute(select(events)).all() == [], "no event either"
    assert kept[0].id[14] == "4", "random: an id made from the time would tell when"


def test_nor_does_what_the_database_itself_knows(database: Database, send: Send) -> None:
    for number in range(8):
        send(f"l{number}", f"Comentario {number}.", useful=str(number % 5 + 1))
    with database.reading() as tx:
        if is_sqlite(tx):
            assert "WITHOUT ROWID" in tx.execute(text("SELECT sql FROM sqlite_master WHERE name = 'comments'")).scalar()
            return
        for table, course in (("comments", "course"), ("tallies", "poll LIKE 'evaluation%' AND course")):
            query = f"SELECT count(DISTINCT xmin::text) FROM {table} WHERE {course} = '{COURSE}'"
            assert tx.execute(text(query)).scalar() == 1, f"{table}: transactions tell which row was written last"
        places = tx.execute(text("SELECT id FROM comments ORDER BY ctid")).scalars().all()
    assert places == sorted(places), "the order in the file tells the order of writing"


def test_all_of_it_or_nothing(database: Database, send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr(comments, "add", fail)
        send("ana", "Un comentario.", useful="5")
    with database.reading() as tx:
        assert polls.tally(tx, COURSE) == {}
    send("ana", "Un comentario.", useful="5")
    assert found(database).sent == 1
