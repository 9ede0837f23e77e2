"""A solver that reads everything the test page sends, or a phone gets to take along, does no better than chance, over the whole
pool."""

import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal

import pytest
from flask import Flask

from lms.content.course import load
from lms.content.model import Course
from lms.content.question_model import BlanksQuestion, ChoiceQuestion, Question, TextQuestion
from lms.ids import uuid7
from lms.learning.attempts import AttemptWiring
from lms.learning.forms import read
from lms.learning.grading import grade
from lms.services.running.publish import publish
from lms.storage import projection
from tests.phone import granted
from tests.web.client import Client
from tests.web.conftest import NOW, signed_in, site_of

ROOT = Path(__file__).parents[2]
COURSES = (ROOT / "courses_content/trata-de-personas", ROOT / "docs/muestrario")
ROUNDS = 24
Road = Literal["page", "ticket"]
FIELD = set("type name id value maxlength size autocomplete autocapitalize spellcheck".split())
FIELD |= {"aria-labelledby", "aria-describedby", "aria-label"}
"""What a field to write in may say of itself."""


class Choice:
    """An option as the page shows it."""

    def __init__(self, attributes: dict[str, str]) -> None:
        self.attributes = attributes
        self.text = ""


class Sheet(HTMLParser):
    """The options of each question, in the page's order."""

    def __init__(self) -> None:
        super().__init__()
        self.questions: dict[str, list[Choice]] = {}
        self.items: dict[str, list[tuple[str, list[str]]]] = {}
        """Of each matching, ordering or gapped question: its selects' names with the values that each offers."""
        self.written: list[dict[str, str]] = []
        """The fields where something is to be written."""
        self.open: Choice | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "input" and values.get("type") in ("radio", "checkbox"):
            self.open = Choice(values)
            self.questions.setdefault(values["name"], []).append(self.open)
        elif tag == "input" and values.get("type") == "text":
            self.written.append(values)
        elif tag == "select":
            self.items.setdefault(values["name"].partition(".")[0], []).append((values["name"], []))
        elif tag == "option" and values["value"]:
            next(reversed(self.items.values()))[-1][1].append(values["value"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self.open = None

    def handle_data(self, data: str) -> None:
        if self.open:
            self.open.text += data


@dataclass(frozen=True)
class Real:
    """A course with a test, and by which road its sheets come."""

    folder: Path
    course: Course
    road: Road

    @property
    def pool(self) -> list[Question]:
        """Every question that the final test may draw."""
        return list(self.course.editions["es"].modules[self.course.certificate].questions())


@pytest.fixture(scope="module", params=COURSES, ids=lambda folder: folder.name)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course, its test one that may be taken away."""
    made = Path(shutil.copytree(request.param, tmp_path_factory.mktemp("course") / request.param.name))
    for file in made.glob("*/*.md"):
        file.write_text(file.read_text("utf-8").replace("\noffline: no\n", "\noffline: yes\n"), "utf-8")
    return made


@pytest.fixture(params=["page", "ticket"])
def real(request: pytest.FixtureRequest, folder: Path) -> Real:
    course, _ = load(folder)
    assert course
    return Real(folder, course, request.param)


def sheets(app: Flask, real: Real) -> Iterator[tuple[str, str, Sheet]]:
    """Many attempts: the text, the attempt's seed, the sheet."""
    site = site_of(app)
    publish(site.database, real.folder, position=1, now=NOW)
    for number in range(ROUNDS):
        client = signed_in(app, f"persona{number}")
        attempt, text = (on_a_page if real.road == "page" else in_a_ticket)(app, client, real.course)
        sheet = Sheet()
        sheet.feed(text.partition("<main")[2] if real.road == "page" else text)
        with site.database.reading() as tx:
            opened = projection.attempt(tx, attempt)
        assert opened
        yield text, opened.seed, sheet


def on_a_page(app: Flask, client: Client, course: Course) -> tuple[str, str]:
    """An attempt in the browser, and its page."""
    path = client.send(client.form(f"/courses/{course.id}/{course.certificate}", "/test")).headers["Location"]
    return path.rpartition("/")[2], client.get(path).get_data(as_text=True)


def in_a_ticket(app: Flask, client: Client, course: Course) -> tuple[str, str]:
    """An attempt that is taken away, and its questions in Spanish. What else the phone is told names no question and no seed."""
    phone = granted(app, client)
    asked = {"id": uuid7(), "course": course.id, "module": course.certificate, "count": 1}
    answer = phone.ask("tickets", **asked)
    (ticket,) = answer.get_json()["tickets"]
    told = answer.get_data(as_text=True) + phone.ask("state", courses=[course.id]).get_data(as_text=True)
    with site_of(app).database.reading() as tx:
        opened = projection.attempt(tx, ticket["attempt"])
    assert opened
    questions = course.editions["es"].modules[course.certificate].questions()
    assert not any(each.id in told for each in questions)
    assert opened.seed not in told
    assert set(ticket["html"]) == set(course.editions)
    return ticket["attempt"], ticket["html"]["es"]


def is_right(question: ChoiceQuestion, choice: Choice, seed: str) -> bool:
    right = {option.key for option in question.options if option.right}
    wires = {shown.wire: shown.key for shown in AttemptWiring(seed).choices(question)}
    return wires[choice.attributes["value"]] in right


def share_of_items(question: Question, guess: dict[str, str], seed: str) -> float:
    """What a guess `{item's field: value}` is worth."""
    form = {name: [value] for name, value in guess.items()}
    answers = read([question], AttemptWiring(seed), form).answers
    return float(grade(question, answers.get(question.id)))


GUESSES: dict[str, Callable[[list[Choice]], int]] = {
    "first": lambda choices: 0,
    "last": lambda choices: len(choices) - 1,
    "longest": lambda choices: max(range(len(choices)), key=lambda n: len(choices[n].text)),
    "shortest": lambda choices: min(range(len(choices)), key=lambda n: len(choices[n].text)),
    "smallest value": lambda choices: min(range(len(choices)), key=lambda n: choices[n].attributes["value"]),
    "greatest value": lambda choices: max(range(len(choices)), key=lambda n: choices[n].attributes["value"]),
    "most attributes": lambda choices: max(range(len(choices)), key=lambda n: len(choices[n].attributes)),
}


def test_no_reader_of_the_page_does_better_than_chance(app: Flask, real: Real) -> None:
    pool = real.pool
    seen: set[str] = set()
    hits: Counter[str] = Counter()
    expected, variance = 0.0, 0.0
    for text, seed, sheet in sheets(app, real):
        by_name = {AttemptWiring(seed).question(question): question for question in pool}
        for name, choices in sheet.questions.items():
            question = by_name[name]
            assert isinstance(question, ChoiceQuestion)
            chance = sum(is_right(question, choice, seed) for choice in choices) / len(choices)
            expected, variance = expected + chance, variance + chance * (1 - chance)
            for guess, pick in GUESSES.items():
                hits[guess] += is_right(question, choices[pick(choices)], seed)
        written = [field["name"].partition(".")[0] for field in sheet.written]
        seen |= {by_name[name].id for name in (*sheet.questions, *sheet.items, *written)}
        tells_nothing(text, list(sheet.questions.values()), [question.id for question in pool])
    assert seen == {question.id for question in pool}
    for guess in GUESSES:
        if guess not in ("longest", "shortest"):  # texts are the author's: see below
            assert hits[guess] <= expected + 4 * variance**0.5, (guess, hits[guess], expected)


def test_the_order_of_items_tells_nothing(app: Flask, real: Real) -> None:
    pool = real.pool
    shares: dict[str, list[float]] = {"as shown": [], "turned round": []}
    expected = 0.0
    for _text, seed, sheet in sheets(app, real):
        by_name = {AttemptWiring(seed).question(question): question for question in pool}
        for name, items in sheet.items.items():
            expected += sum(1 / len(values) for _, values in items) / len(items)
            for guess, turn in (("as shown", 1), ("turned round", -1)):
                filled = {item: values[::turn][place % len(values)] for place, (item, values) in enumerate(items)}
                shares[guess].append(share_of_items(by_name[name], filled, seed))
    count = len(shares["as shown"])
    assert count > 10
    for guess, found in shares.items():
        assert sum(found) <= expected + 4 * (count * 0.25) ** 0.5, (guess, sum(found), expected)


def test_a_field_to_write_in_says_nothing_of_its_answer(app: Flask, real: Real) -> None:
    pool, met = real.pool, set()
    for text, seed, sheet in sheets(app, real):
        by_name = {AttemptWiring(seed).question(question): question for question in pool}
        for field in sheet.written:
            kind = by_name[field["name"].partition(".")[0]].kind
            met.add(kind)
            assert re.fullmatch(r"w[0-9a-f]{12}(\.w[0-9a-f]{12})?", field["name"])
            assert (field["value"], field["maxlength"], field.get("size", "12")) == ("", "200", "12")
            assert field.keys() - FIELD == ({"inputmode", "class"} if kind == "numeric" else set())
        assert [word for word in words_wanted(pool) if word.lower() in text.lower()] == []
    assert met == {question.kind for question in pool} & {"short", "numeric", "blanks"}


def words_wanted(pool: list[Question]) -> set[str]:
    """Every answer to be written that the author foresaw; figures may stand anywhere."""
    words = {each.text for question in pool if isinstance(question, TextQuestion) for each in question.expected}
    gaps = [gap for question in pool if isinstance(question, BlanksQuestion) for gap in question.gaps]
    words |= {word for gap in gaps for word in gap.accepted}
    return {word for word in words if not word.isdecimal()}


def tells_nothing(text: str, questions: list[list[Choice]], ids: list[str]) -> None:
    assert not any(each in text for each in ids)
    for choices in questions:
        assert len({frozenset(choice.attributes) for choice in choices}) == 1
        assert all(re.fullmatch(r"w[0-9a-f]{12}", choice.attributes["value"]) for choice in choices)
        assert all(set(choice.attributes) == {"type", "name", "value"} for choice in choices)
    for word in ("right", "feedback", "data-key", "points", "pool", "#fn-"):
        assert word not in text


def test_the_longest_or_shortest_option_is_right_no_more_often_than_chance(folder: Path) -> None:
    course, _ = load(folder)
    assert course
    questions = [
        each for each in Real(folder, course, "page").pool if isinstance(each, ChoiceQuestion) and each.kind == "single"
    ]
    expected = sum(1 / len(each.options) for each in questions)
    variance = sum(1 / len(each.options) * (1 - 1 / len(each.options)) for each in questions)
    for pick in (max, min):
        hits = 0.0
        for question in questions:
            best = pick(len(option.html) for option in question.options)
            tied = [option for option in question.options if len(option.html) == best]
            hits += sum(option.right for option in tied) / len(tied)
        assert hits <= expected + 2 * variance**0.5, (pick, hits, expected)


def test_wire_keys_and_order_differ_from_one_attempt_to_the_next(app: Flask, real: Real) -> None:
    names = [set(sheet.questions) | set(sheet.items) for _text, _seed, sheet in sheets(app, real)]
    assert len(set.union(*names)) == sum(len(each) for each in names)
