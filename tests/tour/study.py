"""The walk through a course, as a learner takes it."""

import json
from collections.abc import Iterator

from playwright.sync_api import Page

from lms.content.course import load
from lms.content.model import Edition, Quiz
from lms.ids import uuid7
from lms.services.studying import polls as voting
from lms.storage import polls
from tests.browser import (
    answer_module,
    answer_test,
    answer_wrong,
    certificate,
    finish,
)
from tests.installation import Installation
from tests.tour.steps import COURSE, COURSES, MUESTRARIO, going


def course(page: Page, served: Installation) -> Iterator[str]:
    course, _ = load(COURSES / "trata-de-personas")
    assert course

    go = going(page, served)
    go(COURSE)
    edition = course.edition((page.get_attribute("html", "lang") or "").partition("-")[0])
    yield "course"
    yield from _knowledge(page, served, "before")
    go(f"{COURSE}/m-que-es")
    yield "module"
    yield from _notes(page, served)
    go(f"{COURSE}/m-que-es")
    answer_module(page, edition.modules["m-que-es"])
    go(f"{COURSE}/m-que-es")
    yield "module-answered"
    finish(page)
    yield "module-after-another"
    go(COURSE)
    yield "course-begun"
    go("/me/learning")
    yield "learning"
    yield from _devices(page, served)
    go(f"{COURSE}/m-escenario#e-puesto-n1")
    yield "scenario"
    go(f"{COURSE}/m-escenario#e-puesto-n1-w2")
    yield "scenario-consequence"
    go(f"{COURSE}/m-escenario#e-puesto-fin")
    yield "scenario-ending"
    test = edition.modules["m-prueba-final"]
    go(f"{COURSE}/{test.id}")
    yield "test"
    page.click("form[action$='/test'] button")
    page.wait_for_url("**/attempts/*")
    yield "sheet"
    page.click("button[value=review]")
    page.wait_for_url("**review=1*")
    yield "sheet-review"
    page.click("button[value=send]")
    page.wait_for_selector("h1")
    page.wait_for_url("**/attempts/*")
    yield "result-not-yet"
    for module in [each for each in edition.modules.values() if each.kind == "module"][1:]:
        go(f"{COURSE}/{module.id}")
        answer_module(page, module)
        finish(page)
    go(f"{COURSE}/{test.id}")
    page.click("form[action$='/test'] button")
    answer_test(page, edition, test)
    page.click("button[value=review]")
    page.wait_for_url("**review=1*")
    page.click("button[value=send]")
    page.wait_for_selector(".quiz .result")
    yield "result-passed"
    yield from _knowledge(page, served, "after")
    certificate(page, served.url)
    yield "certificates"
    number = page.locator(".number").first.inner_text()
    go(f"/verify?number={number}")
    yield "verify-genuine"
    go(COURSE)
    yield "course-complete"


_GRANT = """async (name) => {
  const me = await (await fetch("/pocket/me")).json();
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
  const bytes = String.fromCharCode(...new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey)));
  const key = btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const body = JSON.stringify({ csrf: me.csrf, device: crypto.randomUUID(), key, name });
  const headers = { "Content-Type": "application/json" };
  return (await fetch("/pocket/devices", { method: "POST", headers, body })).status;
}"""
"""What the pocket does when a course is first taken along."""


def _devices(page: Page, served: Installation) -> Iterator[str]:
    """Her devices, one of them removed; a file handed in."""
    go = going(page, served)
    for name in ("Chrome, Android", "La computadora del centro comunitario de Ciudad Hidalgo"):
        assert page.evaluate(_GRANT, name) == 200
    go("/me/devices")
    yield "devices"
    page.click("main section a[href^='/me/devices/']")
    page.wait_for_url("**/me/devices/*")
    yield "device-remove"
    page.click("main form[action^='/me/devices/'] button")
    page.wait_for_url("**revoked=1**")
    yield "devices-removed"
    go("/pocket/hand-in")
    yield "hand-in"
    head = {"vereda": "file 1", "learner": uuid7(), "device": uuid7(), "made": "2026-11-26T12:00:00Z"}
    content = "".join(json.dumps(each) + "\n" for each in (head, {"raw": "x"})).encode()
    page.set_input_files(
        "[name=file]", {"name": "avance.ndjson", "mimeType": "application/x-ndjson", "buffer": content}
    )
    page.click("main form button")
    page.wait_for_selector("svg.qr")
    yield "handed-in"


def _knowledge(page: Page, served: Installation, stage: str) -> Iterator[str]:
    """The questions before or after the course: sent empty, answered, and no longer there."""
    page.goto(f"{served.url}{COURSE}/knowledge")
    yield f"knowledge-{stage}"
    page.click("button[value=send]")
    page.wait_for_selector(".error-summary")
    yield f"knowledge-{stage}-error"
    for question in page.locator("fieldset.question").all():
        question.locator("input").first.check()
    page.click("button[value=send]")
    page.wait_for_url("**sent=1")
    yield f"knowledge-{stage}-thanks"
    page.goto(f"{served.url}{COURSE}/knowledge")
    yield f"knowledge-{stage}-none"


def _notes(page: Page, served: Installation) -> Iterator[str]:
    """A bookmark and a note in a module, then on their own pages."""
    page.locator(".keep-mark").first.click()
    page.wait_for_selector(".noting")
    yield "module-marked"
    page.fill(".noting textarea", "Preguntar en el trabajo quién recibe las llamadas.\nVolver a leer esto.")
    page.click(".noting .button")
    page.wait_for_selector(".noting .note")
    page.goto(f"{served.url}/me/notes")
    yield "notes"
    page.locator(".note a").click()
    page.wait_for_selector("#page-text")
    yield "note"
    page.goto(f"{served.url}/me/notes/here?course=trata-de-personas&module=m-que-es&section=")
    yield "notes-here"


def every_block(page: Page, served: Installation) -> Iterator[str]:
    """Every block of the format, in the reader's language: as it is first seen, and answered."""
    course, _ = load(MUESTRARIO)
    assert course
    edition = course.editions[page.locator("html").get_attribute("lang") or "es"]
    here = f"{served.url}/courses/{course.id}"
    for name in edition.modules:
        page.goto(f"{here}/{name}")
        yield f"format-{name}"
    yield from _format_answered(page, served, here, edition)
    page.goto(f"{here}/{course.certificate}")
    page.click("form[action$='/test'] button")
    page.wait_for_url("**/attempts/*")
    yield "format-sheet"
    answer_test(page, edition, edition.modules[course.certificate])
    page.click("button[value=review]")
    page.wait_for_url("**review=1*")
    page.click("button[value=send]")
    page.wait_for_selector(".quiz .result")
    yield "format-result"


def _format_answered(page: Page, served: Installation, here: str, edition: Edition) -> Iterator[str]:
    practice, home = edition.modules["m-preguntas"], edition.modules["m-casa"]
    page.goto(f"{here}/{practice.id}")
    for quiz in [block for block in practice.body if isinstance(block, Quiz)]:
        for question in quiz.questions:
            answer_wrong(page, question)
        page.click(f"#quiz-{quiz.id} button[value=check]")
        page.locator(f"#quiz-{quiz.id} .result").first.wait_for()
    yield "format-answered"
    page.goto(served.url)
    yield "go-on"
    page.goto(f"{here}/review")
    yield "review"
    questions = {question.id: question for question in practice.questions()}
    for name in page.locator("[name=questions]").input_value().split():
        answer_wrong(page, questions[name])
    page.click("form[action*='/review'] .actions button")
    page.wait_for_url("**checked=1*")
    yield "review-told"
    page.goto(f"{here}/{home.id}")
    for summary in page.locator(".recording summary").all():
        summary.click()
    for poll in home.polls():
        page.locator(f"#{poll.id} input[type=radio]").first.check()
        page.click(f"#{poll.id} button")
        page.wait_for_selector(f"#{poll.id} .verdict")
    with served.database().writing() as tx:
        for poll in home.polls():
            for number in range(voting.ENOUGH):
                option = poll.options[number % len(poll.options)].key
                polls.count(tx, course="muestrario", poll=poll.id, option=option, learner=f"other-{number}")
    page.reload()
    yield "format-shares"
