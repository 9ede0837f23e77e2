"""The page of a group of forty at a glance, beside that of a group of one; and the statements that each asks."""

from datetime import UTC, datetime

from bench.pairs import compare
from bench.place import Place, place
from lms.content.model import Quiz
from lms.content.question_model import ChoiceQuestion
from lms.learning.attempts import PracticeWiring
from lms.learning.grading import right_answer
from lms.services.groups import cohorts
from lms.services.people import accounts
from lms.services.studying import study
from lms.services.studying.desk import Where
from lms.storage import people, projection
from lms.storage.people import Secrets
from tests.statements import statements_to

COURSE = "trata-de-personas"
PEOPLE = 40


def main() -> None:
    """Prints the comparison."""
    here = place()
    _work(here)
    with here.site.database.writing() as tx:
        people.set_roles(tx, here.ana.id, ["administrator"])
    many, one = _group(here, PEOPLE), _group(here, 1)
    page = here.browser.get(many)
    assert page.status_code == 200
    said = [_statements(here, each) for each in (many, one)]
    print(f"a group of {PEOPLE} at a glance: {len(page.data) / 1000:.0f} kB; statements {said[0]}, of one {said[1]}")
    compare(
        f"group of {PEOPLE}", lambda: here.browser.get(many), lambda: here.browser.get(one), "pages", "group of one"
    )


def _work(here: Place) -> None:
    """Ana does half of the course, every question that has one answer to choose with it."""
    now = datetime.now(UTC)
    with here.site.database.reading() as tx:
        live = here.site.desk.catalogue.live(tx, COURSE)
    if live is None:
        raise SystemExit("the course is not published")
    modules = [each for each in live.course.editions["es"].modules.values() if each.kind == "module"]
    wiring = PracticeWiring(here.ana.id)
    for module in modules[: -(-len(modules) // 2)]:
        where = Where(
            learner=here.ana.id, course=COURSE, module=module.id, release=live.digest, event=None, language="es"
        )
        with here.site.database.writing() as tx:
            for quiz in (block for block in module.body if isinstance(block, Quiz)):
                form = {
                    question.id: [each.wire for each in wiring.choices(question) if each.key in right_answer(question)]
                    for question in quiz.questions
                    if isinstance(question, ChoiceQuestion)
                }
                if form:
                    study.answer_quiz(tx, here.site.desk, where, quiz=quiz.id, form=form, now=now)
            study.end_module(tx, here.site.desk, where, now=now)


def _group(here: Place, size: int) -> str:
    """The page of a group of so many, who all did the same."""
    now = datetime.now(UTC)
    with here.site.database.writing() as tx:
        group = cohorts.create(tx, here.site.pen, name=f"Of {size}", courses=[COURSE], cap=size, days=9, now=now)
        done = projection.of_course(tx, here.ana.id, COURSE)
        for n in range(size):
            who = accounts.add(
                tx,
                here.site.pen,
                username=f"p{size}x{n}",
                display_name=f"Persona {n}",
                secrets=Secrets("x", None),
                now=now,
            )
            cohorts.join(tx, here.site.pen, person=who.id, code=group.code, now=now)
            projection.save(tx, who.id, COURSE, done)
    return f"/staff/cohorts/{group.id}"


def _statements(here: Place, path: str) -> int:
    with statements_to(here.site.database) as said:
        here.browser.get(path)
    return len(said)
