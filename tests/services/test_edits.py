"""The real course edited in every way, with thirty learners in mid-course: nobody loses anything."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, func, make_url, select

from lms.config import Settings
from lms.content.changes import Changes, compare
from lms.content.model import Course, Module, Quiz
from lms.content.question_model import MatchQuestion, Question
from lms.content.release import digest, encode
from lms.content.units import named
from lms.learning.attempts import PracticeWiring
from lms.learning.forms import fields
from lms.learning.grading import right_answer
from lms.services.certifying import certify
from lms.services.common.record import Pen
from lms.services.running.identify import identify
from lms.services.running.rebuild import differences, rebuild
from lms.services.studying import drafting, looking, study, testing
from lms.services.studying.desk import Desk, Where
from lms.services.studying.looking import View
from lms.storage import releases, stores
from lms.storage.database import Database
from lms.storage.people import Person
from lms.storage.releases import Catalogue
from lms.storage.tables import certificates, metadata
from tests.answers import wrong_answer
from tests.conftest import NOW
from tests.services.authoring import Author, options_turned, without_references
from tests.services.conftest import add_person

pytestmark = pytest.mark.xdist_group("edits")
COURSE = Path(__file__).parents[2] / "courses_content" / "trata-de-personas"
LESSONS = ("m-que-es", "m-trafico", "m-senales", "m-respuesta", "m-derechos", "m-escenario")
FIRST, SECOND, FIFTH, TEST = (
    "01-que-es-la-trata.md",
    "02-trata-y-trafico.md",
    "05-derechos-y-coordinacion.md",
    "m-prueba-final",
)
NEW = """---
id: m-nuevo
title: Un módulo nuevo
minutes: 3
completion: {quiz: 100}
---
Algo nuevo.

::: unica #q-nueva
¿Qué hay de nuevo?

- [x] {a} Esto
  > Sí.
- [ ] {b} Nada
  > Mire otra vez.
:::
"""


@dataclass(frozen=True)
class School:
    """The course published, and thirty people in it."""

    database: Database
    pen: Pen
    folder: Path
    course: Course
    people: tuple[Person, ...]

    def desk(self) -> Desk:
        """A desk that knows of nothing yet, with the service that makes certificates."""
        return Desk(Catalogue(), self.pen, partial(certify.request, settings=Settings(instance=self.folder)))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course with a key for each option."""
    folder = Path(shutil.copytree(COURSE, tmp_path_factory.mktemp("edits") / "trata-de-personas"))
    assert identify(folder, write=False).outcome == "whole"  # every option has the key that results are kept under
    return folder


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def school(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, base: Path) -> Iterator[School]:
    """On SQLite, and on PostgreSQL in a database of its own."""
    url = f"sqlite:///{tmp_path_factory.mktemp('school') / 'school.sqlite'}"
    if request.param == "postgresql":
        server = make_url(request.getfixturevalue("postgresql_url"))
        with create_engine(server, isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql("CREATE DATABASE school")
        url = server.set(database="school").render_as_string(hide_password=False)
    database = Database(url)
    metadata.create_all(database.engine)
    with database.writing() as tx:
        pen = Pen(store=stores.create(tx, now=NOW), sign=lambda raw: b"signed:" + raw[:8])
    course = Author(base).read()
    people = tuple(add_person(database, pen, f"ana{place}") for place in range(30))
    made = School(database, pen, base, course, people)
    with database.writing() as tx:
        publish(tx, course)
        desk = made.desk()
        for place, person in enumerate(people):
            study_a_while(tx, desk, person, place, course)
    yield made
    database.close()


def publish(tx: Connection, course: Course) -> str:
    raw = encode(course)
    releases.keep(tx, digest=digest(raw), course=course, body=raw, files={}, now=NOW)
    releases.make_live(tx, course=course.id, digest=digest(raw), source=digest(raw), position=0)
    return digest(raw)


def at(person: Person, module: str, release: str = "") -> Where:
    return Where(
        learner=person.id, course="trata-de-personas", module=module, release=release, event=None, language="es"
    )


def study_a_while(tx: Connection, desk: Desk, person: Person, place: int, course: Course) -> None:
    """Six kinds of learners, five of each: from one who has only looked to one with a certificate."""
    chance, modules, stage = Random(place), course.editions["es"].modules, place % 6
    study.reach_section(tx, desk, at(person, "m-que-es"), section="compruebe", now=NOW)
    if stage == 1:
        answer(tx, desk, person, modules["m-que-es"], chance, share=0.5)
        save(tx, desk, person, modules["m-trafico"])
    for name in LESSONS[: (0, 0, 1, 3, 6, 6)[stage]]:
        while look(tx, desk, person).view.standing.of(name).share < Fraction(7, 10) and name != "m-escenario":
            answer(tx, desk, person, modules[name], chance, share=0.6)
        if name == "m-escenario":
            ending = next(step.id for step in next(modules[name].scenarios()).steps if step.outcome)
            study.end_scenario(tx, desk, at(person, name), scenario="e-puesto", ending=ending, now=NOW)
        study.end_module(tx, desk, at(person, name), now=NOW)
    if stage >= 4:
        begun = testing.open_attempt(tx, desk, at(person, TEST), now=NOW)
        if stage == 4:
            fill(tx, desk, person, begun, half=True)
        else:
            fill(tx, desk, person, begun)


def answer(tx: Connection, desk: Desk, person: Person, module: Module, chance: Random, *, share: float) -> None:
    """Every quiz of the module checked, about that share of its questions right."""
    for quiz in quizzes(module):
        given = {
            each.id: right_answer(each) if chance.random() < share else poor_answer(each) for each in quiz.questions
        }
        form = fields(quiz.questions, PracticeWiring(person.id), given)
        study.answer_quiz(tx, desk, at(person, module.id), quiz=quiz.id, form=form, now=NOW)


def save(tx: Connection, desk: Desk, person: Person, module: Module) -> None:
    """Every quiz of the module filled in and not checked."""
    for quiz in quizzes(module):
        form = fields(
            quiz.questions, PracticeWiring(person.id), {each.id: right_answer(each) for each in quiz.questions}
        )
        study.save_quiz(tx, desk, at(person, module.id), quiz=quiz.id, form=form, now=NOW)


def fill(tx: Connection, desk: Desk, person: Person, attempt: str, *, half: bool = False) -> None:
    seat = testing.sitting(tx, desk, learner=person.id, attempt=attempt, language="es")
    questions = seat.questions[:5] if half else seat.questions
    form = fields(questions, seat.wiring, {each.id: right_answer(each) for each in questions})
    if half:
        testing.save_sheet(tx, desk, at(person, TEST), attempt=attempt, form=form, now=NOW)
    else:
        testing.send_sheet(tx, desk, at(person, TEST), attempt=attempt, form=form, now=NOW)


def quizzes(module: Module) -> list[Quiz]:
    return [block for block in module.body if isinstance(block, Quiz)]


def poor_answer(question: Question) -> Any:
    """One of which nothing is right, or little."""
    if isinstance(question, MatchQuestion):
        return dict.fromkeys((pair.key for pair in question.pairs), question.targets[-1].key)
    return wrong_answer(question)


@dataclass(frozen=True)
class Seen:
    """What one learner has, by the ids of a release."""

    view: View
    bests: Mapping[str, Fraction]
    done: frozenset[str]
    draft: Mapping[str, Any]
    used: Mapping[str, bool]
    """Her attempts, and whether each is passed."""

    def called(self, names: Mapping[str, str]) -> "Seen":
        """The same by other names."""
        bests = {names.get(name, name): best for name, best in self.bests.items()}
        done = frozenset(names.get(name, name) for name in self.done)
        draft = {names.get(name, name): value for name, value in self.draft.items()}
        return replace(self, bests=bests, done=done, draft=draft)


def look(tx: Connection, desk: Desk, person: Person) -> Seen:
    view = looking.look(tx, desk.catalogue, learner=person.id, course="trata-de-personas", language="es")
    return Seen(
        view=view,
        bests={name: result.best for name, result in view.progress.results.items()},
        done=frozenset(each.module.id for each in view.standing.modules if each.done),
        draft=drafting.load(tx, learner=person.id, course="trata-de-personas", lineage=view.lineage),
        used={name: bool(each.marked and each.marked.passed) for name, each in view.progress.attempts.items()},
    )


class _Undo(Exception):
    pass


@contextmanager
def for_now(database: Database) -> Iterator[Connection]:
    """A transaction that leaves no trace."""
    try:
        with database.writing() as tx:
            yield tx
            raise _Undo
    except _Undo:
        pass


@dataclass(frozen=True)
class Edited:
    """The course after an edit, and what each learner had and has."""

    tx: Connection
    desk: Desk
    course: Course
    changes: Changes
    before: Sequence[Seen]
    after: Sequence[Seen]

    def changed_for(self, question: str) -> int:
        """How many learners are told that the question changed."""
        return sum(each.view.changed(question) for each in self.after)


@contextmanager
def edited(school: School, author: Author, *, names: Mapping[str, str] | None = None) -> Iterator[Edited]:
    """The edited course live for a while. Whatever the edit: results, what is done, drafts, attempts and certificates
    are what they were under their new `names`, and the rows agree with the log."""
    names, course = names or {}, author.read()
    with for_now(school.database) as tx:
        desk = school.desk()
        before = [look(tx, desk, person) for person in school.people]
        history = desk.catalogue.identities(tx, course.id).values()
        changes = compare(school.course, course, before=history)
        assert changes.problems == ()
        publish(tx, course)
        desk = school.desk()
        after = [look(tx, desk, person) for person in school.people]
        there = desk.catalogue.live(tx, course.id)
        assert there
        for old, new in zip((each.called(names) for each in before), after, strict=True):
            assert old.bests == new.bests
            assert old.done <= new.done | {each for each in old.done if each not in there.course.editions["es"].modules}
            assert old.draft == new.draft
            assert old.used == new.used
            assert old.view.standing.complete <= new.view.standing.complete
        assert differences(tx, Catalogue()) == []
        yield Edited(tx, desk, course, changes, before, after)
        everybody_goes_on(tx, desk, school, course)
        assert differences(tx, Catalogue()) == []
        seen = [look(tx, desk, person) for person in school.people]
        rebuild(tx, Catalogue())
        made_anew = [look(tx, desk, person) for person in school.people]
        assert made_anew == seen


def everybody_goes_on(tx: Connection, desk: Desk, school: School, course: Course) -> None:
    """Each learner does a little in the new release, sends what she had open, and has at most one certificate."""
    first = next(iter(course.editions["es"].modules))
    held = certified(tx)
    for person in school.people:
        study.reach_section(tx, desk, at(person, first), section="compruebe", now=NOW)
        seen = look(tx, desk, person)
        assert (held.get(person.id) or 0) <= 1
        for attempt in [name for name, each in seen.view.progress.attempts.items() if not each.sheet]:
            test = course.certificate
            module = seen.view.module(test)
            assert testing.chances(tx, seen.view, learner=person.id, module=module, now=NOW).open == attempt
            fill(tx, desk, person, attempt)
            assert test in look(tx, desk, person).done
    for person in school.people:
        seen = look(tx, desk, person)
        assert certified(tx).get(person.id, 0) == (1 if seen.view.standing.complete else 0)


def certified(tx: Connection) -> dict[str, int]:
    rows = tx.execute(select(certificates.c.learner, func.count()).group_by(certificates.c.learner))
    return {row[0]: row[1] for row in rows}


def by_earlier_rules(seen: Sequence[Seen]) -> int:
    """How many lessons are done only by the rules of the release that the learner saw."""
    found = [(each, module) for each in seen for module in each.view.standing.modules if module.module.quiz_mark]
    return sum(module.done and module.share * 100 < module.module.quiz_mark for _, module in found)


@pytest.fixture
def author(school: School, tmp_path: Path) -> Author:
    return Author(Path(shutil.copytree(school.folder, tmp_path / "trata-de-personas")))


def test_the_learners_are_of_many_kinds(school: School) -> None:
    with for_now(school.database) as tx:
        desk = school.desk()
        seen = [look(tx, desk, person) for person in school.people]
        assert sum(each.view.standing.complete for each in seen) == 5
        assert certified(tx) == {person.id: 1 for person in school.people[5::6]}
    assert sum(bool(each.draft) for each in seen) == 5
    assert sum(list(each.used.values()) == [False] for each in seen) == 5
    assert {len(each.done) for each in seen} == {0, 1, 3, 6, 7}
    assert len({best for each in seen for best in each.bests.values()}) >= 3


def test_reworded(school: School, author: Author) -> None:
    author.block(
        "q-que-es-caso-inicial",
        lambda text: text.replace("La mujer del inicio", "Piense en la mujer del inicio, que").replace(
            "Think", "Do think"
        ),
    )
    author.file(FIRST, lambda text: text.replace("## Compruebe lo", "## Revise lo"))
    with edited(school, author) as done:
        assert done.changes.reworded == ("q-que-es-caso-inicial",)
        assert done.changes.sections == ("m-que-es#compruebe",)
        assert done.changes.questions == ()
        assert done.changed_for("q-que-es-caso-inicial") == 0


def test_reordered(school: School, author: Author) -> None:
    for name in (
        "q-que-es-caso-inicial",
        "q-que-es-medios",
        "q-que-es-elementos",
        "q-derechos-acciones",
        "q-pf-rasgos",
    ):
        author.block(name, options_turned)
    held: dict[int, str] = {}
    author.block("q-trafico-senal", lambda text: held.setdefault(len(held), text) and "")
    author.block("q-trafico-hermanos", lambda text: held[list(held)[0 if "Recuerde" in text else 1]] + "\n" + text)
    author.facts("m-que-es, m-trafico", "m-trafico, m-que-es")
    with edited(school, author) as done:
        assert (done.changes.questions, done.changes.retired, done.changes.moved) == ((), (), ())
        assert sum(done.changed_for(name) for name in done.after[5].bests) == 0
        assert next(iter(done.course.editions["es"].modules)) == "m-trafico"


def test_moved_to_another_module(school: School, author: Author) -> None:
    held: dict[str, str] = {}

    def take(text: str) -> str:
        held["es" if "Una mujer" in text else "en"] = without_references(text)
        return ""

    author.block("q-trafico-senal", take)
    author.block("q-que-es-firmo", lambda text: text + "\n" + held["es" if "Un colega" in text else "en"])
    with edited(school, author) as done:
        assert done.changes.moved == (("q-trafico-senal", "m-que-es"),)
        assert by_earlier_rules(done.after) > 0
        lesson = done.course.editions["es"].modules["m-que-es"]
        assert "q-trafico-senal" in [question.id for question in lesson.questions()]
        with_it = next(each for each in done.after if "q-trafico-senal" in each.bests)
        points = {question.id: question.points for question in lesson.questions()}
        earned = sum(with_it.bests[name] * points[name] for name in points)
        assert with_it.view.standing.of("m-que-es").share == Fraction(earned, sum(points.values()))


def test_an_option_added(school: School, author: Author) -> None:
    added = "- [ ] {9} Ninguna de estas / None of these\n  > Hay una. / There is one.\n:::\n"
    author.block("q-que-es-firmo", lambda text: text.removesuffix(":::\n") + added)
    with edited(school, author) as done:
        assert done.changes.questions == ("q-que-es-firmo",)
        assert done.changed_for("q-que-es-firmo") == sum("q-que-es-firmo" in each.bests for each in done.before) > 0
        person = school.people[2]
        module = done.course.editions["es"].modules["m-que-es"]
        answer(done.tx, done.desk, person, module, Random(0), share=1)
        assert not look(done.tx, done.desk, person).view.changed("q-que-es-firmo")


def test_a_key_fixed(school: School, author: Author) -> None:
    def fix(text: str) -> str:
        return text.replace("- [x]", "- [_]").replace("- [ ] {3}", "- [x] {3}").replace("- [_]", "- [ ]")

    author.block("q-que-es-firmo", fix)
    with edited(school, author) as done:
        assert done.changes.questions == ("q-que-es-firmo",)
        right = [each for each in done.before if each.bests.get("q-que-es-firmo") == 1]
        assert done.changed_for("q-que-es-firmo") >= len(right) > 0


def test_a_question_retired(school: School, author: Author) -> None:
    author.block("q-que-es-medios", lambda _: "")
    author.facts("retired: [", "retired: [q-que-es-medios, ")
    with edited(school, author) as done:
        assert done.changes.retired == ("q-que-es-medios",)
        assert by_earlier_rules(done.after) > 0
        for each in done.after:
            lesson = each.view.module("m-que-es")
            points = {question.id: question.points for question in lesson.questions()}
            assert "q-que-es-medios" not in points
            earned = sum(each.bests.get(name, Fraction(0)) * points[name] for name in points)
            assert each.view.standing.of("m-que-es").share == Fraction(earned, sum(points.values()))


def test_a_question_renamed(school: School, author: Author) -> None:
    author.block("q-que-es-firmo", lambda text: text.replace("#q-que-es-firmo", "#q-que-es-firma"))
    author.block("q-trafico-senal", lambda text: text.replace("#q-trafico-senal", "#q-trafico-dato"))
    names = {"q-que-es-firmo": "q-que-es-firma", "q-trafico-senal": "q-trafico-dato"}
    author.add_facts("renamed: {q-que-es-firmo: q-que-es-firma, q-trafico-senal: q-trafico-dato}")
    with edited(school, author, names=names) as done:
        assert done.changes.renamed == tuple(names.items())
        assert (done.changes.retired, done.changes.added, done.changes.questions) == ((), (), ())
        assert done.changed_for("q-que-es-firma") == 0
        assert sum("q-trafico-dato" in each.draft for each in done.after) == 5


def test_a_question_renamed_twice(school: School, author: Author, tmp_path: Path) -> None:
    """The second time its first name is nowhere in the files: the releases in between know it."""
    author.block("q-que-es-firmo", lambda text: text.replace("#q-que-es-firmo", "#q-que-es-firma"))
    author.add_facts("renamed: {q-que-es-firmo: q-que-es-firma}")
    again = Author(Path(shutil.copytree(author.folder, tmp_path / "again" / author.folder.name)))
    again.block("q-que-es-firma", lambda text: text.replace("#q-que-es-firma", "#q-que-es-contrato"))
    again.facts("{q-que-es-firmo: q-que-es-firma}", "{q-que-es-firma: q-que-es-contrato}")
    with for_now(school.database) as tx:
        desk = school.desk()
        before = [look(tx, desk, person) for person in school.people]
        publish(tx, author.read())
        publish(tx, again.read())
        after = [look(tx, desk, person) for person in school.people]
        for old, new in zip(before, after, strict=True):
            assert old.called({"q-que-es-firmo": "q-que-es-contrato"}).bests == new.bests
            assert old.done == new.done
        history = list(desk.catalogue.identities(tx, "trata-de-personas").values())
        back = compare(again.read(), school.course, before=history)
        assert [each.code for each in back.problems] == ["gone", "given-up"]


def test_a_module_and_a_scenario_renamed(school: School, author: Author) -> None:
    author.file(
        "80-escenario.md", lambda text: text.replace("m-escenario", "m-puesto").replace("#e-puesto", "#e-frontera")
    )
    author.file("90-prueba-final.md", lambda text: text.replace(f"id: {TEST}", "id: m-final"))
    author.facts("m-escenario, m-prueba-final]", "m-puesto, m-final]")
    author.facts("certificate: m-prueba-final", "certificate: m-final")
    names = {"m-escenario": "m-puesto", TEST: "m-final"}
    author.add_facts("renamed: {m-escenario: m-puesto, e-puesto: e-frontera, m-prueba-final: m-final}")
    with edited(school, author, names=names) as done:
        assert dict(done.changes.renamed) == {**names, "e-puesto": "e-frontera"}
        assert (done.changes.modules_added, done.changes.modules_removed, done.changes.completion) == ((), (), False)
        ended = [each.view.progress.scenarios for each in done.after if each.view.progress.scenarios]
        assert len(ended) == 10
        assert all(set(each) == {"e-frontera"} for each in ended)


def test_a_module_added(school: School, author: Author) -> None:
    for language in ("es", "en"):
        (author.folder / language / "06-nuevo.md").write_text(NEW, "utf-8")
    author.facts("m-derechos, m-escenario", "m-derechos, m-nuevo, m-escenario")
    with edited(school, author) as done:
        assert (done.changes.modules_added, done.changes.added) == (("m-nuevo",), ("q-nueva",))
        assert done.changes.completion
        assert [each.view.standing.met for each in done.after] == [False] * 30
        assert sum(each.view.standing.complete for each in done.after) == 5


def test_a_module_removed(school: School, author: Author) -> None:
    for path in author.folder.glob(f"*/{FIFTH}"):
        path.unlink()
    author.file("90-prueba-final.md", lambda text: text.replace("m5: m-derechos", "m5: m-respuesta"))
    author.facts("m-respuesta, m-derechos,", "m-respuesta,")
    author.facts("retired: [", "retired: [m-derechos, ")
    with edited(school, author) as done:
        assert done.changes.modules_removed == ("m-derechos",)
        there = {block.id for block in named(school.course.editions["es"].modules["m-derechos"].body)}
        assert {*done.changes.retired} == {each for each in there if each}
        assert all("m-derechos" not in each.done for each in done.after)


def test_a_file_renamed(school: School, author: Author) -> None:
    for path in author.folder.glob(f"*/{SECOND}"):
        path.rename(path.with_name("12-otro-nombre.md"))
    with edited(school, author) as done:
        assert done.changes == Changes()


def test_a_new_major_begins_anew_beside_the_old_one(school: School, author: Author) -> None:
    author.add_facts("major: 2")
    course = author.read()
    with for_now(school.database) as tx:
        desk = school.desk()
        old = {person.id: look(tx, desk, person) for person in school.people}
        publish(tx, course)
        for person in school.people:
            seen = look(tx, desk, person)
            assert (seen.bests, seen.done, seen.used, seen.view.standing.begun) == ({}, frozenset(), {}, False)
            assert seen.view.progress.completed == old[person.id].view.progress.completed
            study.reach_section(tx, desk, at(person, "m-que-es"), section="compruebe", now=NOW)
        assert certified(tx) == {person.id: 1 for person in school.people[5::6]}
        assert differences(tx, Catalogue()) == []
        graduate = school.people[5]
        again(tx, desk, graduate, course)
        assert certified(tx)[graduate.id] == 2
        assert look(tx, desk, graduate).view.progress.completed == {1, 2}
        again(tx, desk, graduate, course)
        assert certified(tx)[graduate.id] == 2
        assert differences(tx, Catalogue()) == []


def again(tx: Connection, desk: Desk, person: Person, course: Course) -> None:
    """The whole course done right."""
    for name in LESSONS:
        answer(tx, desk, person, course.editions["es"].modules[name], Random(0), share=1)
        study.end_module(tx, desk, at(person, name), now=NOW)
    fill(tx, desk, person, testing.open_attempt(tx, desk, at(person, TEST), now=NOW))
