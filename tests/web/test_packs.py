"""Packs: a course as a phone takes it along, whole, for nobody, and without a word of its final test."""

import gzip
import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import brotli
import pytest
from flask import Flask

from lms.config import Settings
from lms.content.course import load
from lms.content.model import Course, Module, Quiz
from lms.content.plain import plain_words
from lms.content.question_model import BlanksQuestion, MatchQuestion, Question, TextQuestion, shown_texts
from lms.content.release import decode, digest, encode
from lms.learning.carried import carried
from lms.learning.keys import answer_key
from lms.services.running.publish import publish
from lms.storage.releases import Release
from lms.web.app import create_app
from lms.web.frame.marks import _RUN as MARK
from lms.web.frame.nobody import for_nobody
from lms.web.learner import packs
from lms.web.learner.patterns import _RUN as HOLE
from tests.web.client import Client
from tests.web.conftest import NOW, ROOT, SAMPLE, site_of

FOLDERS = [*sorted(path.parent for path in ROOT.glob("courses_content/*/course.yml")), ROOT / "docs/muestrario", SAMPLE]
MOST = 200_000
"""Bytes that the text of a course may be in one language, as it travels."""


@pytest.fixture(scope="module", params=FOLDERS, ids=lambda folder: folder.name)
def real(request: pytest.FixtureRequest) -> Release:
    course, _ = load(request.param)
    assert course
    raw = encode(course)
    return Release(digest(raw), decode(raw), answer_key(course))


@pytest.fixture(scope="module")
def one(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One installation for everything that is only looked at."""
    folder = shutil.copytree(template, tmp_path_factory.mktemp("packs") / "instance")
    return create_app(Settings(instance=folder))


def text_of(file: packs.File) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.content.plain)
    return found


def pack_of(app: Flask, release: Release) -> packs.Pack:
    with app.test_request_context("/?lang=xx", headers={"Cookie": "s=somebody"}):
        return packs.pack(release)


def pages(text: dict[str, Any]) -> Iterator[str]:
    yield text["about"]
    yield from (module["html"] for module in text["modules"])


def final_tests(course: Course) -> Iterator[Module]:
    for edition in course.editions.values():
        yield from (module for module in edition.modules.values() if module.kind == "test")


def told(question: Question) -> Iterator[str]:
    """Every text of a question, as it is written and in plain words."""
    values = [*shown_texts(question), question.title, question.explanation]
    for part in (*getattr(question, "options", ()), *getattr(question, "pairs", ()), *getattr(question, "items", ())):
        values.append(part.feedback)
    if isinstance(question, TextQuestion):
        values += [each.feedback for each in question.expected]
    for value in values:
        yield value
        yield plain_words(value)


def without_tests(value: Any) -> Any:
    """A release as plain values, with no question of a final test."""
    if isinstance(value, dict):
        if value.get("is") == "Module" and value["kind"] == "test":
            value = {**value, "body": [block for block in value["body"] if block["is"] != "Quiz"]}
        return {name: without_tests(each) for name, each in value.items()}
    return [without_tests(each) for each in value] if isinstance(value, list) else value


def test_there_is_no_word_of_a_final_test(one: Flask, real: Release) -> None:
    made = pack_of(one, real)
    everything = "\n".join(" ".join(strings(text_of(file))) for file in made.files.values())
    elsewhere = "\n".join(strings(without_tests(json.loads(encode(real.course)))))
    elsewhere = f"{elsewhere}\n{plain_words(elsewhere)}"
    words = set(re.findall(r"[a-z0-9-]+", everything))
    told_of = 0
    for module in final_tests(real.course):
        for question in module.questions():
            assert question.id not in words
            for text in told(question):
                if len(text) > 12:  # a shorter one may stand anywhere
                    assert text not in everything or text in elsewhere, question.id
                    told_of += text not in elsewhere
    assert told_of > 50 or not real.course.certificate
    for file in made.files.values():
        for module in text_of(file)["modules"]:
            if module["kind"] == "test":
                assert (module["questions"], module["quizzes"], module["scenarios"]) == ({}, [], {})
                assert "<form" not in module["html"]
                assert "fieldset" not in module["html"]


def test_a_passage_says_of_a_test_no_more_than_its_title(one: Flask, real: Release) -> None:
    tests = {module.id for module in final_tests(real.course)}
    for file in pack_of(one, real).files.values():
        assert all(each["text"] == "" for each in text_of(file)["passages"] if each["module"] in tests)


def test_media_that_only_a_test_shows_are_not_named(one: Flask, real: Release) -> None:
    made = pack_of(one, real)
    shown = {
        sha256
        for file in made.files.values()
        for sha256 in re.findall(r"/media/([0-9a-f]{64})", file.content.plain.decode())
    }
    assert {each["sha256"] for each in made.manifest["media"]} == shown
    sizes = {each.sha256: each.size for each in real.course.media.values()}
    assert all(each["bytes"] == sizes[each["sha256"]] for each in made.manifest["media"])


def test_nothing_of_anybody_is_in_it(one: Flask, real: Release) -> None:
    for file in pack_of(one, real).files.values():
        text = text_of(file)
        for html in pages(text):
            assert not re.search(r'(?:src|href|action)="(?:https?:)?//(?:localhost|127\.|[^"]*:\d)', html)
            assert not re.search(r'name="(?:csrf|event|release|act=)', html)
            assert "method=" not in html
            assert "action=" not in html
            assert not re.search(r"<[^>]*\s(?:checked|selected|disabled)[\s>]", html)
            assert not re.search(r'\?lang=|lang="xx"', html)
            for word in (MARK, HOLE, "§"):
                assert word not in html


def test_the_same_release_gives_the_same_bytes(one: Flask, real: Release, settings: Any) -> None:
    first = pack_of(one, real)
    packs._made.cache_clear()
    again = pack_of(create_app(settings), real)
    assert first.manifest == again.manifest
    for sha256, file in again.files.items():
        assert hashlib.sha256(file.content.plain).hexdigest() == sha256
        assert (
            brotli.decompress(file.content.by["br"]) == gzip.decompress(file.content.by["gzip"]) == file.content.plain
        )


def test_a_text_is_small(one: Flask, real: Release) -> None:
    for file in pack_of(one, real).files.values():
        assert file.content.travels <= MOST
        assert len(file.content.by["gzip"]) <= MOST


def lessons(course: Course) -> Iterator[Module]:
    for edition in course.editions.values():
        yield from (module for module in edition.modules.values() if module.kind == "module")


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)
    elif isinstance(value, str):
        yield value


def test_every_page_and_question_of_a_lesson_is_there(one: Flask, real: Release) -> None:
    course = real.course
    for file in pack_of(one, real).files.values():
        text = text_of(file)
        edition = course.editions[file.language]
        assert [each["id"] for each in text["modules"]] == list(edition.modules)
        assert text["rules"]["required"] == list(course.required)
        for made, module in zip(text["modules"], edition.modules.values(), strict=True):
            if module.kind == "test":
                continue
            quizzes = [block for block in module.body if isinstance(block, Quiz)]
            assert made["quizzes"] == [{"id": each.id, "questions": [q.id for q in each.questions]} for each in quizzes]
            for question in module.questions():
                assert f'id="question-{question.id}"' in made["html"]
                assert question.prompt in made["html"]
                assert made["questions"][question.id]["kind"] == question.kind
            for block in quizzes:
                assert f'data-quiz="{block.id}"' in made["html"]
            for story in module.scenarios():
                assert set(made["scenarios"][story.id]["endings"]) == {step.id for step in story.steps if step.outcome}
            for poll in module.polls():
                assert f'id="{poll.id}"' in made["html"]
                assert f'href="/courses/{course.id}/{module.id}#{poll.id}"' in made["html"]
                assert f'name="{poll.id}"' not in made["html"]
            assert [each["anchor"] for each in made["sections"]] == re.findall(
                r'<section class="part"[^>]*?(?: aria-labelledby="([^"]*)")?>', made["html"]
            )
            ids = re.findall(r' id="([^"]*)"', made["html"])
            assert len(ids) == len(set(ids))
            for anchor in re.findall(r'href="#([^"]*)"', made["html"]):
                assert anchor in ids or anchor == "page-kept", (module.id, anchor)


def test_parts_stand_in_the_authors_order_under_their_places(one: Flask, real: Release) -> None:
    for file in pack_of(one, real).files.values():
        for made in text_of(file)["modules"]:
            for name, question in made["questions"].items():
                if question["kind"] in ("single", "multiple", "true-false"):
                    wires = re.findall(rf'name="{name}" value="(\d+)"', made["html"])
                    assert wires == [str(place) for place in range(1, len(question["options"]) + 1)]
                parts = question.get("pairs") or question.get("items") or question.get("gaps") or ()
                named = dict.fromkeys(re.findall(rf'name="{name}\.(\d+)"', made["html"]))
                assert list(named) == [str(place) for place in range(1, len(parts) + 1)]


def test_what_marks_an_answer_is_that_of_the_server(real: Release) -> None:
    for question in real.key.practice.values():
        made = carried(question)
        assert made["points"] == question.points
        assert not {"prompt", "vignette", "hints", "pool", "id", "line"} & made.keys()
        if isinstance(question, MatchQuestion):
            assert made["pairs"] == [
                {"key": each.key, "target": each.target, "feedback": each.feedback} for each in question.pairs
            ]
            assert made["targets"] == [{"key": each.key, "html": each.html} for each in question.targets]
        if isinstance(question, TextQuestion):
            assert [each["text"] for each in made["expected"]] == [each.text for each in question.expected]
        if isinstance(question, BlanksQuestion):
            assert [tuple(each["accepted"]) for each in made["gaps"]] == [each.accepted for each in question.gaps]


def test_what_is_written_counts_in_every_language(one: Flask, real: Release) -> None:
    for file in pack_of(one, real).files.values():
        for made in text_of(file)["modules"]:
            for name, question in made["questions"].items():
                whole = real.key.practice[name]
                if isinstance(whole, TextQuestion):
                    right = {each.text for each in whole.expected if each.right}
                    assert {each["text"] for each in question["expected"] if each["right"]} == right
                if isinstance(whole, BlanksQuestion):
                    assert [set(each["accepted"]) for each in question["gaps"]] == [
                        set(each.accepted) for each in whole.gaps
                    ]


def test_the_interface_speaks_the_language_of_the_text(one: Flask, real: Release) -> None:
    for file in pack_of(one, real).files.values():
        said = {"es": "Comprobar mis respuestas", "en": "Check my answers"}
        html = "".join(pages(text_of(file)))
        for language, words in said.items():
            assert (words in html) is (language == file.language and "data-quiz" in html)


# Over HTTP.


def live(app: Flask) -> Release:
    site = site_of(app)
    with site.database.reading() as tx:
        found = site.desk.catalogue.live(tx, "demo-course")
    assert found
    return found


def test_a_text_is_served_by_its_hash_as_the_browser_likes_it(app: Flask, anybody: Client) -> None:
    made = pack_of(app, live(app))
    for sha256, file in made.files.items():
        for asked, encoding in (("br, gzip", "br"), ("gzip", "gzip"), ("identity", None)):
            answer = anybody.get(f"/pocket/files/{sha256}", headers={"Accept-Encoding": asked})
            assert answer.headers.get("Content-Encoding") == encoding
            assert answer.get_data() == (file.content.by[encoding] if encoding else file.content.plain)
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert answer.headers["Vary"] == "Accept-Encoding"
            assert "Set-Cookie" not in answer.headers


def test_a_text_is_found_after_a_restart(app: Flask, settings: Any) -> None:
    made = pack_of(app, live(app))
    packs._made.cache_clear()
    anew = Client(create_app(settings))
    assert all(anew.get(f"/pocket/files/{sha256}").status_code == 200 for sha256 in made.files)


def test_a_text_of_an_earlier_release_is_found_too(app: Flask, anybody: Client, tmp_path: Path) -> None:
    made = pack_of(app, live(app))
    folder = tmp_path / "demo-course"
    for path in SAMPLE.rglob("*"):
        if path.is_file():
            (folder / path.relative_to(SAMPLE)).parent.mkdir(parents=True, exist_ok=True)
            (folder / path.relative_to(SAMPLE)).write_bytes(path.read_bytes())
    course = folder / "course.yml"
    course.write_text(re.sub(r"^version:.*", "version: 9.9.9", course.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    publish(site_of(app).database, folder, position=0, now=NOW)
    assert live(app).digest != made.manifest["release"]
    packs._made.cache_clear()
    assert all(anybody.get(f"/pocket/files/{sha256}").status_code == 200 for sha256 in made.files)


def test_a_text_that_nobody_was_told_of_is_not_found(app: Flask, anybody: Client) -> None:
    for name in ("0" * 64, live(app).digest, "x", "../../etc"):
        assert anybody.get(f"/pocket/files/{name}").status_code == 404


def test_a_hash_that_the_program_makes_no_more_is_not_found(app: Flask, anybody: Client) -> None:
    from lms.storage import packs as stored

    with site_of(app).database.writing() as tx:
        stored.keep(tx, ["0" * 64], live(app).digest)
    assert anybody.get(f"/pocket/files/{'0' * 64}").status_code == 404


def test_rendering_for_nobody_leaves_the_request_as_it_was(app: Flask) -> None:
    from flask import g, request

    from lms.web.frame.locale import gettext, reader

    with app.test_request_context("/somewhere?lang=es", headers={"Accept-Language": "es"}):
        before = reader()
        with for_nobody("en"):
            assert gettext("Courses") == "Courses"
            assert (request.path, dict(request.args)) == ("/", {})
        assert reader() is before is g.reader
        assert request.path == "/somewhere"
        assert gettext("Courses") == "Cursos"
