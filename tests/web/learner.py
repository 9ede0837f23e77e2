"""What a learner does in the sample course, by its forms."""

from flask import Flask

from lms.content.course import load
from lms.learning.attempts import AttemptWiring, PracticeWiring
from lms.learning.grading import right_answer
from lms.storage import certificates, projection
from tests.visitor import Form
from tests.web.client import Client
from tests.web.conftest import SAMPLE, site_of

COURSE = "/courses/demo-course"
UNO = f"{COURSE}/m-uno"


def right_answers(client: Client, form: Form, module: str = "m-uno", wiring: object = None) -> dict[str, list[str]]:
    """What somebody who knows fills in, by field name."""
    course, _ = load(SAMPLE)
    assert course and client.person
    wiring = wiring or PracticeWiring(client.person.id)
    values: dict[str, list[str]] = {}
    for question in course.editions["es"].modules[module].questions():
        name = wiring.question(question)  # type: ignore[attr-defined]
        wires = {shown.key: shown.wire for shown in wiring.choices(question)}  # type: ignore[attr-defined]
        targets = {shown.key: shown.wire for shown in wiring.targets(question)}  # type: ignore[attr-defined]
        answer = right_answer(question)
        if isinstance(answer, dict):
            values |= {f"{name}.{wires[key]}": [targets[value]] for key, value in answer.items()}
        elif question.kind == "order":
            values |= {f"{name}.{wires[key]}": [str(place)] for place, key in enumerate(answer, start=1)}
        else:
            values[name] = [wires[key] for key in answer]
    known = set(form.options)
    return {name: value for name, value in values.items() if name in known}


def answer(client: Client, quiz: str) -> None:
    """The quiz of the first module answered right."""
    form = client.form(UNO, f"/quiz/{quiz}")
    assert client.send(form, ("act", "check"), **right_answers(client, form)).status_code == 303


def pass_test(app: Flask, client: Client) -> str:
    """The final test passed: the address of its result."""
    begun = client.send(client.form(f"{COURSE}/m-prueba", "/test"))
    path = begun.headers["Location"]
    form = client.form(path, "/attempts/")
    with site_of(app).database.reading() as tx:
        opened = projection.attempt(tx, path.rpartition("/")[2])
    assert opened
    values = right_answers(client, form, "m-prueba", AttemptWiring(opened.seed))
    assert len(values) == 4
    assert client.send(form, ("act", "send"), **values).status_code == 303
    return path


def finish(client: Client, module: str) -> None:
    """The module said to be finished."""
    assert client.send(client.form(f"{COURSE}/{module}", "/finish")).status_code == 303


def complete(app: Flask, client: Client) -> None:
    """The course completed."""
    for quiz in ("q-a", "q-d"):
        answer(client, quiz)
    finish(client, "m-uno")
    finish(client, "m-dos")
    pass_test(app, client)


def number_of(app: Flask, client: Client) -> str:
    """The number of her newest certificate."""
    assert client.person
    with site_of(app).database.reading() as tx:
        return certificates.of_learner(tx, client.person.id)[0].number
