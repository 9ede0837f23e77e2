"""Answers a second, each an event with all that it moves, beside bare commits of one row with the same settings."""

from datetime import UTC, datetime

from bench.pairs import compare
from bench.place import place
from lms.learning.attempts import PracticeWiring
from lms.services.studying import study
from lms.services.studying.desk import Where


def main() -> None:
    """Prints the comparison."""
    here = place()
    with here.site.database.writing() as tx:
        tx.exec_driver_sql("CREATE TABLE bare (id INTEGER PRIMARY KEY, body BLOB)")
        live = here.site.desk.catalogue.live(tx, "trata-de-personas")
    if live is None:
        raise SystemExit("the course is not published")
    question = next(iter(live.course.editions["es"].modules["m-que-es"].questions()))
    wiring = PracticeWiring(here.ana.id)
    first, other = wiring.choices(question)[0], wiring.targets(question)[0]
    form = {f"{question.id}.{first.wire}": [other.wire]}
    where = Where(
        learner=here.ana.id, course=live.course.id, module="m-que-es", release=live.digest, event=None, language="es"
    )

    def answer() -> None:
        with here.site.database.writing() as tx:
            study.answer_quiz(tx, here.site.desk, where, quiz=question.id, form=form, now=datetime.now(UTC))

    def commit() -> None:
        with here.site.database.writing() as tx:
            tx.exec_driver_sql("INSERT INTO bare (body) VALUES (?)", (b"x" * 500,))

    compare("answer", answer, commit, "answers", "bare commits")
