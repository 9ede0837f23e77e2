"""What learners think of a course, asked at its end; and what authors and coordinators see of it."""

import pytest
from flask import Flask

from lms.learning.progress import Progress
from lms.services.studying import evaluation
from lms.storage import comments, polls, projection
from lms.storage.tables import comments as comments_table
from tests.conftest import COMPLETED
from tests.web.client import Client, page, words
from tests.web.conftest import Clock, signed_in, site_of
from tests.web.learner import COURSE, answer, finish, pass_test
from tests.web.statements import statements

FORM = f"{COURSE}/evaluation"
RESULTS = "/author/evaluations/demo-course"


def complete(app: Flask, client: Client) -> str:
    """She does the whole course; where its result is."""
    for quiz in ("q-a", "q-d"):
        answer(client, quiz)
    for module in ("m-uno", "m-dos"):
        finish(client, module)
    return pass_test(app, client)


@pytest.fixture
def done(app: Flask, ana: Client) -> Client:
    """Ana, who has completed the course."""
    assert ana.person
    with site_of(app).database.writing() as tx:
        projection.save(tx, ana.person.id, "demo-course", Progress(completed=COMPLETED))
    return ana


def said(app: Flask) -> tuple[dict[str, dict[str, int]], list[str]]:
    with site_of(app).database.reading() as tx:
        texts = comments.some(tx, course="demo-course", major=1, limit=99)
        return polls.tally(tx, "demo-course"), texts


def many(app: Flask, count: int, *texts: str) -> None:
    """So many have answered each question."""
    with site_of(app).database.writing() as tx:
        for name, options in evaluation.QUESTIONS.items():
            polls.add(tx, "demo-course", {(f"evaluation:1:{name}", options[0]): count})
        polls.add(tx, "demo-course", {("evaluation:1", "sent"): count})
        for each in texts:
            comments.add(tx, course="demo-course", major=1, body=each)


def test_it_is_offered_at_the_end_and_only_once(app: Flask, ana: Client) -> None:
    result = complete(app, ana)
    assert f'href="{FORM}"' in ana.get(result).get_data(as_text=True)
    ana.send(ana.form(FORM, "/evaluation"), useful="5")
    assert FORM not in ana.get(result).get_data(as_text=True).partition("</main>")[0]


def test_before_the_end_it_is_refused(app: Flask, ana: Client) -> None:
    assert ana.get(FORM).status_code == 403
    assert "Podrá dar su opinión del curso cuando lo haya completado" in words(ana.get(FORM))
    assert ana.post(FORM, [("csrf", ana.csrf()), ("useful", "5")]).status_code == 403
    assert said(app) == ({}, [])
    assert ana.get("/courses/nada/evaluation").status_code == 404


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        (
            "es",
            ("Sentí respeto y seguridad", "No escriba nombres ni casos", "podría reconocerse", "nunca qué respondió"),
        ),
        ("en", ("I felt respected and safe", "Do not write names or cases", "could be recognised", "never what")),
    ],
)
def test_it_says_what_is_kept(done: Client, language: str, parts: tuple[str, ...]) -> None:
    told = words(done.get(FORM, headers={"Accept-Language": language}))
    for part in parts:
        assert part in told


def test_it_is_counted_once(app: Flask, done: Client) -> None:
    form = done.form(FORM, "/evaluation")
    for text in ("Muy bueno.", "Muy bueno.", "Otra cosa."):
        assert done.send(form, useful="4", recommend="yes", comment=text).status_code == 303
    tally, texts = said(app)
    assert (tally["evaluation:1"], texts) == ({"sent": 1}, ["Muy bueno."])
    assert tally["evaluation:1:useful"]["4"] == 1
    told = words(done.get(FORM))
    assert "Gracias por su opinión" in told
    assert "Enviar mi opinión" not in told


def test_nothing_of_her_is_in_it(app: Flask, done: Client) -> None:
    events = "SELECT count(*) FROM events"
    with site_of(app).database.reading() as tx:
        before = tx.exec_driver_sql(events).scalar()
    done.send(done.form(FORM, "/evaluation"), safe="1", comment="Un comentario.")
    with site_of(app).database.reading() as tx:
        assert tx.exec_driver_sql(events).scalar() == before
        row = tx.execute(comments_table.select()).one()
    assert done.person
    assert done.person.id not in str(row)


def test_a_slip_loses_nothing(app: Flask, done: Client) -> None:
    form = done.form(FORM, "/evaluation")
    empty = done.send(form)
    assert (empty.status_code, "Responda al menos una pregunta" in words(empty)) == (400, True)
    long = done.send(form, clear="2", comment="x" * 1001)
    assert "tiene 1001 caracteres y puede tener 1000" in words(long)
    again = page(long).form("/evaluation")
    assert dict(again.fields)["clear"] == "2"
    assert f">\n{'x' * 1001}</textarea>" in long.get_data(as_text=True)
    assert done.send(form, clear="9").status_code == 400
    assert said(app) == ({}, [])


def test_a_session_that_went_idle_loses_nothing(app: Flask, done: Client, clock: Clock) -> None:
    form = done.form(FORM, "/evaluation")
    clock.pass_(minutes=20)
    late = done.send(form, length="3", comment="Escrito con calma.")
    assert (late.status_code, "respondió o escribió se guardó" in words(late)) == (401, True)
    assert said(app)[1] == ["Escrito con calma."]


def test_the_language_asked_for_lasts(done: Client) -> None:
    form = done.form(f"{FORM}?lang=en", "/evaluation")
    assert done.send(form, useful="5").headers["Location"] == f"{FORM}?lang=en"


@pytest.mark.parametrize(
    ("role", "status"), [("learner", 403), ("author", 200), ("coordinator", 200), ("administrator", 200)]
)
def test_who_sees_results(app: Flask, role: str, status: int) -> None:
    client = signed_in(app, "eva", role)
    for path in ("/author/evaluations", RESULTS):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (status, "no-store")


def test_results_are_told_when_there_are_enough(app: Flask) -> None:
    carla = signed_in(app, "carla", "coordinator")
    assert "Nadie ha dado su opinión todavía" in words(carla.get(RESULTS))
    many(app, 9, "Un comentario.")
    told = words(carla.get(RESULTS))
    assert "9 personas dieron su opinión" in told
    assert "a partir de 10 personas" in told
    assert "Un comentario." not in told
    assert "%" not in told
    many(app, 1)
    told = words(carla.get(RESULTS))
    assert "1 de 5 en promedio 10 respuestas" in told
    assert told.count("100 %") == 5
    assert "Un comentario." in told
    assert "10 evaluaciones" in words(carla.get("/author/evaluations"))
    carla.language = "en"
    assert "1 of 5 on average 10 answers" in words(carla.get(RESULTS))


def test_a_question_that_few_answered_is_not_shown(app: Flask) -> None:
    many(app, 9)
    with site_of(app).database.writing() as tx:
        polls.add(tx, "demo-course", {("evaluation:1", "sent"): 1, ("evaluation:1:safe", "5"): 1})
    told = words(signed_in(app, "eva", "author").get(RESULTS))
    assert told.count("Menos de 10 personas respondieron esta pregunta") == 4
    assert "1,4 de 5 en promedio" in told
    assert "Nadie ha escrito comentarios." in told


def test_comments_stand_in_no_order_and_fifty_on_a_page(app: Flask) -> None:
    many(app, 60, *(f"Comentario {number}." for number in range(60)))
    eva = signed_in(app, "eva", "author")
    first, second = (words(eva.get(f"{RESULTS}?number={number}")) for number in (1, 2))
    assert (first.count("Comentario "), second.count("Comentario ")) == (50, 10)
    shown = [int(part.split(".")[0]) for part in f"{first} {second}".split("Comentario ")[1:]]
    assert sorted(shown) == list(range(60))
    assert shown != sorted(shown)
    assert words(eva.get(f"{RESULTS}?number=9")) == second, "past the end is the last page"


def test_a_comment_is_only_text(app: Flask) -> None:
    many(app, 10, "<script>alert(1)</script>")
    text = signed_in(app, "eva", "author").get(RESULTS).get_data(as_text=True)
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_results_of_an_earlier_major_are_kept_apart(app: Flask) -> None:
    many(app, 10, "De ahora.")
    with site_of(app).database.writing() as tx:
        polls.add(tx, "demo-course", {("evaluation:3", "sent"): 12})
        comments.add(tx, course="demo-course", major=3, body="De otra.")
    eva = signed_in(app, "eva", "author")
    now, other = words(eva.get(RESULTS)), words(eva.get(f"{RESULTS}?major=3"))
    assert ("De ahora." in now, "De otra." in now) == (True, False)
    assert ("De ahora." in other, "De otra." in other) == (False, True)
    assert eva.get(f"{RESULTS}?major=zz").status_code == 200
    assert eva.get("/author/evaluations/nada").status_code == 404


def test_an_author_finds_the_results(app: Flask) -> None:
    eva = signed_in(app, "eva", "author")
    assert 'href="/author/evaluations"' in eva.get("/author/reports").get_data(as_text=True)
    assert f'href="{RESULTS}"' in eva.get("/author/evaluations").get_data(as_text=True)


def test_the_list_costs_as_much_for_three_courses_as_for_one(library: Flask) -> None:
    eva = signed_in(library, "eva-opina", "author")
    eva.get("/author/evaluations")
    with statements(library) as said:
        text = words(eva.get("/author/evaluations"))
    assert text.count("0 evaluaciones") == 3
    assert len(said) == 3, said
